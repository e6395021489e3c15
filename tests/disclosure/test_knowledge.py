"""What a reader knows, kept up to date while counts are hidden and shown again."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from random import Random

import pytest
from attrs import evolve

from osallisuus.disclosure.counts import Count, forms_of
from osallisuus.disclosure.knowledge import Knowledge, Terms
from osallisuus.errors import DisclosureError
from tests.disclosure.tables import linked_tables, rounded, skewed_cells, table


def releases(seed: int) -> list[list[Count]]:
    """A plain table, linked ones, one in fives, and one partly out already."""
    random = Random(seed)
    linked = linked_tables(random, 90)
    return [
        table((3, 4), skewed_cells(random, (3, 4), 60)),
        linked,
        [rounded(count, 5) for count in linked],
        [evolve(count, released=random.random() < 0.2) for count in linked],
    ]


@pytest.mark.parametrize("seed", range(6))
def test_hiding_and_showing_comes_to_the_same_as_beginning_anew(seed: int) -> None:
    """After any changes the intervals and verdicts are those of a reader who never knew more."""
    random = Random(seed)
    for counts in releases(seed):
        forms = forms_of(counts)
        terms = Terms(threshold=4)
        kept = Knowledge(forms, terms)
        hidden: set[int] = set()
        for _ in range(8):
            more = set(random.sample(range(len(forms)), 6)) - hidden
            kept.hide(sorted(more))
            hidden |= more
            for place in random.sample(kept.hidden, min(2, len(kept.hidden))):
                kept.is_safe(place)
            back = random.sample(sorted(hidden), len(hidden) // 3)
            kept.show(back)
            hidden -= set(back)
            fresh = Knowledge(forms, terms)
            fresh.hide(sorted(hidden))
            assert kept.hidden == fresh.hidden
            for place in random.sample(range(len(forms)), 5):
                assert kept.interval(place) == fresh.interval(place)
            for place in random.sample(kept.hidden, min(3, len(kept.hidden))):
                assert kept.is_safe(place) == fresh.is_safe(place)


def test_a_form_that_is_given_away_is_not_counted_as_hidden() -> None:
    """Hiding what an earlier release has shown exactly, or a structural zero, hides nothing."""
    forms = forms_of(
        [Count("out", {0}, 7, released=True), Count("none", {1}, 0), Count("some", {2}, 3)]
    )
    reader = Knowledge(forms, Terms(threshold=5, zeros="structural"))
    reader.hide(range(3))
    assert reader.hidden == (2,)
    assert [reader.is_safe(place) for place in range(3)] == [False, False, True]
    assert [reader.interval(place) for place in range(3)] == [(7, 7), (0, 0), (0, None)]


def test_a_way_without_end_is_safe() -> None:
    """A hidden count that nothing shown touches can be anything from its least value on."""
    reader = Knowledge(forms_of([Count("a", {0}, 7)]), Terms(threshold=100))
    assert reader.bounds(0) == (7, 7)
    reader.hide([0])
    assert reader.bounds(0) == (0, None)
    assert reader.is_safe(0)


def test_what_holds_a_count_is_named() -> None:
    """Of a cell of a hidden square the totals hold it; an unrelated table does not."""
    counts = [*table((2, 2), [3, 9, 8, 7]), Count("apart", {9}, 30)]
    forms = forms_of(counts)
    at = {form.counts[0].key: place for place, form in enumerate(forms)}
    reader = Knowledge(forms, Terms(threshold=5))
    reader.hide([at[0, 0], at[0, 1], at[1, 0]])
    named = {forms[place].counts[0].key for place in reader.pins(at[0, 0])}
    assert named
    assert "apart" not in named
    assert named <= {(1, 1), (0, "*"), (1, "*"), ("*", 0), ("*", 1), ("*", "*")}
    reader.hide(range(len(forms)))  # now only that nobody can be fewer than none holds them
    assert [pin for place in reader.hidden for pin in reader.pins(place) if pin >= len(forms)] == []


def test_truth_that_only_fractions_fit_proves_nothing() -> None:
    """Three pairs of 5 make 7.5: no table of persons, so no value is taken for proved."""
    forms = forms_of(
        [Count((one, two), {one, two}, 5) for one, two in ((0, 1), (1, 2), (0, 2))]
        + [Count("a", {0, 3}, 8)]
    )
    reader = Knowledge(forms, Terms(threshold=2))
    place = next(at for at, form in enumerate(forms) if form.counts[0].key == "a")
    reader.hide([place])
    low, high = reader.bounds(place)
    assert low == Fraction(5, 2)
    assert high is None
    assert not reader.is_safe(place)


def test_the_numbers_of_the_atoms_must_be_true() -> None:
    """A wrong number would make a table a witness that is none."""
    forms = forms_of([Count("a", {0}, 7), Count("all", {0, 1}, 9)])
    Knowledge(forms, Terms(threshold=5, numbers={0: 7, 1: 2}))
    with pytest.raises(DisclosureError, match="sum of its atoms"):
        Knowledge(forms, Terms(threshold=5, numbers={0: 7}))


def weighted(random: Random) -> tuple[list[Count], set[int]]:
    """Sums of persons who count several times, and every value that the hidden one can have."""
    numbers = [random.randrange(5) for _ in range(4)]
    weights = [[random.choice((1, 2, 3, 5)) for _ in range(3)] + [last] for last in (2, 0)]
    totals = [sum(n * w for n, w in zip(numbers, line, strict=True)) for line in weights]
    spare = [random.randrange(2) for _ in weights]
    values = {
        table[2] + table[3]
        for table in product(*(range((totals[0] + 1) // weight + 1) for weight in weights[0]))
        if all(
            total <= sum(n * w for n, w in zip(table, line, strict=True)) <= total + more
            for line, total, more in zip(weights, totals, spare, strict=True)
        )
    }
    counts = [Count("secret", {2, 3}, numbers[2] + numbers[3])]
    for name, line, total, more in zip("ab", weights, totals, spare, strict=True):
        members = {at: weight for at, weight in enumerate(line) if weight}
        counts.append(Count(name, members, total, shown_as=(total, total + more)))
    return counts, values


def test_no_value_is_proved_that_is_none() -> None:
    """By trying all tables: one value more than there are is never safe.

    The search for tables may miss some, but a worse one than now would be noticed.
    """
    missed = 0
    for seed in range(30):
        counts, values = weighted(Random(seed))
        forms = forms_of(counts)
        place = next(at for at, form in enumerate(forms) if form.counts[0].key == "secret")
        for enough in (len(values), len(values) + 1):
            reader = Knowledge(forms, Terms(threshold=enough))
            reader.hide([place])
            if enough > len(values):
                assert not reader.is_safe(place)
            else:
                missed += not reader.is_safe(place)
    assert missed <= 12


def test_what_holds_a_count_from_below_is_named_as_well() -> None:
    """With b hidden, a is 9 less b: at least 5, since b and c are 4, and at most 9."""
    counts = [
        Count("a", {0}, 6),
        Count("b", {1}, 3),
        Count("a and b", {0, 1}, 9),
        Count("b and c", {1, 2}, 4),
    ]
    forms = forms_of(counts)
    at = {form.counts[0].key: place for place, form in enumerate(forms)}
    reader = Knowledge(forms, Terms(threshold=5))
    reader.hide([at["a"], at["b"]])
    assert reader.interval(at["a"]) == (5, 9)
    assert {forms[pin].counts[0].key for pin in reader.pins(at["a"])} == {"a and b", "b and c"}


def test_a_shown_form_that_says_nothing_has_no_bounds() -> None:
    """That somebody is in it or not leaves every number."""
    reader = Knowledge(forms_of([Count("a", {0}, 7, shown_as=(0, None))]), Terms(threshold=5))
    assert reader.bounds(0) == (0, None)


def test_an_atom_without_a_number_is_of_nobody() -> None:
    """Seven in all, and seven in the one atom that has a number."""
    forms = forms_of([Count("all", {0, 1}, 7), Count("other", {1}, 0)])
    reader = Knowledge(forms, Terms(threshold=5, numbers={0: 7}))
    assert [reader.interval(place) for place in range(2)] == [(7, 7), (0, 0)]
    with pytest.raises(DisclosureError, match="not the sum of its atoms"):
        Knowledge(forms, Terms(threshold=5, numbers={0: 6}))
