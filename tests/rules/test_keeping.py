"""Findings against a programme's own words."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

import osallisuus as osa
from osallisuus.model.batch import Batch
from osallisuus.programs import KOKEMUSOHJAUS, VERNA, WERTZU, YHTEISKEHITTAMINEN, YHTEISO
from osallisuus.rules.keeping import check_program, own_rows
from osallisuus.rules.tables import last_day
from tests.cli.running import run
from tests.model import made
from tests.test_plugins import pretend, with_a_group


def day(number):
    return date(2020, 1, number)


def found(program, *facts):
    return [(one.code, one.where) for one in check_program(program, Batch.of(facts).rows)]


CASE = made.one("guidance", id="g1", person="p1", guide="k1", program="kokemusohjaus")
EPISODE = made.one("enrollments", id="e1", person="p1", program="kokemusohjaus")
GROUP = made.one("groups", id="c1", program="kokemusohjaus")

BEYOND = {
    "contacts[x].mode": [EPISODE, made.one("contacts", id="x", enrollment="e1", mode="befriending")],
    "goals[x].domain": [CASE, made.one("goals", id="x", guidance="g1", domain="medication")],
    "linkages[x].place_kind": [
        CASE, made.one("linkages", id="x", person="p1", place_kind="therapy")],
    "answers[x].item": [
        CASE, made.one("reviews", id="r1", guidance="g1"),
        made.one("answers", id="x", form="r1", item="treatment")],
    "costs[x].head": [made.one("costs", id="x", program="kokemusohjaus", head="housekeeping")],
    "sessions[x].held_theme": [
        GROUP, made.one("sessions", id="x", group="c1", held_theme="social_work_decisions")],
    "sessions[x].planned_theme": [
        GROUP, made.one("sessions", id="x", group="c1", planned_theme="treatment")],
    "sessions[x].kind": [GROUP, made.one("sessions", id="x", group="c1", kind="done_for")],
}  # fmt: skip


@pytest.mark.parametrize("where", BEYOND)
def test_what_lies_beyond_a_boundary_is_found_where_it_was_recorded(where):
    """K6, K14: and in a programme without such a boundary it is nothing to look at."""
    assert found(KOKEMUSOHJAUS, *BEYOND[where]) == [("beyond_a_boundary", where)]
    assert found(VERNA, *BEYOND[where]) == []


def test_nobody_is_told_to_take_out_somebodys_own_goal():
    """K12: a goal is the person's own and stays; what staff recorded may be corrected."""
    rows = Batch.of(BEYOND["goals[x].domain"]).rows
    (goal,) = check_program(KOKEMUSOHJAUS, rows)
    others = [
        one.remedy
        for where, facts in BEYOND.items()
        if not where.startswith("goals")
        for one in check_program(KOKEMUSOHJAUS, Batch.of(facts).rows)
    ]

    assert "stays as they set it" in goal.remedy
    assert [
        one for one in [goal.remedy, *others] if "take this out" in one or "delete" in one
    ] == []


def test_what_belongs_to_another_programme_breaks_no_boundary_of_this_one():
    facts = [
        made.one("enrollments", id="e1", person="p1", program="verna"),
        made.one("contacts", id="x", person="p1", enrollment="e1", mode="befriending"),
        made.one("linkages", id="y", person="p9", place_kind="therapy"), CASE,
    ]  # fmt: skip

    assert found(KOKEMUSOHJAUS, *facts) == []


def test_a_role_written_into_a_role_free_session_is_found():
    """X7; and in a programme that does not lay roles aside it is not."""
    session = made.one("sessions", id="s1", group="c1", kind="workshop", status="held")
    rows = [
        made.one("attendance", id="a1", session="s1", person="p1", acting_as="client"),
        made.one("attendance", id="a2", session="s1", person="p2"),
    ]
    for program, expected in (
        (YHTEISKEHITTAMINEN, [("role_in_role_free_session", "attendance[a1].acting_as")]),
        (YHTEISO, []),
    ):
        group = made.one("groups", id="c1", program=program.name)

        assert found(program, group, session, *rows) == expected
    another = made.one("groups", id="c1", program="yhteiso")
    assert found(YHTEISKEHITTAMINEN, another, session, *rows) == []


def community(clients, *more):
    members = [
        made.one("memberships", id=f"m{i}", person=f"p{i}", group="c1", starts_on=day(2))
        for i in range(clients)
    ]
    return [made.one("groups", id="c1", program="yhteiso"), *members, *more]


@pytest.mark.parametrize(
    ("facts", "over"),
    [
        (community(50), False),
        (community(51), True),
        (community(51, made.one("roles", person="p0", role="student", starts_on=day(1))), False),
        (community(51, made.one("roles", person="p0", role="student", starts_on=day(1),
                                ends_on=day(9))), True),
        (community(50, made.one("memberships", id="n", person="n", group="c1", starts_on=day(1),
                                ends_on=day(2))), False),
        (community(50, made.one("memberships", id="n", person="n", group="c1", starts_on=day(1),
                                ends_on=day(3))), True),
    ],
)  # fmt: skip
def test_a_community_that_was_ever_over_its_limit_is_found(facts, over):
    """Y19, on every day on which its size can be largest."""
    expected = [("community_over_its_limit", "groups[c1]")] if over else []

    assert found(YHTEISO, *facts) == expected


@pytest.mark.parametrize(
    ("matter", "owner", "wrong"),
    [
        ("own_care", "client", False),
        ("own_care", "community_meeting", True),
        ("shared_matters", "community_meeting", False),
        ("shared_matters", "manager", True),
        ("rule.visitors", "manager", True),
        ("area.kitchen", "community_meeting", False),
        ("procurement", "manager", False),
    ],
)
def test_a_matter_that_somebody_else_should_decide_is_found(matter, owner, wrong):
    """Y16: own care is decided by the client; a rule by the community meeting."""
    decision = made.one("decisions", id="d1", group="c1", matter=matter, owner=owner)
    group = made.one("groups", id="c1", program="yhteiso")

    assert found(YHTEISO, group, decision) == (
        [("decided_by_another", "decisions[d1].owner")] if wrong else []
    )
    elsewhere = made.one("groups", id="c1", program="verna")
    assert found(YHTEISO, elsewhere, decision) == []


@pytest.mark.parametrize(
    ("decided_by", "matter", "known"),
    [("d1", "area.kitchen", True), ("d1", "rule.quiet", False), ("d9", "area.kitchen", False),
     (None, "area.kitchen", False)],
)  # fmt: skip
def test_an_area_that_nobody_agreed_on_is_found(decided_by, matter, known):
    """Y13: areas are agreed on together."""
    facts = [
        made.one("groups", id="c1", program="yhteiso"),
        made.one("decisions", id="d1", group="c1", matter=matter, owner="community_meeting"),
        made.one("roles", id="r1", role="area_holder", group="c1", decided_by=decided_by),
    ]

    assert found(YHTEISO, *facts) == (
        [] if known else [("area_of_no_decision", "roles[r1].decided_by")]
    )


def test_a_register_holds_its_facts_against_the_programmes_that_they_name():
    """``check`` finds it, and adding does not refuse it: it happened."""
    at = datetime(2020, 1, 3, 10, tzinfo=ZoneInfo("Europe/Helsinki"))
    with osa.open("memory:", actor="coordinator", purpose="running") as register:
        register.add(
            [
                osa.Person(id="p1", registered_on=day(1)),
                made.one("groups", id="c1", program="yhteiskehittaminen", starts_on=day(1)),
                made.one("sessions", id="s1", group="c1", kind="workshop", status="held",
                         starts_at=at),
                made.one("enrollments", id="e1", person="p1", group="c1", started_on=day(1),
                         program="yhteiskehittaminen"),
                made.one("attendance", id="a1", session="s1", person="p1", acting_as="client"),
            ]
        )  # fmt: skip

        assert [one.code for one in register.check()] == ["role_in_role_free_session"]


def test_a_programme_that_cannot_be_read_is_a_finding_and_disturbs_nothing_else(tmp_path):
    """A broken plug-in is named with the way to learn more; the check goes on."""
    site = pretend(tmp_path / "site", "[osallisuus.programs]\nbad = hostile:MISSING\n")
    asked = run("check", with_a_group(tmp_path / "facts", "bad"), path=site)

    assert asked.err == ""
    assert "the definition of this programme cannot be read" in asked.out
    assert "program bad (osallisuus plugins bad says why)" in asked.out


ENDED = [
    made.one("groups", id="g1", program="wertzu", starts_on=date(2016, 9, 5)),
    made.one("sessions", id="s1", group="g1", kind="group_session", status="held",
             starts_at=datetime(2016, 9, 7, 17, tzinfo=ZoneInfo("Europe/Helsinki"))),
    made.one("enrollments", id="e1", person="p1", program="wertzu", started_on=date(2016, 9, 7)),
    made.one("pauses", id="u1", of="e1", starts_on=date(2016, 9, 9)),
    made.one("traits", id="t1", person="p1", since=date(2016, 9, 10)),
]  # fmt: skip
ELSEWHERE = [
    made.one("groups", id="g2", program="verna", starts_on=date(2019, 1, 7)),
    made.one("roles", id="r1", person="p2", role="peer", program="verna",
             starts_on=date(2019, 2, 4)),
    made.one("encounters", id="c1", peer="p2", happened_on=date(2020, 5, 4)),
]  # fmt: skip


def test_a_programme_is_judged_by_its_own_last_day():
    """What others in the store went on with adds no week in which this one should have met."""
    rows = Batch.of([*ENDED, *ELSEWHERE]).rows
    alone = list(check_program(WERTZU, Batch.of(ENDED).rows))

    assert list(check_program(WERTZU, rows)) == alone == []
    late = list(check_program(WERTZU, rows, on=date(2020, 5, 5)))
    assert [one.code for one in late] == ["fewer_meetings_than_promised"]


def test_what_names_no_programme_is_of_that_of_its_person_if_there_is_only_one():
    """A trait, a pause and an encounter; of somebody in two programmes nobody can say."""
    rows = Batch.of([*ENDED, *ELSEWHERE]).rows
    both = made.one("roles", id="r2", person="p1", role="peer", program="verna")

    assert last_day(own_rows("wertzu", rows)) == date(2016, 9, 10)
    assert last_day(own_rows("verna", rows)) == date(2020, 5, 4)
    torn = own_rows("wertzu", Batch.of([*ENDED, *ELSEWHERE, both]).rows)
    assert (torn["traits"], len(torn["pauses"])) == ([], 1)
    assert own_rows("wertzu", Batch.of(ENDED).rows) == Batch.of(ENDED).rows
