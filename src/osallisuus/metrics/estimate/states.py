"""The probabilities of several states by day, and the curve of one of them."""

from __future__ import annotations

from bisect import bisect_right
from math import sqrt

from attrs import evolve

from osallisuus.metrics.estimate.curve import (
    Curve,
    Point,
    Risk,
    at_risk_on,
    exact_bound,
    last_day_with,
    log_log,
)
from osallisuus.values import frozen

__all__ = ["METHOD", "NO_VARIANCE", "ROUNDING", "Covariance", "StateCurve", "StatePoint"]

Covariance = tuple[tuple[float, ...], ...]

METHOD = "Aalen-Johansen, Greenwood, log-log"
"""The method of a curve of one state."""

ROUNDING = 1e-12
"""A probability nearer than this to 0 or 1 is 0 or 1."""

NO_VARIANCE = 1e-15
"""What rounding leaves of a variance of 0; a real one would need some 10^14 persons."""


@frozen
class StatePoint:
    """All states on one day and until the next point; every tuple in the order of the states."""

    day: int
    at_risk: tuple[int, ...]
    """Units in each state on the day, before anything happens on it."""
    arrivals: tuple[int, ...]
    """Units that moved into each state on the day."""
    p: tuple[float, ...]
    covariance: Covariance
    informed: int
    """The smallest number of units so far on which the probabilities rest."""

    def std_err(self, index: int) -> float:
        """The standard error of the probability of the state at *index*."""
        variance = self.covariance[index][index]
        return sqrt(variance) if variance > NO_VARIANCE else 0.0


@frozen
class StateCurve:
    """The probability of every state by day, with covariances."""

    states: tuple[str, ...]
    points: tuple[StatePoint, ...]
    risk: Risk
    confidence: float
    closed_on: int | None = None
    """From the end of this day nobody is in a state that can be left."""
    last_day: int | None = None
    """The last day on which the curve may be read; ``None`` = no limit."""
    notes: tuple[str, ...] = ()

    def at(self, day: int) -> StatePoint | None:
        """The point in force on *day*; ``None`` before the first or after ``last_day``."""
        index = bisect_right(self.points, day, key=lambda point: point.day) - 1
        if index < 0 or (self.last_day is not None and day > self.last_day):
            return None
        return self.points[index]

    def cut(self, minimum: int = 1) -> StateCurve:
        """The curve up to the last day on which at least *minimum* units can still move.

        As :meth:`Curve.cut`, over all states together in which a unit of the curve can be.
        """
        end = last_day_with(self.risk, minimum, self.closed_on)
        if end is None or (self.last_day is not None and self.last_day <= end):
            return self
        kept = tuple(point for point in self.points if point.day <= end)
        return evolve(self, points=kept, last_day=end)

    def curve(self, state: str) -> Curve:
        """The curve of one *state* with log-log intervals.

        A probability of 0 or 1 has no spread to go by: its other bound is the exact binomial
        one of the smallest number of units so far on which it rests (B.3). The events of a
        point are the arrivals in the state, its at-risk number is that of all open states.
        """
        index = self.states.index(state)
        return Curve(
            points=tuple(self._point(point, index) for point in self.points),
            risk=self.risk,
            confidence=self.confidence,
            method=METHOD,
            closed_on=self.closed_on,
            last_day=self.last_day,
            notes=self.notes,
        )

    def _point(self, point: StatePoint, index: int) -> Point:
        value, std_err = point.p[index], point.std_err(index)
        low: float | None = 0.0
        high: float | None = 1.0
        bound = exact_bound(point.informed, self.confidence)
        if value <= ROUNDING:
            value, high = 0.0, None if bound is None else 1 - bound
        elif value >= 1 - ROUNDING:
            value, low = 1.0, bound
        else:
            low, high = log_log(value, std_err, self.confidence)
        at_risk = at_risk_on(self.risk, point.day)
        return Point(point.day, at_risk, point.arrivals[index], value, std_err, low, high)
