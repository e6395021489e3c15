"""MultiState: who is in which state, by day, with moves in any direction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, ClassVar

from attrs import evolve

from osallisuus.metrics.engine import Dialect
from osallisuus.metrics.estimate.flow import BEFORE_ORIGIN, Flow
from osallisuus.metrics.estimate.multistate import aalen_johansen
from osallisuus.metrics.estimate.robust import robust_aalen_johansen
from osallisuus.metrics.kinds.occupied import Occupancy, StateLine
from osallisuus.metrics.kinds.stays import grouped
from osallisuus.metrics.kinds.thinned import thin
from osallisuus.metrics.metric import Draw, Label, Metric, Row, Tally, Thinning
from osallisuus.metrics.tabulate import Tabulation
from osallisuus.values import frozen

__all__ = ["MultiState"]

_ENTRY, _EXIT, _ARRIVAL = 0, 1, 2


@frozen(kw_only=True)
class MultiState(Metric):
    """The probability of each state by day since the origin (P1; rules K, L, S, T).

    ``cases`` returns one row per spell: ``person, case_id, happened_on, part, entry_days, days,
    from_state, to_state``. ``part`` keeps processes apart that run side by side, or is ``NULL``;
    ``to_state`` is ``NULL`` where the case was last seen in its state. A spell of no length
    passes its move on; a case has at most one of them on a day. With *held* only that state is
    drawn, under the name of its part. Stepping back is a move like any other.

    People who come back to a state have not forgotten that they were there, which Greenwood's
    error leaves out: then a note says so (``by_move``), and with the policy ``cluster=person``
    the error is the one between cases (the infinitesimal jackknife). What leaves is the share of
    those still observed on a day, with its Wilson interval.
    """

    kind: ClassVar[str] = "multistate"
    in_one_piece: ClassVar[bool] = True
    columns: ClassVar[tuple[str, ...]] = (
        "person",
        "case_id",
        "happened_on",
        "part",
        "entry_days",
        "days",
        "from_state",
        "to_state",
    )
    tabulation: ClassVar[Tabulation] = Tabulation(
        "FLOW", ("part", "what", "day", "source", "target"), ("n",)
    )

    counted: ClassVar[str] = "COUNT(DISTINCT case_id)"

    held: str | None = None

    def options(self) -> list[Any]:
        """See :class:`Metric`."""
        return [self.held]

    def table(self, dims: Sequence[str], dialect: Dialect) -> str:
        """See :class:`Metric`: entries, exits, and arrivals that no spell follows (FLOW, A.3)."""
        listed = "".join(f"{dim}, " for dim in dims)
        case_id = ", case_id" if self._by_case else ""
        # a case stands once in every period that it is in, and periods may overlap
        case = f"PARTITION BY {listed}case_id, part"
        # who arrives in a state on the day they are last seen has moved into it all the same
        passed_on = (
            "CASE WHEN to_state IS NULL AND entry_days = days AND days > 0 THEN from_state"
            " ELSE to_state END"
        )
        ended = (
            f"SELECT {listed}case_id, part, entry_days, days, from_state, FIRST_VALUE({passed_on})"
            f" OVER ({case}, days ORDER BY entry_days DESC) AS to_state FROM placed"
        )
        order = "ORDER BY entry_days, days"
        linked = (
            f"SELECT {listed}case_id, part, entry_days, days, from_state, to_state,"
            f" LAG(days) OVER ({case} {order}) AS prev_days,"
            f" LAG(to_state) OVER ({case} {order}) AS prev_to,"
            f" LEAD(entry_days) OVER ({case} {order}) AS next_entry,"
            f" LEAD(from_state) OVER ({case} {order}) AS next_from"
            f" FROM ({ended}) AS ended WHERE days > entry_days OR (days = 0 AND entry_days = 0)"
        )
        first = f"CASE WHEN entry_days = 0 THEN {BEFORE_ORIGIN} ELSE entry_days END"
        selects = (
            (
                _ENTRY,
                first,
                "''",
                "from_state",
                (
                    "prev_days IS NULL OR prev_to IS NULL OR prev_days <> entry_days"
                    " OR prev_to <> from_state"
                ),
            ),
            (_EXIT, "days", "from_state", "COALESCE(to_state, '')", "days >= entry_days"),
            (
                _ARRIVAL,
                "days",
                "to_state",
                "''",
                (
                    "to_state IS NOT NULL AND (next_entry IS NULL OR next_entry <> days"
                    " OR next_from <> to_state)"
                ),
            ),
        )
        moves = " UNION ALL ".join(
            f"SELECT {listed}part, {what} AS what, {day} AS day, {source} AS source,"
            f" {target} AS target{case_id} FROM linked WHERE {condition}"
            for what, day, source, target, condition in selects
        )
        # named once, so that the cases are found once for the three of them
        return (
            f"SELECT {listed}part, what, day, source, target{case_id}, COUNT(*) AS n"
            f" FROM (WITH linked AS ({linked}) {moves}) AS moves"
            f" GROUP BY {listed}part, what, day, source, target{case_id}"
        )

    def draw(
        self, rows: Sequence[Row], *, confidence: float, grid: Thinning | None = None
    ) -> list[Draw]:
        """See :class:`Metric`."""
        if not rows:
            return [Draw(name=self.name, measure="proportion", reason="no_cases", n=0)]
        parts = sorted({row[0] for row in rows}, key=lambda part: (part is not None, part))
        return [
            draw
            for part in parts
            for draw in self._drawn(part, [row for row in rows if row[0] == part], confidence, grid)
        ]

    @property
    def _by_case(self) -> bool:
        return self.policies.get("cluster") == "person"

    def _drawn(
        self, part: str | None, rows: Sequence[Row], confidence: float, grid: Thinning | None
    ) -> list[Draw]:
        """The curves of one part from its rows."""
        left = {row[3] for row in rows if row[1] == _EXIT}
        if grid is not None:
            left |= {state for own, state in grid.states if own == (part or "")}
        flow = _flow(rows, left)
        if self._by_case and grid is None:
            curve = robust_aalen_johansen(_flows_by_case(rows, left), confidence=confidence)
        else:
            curve = aalen_johansen(flow, confidence=confidence)
            if _return(rows):
                curve = evolve(curve, notes=(*curve.notes, "by_move"))
        watched, occupied = _between(rows, part, grid), Occupancy(flow)
        drawn: list[Draw] = []
        for state in [self.held] if self.held is not None else curve.states:
            if state in curve.states:
                name = part if self.held is not None and part is not None else state
                line = StateLine(
                    name, part, state, curve.curve(state), occupied, watched, confidence
                )
                drawn += line.draws(grid, came=any(row[4] == state for row in rows))
        return drawn

    def grid(self, places: Iterable[Sequence[Row]], threshold: int) -> Thinning | None:
        """See :class:`Metric`: each part by itself."""
        happened: dict[str, Counter[tuple[int, str, str]]] = {}
        for rows in places:
            for part, what, day, source, target, *_, n in rows:
                moves = happened.setdefault(part or "", Counter())
                if what == _EXIT:
                    moves[max(day, 0), source, target] += n
        return Thinning(
            {
                part: thin(
                    ((day, f"{a} {b}" if b else "", n) for (day, a, b), n in moves.items()),
                    threshold,
                    to_the_end=False,
                )
                for part, moves in happened.items()
            },
            threshold=threshold,
            states=frozenset(
                (part, source) for part, moves in happened.items() for _, source, _ in moves
            ),
        )

    def keys(self, dialect: Dialect) -> tuple[str, ...]:
        """See :class:`Metric`."""
        return ("case_id", "part", "from_state", "to_state", "entry_days", "days")

    def contributions(self, rows: Sequence[Row], grid: Thinning | None) -> Mapping[Label, int]:
        """See :class:`Metric`."""
        counts: Counter[Label] = Counter()
        if grid is None:
            return counts
        for part, entry, day, from_state, to_state, ends in _spells(rows):
            absorbed = ends and (part or "", to_state) not in grid.states
            for at in grid.days.get(part or "", ()):
                state = None
                if entry <= at < day or (to_state is None and at == day):
                    state = from_state
                elif ends and (at == day or (absorbed and at > day)):
                    state = to_state
                if state is not None:
                    counts["in", part, state, at] += 1
                    counts["observed", part, at] += 1
            window = grid.window(day, part or "")
            if window is not None:
                counts["moved", part, from_state, to_state or "", *window] += 1
        return counts


def _flow(rows: Sequence[Row], left: Collection[str]) -> Flow:
    """The flow, in which who arrives in a state that somebody has *left* is last seen there."""
    return Flow.of(
        (day, source, target, n)
        for _, what, day, source, target, *_, n in rows
        if what != _ARRIVAL or source in left
    )


def _flows_by_case(rows: Sequence[Row], left: Collection[str]) -> list[Flow]:
    """The flow of each case, or where there are many of each of a hundred groups of them."""
    return [_flow(own, left) for own in grouped((row[-2], row) for row in rows)]


def _return(rows: Sequence[Row]) -> bool:
    """Whether somebody can have come back: from some state moves lead back to it."""
    moves = {(row[3], row[4]) for row in rows if row[1] == _EXIT and row[4]}
    reached = set(moves)
    while more := {(a, d) for a, b in reached for c, d in moves if b == c} - reached:
        reached |= more
    return any(a == b for a, b in reached)


def _between(rows: Sequence[Row], part: str | None, grid: Thinning | None) -> tuple[Tally, ...]:
    """Small numbers of moves between two points."""
    if grid is None:
        return ()
    moves: dict[Label, Counter[tuple[int, int]]] = {}
    for own, what, day, source, target, *_, n in rows:
        window = grid.window(day, part or "")
        if own == part and what == _EXIT and window is not None:
            moves.setdefault(("moved", part, source, target), Counter())[window] += n
    return tuple(
        tally
        for label, happened in sorted(moves.items(), key=repr)
        for tally in grid.small(happened, label, part or "")
    )


def _spells(rows: Iterable[Row]) -> list[tuple[str | None, int, int, str, str | None, bool]]:
    """The spells of one unit as the table takes them: part, days from and to, and both states.

    Those of no length have passed their move on. Last comes whether no spell follows the move.
    """
    known = list(rows)
    last: dict[tuple[Any, ...], tuple[int, str | None]] = {}
    for case, part, from_state, to_state, entry, day in known:
        passed_on = from_state if to_state is None and entry == day and day > 0 else to_state
        if (case, part, day) not in last or entry > last[case, part, day][0]:
            last[case, part, day] = (entry, passed_on)
    kept = [row for row in known if row[5] > row[4] or row[5] == row[4] == 0]
    begun = {(case, part, entry, state) for case, part, state, _, entry, _ in kept}
    found = []
    for case, part, from_state, _, entry, day in kept:
        target = last[case, part, day][1]
        ends = target is not None and (case, part, day, target) not in begun
        found.append((part, entry, day, from_state, target, ends))
    return found
