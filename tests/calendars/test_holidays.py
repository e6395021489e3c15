"""Finnish public holidays as closures."""

from datetime import date

import pytest

from osallisuus.calendars.holidays import finnish_holidays
from osallisuus.errors import LimitError
from osallisuus.rules.schedule.why import why
from osallisuus.time import Period
from osallisuus.words import Words
from tests.rules.schedule.series import EIGHT, dates, day, days, series

YEAR_2026 = Period(day("2026-01-01"), day("2027-01-01"))


def test_the_holidays_of_a_year_by_date_with_their_names_in_three_languages():
    """Almanac of 2026: fifteen days, with the two eves on which nobody meets."""
    found = finnish_holidays(YEAR_2026)
    assert [one.period.starts_on for one in found] == days(
        "2026-01-01 01-06 04-03 04-05 04-06 05-01 05-14 05-24 06-19 06-20 10-31 12-06 12-24 12-25 12-26"
    )
    named = {one.period.starts_on: one.reason for one in found}
    midsummer = named[day("2026-06-20")]
    assert (midsummer.fi, midsummer.sv, midsummer.en) == (
        "Juhannuspäivä",
        "Midsommardagen",
        "Midsummer Day",
    )
    assert all(one.holiday and one.period.days == 1 for one in found)


@pytest.mark.parametrize(
    ("year", "easter_monday", "midsummer", "all_saints"),
    [
        (2018, "2018-04-02", "2018-06-23", "2018-11-03"),
        (2024, "2024-04-01", "2024-06-22", "2024-11-02"),
        (2025, "2025-04-21", "2025-06-21", "2025-11-01"),
        (2038, "2038-04-26", "2038-06-26", "2038-11-06"),
    ],
)
def test_moving_holidays_move(year, easter_monday, midsummer, all_saints):
    found = {
        one.period.starts_on
        for one in finnish_holidays(Period(date(year, 1, 1), date(year + 1, 1, 1)))
    }
    assert {day(easter_monday), day(midsummer), day(all_saints)} <= found


def test_only_days_within_the_time_are_given():
    assert [
        one.period.starts_on
        for one in finnish_holidays(Period(day("2026-04-03"), day("2026-04-06")))
    ] == (days("2026-04-03 04-05"))


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("skip", "2026-03-02 03-09 03-16 03-23 03-30 04-13 04-20"),
        ("extend", "2026-03-02 03-09 03-16 03-23 03-30 04-13 04-20 04-27"),
        ("move", "2026-03-02 03-09 03-16 03-23 03-30 04-07 04-13 04-20"),
    ],
)
def test_easter_monday_under_each_policy(policy, expected):
    planned = series(EIGHT, closed=finnish_holidays(YEAR_2026, policy))
    assert dates(planned) == days(expected)
    assert "Toinen pääsiäispäivä" in why(planned, day("2026-04-06"), Words("fi"))


def test_more_than_a_hundred_years_are_refused():
    with pytest.raises(LimitError, match="too many years"):
        finnish_holidays(Period(date(1900, 1, 1), date(2100, 1, 1)))
