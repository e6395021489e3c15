"""Change beyond the error of an instrument: Jacobson & Truax (1991), metric O2.

The reliable change of a unit says nothing on why it changed. It knows neither regression to the
mean nor readings that were at the end of the scale already; print the shares of those beside it.
"""

from __future__ import annotations

from collections import Counter
from math import sqrt

from osallisuus.errors import DefinitionError
from osallisuus.metrics.estimate.pairs import Pairs
from osallisuus.metrics.estimate.proportion import matched_difference, wilson
from osallisuus.metrics.estimate.special import normal_quantile, tail
from osallisuus.metrics.estimate.value import Estimate
from osallisuus.values import frozen

__all__ = ["CutOffs", "Precision", "ReliableChange", "cut_offs", "reliable_change"]


@frozen
class Precision:
    """How precisely an instrument reads one unit; both numbers come with it, with their source.

    A :class:`~osallisuus.errors.DefinitionError` says when one of them is impossible.
    """

    sd: float
    """Standard deviation of the readings, in their unit."""
    reliability: float
    """Test-retest reliability, from 0 up to below 1."""

    def __attrs_post_init__(self) -> None:
        if not (self.sd > 0 and 0 <= self.reliability < 1):
            raise DefinitionError(
                "reliable change needs a standard deviation above 0 and a reliability below 1",
                where="instrument",
                remedy="take both from the published study of the instrument and cite it",
            )

    @property
    def error_of_reading(self) -> float:
        """Standard error of one reading: ``s √(1 - r)``."""
        return self.sd * sqrt(1 - self.reliability)

    @property
    def error_of_change(self) -> float:
        """Standard error of the difference of two readings: ``√2 s √(1 - r)``."""
        return sqrt(2) * self.error_of_reading

    def index(self, before: float, after: float) -> float:
        """The reliable change index: the change in standard errors of a change."""
        return (after - before) / self.error_of_change


@frozen
class CutOffs:
    """Three readings that may part those in need of help from those without (one is chosen)."""

    a: float
    """Two standard deviations from the mean of those in need, towards the others."""
    b: float
    """Two standard deviations from the mean of the others, towards those in need."""
    c: float
    """Where both groups are equally likely, each spread weighing on the other's mean."""


def cut_offs(
    clinical_mean: float, clinical_sd: float, normal_mean: float, normal_sd: float
) -> CutOffs:
    """The cut-offs a, b and c between a group in need and the others, in the readings' unit.

    The direction follows from which of the two means is higher (B.4).
    """
    sign = 1 if normal_mean >= clinical_mean else -1
    return CutOffs(
        a=clinical_mean + sign * 2 * clinical_sd,
        b=normal_mean - sign * 2 * normal_sd,
        c=(clinical_sd * normal_mean + normal_sd * clinical_mean) / (clinical_sd + normal_sd),
    )


@frozen
class ReliableChange:
    """How many units changed reliably, which way; every share is of the ``n`` read twice."""

    n: int
    improved: int
    unchanged: int
    """Units without *reliable* change: the instrument cannot tell, either way."""
    worse: int
    crossed: int | None
    """Improved and come over the cut-off; ``None`` without one."""
    improved_share: Estimate
    unchanged_share: Estimate
    worse_share: Estimate
    crossed_share: Estimate | None
    net: Estimate
    """Share improved less share worse, with ``se = √((p₊ + p₋ - (p₊ - p₋)²) / n)``."""


def reliable_change(
    pairs: Pairs,
    precision: Precision,
    confidence: float = 0.95,
    *,
    higher_is_better: bool = True,
    cut_off: float | None = None,
) -> ReliableChange | None:
    """The units of *pairs* by reliable change; ``None`` where nobody was read twice.

    A change is reliable where its index is beyond the normal quantile of *confidence*, 1.96 for
    0.95. With a *cut_off*, those who improved reliably and came from one side of it to the other
    are counted; a reading at the cut-off is not yet beyond it.
    """
    limit = normal_quantile(1 - tail(confidence))
    sign = 1 if higher_is_better else -1
    counts: Counter[str] = Counter()
    for before, after, n in pairs.complete():
        index = sign * precision.index(before, after)
        counts["improved"] += n * (index > limit)
        counts["worse"] += n * (index < -limit)
        if cut_off is not None and index > limit:
            crossed = sign * (before - cut_off) <= 0 < sign * (after - cut_off)
            counts["crossed"] += n * crossed
    n, better, worse = pairs.paired, counts["improved"], counts["worse"]
    if not n:
        return None
    return ReliableChange(
        n=n,
        improved=better,
        unchanged=n - better - worse,
        worse=worse,
        crossed=None if cut_off is None else counts["crossed"],
        improved_share=_share(better, n, confidence),
        unchanged_share=_share(n - better - worse, n, confidence),
        worse_share=_share(worse, n, confidence),
        crossed_share=None if cut_off is None else _share(counts["crossed"], n, confidence),
        net=matched_difference(better, worse, n, confidence),
    )


def _share(k: int, n: int, confidence: float) -> Estimate:
    interval = wilson(k, n, confidence)
    low, high = interval or (None, None)
    return Estimate(k / n, None, low, high, "Wilson")
