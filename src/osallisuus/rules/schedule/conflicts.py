"""Who or what would be in two places at once: across groups, or in two series of one group."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Final, Literal, TypeAlias

from osallisuus.rules.schedule.planned import Plan, PlannedSession
from osallisuus.values import frozen

__all__ = ["Conflict", "Resource", "clashes", "conflicts"]

Resource: TypeAlias = Literal["facilitator", "room", "member"]

_ORDER: Final[tuple[Resource, ...]] = ("facilitator", "room", "member")


@frozen
class Conflict:
    """Two sessions at the same time that need the same facilitator, room or member.

    ``who`` is an id, or the name of a room; it stays with those who may see it.
    """

    what: Resource
    who: str
    one: PlannedSession
    other: PlannedSession

    def __repr__(self) -> str:
        return f"Conflict({self.what!r}, {self.one.id!r}, {self.other.id!r})"


_Interval: TypeAlias = tuple[datetime, datetime, str, PlannedSession]


def conflicts(
    plans: Iterable[Plan], members: Mapping[str, Collection[str]] | None = None
) -> tuple[Conflict, ...]:
    """All pairs of sessions that overlap and share somebody or a room, in order of time.

    *members* are the people of each series. Sessions last from their beginning up to, and not
    including, their end: one that begins when another ends is no conflict. Cancelled sessions, and
    those without a clock time or a length, take no time.
    """
    taken: dict[tuple[Resource, str], list[_Interval]] = {}
    for plan in plans:
        everybody = tuple(sorted((members or {}).get(plan.series, ())))
        for session in plan.met:
            end = session.ends_at
            if session.starts_at is None or end is None:
                continue
            begin = session.starts_at.astimezone(UTC)
            for need in _needs(session, everybody):
                taken.setdefault(need, []).append((begin, end.astimezone(UTC), session.id, session))
    found = [
        Conflict(what, who, one, other)
        for (what, who), intervals in taken.items()
        for one, other in _overlapping(intervals)
    ]
    return tuple(sorted(found, key=_in_time))


def clashes(
    plan: Plan, others: Iterable[PlannedSession]
) -> tuple[tuple[PlannedSession, PlannedSession], ...]:
    """Sessions of *plan* and of *others* that nobody could come to both of, in order of time.

    They overlap by the clock; where one of the two has no clock time or no length, its whole day is
    taken. Cancelled sessions take no time.
    """
    by_day: dict[date, list[PlannedSession]] = {}
    for other in others:
        if other.status != "cancelled":
            by_day.setdefault(other.day, []).append(other)
    return tuple(
        (one, other)
        for one in plan.met
        for other in by_day.get(one.day, ())
        if _at_once(one, other)
    )


def _at_once(one: PlannedSession, other: PlannedSession) -> bool:
    """Whether two sessions of one day overlap, as far as their clock times are stated."""
    begin, end, other_begin, other_end = one.starts_at, one.ends_at, other.starts_at, other.ends_at
    if begin is None or end is None or other_begin is None or other_end is None:
        return True
    return begin < other_end and other_begin < end


def _needs(session: PlannedSession, members: Iterable[str]) -> Iterator[tuple[Resource, str]]:
    for who in sorted(set(session.facilitators)):
        yield "facilitator", who
    if session.room is not None:
        yield "room", session.room
    for who in members:
        yield "member", who


def _overlapping(intervals: list[_Interval]) -> Iterator[tuple[PlannedSession, PlannedSession]]:
    """Pairs that share any moment: those still going on when the next one begins."""
    going_on: list[_Interval] = []
    for interval in sorted(intervals, key=lambda one: one[:3]):
        going_on = [one for one in going_on if one[1] > interval[0]]
        yield from ((one[3], interval[3]) for one in going_on)
        going_on.append(interval)


def _in_time(one: Conflict) -> tuple[object, ...]:
    moments = [session.starts_at for session in (one.one, one.other) if session.starts_at]
    began = max(moment.astimezone(UTC) for moment in moments)
    return (began, _ORDER.index(one.what), one.who, one.one.id, one.other.id)
