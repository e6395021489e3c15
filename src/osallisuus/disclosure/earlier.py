"""Earlier releases in the audit of a new one: what a reader of all of them was told.

Each question of an earlier release is asked again of the facts as they were known then, so that
its counts stand on one footing with those of the new release. Somebody who was erased since is in
none of them any more; a reader is taken to know how they were counted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence

from osallisuus.disclosure.cases import Atom
from osallisuus.disclosure.counts import Count
from osallisuus.disclosure.knowledge import Interval
from osallisuus.disclosure.ledger import Line, Question
from osallisuus.disclosure.tallies import REST, Key
from osallisuus.metrics.measure import Measurement, Place
from osallisuus.metrics.metric import Tally
from osallisuus.time import Period
from osallisuus.values import frozen

__all__ = [
    "ONLY_IN",
    "Earlier",
    "Named",
    "Series",
    "counts_then",
    "increments",
    "series_of",
    "tallies_then",
]

ONLY_IN = "(only in)"
"""Marks those who are in one count and not in another."""

Series = tuple[Hashable, ...]
"""What makes two figures of two releases the same figure: question, programme, strata, period.

The level of an interval does not: the counts behind it are the same.
"""


@frozen
class Named:
    """What a reader takes a count for: its series, and groups of counts that may be nested."""

    series: Hashable
    groups: frozenset[Hashable]

    @classmethod
    def of(cls, measurement: Measurement, place: Place, tally: Tally) -> Named:
        """Counts may be nested within one metric, within one place, and if they are wholes."""
        metric, label = measurement.metric, tally.label
        groups: set[Hashable] = {("metric", metric.name, label[0])}
        moves = metric.kind == "multistate" or getattr(metric, "curve", False)
        if label[0] != "between" and not moves:
            series = series_of(measurement, place)
            groups.add(("place", *series[-2:]))
            if tally.within is None:
                groups.add("whole")
        return cls((series_of(measurement, place), label), frozenset(groups))

    def rest(self) -> Named:
        """The same of the rest of the whole that the count is a part of."""
        return Named((self.series, REST), frozenset())


@frozen(kw_only=True, eq=False)
class Earlier:
    """A question of an earlier release, asked again as known then."""

    line: Line
    asked: Question
    measurement: Measurement
    erased: bool
    """Whether somebody has been erased since."""

    def span(self, told: tuple[int, int], value: int) -> tuple[int, int]:
        """What a reader knows of a count that has *value* without those who were erased.

        They are known to the reader, but not to us: so the count may be as low as it was shown,
        and no higher than it is. A count that cannot be what was shown is taken to be known.
        """
        low, high = told
        if not low <= value <= high:
            return value, value
        return (low, value) if self.erased else told


def series_of(measurement: Measurement, place: Place) -> Series:
    """What names the figures of one place from release to release."""
    settings = measurement.settings
    period: Period | None = None if place.period is None else settings.periods[place.period]
    return (
        measurement.provenance.definition,
        settings.program,
        settings.by,
        place.strata,
        period,
    )


def tallies_then(earlier: Sequence[Earlier], first: int) -> dict[Key, Tally]:
    """The counts of earlier releases, numbered from *first* on; their numbers are not known yet."""
    return {
        (first + number, told.place, told.label): told.tally(0)
        for number, one in enumerate(earlier)
        for told in one.asked.told
    }


def counts_then(
    earlier: Sequence[Earlier], first: int, atoms: Sequence[tuple[Atom, int]]
) -> Iterator[Count]:
    """What earlier releases told of their counts, and the counts that they had to keep secret."""
    members: dict[Key, dict[int, int]] = defaultdict(dict)
    value: dict[Key, int] = defaultdict(int)
    for number, (atom, n) in enumerate(atoms):
        for key, weight in atom.items():
            if key[0] >= first:
                members[key][number] = weight
                value[key] += n * weight
    for number, one in enumerate(earlier):
        for told in one.asked.told:
            key = (first + number, told.place, told.label)
            rest = (first + number, told.place, (*told.label, REST))
            span = None if told.span is None else one.span(told.span, value[key])
            # of the rest, which is printed nowhere, all that is known follows from its whole
            beyond = None if told.span is None else (0, None)
            yield from _told(key, members[key], value[key], span, secret=told.secret)
            yield from _told(rest, members[rest], value[rest], beyond, secret=told.rest_secret)


def _told(
    key: Key, members: Mapping[int, int], value: int, span: Interval | None, *, secret: bool
) -> Iterator[Count]:
    if members and secret:
        yield Count(key, members, value, sensitive=True)
    elif members and span is not None:
        yield Count(key, members, value, released=True, shown_as=span)


def increments(
    then: Sequence[Count],
    now: Sequence[Count],
    shown: Collection[Hashable],
    named: Mapping[Hashable, Named],
    numbers: Mapping[int, int],
    threshold: int,
) -> list[Count]:
    """The few people by whom counts of now differ from what was shown earlier.

    They joined or left a count of the same series, whether it is shown now or could be worked out;
    or they are in one of two *shown* counts and not in the other that is wholly within it, where a
    reader could know that it is.
    """
    found: dict[tuple[tuple[int, int], ...], Count] = {}
    known = [(old, named[old.key]) for old in then if old.released]
    for new in now:
        here = named[new.key]
        for old, there in known:
            same = here.series == there.series
            far = abs(new.value - old.value) >= threshold
            if not same and (far or new.key not in shown or here.groups.isdisjoint(there.groups)):
                continue
            joined, left = _beyond(new, old), _beyond(old, new)
            if joined and left and not same:
                continue
            for members, key in ((joined, (new.key, old.key)), (left, (old.key, new.key))):
                n = sum(weight * numbers[atom] for atom, weight in members.items())
                if 0 < n < threshold:
                    made = Count((ONLY_IN, 0, key), members, n, sensitive=True)
                    found.setdefault(tuple(made.members.items()), made)
    return list(found.values())


def _beyond(one: Count, other: Count) -> dict[int, int]:
    """How often somebody is counted in *one* and not in the *other*."""
    return {
        atom: weight - other.members.get(atom, 0)
        for atom, weight in one.members.items()
        if weight > other.members.get(atom, 0)
    }
