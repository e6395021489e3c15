"""Nights in which the clocks are changed, in Helsinki and elsewhere."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from osallisuus.errors import DefinitionError
from osallisuus.model.cadence import Exactly, Rate
from osallisuus.rules.schedule.clock import changes, local_moment
from tests.rules.schedule.series import series, timetable

DAILY = Rate(1, 1, "day")
HELSINKI = ZoneInfo("Europe/Helsinki")


@pytest.mark.parametrize(
    ("zone", "day", "at", "policy", "expected", "change"),
    [
        # the clocks go from 03:00 to 04:00 on 29 March 2026
        ("Europe/Helsinki", "2026-03-29", "02:59", {}, "02:59+02:00", None),
        ("Europe/Helsinki", "2026-03-29", "03:00", {"gap": "forward"}, "04:00+03:00", "clock_gap"),
        ("Europe/Helsinki", "2026-03-29", "03:30", {"gap": "forward"}, "04:30+03:00", "clock_gap"),
        ("Europe/Helsinki", "2026-03-29", "04:00", {}, "04:00+03:00", None),
        # and back from 04:00 to 03:00 on 25 October
        ("Europe/Helsinki", "2026-10-25", "02:59", {}, "02:59+03:00", None),
        ("Europe/Helsinki", "2026-10-25", "03:00", {"fold": "first"}, "03:00+03:00", "clock_fold"),
        ("Europe/Helsinki", "2026-10-25", "03:30", {"fold": "second"}, "03:30+02:00", "clock_fold"),
        ("Europe/Helsinki", "2026-10-25", "04:00", {}, "04:00+02:00", None),
        # half an hour on Lord Howe Island
        ("Australia/Lord_Howe", "2026-10-04", "02:15", {"gap": "forward"}, "02:45+11:00", "clock_gap"),
        # midnight is skipped in Santiago
        ("America/Santiago", "2026-09-06", "00:30", {"gap": "forward"}, "01:30-03:00", "clock_gap"),
        # a zone whose clocks never change
        ("Africa/Nairobi", "2026-03-29", "03:30", {}, "03:30+03:00", None),
    ],
)  # fmt: skip
def test_a_clock_time_in_a_night_in_which_the_clocks_change(
    zone, day, at, policy, expected, change
):
    moment, found = local_moment(
        date.fromisoformat(day),
        time.fromisoformat(at),
        ZoneInfo(zone),
        policy.get("gap", "refuse"),
        policy.get("fold", "refuse"),
    )
    assert (f"{moment:%H:%M}{moment.isoformat()[-6:]}", found) == (expected, change)


@pytest.mark.parametrize(
    ("day", "what", "remedy"),
    [("2026-03-29", "skip this time", "gap=forward"), ("2026-10-25", "twice", "fold=first")],
)
def test_neither_is_guessed(day, what, remedy):
    with pytest.raises(DefinitionError, match=what) as caught:
        local_moment(date.fromisoformat(day), time(3, 30), HELSINKI, "refuse", "refuse")
    problem = caught.value.problems[0]
    assert remedy in problem.remedy
    assert problem.where == f"{day}T03:30[Europe/Helsinki]"


def test_a_day_that_a_country_left_out_has_no_time_at_all():
    """Samoa had no 30 December 2011: with ``forward`` the session is on the next day there."""
    zone = ZoneInfo("Pacific/Apia")
    with pytest.raises(DefinitionError, match="skip this time"):
        local_moment(date(2011, 12, 30), time(10), zone, "refuse", "refuse")
    moment, _ = local_moment(date(2011, 12, 30), time(10), zone, "forward", "refuse")
    assert moment.date() == date(2011, 12, 31)


def test_a_series_keeps_its_wall_time_when_the_clocks_change():
    planned = series(Exactly(3, "week", duration=60), "2026-03-23")
    assert [one.starts_at.isoformat() for one in planned.sessions] == [
        "2026-03-23T10:00:00+02:00",
        "2026-03-30T10:00:00+03:00",
        "2026-04-06T10:00:00+03:00",
    ]


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("2026-03-28", "2026-03-29T07:00:00+03:00"),  # the night of 23 hours
        ("2026-10-24", "2026-10-25T05:00:00+02:00"),  # the night of 25 hours
        ("2026-06-06", "2026-06-07T06:00:00+03:00"),
    ],
)
def test_a_session_over_such_a_night_lasts_as_long_as_it_says(start, expected):
    planned = series(DAILY, start, timetable(at="22:00", minutes=480), until=expected[:10])
    assert [one.ends_at.isoformat() for one in planned.sessions] == [expected]


def test_the_reason_is_kept_on_the_session_that_is_shifted_and_on_no_other():
    table = timetable(at="03:30", gap="forward")
    planned = series(DAILY, "2026-03-28", table, until="2026-03-31")
    assert [f"{one.starts_at:%H:%M}" for one in planned.sessions] == ["03:30", "04:30", "03:30"]
    assert [[reason.code for reason in one.reasons] for one in planned.sessions] == [
        [],
        ["clock_gap"],
        [],
    ]


def test_a_shift_over_midnight_is_on_the_day_it_falls_on():
    """The rule's day stays known."""
    table = timetable(at="23:30", gap="forward", zone="America/Scoresbysund")
    planned = series(DAILY, "2025-03-29", table, until="2025-03-30")
    (one,) = planned.sessions
    assert (one.rule_on, one.day, one.starts_at.isoformat()) == (
        date(2025, 3, 29),
        date(2025, 3, 30),
        "2025-03-30T00:30:00-01:00",
    )


def test_the_changes_of_a_year_are_found_to_the_second():
    assert changes(HELSINKI, 2026) == (
        datetime(2026, 3, 29, 1, tzinfo=UTC),
        datetime(2026, 10, 25, 1, tzinfo=UTC),
    )
    assert changes(ZoneInfo("Africa/Nairobi"), 2026) == ()
    # Ramadan: four in one year
    assert len(changes(ZoneInfo("Africa/Casablanca"), 2015)) == 4
