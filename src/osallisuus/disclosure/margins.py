"""Margins: what whoever knows the figures by some strata can add up without asking for it.

Figures by gender and place add up to figures by gender, by place, and to those of all. Nobody needs
to have asked for these; they are guarded all the same.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from itertools import combinations

from attrs import evolve

from osallisuus.metrics.measure import Measurement, measure

__all__ = ["margins"]


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


def _as_asked(one: Measurement, by: Iterable[str]) -> Hashable:
    """What makes two measurements the same: the same question about the same facts."""
    settings = evolve(one.settings, by=tuple(sorted(by)))
    return one.provenance.definition, id(one.engine), settings
