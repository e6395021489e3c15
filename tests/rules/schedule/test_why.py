"""Plans in words: why there is no session on a day, in three languages, and the plan as text."""

from datetime import date

import pytest

from osallisuus.model.cadence import AsNeeded, Exactly, Length, Rate
from osallisuus.model.stated import Text
from osallisuus.rules.schedule.closures import Closure
from osallisuus.rules.schedule.days import Weekday, YearDay
from osallisuus.rules.schedule.edit import SessionChange, edit
from osallisuus.rules.schedule.say import days_text, plan_text
from osallisuus.rules.schedule.why import why
from osallisuus.time import Period
from osallisuus.words import Words
from osallisuus.words.locale import locale_of
from tests.rules.schedule.series import EIGHT, WEEKLY, closure, day, series, timetable

SV = locale_of("sv")  # how a language writes a day is tested elsewhere
EASTER = Closure(
    period=Period(day("2026-04-06"), day("2026-04-07")),
    reason=Text(fi="toinen pääsiäispäivä", sv="annandag påsk", en="Easter Monday"),
    holiday=True,
)


@pytest.mark.parametrize(
    ("code", "answer"),
    [
        ("fi", "Ei tapaamista 6.4.2026: toinen pääsiäispäivä. Se jää pois."),
        ("sv", f"Ingen träff {SV.day(day('2026-04-06'))}: annandag påsk. Den uteblir."),
        ("en", "No session on 6 April 2026: Easter Monday. It is left out."),
    ],
)
def test_why_there_is_no_session_on_the_sixth_of_april(code, answer):
    assert why(series(EIGHT, closed=[EASTER]), day("2026-04-06"), Words(code)) == answer


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("2026-03-09", "There is a session on 9 March 2026."),
        ("2026-03-10", "This is no day of the series, which is held on: Monday. The next session is on 24 March 2026."),
        ("2026-03-01", "The first session is on or after 2 March 2026. The next session is on 2 March 2026."),
        ("2027-01-01", "The last session is on 27 April 2026."),
        ("2026-03-16", "No session on 16 March 2026: staff training. The series goes on longer instead."),
        ("2026-03-23", "No session on 23 March 2026: moving house. It is held on 24 March 2026 instead."),
        ("2026-03-24", "There is a session on 24 March 2026. No session on 23 March 2026: moving house."),
        ("2026-03-30", ("No session on 30 March 2026: repairs."
                       " No other day before the next session suits, so it is left out.")),
        ("2026-04-13", "The session on 13 April 2026 is cancelled. Changed by a person: snow."),
        ("2026-04-20", "Changed by a person: the room is taken. It is held on 21 April 2026 instead."),
    ],
)  # fmt: skip
def test_every_day_has_its_answer(asked, answer):
    closed = [
        closure("2026-03-16", None, "extend"),
        closure("2026-03-23", None, "move", "moving house"),
        closure("2026-03-30", "2026-04-06", "move", "repairs"),
    ]
    planned = series(EIGHT, closed=closed)
    planned = edit(planned, 7, SessionChange(cancelled=True, why=Text(en="snow")))
    planned = edit(
        planned, 8, SessionChange(day=day("2026-04-21"), why=Text(en="the room is taken"))
    )
    assert why(planned, day(asked), Words("en")) == answer


def test_a_month_without_a_fifth_thursday_says_so():
    planned = series(Rate(1, 1, "month"), "2026-01-01", timetable("5thu"), until="2026-05-01")
    assert why(planned, day("2026-02-26"), Words("en")) == (
        "February 2026 has no such day. The next session is on 30 April 2026."
    )


def test_a_plan_without_dates_says_that_it_has_none():
    answer = "As needed: the programme promises no dates, so none are planned."
    planned = series(AsNeeded())
    assert why(planned, day("2026-04-06"), Words("en")) == answer
    assert plan_text(planned, Words("en")) == f"{answer}\n"


def test_an_empty_plan_answers_too():
    planned = series(WEEKLY, until="2026-03-02")
    assert why(planned, day("2026-03-02"), Words("en")).startswith("This is no day of the series")
    assert why(planned, day("2026-03-03"), Words("en")) == "The last session is on 2 March 2026."
    assert "No session falls into this time." in plan_text(planned, Words("en"))


def test_a_night_with_changed_clocks_is_told():
    table = timetable(at="03:30", gap="forward", fold="second")
    spring = series(Rate(1, 1, "day"), "2026-03-29", table, until="2026-03-30")
    assert why(spring, day("2026-03-29"), Words("fi")) == (
        "Tapaaminen on 29.3.2026. Kello hyppää sinä yönä tämän ajan yli, joten alku on myöhemmin."
    )
    autumn = series(Rate(1, 1, "day"), "2026-10-25", table, until="2026-10-26")
    assert why(autumn, day("2026-10-25"), Words("sv")).endswith("två gånger den natten.")


def test_a_plan_as_text():
    table = timetable(break_minutes=45, room="Sali 2")
    closed = [closure("2026-03-09"), closure("2026-03-16", None, "move", "moving house")]
    planned = series(
        Exactly(3, "week", duration=240), table=table, closed=closed, nominal=Length(1, 1, "month")
    )
    assert plan_text(planned, Words("en")) == (
        "2 sessions, 2 March 2026 – 17 March 2026\n"
        "Day: Monday\n"
        "Promised in whole units of this time: 3\n"
        "Together, breaks included: 8 h\n"
        "Without breaks: 6 h 30 min\n"
        "From the first session to the last: 15 days."
        " By its own words the programme lasts 1 month; the two need not agree.\n"
        "\n"
        "   1  Mon 2 March 2026  10:00–14:00  Sali 2\n"
        "   2  Tue 17 March 2026  10:00–14:00  Sali 2"
        "  (No session on 16 March 2026: moving house.)\n"
        "\n"
        "Without a session\n"
        "      No session on 9 March 2026: staff training. It is left out.\n"
    )


def test_a_length_that_nobody_stated_is_said_to_be_unknown():
    text = plan_text(series(EIGHT), Words("en"))
    assert "Without breaks: not known" in text
    assert "Together, breaks included: 32 h" in text


def test_a_range_and_what_lies_beyond_its_whole_units_are_told():
    planned = series(
        Rate(1, 2, "week"), "2018-01-08", timetable("mon thu"), nominal=Length(4, 5, "month"),
        until="2018-05-08",
    )  # fmt: skip
    text = plan_text(planned, Words("en"))
    assert "Promised in whole units of this time: 17–34\n" in text
    assert "1 session is in the days that make no whole unit.\n" in text
    assert "the programme lasts 4–5 months" in text


@pytest.mark.parametrize(
    ("on", "fi", "sv", "en"),
    [
        ("tue", "tiistai", "tisdag", "Tuesday"),
        ("2tue", "kuukauden toinen tiistai", "månadens andra tisdag", "the second Tuesday of the month"),
        ("-1sun", "kuukauden viimeinen sunnuntai", "månadens sista söndag", "the last Sunday of the month"),
        ("05-15", "15.5.", SV.day(date(2024, 5, 15)).replace("2024", "").strip(" -"), "15 May"),
    ],
)  # fmt: skip
def test_the_days_of_a_rule_in_words(on, fi, sv, en):
    days = timetable(on).on
    assert tuple(days_text(days, Words(code)) for code in ("fi", "sv", "en")) == (fi, sv, en)


@pytest.mark.parametrize("code", ["fi", "sv", "en"])
def test_every_weekday_and_every_ordinal_has_its_word(code):
    words = Words(code)
    names = {days_text([Weekday(number)], words) for number in range(7)}
    nths = {days_text(timetable(f"{nth}mon").on, words) for nth in (1, 2, 3, 4, 5, -1)}
    assert (len(names), len(nths)) == (7, 6)
    assert days_text([YearDay(2, 29)], words)


def test_a_reason_in_one_language_only_is_told_in_that_one():
    assert "staff training" in why(
        series(EIGHT, closed=[closure("2026-03-09")]), date(2026, 3, 9), Words("fi")
    )


def test_a_daily_plan_names_no_days_of_the_week():
    told = plan_text(series(Exactly(3, "day")), Words("en"))
    assert "Monday" not in told.splitlines()[1]


def test_a_session_without_a_clock_time_is_told_by_its_day():
    told = plan_text(series(Exactly(1, "week"), table=timetable(at=None)), Words("en"))
    assert told.splitlines()[-1] == "   1  Mon 2 March 2026"
