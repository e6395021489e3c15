"""Plans of what the shipped programmes offer, and their record for JSON."""

import json

import pytest

from osallisuus.errors import DefinitionError
from osallisuus.model.cadence import AsNeeded, Exactly
from osallisuus.model.offering import Break, SessionPlan
from osallisuus.model.stated import NONE, each
from osallisuus.register import program_named
from osallisuus.rules.schedule.program import Offer, offer_of, other_series, plan_program
from osallisuus.rules.schedule.record import plan_record, recorded_sessions
from tests.rules.schedule.series import closure, dates, day, days, timetable

START = day("2026-03-02")


def test_wertzu_is_eight_weekly_sessions_of_four_hours_with_a_break_of_unstated_length():
    """W20, T9, T10."""
    planned = plan_program(program_named("wertzu"), START, timetable())
    assert dates(planned) == days("2026-03-02 03-09 03-16 03-23 03-30 04-06 04-13 04-20")
    assert (planned.gross_minutes, planned.net_minutes, planned.span_days) == (1920, None, 49)
    stated = plan_program(program_named("wertzu"), START, timetable(break_minutes=60))
    assert stated.net_minutes == 1440


@pytest.mark.parametrize(("on", "number"), [("mon", 17), ("mon thu", 34)])
def test_verna_is_17_to_34_sessions_in_four_calendar_months(on, number):
    """V7, T11: 17 whole weeks, and a few days that are no whole week."""
    planned = plan_program(program_named("verna"), day("2018-01-08"), timetable(on))
    assert planned.promised == (17, 34)
    assert len(planned.sessions) - planned.left_over == number


def test_the_number_within_a_range_is_never_chosen_for_anybody():
    """Q10."""
    with pytest.raises(DefinitionError, match="the cadence promises 1 to 2 in each week"):
        plan_program(program_named("verna"), START)


@pytest.mark.parametrize(
    ("name", "meeting", "table", "until", "number"),
    [
        ("kokemusohjaus", "team", timetable(), "2027-03-01", 52),  # K24, T13
        ("kokemusohjaus", "supervision", timetable("1mon"), "2027-03-01", 12),
        ("kokemusohjaus", "individual_talk", timetable(), "2027-03-01", 0),
        ("verna", "follow_up", timetable(every=2), "2027-03-01", 26),  # V13, T11
    ],
)
def test_meetings_of_a_programme(name, meeting, table, until, number):
    program = program_named(name)
    codes = [one.code for one in each(program.meetings)]
    code = next(one for one in codes if one.startswith(meeting) or len(codes) == 1)
    planned = plan_program(program, START, table, meeting=code, ends_on=day(until))
    assert len(planned.sessions) == number


def test_every_meeting_of_every_shipped_programme_can_be_planned():
    """T12 among them: once or twice a month, once or twice a year."""
    chosen = {"week": "mon", "month": "2tue", "year": "05-15"}
    for name in ("kokemusohjaus", "verna", "wertzu", "yhteiskehittaminen", "yhteiso"):
        program = program_named(name)
        for meeting in each(program.meetings):
            if meeting.cadence is None:
                continue
            unit = getattr(meeting.cadence, "per", None) or getattr(meeting.cadence, "unit", "day")
            on = chosen.get(unit, "")
            if getattr(meeting.cadence, "min", 1) > 1:
                on = "03-15 07-15 11-15"
            table = timetable(on, every=1 if meeting.cadence.kind == "every" else None)
            planned = plan_program(
                program, START, table, meeting=meeting.code, ends_on=day("2027-03-01")
            )
            assert planned.sessions or isinstance(meeting.cadence, AsNeeded), meeting.code


@pytest.mark.parametrize(
    ("name", "meeting", "what", "remedy"),
    [
        ("kokemusohjaus", None, "states no cadence of it", "meetings with one: team"),
        ("kokemusohjaus", "teem", "no such meeting", "did you mean 'team'?"),
    ],
)
def test_what_cannot_be_planned_says_what_can(name, meeting, what, remedy):
    with pytest.raises(DefinitionError, match=what) as caught:
        offer_of(program_named(name), meeting)
    assert remedy in caught.value.problems[0].remedy


@pytest.mark.parametrize(
    ("breaks", "minutes"),
    [
        (None, None),
        (NONE, 0),
        ((Break("lunch", 30), Break("coffee", 15)), 45),
        ((Break("lunch"), Break("coffee", 15)), None),
    ],
)
def test_breaks_are_added_up_where_all_are_stated(breaks, minutes):
    offer = Offer(Exactly(8, "week"), SessionPlan(breaks=breaks))
    assert offer.break_minutes == minutes
    assert Offer(Exactly(8, "week")).break_minutes is None


def test_the_record_of_a_plan_is_plain_json_with_every_reason():
    closed = [closure("2026-03-09"), closure("2026-03-16", None, "move", "moving house")]
    table = timetable(room="r1", facilitators=("f1",))
    planned = plan_program(program_named("wertzu"), START, table, closures=closed, series="g1")
    record = plan_record(planned)
    assert json.loads(json.dumps(record)) == record
    assert record["cadence"] == {"kind": "exactly", "count": 8, "every": "week", "duration": 240}
    assert record["sessions"][1] == {
        "id": "g1.003",
        "place": 3,
        "rule_on": "2026-03-16",
        "day": "2026-03-17",
        "starts_at": "2026-03-17T10:00:00+02:00[Europe/Helsinki]",
        "minutes": 240,
        "net_minutes": None,
        "room": "r1",
        "facilitators": ["f1"],
        "title": None,
        "theme": None,
        "status": "planned",
        "reasons": [
            {"code": "closed", "policy": "move", "holiday": False, "text": {"en": "moving house"}}
        ],
    }
    assert record["left_out"] == [
        {
            "place": 2,
            "starts_on": "2026-03-09",
            "ends_on": "2026-03-10",
            "reason": {
                "code": "closed",
                "policy": "skip",
                "holiday": False,
                "text": {"en": "staff training"},
            },
        }
    ]
    assert (record["span_days"], record["nominal_days"]) == (49, [61, 61])


def test_the_sessions_of_a_plan_come_back_from_its_record():
    """As JSON and back: when they are, how long, and what they are about."""
    planned = plan_program(program_named("wertzu"), START, timetable())
    back = recorded_sessions(json.loads(json.dumps(plan_record(planned))))
    assert [(one.id, one.starts_at, one.minutes) for one in back] == [
        (one.id, one.starts_at, one.minutes) for one in planned.sessions
    ]


@pytest.mark.parametrize("record", [None, {}, {"series": "s", "sessions": [{"day": "soon"}]}])
def test_what_is_no_plan_is_refused(record):
    with pytest.raises(DefinitionError, match="this is no plan"):
        recorded_sessions(record)


def test_what_else_has_a_cadence_is_named_for_whoever_plans_one_of_them():
    """Wertzu has sessions only; who accompanies as needed plans none."""
    assert other_series(program_named("wertzu"), "steering") == ("sessions",)
    assert other_series(program_named("wertzu")) == ()
    assert "sessions" not in other_series(program_named("yhteiso"), "steering")
