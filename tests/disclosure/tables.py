"""Small tables of persons with their margins, as counts over atoms."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, product
from math import prod
from random import Random

from attrs import evolve

from osallisuus.disclosure.counts import Count
from osallisuus.disclosure.protect import protect

ALL = "*"
"""In the place of a category: the total over all of them."""


def table(
    dims: Sequence[int], cells: Sequence[int], prefix: tuple[object, ...] = ()
) -> list[Count]:
    """All cells and all margins of a table; *cells* in row-major order, one atom each."""
    places = list(product(*map(range, dims)))
    counts = []
    for key in product(*([*range(dim), ALL] for dim in dims)):
        members = [
            atom
            for atom, place in enumerate(places)
            if all(want in (ALL, have) for want, have in zip(key, place, strict=True))
        ]
        counts.append(Count((*prefix, *key), members, sum(cells[atom] for atom in members)))
    return counts


def skewed_cells(random: Random, dims: Sequence[int], persons: int) -> list[int]:
    """Persons spread over the cells so that some cells are crowded and some are nearly empty."""
    weights = list(accumulate(random.random() ** 2 + 0.02 for _ in range(prod(dims))))
    cells = [0] * prod(dims)
    for atom in random.choices(range(len(cells)), cum_weights=weights, k=persons):
        cells[atom] += 1
    return cells


def linked_tables(random: Random, persons: int) -> list[Count]:
    """Tables of one report that share persons: gender by ending, age by ending, women by age.

    The atoms are gender (2) by age (3) by ending (2); no published count is a single atom.
    """
    cells = skewed_cells(random, (2, 3, 2), persons)
    every = table((2, 3, 2), cells)
    published = {
        "gender by ending": lambda gender, age, ending: age == ALL,
        "age by ending": lambda gender, age, ending: gender == ALL,
        "women by age": lambda gender, age, ending: gender == 0 and ending == ALL,
    }
    return [count for count in every if any(fits(*count.key) for fits in published.values())]


def rounded(count: Count, base: int) -> Count:
    """The count shown as the nearest multiple of *base*, ties up."""
    shown = (2 * count.value + base) // (2 * base) * base
    return evolve(count, shown_as=(max(0, shown - base // 2), shown + (base - 1) // 2))


def joined(
    dims: Sequence[int], before: Sequence[int], new: Sequence[int], *, threshold: int
) -> list[Count]:
    """A table of all people now, and what an earlier release, before the *new* came, has shown."""
    spring = table(dims, before, ("spring",))
    hidden = protect(spring, threshold=threshold).hidden
    out = [evolve(count, released=True) for count in spring if count.key not in hidden]
    now = table(dims, [sum(both) for both in zip(before, new, strict=True)], ("autumn",))
    size = prod(dims)
    return out + [
        evolve(count, members={*count.members, *(size + atom for atom in count.members)})
        for count in now
    ]
