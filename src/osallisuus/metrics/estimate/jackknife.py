"""The delete-a-group jackknife: an interval by cluster for any estimator.

Persons return, hold several roles and change states back and forth, so that spells of one person
are no independent cases. Leaving out one group of persons at a time measures what they share.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum, sqrt

from osallisuus.metrics.estimate.ratio import FEWEST_CLUSTERS
from osallisuus.metrics.estimate.special import t_quantile, tail
from osallisuus.metrics.estimate.value import Estimate

__all__ = ["jackknife"]


def jackknife(value: float, without: Sequence[float], confidence: float = 0.95) -> Estimate:
    """*value* with the interval from the estimates *without* each of G groups of persons.

    ``se² = (G-1)/G Σ (θ_g - mean)²``, t with G - 1 degrees of freedom (B.2). Notes:
    ``one_cluster`` (no interval), ``few_clusters``, ``no_variation``.
    """
    outside = tail(confidence)
    groups = len(without)
    if groups < 2:
        return Estimate(value, notes=("one_cluster",))
    notes: tuple[str, ...] = ("few_clusters",) if groups < FEWEST_CLUSTERS else ()
    middle = fsum(without) / groups
    squares = fsum((theta - middle) ** 2 for theta in without)
    std_err = sqrt((groups - 1) / groups * squares)
    if std_err == 0:
        return Estimate(value, std_err, method="jackknife t", notes=(*notes, "no_variation"))
    reach = t_quantile(1 - outside, groups - 1) * std_err
    return Estimate(value, std_err, value - reach, value + reach, "jackknife t", notes)
