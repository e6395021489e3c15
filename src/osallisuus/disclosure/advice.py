"""Advice: which two categories to merge, so that fewer counts need to be hidden.

A table with fewer categories tells more than one full of hidden cells, so merging is tried before
hiding (metric rules D.2, order of preference).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from itertools import combinations

from osallisuus.disclosure.counts import Count, Zeros
from osallisuus.disclosure.knowledge import LIMIT, Interval
from osallisuus.disclosure.protect import protect
from osallisuus.values import frozen

__all__ = ["Advice", "Split", "advise"]

Split = Callable[[Hashable], tuple[Hashable, Hashable] | None]
"""A count's key -> its category, and all else that the key says; None: it is of no category."""


@frozen
class Advice:
    """Two categories that could be shown as one, and how many counts are hidden then."""

    merge: tuple[Hashable, Hashable]
    hidden: int
    instead_of: int
    """How many are hidden as it is."""

    def __str__(self) -> str:
        """In words, for a log or a terminal."""
        one, other = self.merge
        return f"merge {one!r} and {other!r}: {self.hidden} hidden cells"


def advise(
    counts: Iterable[Count],
    split: Split,
    *,
    threshold: int,
    shown: Callable[[int], Interval] | None = None,
    zeros: Zeros = "unsafe",
    together: Iterable[Collection[Hashable]] = (),
    numbers: Mapping[int, int] | None = None,
    limit: int = LIMIT,
) -> tuple[Advice, ...]:
    """Merges of two categories with which fewer counts are hidden, the best first.

    *split* takes a key apart, as ``lambda key: (key[0], key[1:])`` where the first part of each key
    is the category. Keep totals out: for them it gives None. *shown* gives the interval that a
    merged count would be shown as, if it is rounded. The other arguments are those of
    :func:`~osallisuus.disclosure.protect.protect`, by which every merge is tried. Between merges
    that hide as few, the one of the smaller categories comes first. Nothing is advised where
    nothing is hidden, or where no merge helps.
    """
    counts = tuple(counts)
    fates = [tuple(keys) for keys in together]

    def hidden(renamed: Mapping[Hashable, Hashable]) -> int:
        found = protect(
            _merged(counts, renamed, threshold, shown),
            threshold=threshold,
            zeros=zeros,
            together=[{renamed.get(key, key) for key in keys} for keys in fates],
            numbers=numbers,
            limit=limit,
        )
        return len(found.hidden)

    now = hidden({})
    sizes = _sizes(counts, split)
    found = [
        (Advice(pair, fewer, now), sizes[pair[0]] + sizes[pair[1]])
        for pair in combinations(sizes, 2)
        if now and (fewer := hidden(_renamed(counts, split, pair))) < now
    ]
    return tuple(one for one, _ in sorted(found, key=lambda way: (way[0].hidden, way[1])))


def _sizes(counts: Iterable[Count], split: Split) -> Counter[Hashable]:
    """Category -> the sum of all its counts, in the order in which the categories come."""
    sizes: Counter[Hashable] = Counter()
    for count in counts:
        parts = split(count.key)
        if parts is not None and not count.released:
            sizes[parts[0]] += count.value
    return sizes


def _renamed(
    counts: Iterable[Count], split: Split, pair: tuple[Hashable, Hashable]
) -> dict[Hashable, Hashable]:
    """Key -> the key of the merged count, for counts of both categories."""
    return {
        count.key: ("merged", pair, parts[1])
        for count in counts
        if not count.released and (parts := split(count.key)) is not None and parts[0] in pair
    }


def _merged(
    counts: Iterable[Count],
    renamed: Mapping[Hashable, Hashable],
    threshold: int,
    shown: Callable[[int], Interval] | None,
) -> list[Count]:
    """The counts with those of one new key added up.

    What an earlier release has shown by category stays known by category.
    """
    groups: dict[Hashable, list[Count]] = {}
    found: list[Count] = []
    for count in counts:
        if count.key in renamed:
            groups.setdefault(renamed[count.key], []).append(count)
        else:
            found.append(count)
    for key, parts in groups.items():
        members: Counter[int] = Counter()
        for part in parts:
            members.update(part.members)
        value = sum(part.value for part in parts)
        found.append(
            Count(
                key,
                members,
                value,
                sensitive=_mark(parts, threshold),
                shown_as=shown(value) if shown else None,
            )
        )
    return found


def _mark(parts: Iterable[Count], threshold: int) -> bool | None:
    """Whether a sum of counts is sensitive whatever its size, nobody's secret, or by its size.

    A part that is sensitive though it is large, as by dominance, is taken to make the sum so.
    """
    parts = tuple(parts)
    if any(part.sensitive and part.value >= threshold for part in parts):
        return True
    return False if all(part.sensitive is False for part in parts) else None
