"""The four state machines: on each day exactly one state, and every move back is legal."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from osallisuus.rules.states import (
    STATES,
    engagement_state,
    guidance_state,
    membership_state,
    paused_on,
    role_state,
)
from tests.model import made


def day(number):
    return date(2020, 1, 1) + timedelta(number)


def pause(start, end=None):
    return made.one(
        "pauses", id=f"p{start}", of="x1", starts_on=day(start), ends_on=end and day(end)
    )


def lives(states, last):
    """Each state once for every run of days in which it lasts: ``{first day: state}``."""
    by_day = {number: states(day(number)) for number in range(last)}
    return {
        number: state
        for number, state in by_day.items()
        if number == 0 or by_day[number - 1] != state
    }


def test_an_episode_walks_through_its_stages_pauses_and_completes():
    """Each day belongs to the stage that came last; the day of the ending is ended already."""
    episode = made.one(
        "enrollments", reached_on=day(2), informed_on=day(4), interviewed_on=day(6),
        offered_on=day(8), started_on=day(10), ended_on=day(20), ending="completed",
    )  # fmt: skip
    pauses = [pause(12, 15)]

    assert lives(lambda on: engagement_state(episode, on, pauses=pauses), 25) == {
        0: "not_begun", 2: "reached", 4: "informed", 6: "interviewed", 8: "awaiting_start",
        10: "active", 12: "paused", 15: "active", 20: "completed",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        ("place", "offered_place"),
        ("other_group", "offered_other_group"),
        ("not_now", "not_now"),
        ("declined", "declined"),
    ],
)
def test_the_decision_of_an_interview_shows_until_a_place_is_dated(outcome, state):
    """Only the interview of this person, programme and time says anything."""
    episode = made.one("enrollments", reached_on=day(2), interviewed_on=day(6), offered_on=day(9))
    own = {"person": episode.person, "program": episode.program}
    interviews = [
        made.one("interviews", id="i1", **own, happened_on=day(6), outcome=outcome),
        made.one("interviews", id="i0", **own, happened_on=day(1), outcome="declined"),
        made.one("interviews", id="i2", person="p2", happened_on=day(6), outcome="declined"),
        made.one("interviews", id="i3", **(own | {"program": "verna"}), happened_on=day(6),
                 outcome="declined"),
    ]  # fmt: skip

    assert lives(lambda on: engagement_state(episode, on, interviews=interviews), 12) == {
        0: "not_begun", 2: "reached", 6: state, 9: "awaiting_start",
    }  # fmt: skip


def test_the_interview_of_an_earlier_episode_says_nothing_of_this_one():
    episode = made.one("enrollments", reached_on=day(5), interviewed_on=day(6))
    own = {"person": episode.person, "program": episode.program}
    earlier = made.one("interviews", **own, happened_on=day(1), outcome="declined")

    assert engagement_state(episode, day(7), interviews=[earlier]) == "interviewed"


def test_every_stage_but_the_start_may_be_skipped():
    """W skips the interview and Y enters by care plan: an episode may be a start alone."""
    episode = made.one("enrollments", started_on=day(3))

    assert lives(lambda on: engagement_state(episode, on), 9) == {0: "not_begun", 3: "active"}


@pytest.mark.parametrize("ending", ["stepped_back", "term_ended", "moved_on", None])
def test_a_role_is_held_paused_and_laid_down(ending):
    span = made.one("roles", starts_on=day(2), ends_on=day(9), ending=ending)
    pauses = [pause(3, 5), pause(7)]

    assert lives(lambda on: role_state(span, on, pauses), 12) == {
        0: "not_begun", 2: "active", 3: "paused", 5: "active", 7: "paused", 9: ending or "ended",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("ending", "state"),
    [
        ("completed", "closed"),
        ("ended_by_user", "ended_by_user"),
        ("reassigned", "reassigned"),
        ("moved_on", "moved_on"),
        ("a_word_of_ones_own", "closed"),
        (None, "closed"),
    ],
)
def test_guidance_goes_from_the_offer_to_its_end_over_its_talks(ending, state):
    """Started until the opening talk, closing from the closing talk, and ended as it ended."""
    case = made.one(
        "guidance", offered_on=day(1), started_on=day(3), ended_on=day(15), ending=ending
    )
    reviews = [
        made.one("reviews", id=point, guidance="x1", point=point, happened_on=day(number))
        for point, number in (("start", 5), ("mid", 8), ("final", 12))
    ]

    assert lives(lambda on: guidance_state(case, on, reviews=reviews), 18) == {
        0: "not_begun", 1: "offered", 3: "started", 5: "working", 12: "closing", 15: state,
    }  # fmt: skip
    assert guidance_state(case, day(8), reviews=reviews, held=True) == "on_hold"
    assert guidance_state(case, day(2), held=True) == "offered"
    assert guidance_state(case, day(15), held=True) == state


def test_a_membership_lasts_until_its_end_whatever_its_mode():
    """None now is a way of belonging: the member is a member."""
    membership = made.one("memberships", starts_on=day(2), mode="none_now", ends_on=day(5))

    assert lives(lambda on: membership_state(membership, on), 8) == {
        0: "not_begun", 2: "member", 5: "ended",
    }  # fmt: skip


def _dates(*names):
    return st.fixed_dictionaries({name: st.none() | st.integers(0, 15).map(day) for name in names})


PAUSES = st.lists(
    st.tuples(st.integers(0, 15), st.none() | st.integers(1, 6)).map(
        lambda pair: pause(pair[0], pair[1] and pair[0] + pair[1])
    ),
    max_size=3,
)


@given(
    _dates("reached_on", "interviewed_on", "offered_on", "started_on", "ended_on"),
    st.sampled_from([None, "completed", "left", "died"]),
    PAUSES,
)
def test_an_episode_is_in_exactly_one_known_state_on_each_day(dates, ending, pauses):
    """Also with dates in any order; and once ended, it stays so."""
    episode = made.one("enrollments", **dates, ending=ending)
    states = [engagement_state(episode, day(number), pauses=pauses) for number in range(20)]

    assert set(states) <= set(STATES["engagement"])
    if episode.ended_on is not None:
        after = [state for number, state in enumerate(states) if day(number) >= episode.ended_on]
        assert set(after) == {ending or "ended"}


@given(st.integers(0, 9), st.none() | st.integers(0, 15), PAUSES)
def test_a_role_is_in_exactly_one_known_state_on_each_day(start, end, pauses):
    """It is paused on the days of its pauses and on no other."""
    span = made.one("roles", starts_on=day(start), ends_on=end if end is None else day(end))
    for number in range(20):
        state = role_state(span, day(number), pauses)

        assert state in STATES["role"]
        within = number >= start and (end is None or number < end)
        assert (state == "paused") == (within and paused_on(pauses, day(number)))
        assert (state == "active") == (within and not paused_on(pauses, day(number)))


@given(_dates("offered_on", "started_on", "ended_on"), st.booleans(), st.integers(0, 15))
def test_guidance_is_in_exactly_one_known_state_on_each_day(dates, held, talk):
    case = made.one("guidance", **dates)
    review = made.one("reviews", point="start", happened_on=day(talk))
    states = {
        guidance_state(case, day(number), reviews=[review], held=held) for number in range(20)
    }

    assert states <= set(STATES["guidance"])
