"""Proportion: the share of cases with a mark, of those for which it is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from osallisuus.errors import EngineError
from osallisuus.metrics.engine import Dialect
from osallisuus.metrics.estimate.proportion import wilson
from osallisuus.metrics.kinds.lines import hidden_draw
from osallisuus.metrics.kinds.percents import in_hundredths, rounds
from osallisuus.metrics.metric import Draw, Label, Metric, Row, Tally, Thinning
from osallisuus.metrics.tabulate import Tabulation
from osallisuus.values import frozen

__all__ = ["Proportion", "share", "units", "wrong_hit"]


def share(
    name: str,
    k: int,
    n: int,
    *,
    confidence: float,
    tallies: Sequence[Tally],
    unknown: int = 0,
    unknown_tally: Tally | None = None,
    grid: Thinning | None = None,
) -> Draw:
    """``k`` of ``n`` with its Wilson interval; *unknown* cases are beside ``n``, not in it.

    With a *grid* that rounds, all is of the rounded counts and in whole percents.
    """
    known = tuple(tallies)
    if grid is not None:
        n, unknown = grid.rounded(n), grid.rounded(unknown)
        k = min(grid.rounded(k), n)
    censored = unknown / (n + unknown) if n + unknown else None
    interval = wilson(k, n, confidence)
    if interval is None:
        reason = "not_known_yet" if unknown else "no_cases"
        return Draw(
            name=name, measure="proportion", n=0, k=0, censored=censored, reason=reason,
            tallies=known, open=unknown_tally,
        )  # fmt: skip
    drawn = Draw(
        name=name,
        measure="proportion",
        value=k / n,
        low=interval.low,
        high=interval.high,
        k=k,
        n=n,
        censored=censored,
        method="wilson",
        tallies=known,
        open=unknown_tally,
    )
    return in_hundredths(drawn) if rounds(grid) else drawn


@frozen(kw_only=True)
class Proportion(Metric):
    """The share of cases with ``hit = 1`` among those with a known ``hit`` (Wilson, 1927).

    ``cases`` returns ``person, happened_on, hit``: 1, 0, or ``NULL`` where it is not known yet.
    Unknown cases are never a "no": they are left out of ``n`` and reported as ``censored``. With
    *staff_only* the figure is for those who work with the people, and never leaves.
    """

    kind: ClassVar[str] = "proportion"
    columns: ClassVar[tuple[str, ...]] = ("person", "happened_on", "hit")
    tabulation: ClassVar[Tabulation] = Tabulation("COUNT", ("hit",), ("n", "persons"))

    staff_only: bool = False

    def options(self) -> list[Any]:
        """See :class:`Metric`."""
        return [self.staff_only] if self.staff_only else []

    def table(self, dims: Sequence[str], dialect: Dialect) -> str:
        """See :class:`Metric`."""
        groups = ", ".join((*dims, "hit"))
        counted = "COUNT(*) AS n, COUNT(DISTINCT person) AS persons"
        return f"SELECT {groups}, {counted} FROM placed GROUP BY {groups}"

    def draw(
        self, rows: Sequence[Row], *, confidence: float, grid: Thinning | None = None
    ) -> list[Draw]:
        """See :class:`Metric`."""
        if self.staff_only and grid is not None:
            return [hidden_draw(self.name, "proportion")]
        cells = {hit: (n, persons) for hit, n, persons in rows}
        if not cells.keys() <= {1, 0, None}:  # else such cases would be left out in silence
            raise wrong_hit(self.name)
        (yes, yes_persons), (no, no_persons), (unknown, unknown_persons) = (
            units(*cells.get(hit, (0, 0))) for hit in (1, 0, None)
        )
        # a person may have cases of both marks; the larger of the two is a safe lower bound
        tallies = (
            Tally(("yes",), yes, yes_persons, ("known",), others=no_persons, telling=True),
            Tally(("known",), yes + no, max(yes_persons, no_persons)),
        )
        return [
            share(
                self.name,
                yes,
                yes + no,
                confidence=confidence,
                tallies=tallies,
                unknown=unknown,
                unknown_tally=Tally(("unknown",), unknown, unknown_persons),
                grid=grid,
            )
        ]

    def keys(self, dialect: Dialect) -> tuple[str, ...]:
        """See :class:`Metric`."""
        return ("hit",)

    def contributions(self, rows: Sequence[Row], grid: Thinning | None) -> Mapping[Label, int]:
        """See :class:`Metric`."""
        hits = [hit for (hit,) in rows]
        return {
            ("yes",): hits.count(1),
            ("known",): len(hits) - hits.count(None),
            ("unknown",): hits.count(None),
        }

    def otherwise(
        self, rows: Sequence[Row], label: Label, grid: Thinning | None
    ) -> list[Sequence[Row]]:
        """See :class:`Metric`: a yes could be a no, and a no a yes."""
        return [[(None if hit is None else 1 - hit,) for (hit,) in rows]]


def units(n: int, persons: int) -> tuple[int, int]:
    """How many cases, and of how many protected units: each is one where no person is named."""
    return n, persons or n


def wrong_hit(metric: str) -> EngineError:
    """The error of a metric whose cases have a mark that is none."""
    return EngineError(
        "hit is something else than 1, 0 or NULL",
        where=f"{metric}.cases",
        remedy="CASE WHEN ... THEN 1 ELSE 0 END, and NULL where it is not known yet",
    )
