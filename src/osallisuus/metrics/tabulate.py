"""The eight tabulations: the only small tables that an engine is ever asked for.

An engine counts and adds; it never estimates. Whatever the metric, its answer is one of these
tables: a few columns that say *what* (the keys) and whole numbers that say *how much* (the
measures). Two tables of different persons merge by adding their measures, which is all that a
cluster of machines, or a second file, needs to know (metric reference A.3).

==========  ==================================================  ===================================
table       keys                                                serves
==========  ==================================================  ===================================
COUNT       a category                                          shares, funnels, themes
MOMENTS     none, or a category                                 means, ratios, costs, dominance
HISTOGRAM   a value in its unit                                 quantiles, doses, scores
FLOW        the states left and reached, and on which day       everything by time
EXPOSURE    a state, and unit-days in it                        rates, case-load, paused share
PAIRS       a value before and one after                        change, classes of change
PATHS       a sequence of states                                pathways
LAG         a period and a delay                                reporting delay, completeness
==========  ==================================================  ===================================
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Literal

from osallisuus.values import frozen

__all__ = ["Table", "Tabulation"]

Table = Literal["COUNT", "MOMENTS", "HISTOGRAM", "FLOW", "EXPOSURE", "PAIRS", "PATHS", "LAG"]
"""The name of one of the eight."""


@frozen
class Tabulation:
    """The shape of a small table: which of the eight it is, its keys and its measures.

    A row holds the values of the keys, then one whole number per measure. An empty table, and a row
    whose measures are all ``None``, count nobody.
    """

    table: Table
    keys: tuple[str, ...]
    measures: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of all columns in their order."""
        return (*self.keys, *self.measures)

    def merge(self, *tables: Iterable[Sequence[Any]]) -> list[tuple[Any, ...]]:
        """The table of all persons from those of disjoint parts of them, sorted by its keys.

        Splitting by *time* does not merge: a spell that is cut in two is not two spells.
        """
        width = len(self.keys)
        sums: dict[tuple[Any, ...], list[int]] = {}
        for row in (row for table in tables for row in table):
            key = tuple(row[:width])
            total = sums.setdefault(key, [0] * len(self.measures))
            for place, value in enumerate(row[width:]):
                total[place] += value or 0
        return [
            (*key, *sums[key])
            for key in sorted(sums, key=lambda key: [(part is not None, part) for part in key])
        ]
