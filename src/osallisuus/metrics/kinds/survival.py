"""TimeToEvent: one state, several ways out of it, and people still in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from osallisuus.metrics.engine import Dialect
from osallisuus.metrics.estimate.flow import Flow
from osallisuus.metrics.kinds.lines import QUARTILES, Lines, hidden_draw
from osallisuus.metrics.kinds.outcome import outcome_draw
from osallisuus.metrics.kinds.stays import OTHER, Stays, clusters_of
from osallisuus.metrics.kinds.thinned import merged_events, thin, while_followed
from osallisuus.metrics.metric import Draw, Label, Metric, Row, Thinning
from osallisuus.metrics.tabulate import Tabulation
from osallisuus.values import frozen

__all__ = ["LATER", "TimeToEvent"]

LATER = "later"
"""The event of those whom nothing has happened to within the time that is looked at."""
_AFTER = (-1, -1)
"""In the place of a step of a curve: the days after its last one."""


@frozen(kw_only=True)
class TimeToEvent(Metric):
    """Days until one of several competing events (S1-S4, C1, C2; rules C, T, X, R, P).

    ``cases`` returns ``person, happened_on, entry_days, days, event``: days from the origin to
    coming under observation and to the event, and the event's code, ``NULL`` for a case that is
    still open (censored) on ``:last_day``, the last day that is known. Cases without days, or
    with days that run backwards, are left out and counted in a note. With ``paused_days`` and the
    policy ``clock=stopped`` the days of pauses are taken off; with ``plan_days`` the time that
    *within* allows is counted from the end of the plan.

    * *staying*: the curve of those with no event yet, under this name (Kaplan-Meier), and the
      day by which half have left; with *until*, instead of the curve, the mean days before any
      event within so many days, and with *quantiles* the quartiles;
    * *outcome*: the share who had this event, the others competing; Wilson when every case is
      closed, else the Aalen-Johansen incidence on the last day with anybody at risk; with
      *curve* the incidence by day as well, with *quantiles* the days by which a quarter, half and
      three quarters had it, with *until* the mean days before any event;
    * neither: the incidence curve of every event.

    With *within*, what comes more than so many days after the origin is the event ``later``, and
    so is still waiting on that day. With the policy ``cluster=person`` intervals are made by
    person, since the episodes of one person resemble each other.
    """

    kind: ClassVar[str] = "time_to_event"
    in_one_piece: ClassVar[bool] = True
    columns: ClassVar[tuple[str, ...]] = ("person", "happened_on", "entry_days", "days", "event")
    tabulation: ClassVar[Tabulation] = Tabulation("FLOW", ("entry_days", "days", "event"), ("n",))

    counted: ClassVar[str] = "COUNT(*)"

    staying: str | None = None
    outcome: str | None = None
    curve: bool = False
    quantiles: bool = False
    until: tuple[int, ...] = ()
    within: int | None = None

    def options(self) -> list[Any]:
        """See :class:`Metric`."""
        return [
            self.staying, self.outcome, self.curve, self.quantiles, list(self.until), self.within,
        ]  # fmt: skip

    @property
    def optional(self) -> tuple[str, ...]:
        """See :class:`Metric`."""
        return ("paused_days", "plan_days")

    @property
    def flat(self) -> bool:
        """See :class:`Metric`."""
        return not self._by_person

    @property
    def _by_person(self) -> bool:
        return self.policies.get("cluster") == "person"

    def table(self, dims: Sequence[str], dialect: Dialect) -> str:
        """See :class:`Metric`; by person, their pseudonyms come last before the number."""
        names = ("entry_days", "days", "event")
        shown = [f"{sql} AS {name}" for sql, name in zip(self.keys(dialect), names, strict=True)]
        if not self._by_person:
            return f"SELECT {', '.join((*dims, *shown))} FROM placed"
        groups = ", ".join((*dims, *names, "person"))
        inner = f"SELECT {', '.join((*dims, *shown, 'person'))} FROM placed"
        return f"SELECT {groups}, COUNT(*) AS n FROM ({inner}) AS stays_ GROUP BY {groups}"

    def keys(self, dialect: Dialect) -> tuple[str, ...]:
        """See :class:`Metric`."""
        days, event = "days", "event"
        if self.policies.get("clock") == "stopped":
            days = "(days - COALESCE(paused_days, 0))"
        if self.staying is not None:
            event = f"CASE WHEN event IS NOT NULL THEN '{OTHER}' END"
        if self.within is None:
            return "entry_days", days, event
        limit = f"({self._plan} + {self.within})"
        return (
            "entry_days",
            f"CASE WHEN {days} > {limit} THEN {limit} ELSE {days} END",
            f"CASE WHEN {days} > {limit} THEN '{LATER}' ELSE {event} END",
        )

    @property
    def _plan(self) -> str:
        return "plan_days" if "plan_days" in self.lineage.columns else "0"

    def flow(self, rows: Sequence[Row]) -> Flow:
        """The FLOW table of one place, every event apart: what two places are compared by."""
        return Stays(row if len(row) == 4 else (*row[:3], row[4]) for row in rows).flow_by_event()

    def draw(
        self, rows: Sequence[Row], *, confidence: float, grid: Thinning | None = None
    ) -> list[Draw]:
        """See :class:`Metric`."""
        clusters: Sequence[Stays] = ()
        if self._by_person:
            by_person = [(row[3], (*row[:3], row[4])) for row in rows]
            rows = [row for _, row in by_person]
            clusters = clusters_of(by_person) if grid is None else ()
        stays = Stays(rows)
        if grid is not None:
            stays = stays.renamed(grid.merged)
        name = self.outcome or self.staying or self.name
        if not stays.n:
            notes = Lines(stays, grid, "", confidence).shown.notes
            return [Draw(name=name, measure="proportion", reason="no_cases", n=0, notes=notes)]
        method = "aalen_johansen" if self.staying is None else "kaplan_meier"
        lines = Lines(stays, grid, method, confidence, clusters)
        if self.staying is not None:
            return self._staying(lines, self.staying)
        if self.outcome is not None:
            share = outcome_draw(stays, self.outcome, confidence, grid, clusters=clusters)
            return [share, *self._outcome(lines, self.outcome)]
        if grid is not None and not grid.names:
            return [hidden_draw(self.name, "proportion")]
        events = stays.events if grid is None else grid.names
        return [draw for event in events for draw in lines.points(event, lines.curve(event))]

    def _staying(self, lines: Lines, name: str) -> list[Draw]:
        curve = lines.curve(None)
        if not self.until:
            median = lines.quantile("median", 0.5, curve)
            return [*lines.points(name, curve), median]
        drawn = [lines.mean_days(f"within_{until}", until, curve) for until in self.until]
        if self.quantiles:
            drawn += [lines.quantile(name, q, curve) for name, q in QUARTILES]
        return drawn

    def _outcome(self, lines: Lines, outcome: str) -> list[Draw]:
        drawn: list[Draw] = []
        curve = lines.curve(outcome) if self.curve or self.quantiles else None
        if curve is not None and self.curve:
            drawn += lines.points(outcome, curve)
        if curve is not None and self.quantiles:
            rest = curve.complement()
            drawn += [lines.quantile(name, q, rest) for name, q in QUARTILES]
        if self.until:
            anything = lines.curve(None)
            drawn += [lines.mean_days(f"within_{until}", until, anything) for until in self.until]
        return drawn

    def grid(self, places: Iterable[Sequence[Row]], threshold: int) -> Thinning | None:
        """See :class:`Metric`: rare events are merged first, then days are left out."""
        happened: Counter[tuple[int, str]] = Counter()
        for rows in places:
            happened.update(Stays((*row[:3], row[-1]) for row in rows).happened)
        totals: Counter[str] = Counter()
        for (_, event), n in happened.items():
            totals[event] += n
        merged = self._merged(totals, threshold)
        # a few who are still in the programme must not stop the curve for all who are not
        followed = not 0 < totals[""] < threshold
        steps = [
            (day, merged.get(event, event), n)
            for (day, event), n in happened.items()
            if event or followed
        ]
        found = {merged.get(event, event) for event in totals if event}
        names = tuple(sorted(found | ({self.outcome} if self.outcome is not None else set())))
        days = thin(while_followed(steps, threshold), threshold)
        if self.staying is None and self.outcome is None and len(names) < 2:
            days, names = (), ()  # a curve of the only way out would say it of everybody
        return Thinning({"": days}, merged, followed, threshold, names)

    def _merged(self, totals: Mapping[str, int], threshold: int) -> dict[str, str]:
        """Which events are drawn as one: all where only staying or one outcome is asked."""
        if self.staying is None and self.outcome is None:
            return merged_events(totals, threshold)
        return {event: OTHER for event in totals if event and event != self.outcome}

    def contributions(self, rows: Sequence[Row], grid: Thinning | None) -> Mapping[Label, int]:
        """See :class:`Metric`."""
        counts: Counter[Label] = Counter()
        for entry, day, event in rows:
            if entry is None or day is None or not 0 <= entry <= day:
                continue
            code = event if event is None or grid is None else grid.name(event)
            counts["entered",] += 1
            counts[("exit", code) if code is not None else ("open",)] += 1
            window = None if grid is None else grid.window(day)
            counts["window", code or "", *(window or _AFTER)] += 1
            for at in () if grid is None else grid.days.get("", ()):
                counts["followed", at] += entry <= at < day
        return counts

    def otherwise(
        self, rows: Sequence[Row], label: Label, grid: Thinning | None
    ) -> list[Sequence[Row]]:
        """See :class:`Metric`: an exit could be another; who is still open stays so."""
        # of nobody who ended otherwise it is the outcome that could have been another
        outcome = label[-1] if label[0] == "between" else label[1]
        return [
            [
                (entry, day, event and (OTHER if event == outcome else outcome))
                for entry, day, event in rows
            ]
        ]
