"""How much groups differ beyond chance, and many comparisons at once."""

from __future__ import annotations

from math import exp, log, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from osallisuus.errors import EngineError
from osallisuus.metrics.estimate.mean import Sums
from osallisuus.metrics.estimate.several import holm, two_sided
from osallisuus.metrics.estimate.special import gamma_quantile, t_tail
from osallisuus.metrics.estimate.spread import spread, spread_of_means, spread_of_shares

P = st.floats(0, 1)


def test_three_groups_of_equal_error_by_hand() -> None:
    """Estimates 0, 2, 4 with error 1: Q = 8, τ² = 8 - 2 over 3 - 1 = 3, mean 2."""
    found = spread([(0, 1), (2, 1), (4, 1)])
    assert found is not None
    assert (found.groups, found.mean, found.heterogeneity) == (3, 2, 8)
    assert found.sd == pytest.approx(sqrt(3))
    # weights 1/4: Σw (y - 2)² / 2 = 1, so Knapp and Hartung change nothing: se² = 4/3
    error = sqrt(4 / 3)
    assert found.mean_interval.high == pytest.approx(2 + 4.302652729911 * error)
    assert found.mean_interval.low == pytest.approx(2 - 4.302652729911 * error)


def test_groups_of_different_error_by_hand() -> None:
    """Weights 1, 4, 4: mean 28/9, Q = 1 · 3.1111² + ... , scale 9 - 33/9."""
    found = spread([(0, 1), (2, 0.5), (5, 0.5)])
    assert found is not None
    q = (28 / 9) ** 2 + 4 * (10 / 9) ** 2 + 4 * (17 / 9) ** 2
    assert found.heterogeneity == pytest.approx(q)
    variance = (q - 2) / (9 - 33 / 9)
    assert found.sd == pytest.approx(sqrt(variance))
    w = [1 / (1 + variance), *[1 / (0.25 + variance)] * 2]
    mean = (2 * w[1] + 5 * w[2]) / sum(w)
    assert found.mean == pytest.approx(mean)
    squares = w[0] * mean**2 + w[1] * (2 - mean) ** 2 + w[2] * (5 - mean) ** 2
    error = sqrt(max(1, squares / 2) / sum(w))
    assert found.mean_interval.high - mean == pytest.approx(4.302652729911 * error)


@pytest.mark.parametrize("estimates", [[1.5, 2.5, 3.0, 5.0], [2.5, 3.5] * 6, [1.0, 5.0] * 8])
def test_another_group_is_predicted_over_all_likely_spreads(estimates: list[float]) -> None:
    """With equal errors 1 the squares Q / (1 + τ²) are χ² of groups - 1 degrees of freedom.

    So τ² = Q / c - 1 for the quantiles c of that χ², or 0; each gives a distribution about 3 with
    τ² and the error of the mean, Student's t so that it is nowhere narrower than that of the mean.
    """
    found, n = spread([(y, 1) for y in estimates]), len(estimates)
    q = sum((y - 3) ** 2 for y in estimates)
    assert found is not None
    assert found.heterogeneity == pytest.approx(q)
    chi2 = [2 * gamma_quantile(1 - (i + 0.5) / 25, (n - 1) / 2) for i in range(25)]
    tau2 = [max(0.0, q / c - 1) for c in chi2]
    scales = [sqrt(t + max(1, q / (1 + t) / (n - 1)) * (1 + t) / n) for t in tau2]
    for bound, outside in zip(found.prediction, (0.025, 0.975), strict=True):
        below = [t_tail((3 - bound) / scale, n - 1) for scale in scales]
        assert sum(below) / 25 == pytest.approx(outside, rel=1e-6)
    assert found.mean_interval.low > found.prediction.low


def test_the_spread_does_not_depend_on_the_unit() -> None:
    """Minutes or hours: everything is 60 times as large, and as far from 0 as it was."""
    groups = [(1.5, 0.5), (2.5, 0.3), (3.0, 1), (5.0, 0.7)]
    hours, minutes = spread(groups), spread([(60 * y, 60 * error) for y, error in groups])
    assert hours is not None
    assert minutes is not None
    assert minutes.sd == pytest.approx(60 * hours.sd)
    assert minutes.heterogeneity == pytest.approx(hours.heterogeneity)
    for one, other in zip(
        (*minutes.mean_interval, *minutes.prediction),
        (*hours.mean_interval, *hours.prediction),
        strict=True,
    ):
        assert one == pytest.approx(60 * other)


def test_groups_that_chance_explains_have_no_spread() -> None:
    """τ is 0, and the mean's interval is not made narrower by luck."""
    found = spread([(1.0, 1), (1.1, 1), (0.9, 1)])
    assert found is not None
    assert found.sd == 0
    assert found.mean_interval.high - 1 == pytest.approx(4.302652729911 / sqrt(3))


def test_fewer_than_three_groups_have_no_spread() -> None:
    """Two groups do not show where a third would be."""
    assert spread([(0, 1), (2, 1)]) is None
    assert spread_of_shares([(1, 5), (3, 5), (0, 0)]) is None


def test_a_group_without_error_is_refused() -> None:
    """It would weigh infinitely much."""
    with pytest.raises(EngineError, match="above 0"):
        spread([(0, 1), (2, 0), (4, 1)])


def test_shares_are_spread_on_the_logit_scale() -> None:
    """Half a case added on both sides, errors at the share of all; told as shares."""
    groups = [(8, 10), (3, 10), (0, 12), (6, 6)]
    p = 17.5 / 39
    logits = [
        (log((k + 0.5) / (n - k + 0.5)), sqrt(1 / ((n + 1) * p * (1 - p)))) for k, n in groups
    ]
    plain, found = spread(logits), spread_of_shares([*groups, (0, 0)])
    assert plain is not None
    assert found is not None
    assert found.groups == 4
    assert found.sd == pytest.approx(plain.sd)
    assert found.sd > 1
    for share, logit in (
        (found.mean, plain.mean),
        *zip(found.mean_interval, plain.mean_interval, strict=True),
        *zip(found.prediction, plain.prediction, strict=True),
    ):
        assert share == pytest.approx(1 / (1 + exp(-logit)))
    with pytest.raises(EngineError, match="0 <= k <= n"):
        spread_of_shares([(3, 2)])


def test_means_are_spread_in_their_own_unit() -> None:
    """A group of one, or one without variation, is left out."""
    groups = [[1, 3], [4, 6], [9, 11], [5], [7, 7]]
    found = spread_of_means(map(Sums.of, groups))
    assert found == spread([(2, 1), (5, 1), (10, 1)])


def test_holm_by_hand() -> None:
    """0.01 · 4, 0.02 · 3, 0.03 · 2 raised to the one before, 0.9."""
    assert holm([0.03, 0.01, 0.9, 0.02]) == pytest.approx((0.06, 0.04, 0.9, 0.06))
    assert holm([0.6, 0.7]) == (1, 1)
    assert holm([]) == ()
    for wrong in (-0.1, 1.1):
        with pytest.raises(EngineError, match="between 0 and 1"):
            holm([wrong])


@given(st.lists(P, min_size=1, max_size=8))
def test_holm_lies_between_one_comparison_and_all_of_them(values: list[float]) -> None:
    """At least p, at most m p, and in the same order."""
    found = holm(values)
    for one, p in zip(found, values, strict=True):
        assert p <= one <= min(1, p * len(values)) + 1e-12
    ranked = sorted(range(len(values)), key=values.__getitem__)
    assert [found[i] for i in ranked] == sorted(found)


def test_the_probability_of_a_difference_by_normal_and_t() -> None:
    """1.96 errors leave 5 %, with 9 degrees of freedom 2.262 do; no error says nothing."""
    assert two_sided(-1.959963984540054, 1) == pytest.approx(0.05)
    assert two_sided(2 * 2.2621571627409915, 2, 9) == pytest.approx(0.05)
    assert two_sided(20, 1) == pytest.approx(5.507248237212e-89)
    assert two_sided(1, 0) is None


def test_what_is_certain_by_chance_stays_so_beside_others() -> None:
    """Both ends are probabilities: 0 stays 0, and 1 stays 1."""
    assert holm([1.0, 0.0]) == (1.0, 0.0)
    assert holm([0.1]) == (0.1,)
