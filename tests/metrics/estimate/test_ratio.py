"""Ratios and means over clusters."""

from __future__ import annotations

from fractions import Fraction
from math import exp, sqrt

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from osallisuus.metrics.estimate.jackknife import jackknife
from osallisuus.metrics.estimate.mean import Sums, mean, mean_difference, welch_df
from osallisuus.metrics.estimate.ratio import Moments, ratio
from osallisuus.metrics.estimate.special import t_quantile

PERSONS = st.lists(
    st.integers(1, 40).flatmap(lambda x: st.tuples(st.just(x), st.integers(0, x))),
    min_size=2,
    max_size=30,
)
NUMBERS = st.lists(st.integers(-(10**6), 10**6), min_size=2, max_size=40)


def _moments(persons: list[tuple[int, int]]) -> Moments:
    return sum((Moments.single(x, y) for x, y in persons), Moments())


def test_attendance_of_three_persons_by_hand() -> None:
    """Offered 8, 10, 6, attended 8, 4, 3: r = 15/24; Σ(y - r x)² = 14.0625; t of 2 df."""
    estimate = ratio(_moments([(8, 8), (10, 4), (6, 3)]), share=False)
    assert estimate is not None
    assert estimate.value == 0.625
    squares = (8 - 5) ** 2 + (4 - 6.25) ** 2 + (3 - 3.75) ** 2
    std_err = sqrt(3 / 2 * squares) / 24
    assert estimate.std_err == pytest.approx(std_err, rel=1e-12)
    assert estimate.low == pytest.approx(0.625 - 4.302652729911 * std_err, rel=1e-9)
    assert estimate.notes == ("few_clusters",)


def test_a_share_whose_interval_leaves_0_to_1_is_made_on_the_logit_scale() -> None:
    """The same three persons: t of two degrees of freedom reaches beyond 1."""
    estimate = ratio(_moments([(8, 8), (10, 4), (6, 3)]))
    assert estimate is not None
    assert estimate.method == "logit t"
    assert estimate.low is not None
    assert estimate.high is not None
    assert 0 < estimate.low < 0.625 < estimate.high < 1


def test_everybody_present_everywhere_is_no_certainty() -> None:
    """Pitfall 8: ten persons who never missed have the exact lower bound of ten of ten."""
    estimate = ratio(_moments([(8, 8)] * 10))
    assert estimate is not None
    assert (estimate.value, estimate.high) == (1.0, 1.0)
    assert estimate.low == pytest.approx(0.025**0.1)
    assert estimate.notes == ("no_variation",)
    few = ratio(_moments([(8, 0)] * 7))
    assert few is not None
    assert (few.low, few.high) == (0, pytest.approx(1 - 0.025 ** (1 / 7)))
    assert few.notes == ("few_clusters", "no_variation")


def test_one_cluster_has_a_value_and_no_interval() -> None:
    """Sessions of one person, or of one group, do not show how much persons differ."""
    for estimate in (ratio(Moments.single(8, 6)), mean(Sums(1, 6, 36)), jackknife(0.75, [0.7])):
        assert estimate is not None
        assert (estimate.low, estimate.high, estimate.notes) == (None, None, ("one_cluster",))


def test_nothing_offered_is_undefined() -> None:
    """Rule z: no sessions, no share; no numbers, no mean."""
    assert ratio(Moments()) is None
    assert mean(Sums()) is None
    assert mean_difference(Sums(), Sums(1, 1, 1)) is None


def test_a_ratio_without_upper_end_has_an_interval_above_0() -> None:
    """Cost per completer: clusters that differ widely, on the log scale where t goes under 0."""
    estimate = ratio(_moments([(10, 0), (10, 1), (10, 30)]), share=False, positive=True)
    assert estimate is not None
    assert estimate.method == "log t"
    assert estimate.std_err is not None
    reach = 4.302652729911 * estimate.std_err
    assert estimate.low == pytest.approx(estimate.value * exp(-reach / estimate.value))
    assert estimate.high == pytest.approx(estimate.value * exp(reach / estimate.value))


def test_two_samples_without_any_variation_have_no_interval() -> None:
    """3 against 2 in all pairs of numbers: a difference, and no width to claim."""
    estimate = mean_difference(Sums.of([3, 3, 3]), Sums.of([2, 2]))
    assert estimate is not None
    assert (estimate.value, estimate.low) == (1, None)
    assert estimate.notes == ("few_clusters", "no_variation")
    assert welch_df(Sums.of([3, 3]), Sums.of([2, 2])) is None
    assert welch_df(Sums.of([3]), Sums.of([2, 1])) is None


def test_a_sample_of_one_leaves_the_difference_without_interval() -> None:
    """One person does not show how much persons differ."""
    estimate = mean_difference(Sums.of([3, 4, 9]), Sums.of([2]))
    assert estimate is not None
    assert (estimate.value, estimate.high, estimate.notes) == (
        pytest.approx(10 / 3),
        None,
        ("one_cluster",),
    )


@given(NUMBERS, NUMBERS)
def test_sums_of_parts_are_those_of_all(some: list[int], others: list[int]) -> None:
    """The merge law of A.3."""
    assert Sums.of(some) + Sums.of(others) == Sums.of(some + others)


@given(PERSONS)
def test_the_ratio_from_sums_equals_the_ratio_from_persons(
    persons: list[tuple[int, int]],
) -> None:
    """Value and standard error equal the definition, computed person by person in fractions."""
    estimate = ratio(_moments(persons), share=False)
    assert estimate is not None
    n, offered = len(persons), sum(x for x, _ in persons)
    r = Fraction(sum(y for _, y in persons), offered)
    squares = sum(((y - r * x) ** 2 for x, y in persons), Fraction(0))
    assert estimate.value == pytest.approx(float(r), rel=1e-12)
    expected = sqrt(squares * n / (n - 1)) / offered
    assert estimate.std_err == pytest.approx(expected, rel=1e-9, abs=1e-15)


@given(PERSONS)
def test_a_share_and_its_bounds_lie_between_0_and_1(persons: list[tuple[int, int]]) -> None:
    """Whatever the persons did, and the bounds hold the value."""
    estimate = ratio(_moments(persons))
    assert estimate is not None
    assert 0 <= estimate.value <= 1
    if estimate.low is not None:
        assert estimate.high is not None
        assert 0 <= estimate.low <= estimate.value <= estimate.high <= 1


@given(PERSONS, st.integers(0, 30))
def test_tables_of_parts_add_up_to_the_table_of_all(
    persons: list[tuple[int, int]], cut: int
) -> None:
    """The merge law of A.3, for persons split in any place."""
    assert _moments(persons[:cut]) + _moments(persons[cut:]) == _moments(persons)


@given(NUMBERS)
def test_the_mean_from_sums_equals_the_mean_from_numbers(numbers: list[int]) -> None:
    """Also far from 0, where sums of squares in floating point would lose the variance."""
    far = [10**9 + x for x in numbers]
    assume(len(set(far)) > 1)
    estimate = mean(Sums.of(far))
    middle = Fraction(sum(far), len(far))
    variance = sum(((x - middle) ** 2 for x in far), Fraction(0)) / (len(far) - 1)
    assert estimate is not None
    assert estimate.std_err == pytest.approx(sqrt(variance / len(far)), rel=1e-12)
    assert estimate.high is not None
    reach = t_quantile(0.975, len(far) - 1) * sqrt(variance / len(far))
    assert estimate.high - estimate.value == pytest.approx(reach, rel=1e-6)


@given(NUMBERS)
def test_the_jackknife_of_a_mean_is_its_usual_standard_error(numbers: list[int]) -> None:
    """Leaving out one number at a time gives s / √n exactly."""
    estimate = mean(Sums.of(numbers))
    assert estimate is not None
    total, n = sum(numbers), len(numbers)
    again = jackknife(estimate.value, [(total - x) / (n - 1) for x in numbers])
    assert again.std_err == pytest.approx(estimate.std_err, rel=1e-6, abs=1e-6)


def test_nothing_is_what_nothing_adds_up_to() -> None:
    """A table of nobody changes no other one."""
    assert Sums() == Sums.of([])
    assert Sums() + Sums.of([3, 4]) == Sums.of([3, 4])
    assert Moments() + Moments.single(3, 4) == Moments.single(3, 4)
