"""Steps: how often it came to each of several steps, all side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from attrs import evolve, field

from osallisuus.metrics.engine import Dialect
from osallisuus.metrics.kinds.outcome import outcome_draw
from osallisuus.metrics.kinds.stays import OTHER, Stays, clusters_of
from osallisuus.metrics.kinds.survival import LATER
from osallisuus.metrics.metric import Draw, Label, Metric, Row, Thinning
from osallisuus.metrics.tabulate import Tabulation
from osallisuus.values import frozen

__all__ = ["REACHED", "Steps"]

REACHED = "reached"
"""The event of a case that came to its step; every other event competes with it."""


@frozen(kw_only=True)
class Steps(Metric):
    """Per step the share of those who could come to it that did (I1, S4; rules C, T, X).

    ``cases`` returns ``happened_on, step, days, event``, and ``person`` or, where the case itself
    is the unit, ``case_id``: days from the day on which the way to the step was open, the event
    ``reached`` or one that competes with it, ``NULL`` for who is still on the way. The steps
    stand side by side: to come to one, nobody need have come to another. With *within* what takes
    more days than a step's own limit has not come to it in time.

    With the policy ``cluster`` on anything but ``none`` the interval is made by person, or by
    the optional column ``cluster``, since cases of one person or forum resemble each other.
    """

    kind: ClassVar[str] = "steps"
    columns: ClassVar[tuple[str, ...]] = ("person", "happened_on", "step", "days", "event")
    tabulation: ClassVar[Tabulation] = Tabulation("FLOW", ("step", "days", "event"), ("n",))
    counted: ClassVar[str] = "COUNT(*)"

    steps: tuple[str, ...]
    within: Mapping[str, int] = field(factory=dict)

    @property
    def needed(self) -> tuple[str, ...]:
        """See :class:`Metric`."""
        return self.columns if self.unit == "person" else self.columns[1:]

    @property
    def optional(self) -> tuple[str, ...]:
        """See :class:`Metric`."""
        return ("cluster",)

    @property
    def flat(self) -> bool:
        """See :class:`Metric`."""
        return self._cluster is None

    @property
    def _cluster(self) -> str | None:
        """The column by which intervals are made."""
        chosen = self.policies.get("cluster", "none")
        return {"none": None, "person": "person"}.get(chosen, "cluster")

    def options(self) -> list[Any]:
        """See :class:`Metric`."""
        return [list(self.steps), dict(sorted(self.within.items()))]

    def table(self, dims: Sequence[str], dialect: Dialect) -> str:
        """See :class:`Metric`; with clusters their keys come last before the number."""
        names = ("step", "days", "event")
        shown = [f"{sql} AS {name}" for sql, name in zip(self.keys(dialect), names, strict=True)]
        if self._cluster is None:
            return f"SELECT {', '.join((*dims, *shown))} FROM placed"
        groups = ", ".join((*dims, *names, self._cluster))
        inner = f"SELECT {', '.join((*dims, *shown, self._cluster))} FROM placed"
        return f"SELECT {groups}, COUNT(*) AS n FROM ({inner}) AS steps_ GROUP BY {groups}"

    def keys(self, dialect: Dialect) -> tuple[str, ...]:
        """See :class:`Metric`."""
        if not self.within:
            return "step", "days", "event"
        late = {step: f"step = '{step}' AND days > {most}" for step, most in self.within.items()}
        cut = " ".join(f"WHEN {late[step]} THEN {most}" for step, most in self.within.items())
        event = " ".join(f"WHEN {is_late} THEN '{LATER}'" for is_late in late.values())
        return "step", f"CASE {cut} ELSE days END", f"CASE {event} ELSE event END"

    def draw(
        self, rows: Sequence[Row], *, confidence: float, grid: Thinning | None = None
    ) -> list[Draw]:
        """See :class:`Metric`: one share for each step, in their order."""
        drawn = []
        for step in self.steps:
            here = [(row[-2], _stay(row)) for row in rows if row[0] == step]
            stays = Stays(row for _, row in here)
            clusters = clusters_of(here) if self._cluster is not None and grid is None else []
            draw = outcome_draw(stays, REACHED, confidence, grid, clusters=clusters, part=(step,))
            drawn.append(evolve(draw, name=step))
        return drawn

    def grid(self, places: Iterable[Sequence[Row]], threshold: int) -> Thinning | None:
        """See :class:`Metric`: steps have no days, but few may have ended in another way."""
        return Thinning({}, threshold=threshold)

    def contributions(self, rows: Sequence[Row], grid: Thinning | None) -> Mapping[Label, int]:
        """See :class:`Metric`."""
        counts: Counter[Label] = Counter()
        for step, days, event in rows:
            if days is None or days < 0:
                continue
            counts["entered", step] += 1
            counts[("open", step) if event is None else ("exit", step, event)] += 1
        return counts

    def otherwise(
        self, rows: Sequence[Row], label: Label, grid: Thinning | None
    ) -> list[Sequence[Row]]:
        """See :class:`Metric`: who came to the step could have ended otherwise, and vice versa."""
        own = label[2] if label[0] == "between" else label[1]
        turned = [
            (step, days, event and (OTHER if event == REACHED else REACHED))
            if step == own
            else (step, days, event)
            for step, days, event in rows
        ]
        return [turned]


def _stay(row: Row) -> Row:
    """A row of the table, whether or not it has a cluster, as a row of stays."""
    return (0, row[1], row[2], row[-1])
