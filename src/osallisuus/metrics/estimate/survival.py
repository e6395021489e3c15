"""One state and one way out of it: Kaplan-Meier and Nelson-Aalen from a FLOW table.

Censoring must be uninformative: where people leave in several ways use
:mod:`~osallisuus.metrics.estimate.multistate`, because 1 - KM of one way overstates it (rule x).
"""

from __future__ import annotations

from collections.abc import Collection
from math import exp, log, sqrt
from typing import Literal

from osallisuus.metrics.estimate.curve import (
    Curve,
    Point,
    PointRow,
    Risk,
    exact_bound,
    log_log_bounds,
)
from osallisuus.metrics.estimate.flow import ExitRow, Flow
from osallisuus.metrics.estimate.special import normal_quantile, tail

__all__ = ["Ties", "kaplan_meier", "nelson_aalen"]

Ties = Literal["counting", "fleming-harrington"]
"""How several events of one day add to the cumulative hazard."""


def kaplan_meier(
    flow: Flow,
    state: str | None = None,
    events: Collection[str] | None = None,
    confidence: float = 0.95,
) -> Curve:
    """The share still without the event, by day since the origin (Kaplan & Meier 1958).

    *state* and *events* choose the state and the moves that count, as in
    :meth:`Flow.life_table`; other exits are censored. Standard errors by Greenwood; intervals
    log-log. Before the first event the lower bound is the exact binomial one of the smallest
    risk set so far, not 1. Once all at risk have had the event the curve is 0, its standard
    error and interval are undefined, and it stops; the note ``risk_set_emptied`` says that
    people entered after that, so that the 0 rests on an early, small risk set (rule l).
    """
    table = flow.exits(state, events)
    z = normal_quantile(1 - tail(confidence))
    points: list[PointRow] = []
    survival, greenwood, std_err, smallest = 1.0, 0.0, 0.0, 0
    low: float | None = None
    high = 1.0
    for day, at_risk, _, happened, _ in table:
        if happened == at_risk > 0:
            survival = 0.0
            points.append((day, at_risk, happened, 0.0, None, None, None))
            break
        if happened:
            staying = at_risk - happened
            survival *= staying / at_risk
            greenwood += happened / (at_risk * staying)
            std_err = survival * sqrt(greenwood)
            low, high = log_log_bounds(survival, std_err, z)
        elif not greenwood and not 0 < smallest <= at_risk:
            smallest = at_risk
            low = exact_bound(smallest, confidence)
        points.append((day, at_risk, happened, survival, std_err, low, high))
    emptied = survival == 0 and any(row[-1] for row in table if row[0] >= points[-1][0])
    return Curve(
        points=tuple(map(Point._make, points)),
        risk=_risk(table),
        confidence=confidence,
        method="Kaplan-Meier, Greenwood, log-log",
        closed_on=points[-1][0] if survival == 0 else None,
        notes=("risk_set_emptied",) if emptied else (),
    )


def nelson_aalen(
    flow: Flow,
    state: str | None = None,
    events: Collection[str] | None = None,
    confidence: float = 0.95,
    ties: Ties = "counting",
) -> Curve:
    """The cumulative hazard A(t) = Σ d/Y by day (Nelson 1972, Aalen 1978), variance Σ d/Y².

    *ties* = ``fleming-harrington`` counts d events of one day as if they came one after the
    other, ``1/Y + 1/(Y-1) + ...``. Interval on the scale log A; before the first event the upper
    bound is that of the exact binomial bound of survival.
    """
    table = flow.exits(state, events)
    z = normal_quantile(1 - tail(confidence))
    points = []
    hazard, variance, smallest = 0.0, 0.0, 0
    for day, at_risk, _, happened, _ in table:
        smallest = min(smallest, at_risk) if smallest else at_risk
        if happened:
            hazard += _increment(at_risk, happened, ties)
            variance += happened / at_risk**2
        std_err = sqrt(variance)
        if hazard:
            spread = exp(z * std_err / hazard)
            bounds: tuple[float, float | None] = (hazard / spread, hazard * spread)
        else:
            surviving = exact_bound(smallest, confidence)
            bounds = (0.0, None if surviving is None else -log(surviving))
        points.append(Point(day, at_risk, happened, hazard, std_err, *bounds))
    return Curve(tuple(points), _risk(table), confidence, "Nelson-Aalen, log")


def _increment(at_risk: int, happened: int, ties: Ties) -> float:
    if ties == "fleming-harrington":
        return sum(1 / (at_risk - earlier) for earlier in range(happened))
    return happened / at_risk


def _risk(table: list[ExitRow]) -> Risk:
    """At risk after each day, with the risk set of day 0 itself in front."""
    return ((-1, table[0][1]), *((day, after) for day, _, _, _, after in table))
