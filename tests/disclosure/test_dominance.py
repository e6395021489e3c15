"""Sums that one or two persons make up are found."""

from __future__ import annotations

import pytest

from osallisuus.disclosure.dominance import dominated


@pytest.mark.parametrize(
    ("total", "largest", "second", "contributors", "expected"),
    [
        (100, 12, 11, 9, False),
        (100, 12, 11, 4, True),  # too few contributors
        (100, 70, 21, 9, True),  # two have 91 %
        (100, 70, 20, 9, False),  # exactly 90 %
        (100, 85, 5, 9, False),  # the others have 10, more than 8.5
        (1000, 500, 451, 9, True),  # the others have 49, less than 50
        (0, 0, 0, 9, False),  # a sum of zeros is a matter of zeros
        (float("nan"), 1, 1, 9, True),
        (10, 8, 9, 9, True),  # the second is larger than the largest
        (10, 8, -1, 9, True),
        (10, 8, 3, 9, True),  # more than the total
    ],
)
def test_dominance_follows_the_two_rules_and_doubt_is_dominance(
    total: float, largest: float, second: float, contributors: int, expected: bool
) -> None:
    """(2, 90 %) and 10 % of the largest, at their borders; impossible numbers count as doubt."""
    assert dominated(total, largest, second, contributors, 5) is expected
