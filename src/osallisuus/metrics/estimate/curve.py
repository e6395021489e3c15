"""A step curve over days with its interval: what survival and state estimators answer."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from math import exp, log
from typing import NamedTuple

from attrs import evolve

from osallisuus.metrics.estimate.special import normal_quantile, tail
from osallisuus.metrics.estimate.value import Interval
from osallisuus.values import frozen

__all__ = [
    "Curve",
    "Point",
    "PointRow",
    "Risk",
    "at_risk_on",
    "exact_bound",
    "last_day_with",
    "log_log",
    "log_log_bounds",
]

PointRow = tuple[int, int, int, float, float | None, float | None, float | None]
"""The values of a :class:`Point` in their order."""

Risk = tuple[tuple[int, int], ...]
"""Pairs (day, at risk from the day after it on), ascending."""

_WIDEST = 500.0
"""Beyond this half width on the log-log scale the bounds are 0 and 1, and exp() would overflow."""


class Point(NamedTuple):
    """A step curve on one day and until its next point."""

    day: int
    at_risk: int
    """Units at risk on the day, before anything happens on it."""
    events: int
    """Units that had the event on the day."""
    value: float
    std_err: float | None
    low: float | None
    high: float | None


@frozen
class Curve:
    """A step curve: points in the order of their days, the first on the day it starts."""

    points: tuple[Point, ...]
    risk: Risk
    confidence: float
    method: str
    closed_on: int | None = None
    """From the end of this day nothing more can happen: everybody has had an event."""
    last_day: int | None = None
    """The last day on which the curve may be read; ``None`` = no limit."""
    notes: tuple[str, ...] = ()

    def at(self, day: int) -> Point | None:
        """The curve on *day*; ``None`` before its first point or after ``last_day``.

        ``at_risk`` and ``events`` are those of that very day.
        """
        index = bisect_right(self.points, day, key=lambda point: point.day) - 1
        if index < 0 or (self.last_day is not None and day > self.last_day):
            return None
        point = self.points[index]
        if point.day == day:
            return point
        return point._replace(day=day, at_risk=at_risk_on(self.risk, day), events=0)

    def cut(self, minimum: int = 1) -> Curve:
        """The curve up to the last day on which at least *minimum* units are at risk.

        Days before the first entry do not end it. A curve on which everybody has had an event
        while the minimum still held stays open: it is known for good.
        """
        end = last_day_with(self.risk, minimum, self.closed_on)
        if end is None or (self.last_day is not None and self.last_day <= end):
            return self
        kept = tuple(point for point in self.points if point.day <= end)
        return evolve(self, points=kept, last_day=end)

    def complement(self) -> Curve:
        """One minus the curve: from survival to incidence and back."""
        points = tuple(
            Point(day, at_risk, events, 1 - value, std_err, _from_one(high), _from_one(low))
            for day, at_risk, events, value, std_err, low, high in self.points
        )
        return evolve(self, points=points)


def at_risk_on(risk: Risk, day: int) -> int:
    """How many are at risk on *day*."""
    index = bisect_left(risk, day, key=lambda pair: pair[0]) - 1
    return risk[index][1] if index >= 0 else 0


def last_day_with(risk: Risk, minimum: int, closed_on: int | None) -> int | None:
    """The last day with at least *minimum* at risk; ``None`` where a closed curve needs no end."""
    begun = False
    for day, after in risk:
        if begun and after < minimum:
            return None if closed_on is not None and closed_on <= day else day
        if not begun and 0 < after < minimum:
            return -1
        begun = begun or after >= minimum
    return None if begun else -1


def log_log(probability: float, std_err: float, confidence: float) -> Interval:
    """The interval of a *probability* strictly between 0 and 1 on the scale log(-log p) (B.3).

    With L = log p and h = z se / (-p L): from ``p^exp(h)`` to ``p^exp(-h)``. It never leaves
    [0, 1], and for a survival probability se / p is the root of Greenwood's sum.
    """
    return Interval(*log_log_bounds(probability, std_err, normal_quantile(1 - tail(confidence))))


def log_log_bounds(probability: float, std_err: float, z: float) -> tuple[float, float]:
    """The bounds of :func:`log_log`, for the many points of a curve; *z* is the normal quantile."""
    logarithm = log(probability)
    half = z * std_err / (-probability * logarithm)
    wider = exp(min(_WIDEST, half))
    return exp(logarithm * wider), exp(logarithm / wider)


def exact_bound(n: int, confidence: float) -> float | None:
    """The lower bound of a probability when all of *n* units kept it: the exact binomial one.

    An interval [1, 1] would claim certainty because nothing has happened yet. ``None`` where
    *n* is 0 and nothing was observed at all.
    """
    outside = tail(confidence)
    return float(outside ** (1 / n)) if n > 0 else None


def _from_one(value: float | None) -> float | None:
    return None if value is None else 1 - value
