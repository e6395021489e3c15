"""Making a plan: the days of the rule one after the other, each with what becomes of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from hashlib import sha256
from itertools import islice, pairwise
from operator import attrgetter
from typing import Final

from attrs import evolve

from osallisuus.errors import DefinitionError, LimitError
from osallisuus.model.cadence import AsNeeded, Cadence, Exactly, Length
from osallisuus.model.columns import TYPES
from osallisuus.rules.schedule.clock import local_moment, nights
from osallisuus.rules.schedule.closures import Closure, closed_days
from osallisuus.rules.schedule.outline import told_by
from osallisuus.rules.schedule.planned import LeftOut, Plan, PlannedSession, Reason, ReasonCode
from osallisuus.rules.schedule.rule import rule_of
from osallisuus.rules.schedule.timetable import Timetable, zone_of
from osallisuus.time import Period
from osallisuus.values import frozen

__all__ = ["Limits", "plan", "unfold"]

_FIRST_YEAR: Final = 1900
_LAST_YEAR: Final = 9000
_SHORTEST: Final = {"day": 1, "week": 7, "month": 28, "year": 365}
"""Days of a unit, at least."""
_SERIES: Final = 58
"""Characters; with the place of a session it is an id of at most 64."""


@frozen(kw_only=True)
class Limits:
    """How far a plan may go before it is refused. Raise one on purpose."""

    sessions: int = 10_000
    years: int = 20
    """From the start to the last day that is looked at."""

    def beyond(self, start: date) -> date:
        """The first day that is not looked at any more."""
        return date(start.year + self.years, start.month, min(start.day, 28))


def plan(
    cadence: Cadence,
    start: date,
    timetable: Timetable | None = None,
    *,
    ends_on: date | None = None,
    closures: Iterable[Closure] = (),
    nominal: Length | None = None,
    series: str = "",
    limits: Limits | None = None,
) -> Plan:
    """The sessions that *cadence* promises from *start* on, as *timetable* says.

    ``ends_on`` is the first day after; without it an exact number ends the series, or the nominal
    duration where that is one length. Cadences that are no number need one of the two.
    ``series`` begins the ids; without it one is made from the start and the timetable.

    Equal arguments give equal plans. Raises :class:`DefinitionError` where something is missing or
    contradictory, and :class:`LimitError` for a plan beyond the *limits*.
    """
    timetable = timetable or Timetable()
    if isinstance(cadence, Exactly) and timetable.minutes is None:
        timetable = evolve(timetable, minutes=cadence.duration)
    limits = limits or Limits()
    count = cadence.count if isinstance(cadence, Exactly) else None
    empty = Plan(
        series=_series(series, start, timetable),
        cadence=cadence,
        timetable=timetable,
        rule=rule_of(cadence, start, timetable),
        starts_on=start,
        ends_on=_end(cadence, start, nominal, ends_on),
        asked=count or 0,
        closures=tuple(closures),
        nominal=nominal,
    )
    _within(empty, limits)
    return empty if empty.rule is None else unfold(empty, {}, limits)


def _within(planned: Plan, limits: Limits) -> None:
    """Refuse what is plainly too much before a single day is looked at."""
    start, rule = planned.starts_on, planned.rule
    if not _FIRST_YEAR <= start.year <= _LAST_YEAR:
        raise LimitError(
            "too far from our time", where="start", remedy=f"from {_FIRST_YEAR} to {_LAST_YEAR}"
        )
    if planned.asked > limits.sessions:
        raise _too_many(limits)
    steps = 0 if rule is None else rule.step * max(1, planned.asked - 1)
    days = 0 if rule is None else steps * _SHORTEST[rule.unit]
    end = planned.ends_on
    if days > 366 * limits.years or (end and end > limits.beyond(start)):
        raise _too_long(limits)


def _too_many(limits: Limits) -> LimitError:
    return LimitError(
        f"more than {limits.sessions} sessions",
        where="plan",
        remedy="plan a shorter time, or raise Limits(sessions=...)",
    )


def _end(
    cadence: Cadence, start: date, nominal: Length | None, ends_on: date | None
) -> date | None:
    """The first day after, where the cadence does not end by itself."""
    if isinstance(cadence, Exactly):
        if ends_on is None:
            return None
        raise DefinitionError(
            "an exact number of sessions ends by itself", where="ends_on", remedy="leave it out"
        )
    if ends_on is None and nominal is not None and nominal.min == nominal.max:
        ends_on, _ = nominal.ends(start)
    if ends_on is None and not isinstance(cadence, AsNeeded):
        raise DefinitionError(
            "the cadence does not say when it ends",
            where="ends_on",
            remedy="give the first day after, or a length",
        )
    if ends_on is not None and ends_on < start:
        raise DefinitionError(
            "a plan ends before it starts", where="ends_on", remedy="give a later day"
        )
    return ends_on


def _series(given: str, start: date, timetable: Timetable) -> str:
    if not given:  # says nothing that the sessions do not show; the same for the same timetable
        seen = f"{start} {timetable.at} {timetable.every} {timetable.minutes} {timetable.zone}"
        days = " ".join(map(str, timetable.on))
        return "s" + sha256(f"{seen} {days}".encode()).hexdigest()[:15]
    try:
        TYPES["id"].check(given)
    except ValueError:
        pass
    else:
        if len(given) <= _SERIES:
            return given
    raise DefinitionError(
        "not an id for a series",
        where="series",
        remedy=f"letters, digits and . _ : - without spaces, {_SERIES} at most; never a name",
    )


def unfold(empty: Plan, kept: Mapping[int, PlannedSession | LeftOut], limits: Limits) -> Plan:
    """*empty* with its sessions. What stands in *kept* under its place stays as it is.

    A plan with an end asks for as many sessions as the rule has days before it, one with a number
    for that many. A day that is closed counts as one of them, unless it is made up for at the end.
    """
    assert empty.rule is not None  # noqa: S101 - as needed has nothing to unfold
    beyond = limits.beyond(empty.starts_on)
    closed = closed_days(empty.closures, Period(empty.rule.anchor, beyond))
    make = _Maker(empty, closed)
    end, asked, used = _bound(empty), empty.asked, 0
    sessions: list[PlannedSession] = []
    left_out: list[LeftOut] = []
    days = islice(empty.rule.days(), limits.sessions + 2)
    for place, (midnight, following) in enumerate(pairwise(days), 1):
        day = midnight.date()
        if day < end:
            asked += 1
        elif used == asked:
            break
        elif day >= beyond:
            raise _too_long(limits)
        used += 1
        if day not in closed and place not in kept:
            sessions.append(make.session(place, day, day))
            continue
        outcome = kept.get(place) or make.closed(place, day, following.date())
        if isinstance(outcome, LeftOut):
            left_out.append(outcome)
            used -= outcome.made_up_for
        else:
            sessions.append(outcome)
    else:
        raise _too_many(limits)
    if empty.outline:
        sessions = told_by(empty.outline, sessions, kept)
    if kept:  # a day that somebody chose may lie beyond the next one of the rule
        sessions.sort(key=attrgetter("day", "place"))
    _refuse_at_once(sessions)
    left_out.extend(_lacking(empty, sessions))
    left_out.sort(key=lambda one: (one.days, one.place or 0))
    return evolve(empty, asked=asked, sessions=tuple(sessions), left_out=tuple(left_out))


def _refuse_at_once(sessions: Sequence[PlannedSession]) -> None:
    """Where the clocks skip a whole day, a time moved on by as much is that of the next day."""
    moved = [one for one in sessions if any(why.code == "clock_gap" for why in one.reasons)]
    for session in moved:
        if sum(one.starts_at == session.starts_at for one in sessions) > 1:
            raise DefinitionError(
                "two sessions at the same moment, since the clocks skip the day of one",
                where=f"{session.rule_on}",
                remedy="close that day, or choose another one",
            )


def _bound(empty: Plan) -> date:
    """Days of the rule before it are asked for; none where a number was asked."""
    return date.min if empty.asked or empty.ends_on is None else empty.ends_on


def _too_long(limits: Limits) -> LimitError:
    return LimitError(
        f"more than {limits.years} years",
        where="plan",
        remedy="plan a shorter time, close fewer days, or raise Limits(years=...)",
    )


def _lacking(empty: Plan, sessions: Sequence[PlannedSession]) -> Iterator[LeftOut]:
    assert empty.rule is not None  # noqa: S101 - see above
    until = empty.ends_on or empty.starts_on
    if sessions:
        until = max(until, sessions[-1].rule_on)
    for unit in empty.rule.lacking(until):
        yield LeftOut(unit, Reason("no_such_day"))


class _Maker:
    """Makes what becomes of one day of the rule: a session there, one moved, or none."""

    def __init__(self, empty: Plan, closed: Mapping[date, Closure]) -> None:
        table = empty.timetable
        self._series, self._closed, self._table = empty.series, closed, table
        self._zone = None if table.at is None else zone_of(table.zone)
        self._weekdays = frozenset(day.number for day in table.move_to)
        self._taken = frozenset(table.taken)

    def closed(self, place: int, day: date, following: date) -> PlannedSession | LeftOut:
        """What becomes of a day that is closed."""
        closure = self._closed[day]
        code: ReasonCode = "closed"
        if closure.policy == "move":
            other = self._next_open(day, following)
            if other is not None:
                return self.session(place, day, other, (Reason("closed", closure),))
            code = "nowhere_to_move"
        return LeftOut(Period(day, day + timedelta(1)), Reason(code, closure), place)

    def _next_open(self, day: date, following: date) -> date | None:
        """The next day that suits before the next one of the rule, so that order is kept."""
        other = day + timedelta(1)
        while other < following:
            suits = other.weekday() in self._weekdays and other not in self._taken
            if suits and other not in self._closed:
                return other
            other += timedelta(1)
        return None

    def session(
        self, place: int, rule_on: date, day: date, reasons: tuple[Reason, ...] = ()
    ) -> PlannedSession:
        """The session that stands for *rule_on*, held on *day*."""
        table, zone, at, starts_at = self._table, self._zone, self._table.at, None
        if zone is not None and at is not None:
            if day in nights(zone, day.year):
                starts_at, change = local_moment(day, at, zone, table.gap, table.fold)
                if change is not None:
                    day, reasons = starts_at.date(), (*reasons, Reason(change))
            else:  # the clocks run on as they do on nearly every day
                starts_at = datetime.combine(day, at, zone)
        return PlannedSession(
            self._series,
            place,
            rule_on,
            day,
            starts_at,
            table.minutes,
            table.break_minutes,
            table.room,
            table.facilitators,
            "planned",
            reasons,
        )
