"""Findings on promises: facts on a day against what a programme says of itself."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from osallisuus.model.batch import Batch
from osallisuus.model.cadence import Length
from osallisuus.model.offering import FixedTerm
from osallisuus.programs import KOKEMUSOHJAUS, VERNA, WERTZU, YHTEISKEHITTAMINEN, YHTEISO
from osallisuus.rules.keeping import check_program
from osallisuus.rules.tables import last_day
from tests.model import made

ZONE = ZoneInfo("Europe/Helsinki")
ON = date(2020, 12, 1)


def found(program, *facts, on=ON):
    rows = Batch.of(facts).rows
    return [(one.code, one.where) for one in check_program(program, rows, on=on)]


def group(program, **given):
    given = {
        "id": "g1",
        "program": program,
        "program_version": "1",
        "starts_on": date(2020, 1, 6),
    } | given
    return made.one("groups", **given)


def meeting(number, day, kind="group_session", status="held"):
    at = datetime(day.year, day.month, day.day, 17, tzinfo=ZONE)
    return made.one("sessions", id=f"s{number}", group="g1", kind=kind, starts_at=at, status=status)


def weekly(count, **given):
    first = date(2020, 1, 6)
    return [meeting(n, first + timedelta(7 * n), **given) for n in range(count)]


def case(**given):
    given = {
        "id": "c1", "person": "p1", "guide": "k1", "program": "kokemusohjaus",
        "started_on": date(2020, 2, 3), "planned_end_on": date(2020, 12, 18),
    } | given  # fmt: skip
    return made.one("guidance", **given)


def talk(point, day):
    return made.one("reviews", id=f"r-{point}", guidance="c1", point=point, happened_on=day)


START = talk("start", date(2020, 2, 10))
MID = talk("mid", date(2020, 6, 1))
FINAL = talk("final", date(2020, 11, 30))
TALKS = [START, MID, FINAL]
EPISODE = {
    "id": "e1", "person": "p1", "program": "wertzu", "program_version": "1",
    "started_on": date(2020, 1, 6),
}  # fmt: skip
FACILITATOR = made.one(
    "roles", id="r1", person="p1", role="peer_facilitator", program="wertzu",
    starts_on=date(2020, 2, 10),
)  # fmt: skip
SHORT = evolve(KOKEMUSOHJAUS, not_stated=None, fixed_term=FixedTerm(length=Length(6, 6, "month")))

CASES = {
    "seven of eight weekly meetings": (
        WERTZU, [group("wertzu", ends_on=date(2020, 3, 2)), *weekly(7)],
        ("fewer_meetings_than_promised", "groups[g1]"),
    ),
    "a cancelled meeting is none": (
        WERTZU,
        [group("wertzu", ends_on=date(2020, 3, 2)), *weekly(7),
         meeting(8, date(2020, 2, 24), status="cancelled")],
        ("fewer_meetings_than_promised", "groups[g1]"),
    ),
    "three times a week where at most two are promised": (
        VERNA,
        [group("verna", ends_on=date(2020, 1, 20))]
        + [meeting(n, date(2020, 1, 6) + timedelta(2 * n)) for n in range(5)],
        ("more_meetings_than_promised", "groups[g1]"),
    ),
    "no end planned": (
        KOKEMUSOHJAUS, [made.one("enrollments", **EPISODE | {"program": "kokemusohjaus"})],
        ("no_planned_end", "enrollments[e1].planned_end_on"),
    ),
    "the planned end has passed": (
        KOKEMUSOHJAUS, [case(planned_end_on=date(2020, 11, 30)), *TALKS],
        ("past_its_planned_end", "guidance[c1].planned_end_on"),
    ),
    "an end beyond the term": (
        SHORT, [case(), *TALKS], ("beyond_its_term", "guidance[c1].planned_end_on"),
    ),
    "no closing talk yet": (
        KOKEMUSOHJAUS, [case(), START, MID], ("talk_due", "guidance[c1]"),
    ),
    "closed without a talk in the middle": (
        KOKEMUSOHJAUS, [case(ended_on=date(2020, 11, 30), ending="closed"), START, FINAL],
        ("talk_not_held", "guidance[c1]"),
    ),
    "a facilitator before completing": (
        WERTZU, [made.one("enrollments", **EPISODE), FACILITATOR],
        ("role_before_it_was_open", "roles[r1].starts_on"),
    ),
    "a facilitator who completed only later": (
        WERTZU,
        [
            made.one(
                "enrollments",
                **EPISODE | {"ended_on": date(2020, 6, 1), "ending": "completed"},
            ),
            FACILITATOR,
        ],
        ("role_before_it_was_open", "roles[r1].starts_on"),
    ),
    "a report to the funder is due": (
        YHTEISO, [group("yhteiso")], ("report_due", "program yhteiso.reports[esf_monitoring]"),
    ),
    "only an earlier report was sent": (
        YHTEISO,
        [group("yhteiso"),
         made.one("observations", id="o1", program="yhteiso", measure="report_sent.esf_monitoring",
                  observed_on=date(2020, 5, 20))],
        ("report_due", "program yhteiso.reports[esf_monitoring]"),
    ),
    "begun under another version": (
        WERTZU, [group("wertzu", program_version="0")],
        ("of_another_version", "groups[g1].program_version"),
    ),
}  # fmt: skip


TERM = made.one(
    "enrollments", id="e1", person="p1", program="kokemusohjaus", program_version="1",
    started_on=date(2020, 1, 6), planned_end_on=date(2020, 2, 3),
)  # fmt: skip


@pytest.mark.parametrize(
    ("program", "begun", "rest", "code"),
    [
        (WERTZU, group("wertzu"), [meeting(1, date(2020, 1, 7))], "fewer_meetings_than_promised"),
        (KOKEMUSOHJAUS, TERM, [], "past_its_planned_end"),
    ],
    ids=["a cadence", "a term"],
)
def test_what_keeps_another_version_is_not_judged_by_the_one_at_hand(program, begun, rest, code):
    """W25, U3: it has the cadence and the term under which it began; that it has them is said."""
    own = [one for one, _ in found(program, begun, *rest)]
    other = [one for one, _ in found(program, evolve(begun, program_version="0"), *rest)]

    assert own == [code]
    assert other == ["of_another_version"]


@pytest.mark.parametrize("name", CASES)
def test_each_rule_finds_its_case_and_nothing_else(name):
    """K15, K23, W5, Y25 and the cadences: one finding at its own place."""
    program, facts, expected = CASES[name]

    assert found(program, *facts) == [expected]


IN_ORDER = {
    "eight weekly meetings": (WERTZU, [group("wertzu", ends_on=date(2020, 3, 2)), *weekly(8)]),
    "a week left out and made up for": (
        WERTZU,
        [group("wertzu", ends_on=date(2020, 3, 2)), *weekly(7), meeting(9, date(2020, 1, 9))],
    ),
    "no meeting recorded": (WERTZU, [group("wertzu", ends_on=date(2020, 3, 2))]),
    "meetings as needed": (
        KOKEMUSOHJAUS, [group("kokemusohjaus"), meeting(1, date(2020, 1, 7), kind="network")]),
    "another programme's group": (VERNA, [group("wertzu", ends_on=date(2020, 3, 2)), *weekly(2)]),
    "all talks held": (KOKEMUSOHJAUS, [case(), *TALKS]),
    "ended by the user, who owes no talk": (
        KOKEMUSOHJAUS, [case(ended_on=date(2020, 3, 2), ending="ended_by_user"), START]),
    "ended before its planned end": (
        KOKEMUSOHJAUS,
        [made.one("enrollments", **EPISODE | {"program": "kokemusohjaus"}, ending="completed",
                  planned_end_on=date(2020, 11, 27), ended_on=date(2020, 11, 20))],
    ),
    "a programme without a fixed term": (WERTZU, [made.one("enrollments", **EPISODE)]),
    "completed, then a facilitator": (
        WERTZU,
        [made.one("enrollments", **EPISODE | {"ended_on": date(2020, 2, 10), "ending": "completed"}),
         FACILITATOR],
    ),
    "a role of which nothing is recorded": (WERTZU, [FACILITATOR]),
    "a role whose programme asks for other things": (
        YHTEISKEHITTAMINEN, [made.one("enrollments", **EPISODE), FACILITATOR]),
    "the last report is sent": (
        YHTEISO,
        [group("yhteiso"),
         made.one("observations", id="o1", program="yhteiso", measure="report_sent.esf_monitoring",
                  observed_on=date(2020, 9, 10))],
    ),
    "no period over yet": (YHTEISO, [group("yhteiso", starts_on=date(2020, 10, 1))]),
}  # fmt: skip


@pytest.mark.parametrize("name", IN_ORDER)
def test_what_keeps_the_promise_is_not_found(name):
    program, facts = IN_ORDER[name]

    assert found(program, *facts) == []


def test_meetings_fewer_than_promised_are_found_once_for_each_group():
    """Rates, intervals and exact numbers, each kind of meeting by its own cadence (K24, Y12, V7)."""
    team = [meeting(n, date(2020, 1, 6) + timedelta(14 * n), kind="team") for n in range(8)]
    supervision = [meeting(f"x{n}", date(2020, n, 8), kind="supervision") for n in range(1, 5)]
    facts = [group("kokemusohjaus", ends_on=date(2020, 5, 1)), *team, *supervision]

    (finding,) = [
        one for one in check_program(KOKEMUSOHJAUS, Batch.of(facts).rows, on=ON)
        if one.code == "fewer_meetings_than_promised"
    ]  # fmt: skip

    # 6 January to 1 May holds 16 whole weeks, and 3 whole months from the 6th to the 6th
    assert finding.what.startswith("8 meetings in full units of time for which at least 16")
    assert finding.where == "groups[g1]"


def test_a_group_is_looked_at_as_far_as_it_has_come():
    """What is still to come is not missing yet."""
    facts = [group("wertzu", ends_on=date(2020, 3, 2)), *weekly(3)]

    assert found(WERTZU, *facts, on=date(2020, 1, 27)) == []
    assert found(WERTZU, *facts, on=date(2020, 2, 3)) == [
        ("fewer_meetings_than_promised", "groups[g1]")
    ]


def test_without_a_day_it_is_the_day_after_the_last_fact():
    """Plans are no facts: neither a planned session nor a planned end moves the day."""
    planned = meeting(1, date(2021, 6, 1), status="planned")
    rows = Batch.of([group("wertzu"), *weekly(3), planned, case()]).rows

    assert last_day(rows) == date(2020, 2, 3)
    assert last_day({}) is None
    assert [one.code for one in check_program(WERTZU, Batch.of([]).rows)] == []
    # the last fact is of 10 February, so on the 11th the end of the 10th has passed
    ended = Batch.of([case(planned_end_on=date(2020, 2, 10)), START]).rows
    assert "past_its_planned_end" in [one.code for one in check_program(KOKEMUSOHJAUS, ended)]


@given(st.lists(st.integers(0, 55), max_size=20, unique=True), st.integers(1, 90))
def test_more_meetings_never_make_fewer_than_promised(days, seen):
    """A law: whoever adds a meeting to a sufficient number has a sufficient number."""
    first = date(2020, 1, 6)
    on = first + timedelta(seen)
    facts = [meeting(n, first + timedelta(day)) for n, day in enumerate(days)]
    more = [*facts, meeting("more", first + timedelta(3))]
    wanted = "fewer_meetings_than_promised"
    own = group("verna", ends_on=date(2020, 3, 2))

    some = any(day < seen for day in days)  # without any meeting nobody records them here
    if some and wanted not in [code for code, _ in found(VERNA, own, *facts, on=on)]:
        assert wanted not in [code for code, _ in found(VERNA, own, *more, on=on)]


@pytest.mark.parametrize(
    ("end", "codes"),
    [({}, ["no_planned_end"]), ({"ended_on": date(2020, 11, 2), "ending": "completed"}, [])],
)
def test_what_has_ended_needs_no_planned_end_any_more(end, codes):
    """Who is still taking part should know until when."""
    begun = made.one("enrollments", **EPISODE | {"program": "kokemusohjaus"} | end)
    assert [code for code, _ in found(KOKEMUSOHJAUS, begun)] == codes
