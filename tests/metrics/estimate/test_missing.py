"""What a share could be, and how many people would make it surer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from osallisuus.errors import DefinitionError, EngineError
from osallisuus.metrics.estimate.missing import bounds_under_missing, tipping_point
from osallisuus.metrics.estimate.proportion import people_needed, wilson

COUNTS = st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def test_the_unknown_may_all_be_no_or_all_be_yes() -> None:
    """28 of 41 known, 14 unknown: between 28 and 42 of 55."""
    assert bounds_under_missing(28, 41, 14) == (28 / 55, 42 / 55)
    assert bounds_under_missing(3, 4, 0) == (0.75, 0.75)
    assert bounds_under_missing(0, 0, 2) == (0, 1)
    assert bounds_under_missing(0, 0, 0) is None


def test_the_gap_closes_only_if_nine_of_fourteen_are_a_yes() -> None:
    """20 of 36 known; 0.58 of all 50 needs 29."""
    assert tipping_point(20, 36, 14, 0.58) == 9
    assert tipping_point(20, 36, 14, 0.4) == 0
    assert tipping_point(20, 36, 14, 0.68) == 14
    assert tipping_point(20, 36, 14, 0.681) is None
    assert tipping_point(0, 0, 0, 0.0) is None


@pytest.mark.parametrize("counts", [(3, 2, 1), (-1, 2, 1), (1, 2, -1)])
def test_impossible_counts_are_refused(counts: tuple[int, int, int]) -> None:
    """Counted by different rules."""
    with pytest.raises(EngineError, match="0 <= k <= n"):
        bounds_under_missing(*counts)
    with pytest.raises(EngineError, match="0 <= k <= n"):
        tipping_point(*counts, 0.5)


def test_halving_the_interval_of_seven_of_fourteen_needs_68_people() -> None:
    """±23 points become ±11.6; four times as many would not quite do for half a share."""
    assert people_needed(7, 14) == 68
    assert people_needed(0, 0) is None


@given(COUNTS, st.sampled_from([0.25, 0.5, 0.9]), st.sampled_from([0.9, 0.95]))
def test_so_many_people_are_enough_and_one_fewer_are_not(
    counts: tuple[int, int], part: float, confidence: float
) -> None:
    """Wilson's width at the same share, computed for a share that need not be whole people."""
    k, n = counts
    found = people_needed(k, n, confidence, part)
    interval = wilson(k, n, confidence)
    assert found is not None
    assert interval is not None
    wanted = part * (interval.high - interval.low)
    z = {0.9: 1.6448536269514722, 0.95: 1.959963984540054}[confidence]

    def width(people: int) -> float:
        spread = k * (n - k) / n**2 * people + z * z / 4
        return 2 * z * spread**0.5 / (people + z * z)

    assert width(found) <= wanted * (1 + 1e-9)
    assert width(found - 1) > wanted * (1 - 1e-9)


def test_the_same_width_needs_the_same_people() -> None:
    """A part of 1 asks for nothing new; other parts are refused."""
    assert people_needed(7, 14, part=1) == 14
    for part in (0, 1.5):
        with pytest.raises(DefinitionError, match="between 0 and 1"):
            people_needed(7, 14, part=part)
