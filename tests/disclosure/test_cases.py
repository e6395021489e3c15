"""Single cases: who is counted together, and what else a reader must think possible of them."""

from __future__ import annotations

import pytest
from attrs import evolve

from osallisuus.disclosure import gate
from osallisuus.disclosure.cases import Cases
from osallisuus.disclosure.tallies import REST, Key, all_or_none, tallies_of
from osallisuus.metrics.catalogue import CATALOGUE
from osallisuus.metrics.compile import Settings
from osallisuus.metrics.kinds.multilabel import MultiLabel
from osallisuus.metrics.measure import Place, measure
from osallisuus.metrics.metric import Metric
from tests.disclosure.test_gate import AS_OF, BY_PLACE, EXACT, World

COMPLETED, LEFT = ("exit", "completed"), ("label", "left")
ENDED = ("label", "completed")
HOW_IT_ENDED = MultiLabel(
    name="how_it_ended",
    cases="SELECT person, id AS case_id, group_id, ended_on AS happened_on, ending AS label"
    " FROM enrollments WHERE started_on IS NOT NULL AND ended_on IS NOT NULL",
)
"""Says again what the completion metric says, in words of its own."""


def _world(again: int = 1) -> World:
    """All three of Oulu completed; in Espoo two did and two did not, of whom one came again."""
    world = World()
    world.episodes(3, "completed", place="Oulu")
    who = world.episodes(2, "completed", place="Espoo")
    world.episodes(2, "left", place="Espoo")
    for number in range(again):
        world.episodes(1, "left", place="Espoo", people=who[:1], days=20 + number)
    return world


def _cases(world: World, other: Metric = HOW_IT_ENDED) -> tuple[Cases, list[Key]]:
    """The cases behind completion and the same by another metric, and what says it of all."""
    engine = world.engine()
    settings = Settings(as_of=AS_OF, by=BY_PLACE)
    asked = [measure(one, settings, engine) for one in (CATALOGUE["completion"], other)]
    grids = gate._grids(asked, EXACT)
    tallies = tallies_of([one.draws(grid=grid) for one, grid in zip(asked, grids, strict=True)])
    return Cases(asked, grids, tallies), all_or_none(tallies)


def _people(cases: Cases, telling: list[Key], place: str) -> dict[tuple[int, int, int], int]:
    """How many there are by: completed, by the one metric and the other, and left."""
    return {
        tuple(
            sum(n for key, n in atom.items() if key[2] == label)
            for label in (COMPLETED, ENDED, LEFT)
        ): number
        for atom, number in cases.atoms(telling)
        if all(key[1].strata == (place,) for key in atom)
    }


def test_two_counts_that_count_everybody_alike_are_twins() -> None:
    """Who completed, in both metrics; nobody says elsewhere who left."""
    cases, _ = _cases(_world())
    assert cases._all_alike() == {
        0: {COMPLETED: [(1, ENDED)]},
        1: {ENDED: [(0, COMPLETED)], LEFT: []},
    }


def test_counts_that_differ_for_one_person_are_no_twins() -> None:
    """The other metric leaves one person out; who is known to it, it knows as the first does."""
    without_one = evolve(HOW_IT_ENDED, cases=f"{HOW_IT_ENDED.cases} AND person <> 'p001'")
    cases, _ = _cases(_world(), without_one)
    assert cases._all_alike() == {0: {COMPLETED: []}, 1: {ENDED: [], LEFT: []}}


def test_people_of_whom_a_count_of_all_could_be_wrong_are_thought_possible() -> None:
    """In Oulu, where all completed: somebody who did not, by both metrics, and who left.

    Nobody who completed by the one metric and did not by the other, or who ended in a way that is
    not listed.
    """
    cases, telling = _cases(_world())
    assert [(key[1].strata, key[2]) for key in telling] == [
        (("Oulu",), COMPLETED),
        (("Oulu",), ENDED),
        (("Oulu",), LEFT),
    ]
    assert _people(cases, [], "Oulu") == {(1, 1, 0): 3}
    assert _people(cases, telling, "Oulu") == {(1, 1, 0): 3, (0, 0, 1): 0}
    # in Espoo nothing is said of all, and somebody is counted twice
    assert _people(cases, telling, "Espoo") == {(1, 1, 1): 1, (1, 1, 0): 1, (0, 0, 1): 2}


def test_the_rest_of_a_whole_is_counted_as_often_as_the_whole_is_more() -> None:
    """Of the two episodes of one person one was completed: the other is the rest of them."""
    cases, _ = _cases(_world())
    (atom,) = [atom for atom, _ in cases.atoms(()) if 2 in atom.values()]
    assert {key[2]: n for key, n in atom.items() if key[0] == 0} == {
        ("entered",): 2,
        COMPLETED: 1,
        (*COMPLETED, REST): 1,
    }


def test_persons_are_counted_where_somebody_has_several_cases() -> None:
    """Four people with five episodes in Espoo; where each has one, nothing is counted again.

    Nor where the metric counts persons by itself, as the other one does.
    """
    cases, _ = _cases(_world())
    units = {(key[0], key[1].strata[0], key[2]): n for key, n in cases.units().items()}
    assert {key: n for key, n in units.items() if REST not in key[2]} == {
        (0, "Espoo", ("entered",)): 4,
        (0, "Espoo", COMPLETED): 2,
        (0, "Oulu", ("entered",)): 3,
        (0, "Oulu", COMPLETED): 3,
    }
    assert _cases(_world(again=0))[0].units() == {}


@pytest.mark.parametrize(("again", "wanted", "ways"), [(2, 0, 1), (2, 1, 3), (2, 2, 3), (2, 3, 1)])
def test_cases_are_turned_in_every_way_that_gives_the_count_that_is_wanted(
    again: int, wanted: int, ways: int
) -> None:
    """One completed and two not: 1 way to none or all of three, 3 ways to one or two of them."""
    cases, _ = _cases(_world(again))
    (own,) = [one for one in cases._all_ways() if any(len(rows) == 3 for _, _, rows in one)]
    found = list(cases._agreeing(own, 0, COMPLETED, wanted))
    assert len(found) == ways
    (other,) = cases._opposites(own, 0, COMPLETED)
    for turned in found:
        assert cases._count(0, COMPLETED, [turned.get(row, row) for row in other]) == wanted


@pytest.mark.parametrize(
    ("again", "wanted", "ways"),
    [
        (6, 2, 21),  # seven: one of the six others is turned, or the completed one and two others
        (7, 0, 1),  # eight: the completed one is turned
        (7, 1, 1),  # none is; to turn it and one of seven others is no longer tried
        (7, 2, 7),
        (7, 6, 7),  # all but one of the others are turned, and the completed one
        (7, 7, 0),
        (7, 8, 1),
    ],
)
def test_of_very_many_cases_one_is_turned_or_all_but_one(
    again: int, wanted: int, ways: int
) -> None:
    """One completed and all others not."""
    cases, _ = _cases(_world(again))
    (own,) = [one for one in cases._all_ways() if any(len(rows) > 3 for _, _, rows in one)]
    assert len(list(cases._agreeing(own, 0, COMPLETED, wanted))) == ways


@pytest.mark.parametrize(("left", "thought_of"), [(1, True), (8, False)])
def test_what_a_count_of_the_same_people_could_not_follow_is_not_thought_of(
    left: int, thought_of: bool
) -> None:
    """Two episodes completed and the others not, turned: the other metric must say so too.

    Of three, one would be. Of ten, eight would be, and of so many not every way is tried.
    """
    world = World()
    who = world.episodes(1, "completed", place="Espoo")
    for number in range(1, left + 2):
        ending = "completed" if number == 1 else "left"
        world.episodes(1, ending, place="Espoo", people=who, days=60 + number)
    cases, _ = _cases(world)
    assert (len(cases.atoms([(0, Place(("Espoo",), None), COMPLETED)])) > 1) == thought_of
