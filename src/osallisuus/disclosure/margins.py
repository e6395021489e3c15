"""Margins: what whoever knows some figures can work out without asking for it.

Figures by gender and place add up to figures by gender, by place, and to those of all. Figures of
periods that overlap, or of a period beside all time, are subtracted: what is left is the figure of
a shorter period. And figures by gender beside those by place narrow those by gender and place.
Nobody needs to have asked for these; they are guarded all the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from datetime import date
from itertools import combinations, pairwise

from attrs import evolve

from osallisuus.metrics.compile import can_be_asked
from osallisuus.metrics.measure import Measurement, measure
from osallisuus.time import Period

__all__ = ["crossings", "margins", "segments"]

_LONGEST = 3
"""So many stretches between two neighbouring borders are guarded together."""


def margins(asked: Sequence[Measurement], beside: Iterable[Measurement] = ()) -> list[Measurement]:
    """Each measurement that was *asked* by fewer strata, and by none, the finest first.

    Those that are among *asked* or *beside* them anyway are left out.
    """
    known = {_as_asked(one, one.settings.by) for one in (*asked, *beside)}
    found = []
    for one in asked:
        for size in range(len(one.settings.by) - 1, -1, -1):
            for some in combinations(one.settings.by, size):
                if _as_asked(one, some) not in known:
                    known.add(_as_asked(one, some))
                    found.append(measure(one.metric, evolve(one.settings, by=some), one.engine))
    return found


def crossings(asked: Sequence[Measurement], beside: Sequence[Measurement]) -> list[Measurement]:
    """Each measurement that was *asked*, by its strata and those of another one at once.

    The other one, *asked* or *beside*, is of the same day and by other strata. It may be another
    question: whoever knows that two questions say the same adds up the answers to both. Left out is
    what is asked anyway.
    """
    known = {_as_asked(one, one.settings.by) for one in asked}
    found = []
    for one in asked:
        for other in (*asked, *beside):
            both = (*one.settings.by, *(x for x in other.settings.by if x not in one.settings.by))
            if len(both) in (len(one.settings.by), len(other.settings.by)):
                continue  # one of them is a margin of the other
            crossed = _as_asked(one, both)
            if (
                _elsewhere(one) == _elsewhere(other)
                and crossed not in known
                and _possible(one, both)
            ):
                known.add(crossed)
                found.append(measure(one.metric, evolve(one.settings, by=both), one.engine))
    return found


def segments(asked: Sequence[Measurement]) -> list[Measurement]:
    """The same questions about the stretches of time between the borders of their periods.

    Left out are stretches that were *asked* for as they are, and those that lie in no period; where
    all time was asked for, what lies before and after the periods is a stretch, too.
    """
    same: dict[Hashable, list[Measurement]] = defaultdict(list)
    for one in asked:
        by = tuple(sorted(one.settings.by))
        same[one.provenance.definition, by, one.settings.program].append(one)
    found = []
    for series in same.values():
        periods = {period for one in series for period in one.settings.periods}
        if not periods:
            continue
        whole = any(not one.settings.periods for one in series)
        at_once: dict[Hashable, list[Measurement]] = defaultdict(list)
        for one in series:
            at_once[id(one.engine), one.settings.as_of].append(one)
        for own in at_once.values():
            first = own[0]
            known = {period for one in own for period in one.settings.periods}
            some = tuple(
                stretch
                for stretch in _stretches(periods, first.settings.as_of, whole=whole)
                if stretch not in known
            )
            if some:
                found.append(
                    measure(first.metric, evolve(first.settings, periods=some), first.engine)
                )
    return found


def _stretches(periods: Iterable[Period], as_of: date, *, whole: bool) -> Iterator[Period]:
    """What lies between neighbouring borders before *as_of*, and some such stretches together."""
    covering = list(periods)
    borders = {day for period in covering for day in (period.starts_on, period.ends_on)}
    if whole:
        borders |= {date.min, as_of}
        covering.append(Period(date.min, as_of))
    days = sorted(day for day in borders if day <= as_of)
    covered = [
        any(one.starts_on <= first and after <= one.ends_on for one in covering)
        for first, after in pairwise(days)
    ]
    for first in range(len(covered)):
        for after in range(first + 1, min(first + _LONGEST, len(covered)) + 1):
            if not all(covered[first:after]):
                break
            yield Period(days[first], days[after])


def _elsewhere(one: Measurement) -> Hashable:
    """Of which day, periods and programme it is asked, whatever the strata."""
    return evolve(one.settings, by=(), confidence=0.95)


def _possible(one: Measurement, by: Iterable[str]) -> bool:
    return all(can_be_asked(one.metric, name) for name in by)


def _as_asked(one: Measurement, by: Iterable[str]) -> Hashable:
    """What makes two measurements the same: the same question about the same facts."""
    settings = evolve(one.settings, by=tuple(sorted(by)))
    return one.provenance.definition, id(one.engine), settings
