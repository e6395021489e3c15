"""The audit and the protection, attacked by HiGHS; and careless ways of hiding, which must fall.

The seeds are fixed: each run attacks the same tables.
"""

from __future__ import annotations

from collections.abc import Hashable
from itertools import combinations
from math import inf
from random import Random

import pytest

from osallisuus.disclosure.audit import audit, bounds
from osallisuus.disclosure.counts import Count, primary
from osallisuus.disclosure.protect import Protection, protect
from tests.attack.attacker import System, attack, sees
from tests.disclosure.tables import ALL, linked_tables, skewed_cells, table

SHAPES = [((2, 5), 60), ((3, 6), 200), ((2, 2, 3), 80)]
K = 5


def random_tables(seed: int) -> list[list[Count]]:
    """One table of each shape, and one report of linked tables."""
    random = Random(seed)
    plain = [table(dims, skewed_cells(random, dims, persons)) for dims, persons in SHAPES]
    return [*plain, linked_tables(random, 90)]


@pytest.mark.parametrize("seed", range(25))
def test_bounds_equal_those_of_an_independent_solver(seed: int) -> None:
    """Each hidden count of a table with random counts hidden has the bounds that HiGHS finds."""
    random = Random(1000 + seed)
    for counts in random_tables(seed):
        hidden = random.sample([count.key for count in counts], k=len(counts) // 3)
        system = System(counts, sees(counts, hidden))
        for place, count in enumerate(counts):
            if count.key in hidden:
                low, high = bounds(counts, hidden, count.key)
                found = float(low), inf if high is None else float(high)
                assert found == pytest.approx(system.lp(place), abs=1e-9, rel=1e-9)


@pytest.mark.parametrize("seed", range(25))
def test_bounds_with_rounded_totals_equal_those_of_an_independent_solver(seed: int) -> None:
    """The same where totals are shown as rounding intervals to base 5."""
    random = Random(seed)
    plain = table((2, 5), skewed_cells(random, (2, 5), 60))
    counts = [
        Count(
            count.key,
            count.members,
            count.value,
            shown_as=(max(0, (v := rounded(count.value)) - 2), v + 2) if ALL in count.key else None,
        )
        for count in plain
    ]
    hidden = [count.key for count in counts if random.random() < 0.3]
    system = System(counts, {c.key: c.interval for c in counts if c.key not in hidden})
    for place, count in enumerate(counts):
        low, high = bounds(counts, hidden, count.key)
        found = float(low), inf if high is None else float(high)
        assert found == pytest.approx(system.lp(place), abs=1e-9, rel=1e-9)


def rounded(value: int) -> int:
    """To the nearest multiple of 5."""
    return (2 * value + 5) // 10 * 5


@pytest.mark.parametrize("zeros", ["structural", "unsafe"])
@pytest.mark.parametrize("seed", range(8))
def test_what_is_protected_cannot_be_worked_out(seed: int, zeros: str) -> None:
    """After protect() the attacker finds no hidden count with fewer than K possible values."""
    for counts in random_tables(seed):
        found = protect(counts, threshold=K, zeros=zeros)
        assert found.safe
        assert not found.withheld
        assert attack(counts, sees(counts, found.hidden), K, zeros=zeros) == []


def careless(counts: list[Count], found: Protection) -> dict[str, dict[Hashable, object]]:
    """What a reader sees of *counts* after hiding with one step left out."""
    largest = max((c for c in counts if c.key in found.secondary), key=lambda c: c.value)
    zeroed = {c.key: 0 if c.key in found.primary else c.value for c in counts}
    return {
        "primary only": sees(counts, found.primary),
        "given back without an audit": sees(counts, found.hidden - {largest.key}),
        "hidden shown as 0": dict(zeroed),
    }


@pytest.mark.parametrize(
    "way", ["primary only", "given back without an audit", "hidden shown as 0"]
)
def test_careless_hiding_is_broken_by_the_attacker(way: str) -> None:
    """The attacker bites: each way with a step left out falls on some table of a few."""
    broken = 0
    for seed in range(12):
        counts = table((2, 5), skewed_cells(Random(seed), (2, 5), 60))
        found = protect(counts, threshold=K, zeros="structural")
        if found.secondary:
            broken += bool(attack(counts, careless(counts, found)[way], K, gaps=False))
    assert broken >= 3


def test_a_forgotten_grand_total_is_broken_by_the_attacker() -> None:
    """Hiding as if the total of a row were not shown falls as soon as it is."""
    broken = 0
    for seed in range(12):
        counts = table((5,), skewed_cells(Random(seed), (5,), 60))
        blind = protect([c for c in counts if c.key != (ALL,)], threshold=K, zeros="structural")
        broken += bool(attack(counts, sees(counts, blind.hidden), K, gaps=False))
    assert broken >= 3


def test_a_forgotten_complement_is_broken_by_the_attacker() -> None:
    """19 of 20: without the complement nothing is hidden, and the one is known."""
    share = [Count("completed", {0}, 19), Count("all", {0, 1}, 20)]
    rest = Count("not completed", {1}, 1)
    blind = protect(share, threshold=K)
    counts = [*share, rest]
    assert attack(counts, sees(counts, {*blind.hidden, rest.key}), K) == ["not completed"]
    seeing = protect(counts, threshold=K)
    assert attack(counts, sees(counts, seeing.hidden), K) == []


def test_tables_protected_one_by_one_are_broken_together() -> None:
    """A report is one system: hiding within each table alone leaves a way through the other."""
    broken = 0
    for seed in range(12):
        counts = linked_tables(Random(seed), 90)
        one = [count for count in counts if count.key[1] == ALL]
        other = [count for count in counts if count.key[0] == ALL]
        apart = {
            key for part in (one, other) for key in protect(part, threshold=K).hidden
        } | primary(counts, K)
        joint = protect(counts, threshold=K)
        broken += bool(attack(counts, sees(counts, apart), K, gaps=False))
        assert attack(counts, sees(counts, joint.hidden), K, zeros="unsafe", gaps=False) == []
    assert broken >= 3


def test_a_second_release_cannot_be_played_against_the_first() -> None:
    """Three persons joined since: their difference is a small count, so the new figure waits."""
    counts = [
        Count("in spring", {0}, 20, released=True),
        Count("in autumn", {0, 1}, 23),
        Count("joined", {1}, 3),
    ]
    found = protect(counts, threshold=K)
    assert found.hidden == {"in autumn", "joined"}
    assert attack(counts, sees(counts, found.hidden), K) == []
    assert attack(counts, sees(counts, {"joined"}), K) == ["joined"]


def fewest(counts: list[Count], most: int) -> int:
    """The least number of counts to hide, found by trying all patterns; *most* is enough."""
    first = primary(counts, K, zeros="structural")
    others = [c.key for c in counts if c.key not in first and c.value > 0]
    for more in range(most - len(first)):
        for extra in combinations(others, more):
            if audit(counts, first | set(extra), threshold=K, zeros="structural").safe:
                return len(first) + more
    return most


def test_hiding_stays_close_to_the_least_that_is_needed() -> None:
    """Over small tables, hardly more is hidden than by trying all patterns (reliability F6)."""
    ours = least = 0
    for seed in range(12):
        counts = table((2, 3), skewed_cells(Random(seed), (2, 3), 60))
        hidden = len(protect(counts, threshold=K, zeros="structural").hidden)
        ours, least = ours + hidden, least + fewest(counts, hidden)
    assert least > 12
    assert ours <= 1.15 * least


def test_a_contradiction_and_a_lie_are_both_called_broken() -> None:
    """The attacker does not take a release for safe because nothing fits it."""
    counts = [Count("a", {0}, 7), Count("b", {1}, 9), Count("all", {0, 1}, 16)]
    assert attack(counts, {"a": 7, "all": 3}, K) == ["b", "all"]
