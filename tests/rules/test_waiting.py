"""Capacity and the waiting list: who could be offered a place next, and why in that order."""

from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from osallisuus.errors import DefinitionError
from osallisuus.model.batch import Batch
from osallisuus.rules.composition import tell_waiting
from osallisuus.rules.findings import check
from osallisuus.rules.waiting import capacity_on, people_in, waiting_list
from tests.model import made

ON = date(2026, 3, 1)


def ago(days):
    return ON - timedelta(days)


def enrolled(person, name=None, **given):
    plain = {"id": name or f"e-{person}", "person": person, "program": "verna"}
    return made.one("enrollments", **plain | given)


def interview(person, outcome, days=5, **given):
    plain = {"id": f"i-{person}", "person": person, "program": "verna", "outcome": outcome}
    return made.one("interviews", **plain | {"happened_on": ago(days)} | given)


def group(**given):
    return made.one("groups", **{"id": "g1", "program": "verna", "starts_on": ON} | given)


def rows(*facts):
    return Batch.of(facts).rows


TAKING_PART = {"group": "g1", "started_on": ago(9)}
OFFERED = {"group": "g1", "offered_on": ago(9)}


@pytest.mark.parametrize(
    ("capacity", "enrollments", "standing", "free"),
    [
        (None, [], "not_stated", None),
        (None, [enrolled("p1", **TAKING_PART)], "not_stated", None),
        (1, [], "free", 1),
        (1, [enrolled("p1", **TAKING_PART)], "full", 0),
        (1, [enrolled("p1", **OFFERED)], "full", 0),
        (1, [enrolled("p1", **TAKING_PART), enrolled("p2", **OFFERED)], "over", 0),
        (2, [enrolled("p1", **TAKING_PART), enrolled("p2", **OFFERED)], "full", 0),
        (1, [enrolled("p1", **OFFERED, ended_on=ON, ending="declined")], "free", 1),
        (1, [enrolled("p1", **TAKING_PART, ended_on=ON + timedelta(1))], "full", 0),
        (1, [enrolled("p1", group="g1", started_on=ON + timedelta(1))], "free", 1),
        (1, [enrolled("p1", group="g2", started_on=ago(9))], "free", 1),
        (1, [enrolled("p1", **TAKING_PART), made.one("pauses", of="e-p1", starts_on=ago(2))],
         "full", 0),
    ],
    ids=[
        "not stated and empty", "not stated and not empty", "empty", "full",
        "a place is kept for who was offered it", "over", "both kinds fill it", "declined today",
        "leaves tomorrow", "starts tomorrow", "another group", "a pause keeps the place",
    ],
)  # fmt: skip
def test_places_of_a_group(capacity, enrollments, standing, free):
    """No free place is not the same as no capacity stated."""
    found = capacity_on(rows(*enrollments), group(capacity=capacity), on=ON)

    assert (found.standing, found.free) == (standing, free)


LIST = [
    # asked, interviewed
    enrolled("p1", reached_on=ago(30), interviewed_on=ago(10)),
    enrolled("p2", reached_on=ago(20), interviewed_on=ago(15)),
    enrolled("p3", reached_on=ago(25)),
    enrolled("p4", informed_on=ago(20)),
    # p4 asked a year ago, too, and waited for forty days without a start
    enrolled("p4", "e-0", reached_on=ago(400), ended_on=ago(360), ending="left"),
    # waiting for another programme is another matter
    enrolled("p1", "e-w", program="wertzu", reached_on=ago(300)),
    # p2 took part once: that wait came to a start and is over with
    enrolled("p2", "e-00", reached_on=ago(900), started_on=ago(800), ended_on=ago(700)),
]


@pytest.mark.parametrize(
    ("policy", "order"),
    [
        ("asked", [("p1", 1), ("p3", 2), ("p2", 3), ("p4", 3)]),
        ("interviewed", [("p2", 1), ("p1", 2), ("p3", 3), ("p4", 4)]),
        ("longest_waiting", [("p4", 1), ("p1", 2), ("p3", 3), ("p2", 4)]),
    ],
)
def test_the_order_follows_the_policy(policy, order):
    """Whoever is equal by the policy has the same turn."""
    found = waiting_list(rows(*LIST), "verna", on=ON, policy=policy)

    assert [(one.person, one.turn) for one in found.people] == order
    assert {one.person: one.days for one in found.people} == {
        "p1": 30,
        "p2": 20,
        "p3": 25,
        "p4": 60,
    }


def test_an_unknown_policy_is_refused():
    """There is no order by chance, by need or by score."""
    with pytest.raises(DefinitionError, match="known: asked, interviewed, longest_waiting"):
        waiting_list(rows(*LIST), "verna", on=ON, policy="score")


@pytest.mark.parametrize(
    ("facts", "waits"),
    [
        ([], True),
        ([enrolled("p1", reached_on=ago(9), offered_on=ON)], False),
        ([enrolled("p1", reached_on=ago(9), offered_on=ON + timedelta(1))], True),
        ([enrolled("p1", reached_on=ago(9), started_on=ON)], False),
        ([enrolled("p1", reached_on=ago(9), ended_on=ON, ending="left")], False),
        ([enrolled("p1", reached_on=ON + timedelta(1))], False),
        ([enrolled("p1", program="wertzu", reached_on=ago(9))], False),
        ([interview("p1", "place")], True),
        ([interview("p1", "not_now")], False),
        ([interview("p1", "declined")], False),
        ([interview("p1", "declined", days=-1)], True),
        ([interview("p1", "other_group", group="g2")], True),
        ([interview("p1", "other_group", group="g1")], False),
        ([enrolled("p1", reached_on=ago(9), group="g1")], True),
        ([enrolled("p1", reached_on=ago(9), group="g2")], False),
    ],
    ids=[
        "asked", "offered a place today", "to be offered one tomorrow", "started", "left",
        "asks tomorrow", "another programme", "interviewed", "not now", "declined",
        "will decline tomorrow", "sent from another group", "sent to another group",
        "waits for this group", "waits for another group",
    ],
)  # fmt: skip
def test_who_waits_for_a_group(facts, waits):
    """The person asked nine days ago, unless the facts say otherwise."""
    plain = [] if any(fact.table.name == "enrollments" for fact in facts) else [
        enrolled("p1", reached_on=ago(9))
    ]  # fmt: skip

    found = waiting_list(rows(*plain, *facts), "verna", on=ON, policy="asked", group="g1")

    assert [one.person for one in found.people] == ["p1"] * waits


@pytest.mark.parametrize(
    ("places", "people"),
    [
        (None, []), (0, []), (1, ["p1"]), (2, ["p1", "p3"]),
        (3, ["p1", "p3", "p2", "p4"]), (9, ["p1", "p3", "p2", "p4"]),
    ],
)  # fmt: skip
def test_who_could_be_offered_a_place_next(places, people):
    """Of two with the same turn and one place neither is chosen here: a human decides."""
    found = waiting_list(rows(*LIST), "verna", on=ON, policy="asked")

    assert [one.person for one in found.next(places)] == people


def test_the_interview_counts_where_its_day_is_on_the_enrolment_or_not():
    """A day that stands only in the interview is the day of the interview."""
    facts = [enrolled("p1", reached_on=ago(30)), interview("p1", "place", days=5)]

    (found,) = waiting_list(rows(*facts), "verna", on=ON, policy="interviewed").people

    assert found.interviewed_on == ago(5)


@given(st.randoms(use_true_random=False))
def test_the_order_of_the_facts_does_not_matter(chance: Random):
    shuffled = chance.sample(LIST, len(LIST))

    for policy in ("asked", "interviewed", "longest_waiting"):
        found = waiting_list(rows(*shuffled), "verna", on=ON, policy=policy)
        assert found == waiting_list(rows(*LIST), "verna", on=ON, policy=policy)


def test_the_list_in_words_says_its_policy_and_who_decides():
    facts = rows(*LIST)
    found = waiting_list(facts, "verna", on=ON, policy="interviewed")

    assert tell_waiting(found, capacity_on(facts, group(capacity=2), on=ON)).splitlines() == [
        "INTERNAL – not for publication",
        "verna, 1 March 2026: who waits for a place",
        "In the order of the interviews; whoever has had none comes after, in the order of asking.",
        "g1: 2 places of 2 are free.",
        ("1. p2: asked on 9 February 2026; interviewed on 14 February 2026; 20 days of waiting"),
        ("2. p1: asked on 30 January 2026; interviewed on 19 February 2026; 30 days of waiting"),
        "3. p3: asked on 4 February 2026; no interview yet; 25 days of waiting",
        "4. p4: asked on 9 February 2026; no interview yet; 60 days of waiting",
        "The same number means the same turn. A person decides who is offered a place.",
    ]


@pytest.mark.parametrize("locale", ["fi", "sv", "en"])
@pytest.mark.parametrize("capacity", [None, 1, 2, 3])
def test_every_language_tells_every_standing(locale, capacity):
    """Two hold a place: one place is over, two are full, three leave one free."""
    facts = rows(enrolled("p1", **TAKING_PART), enrolled("p2", **OFFERED))
    nobody = waiting_list(facts, "verna", on=ON, policy="asked")

    told = tell_waiting(nobody, capacity_on(facts, group(capacity=capacity), on=ON), locale=locale)

    assert told.splitlines()[3].startswith("g1: ")
    assert len(told.splitlines()) == 5


def test_who_has_a_place_in_a_group():
    facts = rows(enrolled("p1", **TAKING_PART), enrolled("p2", **OFFERED), enrolled("p3"))

    assert people_in(facts, "g1", ON) == {"p1", "p2"}


@pytest.mark.parametrize(
    ("capacity", "spans", "found"),
    [
        (1, [(9, None), (5, None)], True),
        (2, [(9, None), (5, None)], False),
        (None, [(9, None), (5, None)], False),
        (1, [(9, 5), (5, None)], False),
        (1, [(9, 4), (5, None)], True),
    ],
    ids=["two at once", "two places", "not stated", "one after the other", "a day together"],
)
def test_more_people_than_places_is_found(capacity, spans, found):
    """It is found and never refused, and nobody is named."""
    facts = [group(capacity=capacity)]
    for number, (start, end) in enumerate(spans):
        ended = None if end is None else ago(end)
        facts.append(
            enrolled(f"p{number}", group="g1", started_on=ago(start), ended_on=ended,
                     ending=ended and "left")
        )  # fmt: skip

    findings = [one for one in check(rows(*facts)) if one.code == "over_capacity"]

    assert [one.where for one in findings] == ["groups[g1].capacity"] * found


def test_without_a_group_there_is_no_word_on_places():
    nobody = waiting_list(rows(), "verna", on=ON, policy="asked")

    assert tell_waiting(nobody, None).splitlines()[3] == "Nobody waits."
