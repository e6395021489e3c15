"""From a number and its standard error to an interval by Student's t, on the scale that fits.

Every estimate that rests on clusters (persons, groups, peers) has its interval made here, so that
sibling estimators cannot differ in degrees of freedom, warnings or scale.
"""

from __future__ import annotations

from math import exp, log, log1p
from typing import Literal

from osallisuus.metrics.estimate.special import logistic, t_quantile, tail
from osallisuus.metrics.estimate.value import Estimate, Interval

__all__ = ["FEWEST_CLUSTERS", "Span", "student"]

FEWEST_CLUSTERS = 8
"""Under so many clusters an interval carries the note ``few_clusters`` (rule g of A.1)."""

Span = Literal["any", "positive", "share"]
"""What values a number may have: any, those of 0 and more, or those from 0 to 1."""

_WIDEST = 500.0
"""Beyond this half width on the log scale exp() would overflow."""


def student(
    value: float,
    std_err: float,
    clusters: int,
    confidence: float = 0.95,
    *,
    df: float | None = None,
    span: Span = "any",
    method: str = "t",
) -> Estimate:
    """*value* ± t * *std_err* with *df* degrees of freedom, by default *clusters* - 1 (B.2).

    Where that interval would leave the *span* of the value it is made on the log scale
    (``positive``) or the logit scale (``share``) instead, by the delta method; a value on the
    border of its span has no such scale, and its interval ends there.

    Notes: ``few_clusters``; ``no_variation`` where the standard error is 0, which leaves the
    interval undefined, since one of no width would claim certainty.
    """
    outside = tail(confidence)
    notes: tuple[str, ...] = ("few_clusters",) if clusters < FEWEST_CLUSTERS else ()
    if std_err == 0:
        return Estimate(value, std_err, method=method, notes=(*notes, "no_variation"))
    reach = t_quantile(1 - outside, clusters - 1 if df is None else df) * std_err
    low, high = value - reach, value + reach
    if span == "share" and (low < 0 or high > 1):
        if 0 < value < 1:
            return Estimate(value, std_err, *_logit(value, reach), f"logit {method}", notes)
        low, high = max(low, 0.0), min(high, 1.0)
    if span == "positive" and low < 0:
        if value > 0:
            spread = exp(min(reach / value, _WIDEST))
            return Estimate(value, std_err, value / spread, value * spread, f"log {method}", notes)
        low = 0.0
    return Estimate(value, std_err, low, high, method, notes)


def _logit(value: float, reach: float) -> Interval:
    """*value* ± *reach* carried over to the logit scale by the delta method."""
    middle = log(value) - log1p(-value)
    half = reach / (value * (1 - value))
    return Interval(logistic(middle - half), logistic(middle + half))
