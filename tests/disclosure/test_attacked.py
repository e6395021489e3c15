"""Whole kinds of releases under attack by integer programming; careless ways of hiding must fall.

The attacker is HiGHS and shares no code with the audit. For each secret it counts the whole numbers
that remain possible, one by one. The seeds are fixed: each run attacks the same releases.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterator
from random import Random

import pytest
from attrs import evolve

from osallisuus.disclosure.counts import Count, primary
from osallisuus.disclosure.protect import protect
from tests.attack.attacker import System
from tests.disclosure.tables import ALL, joined, linked_tables, rounded, skewed_cells, table


def plain(random: Random) -> list[Count]:
    """A table of places by endings, with all totals."""
    return table((3, 4), skewed_cells(random, (3, 4), 90))


def linked(random: Random) -> list[Count]:
    """Several tables of the same people, none of which shows a single atom."""
    return linked_tables(random, 90)


def subset(random: Random) -> list[Count]:
    """Women by age by ending, beside all people by age by ending."""
    every = table((2, 3, 2), skewed_cells(random, (2, 3, 2), 90))
    return [count for count in every if count.key[0] in (0, ALL)]


def by_fives(random: Random) -> list[Count]:
    """Linked tables shown in multiples of 5."""
    return [rounded(count, 5) for count in linked(random)]


def second(random: Random) -> list[Count]:
    """A table after one of spring, when fewer people were there, was protected by itself."""
    before = skewed_cells(random, (2, 4), 70)
    return joined((2, 4), before, skewed_cells(random, (2, 4), 25), threshold=5)


RELEASES: list[tuple[Callable[[Random], list[Count]], int]] = [
    (plain, 5),
    (linked, 5),
    (subset, 5),
    (by_fives, 10),
    (second, 5),
]
SEEDS = range(6)


def possible(counts: list[Count], hidden: Collection[Hashable], k: int) -> Iterator[int]:
    """How many values each secret can have, up to *k*, when the *hidden* counts are not shown."""
    shown = {c.key: c.interval for c in counts if c.released or c.key not in hidden}
    system = System(counts, shown)
    secret = primary(counts, k)
    for place, count in enumerate(counts):
        if count.key in secret:
            yield system.candidates(place, k, gaps=True)


def two_in_each_line(counts: list[Count], first: Collection[Hashable]) -> set[Hashable]:
    """The rule of thumb: a line with one hidden count hides its smallest other one as well."""
    hidden = set(first)
    for total in counts:
        parts = [c for c in counts if c.members.keys() < total.members.keys()]
        gone = [c for c in parts if c.key in hidden]
        others = [c for c in parts if c.key not in hidden and not c.released]
        if len(gone) == 1 and others:
            hidden.add(min(others, key=lambda c: (c.value, str(c.key))).key)
    return hidden


@pytest.mark.parametrize(("release", "k"), RELEASES, ids=lambda one: getattr(one, "__name__", one))
def test_every_secret_keeps_enough_values_and_careless_hiding_does_not(
    release: Callable[[Random], list[Count]], k: int
) -> None:
    """After protect() at least k values remain for each secret, by integer programming."""
    broken = {"shown as they are": 0, "primary only": 0, "two in each line": 0}
    safe = 0
    for seed in SEEDS:
        counts = release(Random(seed))
        first = primary(counts, k)
        found = protect(counts, threshold=k)
        if found.safe:
            safe += 1
            assert min(possible(counts, found.hidden, k), default=k) >= k
        ways = [(), first, two_in_each_line(counts, first)]
        for name, hidden in zip(broken, ways, strict=True):
            broken[name] += min(possible(counts, hidden, k), default=k) < k
    assert safe >= 4
    assert all(broken.values())


def test_what_is_called_unsafe_is_so_and_only_an_earlier_release_makes_it_so() -> None:
    """With some counts out already, protect() says safe exactly when the attacker cannot win."""
    verdicts = set()
    for seed in range(20):
        random = Random(seed)
        counts = [
            evolve(count, released=count.value >= 5 and random.random() < 0.4)
            for count in plain(random)
        ]
        found = protect(counts, threshold=5)
        verdicts.add(found.safe)
        assert found.safe == (min(possible(counts, found.hidden, 5), default=5) >= 5)
    assert verdicts == {True, False}


def test_a_rounding_interval_is_no_wider_than_what_it_leaves_open() -> None:
    """Of 43..47 shown, less 38..42 shown, 1..9 remain: nine values, one too few for ten."""
    counts = [
        Count("a", {0}, 2),
        Count("b", {1}, 41, shown_as=(38, 42)),
        Count("all", {0, 1}, 43, shown_as=(43, 47)),
    ]
    assert list(possible(counts, {"a"}, 10)) == [9]
    assert len(protect(counts, threshold=10).hidden) == 2
    assert protect(counts, threshold=9).hidden == {"a"}
