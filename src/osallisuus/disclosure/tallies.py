"""The counts behind the figures of a release, and which of them give somebody away.

A count is sensitive by its own size, by that of its complement, because all or none of a group are
counted in it, or because one or two persons make up a sum (metric rules D.1).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Mapping, Sequence

from osallisuus.disclosure.dominance import dominated
from osallisuus.metrics.measure import Measurement, Place
from osallisuus.metrics.metric import Draw, Label, Tally

__all__ = [
    "REST",
    "Key",
    "all_or_none",
    "empty_keys",
    "keys_behind",
    "near_counts",
    "persons_in",
    "rest_of",
    "says_nothing",
    "sensitive_keys",
    "tallies_of",
]

Key = tuple[int, Place, Label]
"""A tally of a release: the number of its measurement, its place, its label."""
REST = "(rest)"
"""Marks the complement of a tally within another."""


def tallies_of(drawn: Sequence[list[tuple[Place, list[Draw]]]]) -> dict[Key, Tally]:
    """Every count behind the figures of a release, by its measurement, place and label."""
    found: dict[Key, Tally] = {}
    for number, places in enumerate(drawn):
        for place, draws in places:
            for draw in draws:
                beside = () if draw.open is None else (draw.open,)
                for tally in (*draw.tallies, *draw.watched, *beside):
                    known = found.setdefault((number, place, tally.label), tally)
                    # one figure may show as a part what is the whole of another
                    if known.within is None and tally.within is not None:
                        found[number, place, tally.label] = tally
    return found


def empty_keys(drawn: Sequence[list[tuple[Place, list[Draw]]]]) -> frozenset[Key]:
    """The counts of nobody that a figure would show as such, and not only as a point of a curve.

    On the first days of every curve nobody has left, which is no secret; where everybody or nobody
    has left in the end, :attr:`Tally.telling` says it.
    """
    return frozenset(
        (number, place, tally.label)
        for number, places in enumerate(drawn)
        for place, draws in places
        for draw in draws
        if draw.at is None and not says_nothing(place, draw)
        for tally in (*draw.tallies, *draw.watched)
        if persons_in(tally) == 0 and tally.span is None
    )


def says_nothing(place: Place, draw: Draw) -> bool:
    """Whether the draw only says that of all the facts none are of its matter."""
    return bool(draw.reason) and place == Place()


def keys_behind(number: int, place: Place, draw: Draw) -> list[Key]:
    """The keys of all counts that the draw would give away."""
    keys = [(number, place, tally.label) for tally in draw.tallies]
    keys += [(number, place, (*t.label, REST)) for t in draw.tallies if t.within is not None]
    return keys


def sensitive_keys(
    tallies: Mapping[Key, Tally],
    threshold: int,
    units: Mapping[Key, int],
    nobody: Collection[Key] = (),
) -> frozenset[Key]:
    """The keys that give somebody away by themselves.

    *units* are the numbers of persons where one person may be several cases; *nobody* are counts
    of 0 that are treated like small ones.
    """
    found: set[Key] = set(nobody)
    for key, tally in tallies.items():
        if tally.span is not None:
            continue
        if _is_small(tally, threshold) or 0 < units.get(key, threshold) < threshold:
            found.add(key)
        if tally.within is not None:
            whole, rest = rest_of(tallies, key)
            number, place, label = key
            beyond = (number, place, (*label, REST))
            others = rest if tally.others is None else tally.others
            small = 0 < min(rest, others, units.get(beyond, rest)) < threshold
            if small or (tally.telling and whole > 0 and rest in (0, whole)):
                found.add(beyond)
    return frozenset(found)


def rest_of(tallies: Mapping[Key, Tally], key: Key) -> tuple[int, int]:
    """How many are in the whole that a part is of, and in the rest of it."""
    number, place, _ = key
    tally = tallies[key]
    whole = tally.n if tally.within is None else tallies[number, place, tally.within].n
    return whole, whole - tally.n


def persons_in(tally: Tally) -> int:
    """How many persons, or other protected units, a count is of."""
    return tally.n if tally.units is None else min(tally.n, tally.units)


def _is_small(tally: Tally, threshold: int) -> bool:
    if tally.largest is not None and tally.n:
        total, largest, second = tally.largest
        contributors = tally.n if tally.units is None else tally.units
        # where one session is asked about, the seats are people: few of them, or few empty ones
        if total < threshold or 0 <= tally.n - total < threshold:
            return True
        if dominated(total, largest, second, contributors, threshold):
            return True
    return 0 < persons_in(tally) < threshold


def all_or_none(tallies: Mapping[Key, Tally]) -> list[Key]:
    """The tallies that say something of each, as all are counted in them, or none."""
    return [
        key
        for key, tally in tallies.items()
        if tally.telling and rest_of(tallies, key)[0] and 0 in (tally.n, rest_of(tallies, key)[1])
    ]


def near_counts(
    tallies: Mapping[Key, Tally], measurements: Sequence[Measurement], threshold: int
) -> list[tuple[Key, Key]]:
    """Pairs of counts of one place that differ by few: what is in one only may be few people.

    Only counts that a reader knows to be nested are subtracted: of a metric with itself, and of
    those that follow people into and through a programme. Whom a role or an activity has in common
    with others is a chance of the data.
    """
    here: dict[Hashable, list[tuple[int, Key]]] = defaultdict(list)
    for key, tally in tallies.items():
        metric = measurements[key[0]].metric
        if metric.kind == "multistate" or getattr(metric, "curve", False):
            continue
        if tally.n >= threshold and not tally.additive and tally.label[0] != "between":
            here[key[1]].append((tally.n, key))
    pairs = []
    for counted in here.values():
        counted.sort(key=lambda pair: pair[0])
        for place, (n, key) in enumerate(counted):
            for more, other in counted[place + 1 :]:
                if more - n >= threshold:
                    break
                if more > n:
                    pairs.append((key, other))
    return pairs
