"""Which categories to merge before anything is hidden."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import pytest
from attrs import evolve

from osallisuus.disclosure.advice import Advice, advise
from osallisuus.disclosure.counts import Count
from osallisuus.disclosure.protect import protect
from tests.disclosure.tables import ALL, rounded, table

PLACES = dict(enumerate(["north", "south", "east", "west"]))


def by_place(cells: list[int]) -> list[Count]:
    """Places by two endings, with totals; keys are (place, ending)."""
    return [
        evolve(count, key=(PLACES.get(count.key[0], ALL), count.key[1]))
        for count in table((4, 2), cells)
    ]


def split(key: Any) -> tuple[Hashable, Hashable] | None:
    """The place and the ending of a key; no place for totals."""
    return None if key[0] == ALL else (key[0], key[1])


def test_the_merge_that_hides_nothing_comes_first() -> None:
    """Two small places together are large enough, and then all can be shown."""
    counts = by_place([3, 30, 40, 20, 4, 50, 30, 25])
    best, *others = advise(counts, split, threshold=5)
    assert str(best) == "merge 'north' and 'east': 0 hidden cells"
    assert best == Advice(("north", "east"), 0, len(protect(counts, threshold=5).hidden))
    assert all(0 < one.hidden < best.instead_of for one in others)
    assert [one.hidden for one in others] == sorted(one.hidden for one in others)


def test_each_figure_is_what_protection_hides_after_the_merge() -> None:
    """The advice is no guess: the merged table, made by hand, hides as many."""
    counts = by_place([3, 30, 40, 20, 2, 50, 30, 25])
    for one in advise(counts, split, threshold=5):
        cells = dict(zip(PLACES.values(), [(3, 30), (40, 20), (2, 50), (30, 25)], strict=True))
        first, second = (cells.pop(place) for place in one.merge)
        merged = [*cells.values(), tuple(map(sum, zip(first, second, strict=True)))]
        by_hand = table((3, 2), [n for pair in merged for n in pair])
        assert one.hidden == len(protect(by_hand, threshold=5).hidden)


def test_between_equal_merges_the_smaller_categories_come_first() -> None:
    """Fewer people lose the name of their place."""
    counts = by_place([3, 60, 40, 70, 9, 20, 30, 10])
    found = advise(counts, split, threshold=5)
    best = [one.merge for one in found if one.hidden == 0]
    assert best == [("north", "east"), ("north", "west"), ("north", "south")]
    last = by_place([40, 70, 30, 10, 9, 20, 3, 60])
    best = [one.merge for one in advise(last, split, threshold=5) if one.hidden == 0]
    assert best == [("east", "west"), ("south", "west"), ("north", "west")]


def test_nothing_is_advised_where_nothing_is_hidden_or_nothing_helps() -> None:
    """A safe table needs no advice; two places cannot become fewer without losing the stratum."""
    assert advise(by_place([30] * 8), split, threshold=5) == ()
    one = [Count(("north", 0), {0}, 3), Count((ALL, 0), {0, 1}, 30)]
    assert advise(one, split, threshold=5) == ()


def test_what_is_out_by_category_stays_known_by_category() -> None:
    """Merging now does not take back what an earlier release has shown."""
    fresh = by_place([3, 30, 40, 20, 4, 50, 30, 25])
    north = Count(("north", "last year"), {0, 1}, 33, released=True)
    east = Count(("east", "last year"), {4, 5}, 54, released=True)
    assert advise(fresh, split, threshold=5)[0].hidden == 0
    found = advise([*fresh, north, east], split, threshold=5)
    assert found[0].merge == ("north", "east")
    sole = Count(("north", "sole"), {0}, 3, released=True)
    assert ("north", "east") in [one.merge for one in advise([*fresh, sole], split, threshold=5)]


def test_fates_go_with_the_merge() -> None:
    """A share's two counts are hidden together, merged or not."""
    counts = by_place([3, 30, 40, 20, 4, 50, 30, 25])
    plain = advise(counts, split, threshold=5)
    mean = Count("mean of north", {9}, 50)
    found = advise([*counts, mean], split, threshold=5, together=[{("north", 0), mean.key}])
    assert found[0].hidden == 0
    assert found[0].instead_of == plain[0].instead_of + 1
    elsewhere = {one.merge: one.hidden for one in plain if "north" not in one.merge}
    assert {one.merge: one.hidden - 1 for one in found if "north" not in one.merge} == elsewhere


def test_a_dominated_part_is_taken_to_dominate_the_whole() -> None:
    """What is hidden for another reason than its size is not cured by adding up."""
    plain = [Count(("north", 0), {0}, 3), Count(("south", 0), {1}, 30)]
    assert advise(plain, split, threshold=5)[0].hidden == 0
    dominated = [plain[0], evolve(plain[1], sensitive=True)]
    assert [one.hidden for one in advise(dominated, split, threshold=5)] == [1]
    small = [evolve(plain[0], sensitive=True), evolve(plain[1], sensitive=False)]
    assert [one.hidden for one in advise(small, split, threshold=5)] == [0]
    barely = [plain[0], evolve(plain[1], value=5, sensitive=True)]
    assert [one.hidden for one in advise(barely, split, threshold=5)] == [1]


def test_what_is_nobodys_secret_stays_so() -> None:
    """Two places with one group each are two groups together, which may be shown."""
    groups = [Count((place, "groups"), {at}, 1, sensitive=False) for at, place in PLACES.items()]
    people = [Count(("north", 0), {4}, 3), Count(("south", 0), {5}, 30)]
    assert advise([*groups, *people], split, threshold=5)[0] == Advice(("north", "south"), 0, 1)
    half = [evolve(groups[0], sensitive=None), *groups[1:], *people]
    assert advise(half, split, threshold=5)[0] == Advice(("north", "south"), 1, 2)


def test_merged_counts_are_rounded_as_they_would_be_shown() -> None:
    """With rounding, more can be shown beside what is hidden, merged or not."""
    cells = [3, 30, 40, 20, 2, 50, 4, 25]
    exact = advise(by_place(cells), split, threshold=5)
    fives = advise(
        [rounded(count, 5) for count in by_place(cells)],
        split,
        threshold=5,
        shown=lambda value: rounded(Count(0, {0}, value), 5).interval,
    )
    assert fives[0].instead_of <= exact[0].instead_of
    assert {one.merge: one.hidden for one in fives} != {one.merge: one.hidden for one in exact}


@pytest.mark.parametrize("zeros", ["structural", "unsafe"])
def test_zeros_are_judged_as_in_protection(zeros: Any) -> None:
    """A merge that only removes a 0 is advice where zeros are sensitive, and else none."""
    counts = by_place([0, 30, 40, 20, 9, 50, 30, 25])
    found = advise(counts, split, threshold=5, zeros=zeros)
    assert bool(found) == (zeros == "unsafe")
    assert advise(counts, split, threshold=5)  # "unsafe" unless something else is said


def test_the_numbers_of_the_atoms_may_be_given() -> None:
    """They save time and change nothing."""
    cells = [3, 30, 40, 20, 4, 50, 30, 25]
    counts = by_place(cells)
    known = advise(counts, split, threshold=5, numbers=dict(enumerate(cells)))
    assert known == advise(counts, split, threshold=5)
