"""Which days a rule has, at the corners of the calendar. Reads as a table: rule, start, days."""

from datetime import date, time, timedelta

import pytest

from osallisuus.errors import DefinitionError, LimitError
from osallisuus.model.cadence import AsNeeded, Every, Exactly, Length, Rate
from osallisuus.rules.schedule.days import NthWeekday, Weekday, YearDay, day_of, like
from osallisuus.rules.schedule.plan import Limits, plan
from osallisuus.rules.schedule.timetable import Timetable
from tests.rules.schedule.series import EIGHT, WEEKLY, closure, dates, day, days, series, timetable

MONTHLY, YEARLY, DAILY = Rate(1, 1, "month"), Rate(1, 1, "year"), Rate(1, 1, "day")


@pytest.mark.parametrize(
    ("cadence", "start", "on", "until", "expected"),
    [
        # W20 and T10: eight times, weekly
        (EIGHT, "2018-01-08", "", None, "2018-01-08 01-15 01-22 01-29 02-05 02-12 02-19 02-26"),
        # the first chosen weekday on or after the start
        (WEEKLY, "2026-01-07", "mon", "2026-01-31", "2026-01-12 01-19 01-26"),
        (WEEKLY, "2026-01-07", "wed", "2026-01-21", "2026-01-07 01-14"),
        # two weekdays; the start lies between them
        (Rate(1, 2, "week"), "2026-01-07", "mon thu", "2026-01-20", "2026-01-08 01-12 01-15 01-19"),
        # weekdays are kept in their order, however they are named
        (Rate(2, 2, "week"), "2026-01-05", "thu mon", "2026-01-12", "2026-01-05 01-08"),
        # over a turn of the year with a week 53
        (WEEKLY, "2020-12-24", "thu", "2021-01-15", "2020-12-24 12-31 2021-01-07 01-14"),
        (Every(2, 2, "week"), "2020-12-28", "fri", "2021-02-01", "2021-01-01 01-15 01-29"),
        # every second week is counted from the first session
        (Every(2, 2, "week"), "2020-12-31", "mon", "2021-02-02", "2021-01-04 01-18 02-01"),
        (Every(2, 2, "month"), "2026-01-14", "2tue", "2026-07-01", "2026-02-10 04-14 06-09"),
        # a leap day is a day like any other
        (WEEKLY, "2024-02-22", "", "2024-03-08", "2024-02-22 02-29 03-07"),
        (DAILY, "2024-02-28", "", "2024-03-02", "2024-02-28 02-29 03-01"),
        (DAILY, "2023-02-28", "", "2023-03-02", "2023-02-28 03-01"),
        # months by weekday
        (MONTHLY, "2026-01-01", "2tue", "2026-04-01", "2026-01-13 02-10 03-10"),
        (MONTHLY, "2026-01-14", "2tue", "2026-03-31", "2026-02-10 03-10"),
        (MONTHLY, "2026-01-01", "-1fri", "2026-04-01", "2026-01-30 02-27 03-27"),
        (MONTHLY, "2026-01-01", "lastfri", "2026-03-01", "2026-01-30 02-27"),
        # only some months have a fifth weekday
        (MONTHLY, "2026-01-01", "5thu", "2026-08-01", "2026-01-29 04-30 07-30"),
        (Rate(1, 2, "month"), "2026-01-01", "1mon 3mon", "2026-03-01", "2026-01-05 01-19 02-02 02-16"),
        # without a day: as the start, whose fifth weekday is taken for the last
        (MONTHLY, "2026-01-13", "", "2026-04-01", "2026-01-13 02-10 03-10"),
        (MONTHLY, "2026-01-30", "", "2026-04-01", "2026-01-30 02-27 03-27"),
        # years
        (Rate(1, 2, "year"), "2026-01-01", "05-15 10-10", "2027-06-01", "2026-05-15 10-10 2027-05-15"),
        (Rate(1, 2, "year"), "2026-06-01", "10-10 05-15", "2027-06-01", "2026-10-10 2027-05-15"),
        (YEARLY, "2020-01-01", "02-29", "2029-01-01", "2020-02-29 2024-02-29 2028-02-29"),
        (YEARLY, "2026-08-31", "", "2028-08-31", "2026-08-31 2027-08-31"),
        # nothing falls into a time that is too short, or of no length
        (WEEKLY, "2026-01-06", "mon", "2026-01-12", ""),
        (WEEKLY, "2026-01-05", "mon", "2026-01-05", ""),
    ],
)  # fmt: skip
def test_the_days_of_a_rule(cadence, start, on, until, expected):
    assert dates(series(cadence, start, timetable(on), until=until)) == days(expected)


def test_a_year_has_a_fifty_third_week_when_it_has_one():
    """ISO week 53 of 2020 is followed by week 1, and a weekly series loses none of them."""
    planned = series(WEEKLY, "2020-12-21", until="2021-01-18")
    assert [one.day.isocalendar().week for one in planned.sessions] == [52, 53, 1, 2]


@pytest.mark.parametrize(
    ("cadence", "on", "until", "lacking"),
    [
        (MONTHLY, "5thu", "2026-05-01", ["2026-02", "2026-03"]),
        (Rate(1, 2, "month"), "1mon 5thu", "2026-03-01", ["2026-02"]),
        (YEARLY, "02-29", "2029-01-01", ["2026", "2027"]),
        (MONTHLY, "4thu", "2027-01-01", []),
    ],
)
def test_a_month_or_year_without_such_a_day_is_said(cadence, on, until, lacking):
    planned = series(cadence, "2026-01-01", timetable(on), until=until)
    named = [one.days for one in planned.left_out]
    assert all(one.reason.code == "no_such_day" for one in planned.left_out)
    assert [
        str(one.starts_on)[: len(text)] for one, text in zip(named, lacking, strict=False)
    ] == lacking
    if "02-29" in on:
        assert [one.starts_on.year for one in named] == [2026, 2027]
    else:
        assert len(named) == len(lacking)


def test_months_without_such_a_day_are_said_of_a_number_of_sessions_too():
    """They count for nothing: three sessions are three."""
    planned = series(Exactly(3, "month"), "2026-01-01", timetable("5thu"))
    assert dates(planned) == days("2026-01-29 04-30 07-30")
    assert [one.days.starts_on.month for one in planned.left_out] == [2, 3, 5, 6]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mon", Weekday(0)),
        ("sun", Weekday(6)),
        ("2tue", NthWeekday(2, 1)),
        ("-1fri", NthWeekday(-1, 4)),
        ("lastfri", NthWeekday(-1, 4)),
        ("02-29", YearDay(2, 29)),
    ],
)
def test_a_day_is_read_from_its_text(text, expected):
    assert day_of(text) == expected
    assert day_of(str(expected)) == expected


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("02-30", "no year has such a day"),
        ("04-31", "no year has such a day"),
        ("13-01", "no year has such a day"),
        ("00-10", "no year has such a day"),
        ("tuesday", "no such weekday"),
        ("Tue", "no such weekday"),
        ("", "no such weekday"),
        ("6tue", "no month has such a weekday"),
        ("0tue", "no month has such a weekday"),
        ("-2tue", "no month has such a weekday"),
        ("2xyz", "no such weekday"),
    ],
)
def test_a_day_that_does_not_exist_is_refused_at_once(text, what):
    with pytest.raises(DefinitionError, match=what):
        day_of(text)


@pytest.mark.parametrize("number", [-1, 7])
def test_a_week_has_seven_days(number):
    with pytest.raises(DefinitionError, match="0 is Monday"):
        Weekday(number)
    with pytest.raises(DefinitionError, match="0 is Monday"):
        NthWeekday(1, number)


@pytest.mark.parametrize("number", range(1, 32))
def test_a_start_is_a_day_of_the_rule_that_is_made_like_it(number):
    start = date(2026, 1, number)
    for cadence in (WEEKLY, MONTHLY, YEARLY):
        planned = plan(cadence, start, ends_on=start + timedelta(1))
        assert dates(planned) == [start], cadence


def test_a_fifth_weekday_is_taken_for_the_last():
    assert like(day("2026-01-29"), "month") == NthWeekday(-1, 3)
    assert like(day("2026-01-28"), "month") == NthWeekday(4, 2)


@pytest.mark.parametrize(
    ("cadence", "start", "table", "until", "what", "remedy"),
    [
        (Rate(1, 2, "week"), "2026-01-05", timetable(), "2026-02-01",
         "0 days chosen where the cadence promises 1 to 2", "name 1 to 2"),
        (Rate(1, 2, "week"), "2026-01-05", timetable("mon tue wed"), "2026-02-01",
         "3 days chosen", "name 1 to 2"),
        (Rate(2, 2, "month"), "2026-01-05", timetable("2tue"), "2026-02-01",
         "1 day chosen where the cadence promises 2", "name 2"),
        (EIGHT, "2026-01-05", timetable("mon tue"), None, "2 days chosen", "name 1"),
        (WEEKLY, "2026-01-05", timetable("2tue"), "2026-02-01", "not a day of a week", "tue"),
        (MONTHLY, "2026-01-05", timetable("tue"), "2026-02-01", "not a day of a month", "2tue"),
        (YEARLY, "2026-01-05", timetable("2tue"), "2026-02-01", "not a day of a year", "05-15"),
        (DAILY, "2026-01-05", timetable("tue"), "2026-02-01", "no further days", "leave out"),
        (Rate(2, 3, "day"), "2026-01-05", timetable(), "2026-02-01", "no further days", "leave out"),
        (Every(1, 2, "week"), "2026-01-05", timetable(every=3), "2026-02-01",
         "one in every 1 to 2 weeks", "choose 1 to 2"),
        (Every(2, 3, "week"), "2026-01-05", timetable(), "2026-02-01",
         "one in every 2 to 3 weeks", "choose 2 to 3"),
        (WEEKLY, "2026-01-05", timetable(every=2), "2026-02-01", "no step to choose", "leave it out"),
        (WEEKLY, "2026-01-05", timetable(), None, "does not say when it ends", "first day after"),
        (WEEKLY, "2026-01-05", timetable(), "2026-01-04", "ends before it starts", "later day"),
        (EIGHT, "2026-01-05", timetable(), "2026-02-01", "ends by itself", "leave it out"),
        (AsNeeded(), "2026-01-05", timetable(), "2026-01-04", "ends before it starts", "later"),
    ],
)  # fmt: skip
def test_what_is_missing_or_contradictory_is_refused_and_nothing_is_chosen_for_anybody(
    cadence, start, table, until, what, remedy
):
    with pytest.raises(DefinitionError, match=what) as caught:
        series(cadence, start, table, until=until)
    assert remedy in caught.value.problems[0].remedy


def test_the_step_of_a_range_is_chosen_and_one_that_is_no_range_needs_no_choice():
    two = series(Every(1, 2, "week"), "2026-01-05", timetable(every=2), until="2026-02-03")
    assert dates(two) == days("2026-01-05 01-19 02-02")
    fixed = series(Every(3, 3, "week"), "2026-01-05", until="2026-02-03")
    assert dates(fixed) == days("2026-01-05 01-26")
    monthly = series(
        Every(1, 3, "month"), "2026-01-13", timetable("2tue", every=3), until="2027-01-01"
    )
    assert dates(monthly) == days("2026-01-13 04-14 07-14 10-13")


def test_as_needed_has_no_dates():
    planned = series(AsNeeded(), until="2027-01-01")
    assert (planned.sessions, planned.rule, planned.promised) == ((), None, None)
    assert planned.ends_on == day("2027-01-01")


def test_a_nominal_duration_ends_a_series_that_has_no_number():
    """T11: four calendar months from 8 January are 17 whole weeks, so 17 to 34 are promised."""
    planned = series(
        Rate(1, 2, "week"), "2018-01-08", timetable("mon thu"), nominal=Length(4, 4, "month")
    )
    assert planned.ends_on == day("2018-05-08")
    assert planned.promised == (17, 34)
    assert (len(planned.sessions), planned.left_over) == (35, 1)


def test_a_nominal_duration_that_is_a_range_ends_nothing():
    with pytest.raises(DefinitionError, match="does not say when it ends"):
        series(WEEKLY, nominal=Length(4, 5, "year"))


def test_an_end_that_is_given_goes_before_the_nominal_duration():
    planned = series(WEEKLY, "2018-01-08", until="2018-01-16", nominal=Length(4, 4, "month"))
    assert dates(planned) == days("2018-01-08 01-15")


def test_sessions_and_nominal_duration_need_not_agree():
    """T10: 49 days from the first to the last session; two months are 59 days."""
    planned = series(EIGHT, "2018-01-08", nominal=Length(2, 2, "month"))
    assert (planned.span_days, planned.nominal_days) == (49, (59, 59))


@pytest.mark.parametrize(
    ("break_minutes", "net"), [(None, None), (0, 1920), (30, 1680)]
)  # fmt: skip
def test_gross_and_net_time_of_eight_sessions(break_minutes, net):
    """T9: 32 hours gross; net only where the length of the break is stated."""
    planned = series(EIGHT, table=timetable(break_minutes=break_minutes))
    assert (planned.gross_minutes, planned.net_minutes) == (1920, net)


def test_sessions_without_a_length_have_no_sum_and_no_end():
    planned = series(WEEKLY, until="2026-03-10")
    assert (planned.gross_minutes, planned.net_minutes) == (None, None)
    assert [one.ends_at for one in planned.sessions] == [None, None]


def test_without_a_clock_time_sessions_are_whole_days():
    planned = series(EIGHT, table=timetable(at=None))
    assert {(one.starts_at, one.ends_at) for one in planned.sessions} == {(None, None)}


@pytest.mark.parametrize(
    ("wrong", "what"),
    [
        ({"zone": "Europe/Helsingfors"}, "no such time zone"),
        ({"zone": "../../etc/passwd"}, "no such time zone"),
        ({"zone": ""}, "no such time zone"),
        ({"at": time(10, 0, 30)}, "not a plain clock time"),
        ({"minutes": 0}, "not a whole number that is possible"),
        ({"minutes": 10_081}, "not a whole number that is possible"),
        ({"break_minutes": -1}, "not a whole number that is possible"),
        ({"minutes": 60, "break_minutes": 60}, "the breaks are as long"),
        ({"on": (Weekday(1), Weekday(1))}, "a day is named twice"),
    ],
)
def test_a_timetable_that_cannot_be_is_refused(wrong, what):
    with pytest.raises(DefinitionError, match=what):
        Timetable(**wrong)


@pytest.mark.parametrize(
    ("cadence", "start", "until", "what"),
    [
        (Exactly(10_001, "day"), "2026-01-01", None, "more than 10000 sessions"),
        (Exactly(10_000, "year"), "2026-01-01", None, "more than 20 years"),
        (Exactly(1100, "week"), "2026-01-01", None, "more than 20 years"),
        (DAILY, "2026-01-01", "2046-01-02", "more than 20 years"),
        (WEEKLY, "2026-01-01", "9999-12-31", "more than 20 years"),
        (Every(5_000, 5_000, "week"), "2026-01-01", "2027-01-01", "more than 20 years"),
        (WEEKLY, "0001-01-01", "0001-02-01", "too far from our time"),
        (WEEKLY, "9999-12-01", "9999-12-31", "too far from our time"),
    ],
)
def test_a_bomb_is_refused_before_it_goes_off(cadence, start, until, what):
    with pytest.raises(LimitError, match=what):
        series(cadence, start, until=until)


def test_a_limit_can_be_raised_on_purpose():
    with pytest.raises(LimitError, match="more than 5 sessions"):
        series(EIGHT, limits=Limits(sessions=5))
    with pytest.raises(LimitError, match="more than 3 sessions"):
        series(WEEKLY, until="2026-05-01", limits=Limits(sessions=3))
    long = series(Rate(1, 1, "year"), "2026-01-01", until="2066-01-01", limits=Limits(years=40))
    assert len(long.sessions) == 40


@pytest.mark.parametrize("series_id", ["a b", "ä", "x" * 59, "-a", "a/b"])
def test_a_series_is_called_by_an_id(series_id):
    with pytest.raises(DefinitionError, match="not an id for a series"):
        series(EIGHT, series=series_id)


def test_ids_are_made_of_the_series_and_the_place():
    planned = series(EIGHT, series="g" * 58)
    assert planned.sessions[0].id == "g" * 58 + ".001"
    assert len({one.id for one in planned.sessions}) == 8


def test_a_series_without_a_name_gets_the_same_one_each_time_and_another_for_another_timetable():
    one, again, other = (
        series(EIGHT, table=timetable(at=at)) for at in ("10:00", "10:00", "11:00")
    )
    assert one.series == again.series != other.series


def test_a_day_that_the_clocks_skip_whole_makes_no_two_sessions_at_once():
    """Samoa had no 30 December 2011: moved on by as much as is skipped, it is the next day."""
    apia = timetable(zone="Pacific/Apia", gap="forward")
    with pytest.raises(DefinitionError, match=r"at the same moment, .* @ 2011-12-30"):
        plan(Exactly(3, "day"), day("2011-12-29"), apia)
    closed = plan(
        Exactly(3, "day"), day("2011-12-29"), apia, closures=[closure("2011-12-30", policy="skip")]
    )
    assert dates(closed) == days("2011-12-29 12-31")
