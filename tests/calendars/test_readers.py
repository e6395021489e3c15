"""A plan means the same to every calendar program: each reader finds each session at its moment."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest

from osallisuus.calendars.ics import plan_ics
from osallisuus.model.cadence import Rate
from osallisuus.rules.schedule.edit import SessionChange, edit
from tests.calendars.readers import READERS
from tests.rules.schedule.series import EIGHT, WEEKLY, closure, day, series, timetable

STAMP = datetime(2026, 1, 1, 12, tzinfo=UTC)
DAILY = Rate(1, 1, "day")


def of(cadence, start, until, **table):
    return series(cadence, start, timetable(**({"minutes": 90} | table)), until=until)


def extended_and_moved():
    closed = [closure("2026-03-09", None, "move"), closure("2026-03-16", None, "extend")]
    return series(closed=closed)


# Zones abroad in a year that is past: a reader that knows a zone by its name goes by its own table
# of clocks, and tables of different age may differ in what is to come (Casablanca from 2026 on).
PLANS = {
    "a year, over both changes of the clocks": of(WEEKLY, "2026-01-05", "2027-01-05"),
    "over a night of 23 hours": of(DAILY, "2026-03-27", "2026-04-01", at="22:00", minutes=480),
    "over a night of 25 hours": of(DAILY, "2026-10-23", "2026-10-28", at="22:00", minutes=480),
    "at a time that the clocks skip": of(
        DAILY, "2026-03-28", "2026-03-31", at="03:30", gap="forward"
    ),
    "at the first of a time that is there twice": of(
        DAILY, "2026-10-24", "2026-10-27", at="03:30", fold="first"
    ),
    "at the second": of(DAILY, "2026-10-24", "2026-10-27", at="03:30", fold="second"),
    "begun before that hour and ended in it": of(
        DAILY, "2026-10-25", "2026-10-26", at="02:45", minutes=60
    ),
    "New York": of(WEEKLY, "2024-01-01", "2025-01-01", zone="America/New_York"),
    "clocks that change by half an hour": of(
        WEEKLY, "2024-01-01", "2025-01-01", zone="Australia/Lord_Howe"
    ),
    "clocks that change for Ramadan": of(
        WEEKLY, "2024-01-01", "2025-01-01", zone="Africa/Casablanca"
    ),
    "a quarter of an hour off": of(WEEKLY, "2024-01-01", "2025-01-01", zone="Asia/Kathmandu"),
    "south of the equator": of(WEEKLY, "2024-01-01", "2025-01-01", zone="America/Santiago"),
    "over the end of a year, from 29 February on": of(
        Rate(1, 1, "month"), "2028-02-29", "2029-01-01", on="lasttue"
    ),
    "over midnight, two days long": of(DAILY, "2026-03-02", "2026-03-03", at="22:00", minutes=600),
    "moved and extended": extended_and_moved(),
    "one session moved to the night of the change": edit(
        series(), 4, SessionChange(day=day("2026-03-28"), at=timetable(at="22:00").at)
    ),
    "later sessions on another day": edit(
        extended_and_moved(), 5, SessionChange(on=timetable("wed").on), "following"
    ),
    "one shorter": edit(series(), 2, SessionChange(minutes=45)),
    "one cancelled": edit(series(), 2, SessionChange(cancelled=True)),
    "whole days": series(EIGHT, table=timetable(at=None)),
    "whole days moved": series(
        table=timetable(at=None), closed=[closure("2026-03-30", None, "move")]
    ),
}


def planned(plan):
    return sorted(
        (uid(one.id), one.day, one.day + timedelta(1))
        if one.starts_at is None
        else (uid(one.id), one.starts_at.astimezone(UTC), one.ends_at.astimezone(UTC))
        for one in plan.sessions
    )


def uid(id_):
    return sha256(f"osallisuus {id_}".encode()).hexdigest()[:32]


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.__name__)
@pytest.mark.parametrize("plan", PLANS.values(), ids=PLANS.keys())
def test_every_reader_finds_every_session_at_its_moment(reader, plan):
    assert reader(plan_ics(plan, stamp=STAMP)) == planned(plan)


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.__name__)
@pytest.mark.parametrize(
    ("name", "zone"),
    [
        ("a year, over both changes of the clocks", b"Elsewhere/One"),
        ("clocks that change by half an hour", b"Elsewhere/Two"),
    ],
)
def test_a_reader_that_does_not_know_the_zone_finds_its_clocks_in_the_file(reader, name, zone):
    """Without a name that anybody knows, the zone is what the file says of it and nothing else."""
    plan = PLANS[name]
    content = plan_ics(plan, stamp=STAMP).replace(plan.timetable.zone.encode(), zone)
    assert b"TZID:" + zone in content
    assert reader(content) == planned(plan)
