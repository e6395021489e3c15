"""One state and one way out of it: Kaplan-Meier and Nelson-Aalen from a FLOW table.

Censoring must be uninformative: where people leave in several ways use
:mod:`~osallisuus.metrics.estimate.multistate`, because 1 - KM of one way overstates it (rule x).
"""

from __future__ import annotations

from collections.abc import Collection
from math import exp, log, sqrt
from typing import Literal

from osallisuus.metrics.estimate.curve import Curve, Point, Risk, exact_bound, log_log
from osallisuus.metrics.estimate.flow import Flow, LifeRow
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
    table = flow.life_table(state, events)
    points: list[Point] = []
    survival, greenwood, smallest = 1.0, 0.0, 0
    for row in table:
        smallest = min(smallest, row.at_risk) if smallest else row.at_risk
        if row.events:
            survival *= (row.at_risk - row.events) / row.at_risk
        if row.events == row.at_risk > 0:
            points.append(Point(row.day, row.at_risk, row.events, 0.0, None, None, None))
            break
        if row.events:
            greenwood += row.events / (row.at_risk * (row.at_risk - row.events))
        std_err = survival * sqrt(greenwood)
        low, high = (
            log_log(survival, std_err, confidence)
            if greenwood
            else (exact_bound(smallest, confidence), 1.0)
        )
        points.append(Point(row.day, row.at_risk, row.events, survival, std_err, low, high))
    emptied = survival == 0 and any(row.after for row in table if row.day >= points[-1].day)
    return Curve(
        points=tuple(points),
        risk=_risk(table),
        confidence=confidence,
        method="Kaplan-Meier, Greenwood, log-log",
        closed_on=points[-1].day if survival == 0 else None,
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
    table = flow.life_table(state, events)
    z = normal_quantile(1 - tail(confidence))
    points = []
    hazard, variance, smallest = 0.0, 0.0, 0
    for row in table:
        smallest = min(smallest, row.at_risk) if smallest else row.at_risk
        if row.events:
            hazard += _increment(row, ties)
            variance += row.events / row.at_risk**2
        std_err = sqrt(variance)
        if hazard:
            spread = exp(z * std_err / hazard)
            bounds: tuple[float, float | None] = (hazard / spread, hazard * spread)
        else:
            surviving = exact_bound(smallest, confidence)
            bounds = (0.0, None if surviving is None else -log(surviving))
        points.append(Point(row.day, row.at_risk, row.events, hazard, std_err, *bounds))
    return Curve(tuple(points), _risk(table), confidence, "Nelson-Aalen, log")


def _increment(row: LifeRow, ties: Ties) -> float:
    if ties == "fleming-harrington":
        return sum(1 / (row.at_risk - earlier) for earlier in range(row.events))
    return row.events / row.at_risk


def _risk(table: tuple[LifeRow, ...]) -> Risk:
    """At risk after each day, with the risk set of day 0 itself in front."""
    return ((-1, table[0].at_risk), *((row.day, row.after) for row in table))
