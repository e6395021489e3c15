"""Places in a group: the programme's, where a group states none of its own."""

from datetime import date

import pytest

import osallisuus as osa
from osallisuus.errors import DefinitionError
from osallisuus.model.definition import read_program
from osallisuus.rules.keeping import check_program
from osallisuus.rules.open_groups import OpenGroup
from osallisuus.rules.places import places_of, with_places
from tests.model import made

ON = date(2026, 3, 1)
LINES = """
name = "circle"
version = "1"
title = { en = "Circle" }
kinds = ["group_training"]

[sessions]
"""
CIRCLE = read_program(f"{LINES}capacity = 6\n", "circle.toml")


def group(id_="g1", **given):
    stated = {"program": "circle", "program_version": "1", "starts_on": ON} | given
    return made.one("groups", id=id_, **stated)


def enrolled(number, start=ON, **given):
    return made.one(
        "enrollments", id=f"e{number}", person=f"p{number}", program="circle", group="g1",
        started_on=start, **given,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("own", "program", "places"),
    [
        (None, CIRCLE, 6),
        (4, CIRCLE, 4),  # a group goes before its programme
        (9, CIRCLE, 9),
        (None, None, None),
        (4, None, 4),
        (None, read_program(f"{LINES}planned_beforehand = true", "circle.toml"), None),
        (None, read_program(LINES.replace("[sessions]", 'sessions = "none"'), "circle.toml"), None),
        # another version, and another programme, say nothing of this group
        (None, read_program(f"{LINES}capacity = 6\n".replace('"1"', '"2"'), "circle.toml"), None),
        (None, read_program(f"{LINES}capacity = 6\n".replace("circle", "ring"), "c.toml"), None),
    ],
)
def test_places_of_a_group(own, program, places):
    assert places_of(group(capacity=own), program) == places


def test_the_facts_themselves_stay_as_they_are():
    rows = {"groups": [group(), group("g2", capacity=3), group("g3", program="other")]}
    filled = with_places(rows, {"circle": CIRCLE})
    assert [one.capacity for one in filled["groups"]] == [6, 3, None]
    assert [one.capacity for one in rows["groups"]] == [None, 3, None]


@pytest.mark.parametrize(
    ("own", "people", "wheres"),
    [
        (None, 6, []),
        (None, 7, ["groups[g1].capacity"]),
        (8, 7, []),  # a group that states more places has them; its own are another rule's
        (3, 7, []),
    ],
)
def test_more_people_than_the_programme_has_places_is_found(own, people, wheres):
    rows = {"groups": [group(capacity=own)], "enrollments": [enrolled(n) for n in range(people)]}
    found = [one for one in check_program(CIRCLE, rows, on=ON) if one.code == "over_capacity"]
    assert [one.where for one in found] == wheres
    assert all("the programme says 6" in one.remedy for one in found)


def test_a_place_that_is_left_can_be_taken_by_another():
    """Seven in all, and never more than six at once."""
    left = enrolled(0, ended_on=date(2026, 4, 1), ending="left", decided_by="participant")
    rows = {
        "groups": [group()],
        "enrollments": [left, *map(enrolled, range(1, 6)), enrolled(6, date(2026, 4, 1))],
    }
    assert "over_capacity" not in [one.code for one in check_program(CIRCLE, rows)]


@pytest.mark.parametrize("number", [0, -1, 100_001])
def test_a_group_without_places_is_refused_by_its_key(number):
    with pytest.raises(DefinitionError) as caught:
        read_program(f"{LINES}capacity = {number}\n", "circle.toml")
    (problem,) = caught.value.problems
    assert problem.where == "circle.toml:sessions.capacity"
    assert problem.what == "not a number of places in a group"
    assert "leave it out where it is not stated" in problem.remedy


@pytest.fixture
def register(tmp_path, monkeypatch):
    """A group without a capacity, three who take part in it, and seven who wait."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "circle.toml").write_text(f"{LINES}capacity = 6\n", "utf-8")
    with osa.open("circle.db") as register:
        register.add([group()])
        register.add(made.one("people", id=f"p{number}") for number in range(10))
        register.add(enrolled(number) for number in range(3))
        register.add(
            made.one("enrollments", id=f"e{number}", person=f"p{number}", program="circle",
                     reached_on=date(2026, 1, number))
            for number in range(3, 10)
        )  # fmt: skip
        yield register


def test_free_places_are_counted_by_the_programme(register):
    (found,) = register.places(["g1"], on=ON, programs=["circle.toml"])
    assert (found.capacity, found.taking_part, found.free) == (6, 3, 3)
    (unknown,) = register.places(["g1"], on=ON)
    assert (unknown.capacity, unknown.free) == (None, None)


def test_a_proposal_keeps_the_places_of_the_programme(register):
    waiting = [f"p{number}" for number in range(3, 10)]
    asked = {"on": ON, "programs": ["circle.toml"]}
    assert not register.form_groups([OpenGroup(group="g1")], waiting, **asked).feasible
    assert register.form_groups([OpenGroup(group="g1")], waiting[:3], **asked).feasible
    assert register.form_groups([OpenGroup(group="g1")], waiting, on=ON).feasible


def test_a_group_over_the_places_of_its_programme_is_not_workable(register):
    three, four = ["p3", "p4", "p5"], ["p3", "p4", "p5", "p6"]
    assert register.can_share("g1", three, on=ON, programs=["circle.toml"])
    assert not register.can_share("g1", four, on=ON, programs=["circle.toml"])
    assert register.can_share("g1", four, on=ON)
