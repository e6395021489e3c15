"""Sums over clusters, and the ratio of two of them with an interval by cluster.

Sessions of one person, or persons of one group, resemble each other: a pooled Wilson interval
would claim far too much. The cluster (person, group, peer) is the unit of variation (rule g).
"""

from __future__ import annotations

from math import sqrt

from osallisuus.metrics.estimate.special import tail
from osallisuus.metrics.estimate.student import FEWEST_CLUSTERS, Span, student
from osallisuus.metrics.estimate.value import Estimate, Interval
from osallisuus.values import frozen

__all__ = ["Moments", "ratio"]


@frozen
class Moments:
    """Sums over ``n`` clusters of two whole numbers each, x and y (table MOMENTS of A.3).

    Whole numbers (minutes, cents, half points) add up exactly and in any order; tables of
    disjoint clusters are merged by ``+``.
    """

    n: int = 0
    sx: int = 0
    sy: int = 0
    sxx: int = 0
    sxy: int = 0
    syy: int = 0

    def __add__(self, other: Moments) -> Moments:
        return Moments(
            self.n + other.n,
            self.sx + other.sx,
            self.sy + other.sy,
            self.sxx + other.sxx,
            self.sxy + other.sxy,
            self.syy + other.syy,
        )

    @classmethod
    def single(cls, x: int, y: int) -> Moments:
        """The table of one cluster."""
        return cls(1, x, y, x * x, x * y, y * y)


def ratio(
    moments: Moments, confidence: float = 0.95, *, share: bool = True, positive: bool = False
) -> Estimate | None:
    """Σy / Σx with its cluster-robust interval; ``None`` where Σx is 0 (rule z).

    ``se = sqrt(n/(n-1) Σ(y - r x)²) / Σx`` over n clusters, interval by t with n - 1 degrees of
    freedom (B.2). With *share* (y is a part of x, 0 <= y <= x) the interval is made on the logit
    scale where the plain one leaves [0, 1]. A share of 0 or 1 has no variation to go by and gets
    the exact binomial bound of n clusters out of n instead of an interval of no width. Without
    *share*, but with *positive* (y is never negative), it is made on the log scale where the
    plain one goes under 0.

    Notes: ``one_cluster`` (no interval), ``few_clusters``, ``no_variation`` (every cluster has
    the same ratio).
    """
    outside = tail(confidence)
    if moments.sx == 0:
        return None
    value = moments.sy / moments.sx
    if moments.n < 2:
        return Estimate(value, notes=("one_cluster",))
    std_err = _ratio_std_err(moments)
    if std_err == 0 and share and value in (0, 1):
        notes = ("few_clusters",) if moments.n < FEWEST_CLUSTERS else ()
        low, high = _all_alike(moments.n, value, outside)
        return Estimate(
            value, None, low, high, "exact binomial by cluster", (*notes, "no_variation")
        )
    span: Span = "share" if share else "positive" if positive else "any"
    return student(value, std_err, moments.n, confidence, span=span)


def _ratio_std_err(moments: Moments) -> float:
    """Of Σy / Σx. The sum of squares about the ratio is taken in whole numbers: no cancellation."""
    n, sx, sy = moments.n, moments.sx, moments.sy
    squares = moments.syy * sx * sx - 2 * sy * sx * moments.sxy + sy * sy * moments.sxx
    return sqrt(n * max(squares, 0) / ((n - 1) * sx**4))


def _all_alike(n: int, value: float, outside: float) -> Interval:
    """The exact binomial interval when all *n* clusters show 1, or all show 0."""
    bound = outside ** (1 / n)
    return Interval(bound, 1.0) if value == 1 else Interval(0.0, 1 - bound)
