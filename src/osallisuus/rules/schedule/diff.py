"""What differs between two plans of one series, session by session."""

from __future__ import annotations

from attrs import evolve

from osallisuus.rules.schedule.planned import Plan, PlannedSession
from osallisuus.values import frozen

__all__ = ["Difference", "difference"]


@frozen
class Difference:
    """Sessions by what became of them; pairs are before and after. Reasons make no difference."""

    added: tuple[PlannedSession, ...] = ()
    removed: tuple[PlannedSession, ...] = ()
    moved: tuple[tuple[PlannedSession, PlannedSession], ...] = ()
    """Another day, clock time or length."""
    changed: tuple[tuple[PlannedSession, PlannedSession], ...] = ()
    """At the same time, but in another room, with other people, held or cancelled."""
    unchanged: tuple[PlannedSession, ...] = ()

    def __bool__(self) -> bool:
        return any((self.added, self.removed, self.moved, self.changed))


def difference(before: Plan, after: Plan) -> Difference:
    """What *after* has otherwise than *before*; sessions are known by their ids."""
    old = {one.id: one for one in before.sessions}
    new = {one.id: one for one in after.sessions}
    both = [(one, new[one.id]) for one in before.sessions if one.id in new]
    moved = [pair for pair in both if _time(pair[0]) != _time(pair[1])]
    still = [pair for pair in both if _time(pair[0]) == _time(pair[1])]
    return Difference(
        added=tuple(one for one in after.sessions if one.id not in old),
        removed=tuple(one for one in before.sessions if one.id not in new),
        moved=tuple(moved),
        changed=tuple(pair for pair in still if _rest(pair[0]) != _rest(pair[1])),
        unchanged=tuple(new for old, new in still if _rest(old) == _rest(new)),
    )


def _time(one: PlannedSession) -> tuple[object, ...]:
    # an aware time equals another zone's, so the wall time is compared with its offset
    at = one.starts_at
    return (one.day, at and (at.replace(tzinfo=None), at.utcoffset()), one.minutes)


def _rest(one: PlannedSession) -> PlannedSession:
    return evolve(one, rule_on=one.day, reasons=())
