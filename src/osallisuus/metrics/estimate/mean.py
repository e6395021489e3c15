"""Means from whole-number sums with Student's t, and the difference of two by Welch (B.2)."""

from __future__ import annotations

from collections.abc import Iterable
from math import sqrt

from osallisuus.metrics.estimate.special import tail
from osallisuus.metrics.estimate.student import student
from osallisuus.metrics.estimate.value import Estimate
from osallisuus.values import frozen

__all__ = ["Sums", "mean", "mean_difference", "welch_df"]


@frozen
class Sums:
    """``n`` whole numbers, their sum and the sum of their squares; merged by ``+``."""

    n: int = 0
    total: int = 0
    squares: int = 0

    @classmethod
    def of(cls, numbers: Iterable[int]) -> Sums:
        """The sums of *numbers*, such as minutes, cents or hundredths of a score."""
        listed = list(numbers)
        return cls(len(listed), sum(listed), sum(number * number for number in listed))

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
    tail(confidence)
    if sums.n == 0:
        return None
    value = sums.total / sums.n
    if sums.variance is None:
        return Estimate(value, notes=("one_cluster",))
    return student(value, sqrt(sums.variance / sums.n), sums.n, confidence)


def mean_difference(one: Sums, other: Sums, confidence: float = 0.95) -> Estimate | None:
    """Mean of *one* minus mean of *other*, unlinked samples, interval by Welch (1947).

    ``None`` where a sample is empty. A sample of one, or two samples without any variation,
    leaves the interval undefined (notes ``one_cluster``, ``no_variation``).
    """
    tail(confidence)
    if one.n == 0 or other.n == 0:
        return None
    value = one.total / one.n - other.total / other.n
    if one.variance is None or other.variance is None:
        return Estimate(value, notes=("one_cluster",))
    std_err = sqrt(one.variance / one.n + other.variance / other.n)
    df = welch_df(one, other)
    return student(value, std_err, min(one.n, other.n), confidence, df=df, method="Welch t")


def welch_df(one: Sums, other: Sums) -> float | None:
    """The degrees of freedom of a difference of means by Welch and Satterthwaite.

    ``(a + b)² / (a²/(n-1) + b²/(m-1))`` with a and b the squared standard errors of the means.
    ``None`` where a sample has fewer than two numbers, or neither has any variation.
    """
    if not (one.variance or other.variance) or one.variance is None or other.variance is None:
        return None
    parts = one.variance / one.n, other.variance / other.n
    return sum(parts) ** 2 / (parts[0] ** 2 / (one.n - 1) + parts[1] ** 2 / (other.n - 1))
