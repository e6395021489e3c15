"""What a curve says in one number: quantiles, restricted mean, expected stay, and differences."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import hypot

from osallisuus.errors import DefinitionError
from osallisuus.metrics.estimate.curve import Curve
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
    events = [index for index, point in enumerate(survival.points) if point.value < 1]
    points = survival.points[events[0] :] if events else ()
    end = survival.risk[-1][0] if survival.risk else 0
    if survival.last_day is not None:
        end = min(end, survival.last_day)
    days = [point.day for point in points]
    return Quantile(
        q,
        _first_day(days, [point.value for point in points], 1 - q, end),
        _first_day(days, [point.low for point in points], 1 - q, end),
        _first_day(days, [point.high for point in points], 1 - q, end),
    )


def _first_day(
    days: Sequence[int], values: Sequence[float | None], level: float, end: int
) -> float | None:
    """The first day with a value at or below *level*, or the middle of a plateau at it."""
    reached = None
    for day, value in zip(days, values, strict=True):
        if value is None:
            continue
        if reached is None:
            if value < level - _TIE:
                return float(day)
            if value <= level + _TIE:
                reached = day
        elif value < level - _TIE:
            return (reached + day) / 2
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
    for point in reversed([point for point in survival.points if point.day < until]):
        beyond += point.value * (after - point.day)
        after = point.day
        if 0 < point.events < point.at_risk:
            variance += beyond**2 * point.events / (point.at_risk * (point.at_risk - point.events))
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
