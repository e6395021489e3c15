"""The PAIRS table: readings of the same units before and after, with what is missing (A.3)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from osallisuus.errors import EngineError
from osallisuus.metrics.estimate.ratio import Moments
from osallisuus.values import frozen

__all__ = ["PairRow", "Pairs"]

PairRow = tuple[int | None, int | None, int]
"""Reading before, reading after, number of units; ``None`` = missing, a value of its own."""


@frozen
class Pairs:
    """How many units had which reading before and after; build one with :meth:`of`.

    Readings are whole numbers in the unit of the instrument, such as points or half points.
    Tables of disjoint units are merged by ``+``.
    """

    rows: tuple[PairRow, ...] = ()
    """Sorted with the missing first, one row per pair of readings, every number at least 1."""

    @classmethod
    def of(cls, rows: Iterable[PairRow]) -> Pairs:
        """The table of *rows* in any order; equal keys add up. A negative number is refused."""
        sums: dict[tuple[int | None, int | None], int] = {}
        for before, after, n in rows:
            if n < 0:
                raise EngineError(
                    "a table of pairs holds a negative number",
                    where="table PAIRS",
                    remedy="count the units of each pair of readings",
                )
            if n:
                sums[before, after] = sums.get((before, after), 0) + n
        ordered = sorted(sums, key=lambda key: tuple((x is not None, x or 0) for x in key))
        return cls(tuple((*key, sums[key]) for key in ordered))

    def __add__(self, other: Pairs) -> Pairs:
        return Pairs.of(self.rows + other.rows)

    @property
    def eligible(self) -> int:
        """All units, whether or not they were read twice."""
        return sum(n for _, _, n in self.rows)

    @property
    def paired(self) -> int:
        """Units with both readings; the follow-up share is ``paired`` of ``eligible`` (O6)."""
        return sum(n for _, _, n in self.complete())

    @property
    def moments(self) -> Moments:
        """The sums over the units with both readings, x before and y after."""
        moments = Moments()
        for x, y, n in self.complete():
            moments += Moments(n, n * x, n * y, n * x * x, n * x * y, n * y * y)
        return moments

    def complete(self) -> Iterator[tuple[int, int, int]]:
        """The rows of the units with both readings."""
        for before, after, n in self.rows:
            if before is not None and after is not None:
                yield before, after, n
