"""Short ways to write a plan in a test."""

from datetime import date, time, timedelta

from osallisuus.model.cadence import Exactly, Rate
from osallisuus.model.stated import Text
from osallisuus.rules.schedule.closures import Closure
from osallisuus.rules.schedule.days import day_of
from osallisuus.rules.schedule.plan import plan
from osallisuus.rules.schedule.timetable import Timetable
from osallisuus.time import Period

WEEKLY = Rate(1, 1, "week")
EIGHT = Exactly(8, "week", duration=240)


def day(text):
    return date.fromisoformat(text)


def days(text):
    """Several days: ``2026-03-02 03-09 03-16``, where the year may be left out."""
    found, year = [], ""
    for part in text.split():
        year = part[:4] if len(part) == 10 else year
        found.append(day(part if len(part) == 10 else f"{year}-{part}"))
    return found


def timetable(on="", at="10:00", **more):
    chosen = tuple(day_of(text) for text in on.split())
    return Timetable(on=chosen, at=at and time.fromisoformat(at), **more)


def closure(first, after=None, policy="skip", reason="staff training"):
    begin = day(first)
    end = day(after) if after else begin + timedelta(1)
    return Closure(period=Period(begin, end), reason=Text(en=reason), policy=policy)


def series(cadence=EIGHT, start="2026-03-02", table=None, *, until=None, closed=(), **more):
    return plan(
        cadence,
        day(start),
        table or timetable(),
        ends_on=until and day(until),
        closures=closed,
        **more,
    )


def dates(planned):
    return [one.day for one in planned.sessions]
