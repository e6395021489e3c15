"""Sums that one or two persons make up are found."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from osallisuus.disclosure.dominance import dominated


@pytest.mark.parametrize(
    ("total", "largest", "second", "contributors", "expected"),
    [
        (100, 12, 11, 9, False),
        (100, 12, 11, 4, True),  # too few contributors
        (100, 12, 11, 5, False),  # just enough
        (100, 70, 21, 9, True),  # two have 91 %
        (100, 70, 20, 9, False),  # exactly 90 %
        (100, 85, 5, 9, False),  # the others have 10, more than 8.5
        (1000, 500, 451, 9, True),  # the others have 49, less than 50
        (1000, 900, 0, 9, False),  # the others have 100, more than 90
        (0, 0, 0, 9, False),  # a sum of zeros is a matter of zeros
        (float("nan"), 1, 1, 9, True),
        (10, 8, 9, 9, True),  # the second is larger than the largest
        (10, 8, -1, 9, True),
        (10, 8, 3, 9, True),  # more than the total
        (10, 11, 0, 9, True),
        (10, float("nan"), 1, 9, True),
        (10, 1, float("nan"), 9, True),
    ],
)
def test_dominance_follows_the_two_rules_and_doubt_is_dominance(
    total: float, largest: float, second: float, contributors: int, expected: bool
) -> None:
    """(2, 90 %) and 10 % of the largest, at their borders; impossible numbers count as doubt."""
    assert dominated(total, largest, second, contributors, 5) is expected


@given(
    st.lists(st.integers(0, 1000), min_size=5, max_size=12),
    st.integers(0, 40),
)
def test_who_is_second_cannot_work_out_the_first_within_ten_percent(
    amounts: list[int], factor: int
) -> None:
    """The p % rule holds wherever the other one does: the others leave at least that much open."""
    first, second, *others = sorted([amounts[0] * factor, *amounts[1:]], reverse=True)
    if not dominated(first + second + sum(others), first, second, len(amounts), 5):
        assert 10 * sum(others) >= first
