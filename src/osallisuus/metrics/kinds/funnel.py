"""Funnel: how many come to each stage, and which share goes on to the next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import Any, ClassVar

from attrs import evolve

from osallisuus.metrics.engine import Dialect
from osallisuus.metrics.kinds.outcome import outcome_draw
from osallisuus.metrics.kinds.stays import Stays
from osallisuus.metrics.kinds.thinned import open_tallies
from osallisuus.metrics.metric import Draw, Label, Metric, Row, Tally, Thinning
from osallisuus.metrics.tabulate import Tabulation
from osallisuus.values import frozen

__all__ = ["Funnel"]


@frozen(kw_only=True)
class Funnel(Metric):
    """Counts per stage, and from each stage the share that goes on (R4; rules C, T, R).

    ``cases`` returns ``person, happened_on, closed_on`` and one date ``<stage>_on`` per stage. A
    stage without a date that a later one follows counts as passed on the later day; a stage that
    no case has a date for is not recorded, and said so. Who has neither gone on nor closed is
    still waiting, never lost: with anybody waiting the share is the Aalen-Johansen incidence.
    """

    kind: ClassVar[str] = "funnel"
    in_one_piece: ClassVar[bool] = True
    columns: ClassVar[tuple[str, ...]] = ("person", "happened_on", "closed_on")
    tabulation: ClassVar[Tabulation] = Tabulation(
        "FLOW", ("stage", "recorded", "days", "event"), ("n",)
    )

    counted: ClassVar[str] = "COUNT(*)"

    stages: tuple[str, ...]

    @property
    def needed(self) -> tuple[str, ...]:
        """See :class:`Metric`."""
        return (*self.columns, *(f"{stage}_on" for stage in self.stages))

    def options(self) -> list[Any]:
        """See :class:`Metric`."""
        return list(self.stages)

    @property
    def flat(self) -> bool:
        """See :class:`Metric`."""
        return True

    def table(self, dims: Sequence[str], dialect: Dialect) -> str:
        """See :class:`Metric`."""
        listed = "".join(f"{dim}, " for dim in dims)
        selects = []
        for index, stage in enumerate(self.stages):
            here, onward = self._passed(index), self._passed(index + 1)
            selects.append(
                f"SELECT {listed}{index} AS stage,"
                f" CASE WHEN {stage}_on IS NULL THEN 0 ELSE 1 END AS recorded,"
                f" days_between({here}, COALESCE({onward}, closed_on, :last_day)) AS days,"
                f" CASE WHEN {onward} IS NOT NULL THEN 'on' WHEN closed_on IS NOT NULL"
                f" THEN 'closed' END AS event FROM placed WHERE {here} IS NOT NULL"
            )
        return " UNION ALL ".join(selects)

    def _passed(self, index: int) -> str:
        dates = [f"{stage}_on" for stage in self.stages[index:]]
        if not dates:
            return "NULL"
        return dates[0] if len(dates) == 1 else f"COALESCE({', '.join(dates)})"

    def draw(
        self, rows: Sequence[Row], *, confidence: float, grid: Thinning | None = None
    ) -> list[Draw]:
        """See :class:`Metric`."""
        drawn: list[Draw] = []
        counts, recorded = Counter[int](), Counter[int]()
        for stage, is_recorded, _, _, n in rows:
            counts[stage] += n
            recorded[stage] += n if is_recorded else 0
        before: int | None = None
        watched = () if grid is None else self._stopped(counts, recorded, grid.threshold)
        for index, stage in enumerate(self.stages):
            tally = Tally(("stage", index), counts[index])
            draw = Draw(name=stage, measure="count", method="count")
            n, known = counts[index], recorded[index]
            if not known and (n or not rows):
                drawn.append(evolve(draw, reason="not_recorded" if rows else "no_cases"))
                continue
            if grid is not None:
                n, known = grid.rounded(n), grid.rounded(known)
            notes = ("imputed",) if known < n else ()
            drawn.append(evolve(draw, value=n, n=n, notes=notes, tallies=(tally,), watched=watched))
            if before is not None:
                drawn.append(self._onward(rows, (before, index), confidence, grid))
            before = index
        return drawn

    def grid(self, places: Iterable[Sequence[Row]], threshold: int) -> Thinning | None:
        """See :class:`Metric`: a funnel has no days, but few may be lost between two stages."""
        return Thinning({}, threshold=threshold)

    def _stopped(
        self, counts: Mapping[int, int], recorded: Mapping[int, int], threshold: int
    ) -> tuple[Tally, ...]:
        """Small numbers of those who came to one stage and not to a later one."""
        shown = [index for index in range(len(self.stages)) if recorded[index]]
        return tuple(
            Tally(
                ("between", first, last),
                counts[first] - counts[last],
                sums=tuple(("stopped", index) for index in range(first, last)),
            )
            for first, last in combinations(shown, 2)
            if 0 < counts[first] - counts[last] < threshold
        )

    def _onward(
        self,
        rows: Sequence[Row],
        stages: tuple[int, int],
        confidence: float,
        grid: Thinning | None,
    ) -> Draw:
        """The share of the last recorded stage that goes on to this one."""
        before, index = stages
        waits = Stays(
            (0, max(days, 0), event, n) for stage, _, days, event, n in rows if stage == before
        )
        draw = outcome_draw(waits, "on", confidence, grid, part=(str(before),))
        behind = (
            Tally(("stage", index), waits.exits("on"), within=("stage", before)),
            Tally(("stage", before), waits.n),
        )
        still_open = Tally(("waiting", before), waits.censored) if waits.censored else None
        told, _ = open_tallies(waits, grid, ("waiting", before))
        lost = Tally(("lost", before), waits.exits("closed"))
        few = grid is not None and 0 < lost.n < grid.threshold
        return evolve(
            draw,
            name=f"to_{self.stages[index]}",
            tallies=(*behind, *told),
            watched=(lost,) if few else (),
            open=still_open,
        )

    def keys(self, dialect: Dialect) -> tuple[str, ...]:
        """See :class:`Metric`."""
        passed = [
            f"CASE WHEN {self._passed(index)} IS NOT NULL THEN 1 ELSE 0 END"
            for index in range(len(self.stages))
        ]
        return (*passed, "CASE WHEN closed_on IS NOT NULL THEN 1 ELSE 0 END")

    def contributions(self, rows: Sequence[Row], grid: Thinning | None) -> Mapping[Label, int]:
        """See :class:`Metric`."""
        counts: Counter[Label] = Counter()
        for *passed, closed in rows:
            for index, through in enumerate(passed):
                counts["stage", index] += through
            last = sum(passed) - 1
            counts["stopped", last] += 1
            counts["lost", last] += bool(closed)
            reached = [index for index, through in enumerate(passed) if through]
            if reached and reached[-1] == last < len(passed) - 1 and not closed:
                for index in reached:
                    counts["waiting", index] += index == last
        return counts
