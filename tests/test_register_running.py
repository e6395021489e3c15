"""A group that still meets, of a programme of one's own: what is planned has not happened yet."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

import osallisuus as osa
from osallisuus.errors import DefinitionError
from osallisuus.metrics.measure import last_known_day
from osallisuus.rules.keeping import own_rows
from osallisuus.rules.tables import last_day, tables
from tests.model import made

START = date(2027, 1, 12)
END = date(2027, 5, 11)
LAST = date(2027, 2, 1)
"""The last day on which anything happened: a Monday, three weeks from the start less a day."""

CIRCLE = """
name = "circle"
version = "1"
title = { en = "Circle" }
kinds = ["group_training"]
sessions = { cadence = { kind = "rate", min = 2, max = 2, per = "week" } }
disclosure = { threshold = 12 }
"""
PLAIN = CIRCLE.replace("disclosure = { threshold = 12 }\n", "")


def session(number, day, status):
    starts_at = datetime(day.year, day.month, day.day, 10, tzinfo=ZoneInfo("Europe/Helsinki"))
    return made.one("sessions", id=f"s{number}", group="g1", kind="group_session",
                    starts_at=starts_at, minutes=90, status=status)  # fmt: skip


def held_and_planned():
    """Tuesdays and Mondays: two in each full week, the first three weeks of which are over."""
    days = [START + timedelta(7 * week + extra) for week in range(17) for extra in (0, 6)]
    for number, day in enumerate(days):
        yield session(number, day, "held" if day <= LAST else "planned")


def facts():
    yield made.one("groups", id="g1", program="circle", program_version="1", starts_on=START,
                   ends_on=END)  # fmt: skip
    for number in range(8):
        person = f"p{number}"
        yield made.one("people", id=person, registered_on=START)
        yield made.one("enrollments", id=f"e{number}", person=person, program="circle",
                       program_version="1", group="g1", started_on=START,
                       planned_end_on=END)  # fmt: skip
    yield from held_and_planned()


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "circle.toml"
    path.write_text(PLAIN, "utf-8")
    return str(path)


@pytest.fixture(params=["memory:", "store.db"])
def register(request, tmp_path):
    place = request.param if request.param == "memory:" else str(tmp_path / request.param)
    with osa.open(place, actor="a", purpose="p") as made_one:
        made_one.add(facts())
        yield made_one


def codes(findings):
    return {one.code for one in findings}


def test_a_group_that_still_meets_is_neither_ended_nor_behind(register, file):
    """Two a week are promised and two were held; what is planned for spring owes nothing yet."""
    assert codes(register.check(programs=[file])) == set()


def test_on_a_named_day_a_group_has_ended_only_after_its_last_one(register, file):
    for day in (LAST, END):
        assert "ending_not_recorded" not in codes(register.check(on=day, programs=[file]))
    after = list(register.check(on=END + timedelta(1), programs=[file]))
    assert sum(one.code == "ending_not_recorded" for one in after) == 8
    assert "fewer_meetings_than_promised" in codes(after)


def test_figures_count_until_the_day_after_the_last_thing_that_happened(register):
    assert register.measure("completion").provenance.as_of == LAST + timedelta(1)


PLANS = {
    "the end of a group": made.one("groups", id="g2", program="circle", starts_on=START,
                                   ends_on=END),
    "the start of a group to come": made.one("groups", id="g2", program="circle", starts_on=END),
    "a session to come": session(99, END, "planned"),
    "a session to come that was cancelled": session(99, END, "cancelled"),
    "the end of a pause": made.one("pauses", id="b1", of="e1", starts_on=START, ends_on=END),
    "the term of a role": made.one("roles", id="r1", person="p1", starts_on=START, ends_on=END),
    "the term of a membership": made.one("memberships", id="m1", person="p1", group="g1",
                                         starts_on=START, ends_on=END),
    "a planned end": made.one("enrollments", id="e9", person="p1", program="circle",
                              started_on=START, planned_end_on=END),
}  # fmt: skip

HAPPENED = {
    "a session that was held": session(99, END, "held"),
    "a role that was laid down": made.one("roles", id="r1", person="p1", starts_on=START,
                                          ends_on=END, ending="stepped_back"),
    "a membership that has ended": made.one("memberships", id="m1", person="p1", group="g1",
                                            starts_on=START, ends_on=END, ending="moved_on"),
    "an enrolment that has ended": made.one("enrollments", id="e9", person="p1", program="circle",
                                            started_on=START, ended_on=END),
}  # fmt: skip


@pytest.mark.parametrize(
    ("fact", "expected"),
    [(fact, LAST) for fact in PLANS.values()] + [(fact, END) for fact in HAPPENED.values()],
    ids=[*PLANS, *HAPPENED],
)
def test_only_what_happened_sets_the_last_day_for_rules_and_figures_alike(fact, expected):
    rows = tables([*facts(), fact])
    assert last_day(own_rows("circle", rows)) == expected
    with osa.open("memory:", actor="a", purpose="p") as opened:
        opened.add([*facts(), fact])
        with opened.engine() as engine:
            assert last_known_day(engine) == expected


def test_what_a_programme_of_ones_own_promises_is_read_from_its_file(register, file):
    """Two a week were promised and held, in each of three full weeks; once a week is nobody's word."""
    result = register.measure("cadence_held", program=file)

    assert result.provenance.policies["promise"] == "programme"
    assert result.provenance.program == "circle"
    assert {one.name: (one.k, one.n) for one in result} == {
        "cadence_held": (3, 3),
        "below": (0, 3),
        "above": (0, 3),
    }


def test_what_people_received_is_held_against_the_same_promise(register, file):
    """Somebody came to both meetings of each week: with once a week that would be too often."""
    register.add(
        made.one("attendance", id=f"a{number}", session=f"s{number}", person="p1", status="present")
        for number in range(6)
    )
    result = register.measure("cadence_received", program=file)

    assert {one.name: (one.k, one.n) for one in result} == {
        "cadence_received": (3, 3),
        "below": (0, 3),
        "above": (0, 3),
    }


def test_a_definition_itself_says_what_is_promised_too(register, file):
    program = osa.program(file)
    assert str(register.measure("cadence_held", program=program)) == str(
        register.measure("cadence_held", program=file)
    )


@pytest.mark.parametrize("metric", ["cadence_held", "cadence_received"])
def test_a_promise_that_is_not_at_hand_is_never_taken_for_once_a_week(register, metric):
    with pytest.raises(DefinitionError, match="its definition is not at hand"):
        register.measure(metric, program="circle")
    with pytest.raises(DefinitionError, match="its definition is not at hand"):
        register.alternatives(metric, program="circle")


def test_each_policy_in_turn_keeps_the_promise_of_the_programme(register, file):
    for _, result in register.alternatives("cadence_held", program=file):
        assert result.provenance.policies["promise"] == "programme"


def test_a_file_makes_a_release_as_careful_as_it_says(register, file, tmp_path):
    """8 people are fewer than 12, and more than the 5 or so that the file without a word allows."""
    careful = tmp_path / "careful.toml"
    careful.write_text(CIRCLE, "utf-8")
    plain = register.review("completion", program=file)
    strict = register.review("completion", program=str(careful))
    assert plain.profile.threshold < strict.profile.threshold == 12


def test_places_are_asked_of_groups_by_their_whole_ids():
    """A string is one group, whatever groups its letters would name."""
    with osa.open("memory:", actor="a", purpose="p") as opened:
        opened.add(made.one("groups", id=name, program="verna") for name in ("ke", "ma", "kexma"))
        found = opened.places("kexma", on=START)
        assert [one.group for one in found] == ["kexma"]
        assert [one.group for one in opened.places(["ke", "ma"], on=START)] == ["ke", "ma"]
        with pytest.raises(
            DefinitionError, match=r"no such group @ groups\.kexmo .*did you mean .kexma"
        ):
            opened.places(["ma", "kexmo"], on=START)
