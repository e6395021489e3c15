"""Shares: the published figures of the programmes and what every interval must keep."""

from __future__ import annotations

from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from osallisuus.errors import DefinitionError, EngineError
from osallisuus.metrics.estimate.proportion import (
    clopper_pearson,
    matched_difference,
    newcombe,
    wilson,
)
from osallisuus.metrics.estimate.rate import garwood
from osallisuus.metrics.estimate.special import (
    incomplete_beta,
    incomplete_gamma,
    logistic,
    tail,
)

COUNTS = st.integers(1, 2000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))

PUBLISHED = [
    # k, n, Wilson, Clopper-Pearson: vectors T1 to T6 of the domain study, to four digits
    (28, 41, (0.5302, 0.8044), (0.5191, 0.8192)),
    (13, 41, (0.1956, 0.4698), (0.1808, 0.4809)),
    (29, 38, (0.6079, 0.8701), (0.5976, 0.8856)),
    (9, 38, (0.1299, 0.3921), (0.1144, 0.4024)),
    (57, 79, (0.6142, 0.8083), (0.6093, 0.8165)),
    (0, 41, (0.0, 0.0857), (0.0, 0.0860)),
    (41, 41, (0.9143, 1.0), (0.9140, 1.0)),
    (1, 3, (0.0615, 0.7923), (0.0084, 0.9057)),
    (3, 3, (0.4385, 1.0), (0.2924, 1.0)),
]


@pytest.mark.parametrize(("k", "n", "score", "exact"), PUBLISHED)
def test_the_published_shares_have_their_known_intervals(
    k: int, n: int, score: tuple[float, float], exact: tuple[float, float]
) -> None:
    """Completers of the two programmes that publish counts, and the edge cases beside them."""
    assert wilson(k, n) == pytest.approx(score, abs=5e-5)
    assert clopper_pearson(k, n) == pytest.approx(exact, abs=5e-5)


def test_the_difference_of_the_two_published_shares_has_its_known_interval() -> None:
    """Vector T7 of the domain study."""
    assert newcombe(28, 41, 29, 38) == pytest.approx((-0.2667, 0.1168), abs=5e-5)


def test_nobody_in_the_denominator_means_no_interval() -> None:
    """Rule z: 0 of 0 is undefined, neither 0 nor an exception."""
    assert wilson(0, 0) is None
    assert clopper_pearson(0, 0) is None
    assert newcombe(0, 0, 1, 2) is None
    assert garwood(0, 0) is None


def test_a_numerator_outside_its_denominator_is_refused() -> None:
    """Pitfall 1: numerator and denominator drawn from different cases."""
    with pytest.raises(EngineError, match="0 <= k <= n"):
        wilson(3, 2)
    with pytest.raises(EngineError, match="0 <= k <= n"):
        clopper_pearson(-1, 2)
    with pytest.raises(EngineError, match="0 or more"):
        garwood(-1, 2)


def test_a_confidence_that_is_no_probability_is_refused() -> None:
    """95 is not 0.95."""
    for level in (0, 1, 95):
        with pytest.raises(DefinitionError, match=r"between 0 and 0\.999999999"):
            wilson(1, 2, level)


def test_outside_of_their_range_the_distribution_functions_are_0_and_1() -> None:
    """Nothing of a beta variable lies below 0 or above 1, of a gamma variable below 0."""
    assert [incomplete_beta(2, 3, x) for x in (-1, 0, 1, 2)] == [0, 0, 1, 1]
    assert [incomplete_gamma(2, x) for x in (-1, 0)] == [0, 0]
    assert logistic(-1000) == 0
    assert logistic(1000) == 1


@given(COUNTS, st.sampled_from([0.5, 0.9, 0.95, 0.99, 0.999]))
def test_an_interval_holds_its_share_and_stays_between_0_and_1(
    counts: tuple[int, int], confidence: float
) -> None:
    """Both intervals; an end is exact, and never both ends meet."""
    k, n = counts
    for interval in (wilson(k, n, confidence), clopper_pearson(k, n, confidence)):
        assert interval is not None
        assert 0 <= interval.low <= k / n <= interval.high <= 1
        assert interval.low < interval.high
        assert (interval.low == 0) == (k == 0)
        assert (interval.high == 1) == (k == n)


@given(COUNTS)
def test_the_interval_of_the_others_is_the_mirror_image(counts: tuple[int, int]) -> None:
    """Not completing says the same as completing, seen from the other side."""
    k, n = counts
    ours, theirs = wilson(k, n), wilson(n - k, n)
    assert ours is not None
    assert theirs is not None
    assert ours == pytest.approx((1 - theirs.high, 1 - theirs.low), abs=1e-12)


@given(st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(1, n), st.just(n))))
def test_the_exact_bound_leaves_exactly_one_tail_outside(counts: tuple[int, int]) -> None:
    """P(X >= k) under the lower bound is 0.025, summed term by term."""
    k, n = counts
    interval = clopper_pearson(k, n)
    assert interval is not None
    p = interval.low
    beyond = sum(comb(n, i) * p**i * (1 - p) ** (n - i) for i in range(k, n + 1))
    assert beyond == pytest.approx(tail(0.95), rel=1e-9)


def test_a_difference_of_the_same_people_names_its_method() -> None:
    """The method stands beside every interval; it is Agresti's and Min's here."""
    assert matched_difference(12, 5, 40).method == "Agresti-Min"
