"""The FLOW table: how many units enter, move between and leave states, by day.

One table, ``(day, from, to, n)``, feeds every time-to-event metric (A.3 of the metric rules).
Days count from each unit's own origin. ``from = ''`` is an entry under observation, ``to = ''``
a unit last seen in its state (censored). An entry on the origin day is written as day -1, which
stands for 0-: it is at risk on day 0 already. On one day events come first, then censorings,
then entries (rule t), so a unit is at risk on day t when it entered before t and has not left
before t.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from osallisuus.errors import EngineError
from osallisuus.values import frozen

__all__ = ["BEFORE_ORIGIN", "ExitRow", "Flow", "FlowRow", "LifeRow", "Step"]

FlowRow = tuple[int, str, str, int]
"""day, from state ('' = entry), to state ('' = censored), number of units."""

ExitRow = tuple[int, int, int, int, int]
"""day, at risk on it, moves out of the state, those of them that count as events, at risk after."""

BEFORE_ORIGIN = -1
"""The day written for an entry on the origin day: 0-, just before day 0."""


class Step(NamedTuple):
    """All that happens on one day of a flow."""

    day: int
    at_risk: dict[str, int]
    """Units in each state just before the day."""
    moves: dict[tuple[str, str], int]
    """Units that move, by from state and to state; neither is ''."""
    censored: dict[str, int]
    after: dict[str, int]
    """Units in each state at the end of the day."""


class LifeRow(NamedTuple):
    """One day of a life table: one state, and the moves out of it that count as events."""

    day: int
    at_risk: int
    events: int
    after: int
    """At risk on the next day."""


@frozen
class Flow:
    """A FLOW table in its normal form; build one with :meth:`of`.

    Tables of disjoint units are merged by ``+``: Flow(A) + Flow(B) = Flow(A and B).
    """

    rows: tuple[FlowRow, ...] = ()
    """Sorted, one row per (day, from, to), every n at least 1."""
    n_collapsed: int = 0
    """Spells of no length that were left out of the risk sets (rule s)."""

    @classmethod
    def of(cls, rows: Iterable[FlowRow], n_collapsed: int = 0) -> Flow:
        """The flow of *rows* in any order; equal keys add up.

        A move from a state to itself changes nothing and is dropped. An
        :class:`~osallisuus.errors.EngineError` says when a number or a day is negative, or when
        more units leave a state than are in it.
        """
        sums: dict[tuple[int, str, str], int] = {}
        for day, from_state, to_state, n in rows:
            if day < BEFORE_ORIGIN or n < 0:
                raise EngineError(
                    "a flow holds a day before the origin or a negative number",
                    where="table FLOW",
                    remedy="count days from the origin; the day -1 stands for an entry at it",
                )
            if n and from_state != to_state:
                key = (day, from_state, to_state)
                sums[key] = sums.get(key, 0) + n
        flow = cls(tuple((*key, sums[key]) for key in sorted(sums)), n_collapsed)
        flow._check()
        return flow

    def __add__(self, other: Flow) -> Flow:
        return Flow.of(self.rows + other.rows, self.n_collapsed + other.n_collapsed)

    @property
    def states(self) -> tuple[str, ...]:
        """Every state that occurs, sorted."""
        return tuple(sorted(({row[1] for row in self.rows} | {row[2] for row in self.rows}) - {""}))

    @property
    def transient(self) -> tuple[str, ...]:
        """The states that somebody leaves, by a move or by censoring, sorted."""
        return tuple(sorted({row[1] for row in self.rows} - {""}))

    @property
    def entered(self) -> int:
        """How many entries under observation there are."""
        return sum(n for _, from_state, _, n in self.rows if not from_state)

    @property
    def moved(self) -> int:
        """How many moves between states there are."""
        return sum(n for _, from_state, to_state, n in self.rows if from_state and to_state)

    @property
    def censored(self) -> int:
        """How many spells end without a known next state."""
        return sum(n for _, _, to_state, n in self.rows if not to_state)

    def steps(self) -> Iterator[Step]:
        """The days of the flow in order, with the risk sets before and after each.

        ``Y_h(t)`` = entries and arrivals into h before t, less departures from h before t.
        """
        inside = dict.fromkeys(self.states, 0)
        for day, rows in groupby(self.rows, key=itemgetter(0)):
            before = dict(inside)
            moves: dict[tuple[str, str], int] = {}
            censored: dict[str, int] = {}
            for _, from_state, to_state, n in rows:
                if from_state:
                    inside[from_state] -= n
                if to_state:
                    inside[to_state] += n
                if not to_state:
                    censored[from_state] = n
                elif from_state:
                    moves[from_state, to_state] = n
            yield Step(day, before, moves, censored, dict(inside))

    def life_table(
        self, state: str | None = None, events: Collection[str] | None = None
    ) -> tuple[LifeRow, ...]:
        """The life table of one *state*: its risk set and the moves into *events*, by day.

        Without *state* the flow must have a single state that can be left; without *events*
        every move out of it is one. Moves into other states count as censored. Entries at 0-
        are in the risk set of day 0, which is always the first row.
        """
        return tuple(
            LifeRow(day, at_risk, happened, after)
            for day, at_risk, _, happened, after in self.exits(state, events)
        )

    def exits(
        self, state: str | None = None, events: Collection[str] | None = None
    ) -> list[ExitRow]:
        """The life table with all moves out of *state* beside those into *events*.

        One pass over the rows and plain tuples: every curve of one state starts here.
        """
        chosen = self.only_state() if state is None else state
        table: list[ExitRow] = []
        today = BEFORE_ORIGIN
        at_risk = moved = happened = inside = 0
        for day, from_state, to_state, n in self.rows:
            if day != today:
                inside -= moved
                table.append((today, at_risk, moved, happened, inside))
                today, at_risk, moved, happened = day, inside, 0, 0
            if from_state == chosen:
                if not to_state:
                    inside -= n
                else:
                    moved += n
                    if events is None or to_state in events:
                        happened += n
            elif to_state == chosen:
                inside += n
        table.append((today, at_risk, moved, happened, inside - moved))
        if not any(row[-1] for row in table) and chosen not in self.states:
            return [(0, 0, 0, 0, 0)]
        (*_, entered), *days = table  # the first row is that of the entries at the origin
        opening = [] if days and days[0][0] == 0 else [(0, entered, 0, 0, entered)]
        return [*opening, *days]

    def only_state(self) -> str:
        """The one state that can be left; an error when there is not exactly one."""
        if len(self.transient) != 1:
            raise EngineError(
                f"a flow with {len(self.transient)} states that can be left needs one named",
                where="table FLOW",
                remedy="name the state, or use the Aalen-Johansen estimator",
            )
        return self.transient[0]

    def _check(self) -> None:
        """Nobody leaves a state without having been in it: else a hazard would be above 1."""
        inside: dict[str, int] = {}
        for _, rows in groupby(self.rows, key=itemgetter(0)):
            change: dict[str, int] = {}
            moved: dict[str, int] = {}
            for _, from_state, to_state, n in rows:
                if from_state:
                    change[from_state] = change.get(from_state, 0) - n
                if to_state:
                    change[to_state] = change.get(to_state, 0) + n
                    if from_state:
                        moved[from_state] = moved.get(from_state, 0) + n
            for state in sorted(change):
                before = inside.get(state, 0)
                inside[state] = before + change[state]
                if moved.get(state, 0) > before or inside[state] < 0:
                    raise EngineError(
                        "more units leave a state than are in it",
                        where=f"table FLOW, state {state!r}",
                        remedy="collapse spells of no length and count every entry",
                    )
