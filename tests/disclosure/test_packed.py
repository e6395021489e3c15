"""Packed rows do what lists of whole numbers do."""

from __future__ import annotations

from math import gcd

import pytest
from hypothesis import given
from hypothesis import strategies as st

from osallisuus.disclosure.packed import PackedRows
from osallisuus.errors import LimitError

LARGE = 2**63 - 1
ENTRY = st.one_of(st.integers(-9, 9), st.integers(-(2**30), 2**30))
ROWS = st.integers(1, 6).flatmap(
    lambda columns: st.lists(
        st.lists(ENTRY, min_size=columns, max_size=columns), min_size=2, max_size=5
    )
)


def rows_of(packed: PackedRows, count: int) -> list[list[int]]:
    return [list(packed.row(at)) for at in range(count)]


@given(ROWS, st.integers(1, 2**20), st.integers(-(2**20), 2**20), st.data())
def test_each_step_equals_that_on_lists(
    rows: list[list[int]], keep: int, take: int, data: st.DataObject
) -> None:
    """Reading, adding, clearing, setting and reducing rows, with numbers of either sign."""
    packed = PackedRows(rows, len(rows[0]))
    assert rows_of(packed, len(rows)) == rows
    column = data.draw(st.integers(0, len(rows[0]) - 1))
    assert packed.column(column) == [row[column] for row in rows]
    packed.clear(0, column, rows[0][column])
    rows[0][column] = 0
    assert rows_of(packed, len(rows)) == rows
    other = packed.packed(rows[1])
    packed.combine(0, keep, take, other)
    rows[0] = [keep * old + take * new for old, new in zip(rows[0], rows[1], strict=True)]
    assert rows_of(packed, len(rows)) == rows
    scale = data.draw(st.sampled_from([1, 2, 6, 30, keep]))
    common = gcd(scale, *rows[0])
    assert packed.reduce(0, scale) == common
    rows[0] = [entry // common for entry in rows[0]]
    packed.put(1, packed.packed(rows[0]))
    rows[1] = rows[0]
    assert rows_of(packed, len(rows)) == rows


def test_the_longest_numbers_fit_and_longer_ones_are_refused() -> None:
    """Nothing ever runs over into its neighbour."""
    packed = PackedRows([[LARGE, -LARGE], [1, -1], [0, 0]], 2)
    assert rows_of(packed, 3) == [[LARGE, -LARGE], [1, -1], [0, 0]]
    with pytest.raises(LimitError, match="longer numbers"):
        packed.combine(0, 1, 1, packed.packed([1, 0]))
    with pytest.raises(LimitError):
        PackedRows([[LARGE, 0]], 2).combine(0, 1, 1, packed.packed([1, 0]))
    packed.combine(2, 1, LARGE, packed.packed([1, -1]))
    assert list(packed.row(2)) == [LARGE, -LARGE]
    with pytest.raises(LimitError):
        packed.combine(1, 2**62, -(2**62), packed.packed([1, 0]))
    with pytest.raises(LimitError):
        packed.combine(1, 1, 2**60, packed.packed([8, 0]))
    with pytest.raises(LimitError):
        PackedRows([[LARGE + 1]], 1)
    with pytest.raises(LimitError):
        packed.packed([0, -LARGE - 1])


def test_a_row_that_became_small_again_has_room_again() -> None:
    """The guess at how large entries are is looked up before anything is refused."""
    packed = PackedRows([[2**40]], 1)
    for _ in range(100):
        packed.combine(0, 1, 2**20, packed.packed([2**40]))
        packed.combine(0, 1, -(2**20), packed.packed([2**40]))
    assert list(packed.row(0)) == [2**40]
    packed.clear(0, 0, 2**40)
    packed.combine(0, 2**22, 1, packed.packed([5]))
    assert list(packed.row(0)) == [5]


def test_reducing_makes_room() -> None:
    """After a division a row may be multiplied again."""
    packed = PackedRows([[2**50, 3 * 2**50]], 2)
    assert packed.reduce(0, 2**50) == 2**50
    packed.combine(0, 2**50, 0, packed.packed([0, 0]))
    assert list(packed.row(0)) == [2**50, 3 * 2**50]


def test_a_row_of_nothing() -> None:
    """A table without columns has rows all the same."""
    packed = PackedRows([[]], 0)
    assert packed.row(0) == ()
