"""The sticky rule: a published figure stays until enough people have moved.

A figure that steps whenever one person joins or leaves tells when that person came. So what was
published once is replaced only if every count behind it, and the rest of its whole, moved by
nobody or by at least the threshold since, and one of them did move; else the published figure
stays, with the day that it is of. "Nobody" alone is no reason to replace it: a new day beside an
old number would say that nobody moved (metric rules D.2).

What is read as one, such as the points of a curve or the steps of a funnel, stays, or is replaced,
together.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import NamedTuple

from osallisuus.disclosure.earlier import Earlier, series_of
from osallisuus.disclosure.tallies import Key
from osallisuus.metrics.figure import Figure
from osallisuus.metrics.measure import Measurement, Place
from osallisuus.metrics.metric import Draw, Label, Metric, Tally, Thinning
from osallisuus.values import frozen

__all__ = ["Standing", "Unit", "guesses", "remaining", "standing", "unit_of", "units_of"]

Unit = tuple[int, Place, str]
"""Figures that stay together: the measurement's number, the place, and the part's name or ""."""


@frozen(eq=False)
class Standing:
    """What was published last of a unit, and where."""

    earlier: Earlier
    place: Place
    figures: tuple[Figure, ...]

    @property
    def shown(self) -> int:
        """How many figures it shows."""
        return sum(figure.status == "shown" for figure in self.figures)


def unit_of(number: int, place: Place, draw: Draw, metric: Metric) -> Unit:
    """The unit of a draw of a place."""
    return number, place, _part(metric, draw.name)


def _part(metric: Metric, name: str) -> str:
    return "" if metric.in_one_piece else name


def units_of(
    measurements: Sequence[Measurement], drawn: Sequence[list[tuple[Place, list[Draw]]]]
) -> dict[Unit, list[Draw]]:
    """The draws of a release by their units, in order."""
    found: dict[Unit, list[Draw]] = {}
    for number, places in enumerate(drawn):
        for place, draws in places:
            for draw in draws:
                unit = unit_of(number, place, draw, measurements[number].metric)
                found.setdefault(unit, []).append(draw)
    return found


def standing(
    units: Iterable[Unit], measurements: Sequence[Measurement], earlier: Sequence[Earlier]
) -> dict[Unit, Standing]:
    """What earlier releases, oldest first, have published last of these units."""
    last: dict[Hashable, Standing] = {}
    for one in earlier:
        by_place: dict[Place, list[tuple[Figure, int | None]]] = {}
        for figure, origin in zip(one.asked.figures, one.asked.stayed, strict=True):
            by_place.setdefault(_place(figure, one), []).append((figure, origin))
        for place, figures in by_place.items():
            parts: dict[str, list[tuple[Figure, int | None]]] = {}
            for pair in figures:
                parts.setdefault(_part(one.asked.metric, pair[0].name), []).append(pair)
            for name, pairs in parts.items():
                if any(figure.status == "shown" and origin is None for figure, origin in pairs):
                    own = tuple(figure for figure, _ in pairs)
                    last[series_of(one.measurement, place), name] = Standing(one, place, own)
    found = {}
    for unit in units:
        number, place, name = unit
        known = last.get((series_of(measurements[number], place), name))
        if known is not None:
            found[unit] = known
    return found


def _place(figure: Figure, earlier: Earlier) -> Place:
    settings = earlier.asked.settings
    period = None if figure.period is None else settings.periods.index(figure.period)
    return Place(tuple(figure.strata[name] for name in settings.by), period)


def remaining(
    stood: Mapping[Unit, Standing],
    measurements: Sequence[Measurement],
    grids: Sequence[Thinning | None],
    threshold: int,
) -> frozenset[Unit]:
    """The units that stay as they were published, since too few people have moved."""
    numbers = _Numbers()
    found = set()
    for unit, known in stood.items():
        now = measurements[unit[0]]
        moves = _moves(unit, known, now, grids[unit[0]], numbers)
        if not _may_replace(moves, threshold) and not _at_another_level(known, now, moves):
            found.add(unit)
    return frozenset(found)


def _at_another_level(known: Standing, now: Measurement, moves: Mapping[Label, _Move]) -> bool:
    """Whether the same counts of the same day are asked for with an interval of another level."""
    then = known.earlier.measurement.settings
    if then.confidence == now.settings.confidence or then.as_of != now.settings.as_of:
        return False
    return all(move.part == 0 == move.rest for move in moves.values())


def _may_replace(moves: Mapping[Label, _Move], threshold: int) -> bool:
    """Whether what is behind a unit moved by nobody or by many; nobody's figures may always be.

    A part and the rest of its whole move both, if they tell something of each: else all who came
    would be in the one, or in the other.
    """
    if not moves:
        return True
    steps = [step for move in moves.values() for step in (move.part, move.rest)]
    if max(steps) < threshold or any(0 < step < threshold for step in steps):
        return False
    return not any(move.telling and (move.part == 0) != (move.rest == 0) for move in moves.values())


class _Move(NamedTuple):
    """By how many a count moved, and the rest of what it is a part of."""

    part: int
    rest: int
    telling: bool


def _moves(
    unit: Unit, known: Standing, now: Measurement, grid: Thinning | None, numbers: _Numbers
) -> dict[Label, _Move]:
    found = {}
    # the days of a curve may differ, so that each is counted by the days of both
    for name, thinning in (("new", grid), ("old", known.earlier.asked.grid)):
        before = numbers.behind(known.earlier.measurement, known.place, thinning, unit[2])
        after = numbers.behind(now, unit[1], thinning, unit[2])
        for label in {**before, **after}:
            one, other = before.get(label, Tally(label, 0)), after.get(label, Tally(label, 0))
            if one.span and other.span and one.span[0] == other.span[0]:
                continue  # as far as it is told, it has not moved
            rest = 0
            if one.within is not None or other.within is not None:
                rest = _rest(after, label) - _rest(before, label)
            telling = one.telling or other.telling
            found[name, *label] = _Move(abs(other.n - one.n), abs(rest), telling)
    return found


def _rest(tallies: Mapping[Label, Tally], label: Label) -> int:
    tally = tallies.get(label)
    whole = None if tally is None or tally.within is None else tallies.get(tally.within)
    return 0 if tally is None or whole is None else whole.n - tally.n


class _Numbers:
    """The counts behind units; those of a place are drawn once."""

    def __init__(self) -> None:
        self._known: dict[Hashable, dict[str, dict[Label, Tally]]] = {}

    def behind(
        self, measurement: Measurement, place: Place, grid: Thinning | None, name: str
    ) -> dict[Label, Tally]:
        """The counts behind a unit, by their labels."""
        key = (id(measurement), place, id(grid))
        if key not in self._known:
            confidence = measurement.settings.confidence
            rows = measurement.tables.get(place, [])
            draws = measurement.metric.draw(rows, confidence=confidence, grid=grid)
            found: dict[str, dict[Label, Tally]] = {}
            for draw in draws:
                own = found.setdefault(unit_of(0, place, draw, measurement.metric)[2], {})
                for tally in draw.tallies:
                    if tally.within is not None or tally.label not in own:
                        own[tally.label] = tally
            self._known[key] = found
        return self._known[key].get(name, {})


def guesses(
    stay: Iterable[Unit],
    stood: Mapping[Unit, Standing],
    units: Mapping[Unit, Sequence[Draw]],
    threshold: int,
) -> dict[Key, tuple[int, int]]:
    """What a reader can infer of counts whose figures stay: they have not moved by much."""
    found: dict[Key, tuple[int, int]] = {}
    for unit in stay:
        told = {
            one.label: one.span
            for one in stood[unit].earlier.asked.told
            if one.place == stood[unit].place
        }
        now = {tally.label: tally.n for draw in units[unit] for tally in draw.tallies}
        for label, n in now.items():
            span = told.get(label)
            if span is not None and span[0] - threshold < n < span[1] + threshold:
                wide = max(span[0] - threshold + 1, 0), span[1] + threshold - 1
                found[unit[0], unit[1], label] = wide
    return found
