"""What a curve says in one number: quantiles, restricted mean, expected stay, and differences."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise
from math import hypot

from osallisuus.errors import DefinitionError
from osallisuus.metrics.estimate.curve import Curve, Point
from osallisuus.metrics.estimate.special import normal_quantile, tail
from osallisuus.metrics.estimate.states import StateCurve
from osallisuus.metrics.estimate.value import Estimate
from osallisuus.values import frozen

__all__ = [
    "Quantile",
    "area",
    "expected_stay",
    "quantile",
    "restricted_mean",
    "restricted_mean_difference",
]

_VALUE, _LOW, _HIGH = (Point._fields.index(name) for name in ("value", "low", "high"))
_TIE = 1e-9
"""Two probabilities nearer than this are one, as in R's quantiles of a survival curve."""


@frozen
class Quantile:
    """The day by which a part ``q`` has had the event; ``None`` = not reached, never infinity."""

    q: float
    day: float | None
    low: float | None
    high: float | None


def quantile(survival: Curve, q: float) -> Quantile:
    """The first day on which the falling curve *survival* is at or below ``1 - q``.

    Where it equals ``1 - q`` for a while, the middle of that time is taken, as R does; the time
    lasts until the next drop, or until the last day with a unit observed. The bounds come from
    the same search on the curve's own bounds, from its first event on. For an incidence curve
    pass its :meth:`~Curve.complement`.
    """
    if not 0 < q < 1:
        raise DefinitionError("a quantile lies between 0 and 1", where="quantile", remedy="0.5")
    first = next((i for i, point in enumerate(survival.points) if point.value < 1), None)
    points = () if first is None else survival.points[first:]
    end = survival.risk[-1][0] if survival.risk else 0
    if survival.last_day is not None:
        end = min(end, survival.last_day)
    return Quantile(
        q,
        _first_day(points, _VALUE, 1 - q, end),
        _first_day(points, _LOW, 1 - q, end),
        _first_day(points, _HIGH, 1 - q, end),
    )


def _first_day(points: Sequence[Point], column: int, level: float, end: int) -> float | None:
    """The first day with a value at or below *level*, or the middle of a plateau at it."""
    below, at = level - _TIE, level + _TIE
    reached = None
    for point in points:
        value = point[column]
        if value is None or value > at:
            continue
        if value < below:
            return float(point.day) if reached is None else (reached + point.day) / 2
        if reached is None:
            reached = point.day
    return None if reached is None else (reached + max(end, reached)) / 2


def area(curve: Curve, until: int) -> float:
    """The area under *curve* from its first day to *until*, in days."""
    days = [point.day for point in curve.points if point.day < until] + [until]
    return sum(
        point.value * (after - before)
        for point, (before, after) in zip(curve.points, pairwise(days), strict=False)
    )


def restricted_mean(survival: Curve, until: int) -> Estimate | None:
    """The mean number of days before the event within *until* days (RMST), with its interval.

    Variance ``Σ A_i² d_i / (Y_i (Y_i - d_i))`` with A_i the area from day i to *until*; a day on
    which all at risk have the event adds nothing (B.3). ``None`` where the curve ends before
    *until*: cut it first, so that it is not read where nobody is at risk. The plain interval
    is kept within [0, until].
    """
    if not survival.points or (survival.last_day is not None and survival.last_day < until):
        return None
    variance, beyond, after = 0.0, 0.0, until
    upto = bisect_left(survival.points, until, key=lambda point: point.day)
    for day, at_risk, events, value, *_ in reversed(survival.points[:upto]):
        beyond += value * (after - day)
        after = day
        if 0 < events < at_risk:
            variance += beyond * beyond * events / (at_risk * (at_risk - events))
    std_err = variance**0.5
    reach = normal_quantile(1 - tail(survival.confidence)) * std_err
    low, high = max(0.0, beyond - reach), min(float(until), beyond + reach)
    return Estimate(beyond, std_err, low, high, "plain normal")


def restricted_mean_difference(one: Curve, other: Curve, until: int) -> Estimate | None:
    """The restricted mean of *one* less that of *other* within the same *until* days (Q1).

    The curves are of different people, so that ``se = √(se_a² + se_b²)``; plain interval.
    ``None`` where one of the curves ends before *until*. Where nobody had an event in either
    there is nothing to go by: no interval, note ``no_variation``.
    """
    first, second = restricted_mean(one, until), restricted_mean(other, until)
    if first is None or second is None:
        return None
    value = first.value - second.value
    std_err = hypot(first.std_err or 0.0, second.std_err or 0.0)
    if not std_err:
        return Estimate(value, std_err, method="plain normal", notes=("no_variation",))
    reach = normal_quantile(1 - tail(one.confidence)) * std_err
    return Estimate(value, std_err, value - reach, value + reach, "plain normal")


def expected_stay(whole: StateCurve, state: str, until: int) -> float | None:
    """The mean number of days spent in *state* within *until* days (expected length of stay).

    The area under the state's probability (B.3); the stays in all states add up to *until*. For
    its interval leave out one group of persons at a time, see
    :func:`~osallisuus.metrics.estimate.jackknife.delete_a_group`. ``None`` where the curve has
    no points or ends before *until*: cut it first.
    """
    if not whole.points or (whole.last_day is not None and whole.last_day < until):
        return None
    return area(whole.curve(state), until)
