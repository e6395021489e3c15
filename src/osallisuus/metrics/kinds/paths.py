"""Paths: which states people have come through, in their order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from osallisuus.metrics.engine import Dialect
from osallisuus.metrics.kinds.proportion import share
from osallisuus.metrics.kinds.thinned import merged_events
from osallisuus.metrics.metric import Draw, Label, Metric, Row, Tally, Thinning
from osallisuus.metrics.tabulate import Tabulation
from osallisuus.values import frozen

__all__ = ["Paths"]

_MOST = 5
"""States of a path that are told apart."""
_STEPS = tuple(f"step_{place}" for place in range(1, _MOST + 1))
_ARROW = ">"
_MORE = "..."
"""Stands for what comes after the states that are told apart."""
_OTHER = "other_paths"
"""The name under which the paths of few people are drawn together."""


@frozen(kw_only=True)
class Paths(Metric):
    """The share of people with each path of states (P5): what happened, never a ladder.

    ``cases`` returns ``person, case_id, happened_on, came_on, state, sequence``: one row for each
    state that a case came into, with its day; ``happened_on`` is the case's first one. On one day
    ``sequence``, a whole number, decides, and then the code of the state, so that the order of
    rows cannot matter. A path is named by its states with ``>`` between them; after five it ends
    in ``...``. Shares have their Wilson intervals. Paths of few people are drawn together.
    """

    kind: ClassVar[str] = "paths"
    columns: ClassVar[tuple[str, ...]] = (
        "person",
        "case_id",
        "happened_on",
        "came_on",
        "state",
        "sequence",
    )
    tabulation: ClassVar[Tabulation] = Tabulation("PATHS", (*_STEPS, "more"), ("n",))
    counted: ClassVar[str] = "COUNT(DISTINCT case_id)"

    def table(self, dims: Sequence[str], dialect: Dialect) -> str:
        """See :class:`Metric`: the states of a case beside each other, then equal cases counted."""
        listed = "".join(f"{dim}, " for dim in dims)
        order = "ORDER BY came_on, sequence, state"
        placed = (
            f"SELECT {listed}case_id, state,"
            f" ROW_NUMBER() OVER (PARTITION BY {listed}case_id {order}) AS place_ FROM placed"
        )
        steps = ", ".join(
            f"MAX(CASE WHEN place_ = {place} THEN state END) AS {name}"
            for place, name in enumerate(_STEPS, 1)
        )
        more = f"MAX(CASE WHEN place_ > {_MOST} THEN 1 ELSE 0 END) AS more"
        paths = (
            f"SELECT {listed}{steps}, {more} FROM ({placed}) AS placed_ GROUP BY {listed}case_id"
        )
        keys = f"{listed}{', '.join(_STEPS)}, more"
        return f"SELECT {keys}, COUNT(*) AS n FROM ({paths}) AS paths_ GROUP BY {keys}"

    def draw(
        self, rows: Sequence[Row], *, confidence: float, grid: Thinning | None = None
    ) -> list[Draw]:
        """See :class:`Metric`: the most frequent first, equal ones by name."""
        counts = _counts(rows, grid)
        n = shown = counts.total()
        if grid is not None:
            shown = grid.rounded(n)
        every = Tally(("cases",), n)
        if not shown:
            return [
                Draw(
                    name=self.name, measure="proportion", n=0, reason="no_cases", tallies=(every,)
                )
            ]  # fmt: skip
        names = sorted(counts, key=lambda name: (name == _OTHER, -counts[name], name))
        if grid is not None:  # in an order that tells nothing of the counts
            names = sorted(grid.names, key=lambda name: (name == _OTHER, name))
        return [
            share(
                name,
                counts[name],
                n,
                confidence=confidence,
                tallies=(Tally(("path", name), counts[name], within=every.label), every),
                grid=grid,
            )
            for name in names
        ]

    def grid(self, places: Iterable[Sequence[Row]], threshold: int) -> Thinning | None:
        """See :class:`Metric`: paths of few people, in all places together, are one."""
        totals: Counter[str] = Counter()
        for rows in places:
            totals.update(_counts(rows, None))
        merged = dict.fromkeys(merged_events(totals, threshold), _OTHER)
        names = {merged.get(name, name) for name in totals}
        return Thinning({}, merged, threshold=threshold, names=tuple(sorted(names)))

    def keys(self, dialect: Dialect) -> tuple[str, ...]:
        """See :class:`Metric`."""
        return ("case_id", "days_between(happened_on, came_on) AS days", "sequence", "state")

    def contributions(self, rows: Sequence[Row], grid: Thinning | None) -> Mapping[Label, int]:
        """See :class:`Metric`."""
        cases: dict[Any, list[Row]] = {}
        for case, *step in rows:
            cases.setdefault(case, []).append(tuple(step))
        counts: Counter[Label] = Counter()
        for steps in cases.values():
            states = [state for *_, state in sorted(map(tuple, steps))]
            name = _named(states[:_MOST], more=len(states) > _MOST)
            counts["cases",] += 1
            counts["path", name if grid is None else grid.name(name)] += 1
        return counts


def _counts(rows: Iterable[Row], grid: Thinning | None) -> Counter[str]:
    """How many cases have each path, by its name."""
    counts: Counter[str] = Counter()
    for *steps, more, n in rows:
        name = _named([step for step in steps if step is not None], more=bool(more))
        counts[name if grid is None else grid.name(name)] += n
    return counts


def _named(states: Sequence[str], *, more: bool) -> str:
    return _ARROW.join((*states, _MORE) if more else states)
