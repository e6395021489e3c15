"""Reminders: who waits for a start and has not been called of late (U5)."""

from datetime import date, timedelta

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from osallisuus.errors import DefinitionError
from osallisuus.model.batch import Batch
from osallisuus.rules.reminders import Reminder, reminders
from tests.model import made

START = date(2026, 9, 1)


def before(days):
    return START - timedelta(days)


THREE_BEFORE = before(3)
GROUP = made.one("groups", id="g1", program="verna", starts_on=START)
WAITS = {"interviewed_on": before(30), "offered_on": before(28), "group": "g1"}


def enrollment(person, **given):
    plain = {"id": f"e-{person}", "person": person, "program": "verna"}
    return made.one("enrollments", **plain | WAITS | given)


def contact(name, days, person="p1", **given):
    return made.one("contacts", id=name, person=person, happened_on=before(days), **given)


def interview(outcome, days=30, name="i1"):
    return made.one(
        "interviews", id=name, person="p1", program="verna", happened_on=before(days),
        outcome=outcome,
    )  # fmt: skip


def reminded(*facts, on=THREE_BEFORE, days=7):
    found = reminders(Batch.of([GROUP, *facts]).rows, "verna", on=on, days=days)
    return [(one.person, one.last_contact) for one in found]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ([enrollment("p1")], [("p1", None)]),
        ([enrollment("p1"), contact("k1", 8), contact("k2", 20)], [("p1", before(8))]),
        ([enrollment("p1"), contact("k1", 7)], []),
        ([enrollment("p1"), contact("k1", 3)], []),
        ([enrollment("p1"), contact("k1", 2)], [("p1", None)]),
        ([enrollment("p1"), contact("k1", 5, "p2")], [("p1", None)]),
        ([enrollment("p1"), contact("k1", 5, enrollment="e-p1")], []),
        ([enrollment("p1"), contact("k1", 5, enrollment="e-old")], [("p1", None)]),
        ([enrollment("p1", offered_on=None)], []),
        ([enrollment("p1", offered_on=None), interview("place")], [("p1", None)]),
        ([enrollment("p1"), interview("not_now")], []),
        ([enrollment("p1"), interview("not_now"), interview("place", 20, "i2")], [("p1", None)]),
        ([enrollment("p1"), interview("declined", 2)], [("p1", None)]),
        ([enrollment("p1", started_on=before(4))], []),
        ([enrollment("p1", started_on=START)], [("p1", None)]),
        ([enrollment("p1", ended_on=before(4), ending="declined")], []),
        ([enrollment("p1", program="wertzu")], []),
        ([enrollment("p1", group=None)], [("p1", None)]),
        ([enrollment("p1", interviewed_on=None)], [("p1", None)]),
        ([enrollment("p1", interviewed_on=None, offered_on=before(2))], []),
    ],
    ids=[
        "nobody called",
        "called before the last seven days",
        "called on the first of the seven days",
        "called today",
        "a call after today is not known",
        "somebody else was called",
        "called about this",
        "called about something else",
        "no place",
        "a place by the interview",
        "no place by the interview",
        "the latest interview counts",
        "what comes after today is not known",
        "has started",
        "starts later",
        "does not want to come",
        "another programme",
        "waits for a group",
        "a place without an interview",
        "a place that is offered only later",
    ],
)
def test_who_waits_and_was_not_called_is_reminded_of(facts, expected):
    """With a place, before the start, and no contact in the last seven days."""
    assert reminded(*facts) == expected


@pytest.mark.parametrize(("days_before", "expected"), [(8, []), (7, ["p1"]), (0, ["p1"]), (-1, [])])
def test_reminders_belong_to_the_last_days_before_the_start(days_before, expected):
    """Nobody is due before them, and after the start it is too late to encourage to it."""
    found = reminded(enrollment("p1"), on=before(days_before))

    assert [person for person, _ in found] == expected


COMING = {"group": "c1", "offered_on": before(9), "interviewed_on": None}


@pytest.mark.parametrize("kind", ["community", "training"])
def test_a_community_has_no_day_of_start_to_wait_for(kind):
    """It has gone on for years: whoever has a place in it is called, and whoever was called waits.

    A group that began is one to whose start nobody can be encouraged any more.
    """
    went_on = made.one("groups", id="c1", program="verna", kind=kind, starts_on=before(900))
    waits, called = enrollment("p1", **COMING), enrollment("p2", **COMING)
    found = reminders(
        Batch.of([went_on, waits, called, contact("k1", 5, "p2")]).rows, "verna",
        on=THREE_BEFORE, days=7,
    )  # fmt: skip

    expected = [Reminder(person="p1", enrollment="e-p1", group="c1")]
    assert list(found) == (expected if kind == "community" else [])


def guided(**given):
    plain = {"id": "c1", "person": "p1", "guide": "k1", "program": "verna",
             "offered_on": before(20)}  # fmt: skip
    return made.one("guidance", **plain | given)


STARTED = enrollment("p1", started_on=before(15))
GUIDANCE = {
    "was offered guidance": ([guided()], [None]),
    "was called of late": ([guided(), contact("k1", 4)], []),
    "was called long ago": ([guided(), contact("k1", 11)], [before(11)]),
    "was called about the enrolment around it": (
        [STARTED, guided(), contact("k1", 4, enrollment="e-p1")], []),
    "was called about another enrolment": (
        [guided(), contact("k1", 4, enrollment="e-old")], [None]),
    "has begun": ([guided(started_on=before(4))], []),
    "begins later": ([guided(started_on=START)], [None]),
    "did not want it": ([guided(ended_on=before(4), ending="ended_by_user")], []),
    "is offered it only later": ([guided(offered_on=before(2))], []),
    "in another programme": ([guided(program="wertzu")], []),
}  # fmt: skip


@pytest.mark.parametrize("name", GUIDANCE)
def test_guidance_has_no_interview_and_whoever_was_offered_it_waits(name):
    """K4, U5: the last seven days count, as there is no day of start."""
    facts, expected = GUIDANCE[name]
    found = reminders(Batch.of(facts).rows, "verna", on=THREE_BEFORE, days=7)

    assert [one.last_contact for one in found] == expected
    assert {(one.guidance, one.enrollment) for one in found} <= {("c1", None)}


def test_whoever_waits_for_guidance_within_an_enrolment_is_called_once():
    assert reminded(enrollment("p1"), guided()) == [("p1", None)]


def test_a_reminder_holds_nothing_to_judge_by():
    """A person, what they wait for and the last contact: no score, no risk, no reason."""
    assert [field.name for field in attrs.fields(Reminder)] == [
        "person",
        "enrollment",
        "guidance",
        "group",
        "starts_on",
        "last_contact",
    ]


@given(st.permutations([enrollment(f"p{n}") for n in range(5)]), st.permutations(range(4)))
def test_the_order_is_that_of_ids_and_of_nothing_else(people, called):
    """Neither the order of the facts nor how long nobody has called puts anybody first."""
    calls = [contact(f"k{n}", 10 + by, f"p{n}") for n, by in enumerate(called)]

    assert [person for person, _ in reminded(*people, *calls)] == ["p0", "p1", "p2", "p3", "p4"]


def test_no_days_are_no_reminder():
    with pytest.raises(DefinitionError, match="days is not a whole number"):
        reminded(days=0)


def test_an_interview_of_another_programme_gives_no_place_here():
    elsewhere = attrs.evolve(interview("place"), program="wertzu")
    assert reminded(enrollment("p1", offered_on=None), elsewhere) == []
