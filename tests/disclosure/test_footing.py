"""Counts on one footing: what is left of one that is wholly within another."""

from __future__ import annotations

from typing import Any

import pytest

from osallisuus.disclosure import footing
from osallisuus.disclosure.counts import Count
from osallisuus.disclosure.footing import (
    chosen_atoms,
    counts_of,
    differences,
    plain_key,
    sums_of,
    within,
)
from osallisuus.disclosure.profile import PUBLIC
from osallisuus.disclosure.tallies import REST, Key, tallies_of
from osallisuus.metrics.measure import Place
from osallisuus.metrics.metric import Tally
from tests.disclosure.test_gate import World

STARTED: Key = (0, Place(), ("started",))
OFFERED: Key = (1, Place(), ("offered",))


@pytest.mark.parametrize(
    ("part", "whole", "left"),
    [
        ({0: 1}, {0: 1, 1: 1}, {1: 1}),
        ({0: 1, 1: 1}, {0: 1, 1: 2}, {1: 1}),
        ({0: 1, 2: 1}, {0: 1, 1: 1}, None),  # somebody is in the part only
        ({0: 2}, {0: 1, 1: 1}, None),  # or more often
    ],
)
def test_what_a_whole_has_more_than_its_part_is_a_count_of_its_own(
    part: dict[int, int], whole: dict[int, int], left: dict[int, int] | None
) -> None:
    """Those who were offered a place and did not start; only where each who started was offered."""
    counts = [Count(STARTED, part, 20), Count(OFFERED, whole, 23)]
    found = differences(counts, [(STARTED, OFFERED)])
    assert [(one.members, one.value, one.sensitive) for one in found] == (
        [] if left is None else [(left, 3, True)]
    )
    missing: Any = (STARTED, (2, Place(), ("unknown",)))
    assert differences(counts, [missing, missing[::-1]]) == []
    assert len(differences(counts, [(STARTED, OFFERED)] * 2)) == len(found)


def test_a_count_is_shown_rounded_and_its_rest_only_as_not_small() -> None:
    """17 of 30 are shown as 13..17 are; of the 13 others a reader learns that they are ten."""
    part, rest, whole = STARTED, (0, Place(), ("started", REST)), (0, Place(), ("all",))
    tallies = {part: Tally(("started",), 17, within=("all",)), whole: Tally(("all",), 30)}
    atoms: Any = [({part: 1, whole: 1}, 17), ({rest: 1, whole: 1}, 13)]
    found = list(counts_of(tallies, atoms, {rest}, PUBLIC))
    assert [(one.key, one.members, one.value, one.interval, one.sensitive) for one in found] == [
        (part, {0: 1}, 17, (13, 17), False),
        (rest, {1: 1}, 13, (10, None), True),
        (whole, {0: 1, 1: 1}, 30, (28, 32), False),
    ]


def test_what_is_told_only_as_a_class_is_a_hint() -> None:
    """Of those on the way a reader learns that they are ten or more; their number is no count."""
    open_, whole = (0, Place(), ("open",)), (0, Place(), ("all",))
    tallies = {open_: Tally(("open",), 12, span=(10, None)), whole: Tally(("all",), 30)}
    atoms: Any = [({open_: 1, whole: 1}, 12), ({whole: 1}, 18)]
    found = list(counts_of(tallies, atoms, (), PUBLIC))
    assert [(one.key, one.interval, one.hint) for one in found] == [
        (open_, (10, None), True),
        (whole, (28, 32), False),
    ]


def test_over_some_atoms_all_others_are_known() -> None:
    """Of 30, shown as 28..32, the 13 of one atom are known: 15..19 are left for the other."""
    atoms: Any = [({}, 17), ({}, 13)]
    counts = [
        Count("all", {0: 1, 1: 1}, 30, shown_as=(28, 32)),
        Count("others", {1: 1}, 13),
        Count("open", {0: 2, 1: 1}, 47, shown_as=(10, None)),
    ]
    found = within(counts, atoms, {0})
    assert [(one.key, one.members, one.value) for one in found] == [
        ("all", {0: 1}, 17),
        ("open", {0: 2}, 34),
    ]
    assert found[0].interval == (15, 19)
    assert found[1].interval == (0, None)


def test_only_what_hangs_together_is_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many kinds of encounters make nobody choose among the few kinds of people beside them."""
    monkeypatch.setattr(footing, "MOST_ATOMS", 4)
    people = range(4)
    atoms: Any = [({(number, "here"): 1}, 20 if number in people else 30) for number in range(12)]
    counts = [
        Count("people", [0, 1, 2], 60),
        Count("of them", [2, 3], 40, sensitive=True),
        Count("encounters", range(4, 12), 240),
        Count("of a theme", [7], 30, sensitive=True),
    ]
    chosen = chosen_atoms(counts, atoms, [])
    assert chosen.issuperset(people)
    assert 7 in chosen
    assert len(chosen) < len(atoms)
    chain = [Count(("both", number), [number, number + 1], 40) for number in people]
    assert not chosen_atoms([*counts, *chain], atoms, []).issuperset(people)


def test_a_sum_of_amounts_is_the_sum_of_the_finest_ones() -> None:
    """Three sessions in each of two places, for 6 people in Oulu and 20 in Espoo."""
    world = World()
    for place, people, present in (("Oulu", 6, 1), ("Espoo", 20, 2)):
        who = world.episodes(people, "completed", place=place, days=200)
        world.attendance(place, who, present=present, of=3)
    asked = world.ask("attendance", ("attendance", ("group.place",)), "people_and_episodes")
    tallies = {
        key: tally
        for key, tally in tallies_of([one.draws() for one in asked]).items()
        if key[2] == ("sum",) or not tally.additive
    }
    espoo, oulu, total = Place(("Espoo",)), Place(("Oulu",)), Place()
    assert [tallies[key].n for key in [(0, total, ("sum",)), (1, oulu, ("sum",))]] == [78, 18]
    found = list(sums_of(asked, tallies, {(1, oulu, ("sum",))}, 30, PUBLIC))
    fine, coarse = ("sum", "(over)", 0), ("sum", "(over)", 1)
    assert [(one.key, one.members, one.value, one.sensitive) for one in found] == [
        ((1, espoo, fine), {30: 1}, 60, False),
        ((1, oulu, fine), {31: 1}, 18, True),
        ((0, total, coarse), {30: 1, 31: 1}, 78, False),
    ]
    assert [one.interval for one in found] == [PUBLIC.span(n) for n in (60, 18, 78)]
    assert plain_key((1, espoo, fine)) == (1, espoo, ("sum",))
    (*_, whole) = sums_of(asked, tallies, {(0, total, ("sum",))}, 30, PUBLIC)
    assert whole.sensitive
