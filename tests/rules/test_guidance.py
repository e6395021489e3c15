"""Guidance cases on a day: talks that are due, goals, pauses of the guide, and working time."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from osallisuus.programs import KOKEMUSOHJAUS, VERNA
from osallisuus.rules.guidance import cases_on, reviews_due, working_time
from osallisuus.time import Period
from tests.model import made


def day(number):
    return date(2020, 1, 1) + timedelta(number)


def case(name="g1", **given):
    plain = {
        "id": name, "person": "p1", "guide": "k1", "program": "kokemusohjaus",
        "offered_on": day(0), "started_on": day(4), "planned_end_on": day(104),
    }  # fmt: skip
    return made.one("guidance", **(plain | given))


def talk(point, number, name=None):
    return made.one(
        "reviews", id=name or point, guidance="g1", point=point, happened_on=day(number)
    )


def of_guide(**given):
    plain = {"id": "r1", "person": "k1", "role": "peer_guide", "starts_on": day(0)}
    return made.one("roles", **(plain | given))


def pause(of, start, end=None, name="x1"):
    return made.one("pauses", id=name, of=of, starts_on=day(start), ends_on=end and day(end))


def only(facts, on, **given):
    (found,) = cases_on(KOKEMUSOHJAUS, facts, on=day(on), **given)
    return found


TALKS = {
    # day, talks held -> what each of the three talks is
    "on offer": (2, [], ["later", "later", "later"]),
    "just begun": (4, [], ["due", "later", "later"]),
    "opened": (5, [talk("start", 5)], ["held", "later", "later"]),
    "the day before the middle": (53, [talk("start", 5)], ["held", "later", "later"]),
    "in the middle": (54, [talk("start", 5)], ["held", "due", "later"]),
    "29 days before the end": (75, [talk("start", 5), talk("mid", 60)], ["held", "held", "later"]),
    "28 days before the end": (76, [talk("start", 5), talk("mid", 60)], ["held", "held", "due"]),
    "over its plan": (110, [talk("start", 5)], ["held", "due", "due"]),
    "a talk of tomorrow": (5, [talk("start", 6)], ["due", "later", "later"]),
}


@pytest.mark.parametrize("name", TALKS)
def test_a_talk_is_held_due_or_later(name):
    """Opening from the start, mid-term from the middle, closing in the last four weeks."""
    number, talks, standings = TALKS[name]

    assert [one.standing for one in only([case(), *talks], number).talks] == standings


def test_a_talk_was_held_on_the_first_day_of_its_kind():
    found = only([case(), talk("start", 8), talk("start", 5, "again")], 30)

    assert [one.held_on for one in found.talks] == [day(5), None, None]


def test_a_case_that_is_over_owes_nobody_a_talk():
    """A user ends guidance at any time and without a reason (K8): what was not held, was not."""
    ended = case(ended_on=day(40), ending="ended_by_user")
    found = only([ended, talk("start", 5)], 40)

    assert found.state == "ended_by_user"
    assert [one.standing for one in found.talks] == ["held", "not_held", "not_held"]
    assert found.due == ()


def test_a_coordinator_sees_cases_near_their_end_without_their_talks():
    """U10: the nearest end first; those in order, on offer, ended or of others are not there."""
    facts = [
        case("g1"), talk("start", 5),
        case("g2", person="p2", planned_end_on=day(90)),
        case("g3", person="p3", started_on=None),
        case("g4", person="p4", ended_on=day(50), ending="completed"),
        case("g5", person="p5", program="other"),
        case("g6", person="p6", started_on=day(79), planned_end_on=day(300)),
        made.one("reviews", id="r6", guidance="g6", point="start", happened_on=day(79)),
    ]  # fmt: skip
    due = reviews_due(KOKEMUSOHJAUS, facts, on=day(80))

    assert [one.case.id for one in due] == ["g2", "g1"]
    assert [[talk.point for talk in one.due] for one in due] == [
        ["start", "mid", "final"],
        ["mid", "final"],
    ]
    assert [one.days_left for one in due] == [10, 24]
    (first, second) = reviews_due(KOKEMUSOHJAUS, facts, on=day(80), near=12)
    assert ("final" in [one.point for one in first.due], len(second.due)) == (True, 1)


def test_a_programme_that_states_no_talks_is_owed_none():
    """Q27: nothing is filled in."""
    (found,) = cases_on(VERNA, [case(program="verna")], on=day(50))

    assert found.talks == ()


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        ([of_guide()], "started"),
        ([of_guide(), pause("r1", 6, 9)], "on_hold"),
        ([of_guide(), pause("r1", 6)], "on_hold"),
        ([of_guide(), pause("r1", 5, 7)], "started"),
        ([pause("g1", 6, 9)], "on_hold"),
        ([of_guide(program="kokemusohjaus"), pause("r1", 6, 9)], "on_hold"),
        ([of_guide(program="other"), pause("r1", 6, 9)], "started"),
        ([of_guide(role="professional"), pause("r1", 6, 9)], "started"),
        ([of_guide(person="k2"), pause("r1", 6, 9)], "started"),
        ([of_guide(), pause("r1", 6, 9), of_guide(id="r2", role="lead_peer_guide")], "started"),
    ],
)
def test_a_case_is_on_hold_while_its_guide_or_it_is_on_a_pause(facts, state):
    """K25: the guide's own need, without a reason; who still guides in another role, guides."""
    assert only([case(), *facts], 7).state == state


def test_another_guide_goes_on_in_a_second_case():
    """The first case ends as reassigned and shows the one that follows, the earliest."""
    facts = [
        case("g1", ended_on=day(30), ending="reassigned"),
        case("g2", guide="k2", offered_on=day(32), started_on=day(35)),
        case("g3", guide="k3", offered_on=day(50), started_on=None),
        case("g4", guide="k1", offered_on=day(30)),
        case("g5", person="p2", guide="k2", offered_on=day(30)),
        case("g6", guide="k4", offered_on=day(29)),
    ]
    found = {one.case.id: one for one in cases_on(KOKEMUSOHJAUS, facts, on=day(60))}

    assert (found["g1"].state, found["g1"].followed_by.id) == ("reassigned", "g2")
    assert found["g2"].followed_by is None


def test_goals_are_the_users_own_with_their_latest_level():
    """T14: levels 1, 1, 0 and equal weights give 59.1287; a goal without a level makes it partial."""
    goals = [
        made.one("goals", id=f"m{i}", guidance="g1", weight=1, set_on=day(5)) for i in range(3)
    ]
    ratings = [
        made.one("goal_ratings", id=f"a{i}", goal=f"m{i}", rated_on=day(50), level=level)
        for i, level in enumerate((1, 1, 0))
    ]
    earlier = made.one("goal_ratings", id="b", goal="m0", rated_on=day(20), level=-2)
    later = made.one("goal_ratings", id="c", goal="m0", rated_on=day(99), level=2)
    facts = [case(), *goals, *ratings, earlier, later]

    found = only(facts, 60)
    assert [one.level for one in found.goals] == [1, 1, 0]
    assert found.attainment.value == pytest.approx(59.1287, abs=5e-5)
    assert [one.level for one in only(facts, 30).goals] == [-2, None, None]
    assert type(only(facts, 30).attainment).__name__ == "Partial"
    assert only(facts, 4).goals == ()


def cost(name, **given):
    plain = {"id": name, "program": "kokemusohjaus", "happened_on": day(3), "head": "contact_work"}
    return made.one("costs", **(plain | given))


def test_working_time_adds_up_by_kind_and_does_not_make_up_what_is_not_known():
    """K22, W23: 0 minutes and unknown minutes differ; money alone is no work; no guide is named."""
    facts = [
        cost("a", minutes=90, worker_kind="peer_guide"),
        cost("b", minutes=30, worker_kind="peer_guide"),
        cost("c", minutes=0, worker_kind="professional"),
        cost("d", head="supervision", worker_kind="peer_guide"),
        cost("e", head="supervision", minutes=60, worker_kind="peer_guide"),
        cost("f", head="premises", cents=100),
        cost("g", minutes=60, happened_on=day(10)),
        cost("h", minutes=60, program="verna"),
    ]
    found = working_time(KOKEMUSOHJAUS, facts, period=Period(day(0), day(10)))

    assert [(one.head, one.worker_kind, one.minutes) for one in found] == [
        ("contact_work", "peer_guide", 120),
        ("contact_work", "professional", 0),
        ("supervision", "peer_guide", None),
    ]


WHOLE = [
    case(), talk("start", 5), talk("mid", 60), of_guide(), pause("r1", 20, 30),
    case("g2", guide="k2", person="p2"), pause("g2", 40, 50, "x2"),
    made.one("goals", id="m1", guidance="g1", set_on=day(5)),
    made.one("goals", id="m2", guidance="g1", set_on=day(5)),
    made.one("goal_ratings", id="a1", goal="m1", rated_on=day(50), level=1),
    made.one("goal_ratings", id="a2", goal="m1", rated_on=day(50), level=2),
]  # fmt: skip


@given(st.permutations(WHOLE), st.integers(0, 120))
def test_the_order_of_facts_does_not_matter(shuffled, number):
    asked = {"on": day(number)}

    assert cases_on(KOKEMUSOHJAUS, shuffled, **asked) == cases_on(KOKEMUSOHJAUS, WHOLE, **asked)
