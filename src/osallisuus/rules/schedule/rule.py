"""The rule of a series: a cadence and the days that a person chose, without any closure.

Days come from dateutil's ``rrule`` in wall time. A range such as "once or twice a week" is no
rule: somebody chooses, within it (Q10).
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Final

from attrs import evolve

from osallisuus.errors import DefinitionError
from osallisuus.model.cadence import AsNeeded, Cadence, Every, Exactly, Rate, Unit, step
from osallisuus.rules.schedule.days import NthWeekday, OnDay, Weekday, YearDay, like
from osallisuus.rules.schedule.timetable import Timetable
from osallisuus.time import Period
from osallisuus.values import frozen

__all__ = ["Rule", "first_of", "rule_of"]

_SUITS: Final[dict[str, type]] = {"week": Weekday, "month": NthWeekday, "year": YearDay}
_WRITTEN: Final = {"week": "tue", "month": "2tue or -1tue", "year": "05-15"}


@frozen(kw_only=True)
class Rule:
    """The days ``on`` of every ``step``-th ``unit`` from ``anchor`` on, its first day.

    The first ``passed`` days of it lie before the start and do not count. So the third day of the
    rule stays the third when another weekday is chosen for it.
    """

    unit: Unit
    step: int
    on: tuple[OnDay, ...]
    anchor: date
    passed: int = 0

    def days(self) -> Iterator[datetime]:
        """All days of the rule, in order and without end, each as its midnight."""
        return islice(self._days(datetime.combine(self.anchor, time.min)), self.passed, None)

    def _days(self, start: datetime) -> Iterator[datetime]:
        # imported here, since few uses of the library need it
        from dateutil import rrule

        if self.unit == "day":
            return iter(rrule.rrule(rrule.DAILY, start, self.step))
        if self.unit == "year":  # one rule for each: of one rule months and days would be crossed
            return heapq.merge(
                *(
                    rrule.rrule(rrule.YEARLY, start, self.step, bymonth=on.month, bymonthday=on.day)
                    for on in self.on
                    if isinstance(on, YearDay)
                )
            )
        days = [
            rrule.weekday(on.number, on.nth if isinstance(on, NthWeekday) else None)
            for on in self.on
            if not isinstance(on, YearDay)
        ]
        if self.unit == "week":
            return iter(rrule.rrule(rrule.WEEKLY, start, self.step, rrule.MO, byweekday=days))
        return iter(rrule.rrule(rrule.MONTHLY, start, self.step, byweekday=days))

    def lacking(self, until: date) -> Iterator[Period]:
        """Months without a fifth such weekday, and years without a 29th of February."""
        rare = [on for on in self.on if _rare(on)]
        begin = self.anchor
        while rare and begin < until:
            unit = Period(begin, step(begin, 1, self.unit))
            yield from (unit for on in rare if not _there(on, unit))
            begin = step(begin, self.step, self.unit)


def _rare(on: OnDay) -> bool:
    if isinstance(on, NthWeekday):
        return on.nth == 5
    return isinstance(on, YearDay) and (on.month, on.day) == (2, 29)


def _there(on: OnDay, unit: Period) -> bool:
    if isinstance(on, YearDay):
        return (step(unit.starts_on, 2, "month") - timedelta(1)).day == 29
    first = unit.starts_on + timedelta((on.number - unit.starts_on.weekday()) % 7)
    return first + timedelta(28) in unit


def first_of(unit: Unit, day: date) -> date:
    """The first day of the week (a Monday), month or year that holds *day*."""
    if unit == "day":
        return day
    if unit == "week":
        return day - timedelta(day.weekday())
    return day.replace(day=1) if unit == "month" else day.replace(month=1, day=1)


def rule_of(cadence: Cadence, start: date, timetable: Timetable) -> Rule | None:
    """The rule of *cadence* from *start* on as *timetable* chooses; ``None`` for as needed.

    Raises :class:`DefinitionError` where the choice is not within what the cadence promises, or is
    missing: nothing is chosen for anybody.
    """
    if isinstance(cadence, AsNeeded):
        return None
    if isinstance(cadence, Every):
        unit, low, high = cadence.unit, 1, 1
    else:
        unit = cadence.every if isinstance(cadence, Exactly) else cadence.per
        low, high = (cadence.min, cadence.max) if isinstance(cadence, Rate) else (1, 1)
    on = _chosen_days(unit, low, high, start, timetable.on)
    rule = Rule(unit=unit, step=1, on=on, anchor=first_of(unit, start))
    every = _chosen_step(cadence, timetable)
    if start == rule.anchor and every == 1:
        return rule
    if every == 1 and unit == "week":  # by far the most frequent, so it is not looked up
        before = sum(one.number < start.weekday() for one in on if isinstance(one, Weekday))
        return Rule(unit=unit, step=1, on=on, anchor=rule.anchor, passed=before)
    begin = datetime.combine(start, time.min)
    if every == 1:
        # of the first unit no more days can lie before the start than the rule has
        first_days = islice(rule.days(), len(on))
        return evolve(rule, passed=sum(day < begin for day in first_days))
    # every second week is counted from the first week that has a session
    first = next(day for day in rule.days() if day >= begin)
    return evolve(rule, step=every, anchor=first_of(unit, first.date()))


def _chosen_days(
    unit: Unit, low: int, high: int, start: date, on: tuple[OnDay, ...]
) -> tuple[OnDay, ...]:
    promise = f"{low}" if low == high else f"{low} to {high}"
    if unit == "day":
        if on or low > 1:
            raise DefinitionError(
                "a daily cadence takes no further days", where="on", remedy="leave out the days"
            )
        return ()
    suiting = _SUITS[unit]
    for day in on:
        if not isinstance(day, suiting):
            raise DefinitionError(
                f"not a day of a {unit}", where=f"on {day}", remedy=f"write {_WRITTEN[unit]}"
            )
    if not on and low == high == 1:
        return (like(start, unit),)
    if not low <= len(on) <= high:
        raise DefinitionError(
            f"{len(on)} {'day' if len(on) == 1 else 'days'} chosen where the cadence promises {promise} in each {unit}",
            where="on",
            remedy=f"name {promise} of them, such as {_WRITTEN[unit]}",
        )
    return on


def _chosen_step(cadence: Exactly | Rate | Every, timetable: Timetable) -> int:
    every = timetable.every
    if not isinstance(cadence, Every):
        if every not in (None, 1):
            raise DefinitionError(
                "the cadence has no step to choose", where="every", remedy="leave it out"
            )
        return 1
    if every is None and cadence.min == cadence.max:
        return cadence.min
    if every is None or not cadence.min <= every <= cadence.max:
        raise DefinitionError(
            f"the cadence promises one in every {cadence.min} to {cadence.max} {cadence.unit}s",
            where="every",
            remedy=f"choose {cadence.min} to {cadence.max}",
        )
    return every
