"""Who could be placed, as the facts have it."""

from datetime import date, timedelta

import pytest

from osallisuus.errors import DefinitionError
from osallisuus.model.batch import Batch
from osallisuus.rules.candidates import candidates, open_groups
from osallisuus.rules.open_groups import OpenGroup
from tests.model import made

ON = date(2026, 3, 1)


def person(name):
    return made.one("people", id=name)


def said(name, value, days=5, row=None, who="p1"):
    since = ON - timedelta(days)
    return made.one("traits", id=row or f"{name}-{value}", person=who, name=name, value=value,
                    since=since)  # fmt: skip


def group(name="g1", **given):
    return made.one("groups", **{"id": name, "program": "verna", "starts_on": ON} | given)


def one(*facts):
    (found,) = candidates(Batch.of([person("p1"), *facts]).rows, ["p1"], groups=["g1"], on=ON)
    return found


@pytest.mark.parametrize(
    ("facts", "languages"),
    [
        ([], None),
        ([said("language", "fi")], {"fi"}),
        ([said("language", "fi"), said("language", "sv")], {"fi", "sv"}),
        ([said("language", "fi", 9), said("language", "sv", 5)], {"sv"}),
        ([said("language", "sv", 5), said("language", "fi", 9)], {"sv"}),
        ([said("language", "fi", -1)], None),
        ([said("language", "fi", 0)], {"fi"}),
        ([said("can_come", "mon")], None),
    ],
    ids=["nothing", "one", "two", "what was said last", "in any order", "tomorrow", "today",
         "something else"],
)  # fmt: skip
def test_what_was_said_last_counts_and_of_that_day_all_of_it(facts, languages):
    assert one(*facts).languages == languages


def test_days_and_traits_are_what_the_person_said():
    """Of a trait with several values none is the person's own kind, so it spreads nobody."""
    found = one(
        said("can_come", "mon"), said("can_come", "thu"), said("recovery_stage", "early"),
        said("interest", "a"), said("interest", "b"),
    )  # fmt: skip

    assert found.days == {"mon", "thu"}
    assert found.traits == {"recovery_stage": "early"}


def test_who_has_a_place_in_the_group_is_among_them():
    """Else somebody new could be placed with a member whom they must not meet."""
    member = made.one(
        "enrollments", id="e1", person="p2", program="verna", group="g1", started_on=ON
    )
    rows = Batch.of([person("p1"), person("p2"), person("p3"), member]).rows

    found = candidates(rows, ["p1"], groups=["g1"], on=ON, facilitators=["p3"])

    assert [(each.person, each.group, each.facilitates) for each in found] == [
        ("p1", None, False), ("p2", "g1", False), ("p3", None, True)
    ]  # fmt: skip


def test_who_led_and_once_took_part_leads():
    """A graduate who is still enrolled takes no place of the group that they facilitate."""
    member = made.one(
        "enrollments", id="e1", person="p2", program="verna", group="g1", started_on=ON
    )

    (found,) = candidates(
        Batch.of([person("p2"), member]).rows, [], groups=["g1"], on=ON, facilitators=["p2"]
    )

    assert (found.group, found.facilitates) == (None, True)


def test_nobody_is_placed_who_is_not_in_the_facts():
    with pytest.raises(DefinitionError) as error:
        candidates({"people": [person("p1")]}, ["p1", "p7"], groups=[], on=ON, facilitators=["p8"])

    assert [problem.where for problem in error.value.problems] == ["people[1]", "facilitators[0]"]
    assert "p7" not in str(error.value)


def test_a_group_has_its_own_capacity_and_end_unless_another_size_is_given():
    rows = {"groups": [group(capacity=8, ends_on=ON), group("g2")]}

    found = open_groups(rows, [
        OpenGroup(group="g1", least=2), OpenGroup(group="g1", most=5), OpenGroup(group="g2")
    ])  # fmt: skip

    assert [(one.least, one.most, one.ends_on) for one in found] == [
        (2, 8, ON), (0, 5, ON), (0, None, None)
    ]  # fmt: skip


def test_an_unknown_group_is_refused_with_the_nearest_one():
    with pytest.raises(DefinitionError, match=r"groups\.g11 \(did you mean 'g1'\?\)"):
        open_groups({"groups": [group()]}, [OpenGroup(group="g11")])
