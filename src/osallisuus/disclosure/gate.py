"""The gate: what of several measurements may leave together.

All counts behind all figures of one release are put on one footing. Persons who are counted in
exactly the same tallies form an atom; every tally is a sum over atoms. The counts that are small,
or whose complement is, are hidden, and with them as many others as it takes until the audit finds
at least ``threshold`` possible values for each. A figure leaves only if none of the counts behind
it is hidden; everything else of it goes too (metric rules D.1, D.2).

The reader is taken to know who could be counted together at all: only combinations that somebody
is in are atoms. Where all, or none, of a group are counted somewhere, those in it could as well
have been otherwise, in every figure that rests on the same cases.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from attrs import evolve, field

from osallisuus.disclosure.counts import Count
from osallisuus.disclosure.dominance import dominated
from osallisuus.disclosure.profile import Profile
from osallisuus.disclosure.protect import protect
from osallisuus.metrics.figure import Figure, Result
from osallisuus.metrics.measure import Measurement, Place
from osallisuus.metrics.metric import Draw, Label, Row, Tally, Thinning
from osallisuus.values import frozen

__all__ = ["MOST_ATOMS", "Released", "release"]

_Key = tuple[int, Place, Label]
"""A tally of a release: the number of its measurement, its place, its label."""
_Atom = Mapping[_Key, int]
"""How often somebody is counted in each of the counts that tallies add up."""
MOST_ATOMS = 150
"""With more atoms than this the audit is made over some of them, see :func:`_chosen`."""
_REST = "(rest)"
"""Marks the complement of a tally within another."""
_OVER = "(over)"
"""Marks a sum as one that adds up over finer measurements."""
_OF_PEOPLE = ("person", "enrollment", "encounter")
"""Strata whose values are said of people; the others are said of groups and meetings."""
_BY_TIME = ("aalen_johansen", "kaplan_meier")
"""Methods whose value depends on who is still open."""


@frozen(kw_only=True)
class Released:
    """Results without anything that gives a person away, and how many figures were hidden.

    ``certificate`` holds, per hidden count, between which values a reader can still place it. It
    is for the reviewer and is never part of an output.
    """

    results: tuple[Result, ...]
    hidden: int
    profile: Profile
    certificate: Mapping[Hashable, tuple[int, int | None]] = field(factory=dict)


def release(measurements: Sequence[Measurement], profile: Profile) -> Released:
    """Let out of *measurements* what *profile* allows; they are protected together.

    Of strata that are said of people, such as ``person.<trait>``, a value that fewer people than
    the threshold have is not even listed; a group's place is listed with its figures hidden.
    """
    if profile.internal:
        return Released(results=tuple(m.result() for m in measurements), hidden=0, profile=profile)
    grids = _grids(measurements, profile.threshold)
    drawn = [
        measurement.draws(grid=grid) for measurement, grid in zip(measurements, grids, strict=True)
    ]
    tallies = _tallies(drawn)
    cases = _Cases(measurements, grids, tallies)
    sensitive = _sensitive(tallies, profile.threshold, cases.units())
    near = _near(tallies, measurements, profile.threshold)
    hidden: frozenset[Hashable] = frozenset(sensitive)
    certificate: Mapping[Hashable, tuple[int, int | None]] = {}
    if sensitive or near:  # else no single case needs to be read
        atoms = cases.atoms(_all_or_none(tallies))
        counts = list(_counts(tallies, atoms, sensitive))
        counts += _differences(counts, near)
        if len(atoms) > MOST_ATOMS:
            counts = _within(counts, atoms, _chosen(counts, atoms, measurements))
        sums = list(_sums(measurements, tallies, sensitive, len(atoms)))
        numbers = dict(enumerate(n for _, n in atoms))
        for one in sums:
            numbers |= dict.fromkeys(one.members, one.value) if len(one.members) == 1 else {}
        counts += sums
        known = {count.key for count in counts}
        protection = protect(
            counts,
            threshold=profile.threshold,
            zeros=profile.zeros,
            numbers=numbers,
            together=[pair for pair in _pairs(tallies) if pair <= known],
        )
        hidden |= frozenset(map(_plain, protection.hidden))
        certificate = dict(protection.bounds)
    outcome = [
        _let_out(number, measurement, places, hidden, profile.threshold)
        for number, (measurement, places) in enumerate(zip(measurements, drawn, strict=True))
    ]
    return Released(
        results=tuple(result for result, _ in outcome),
        hidden=sum(count for _, count in outcome),
        profile=profile,
        certificate=certificate,
    )


def _let_out(
    number: int,
    measurement: Measurement,
    places: list[tuple[Place, list[Draw]]],
    hidden: Collection[Hashable],
    threshold: int,
) -> tuple[Result, int]:
    """The figures of one measurement that may leave, and how many of them are hidden."""
    figures: list[Figure] = []
    unlisted = 0
    for place, draws in places:
        keys = [_behind(number, place, draw) for draw in draws]
        if _is_rare(measurement, place, draws, threshold) and all(
            any(key in hidden for key in behind) for behind in keys
        ):
            unlisted += len(draws)
            continue
        for draw, behind in zip(draws, keys, strict=True):
            figure = measurement.figure(place, draw)
            if draw.open is not None and (number, place, draw.open.label) in hidden:
                figure = _without_open(figure)
            if draw.open is None or draw.open.n < threshold:
                # "none" and "a few" must look alike
                notes = tuple(note for note in figure.notes if note != "still_open")
                figure = evolve(figure, censored=None, notes=notes)
            if any(key in hidden for key in behind):
                figure = figure.suppressed()
            figures.append(figure)
    count = unlisted + sum(figure.status == "suppressed" for figure in figures)
    return measurement.as_result(figures, internal=False), count


def _is_rare(measurement: Measurement, place: Place, draws: Sequence[Draw], threshold: int) -> bool:
    """Whether the place is a value that few people have, so that its name would tell of them."""
    said = [
        value is not None and name.partition(".")[0] in _OF_PEOPLE
        for name, value in zip(measurement.settings.by, place.strata, strict=True)
    ]
    return any(said) and all(
        _persons(tally) < threshold for draw in draws for tally in draw.tallies
    )


def _without_open(figure: Figure) -> Figure:
    """The figure without the number of those still open, which its last digits would give away."""
    if figure.status == "undefined":
        return figure.suppressed()
    if figure.method not in _BY_TIME:
        return evolve(figure, censored=None)

    def rounded(value: float | None) -> float | None:
        return None if value is None else round(value, 0 if figure.measure == "days" else 2)

    return evolve(
        figure,
        censored=None,
        value=rounded(figure.value),
        low=rounded(figure.low),
        high=rounded(figure.high),
    )


def _grids(measurements: Sequence[Measurement], threshold: int) -> list[Thinning | None]:
    """How the curves are thinned: all of the same cases step on the same days.

    Two curves of the same people on different days would give away what lies between the days, so
    the one that may show the fewest days decides for all.
    """
    own = [m.metric.grid(m.tables.values(), threshold) for m in measurements]
    same: dict[tuple[str, str | None], Thinning] = {}
    for measurement, thinning in zip(measurements, own, strict=True):
        key = (measurement.metric.cases, measurement.settings.program)
        if thinning is not None:
            known = same.setdefault(key, thinning)
            if _steps(thinning) < _steps(known):
                same[key] = thinning
    return [
        thinning
        and evolve(
            thinning,
            days=same[measurement.metric.cases, measurement.settings.program].days,
            followed=same[measurement.metric.cases, measurement.settings.program].followed,
        )
        for measurement, thinning in zip(measurements, own, strict=True)
    ]


def _steps(thinning: Thinning) -> int:
    return sum(map(len, thinning.days.values()))


def _behind(number: int, place: Place, draw: Draw) -> list[_Key]:
    """The keys of all counts that the draw would give away."""
    keys = [(number, place, tally.label) for tally in draw.tallies]
    keys += [(number, place, (*t.label, _REST)) for t in draw.tallies if t.within is not None]
    return keys


def _tallies(drawn: Sequence[list[tuple[Place, list[Draw]]]]) -> dict[_Key, Tally]:
    found: dict[_Key, Tally] = {}
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


def _sensitive(
    tallies: Mapping[_Key, Tally], threshold: int, units: Mapping[_Key, int]
) -> frozenset[_Key]:
    """The keys that give somebody away by themselves.

    *units* are the numbers of persons where one person may be several cases.
    """
    found: set[_Key] = set()
    for key, tally in tallies.items():
        if _is_small(tally, threshold) or 0 < units.get(key, threshold) < threshold:
            found.add(key)
        if tally.within is not None:
            whole, rest = _rest(tallies, key)
            number, place, label = key
            beyond = (number, place, (*label, _REST))
            others = rest if tally.others is None else tally.others
            small = 0 < min(rest, others, units.get(beyond, rest)) < threshold
            if small or (tally.telling and whole > 0 and rest in (0, whole)):
                found.add(beyond)
    return frozenset(found)


def _rest(tallies: Mapping[_Key, Tally], key: _Key) -> tuple[int, int]:
    """How many are in the whole that a part is of, and in the rest of it."""
    number, place, _ = key
    tally = tallies[key]
    whole = tally.n if tally.within is None else tallies[number, place, tally.within].n
    return whole, whole - tally.n


def _persons(tally: Tally) -> int:
    return tally.n if tally.units is None else min(tally.n, tally.units)


def _is_small(tally: Tally, threshold: int) -> bool:
    if tally.largest is not None and tally.n:
        total, largest, second = tally.largest
        contributors = tally.n if tally.units is None else tally.units
        # nothing at all, and all that was possible, are said of each of them
        if total in (0, tally.n) or dominated(total, largest, second, contributors, threshold):
            return True
    return 0 < _persons(tally) < threshold


def _all_or_none(tallies: Mapping[_Key, Tally]) -> list[_Key]:
    """The tallies that say something of each, as all are counted in them, or none."""
    return [
        key
        for key, tally in tallies.items()
        if tally.telling and _rest(tallies, key)[0] and 0 in (tally.n, _rest(tallies, key)[1])
    ]


def _pairs(tallies: Mapping[_Key, Tally]) -> list[set[Hashable]]:
    """A part and the rest of its whole, which are shown or hidden together."""
    return [
        {(number, place, label), (number, place, (*label, _REST))}
        for (number, place, label), tally in tallies.items()
        if tally.within is not None
    ]


_Ways = list[tuple[int, Place, tuple[Row, ...]]]
"""Where one unit is counted: the measurements and places, and the keys of its cases there."""


def _near(
    tallies: Mapping[_Key, Tally], measurements: Sequence[Measurement], threshold: int
) -> list[tuple[_Key, _Key]]:
    """Pairs of counts of one place that differ by few: what is in one only may be few people.

    Only counts that a reader knows to be nested are subtracted: of a metric with itself, and of
    those that follow people into and through a programme. Whom a role or an activity has in common
    with others is a chance of the data.
    """
    here: dict[Hashable, list[tuple[int, _Key]]] = defaultdict(list)
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


def _differences(counts: Sequence[Count], near: Iterable[tuple[_Key, _Key]]) -> list[Count]:
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


def _chosen(
    counts: Iterable[Count],
    atoms: Sequence[tuple[_Atom, int]],
    measurements: Sequence[Measurement],
) -> set[int]:
    """Atoms among which the reader must be left in doubt, where there are too many for an audit.

    To prove that a count can have other values it is enough to move people between some atoms
    while all others stay as they are. So those in the sensitive counts are taken, and for each
    a few of whom the totals say the same, in other places, and a few in the same places.
    """
    split = {number for number, one in enumerate(measurements) if one.settings.by}
    alike: tuple[dict[Hashable, list[int]], ...] = (defaultdict(list), defaultdict(list))
    signs = []
    for number, (atom, _) in enumerate(atoms):
        both = [
            frozenset(pair for pair in atom.items() if (pair[0][0] in split) is side)
            for side in (False, True)
        ]
        signs.append(both)
        for groups, sign in zip(alike, both, strict=True):
            groups[sign].append(number)

    def largest(numbers: Iterable[int], most: int) -> list[int]:
        return sorted(numbers, key=lambda number: (-atoms[number][1], number))[:most]

    sensitive = [count for count in counts if count.sensitive]
    each = max(2, MOST_ATOMS // (4 * max(len(sensitive), 1)))
    core = {number for count in sensitive for number in largest(count.members, each)}
    chosen = set(core)
    for number in sorted(core):
        for groups, sign in zip(alike, signs[number], strict=True):
            chosen.update(largest(groups[sign], 4))
    return chosen


def _within(
    counts: Iterable[Count], atoms: Sequence[tuple[_Atom, int]], chosen: Collection[int]
) -> list[Count]:
    """The counts over the *chosen* atoms only, all others being as they truly are.

    A count without such an atom is known; if it is sensitive, it stays hidden by itself.
    """
    found = []
    for count in counts:
        members = {number: n for number, n in count.members.items() if number in chosen}
        if members:
            value = sum(n * atoms[number][1] for number, n in members.items())
            found.append(Count(count.key, members, value, sensitive=bool(count.sensitive)))
    return found


class _Cases:
    """The single cases behind a release: read when they are needed, and once."""

    def __init__(
        self,
        measurements: Sequence[Measurement],
        grids: Sequence[Thinning | None],
        tallies: Mapping[_Key, Tally],
    ) -> None:
        self._measurements = measurements
        self._grids = grids
        self._tallies = tallies
        self._feeds: dict[_Key, list[_Key]] = defaultdict(list)
        for key, tally in tallies.items():
            for label in () if tally.additive else tally.sums or (key[2],):
                self._feeds[key[0], key[1], label].append(key)
        self._parts: dict[_Key, list[_Key]] = defaultdict(list)
        for key, tally in tallies.items():
            if tally.within is not None:
                self._parts[key[0], key[1], tally.within].append(key)
        self._ways: list[_Ways] = []
        self._counted: Counter[tuple[int, ...]] | None = None
        # most units are alike: what they add to the counts is found once, and named by a number
        self._known: dict[tuple[int, Place, tuple[Row, ...]], int] = {}
        self._number: dict[tuple[tuple[_Key, int], ...], int] = {}

    def units(self) -> dict[_Key, int]:
        """How many persons are in each count, for measurements with several cases of a person."""
        asked: dict[Hashable, bool] = {}
        repeated = set()
        for number, measurement in enumerate(self._measurements):
            same = _same_cases(measurement)
            if same not in asked:
                asked[same] = measurement.repeats()
            if asked[same]:
                repeated.add(number)
        found: Counter[_Key] = Counter()
        for atom, n in self.atoms(()) if repeated else ():
            for key in atom:
                found[key] += n if key[0] in repeated else 0
        return {key: n for key, n in found.items() if n}

    def atoms(self, telling: Iterable[_Key]) -> list[tuple[_Atom, int]]:
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

        They are turned in every figure that rests on the same cases.
        """
        measurement = self._measurements[number]
        same = [_same_cases(one) == _same_cases(measurement) for one in self._measurements]
        for ways in self._all_ways():
            for where, at, own in ways:
                if (where, at) == (number, place):
                    for turned in measurement.metric.otherwise(own, label):
                        yield [
                            (one, there, tuple(turned) if same[one] and rows == own else rows)
                            for one, there, rows in ways
                        ]

    def _signature(self, ways: _Ways) -> tuple[int, ...]:
        return tuple([self._numbered(way) for way in ways])

    def _numbered(self, way: tuple[int, Place, tuple[Row, ...]]) -> int:
        """The number of what the cases of one unit in one place add to the counts."""
        if way not in self._known:
            number, place, rows = way
            counted = self._measurements[number].metric.contributions(rows, self._grids[number])
            totals: Counter[_Key] = Counter()
            for label, weight in counted.items():
                for key in self._feeds.get((number, place, label), ()):
                    totals[key] += weight
            for whole, weight in tuple(totals.items()):
                for part in self._parts.get(whole, ()):
                    totals[part[0], part[1], (*part[2], _REST)] = weight - totals[part]
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


def _in_order(pair: tuple[_Key, int]) -> str:
    return repr(pair)


def _same_cases(measurement: Measurement) -> Hashable:
    """What measurements have in common that rest on the same cases, whatever their strata."""
    metric, settings = measurement.metric, measurement.settings
    bound = tuple(sorted((name, str(value)) for name, value in metric.params.items()))
    return (metric.kind, metric.cases, bound, settings.as_of, settings.program, settings.periods)


_Source = tuple[Measurement, list[tuple[Any, Place, Row]]]
"""Single cases as one measurement reads them."""


def _source(measurement: Measurement, read: list[_Source]) -> _Source:
    """Cases from which those of *measurement* can be had: others' that are *read*, or its own."""
    for other, cases in read:
        if (
            _same_cases(other) == _same_cases(measurement)
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


def _counts(
    tallies: Mapping[_Key, Tally],
    atoms: Iterable[tuple[_Atom, int]],
    sensitive: Collection[_Key],
) -> Iterator[Count]:
    """The counts of persons as sums over atoms."""
    members: dict[_Key, dict[int, int]] = defaultdict(dict)
    for number, (atom, _) in enumerate(atoms):
        for key, weight in atom.items():
            members[key][number] = weight
    for key, tally in tallies.items():
        if members[key]:
            # every count is judged here, by persons and by complements, not by its size alone
            yield Count(key, members[key], tally.n, sensitive=key in sensitive)
        rest = (key[0], key[1], (*key[2], _REST))
        if tally.within is not None and members[rest]:
            value = _rest(tallies, key)[1]
            yield Count(rest, members[rest], value, sensitive=rest in sensitive)


def _sums(
    measurements: Sequence[Measurement],
    tallies: Mapping[_Key, Tally],
    sensitive: Collection[_Key],
    first: int,
) -> Iterator[Count]:
    """Sums of amounts, with the finest strata in the place of atoms from the number *first* on.

    Amounts add up over strata also where persons do not, as who is in two of them. So each sum is
    a count once more for every finer measurement over which it adds up.
    """
    atom = first
    for fine, coarse in _nested(measurements):
        whole: dict[_Key, tuple[dict[int, int], int]] = {}
        for (number, place, label), tally in tallies.items():
            if number != fine or not tally.additive or not tally.n:
                continue
            key = (fine, place, label)
            over = (*label, _OVER, *coarse)
            yield Count((fine, place, over), {atom: 1}, tally.n, sensitive=key in sensitive)
            for wider in coarse:
                at = _widened(measurements[fine], place, measurements[wider])
                members, total = whole.get((wider, at, label), ({}, 0))
                whole[wider, at, label] = ({**members, atom: 1}, total + tally.n)
            atom += 1
        for (wider, at, label), (members, total) in whole.items():
            over = (*label, _OVER, fine)
            secret = (wider, at, label) in sensitive
            yield Count((wider, at, over), members, total, sensitive=secret)


def _nested(measurements: Sequence[Measurement]) -> Iterator[tuple[int, list[int]]]:
    """Each measurement that is a finer one of others, and those others."""
    for fine, one in enumerate(measurements):
        coarse = [
            number
            for number, other in enumerate(measurements)
            if _same_cases(other) == _same_cases(one)
            and other.metric.definition == one.metric.definition
            and set(other.settings.by) < set(one.settings.by)
        ]
        if coarse:
            yield fine, coarse


def _widened(fine: Measurement, place: Place, coarse: Measurement) -> Place:
    """The place of a coarser measurement that *place* is a part of."""
    kept = [fine.settings.by.index(name) for name in coarse.settings.by]
    return Place(tuple(place.strata[i] for i in kept), place.period)


def _plain(key: Any) -> Hashable:
    """The key of a sum without what it adds up over; any other key as it is."""
    number, place, label, *_ = key
    if _OVER not in label:
        return tuple(key)
    return (number, place, label[: label.index(_OVER)])
