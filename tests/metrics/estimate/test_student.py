"""From a number and its error to an interval."""

from __future__ import annotations

from math import exp, log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from osallisuus.metrics.estimate.special import t_quantile
from osallisuus.metrics.estimate.student import student

T9 = 2.2621571627409915
"""The 0.975 quantile of t with 9 degrees of freedom."""


def test_ten_clusters_have_nine_degrees_of_freedom() -> None:
    """5 ± 2.262 times 1.5, and nothing to warn of."""
    estimate = student(5, 1.5, 10)
    assert (estimate.low, estimate.high) == pytest.approx((5 - 1.5 * T9, 5 + 1.5 * T9))
    assert (estimate.value, estimate.std_err, estimate.method, estimate.notes) == (5, 1.5, "t", ())


def test_given_degrees_of_freedom_and_confidence_are_used() -> None:
    """90 % with 2 degrees of freedom: 2.92 errors on each side."""
    estimate = student(0, 1, 30, 0.9, df=2, method="Welch t")
    assert estimate.high == pytest.approx(2.919985580355516)
    assert estimate.method == "Welch t"


def test_seven_clusters_are_few_and_eight_are_not() -> None:
    """Rule g: the warning stands under eight clusters."""
    assert student(1, 1, 7).notes == ("few_clusters",)
    assert student(1, 1, 8).notes == ()
    assert student(1, 0, 7).notes == ("few_clusters", "no_variation")


def test_no_error_is_no_interval() -> None:
    """An interval of no width would claim certainty."""
    estimate = student(3, 0, 20)
    assert (estimate.std_err, estimate.low, estimate.high) == (0, None, None)
    assert estimate.notes == ("no_variation",)


@pytest.mark.parametrize("value", [0.02, 0.98])
def test_a_share_near_its_end_is_taken_on_the_logit_scale(value: float) -> None:
    """logit p ± t se / (p (1 - p)), carried back."""
    estimate = student(value, 0.02, 10, span="share")
    middle, half = log(value / (1 - value)), T9 * 0.02 / (value * (1 - value))
    assert estimate.method == "logit t"
    assert estimate.low == pytest.approx(1 / (1 + exp(-(middle - half))))
    assert estimate.high == pytest.approx(1 / (1 + exp(-(middle + half))))


def test_a_share_in_the_middle_keeps_the_plain_interval() -> None:
    """R's svyratio and ours agree wherever the plain interval is possible."""
    assert student(0.5, 0.1, 10, span="share") == student(0.5, 0.1, 10)


def test_a_positive_number_near_0_is_taken_on_the_log_scale() -> None:
    """Value times and through exp(t se / value)."""
    estimate = student(2, 1, 10, span="positive")
    assert estimate.method == "log t"
    assert estimate.low == pytest.approx(2 / exp(T9 / 2))
    assert estimate.high == pytest.approx(2 * exp(T9 / 2))
    assert student(20, 1, 10, span="positive") == student(20, 1, 10)


def test_a_value_at_the_border_has_an_interval_that_ends_there() -> None:
    """Neither 0 nor 1 has a logarithm or logit."""
    none = student(0.0, 0.1, 10, span="share")
    everyone = student(1.0, 0.1, 10, span="share")
    nothing = student(0.0, 0.1, 10, span="positive")
    assert (none.low, none.high) == (0, pytest.approx(0.1 * T9))
    assert (everyone.low, everyone.high) == (pytest.approx(1 - 0.1 * T9), 1)
    assert (nothing.low, nothing.high) == (0, pytest.approx(0.1 * T9))


@given(
    st.floats(0, 1),
    st.floats(1e-9, 1e3),
    st.integers(2, 60),
    st.sampled_from(["any", "positive", "share"]),
)
def test_an_interval_holds_its_value_and_keeps_to_its_span(
    value: float, std_err: float, clusters: int, span: str
) -> None:
    """However large the error: no overflow, nothing outside."""
    estimate = student(value, std_err, clusters, span=span)
    assert estimate.low <= value <= estimate.high
    if span != "any":
        assert estimate.low >= 0
    if span == "share":
        assert estimate.high <= 1


def test_an_interval_that_just_reaches_its_border_stays_as_it_is() -> None:
    """Only one that leaves its span is made on another scale."""
    reach = t_quantile(0.975, 9) * 0.1
    for span in ("share", "positive"):
        found = student(reach, 0.1, 10, span=span)
        assert (found.low, found.method) == (0, "t")


def test_a_small_positive_number_has_a_logarithm_too() -> None:
    """Half a euro, with an error of nearly as much."""
    assert student(0.5, 0.4, 10, span="positive").method == "log t"
