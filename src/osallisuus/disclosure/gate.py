"""The gate: what of several measurements may leave together.

All counts behind all figures of one release are put on one footing. Persons who are counted in
exactly the same tallies form an atom; every tally is a sum over atoms. The counts that are small,
or whose complement is, are hidden, and with them as many others as it takes until the audit finds
at least ``threshold`` possible values for each. A figure leaves only if none of the counts behind
it is hidden; everything else of it goes too (metric rules D.1, D.2).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from typing import Any

from attrs import evolve, field, frozen

from osallisuus.disclosure.counts import Count
from osallisuus.disclosure.dominance import dominated
from osallisuus.disclosure.profile import Profile
from osallisuus.disclosure.protect import protect
from osallisuus.metrics.figure import Figure, Result
from osallisuus.metrics.measure import Measurement, Place
from osallisuus.metrics.metric import Draw, Label, Tally, Thinning

__all__ = ["Released", "release"]

_Key = tuple[int, Place, Label]
"""A tally of a release: the number of its measurement, its place, its label."""
_REST = "(rest)"
"""Marks the complement of a tally within another."""


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
    """Let out of *measurements* what *profile* allows; they are protected together."""
    if profile.internal:
        return Released(results=tuple(m.result() for m in measurements), hidden=0, profile=profile)
    grids = _grids(measurements, profile.threshold)
    drawn = [
        measurement.draws(grid=grid) for measurement, grid in zip(measurements, grids, strict=True)
    ]
    tallies = _tallies(drawn)
    sensitive, rests = _sensitive(tallies, profile)
    protection = None
    if sensitive:  # else no single case needs to be read
        atoms = _atoms(measurements, grids, tallies)
        counts = list(_counts(tallies, rests, atoms, sensitive))
        protection = protect(
            counts,
            threshold=profile.threshold,
            zeros=profile.zeros,
            together=_together(tallies, {count.key for count in counts}),
        )
    hidden: set[Hashable] = {*sensitive, *(protection.hidden if protection else ())}
    results, count = [], 0
    for number, (measurement, places) in enumerate(zip(measurements, drawn, strict=True)):
        figures: list[Figure] = []
        for place, draws in places:
            for draw in draws:
                figure = measurement.figure(place, draw)
                if draw.open is not None and (number, place, draw.open.label) in hidden:
                    figure = evolve(figure, censored=None)
                if not hidden.isdisjoint(_behind(number, place, draw)):
                    figure = figure.suppressed()
                    count += 1
                figures.append(figure)
        results.append(measurement.as_result(figures, internal=False))
    return Released(
        results=tuple(results),
        hidden=count,
        profile=profile,
        certificate=dict(protection.bounds) if protection else {},
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
    return {
        (number, place, tally.label): tally
        for number, places in enumerate(drawn)
        for place, draws in places
        for draw in draws
        for tally in (*draw.tallies, *((draw.open,) if draw.open is not None else ()))
    }


def _sensitive(
    tallies: Mapping[_Key, Tally], profile: Profile
) -> tuple[frozenset[Hashable], dict[_Key, int]]:
    """The keys that give somebody away by themselves, and the complements of all parts."""
    sensitive: set[Hashable] = {key for key, tally in tallies.items() if _is_small(tally, profile)}
    rests = {}
    for (number, place, label), tally in tallies.items():
        if tally.within is not None:
            whole = tallies[number, place, tally.within].n
            rest, key = whole - tally.n, (number, place, (*label, _REST))
            rests[key] = rest
            all_or_none = whole > 0 and rest in (0, whole)
            if 0 < rest < profile.threshold or (tally.telling and all_or_none):
                sensitive.add(key)
    return frozenset(sensitive), rests


def _is_small(tally: Tally, profile: Profile) -> bool:
    if tally.largest is not None and dominated(
        tally.largest[0], tally.largest[1], tally.largest[2], tally.n, profile.threshold
    ):
        return True
    units = tally.n if tally.units is None else tally.units
    return 0 < min(tally.n, units) < profile.threshold


def _together(
    tallies: Mapping[_Key, Tally], known: Collection[Hashable]
) -> list[set[Hashable]]:
    """A part and the rest of its whole are shown or hidden together."""
    pairs: list[set[Hashable]] = [
        {(number, place, label), (number, place, (*label, _REST))}
        for (number, place, label), tally in tallies.items()
        if tally.within is not None
    ]
    return [pair for pair in pairs if pair <= set(known)]


def _atoms(
    measurements: Sequence[Measurement],
    grids: Sequence[Thinning | None],
    tallies: Mapping[_Key, Tally],
) -> dict[tuple[tuple[_Key, int], ...], int]:
    """Each way of being counted, with the number of units that are counted in that way."""
    counted: dict[tuple[str, Any], dict[_Key, int]] = defaultdict(dict)
    for number, (measurement, grid) in enumerate(zip(measurements, grids, strict=True)):
        rows: dict[tuple[Any, Place], list[Any]] = defaultdict(list)
        for unit, place, keys in measurement.cases():
            rows[unit, place].append(keys)
        for (unit, place), cases in rows.items():
            for label, weight in measurement.metric.contributions(cases, grid).items():
                if weight and (number, place, label) in tallies:
                    counted[measurement.metric.unit, unit][number, place, label] = weight
    atoms: dict[tuple[tuple[_Key, int], ...], int] = defaultdict(int)
    for ways in counted.values():
        atoms[tuple(sorted(ways.items(), key=repr))] += 1
    return atoms


def _counts(
    tallies: Mapping[_Key, Tally],
    rests: Mapping[_Key, int],
    atoms: Mapping[tuple[tuple[_Key, int], ...], int],
    sensitive: Collection[Hashable],
) -> Iterable[Count]:
    members: dict[_Key, dict[int, int]] = defaultdict(dict)
    for number, atom in enumerate(_with_possible(tallies, rests, atoms)):
        for key, weight in atom.items():
            members[key][number] = weight
        for (place_number, place, label), tally in tallies.items():
            if tally.within is not None:
                whole = atom.get((place_number, place, tally.within), 0)
                left = whole - atom.get((place_number, place, label), 0)
                if left > 0:
                    members[place_number, place, (*label, _REST)][number] = left
    values = {key: tally.n for key, tally in tallies.items()} | dict(rests)
    for key in sorted(values, key=repr):
        if members[key]:
            # every count is judged here, by persons and by complements, and not by its size alone
            yield Count(key, members[key], values[key], sensitive=key in sensitive)


def _with_possible(
    tallies: Mapping[_Key, Tally],
    rests: Mapping[_Key, int],
    atoms: Mapping[tuple[tuple[_Key, int], ...], int],
) -> list[dict[_Key, int]]:
    """The atoms that somebody is in, and those that a reader must think possible all the same.

    Where all, or none, of a group are counted in a part, nobody is in the other half of it. The
    reader does not know that, so for each atom there its counterpart is possible too.
    """
    real = [dict(atom) for atom in atoms]
    possible = list(real)
    for (number, place, label), tally in tallies.items():
        if tally.within is None:
            continue
        key, whole = (number, place, label), (number, place, tally.within)
        rest = rests[number, place, (*label, _REST)]
        for atom in real:
            if whole in atom and rest == 0 and key in atom:
                possible.append({other: n for other, n in atom.items() if other != key})
            elif whole in atom and tally.n == 0:
                possible.append({**atom, key: atom[whole]})
    return possible
