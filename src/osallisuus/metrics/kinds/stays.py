"""Stays: how long the people of one place were in a state, and how that ended.

Every figure by time is drawn from a :class:`Stays`: from the true counts for those who may see
them, and for all others from counts that are thinned to a few days and rounded
(:class:`~osallisuus.metrics.kinds.thinned.ThinnedStays`).
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cached_property
from hashlib import sha256
from typing import Any, Protocol

from osallisuus.metrics.estimate.curve import Curve
from osallisuus.metrics.estimate.flow import BEFORE_ORIGIN, Flow, FlowRow
from osallisuus.metrics.estimate.multistate import cumulative_incidence
from osallisuus.metrics.estimate.robust import robust_aalen_johansen
from osallisuus.metrics.estimate.survival import kaplan_meier
from osallisuus.metrics.metric import Row

__all__ = [
    "IN",
    "OTHER",
    "REST",
    "Counted",
    "Stays",
    "clusters_of",
    "curve_of",
    "flow_of_moves",
    "grouped",
    "notes_of",
]

IN = "(in)"
"""The state that everybody starts in; no code of a vocabulary can be this."""
OTHER = "other_endings"
"""The name under which endings that are not told apart stand together."""
REST = "(rest)"
"""All exits but the one that is asked for; it may be asked for :data:`OTHER`, so no code is this."""
_MOST_CLUSTERS = 400
_GROUPS = 100
"""Up to so many clusters each is left out by itself, above that in so many groups (B.2)."""


class Counted(Protocol):
    """Counts of one place from which figures are drawn, true or rounded."""

    @property
    def n(self) -> int:
        """How many began."""
        ...

    @property
    def censored(self) -> int:
        """How many are still open."""
        ...

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader must know of rows that are not in the figures."""
        ...

    @property
    def delayed(self) -> int:
        """How many came under observation only after their origin (rule L)."""
        ...

    def exits(self, event: str) -> int:
        """How many ended in *event*."""
        ...

    def flow(self, event: str | None = None) -> Flow:
        """The FLOW table with *event* apart from all other exits, or with all exits as one."""
        ...


class Stays:
    """The spells of one place, from rows of (entry day, last day, event or ``None``, number).

    Days count from the origin of each spell. Rows without days, or whose days run backwards, are
    left out and counted in ``left_out``; ``collapsed`` are those of no length that come late
    under observation, which no risk set can hold (rule S).
    """

    def __init__(self, rows: Iterable[Row]) -> None:
        self.rows: list[Row] = []
        self.left_out = self.collapsed = 0
        entries: dict[int, int] = {}
        ended: dict[str, int] = {}
        for row in rows:
            entry, day, event, n = row
            if entry is None or day is None or not 0 <= entry <= day:
                self.left_out += n
                continue
            self.rows.append(row)
            event = event or ""
            ended[event] = ended.get(event, 0) + n
            if entry:
                self.collapsed += n if entry == day else 0
            entries[entry] = entries.get(entry, 0) + n
        self.entries, self.ended = Counter(entries), Counter(ended)
        self.n = sum(entries.values())

    @cached_property
    def happened(self) -> Counter[tuple[int, str]]:
        """How many had which event on which day; "": last seen."""
        happened: Counter[tuple[int, str]] = Counter()
        for _, day, event, n in self.rows:
            happened[day, event or ""] += n
        return happened

    @property
    def censored(self) -> int:
        """How many are still open."""
        return self.ended[""]

    @property
    def delayed(self) -> int:
        """How many came under observation only after their origin (rule L)."""
        return self.n - self.entries[0]

    @property
    def events(self) -> list[str]:
        """The events that occurred, sorted."""
        return sorted(event for event, n in self.ended.items() if event and n)

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader must know of rows that are not in the figures."""
        return notes_of(self.left_out, self.collapsed)

    def exits(self, event: str) -> int:
        """How many ended in *event*."""
        return self.ended[event]

    def of(self, event: str) -> Counter[int]:
        """How many ended in *event*, by day."""
        days: Counter[int] = Counter()
        for _, day, code, n in self.rows:
            if code == event:
                days[day] += n
        return days

    def flow_by_event(self) -> Flow:
        """The FLOW table with every event apart."""
        table: list[FlowRow] = []
        for entry, day, code, n in self.rows:
            if entry < day or not entry:
                table.append((entry or BEFORE_ORIGIN, "", IN, n))
                table.append((day, IN, code or "", n))
        return Flow.of(table, self.collapsed)

    def flow(self, event: str | None = None) -> Flow:
        """The FLOW table with *event* apart from all other exits, or with all exits as one.

        The incidence of *event* is the same with the others as one, and so is its variance, which
        depends on its own and the total hazard only; three states are counted quickly.
        """
        entries: Counter[int] = Counter()
        moves: Counter[tuple[int, str]] = Counter()
        for entry, day, code, n in self.rows:
            if entry < day or not entry:
                entries[entry] += n
                moves[day, code or "" if code in (None, event) else REST] += n
        moves = moves if self.delayed else _gathered(moves)
        table = [(entry or BEFORE_ORIGIN, "", IN, n) for entry, n in entries.items()]
        table += [(day, IN, target, n) for (day, target), n in moves.items()]
        # the normal form of a flow by its making: every spell enters before it is left
        return Flow(tuple(sorted(table)), self.collapsed)

    def renamed(self, names: Mapping[str, str]) -> Stays:
        """The same with some events under another name."""
        return Stays(
            (entry, day, None if event is None else names.get(event, event), n)
            for entry, day, event, n in self.rows
        )


def _gathered(moves: Counter[tuple[int, str]]) -> Counter[tuple[int, str]]:
    """The moves with those last seen on the day of the last event before that.

    At risk on the days of events are the same, and a curve has no more points than it needs.
    Those who are seen longest stay where they are: they say how far the curve reaches.
    """
    days = sorted({day for day, target in moves if target})
    last = max((day for day, _ in moves), default=0)
    found: Counter[tuple[int, str]] = Counter()
    for (day, target), n in moves.items():
        place = 0 if target or day == last else bisect_right(days, day)
        found[days[place - 1] if place else day, target] += n
    return found


def notes_of(left_out: int, collapsed: int) -> tuple[str, ...]:
    """The notes on rows that are left out because of their days, and on those of no length."""
    notes = ("dates_out_of_order",) if left_out else ()
    return (*notes, "no_length") if collapsed else notes


def curve_of(
    counted: Counted,
    event: str | None,
    confidence: float,
    clusters: Iterable[Counted] = (),
) -> Curve:
    """The incidence of *event* by day, all other exits competing; without it, who stays.

    With *clusters*, the counts of each group of persons by itself, the errors are those between
    the groups (rule R); without, each spell is taken for a case of its own.
    """
    parts = [part.flow(event) for part in clusters]
    if not parts:
        flow = counted.flow(event)
        if event is None:
            return kaplan_meier(flow, IN, confidence=confidence)
        return cumulative_incidence(flow, event, IN, confidence=confidence)
    names = tuple(sorted({name for part in parts for name in part.states} | {IN, event or REST}))
    whole = robust_aalen_johansen(parts, names, IN, confidence=confidence)
    return whole.curve(REST).complement() if event is None else whole.curve(event)


def grouped(rows: Iterable[tuple[Any, Row]]) -> list[list[Row]]:
    """The rows of each cluster, or where there are many of each of a hundred groups of them.

    Pairs of a cluster's key and a row. Groups are drawn by the SHA-256 of the keys, so that they
    are the same on every engine.
    """
    by_key: dict[Any, list[Row]] = {}
    for key, row in rows:
        by_key.setdefault(key, []).append(row)
    ranked = sorted(by_key, key=lambda key: (sha256(repr(key).encode()).digest(), repr(key)))
    groups = len(ranked) if len(ranked) <= _MOST_CLUSTERS else _GROUPS
    return [
        [row for key in ranked[first::groups] for row in by_key[key]] for first in range(groups)
    ]


def clusters_of(rows: Iterable[tuple[Any, Row]]) -> list[Stays]:
    """The stays of each cluster, see :func:`grouped`; those without any are left out."""
    return [stays for stays in map(Stays, grouped(rows)) if stays.n]


def flow_of_moves(at_risk: Iterable[tuple[int, Mapping[str, int], int]]) -> Flow:
    """A flow in which so many are at risk on each day as it says: for counts made up of others.

    Triples of a day, the moves on it by their target, and how many are at risk on it; who is
    missing on the next day is censored on this one, and who is more enters.
    """
    table: list[FlowRow] = []
    before, inside = BEFORE_ORIGIN, 0
    for day, moves, risk in at_risk:
        change = risk - inside
        table.append((before, "", IN, change) if change > 0 else (before, IN, "", -change))
        table += [(day, IN, target, n) for target, n in moves.items()]
        before, inside = day, risk - sum(moves.values())
    table.append((before, IN, "", inside))
    return Flow.of(table)
