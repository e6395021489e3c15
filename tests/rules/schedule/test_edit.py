"""Changing one session, the following ones, or all; and what never changes."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve

from osallisuus.errors import DefinitionError
from osallisuus.model.cadence import AsNeeded, Exactly, Rate
from osallisuus.model.facts import Attendance, Session
from osallisuus.model.stated import Text
from osallisuus.rules.schedule.days import day_of
from osallisuus.rules.schedule.edit import SessionChange, edit
from osallisuus.rules.schedule.facts import to_sessions, with_sessions
from tests.rules.schedule.series import closure, dates, day, days, series, timetable

FOUR = Exactly(4, "week", duration=240)
HELSINKI = ZoneInfo("Europe/Helsinki")


def four(**more):
    return series(FOUR, series="g1", **more)


def held(planned, *places):
    return evolve(
        planned,
        sessions=tuple(
            evolve(one, status="held") if one.place in places else one for one in planned.sessions
        ),
    )


def clock(planned):
    return [f"{one.starts_at:%H:%M}" for one in planned.sessions]


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        ("this", ["10:00", "10:00", "13:30", "10:00"]),
        ("following", ["10:00", "10:00", "13:30", "13:30"]),
        ("all", ["13:30", "13:30", "13:30", "13:30"]),
    ],
)
def test_another_clock_time(scope, expected):
    assert clock(edit(four(), 3, SessionChange(at=time(13, 30)), scope)) == expected


def test_what_was_held_or_cancelled_stays_as_it_was():
    planned = edit(held(four(), 1), 2, SessionChange(cancelled=True))
    after = edit(planned, 3, SessionChange(at=time(13), on=(day_of("wed"),), room="r2"), "all")
    assert after.sessions[:2] == planned.sessions[:2]
    assert dates(after) == days("2026-03-02 03-09 03-18 03-25")
    assert [one.room for one in after.sessions] == [None, None, "r2", "r2"]


def test_another_weekday_keeps_week_place_and_id():
    after = edit(four(), 2, SessionChange(on=(day_of("sun"),)), "following")
    assert dates(after) == days("2026-03-02 03-15 03-22 03-29")
    assert [one.id for one in after.sessions] == [one.id for one in four().sessions]
    assert after.timetable.on == (day_of("sun"),)


def test_an_earlier_weekday_may_lie_before_the_start():
    """The series began on a Thursday; the first session stays the first."""
    planned = series(FOUR, "2026-03-05")
    after = edit(planned, 1, SessionChange(on=(day_of("tue"),)), "all")
    assert dates(after) == days("2026-03-03 03-10 03-17 03-24")


def test_two_days_a_week_keep_their_places_when_the_series_began_between_them():
    planned = series(Rate(2, 2, "week"), "2026-03-04", timetable("mon thu"), until="2026-03-17")
    assert dates(planned) == days("2026-03-05 03-09 03-12 03-16")
    after = edit(planned, 1, SessionChange(on=(day_of("tue"), day_of("fri"))), "all")
    assert dates(after) == days("2026-03-06 03-10 03-13 03-17")


def test_other_days_are_looked_up_among_the_closures_again():
    planned = four(closed=[closure("2026-03-11", None, "extend")])
    after = edit(planned, 2, SessionChange(on=(day_of("wed"),)), "following")
    assert dates(after) == days("2026-03-02 03-18 03-25 04-01")
    assert [one.days.starts_on for one in after.left_out] == days("2026-03-11")


def test_a_day_that_was_left_out_is_free_again_when_another_weekday_is_open():
    planned = four(closed=[closure("2026-03-09", None, "extend")])
    after = edit(planned, 1, SessionChange(on=(day_of("tue"),)), "all")
    assert dates(after) == days("2026-03-03 03-10 03-17 03-24")
    assert after.left_out == ()


def test_days_left_out_before_the_change_stay_left_out():
    planned = four(closed=[closure("2026-03-09", None, "extend")])
    after = edit(planned, 3, SessionChange(on=(day_of("tue"),)), "following")
    assert dates(after) == days("2026-03-02 03-17 03-24 03-31")
    assert [one.place for one in after.left_out] == [2]


def test_one_session_on_another_day_keeps_its_reason_and_its_order():
    why = Text(en="the room is taken")
    after = edit(four(), 2, SessionChange(day=day("2026-03-17"), why=why))
    assert dates(after) == days("2026-03-02 03-16 03-17 03-23")
    assert [one.place for one in after.sessions] == [1, 3, 2, 4]
    moved = after.sessions[2]
    assert (moved.rule_on, moved.reasons[0].code) == (day("2026-03-09"), "edited")
    assert moved.reasons[0].text == why
    assert moved.starts_at == datetime(2026, 3, 17, 10, tzinfo=HELSINKI)


def test_sessions_stay_in_the_order_of_days_when_others_are_made_anew():
    """The second was moved behind the third, and held there."""
    moved = edit(four(), 2, SessionChange(day=day("2026-03-20")))
    after = edit(held(moved, 2), 3, SessionChange(at=time(12)), "following")
    assert [one.place for one in after.sessions] == [1, 3, 2, 4]
    assert dates(after) == days("2026-03-02 03-16 03-20 03-23")


def test_a_closure_before_the_start_closes_a_first_session_that_moves_there():
    closed = [closure("2026-03-03", None, "skip")]
    planned = series(FOUR, "2026-03-05", closed=closed)
    after = edit(planned, 1, SessionChange(on=(day_of("tue"),)), "all")
    assert dates(after) == days("2026-03-10 03-17 03-24")


def test_an_edit_into_the_skipped_hour_is_refused_or_says_so():
    with pytest.raises(DefinitionError, match="the clocks skip this time"):
        edit(four(), 4, SessionChange(day=day("2026-03-29"), at=time(3, 30)))
    planned = series(FOUR, table=timetable(gap="forward"))
    after = edit(planned, 4, SessionChange(day=day("2026-03-29"), at=time(3, 30)))
    assert [reason.code for reason in after.sessions[3].reasons] == ["edited", "clock_gap"]


@pytest.mark.parametrize(
    ("place", "change", "scope", "what"),
    [
        (9, SessionChange(at=time(12)), "this", "no such session"),
        (1, SessionChange(at=time(12)), "this", "is held and stays"),
        (1, SessionChange(cancelled=True), "this", "is held and stays"),
        (2, SessionChange(day=day("2026-03-16")), "this", "has a session on that day"),
        (2, SessionChange(day=day("2026-03-12")), "this", "that day is closed"),
        (2, SessionChange(on=(day_of("tue"),)), "this", "days of a rule for one session"),
        (2, SessionChange(day=day("2026-03-10")), "all", "one day for several sessions"),
        (2, SessionChange(on=(day_of("tue"), day_of("wed"))), "all", "another number of sessions"),
        (2, SessionChange(on=(day_of("2tue"),)), "all", "not a day of a week"),
        (2, SessionChange(break_minutes=240), "all", "the breaks are as long"),
        (2, SessionChange(break_minutes=240), "this", "the breaks are as long"),
        (2, SessionChange(minutes=0), "this", "not a whole number that is possible"),
        (2, SessionChange(at=time(10, 0, 1)), "following", "not a plain clock time"),
    ],
)
def test_a_change_that_cannot_be_is_refused(place, change, scope, what):
    planned = held(four(closed=[closure("2026-03-12")]), 1)
    with pytest.raises(DefinitionError, match=what):
        edit(planned, place, change, scope)


@pytest.mark.parametrize("scope", ["everything", "thsi", "", None])
def test_an_unknown_scope_is_refused_and_never_all_of_them(scope):
    with pytest.raises(DefinitionError, match="scope"):
        edit(four(), 1, SessionChange(cancelled=True), scope)


@pytest.mark.parametrize(
    ("scope", "cancelled"), [("this", [2]), ("following", [2, 3, 4]), ("all", [2, 3, 4])]
)
def test_cancelling_leaves_the_session_in_the_plan_with_its_reason(scope, cancelled):
    change = SessionChange(cancelled=True, why=Text(en="snow"))
    after = edit(held(four(), 1), 2, change, scope)
    assert [one.place for one in after.sessions if one.status == "cancelled"] == cancelled
    assert len(after.sessions) == 4
    assert len(after.met) == 4 - len(cancelled)
    assert after.sessions[1].reasons[-1].text == Text(en="snow")


def test_a_plan_without_dates_has_no_session_to_change():
    with pytest.raises(DefinitionError, match="no such session"):
        edit(series(AsNeeded()), 1, SessionChange(at=time(12)), "all")


def test_a_plan_becomes_records_and_comes_back():
    records = to_sessions(four(), group="g1", kind="group_meeting")
    assert records[0] == Session(
        id="g1.001",
        group="g1",
        kind="group_meeting",
        starts_at=datetime(2026, 3, 2, 10, tzinfo=HELSINKI),
        minutes=240,
        status="planned",
    )
    assert with_sessions(four(), records) == four()


def test_records_without_a_clock_time_or_a_length_are_refused():
    for table in (timetable(at=None), timetable()):
        planned = series(Exactly(2, "week"), table=table)
        with pytest.raises(DefinitionError, match="needs its clock time and length"):
            to_sessions(planned, group="g1", kind="group_meeting")


def test_recorded_attendance_holds_a_session_where_it_is_and_keeps_its_record():
    """The record says planned still, but somebody's attendance was written down."""
    records = to_sessions(four(), group="g1", kind="group_meeting")
    themed = [evolve(records[0], planned_theme="values", held_theme="trust"), *records[1:]]
    came = Attendance(id="a1", session="g1.001", person="p1", status="present")
    known = with_sessions(four(), themed, [came])
    assert [one.status for one in known.sessions] == ["held", "planned", "planned", "planned"]
    after = edit(known, 2, SessionChange(on=(day_of("fri"),), at=time(12)), "all")
    stored = to_sessions(after, group="g1", kind="group_meeting", earlier=themed)
    assert stored[0] == themed[0]
    assert [one.id for one in stored] == [one.id for one in records]
    assert [one.starts_at.isoformat()[:16] for one in stored[1:]] == [
        "2026-03-13T12:00",
        "2026-03-20T12:00",
        "2026-03-27T12:00",
    ]


def test_a_changed_session_keeps_the_themes_of_its_record():
    records = to_sessions(four(), group="g1", kind="group_meeting")
    themed = [evolve(one, planned_theme="values") for one in records]
    after = edit(four(), 2, SessionChange(cancelled=True))
    stored = to_sessions(after, group="g1", kind="group_meeting", earlier=themed)
    assert {one.planned_theme for one in stored} == {"values"}
    assert [one.status for one in stored] == ["planned", "cancelled", "planned", "planned"]


def test_what_was_recorded_goes_before_what_was_planned():
    records = list(to_sessions(four(), group="g1", kind="group_meeting"))
    moved = evolve(records[1], starts_at=datetime(2026, 3, 20, 9, tzinfo=HELSINKI), minutes=60)
    other = evolve(records[2], id="elsewhere")
    known = with_sessions(four(), [evolve(moved, status="cancelled"), other])
    assert [one.place for one in known.sessions] == [1, 3, 2, 4]
    found = known.sessions[2]
    assert (found.day, found.minutes, found.status) == (day("2026-03-20"), 60, "cancelled")
    assert found.ends_at.astimezone(UTC) == datetime(2026, 3, 20, 8, tzinfo=UTC)
