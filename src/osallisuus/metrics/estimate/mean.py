"""Means from whole-number sums, with Student's t; paired change and Welch's difference (B.2)."""

from __future__ import annotations

from math import sqrt

from osallisuus.metrics.estimate.ratio import FEWEST_CLUSTERS, Moments
from osallisuus.metrics.estimate.special import t_quantile, tail
from osallisuus.metrics.estimate.value import Estimate
from osallisuus.values import frozen

__all__ = ["Change", "Sums", "mean", "mean_difference", "paired_change"]


@frozen
class Sums:
    """``n`` whole numbers, their sum and the sum of their squares; merged by ``+``."""

    n: int = 0
    total: int = 0
    squares: int = 0

    def __add__(self, other: Sums) -> Sums:
        return Sums(self.n + other.n, self.total + other.total, self.squares + other.squares)

    @property
    def variance(self) -> float | None:
        """With n - 1 below, computed in whole numbers up to the one division; None for n < 2."""
        if self.n < 2:
            return None
        return (self.n * self.squares - self.total**2) / (self.n * (self.n - 1))


def mean(sums: Sums, confidence: float = 0.95) -> Estimate | None:
    """The mean with its t interval, in the unit of the numbers; ``None`` where there are none.

    Notes: ``one_cluster`` (a single number has no interval), ``few_clusters``, ``no_variation``.
    """
    outside = tail(confidence)
    if sums.n == 0:
        return None
    value = sums.total / sums.n
    if sums.variance is None:
        return Estimate(value, notes=("one_cluster",))
    notes: tuple[str, ...] = ("few_clusters",) if sums.n < FEWEST_CLUSTERS else ()
    std_err = sqrt(sums.variance / sums.n)
    if std_err == 0:
        return Estimate(value, std_err, method="t", notes=(*notes, "no_variation"))
    reach = t_quantile(1 - outside, sums.n - 1) * std_err
    return Estimate(value, std_err, value - reach, value + reach, "t", notes)


def mean_difference(one: Sums, other: Sums, confidence: float = 0.95) -> Estimate | None:
    """Mean of *one* minus mean of *other*, unlinked samples, interval by Welch (1947).

    ``None`` where a sample is empty. A sample of one, or two samples without any variation,
    leaves the interval undefined (notes ``one_cluster``, ``no_variation``).
    """
    outside = tail(confidence)
    if one.n == 0 or other.n == 0:
        return None
    value = one.total / one.n - other.total / other.n
    if one.variance is None or other.variance is None:
        return Estimate(value, notes=("one_cluster",))
    parts = one.variance / one.n, other.variance / other.n
    std_err = sqrt(sum(parts))
    if std_err == 0:
        return Estimate(value, std_err, method="Welch t", notes=("no_variation",))
    notes: tuple[str, ...] = ("few_clusters",) if min(one.n, other.n) < FEWEST_CLUSTERS else ()
    df = sum(parts) ** 2 / (parts[0] ** 2 / (one.n - 1) + parts[1] ** 2 / (other.n - 1))
    reach = t_quantile(1 - outside, df) * std_err
    return Estimate(value, std_err, value - reach, value + reach, "Welch t", notes)


@frozen
class Change:
    """How much the same units changed between two readings (metric O1)."""

    mean: Estimate
    """Of after minus before, in the unit of the readings."""
    response: float | None
    """Standardised response mean: mean change / its standard deviation; None without variation."""
    response_std_err: float | None
    """About ``sqrt(1/n + SRM²/2n)``."""
    effect_size: float | None
    """Mean change / standard deviation before; None without variation."""


def paired_change(moments: Moments, confidence: float = 0.95) -> Change | None:
    """The change of ``moments.n`` units, x before and y after; ``None`` where there are none."""
    sums = Sums(moments.n, moments.sy - moments.sx, moments.syy - 2 * moments.sxy + moments.sxx)
    change = mean(sums, confidence)
    if change is None:
        return None
    before = Sums(moments.n, moments.sx, moments.sxx).variance
    response = change.value / sqrt(sums.variance) if sums.variance else None
    return Change(
        mean=change,
        response=response,
        response_std_err=None
        if response is None
        else sqrt(1 / sums.n + response * response / (2 * sums.n)),
        effect_size=change.value / sqrt(before) if before else None,
    )
