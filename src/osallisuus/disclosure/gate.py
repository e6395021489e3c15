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

from collections.abc import Collection, Hashable, Mapping, Sequence

from attrs import evolve, field

from osallisuus.disclosure.cases import Cases
from osallisuus.disclosure.footing import (
    MOST_ATOMS,
    chosen_atoms,
    counts_of,
    differences,
    plain_key,
    sums_of,
    within,
)
from osallisuus.disclosure.profile import Profile
from osallisuus.disclosure.protect import protect
from osallisuus.disclosure.tallies import (
    all_or_none,
    keys_behind,
    near_counts,
    persons_in,
    sensitive_keys,
    shared_fates,
    tallies_of,
)
from osallisuus.metrics.figure import Figure, Result
from osallisuus.metrics.measure import Measurement, Place
from osallisuus.metrics.metric import Draw, Thinning
from osallisuus.values import frozen

__all__ = ["Released", "release"]

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
    tallies = tallies_of(drawn)
    cases = Cases(measurements, grids, tallies)
    sensitive = sensitive_keys(tallies, profile.threshold, cases.units())
    near = near_counts(tallies, measurements, profile.threshold)
    hidden: frozenset[Hashable] = frozenset(sensitive)
    certificate: Mapping[Hashable, tuple[int, int | None]] = {}
    if sensitive or near:  # else no single case needs to be read
        atoms = cases.atoms(all_or_none(tallies))
        counts = list(counts_of(tallies, atoms, sensitive))
        counts += differences(counts, near)
        if len(atoms) > MOST_ATOMS:
            counts = within(counts, atoms, chosen_atoms(counts, atoms, measurements))
        sums = list(sums_of(measurements, tallies, sensitive, len(atoms)))
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
            together=[pair for pair in shared_fates(tallies) if pair <= known],
        )
        hidden |= frozenset(map(plain_key, protection.hidden))
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
        keys = [keys_behind(number, place, draw) for draw in draws]
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
        persons_in(tally) < threshold for draw in draws for tally in draw.tallies
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
        std_err=None,
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
