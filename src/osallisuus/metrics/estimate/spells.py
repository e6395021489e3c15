"""From the spells of units to their FLOW table: the meaning of the table, in plain Python.

An engine makes the same table where the data lie; this is what it has to equal.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from itertools import groupby
from typing import NamedTuple

from osallisuus.errors import EngineError
from osallisuus.metrics.estimate.flow import BEFORE_ORIGIN, Flow, FlowRow

__all__ = ["Spell", "flow_of"]


class Spell(NamedTuple):
    """A unit (a person, or one episode of a person) in one state from day to day."""

    unit: str
    entry: int
    exit: int
    from_state: str
    to_state: str
    """The state that follows; '' when the unit was last seen in ``from_state``."""


_AnySpell = Spell | tuple[str, int, int, str, str]


def flow_of(spells: Iterable[_AnySpell], transient: Collection[str] | None = None) -> Flow:
    """The flow of *spells* in any order (A.3; rules s, t and l of A.1).

    A spell that begins where and when another of its unit ended continues it and is no entry.
    Spells of no length are collapsed, A -> B -> C on one day becoming A -> C, and counted in
    ``n_collapsed``; only on the origin day, where the entry counts as 0-, one stays. A unit that
    moves into a *transient* state and has no spell there is censored at once, else it would
    stay at risk for ever. *transient* is by default every state that one of the spells is in;
    name the states where flows of parts are to be merged, so that all parts know the same ones.

    An :class:`~osallisuus.errors.EngineError` says when a spell begins before the origin or
    ends before it begins.
    """
    ordered = sorted(Spell(*spell) for spell in spells)
    known = {spell.from_state for spell in ordered} if transient is None else set(transient)
    rows: Counter[tuple[int, str, str]] = Counter()
    n_collapsed = 0
    for _, of_unit in groupby(ordered, key=lambda spell: spell.unit):
        own = list(of_unit)
        lasting = _collapse(own)
        n_collapsed += len(own) - len(lasting)
        rows.update(_rows(lasting, known))
    table: list[FlowRow] = [(*key, n) for key, n in rows.items()]
    return Flow.of(table, n_collapsed)


def _collapse(spells: list[Spell]) -> list[Spell]:
    """The spells of one unit without those of no length."""
    instants: dict[int, list[Spell]] = {}
    lasting = []
    for spell in spells:
        if not 0 <= spell.entry <= spell.exit:
            raise EngineError(
                "a spell begins before the origin or ends before it begins",
                where="spells",
                remedy="correct its dates, or leave it out and report it as a finding",
            )
        if spell.entry == spell.exit:
            instants.setdefault(spell.entry, []).append(spell)
        else:
            lasting.append(spell)
    for day in sorted(instants):
        chain = instants[day]
        if day == 0:
            lasting.append(_take_first(chain, {s.from_state for s in lasting if s.entry == 0}))
        lasting = [
            spell._replace(to_state=_follow(spell.to_state, chain)) if spell.exit == day else spell
            for spell in lasting
        ]
    return lasting


def _take_first(chain: list[Spell], staying: Collection[str]) -> Spell:
    """Take out of *chain*, the moves of the origin day, one that it can start with.

    A walk that uses every move starts where one more of them leads out than in. A round trip
    starts where it ends, in one of the states *staying* on from that day; with none of them
    nobody can tell, and the first by name will do.
    """
    out = Counter(spell.from_state for spell in chain)
    unmatched = out - Counter(spell.to_state for spell in chain)
    starts = set(unmatched) or out.keys() & set(staying) or out.keys()
    first = next(spell for spell in chain if spell.from_state in starts)
    chain.remove(first)
    return first


def _follow(state: str, chain: list[Spell]) -> str:
    """Where a unit that comes into *state* stands after the moves of *chain*, all on one day.

    Every move is used once; where two are possible, one that leads on goes first, then the
    first by name, so that the order of the records cannot matter (rule t).
    """
    left = list(chain)
    while moves := [spell for spell in left if spell.from_state == state and spell.to_state]:
        onward = {spell.from_state for spell in left}
        chosen = min(moves, key=lambda spell: (spell.to_state not in onward, spell.to_state))
        left.remove(chosen)
        state = chosen.to_state
    return state


def _rows(spells: list[Spell], transient: Collection[str]) -> Counter[tuple[int, str, str]]:
    """The rows of one unit: entries, moves, censorings."""
    # a spell of no length begins at 0-: what arrives on day 0 is not what it continues
    begun = Counter(
        (spell.entry if spell.exit else BEFORE_ORIGIN, spell.from_state) for spell in spells
    )
    arrived = Counter((spell.exit, spell.to_state) for spell in spells if spell.to_state)
    rows = Counter((spell.exit, spell.from_state, spell.to_state) for spell in spells)
    for (day, state), n in (begun - arrived).items():
        rows[day or BEFORE_ORIGIN, "", state] += n
    for (day, state), n in (arrived - begun).items():
        if state in transient:
            rows[day, state, ""] += n
    return rows
