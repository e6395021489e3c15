"""Quantiles of numbers that are all known."""

from __future__ import annotations

from math import comb
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from osallisuus.errors import DefinitionError, EngineError
from osallisuus.metrics.estimate.order import sample_quantile

HISTOGRAM = st.lists(st.tuples(st.integers(-20, 20), st.integers(0, 6)), max_size=15)


def _ones(n: int) -> list[tuple[int, int]]:
    return [(value, 1) for value in range(1, n + 1)]


def test_the_median_of_twenty_has_its_known_ranks() -> None:
    """Sign test table: with n = 20 the 6th and 15th values, P = 0.9586."""
    found = sample_quantile(_ones(20))
    assert found is not None
    assert (found.value, found.low, found.high, found.notes) == (10.5, 6, 15, ())


def test_few_numbers_leave_the_ends_open() -> None:
    """Five values: 2 · 0.5⁵ = 0.0625 is too much outside; with six the extremes will do."""
    five, six = sample_quantile(_ones(5)), sample_quantile(_ones(6))
    assert five is not None
    assert six is not None
    assert (five.low, five.high, five.notes) == (None, None, ("open_low", "open_high"))
    assert (six.low, six.high, six.notes) == (1, 6, ())


def test_a_high_quantile_is_open_above_only() -> None:
    """The 0.9 quantile of 20: no value is surely above it."""
    found = sample_quantile(_ones(20), 0.9)
    assert found is not None
    assert (found.value, found.low, found.high, found.notes) == (18.5, 15, None, ("open_high",))


def test_a_single_value_is_its_own_quantile() -> None:
    """Without an interval."""
    found = sample_quantile([(7, 1)], 0.25)
    assert found is not None
    assert (found.value, found.low, found.high) == (7, None, None)


def test_no_case_has_no_quantile() -> None:
    """Rule z; values that nobody has are no values."""
    assert sample_quantile([]) is None
    assert sample_quantile([(3, 0)]) is None


def test_impossible_tables_and_parts_are_refused() -> None:
    """50 is not 0.5, and a count is not negative."""
    for q in (0, 1, 50):
        with pytest.raises(DefinitionError, match="between 0 and 1"):
            sample_quantile([(1, 1)], q)
    with pytest.raises(EngineError, match="negative"):
        sample_quantile([(1, -1)])


@given(HISTOGRAM, st.sampled_from([0.5, 0.9, 0.95]))
def test_the_median_and_its_ranks_equal_their_definition(
    rows: list[tuple[int, int]], confidence: float
) -> None:
    """Every rank is tried with sums of binomial terms; the rows come in any order."""
    numbers = sorted(value for value, n in rows for _ in range(n))
    found = sample_quantile(rows, 0.5, confidence)
    if not numbers:
        assert found is None
        return
    n, outside = len(numbers), (1 - confidence) / 2
    assert found is not None
    assert found.value == median(numbers)

    def below(rank: int) -> float:
        return sum(comb(n, i) for i in range(rank)) / 2**n

    low = max((j for j in range(1, n + 1) if below(j) <= outside), default=None)
    high = min((k for k in range(1, n + 1) if 1 - below(k) <= outside), default=None)
    assert found.low == (None if low is None else numbers[low - 1])
    assert found.high == (None if high is None else numbers[high - 1])
    assert ("open_low" in found.notes) == (low is None)
    assert ("open_high" in found.notes) == (high is None)


def test_a_quarter_of_five_lies_at_a_value_and_not_beside_it() -> None:
    """A quarter of five cases is more than one: the second value; three quarters are the fourth."""
    five = [(value, 1) for value in (10, 20, 30, 40, 50)]
    assert [sample_quantile(five, q).value for q in (0.25, 0.5, 0.75)] == [20, 30, 40]
    assert sample_quantile([(7, 1)], 1 - 1e-12).value == 7


def test_a_chance_of_exactly_one_tail_is_small_enough() -> None:
    """Both of two cases lie on one side of the median with a chance of 1/4, which 50 % allows."""
    found = sample_quantile([(3, 1), (8, 1)], 0.5, 0.5)
    assert (found.low, found.high, found.notes) == (3, 8, ())
    wide = sample_quantile([(3, 1), (8, 1)], 0.5, 0.51)
    assert (wide.low, wide.high, wide.notes) == (None, None, ("open_low", "open_high"))
