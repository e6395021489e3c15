"""What a plan holds: sessions, days left out, and a reason for all that is not as the rule says."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Literal, TypeAlias

from osallisuus.model.cadence import Cadence, Length, promised, step, whole_units
from osallisuus.model.offering import Step
from osallisuus.model.stated import Code, Text
from osallisuus.rules.schedule.closures import Closure
from osallisuus.rules.schedule.rule import Rule
from osallisuus.rules.schedule.timetable import Timetable
from osallisuus.time import Period
from osallisuus.values import frozen

__all__ = ["LeftOut", "Plan", "PlannedSession", "Reason", "ReasonCode", "Status"]

Status: TypeAlias = Literal["planned", "held", "cancelled"]

ReasonCode: TypeAlias = Literal[
    "closed", "nowhere_to_move", "no_such_day", "clock_gap", "clock_fold", "edited"
]
"""Closed that day; closed, and no day before the next session suits; the month or year has no such
day; the clocks skip or repeat that time; a person changed it."""


@frozen
class Reason:
    """Why something is not as the rule says, with the closure or a person's words, if any."""

    code: ReasonCode
    closure: Closure | None = None
    text: Text | None = None


@frozen
class PlannedSession:
    """One session. ``place`` is the how-manieth day of the rule it stands for, from 1 on."""

    series: str
    place: int
    rule_on: date
    """The day that the rule says."""
    day: date
    starts_at: datetime | None
    """With its zone; ``None`` where no clock time is stated."""
    minutes: int | None
    break_minutes: int | None
    room: str | None
    facilitators: tuple[str, ...]
    status: Status = "planned"
    reasons: tuple[Reason, ...] = ()
    title: Text | None = None
    """What the programme's outline calls it."""
    theme: Code | None = None
    """What it is planned to be about, by the outline or by its record."""

    @property
    def id(self) -> str:
        """Made of the series and the place, so that it stays when the session is moved."""
        return f"{self.series}.{self.place:03}"

    @property
    def ends_at(self) -> datetime | None:
        """``minutes`` after the start by the clock on the wall, also in a night of 23 hours."""
        if self.starts_at is None or self.minutes is None:
            return None
        end = self.starts_at.astimezone(UTC) + timedelta(minutes=self.minutes)
        return end.astimezone(self.starts_at.tzinfo)

    @property
    def net_minutes(self) -> int | None:
        """Minutes without breaks; ``None`` where either is not stated (W20, T9)."""
        if self.minutes is None or self.break_minutes is None:
            return None
        return self.minutes - self.break_minutes


@frozen
class LeftOut:
    """A day of the rule without a session; or the month or year that has no such day."""

    days: Period
    reason: Reason
    place: int | None = None

    @property
    def made_up_for(self) -> bool:
        """Whether the series goes on longer for it."""
        closure = self.reason.closure
        return closure is not None and closure.policy == "extend"


@frozen(kw_only=True)
class Plan:
    """A series of sessions as planned, and everything by which it can be made again."""

    series: str
    """Begins the id of every session, such as the id of the group."""
    cadence: Cadence
    timetable: Timetable
    rule: Rule | None
    """``None`` where sessions are held as needed: then there are no dates to plan."""
    starts_on: date
    ends_on: date | None = None
    """The first day after; ``None`` where a number of sessions ends the series."""
    asked: int = 0
    """How many days the rule gives: sessions, and days left out that are not made up for."""
    closures: tuple[Closure, ...] = ()
    nominal: Length | None = None
    """How long it lasts by the programme's own words, which need not agree (Q11)."""
    outline: tuple[Step, ...] = ()
    """What the sessions are about, one after the other; empty where that is not stated (W18)."""
    sessions: tuple[PlannedSession, ...] = ()
    left_out: tuple[LeftOut, ...] = ()

    @property
    def met(self) -> tuple[PlannedSession, ...]:
        """The sessions that are not cancelled."""
        return tuple(one for one in self.sessions if one.status != "cancelled")

    @property
    def steps_without_session(self) -> tuple[Step, ...]:
        """The steps of the outline for which no session is left, or only a cancelled one."""
        told = [(one.title, one.theme) for one in self.met]
        without = []
        for one in self.outline:
            if (one.title, one.theme) in told:
                told.remove((one.title, one.theme))
            else:
                without.append(one)
        return tuple(without)

    @property
    def promised(self) -> tuple[int, int] | None:
        """The fewest and most sessions that the cadence promises in the time of the plan."""
        return promised(self.cadence, Period(self.starts_on, self.ends_on or self.starts_on))

    @property
    def left_over(self) -> int:
        """How many sessions lie after the last whole unit, for which nothing is promised.

        Four months are 17 whole weeks and a few days (T11): a series on Mondays and Thursdays may
        have a 35th session in those days.
        """
        if self.rule is None or self.ends_on is None:
            return 0
        units = whole_units(Period(self.starts_on, self.ends_on), self.rule.unit)
        after = step(self.starts_on, units, self.rule.unit)
        return sum(one.rule_on >= after for one in self.met)

    @property
    def span_days(self) -> int | None:
        """Days from the first session to the last: 49 for eight weekly ones (T10)."""
        met = self.met
        return (met[-1].day - met[0].day).days if met else None

    @property
    def nominal_days(self) -> tuple[int, int] | None:
        """The nominal duration in days from the start, at least and at most: 59 to 62 (T10)."""
        if self.nominal is None:
            return None
        low, high = self.nominal.ends(self.starts_on)
        return (low - self.starts_on).days, (high - self.starts_on).days

    @property
    def gross_minutes(self) -> int | None:
        """Minutes of all sessions, breaks included; ``None`` where one has no length."""
        return _sum(one.minutes for one in self.met)

    @property
    def net_minutes(self) -> int | None:
        """Minutes of all sessions without breaks; ``None`` where one is not known (T9)."""
        return _sum(one.net_minutes for one in self.met)

    def on(self, day: date) -> tuple[PlannedSession, ...]:
        """The sessions of that day, also a cancelled one."""
        return tuple(one for one in self.sessions if one.day == day)


def _sum(minutes: Iterable[int | None]) -> int | None:
    total = 0
    for one in minutes:
        if one is None:
            return None
        total += one
    return total
