"""Rows of whole numbers, each packed into one long number.

Python adds and multiplies long numbers much faster than lists of short ones, so adding a multiple
of one row to another takes one step instead of one for each entry. Each entry has 64 bits of the
long number for itself; that none outgrows them is made sure before each step.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import gcd
from struct import Struct

from osallisuus.errors import LimitError

__all__ = ["PackedRows"]

_BITS = 64
_HALF = 1 << (_BITS - 1)
_MASK = (1 << _BITS) - 1


class PackedRows:
    """Equally long rows of whole numbers.

    Inside, each entry is raised by half of its room, so that it is never below 0 and borrows
    nothing from its neighbour.
    """

    def __init__(self, rows: Sequence[Sequence[int]], columns: int) -> None:
        self._format = Struct(f"<{columns}q")
        self._raise = sum(_HALF << (_BITS * column) for column in range(columns))
        self._rows: list[int] = []
        self._most: list[int] = []
        """For each row a number that no entry is above, whatever its sign."""
        for row in rows:
            packed, most = self.packed(row)
            self._rows.append(packed + self._raise)
            self._most.append(most)

    def packed(self, entries: Sequence[int]) -> tuple[int, int]:
        """A row as one number, to be added to others, and its largest entry without its sign."""
        most = max(map(abs, entries), default=0)
        _check(most)
        signed = int.from_bytes(self._format.pack(*entries), "little")
        return (signed ^ self._raise) - self._raise, most

    def row(self, at: int) -> tuple[int, ...]:
        """The entries of a row."""
        signed = self._rows[at] ^ self._raise
        return self._format.unpack(signed.to_bytes(self._format.size, "little"))

    def column(self, at: int) -> list[int]:
        """One entry of each row."""
        shift = _BITS * at
        return [((row >> shift) & _MASK) - _HALF for row in self._rows]

    def put(self, at: int, row: tuple[int, int]) -> None:
        """Set a row to another one, as :meth:`packed` gives it."""
        self._rows[at] = row[0] + self._raise
        self._most[at] = row[1]

    def clear(self, at: int, column: int, entry: int) -> None:
        """Make one entry 0 that is *entry* now."""
        self._rows[at] -= entry << (_BITS * column)

    def combine(self, at: int, keep: int, take: int, other: tuple[int, int]) -> None:
        """Set a row to *keep* times itself plus *take* times the *other*; *keep* is 1 or more."""
        most = keep * self._most[at] + abs(take) * other[1]
        if most >= _HALF:
            most = keep * max(map(abs, self.row(at))) + abs(take) * other[1]
            _check(most)
        self._most[at] = most
        if keep == 1:
            self._rows[at] += take * other[0]
        else:
            self._rows[at] = keep * (self._rows[at] - self._raise) + take * other[0] + self._raise

    def reduce(self, at: int, scale: int) -> int:
        """Divide a row by what all its entries and *scale* have in common; that divisor."""
        common = gcd(scale, self._rows[at] - self._raise)
        if common > 1:  # else no entry can have anything in common with the others
            common = gcd(common, *self.row(at))
        if common > 1:
            self._rows[at] = (self._rows[at] - self._raise) // common + self._raise
            self._most[at] //= common
        return common


def _check(most: int) -> None:
    if most >= _HALF:
        raise LimitError(
            "the disclosure audit meets longer numbers than it works with",
            remedy="publish fewer or coarser tables, or give atoms smaller weights",
        )
