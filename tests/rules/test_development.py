"""Ideas until they are told back, role-free sessions, workshops, and views from both sides."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve, fields
from hypothesis import given
from hypothesis import strategies as st

from osallisuus.model.facts import Idea
from osallisuus.programs import VERNA, WERTZU, YHTEISKEHITTAMINEN, YHTEISO
from osallisuus.rules.development import (
    IDEA_STATES,
    from_both_sides,
    idea_state,
    ideas_on,
    is_role_free,
    staff_taught,
    waiting_to_be_told,
    workshops_held,
)
from tests.model import made


def day(month, number=1):
    return date(2020, month, number)


def idea(name="i1", **given):
    plain = {"id": name, "origin": "peers", "raised_on": day(1)}
    return made.one("ideas", **(plain | given))


def test_an_idea_goes_from_being_raised_to_being_rooted():
    """X12: the café that peers had the idea of; the last step that has come decides."""
    cafe = idea(
        raised_on=day(2), decided_on=day(3), decision="accepted", implemented_on=day(5),
        established_on=day(9),
    )  # fmt: skip
    states = [idea_state(cafe, day(month)) for month in range(1, 11)]

    assert (
        states
        == (
            "not_raised raised accepted accepted implemented implemented implemented implemented "
            "established established"
        ).split()
    )


@pytest.mark.parametrize(
    ("decision", "state"),
    [("declined", "declined"), ("later", "later"), ("withdrawn", "withdrawn"), (None, "decided"),
     ("a_word_of_ones_own", "decided")],
)  # fmt: skip
def test_a_decision_is_said_in_its_own_word(decision, state):
    assert idea_state(idea(decided_on=day(2), decision=decision), day(2)) == state


def test_the_ideas_of_a_programme_are_those_of_its_groups_and_of_no_group():
    """As in the metrics, an idea that names no group may be of any programme."""
    facts = [
        made.one("groups", id="g1", program="verna"),
        made.one("groups", id="g2", program="wertzu"),
        idea("i1", group="g1"),
        idea("i2", group="g2"),
        idea("i3"),
    ]

    def of(program):
        return [one.idea.id for one in ideas_on(facts, on=day(2), program=program)]

    assert [of(None), of("verna"), of("wertzu")] == [["i1", "i2", "i3"], ["i1", "i3"], ["i2", "i3"]]


def test_who_raised_an_idea_is_owed_an_answer_also_a_no():
    """Longest waiting first. Put off is open, withdrawn is owed nothing, told is told."""
    facts = [
        idea("i1", decided_on=day(4), decision="declined"),
        idea("i2", decided_on=day(3), decision="accepted", implemented_on=day(4)),
        idea("i3", decided_on=day(2), decision="later"),
        idea("i4", decided_on=day(2), decision="withdrawn"),
        idea("i5", decided_on=day(2), decision="accepted", told_back_on=day(6)),
        idea("i6", decided_on=day(2), decision="accepted", told_back_on=day(6, 2)),
        idea("i7"), idea("i8", decided_on=day(7), decision="accepted"),
        idea("i9", decided_on=day(4)),
    ]  # fmt: skip

    assert [one.idea.id for one in waiting_to_be_told(facts, on=day(6))] == ["i6", "i2", "i1", "i9"]
    assert len(ideas_on(facts, on=day(6))) == 9


def test_the_credit_of_an_idea_is_collective():
    """X12: the origin is a circle of people, and no column of an idea can name one of them."""
    (one,) = ideas_on([idea(origin="clients")], on=day(2))

    assert one.credit == "clients"
    assert not [f.name for f in fields(Idea) if f.name in ("person", "peer", "by")]


def session(name="s1", kind="workshop", month=3, status="held", minutes=120, **given):
    at = datetime(2020, month, 1, 10, tzinfo=ZoneInfo("Europe/Helsinki"))
    plain = {"id": name, "group": "g1", "kind": kind, "starts_at": at, "minutes": minutes}
    return made.one("sessions", **(plain | {"status": status} | given))


@pytest.mark.parametrize(
    ("program", "kind", "free"),
    [
        (YHTEISKEHITTAMINEN, "workshop", True),
        (YHTEISKEHITTAMINEN, "a_kind_of_its_own", True),
        (YHTEISO, "workshop", False),
        (WERTZU, "workshop", False),
        (VERNA, "group_session", False),
    ],
)
def test_roles_are_laid_aside_where_the_programme_says_so(program, kind, free):
    assert is_role_free(program, session(kind=kind)) is free


def test_who_teaches_staff_is_recorded_also_where_roles_are_laid_aside_otherwise():
    """X5, X7: a staff training is no role-free session; its code is its kind or its theme."""
    code = YHTEISKEHITTAMINEN.staff_trainings[0].code

    assert not is_role_free(YHTEISKEHITTAMINEN, session(kind=code))
    assert not is_role_free(YHTEISKEHITTAMINEN, session(kind="workshop", planned_theme=code))
    assert is_role_free(YHTEISKEHITTAMINEN, session(planned_theme=code, held_theme="another"))


def test_a_programme_of_several_kinds_is_role_free_only_where_something_is_developed():
    """A community with role-free workshops still records roles in its other meetings."""
    both = evolve(YHTEISKEHITTAMINEN, kinds=("co_development", "community"), meetings=YHTEISO.meetings, roles=(*YHTEISKEHITTAMINEN.roles, *(r for r in YHTEISO.roles if r.code not in ("client", "peer", "expert_by_experience", "professional"))))  # fmt: skip

    assert is_role_free(both, session(kind="workshop"))
    assert is_role_free(both, session(kind="development_day"))
    assert not is_role_free(both, session(kind="community_meeting"))


def test_workshops_are_counted_beside_the_number_that_the_programme_names():
    """W16: three before the first pilot."""
    group = made.one("groups", id="g1", program="wertzu")
    facts = [
        group, session("s1"), session("s2", month=4), session("s3", month=9),
        session("s4", status="planned"), session("s5", status="cancelled"),
        session("s6", kind="group_session"), made.one("groups", id="g2", program="verna"),
        session("s7", group="g2"),
    ]  # fmt: skip
    found = workshops_held(WERTZU, facts, on=day(6))

    assert (found.stated, found.held, found.planned) == (3, 2, 1)
    assert workshops_held(VERNA, facts, on=day(6)).stated is None


def present(name, person, session="s1", acting_as=None, status="present"):
    return made.one(
        "attendance", id=name, session=session, person=person, status=status, acting_as=acting_as
    )


def test_experts_train_staff_and_seats_are_not_people():
    """X5, M39: two sessions, three seats, two people; the expert who taught is none of them."""
    kind = {"kind": "dependence_and_treatment"}
    facts = [
        session("s1", **kind, minutes=90), session("s2", kind="workshop", minutes=60,
                                                   held_theme="dependence_and_treatment"),
        session("s3", **kind, month=9), session("s4", **kind, status="cancelled"),
        present("a1", "w1"), present("a2", "w2", acting_as="professional"),
        present("a3", "k1", acting_as="expert_by_experience"), present("a4", "w1", "s2"),
        present("a5", "w3", "s2", status="absent"), present("a6", "w9", "s3"),
    ]  # fmt: skip
    (taught,) = staff_taught(YHTEISKEHITTAMINEN, facts, on=day(6))

    assert (taught.sessions, taught.minutes, taught.seats, taught.people) == (2, 150, 3, 2)
    assert taught.by == ("expert_by_experience",)


def rated(name, month, **levels):
    assessment = made.one(
        "assessments", id=name, group="g1", instrument="arnstein", happened_on=day(month)
    )
    return [assessment] + [
        made.one("scores", id=f"{name}-{side}", assessment=name, scale=side, value=level)
        for side, level in levels.items()
    ]


def test_participation_is_rated_from_each_side_by_itself():
    """X14: levels stand side by side and are not averaged; a side that is silent does not agree."""
    facts = [
        *rated("a2", 4, peer=4, professional=6), *rated("a1", 2, peer=5, professional=5),
        *rated("a3", 5, professional=7), *rated("a4", 9, peer=8, professional=8),
        *rated("a5", 6, peer=3, manager=3),
        made.one("assessments", id="a6", person="p1", instrument="arnstein", happened_on=day(3)),
    ]  # fmt: skip
    found = from_both_sides(YHTEISKEHITTAMINEN, facts, instrument="arnstein", on=day(6))

    assert [(one.levels, one.agree) for one in found] == [
        ((("peer", 5.0), ("professional", 5.0)), True),
        ((("peer", 4.0), ("professional", 6.0)), False),
        ((("professional", 7.0),), None),
        ((("peer", 3.0),), None),
    ]
    assert from_both_sides(VERNA, facts, instrument="arnstein", on=day(6))[0].levels == ()


MAYBE = st.none() | st.integers(1, 12).map(day)
DECISIONS = st.sampled_from([None, "accepted", "declined", "later", "withdrawn"])
IDEAS = st.lists(
    st.builds(
        idea, st.integers(0, 99).map("i{}".format), raised_on=st.integers(1, 12).map(day),
        decided_on=MAYBE, decision=DECISIONS, implemented_on=MAYBE, told_back_on=MAYBE,
    ),
    unique_by=lambda one: one.id, max_size=6,
)  # fmt: skip


@given(IDEAS, st.integers(1, 12), st.randoms())
def test_an_idea_is_in_one_state_and_owed_only_after_a_decision(ideas, month, lots):
    """In whatever order the facts are given."""
    found = ideas_on(ideas, on=day(month))
    shuffled = list(ideas)
    lots.shuffle(shuffled)

    assert {one.state for one in found} <= set(IDEA_STATES) - {"not_raised"}
    assert all(one.idea.decided_on <= day(month) for one in found if one.owed)
    assert ideas_on(shuffled, on=day(month)) == found
