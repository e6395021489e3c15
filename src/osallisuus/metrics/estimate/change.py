"""How much the same units changed between two readings (metric O1)."""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt

from osallisuus.metrics.estimate.jackknife import jackknife
from osallisuus.metrics.estimate.mean import Sums, mean
from osallisuus.metrics.estimate.pairs import Pairs
from osallisuus.metrics.estimate.ratio import Moments
from osallisuus.metrics.estimate.value import Estimate
from osallisuus.values import frozen

__all__ = [
    "Change",
    "effect_size",
    "hedges_correction",
    "over_units",
    "paired_change",
    "standardised_response",
]

_FEWEST_PAIRS = 3
"""A spread of changes, and what it is without each of them, needs so many (B.4)."""


@frozen
class Change:
    """What became of units that were read twice."""

    mean: Estimate
    """Of after minus before, in the unit of the readings, with its paired t interval."""
    response: Estimate | None
    """Standardised response mean: mean change / standard deviation of the changes."""
    response_corrected: float | None
    """The standardised response mean times Hedges' correction for few pairs."""
    effect_size: Estimate | None
    """Mean change / standard deviation before."""


def paired_change(pairs: Pairs, confidence: float = 0.95) -> Change | None:
    """The change of the units of *pairs* with both readings; ``None`` where there are none.

    The intervals of the standardised numbers are made by the jackknife over units. They are
    ``None`` with fewer than three pairs and where there is no spread to standardise by: the
    same change for all is no infinitely large one.
    """
    moments = pairs.moments
    change = mean(_changes(moments), confidence)
    if change is None:
        return None
    response = over_units(pairs, standardised_response, confidence)
    corrected = None if response is None else response.value * hedges_correction(moments.n)
    return Change(change, response, corrected, over_units(pairs, effect_size, confidence))


def standardised_response(moments: Moments) -> float | None:
    """Mean change / standard deviation of the changes; ``None`` where nobody differs."""
    changes = _changes(moments)
    if moments.n < _FEWEST_PAIRS or not changes.variance:
        return None
    return changes.total / changes.n / sqrt(changes.variance)


def effect_size(moments: Moments) -> float | None:
    """Mean change / standard deviation before; ``None`` where all began alike."""
    before = Sums(moments.n, moments.sx, moments.sxx).variance
    if moments.n < _FEWEST_PAIRS or not before:
        return None
    return (moments.sy - moments.sx) / moments.n / sqrt(before)


def hedges_correction(pairs: int) -> float:
    """The factor ``1 - 3 / (4 (n - 1) - 1)`` that takes off what few *pairs* add (B.4)."""
    return 1 - 3 / (4 * (pairs - 1) - 1)


def over_units(
    pairs: Pairs, statistic: Callable[[Moments], float | None], confidence: float = 0.95
) -> Estimate | None:
    """A *statistic* of the sums of *pairs* with its jackknife interval over units.

    ``None`` where it is undefined; without interval, note ``rests_on_one_cluster``, where it is
    so only without one of the units.
    """
    moments = pairs.moments
    value = statistic(moments)
    if value is None:
        return None
    without: list[float] = []
    for x, y, n in pairs.complete():
        theta = statistic(_less_one(moments, x, y))
        if theta is None:
            return Estimate(value, notes=("rests_on_one_cluster",))
        without += [theta] * n
    return jackknife(value, without, confidence)


def _changes(moments: Moments) -> Sums:
    return Sums(moments.n, moments.sy - moments.sx, moments.syy - 2 * moments.sxy + moments.sxx)


def _less_one(moments: Moments, x: int, y: int) -> Moments:
    one = Moments.single(x, y)
    return Moments(
        moments.n - 1,
        moments.sx - one.sx,
        moments.sy - one.sy,
        moments.sxx - one.sxx,
        moments.sxy - one.sxy,
        moments.syy - one.syy,
    )
