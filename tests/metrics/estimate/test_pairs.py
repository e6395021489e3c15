"""Readings before and after: the order of a table."""

from __future__ import annotations

from itertools import permutations

from osallisuus.metrics.estimate.pairs import Pairs


def test_rows_stand_in_one_order_whatever_order_they_came_in() -> None:
    """The missing first, then the smallest reading, also one of 0 or below it."""
    rows = [(None, 0, 2), (-1, 3, 1), (0, None, 5), (0, 1, 1), (1, 1, 4)]
    for mixed in permutations(rows):
        assert Pairs.of(mixed).rows == tuple(rows)
