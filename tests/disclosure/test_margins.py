"""Margins: what the figures by some strata add up to, though nobody has asked for it."""

from __future__ import annotations

from osallisuus.disclosure.margins import margins
from tests.disclosure.test_gate import World

BOTH = ("group.place", "person.aim")


def _world() -> World:
    """9 people who completed: 4 in Espoo, 5 in Turku; 3 and 3 of them aim at work."""
    world = World()
    for place, people, work in (("Espoo", 4, 3), ("Turku", 5, 3)):
        who = world.episodes(people, "completed", place=place)
        world.trait(who[:work], "work")
        world.trait(who[work:], "home")
    return world


def test_a_question_by_two_strata_is_one_by_each_of_them_and_by_none() -> None:
    (asked,) = _world().ask(("people_and_episodes", BOTH))
    found = margins([asked])
    assert [one.settings.by for one in found] == [("group.place",), ("person.aim",), ()]
    assert all(one.engine is asked.engine for one in found)


def test_what_is_asked_anyway_is_not_asked_twice() -> None:
    total, by_both, again = _world().ask(
        "people_and_episodes", ("people_and_episodes", BOTH), ("people_and_episodes", BOTH[::-1])
    )
    assert [one.settings.by for one in margins([total, by_both, again])] == [BOTH[:1], BOTH[1:]]
    assert [one.settings.by for one in margins([by_both], [total])] == [BOTH[:1], BOTH[1:]]
    assert margins([total]) == []


def test_a_margin_of_other_facts_is_another_one() -> None:
    """The same question of the facts as they were known before is none that is asked now."""
    (asked,) = _world().ask(("people_and_episodes", BOTH))
    (earlier,) = _world().ask(("people_and_episodes", ()))
    assert () in [one.settings.by for one in margins([asked], [earlier])]
