"""The single cases behind a release: who is counted together with whom.

Persons who are counted in exactly the same tallies form an atom. The reader is taken to know who
could be counted together at all: only combinations that somebody is in are atoms. Where all, or
none, of a group are counted somewhere, those in it could as well have been otherwise, in every
figure that rests on the same cases.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

from osallisuus.disclosure.tallies import REST, Key
from osallisuus.metrics.measure import Measurement, Place
from osallisuus.metrics.metric import Label, Row, Tally, Thinning

__all__ = ["Atom", "Cases", "same_cases"]

Atom = Mapping[Key, int]
"""How often somebody is counted in each of the counts that tallies add up."""


_Ways = list[tuple[int, Place, tuple[Row, ...]]]
"""Where one unit is counted: the measurements and places, and the keys of its cases there."""


_MANY = 8
"""With so many cases of one unit not every way to turn some of them is tried."""


class Cases:
    """The single cases behind a release: read when they are needed, and once."""

    def __init__(
        self,
        measurements: Sequence[Measurement],
        grids: Sequence[Thinning | None],
        tallies: Mapping[Key, Tally],
    ) -> None:
        self._measurements = measurements
        self._grids = grids
        self._tallies = tallies
        self._feeds: dict[Key, list[Key]] = defaultdict(list)
        for key, tally in tallies.items():
            for label in () if tally.additive else tally.sums or (key[2],):
                self._feeds[key[0], key[1], label].append(key)
        self._parts: dict[Key, list[Key]] = defaultdict(list)
        for key, tally in tallies.items():
            if tally.within is not None:
                self._parts[key[0], key[1], tally.within].append(key)
        self._questions = [_question(one) for one in measurements]
        self._alike: dict[int, dict[Label, list[tuple[int, Label]]]] | None = None
        self._sums = {
            (key[0], key[2]): tally.sums or (key[2],)
            for key, tally in tallies.items()
            if tally.telling
        }
        self._ways: list[_Ways] = []
        self._counted: Counter[tuple[int, ...]] | None = None
        # most units are alike: what they add to the counts is found once, and named by a number
        self._known: dict[tuple[int, Place, tuple[Row, ...]], int] = {}
        self._number: dict[tuple[tuple[Key, int], ...], int] = {}

    def units(self) -> dict[Key, int]:
        """How many persons are in each count, for measurements with several cases of a person."""
        asked: dict[Hashable, bool] = {}
        repeated = set()
        for number, measurement in enumerate(self._measurements):
            same = (same_cases(measurement), id(measurement.engine))
            if same not in asked:
                asked[same] = measurement.repeats()
            if asked[same]:
                repeated.add(number)
        found: Counter[Key] = Counter()
        for atom, n in self.atoms(()) if repeated else ():
            for key in atom:
                found[key] += n if key[0] in repeated else 0
        return {key: n for key, n in found.items() if n}

    def atoms(self, telling: Iterable[Key]) -> list[tuple[Atom, int]]:
        """Each way of being counted, with the number of units that are counted in that way.

        Beside those that somebody is in there are, with nobody in them, those that a reader must
        think possible all the same: people of whom the *telling* tallies say the opposite.
        """
        if self._counted is None:
            self._counted = Counter(self._signature(ways) for ways in self._all_ways())
        found = dict(self._counted)
        for key in telling:
            for turned in self._turned(*key):
                found.setdefault(self._signature(turned), 0)
        pairs = list(self._number)
        # the measurements and places of a signature differ, and so do the counts
        atoms = [
            ({key: weight for number in signature for key, weight in pairs[number]}, n)
            for signature, n in found.items()
        ]
        return [(atom, n) for atom, n in atoms if atom]

    def _turned(self, number: int, place: Place, label: Label) -> Iterator[_Ways]:
        """Everybody in the place, with their cases turned into the opposite of the label.

        A case is turned wherever the same question has the same answer to it, also in earlier
        releases: one that differed between a place and the total would be no case at all. So are
        the answers to questions that say the same.
        """
        for ways in self._all_ways():
            if not any((where, at) == (number, place) for where, at, _ in ways):
                continue
            for other in self._opposites(ways, number, label):
                turned = self._with_twins(ways, number, other)
                if turned is not None:
                    yield [
                        (where, at, _exchanged(rows, turned.get(self._questions[where])))
                        for where, at, rows in ways
                    ]

    def _with_twins(
        self, ways: _Ways, number: int, other: dict[Row, Row]
    ) -> dict[Hashable, dict[Row, Row]] | None:
        """By question, what the cases of a unit are turned into; ``None`` where twins disagree.

        A reader may know that two questions say the same, such as who completed, and who ended
        with completion; that somebody did the one and not the other is then no doubt at all.
        """
        if self._alike is None:
            self._alike = self._all_alike()
        found: dict[Hashable, dict[Row, Row]] = {self._questions[number]: other}
        for label, twins in self._alike.get(number, {}).items():
            wanted = self._count(number, label, other.values())
            for twin, said in twins if wanted != self._count(number, label, other) else ():
                if self._questions[twin] not in found:
                    agreeing = next(self._agreeing(ways, twin, said, wanted), None)
                    if agreeing is None:
                        return None
                    found[self._questions[twin]] = agreeing
        return found

    def _agreeing(
        self, ways: _Ways, number: int, label: Label, wanted: int
    ) -> Iterator[dict[Row, Row]]:
        """Ways to turn some of a unit's cases so that it is counted in a label as often as wanted.

        Of a unit with very many cases only one is turned, or all but one.
        """
        for other in self._opposites(ways, number, label):
            sizes = range(len(other) + 1) if len(other) < _MANY else (0, 1, len(other) - 1)
            for some in (some for size in sizes for some in combinations(other, size)):
                rows = [other[row] if row in some else row for row in other]
                if self._count(number, label, rows) == wanted:
                    yield {row: other[row] for row in some}

    def _opposites(self, ways: _Ways, number: int, label: Label) -> list[dict[Row, Row]]:
        """Each case of a unit, as the same question has it, with what it could be instead."""
        asked, engine = self._questions[number], self._measurements[number].engine
        own = tuple(
            dict.fromkeys(
                row
                for where, _, rows in ways
                if self._questions[where] == asked and self._measurements[where].engine is engine
                for row in rows
            )
        )
        metric, grid = self._measurements[number].metric, self._grids[number]
        turned = metric.otherwise(own, label, grid)
        return [dict(zip(own, map(tuple, one), strict=True)) for one in turned]

    def _count(self, number: int, label: Label, rows: Iterable[Row]) -> int:
        """How often the cases of one unit are counted in a count."""
        metric = self._measurements[number].metric
        counted = metric.contributions(tuple(rows), self._grids[number])
        return sum(counted.get(one, 0) for one in self._sums[number, label])

    def _all_alike(self) -> dict[int, dict[Label, list[tuple[int, Label]]]]:
        """Per measurement, its counts that in all the facts count everybody as others do.

        The others are counts of other questions, one count of each.
        """
        often: dict[tuple[int, Label], dict[int, int]] = defaultdict(dict)
        signatures = [self._signature(ways) for ways in self._all_ways()]
        pairs = list(self._number)
        for unit, signature in enumerate(signatures):
            for (where, _, label), weight in (pair for n in signature for pair in pairs[n]):
                if (where, label) in self._sums:
                    counted = often[where, label]
                    counted[unit] = counted.get(unit, 0) + weight
        groups: dict[Hashable, list[tuple[int, Label]]] = defaultdict(list)
        for (where, label), counted in often.items():
            one = self._measurements[where]
            same = id(one.engine), one.settings.periods, frozenset(counted.items())
            groups[same].append((where, label))
        found: dict[int, dict[Label, list[tuple[int, Label]]]] = defaultdict(dict)
        for group in groups.values():
            for where, label in group:
                own = self._questions[where]
                found[where][label] = [one for one in group if self._questions[one[0]] != own]
        return found

    def _signature(self, ways: _Ways) -> tuple[int, ...]:
        return tuple([self._numbered(way) for way in ways])

    def _numbered(self, way: tuple[int, Place, tuple[Row, ...]]) -> int:
        """The number of what the cases of one unit in one place add to the counts."""
        if way not in self._known:
            number, place, rows = way
            counted = self._measurements[number].metric.contributions(rows, self._grids[number])
            totals: Counter[Key] = Counter()
            for label, weight in counted.items():
                for key in self._feeds.get((number, place, label), ()):
                    totals[key] += weight
            for whole, weight in tuple(totals.items()):
                for part in self._parts.get(whole, ()):
                    totals[part[0], part[1], (*part[2], REST)] = weight - totals[part]
            pairs = tuple(sorted(((key, n) for key, n in totals.items() if n), key=_in_order))
            self._known[way] = self._number.setdefault(pairs, len(self._number))
        return self._known[way]

    def _all_ways(self) -> list[_Ways]:
        if not self._ways:
            self._ways = list(self._read().values())
        return self._ways

    def _read(self) -> dict[tuple[str, Any], _Ways]:
        """Per unit, where it is counted. Of one metric only the finest strata are read."""
        ways: dict[tuple[str, Any], _Ways] = defaultdict(list)
        read: list[tuple[Measurement, list[tuple[Any, Place, Row]]]] = []
        finest = sorted(self._measurements, key=lambda one: -len(one.settings.by))
        source = {id(one): _source(one, read) for one in finest}
        for number, measurement in enumerate(self._measurements):
            grouped: dict[Any, dict[Place, list[Row]]] = {}
            for unit, place, row in _projected(*source[id(measurement)], measurement):
                places = grouped.setdefault(unit, {})
                places.setdefault(place, []).append(row)
            for unit, places in grouped.items():
                own = ways[measurement.metric.unit, unit]
                own += [(number, at, tuple(rows)) for at, rows in places.items()]
        return ways


def _exchanged(rows: tuple[Row, ...], others: Mapping[Row, Row] | None) -> tuple[Row, ...]:
    return rows if others is None else tuple([others.get(row, row) for row in rows])


def _in_order(pair: tuple[Key, int]) -> str:
    return repr(pair)


def same_cases(measurement: Measurement) -> Hashable:
    """What measurements have in common that rest on the same cases, whatever their strata."""
    metric, settings = measurement.metric, measurement.settings
    bound = tuple(sorted((name, str(value)) for name, value in metric.bound.items()))
    return (metric.kind, metric.cases, bound, settings.as_of, settings.program, settings.periods)


def _question(measurement: Measurement) -> Hashable:
    """What is asked about each case, whenever and of whomever it is asked."""
    metric = measurement.metric
    bound = {name: str(value) for name, value in metric.bound.items() if name != "last_day"}
    return (metric.kind, metric.cases, tuple(sorted(bound.items())))


_Source = tuple[Measurement, list[tuple[Any, Place, Row]]]
"""Single cases as one measurement reads them."""


def _source(measurement: Measurement, read: list[_Source]) -> _Source:
    """Cases from which those of *measurement* can be had: others' that are *read*, or its own."""
    for other, cases in read:
        if (
            other.engine is measurement.engine
            and same_cases(other) == same_cases(measurement)
            and _keys(other) == _keys(measurement)
            and set(measurement.settings.by) <= set(other.settings.by)
        ):
            return other, cases
    read.append((measurement, measurement.cases()))
    return read[-1]


def _keys(measurement: Measurement) -> tuple[str, ...]:
    return (measurement.metric.unit, *measurement.metric.keys(measurement.engine.dialect))


def _projected(
    source: Measurement, cases: list[tuple[Any, Place, Row]], wanted: Measurement
) -> Iterator[tuple[Any, Place, Row]]:
    """The cases of *source* at the places of another measurement of coarser strata."""
    if source is wanted:
        yield from cases
        return
    kept = [source.settings.by.index(name) for name in wanted.settings.by]
    places: dict[int, Place] = {}
    for unit, place, row in cases:
        if id(place) not in places:
            places[id(place)] = Place(tuple(place.strata[i] for i in kept), place.period)
        yield unit, places[id(place)], row
