"""Who or what would be in two places at once."""

from datetime import UTC, timedelta
from itertools import combinations

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from osallisuus.model.cadence import Exactly
from osallisuus.rules.schedule.conflicts import clashes, conflicts
from osallisuus.rules.schedule.edit import SessionChange, edit
from tests.rules.schedule.series import series, timetable

ONCE = Exactly(1, "week")


def once(name, at, minutes=60, *, room=None, who=(), start="2026-03-02", zone="Europe/Helsinki"):
    table = timetable(at=at, minutes=minutes, room=room, facilitators=tuple(who), zone=zone)
    return series(ONCE, start, table, series=name)


def found(*plans, members=None):
    return [(one.what, one.who, one.one.id, one.other.id) for one in conflicts(plans, members)]


@pytest.mark.parametrize(
    ("one", "other", "conflict"),
    [
        (("10:00", 60), ("11:00", 60), False),  # one begins when the other ends
        (("10:00", 61), ("11:00", 60), True),
        (("10:00", 60), ("10:00", 60), True),
        (("10:00", 240), ("11:00", 30), True),  # one within the other
        (("11:00", 30), ("10:00", 240), True),
        (("10:00", 60), ("09:00", 60), False),
    ],
)
def test_times_are_half_open(one, other, conflict):
    plans = once("a", *one, room="r1"), once("b", *other, room="r1")
    assert bool(found(*plans)) == conflict


def test_facilitators_rooms_and_members_are_looked_at_each_for_itself():
    plans = (
        once("a", "10:00", room="r1", who=["f1", "f2"]),
        once("b", "10:30", room="r1", who=["f2", "f3"]),
    )
    assert found(*plans, members={"a": ["p1", "p2"], "b": ["p2", "p3"]}) == [
        ("facilitator", "f2", "a.001", "b.001"),
        ("room", "r1", "a.001", "b.001"),
        ("member", "p2", "a.001", "b.001"),
    ]


def test_nobody_in_common_is_no_conflict():
    plans = once("a", "10:00", room="r1", who=["f1"]), once("b", "10:00", room="r2", who=["f2"])
    assert found(*plans, members={"a": ["p1"], "b": ["p2"]}) == []


def test_the_same_moment_in_two_zones_is_one_moment():
    """10:00 in Helsinki is 09:00 in Stockholm."""
    helsinki = once("a", "10:00", room="r1")
    assert found(helsinki, once("b", "09:00", room="r1", zone="Europe/Stockholm"))
    assert not found(helsinki, once("b", "10:00", room="r1", zone="Europe/Stockholm"))


def test_what_is_cancelled_or_has_no_clock_time_takes_no_time():
    one = once("a", "10:00", room="r1")
    gone = edit(once("b", "10:00", room="r1"), 1, SessionChange(cancelled=True))
    assert found(one, gone) == []
    assert found(one, once("b", None, room="r1")) == []
    assert found(one, once("b", "10:00", None, room="r1")) == []


def test_a_conflict_shows_nobody_in_its_repr():
    (one,) = conflicts([once("a", "10:00", who=["f1"]), once("b", "10:00", who=["f1"])])
    assert repr(one) == "Conflict('facilitator', 'a.001', 'b.001')"


@given(
    st.lists(st.tuples(st.integers(0, 20), st.integers(1, 9), st.integers(0, 2)), max_size=12),
    st.randoms(use_true_random=False),
)
def test_the_pairs_are_those_of_looking_at_every_pair_in_any_order(times, random):
    plans = [
        once(
            f"g{number:02}",
            f"{8 + start // 4:02}:{start % 4 * 15:02}",
            15 * length,
            room=f"r{room}",
        )
        for number, (start, length, room) in enumerate(times)
    ]
    expected = set()
    for one, other in combinations([plan.sessions[0] for plan in plans], 2):
        first, second = sorted(
            (one, other), key=lambda each: (each.starts_at, each.ends_at, each.id)
        )
        if first.room == second.room and second.starts_at < first.ends_at:
            expected.add((first.id, second.id))
    listed = conflicts(plans)
    assert {(each.one.id, each.other.id) for each in listed} == expected
    assert len(listed) == len(expected)
    random.shuffle(plans)
    assert conflicts(plans) == listed


def test_conflicts_come_in_the_order_of_time():
    weekly = [
        series(Exactly(3, "week"), table=timetable(minutes=60, room="r1"), series=name)
        for name in ("a", "b")
    ]
    begun = [one.other.starts_at.astimezone(UTC) for one in conflicts(weekly)]
    assert len(begun) == 3
    assert begun == sorted(begun)
    assert begun[1] - begun[0] == timedelta(7)


@pytest.mark.parametrize(("at", "together"), [("10:30", True), ("11:00", False), (None, True)])
def test_who_goes_to_one_series_cannot_come_to_what_is_at_the_same_time(at, together):
    """A session without a clock time takes its whole day; one that is cancelled takes none."""
    one, other = once("a", "10:00"), once("b", at)
    (session,) = other.sessions

    assert clashes(one, [session]) == (((*one.sessions, session),) if together else ())
    assert clashes(one, [evolve(session, status="cancelled")]) == ()
