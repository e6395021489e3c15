"""10,000 weekly series over a year with closures, against bare dateutil for the same days.

The bare way is an ``rruleset``: a weekly rule with its closed days as exceptions, and the time
zone put on each day. It gives moments and nothing else: no reason, no id, no length, no look at the
nights in which the clocks are changed.
"""

from __future__ import annotations

import time
from datetime import date, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path
from zoneinfo import ZoneInfo

from harness import Comparison

COMPARISON = Comparison(
    name="schedule",
    task="10,000 weekly series over a year with closures / dateutil rruleset",
    ours="ours",
    other="bare",
    goal=1.2,
)
SERIES = 10_000
CLOSED = [(date(2026, 2, 16), 7), (date(2026, 4, 3), 4), (date(2026, 5, 1), 1),
          (date(2026, 5, 14), 1), (date(2026, 12, 21), 14)]  # fmt: skip
"""First day and number of days: 27 in all."""
FIRST = date(2026, 1, 5)
AT = clock_time(10)


def prepare(folder: Path) -> None:
    """Nothing is needed."""


def _starts() -> list[date]:
    return [FIRST + timedelta(number % 28) for number in range(SERIES)]


def ours(folder: Path) -> float:
    from osallisuus.model.cadence import Rate
    from osallisuus.model.stated import Text
    from osallisuus.rules.schedule.closures import Closure
    from osallisuus.rules.schedule.plan import plan
    from osallisuus.rules.schedule.timetable import Timetable
    from osallisuus.time import Period

    closures = [
        Closure(period=Period(first, first + timedelta(days)), reason=Text(en="closed"))
        for first, days in CLOSED
    ]
    weekly, timetable = Rate(1, 1, "week"), Timetable(at=AT)
    sessions = 0
    begun = time.process_time()
    for start in _starts():
        made = plan(
            weekly, start, timetable, ends_on=start + timedelta(364), closures=closures, series="g"
        )
        sessions += len(made.sessions)
    used = time.process_time() - begun
    assert sessions == _expected()
    return used


def bare(folder: Path) -> float:
    from dateutil.rrule import WEEKLY, rrule, rruleset

    zone = ZoneInfo("Europe/Helsinki")
    closed = [
        datetime.combine(first, AT) + timedelta(number)
        for first, days in CLOSED
        for number in range(days)
    ]
    sessions = 0
    begun = time.process_time()
    for start in _starts():
        first = datetime.combine(start, AT)
        days = rruleset()
        days.rrule(rrule(WEEKLY, first, until=first + timedelta(363)))
        for day in closed:
            days.exdate(day)
        sessions += len([moment.replace(tzinfo=zone) for moment in days])
    used = time.process_time() - begun
    assert sessions == _expected()
    return used


def _expected() -> int:
    """Sessions of all series together, by counting the days."""
    closed = {first + timedelta(number) for first, days in CLOSED for number in range(days)}
    of = {
        start: sum(start + timedelta(7 * week) not in closed for week in range(52))
        for start in set(_starts())
    }
    return sum(of[start] for start in _starts())
