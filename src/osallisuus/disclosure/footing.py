"""All counts of a release on one footing: as sums over atoms, for the audit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from attrs import evolve

from osallisuus.disclosure.cases import Atom, same_cases
from osallisuus.disclosure.counts import Count, linked
from osallisuus.disclosure.profile import Profile
from osallisuus.disclosure.tallies import REST, Key, rest_of
from osallisuus.metrics.measure import Measurement, Place
from osallisuus.metrics.metric import Tally

__all__ = [
    "MOST_ATOMS",
    "chosen_atoms",
    "counts_of",
    "differences",
    "plain_key",
    "sums_of",
    "within",
]

_OVER = "(over)"
"""Marks a sum as one that adds up over finer measurements."""
MOST_ATOMS = 150
"""Of more atoms that hang together the audit is made over some, see :func:`chosen_atoms`."""


def counts_of(
    tallies: Mapping[Key, Tally],
    atoms: Iterable[tuple[Atom, int]],
    sensitive: Collection[Key],
    profile: Profile,
) -> Iterator[Count]:
    """The counts of persons as sums over atoms, and what a reader learns who is shown them.

    The rest of a whole is printed nowhere; all that is learnt of it is that it is not small.
    """
    members: dict[Key, dict[int, int]] = defaultdict(dict)
    for number, (atom, _) in enumerate(atoms):
        for key, weight in atom.items():
            members[key][number] = weight
    for key, tally in tallies.items():
        if members[key]:
            # every count is judged here, by persons and by complements, not by its size alone
            yield Count(
                key,
                members[key],
                tally.n,
                sensitive=key in sensitive,
                shown_as=tally.span or profile.span(tally.n),
                hint=tally.span is not None,
            )
        rest = (key[0], key[1], (*key[2], REST))
        if tally.within is not None and members[rest]:
            value = rest_of(tallies, key)[1]
            least = (min(value, profile.threshold), None)
            yield Count(rest, members[rest], value, sensitive=rest in sensitive, shown_as=least)


def differences(counts: Sequence[Count], near: Iterable[tuple[Key, Key]]) -> list[Count]:
    """How many are in a count and not in one that is wholly within it, where these are few.

    Those who were offered a place, say, less those who started.
    """
    known = {count.key: count for count in counts}
    found: dict[tuple[tuple[int, int], ...], Count] = {}
    for less, more in near:
        if less not in known or more not in known:
            continue
        part, whole = known[less], known[more]
        if all(whole.members.get(atom, 0) >= n for atom, n in part.members.items()):
            members = {
                atom: n - part.members.get(atom, 0)
                for atom, n in whole.members.items()
                if n > part.members.get(atom, 0)
            }
            key = (*less, "(less than)", *more)
            value = whole.value - part.value
            found.setdefault(tuple(members.items()), Count(key, members, value, sensitive=True))
    return list(found.values())


def chosen_atoms(
    counts: Sequence[Count],
    atoms: Sequence[tuple[Atom, int]],
    measurements: Sequence[Measurement],
) -> set[int]:
    """Atoms among which the reader is to be left in doubt: all, or some where they are too many.

    Atoms hang together that are in one count, directly or by way of others. What hangs together is
    too much by itself only: people are not audited more coarsely for what is asked of encounters.
    """
    split = {number for number, one in enumerate(measurements) if one.settings.by}
    found: set[int] = set()
    for part in linked(len(atoms), [list(count.members) for count in counts]):
        if len(part) > MOST_ATOMS:
            own = frozenset(part)
            sensitive = [one for one in counts if one.sensitive and not own.isdisjoint(one.members)]
            found.update(_some_of(part, sensitive, atoms, split))
        else:
            found.update(part)
    return found


def _some_of(
    part: Sequence[int],
    sensitive: Sequence[Count],
    atoms: Sequence[tuple[Atom, int]],
    split: Collection[int],
) -> set[int]:
    """Atoms among which it is proved that each of the *sensitive* counts may have other values.

    For that it is enough to move people between some atoms while all others stay as they are. So
    those in the counts are taken, and for each a few of whom the totals say the same, in other
    places, and a few in the same places; *split* are the measurements that are made by place.
    """
    alike: tuple[dict[Hashable, list[int]], ...] = (defaultdict(list), defaultdict(list))
    signs = {}
    for number in part:
        signs[number] = [
            frozenset(pair for pair in atoms[number][0].items() if (pair[0][0] in split) is side)
            for side in (False, True)
        ]
        for groups, sign in zip(alike, signs[number], strict=True):
            groups[sign].append(number)

    def largest(numbers: Iterable[int], most: int) -> list[int]:
        return sorted(numbers, key=lambda number: (-atoms[number][1], number))[:most]

    each = max(2, MOST_ATOMS // (4 * max(len(sensitive), 1)))
    core = {number for count in sensitive for number in largest(count.members, each)}
    chosen = set(core)
    for number in sorted(core):
        for groups, sign in zip(alike, signs[number], strict=True):
            chosen.update(largest(groups[sign], 4))
    return chosen


def within(
    counts: Iterable[Count], atoms: Sequence[tuple[Atom, int]], chosen: Collection[int]
) -> list[Count]:
    """The counts over the *chosen* atoms only, all others being as they truly are.

    A count without such an atom is known; if it is sensitive, it stays hidden by itself.
    """
    found = []
    for count in counts:
        members = {number: n for number, n in count.members.items() if number in chosen}
        if members:
            value = sum(n * atoms[number][1] for number, n in members.items())
            low, high = count.interval
            outside = count.value - value  # known, so that the interval is the same but for it
            span = max(low - outside, 0), None if high is None else high - outside
            found.append(evolve(count, members=members, value=value, shown_as=span))
    return found


def sums_of(
    measurements: Sequence[Measurement],
    tallies: Mapping[Key, Tally],
    sensitive: Collection[Key],
    first: int,
    profile: Profile,
) -> Iterator[Count]:
    """Sums of amounts, with the finest strata in the place of atoms from the number *first* on.

    Amounts add up over strata also where persons do not, as who is in two of them. So each sum is
    a count once more for every finer measurement over which it adds up.
    """
    atom = first
    for fine, coarse in _nested(measurements):
        whole: dict[Key, tuple[dict[int, int], int]] = {}
        for (number, place, label), tally in tallies.items():
            if number != fine or not tally.additive or not tally.n:
                continue
            key = (fine, place, label)
            over = (*label, _OVER, *coarse)
            span = profile.span(tally.n)
            secret = key in sensitive
            yield Count((fine, place, over), {atom: 1}, tally.n, sensitive=secret, shown_as=span)
            for wider in coarse:
                at = _widened(measurements[fine], place, measurements[wider])
                members, total = whole.get((wider, at, label), ({}, 0))
                whole[wider, at, label] = ({**members, atom: 1}, total + tally.n)
            atom += 1
        for (wider, at, label), (members, total) in whole.items():
            over = (*label, _OVER, fine)
            secret, span = (wider, at, label) in sensitive, profile.span(total)
            yield Count((wider, at, over), members, total, sensitive=secret, shown_as=span)


def _nested(measurements: Sequence[Measurement]) -> Iterator[tuple[int, list[int]]]:
    """Each measurement that is a finer one of others, and those others."""
    for fine, one in enumerate(measurements):
        coarse = [
            number
            for number, other in enumerate(measurements)
            if same_cases(other) == same_cases(one)
            and other.metric.definition == one.metric.definition
            and set(other.settings.by) < set(one.settings.by)
        ]
        if coarse:
            yield fine, coarse


def _widened(fine: Measurement, place: Place, coarse: Measurement) -> Place:
    """The place of a coarser measurement that *place* is a part of."""
    kept = [fine.settings.by.index(name) for name in coarse.settings.by]
    return Place(tuple(place.strata[i] for i in kept), place.period)


def plain_key(key: Any) -> Hashable:
    """The key of a sum without what it adds up over; any other key as it is."""
    label = key[2]
    return (*key[:2], label[: label.index(_OVER)]) if _OVER in label else key
