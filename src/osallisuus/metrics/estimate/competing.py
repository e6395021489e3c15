"""One state and several ways out of it: the cumulative incidence of one of them.

The recursion of :mod:`~osallisuus.metrics.estimate.multistate` with everybody in one state at the
start and nobody coming back to it needs three variances only: of the share that stays, of the
share that left in the way that is asked for, and their covariance.
"""

from __future__ import annotations

from math import sqrt

from osallisuus.metrics.estimate.curve import Curve, Point, PointRow, exact_bound, log_log_bounds
from osallisuus.metrics.estimate.flow import ExitRow, Flow
from osallisuus.metrics.estimate.special import normal_quantile, tail
from osallisuus.metrics.estimate.states import METHOD, NO_VARIANCE, ROUNDING

__all__ = ["competing_incidence"]

_ALL = 1 - ROUNDING


def competing_incidence(
    flow: Flow, cause: str, state: str, after: int, confidence: float = 0.95
) -> Curve:
    """The share that has left *state* by the exit *cause*, by day, of those in it after *after*.

    No other state of *flow* may be one that is left. S is the share that stays, F the share that
    left by the cause and ``b = S d_cause/Y`` its growth on a day; with ``g = Var S / S²`` and
    ``c = Cov(S, F) / S`` each day

    * ``Var F <- Var F + b (2 c + b g + (S - b) / Y)`` and ``F <- F + b``,
    * ``c <- c + b (g - 1/Y)``,
    * ``g <- g + d / (Y (Y - d))``, which is Greenwood's sum, and ``S <- S (1 - d/Y)``

    (Aalen-Johansen, Greenwood type: Andersen, Borgan, Gill & Keiding 1993, IV.4.4).
    """
    z = normal_quantile(1 - tail(confidence))
    rows = _from_landmark(flow, cause, state, after)
    points: list[PointRow] = []
    risk = [(rows[0][0] - 1, rows[0][1])]
    closed_on: int | None = None
    stay, share, variance, greenwood, both = 1.0, 0.0, 0.0, 0.0, 0.0
    smallest, settled, std_err = 0, 0, 0.0
    low: float | None = None
    high: float | None = None
    for day, inside, moved, left, remaining in rows:
        at_risk = inside if closed_on is None else 0
        informed = at_risk + settled  # who has left for good still counts
        if informed < smallest or not smallest:
            smallest = informed
        if moved and at_risk:
            settled += moved
            if left:
                grown = stay * left / at_risk
                variance += grown * (2 * both + grown * greenwood + (stay - grown) / at_risk)
                both += grown * (greenwood - 1 / at_risk)
                share += grown
                std_err = sqrt(variance) if variance > NO_VARIANCE else 0.0
                if ROUNDING < share < _ALL:
                    low, high = log_log_bounds(share, std_err, z)
            staying = at_risk - moved
            stay *= staying / at_risk
            if stay > ROUNDING:
                greenwood += moved / (at_risk * staying)
            else:
                closed_on = day
        if share <= ROUNDING:  # no spread to go by: the exact binomial bound
            bound = exact_bound(smallest, confidence)
            high = None if bound is None else 1 - bound
            points.append((day, at_risk, left, 0.0, std_err, 0.0, high))
        elif share >= _ALL:
            bound = exact_bound(smallest, confidence)
            points.append((day, at_risk, left, 1.0, std_err, bound, 1.0))
        else:
            points.append((day, at_risk, left, share, std_err, low, high))
        risk.append((day, remaining if closed_on is None else 0))
    return Curve(tuple(map(Point._make, points)), tuple(risk), confidence, METHOD, closed_on)


def _from_landmark(flow: Flow, cause: str, state: str, after: int) -> list[ExitRow]:
    """The exits after the day *after*, with a row for that day itself in front."""
    rows = flow.exits(state, (cause,))
    if after < 0:
        return rows
    inside = [row for row in rows if row[0] <= after][-1][-1]
    return [(after, inside, 0, 0, inside), *(row for row in rows if row[0] > after)]
