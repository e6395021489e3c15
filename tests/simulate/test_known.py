"""What is known before a day: the cut of made-up facts is the cut that metrics make."""

from datetime import date, timedelta
from random import Random

import pytest

import osallisuus as osa
from osallisuus.simulate.habits import Habits
from osallisuus.simulate.known import known_before
from osallisuus.simulate.world import simulate
from tests.simulate.worlds import days_of, rows_of

DAY = date(2025, 3, 1)
METRICS = (
    "completion",
    "retention",
    "leaving",
    "attendance",
    "recruitment_funnel",
    "people_and_episodes",
    "role_occupancy",
    "encounter_rate",
    "encounter_themes",
    "ideas",
    "cost_per_completer",
    "goal_attainment",
    "team_transition",
)


def _whole_lives(program):
    """Facts so far into the future that little is open."""
    habits = Habits(observed_days=6000, intake_days=600)
    return list(simulate(osa.program(program), people=90, random=Random(4), habits=habits))


def _figures(facts, metric, program):
    with osa.open("memory:") as register:
        register.add(facts)
        return [one.to_dict() for one in register.measure(metric, as_of=DAY, program=program)]


@pytest.mark.parametrize("program", ["verna", "kokemusohjaus", "yhteiso"])
def test_metrics_see_the_same_in_cut_facts_as_in_whole_lives_as_of_the_day(program):
    """No metric can tell facts cut before a day from all facts as of that day."""
    whole = _whole_lives(program)
    cut = list(known_before(whole, DAY))
    assert 0 < len(cut) < len(whole)
    for metric in METRICS:
        assert _figures(cut, metric, program) == _figures(whole, metric, program), metric


def test_nothing_of_what_comes_later_is_left():
    """No day lies on or after the day, no end stands half, and every reference leads somewhere."""
    cut = list(known_before(_whole_lives("kokemusohjaus"), DAY))
    rows_of(cut)
    assert all(day < DAY for fact in cut for day in days_of(fact))
    ended = [one for one in cut if isinstance(one, osa.Enrollment) and one.started_on]
    assert any(one.ended_on is None for one in ended)
    assert all((one.ended_on is None) == (one.ending is None) for one in ended)


def test_a_row_whose_group_is_not_known_yet_keeps_its_own_days():
    """A reference that may be left out is; a row that cannot do without it goes with it."""
    later = DAY + timedelta(9)
    group = osa.Group(id="g", program="x", program_version="1", kind="k", starts_on=later)
    person = osa.Person(id="p", registered_on=DAY - timedelta(9))
    enrollment = osa.Enrollment(
        id="e", person="p", program="x", program_version="1", group="g",
        offered_on=DAY - timedelta(1), started_on=later, ended_on=later, ending="left",
        decided_by="w",
    )  # fmt: skip
    member = osa.Membership(id="m", person="p", group="g", starts_on=DAY - timedelta(1))
    kept = list(known_before([group, person, enrollment, member], DAY))
    assert [type(one).__name__ for one in kept] == ["Person", "Enrollment"]
    assert kept[1].describe() == {
        **dict.fromkeys(enrollment.describe()), "id": "e", "person": "p", "program": "x",
        "program_version": "1", "offered_on": DAY - timedelta(1),
    }  # fmt: skip


def test_facts_of_the_past_are_handed_on_as_they_are():
    """Before a day far off nothing is cut."""
    whole = _whole_lives("verna")
    assert list(known_before(whole, date(9000, 1, 1))) == whole
