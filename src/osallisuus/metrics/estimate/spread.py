"""How much groups differ beyond chance: DerSimonian & Laird (1986), metric Q2.

The distance of the best from the worst group grows as groups get smaller, chance alone being
enough. The spread here takes chance off; it ranks nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import log, sqrt
from typing import NamedTuple

from osallisuus.errors import EngineError
from osallisuus.metrics.estimate.mean import Sums
from osallisuus.metrics.estimate.special import (
    bisect,
    incomplete_gamma,
    logistic,
    t_quantile,
    t_tail,
    tail,
)
from osallisuus.metrics.estimate.value import Interval
from osallisuus.values import frozen

__all__ = ["Spread", "spread", "spread_of_means", "spread_of_shares"]

_FEWEST_GROUPS = 3
"""With two groups every spread is about as likely as any other."""

_LIKELY = 25
"""So many equally likely spreads stand for all of them."""

_FAR = 1_000
"""No quantile that anybody asks for lies so many errors from the mean."""

_STEPS = 45
"""Halvings of a range: as exact as a prediction can use."""


@frozen
class Spread:
    """The mean of groups and how far apart they truly are, in the unit of their estimates."""

    groups: int
    mean: float
    mean_interval: Interval
    """Where the mean of all such groups lies."""
    sd: float
    """τ, the standard deviation of the groups' true values; 0 where chance explains it all.

    That of shares is on the logit scale, as nothing else is.
    """
    prediction: Interval
    """Where the true value of another such group lies."""
    heterogeneity: float
    """Q, the weighted squares about the mean: about ``groups - 1`` where chance explains all."""


def spread(estimates: Iterable[tuple[float, float]], confidence: float = 0.95) -> Spread | None:
    """The spread of groups from their (estimate, standard error) pairs.

    With w = 1/se²: ``Q = Σw (y - ȳ_w)²``, ``τ² = max(0, (Q - df) / (Σw - Σw²/Σw))``; the mean is
    weighted by ``1/(se² + τ²)``. Its interval has t of groups - 1 degrees of freedom on the
    standard error of Knapp & Hartung (2003), never taken smaller than the usual one.

    The prediction does not take τ for known: few groups often show no spread where there is one.
    It averages over all τ² as likely as ``Σ (y - ȳ)² / (se² + τ²)``, which is χ² of groups - 1
    degrees of freedom, makes them (the idea of Nagashima, Noma & Furukawa 2019, computed without
    chance). ``None`` for fewer than three groups.
    """
    outside = tail(confidence)
    groups = list(estimates)
    if any(std_err <= 0 for _, std_err in groups):
        raise EngineError(
            "the spread between groups needs a standard error above 0 of each",
            where="groups",
            remedy="leave groups without variation out, and say how many they are",
        )
    if len(groups) < _FEWEST_GROUPS:
        return None
    df = len(groups) - 1
    weights = [1 / (std_err * std_err) for _, std_err in groups]
    q = _fit(groups, 0.0).squares
    scale = sum(weights) - sum(w * w for w in weights) / sum(weights)
    variance = max(0.0, (q - df) / scale)
    fit = _fit(groups, variance)
    reach = t_quantile(1 - outside, df) * sqrt(max(1.0, fit.squares / df) / fit.weight)
    likely = [_fit(groups, tau) for tau in _likely_variances(groups, df)]
    return Spread(
        groups=len(groups),
        mean=fit.mean,
        mean_interval=Interval(fit.mean - reach, fit.mean + reach),
        sd=sqrt(variance),
        prediction=Interval(_predicted(likely, outside, df), _predicted(likely, 1 - outside, df)),
        heterogeneity=q,
    )


def spread_of_shares(groups: Iterable[tuple[int, int]], confidence: float = 0.95) -> Spread | None:
    """The spread of shares, each *k* of *n*: computed of logits, told as shares save ``sd``.

    Half a case is added to both sides of each group, so that 0 and n of n have a logit
    (Haldane 1956). The error of each has the square that its size gives at the share p
    of all, ``1 / ((n + 1) p (1 - p))``: by its own share a group near 0 or 1 would have too much
    error for being there, which hides the spread. Groups without anybody are left out.
    """
    counts = [(k, n) for k, n in groups if n or k]
    if any(not 0 <= k <= n for k, n in counts):
        raise EngineError(
            "a share needs 0 <= k <= n",
            where="groups",
            remedy="count the numerator among the cases of the denominator",
        )
    everybody = sum(n for _, n in counts)
    common = (sum(k for k, _ in counts) + 0.5) / (everybody + 1)
    logits = [
        (log((k + 0.5) / (n - k + 0.5)), 1 / sqrt((n + 1) * common * (1 - common)))
        for k, n in counts
    ]
    found = spread(logits, confidence)
    if found is None:
        return None
    return Spread(
        groups=found.groups,
        mean=logistic(found.mean),
        mean_interval=Interval(*map(logistic, found.mean_interval)),
        sd=found.sd,
        prediction=Interval(*map(logistic, found.prediction)),
        heterogeneity=found.heterogeneity,
    )


def spread_of_means(groups: Iterable[Sums], confidence: float = 0.95) -> Spread | None:
    """The spread of the groups' means; groups without any variation are left out."""
    return spread(
        ((sums.total / sums.n, sqrt(sums.variance / sums.n)) for sums in groups if sums.variance),
        confidence,
    )


class _Fit(NamedTuple):
    """The groups weighted by the inverse of their variance and one spread between them."""

    variance: float
    mean: float
    weight: float
    """Sum of the weights, so that the mean has the variance 1 / weight."""
    squares: float
    """Weighted squares about the mean."""


def _fit(groups: Sequence[tuple[float, float]], variance: float) -> _Fit:
    weights = [1 / (std_err * std_err + variance) for _, std_err in groups]
    total = sum(weights)
    mean = sum(w * y for (y, _), w in zip(groups, weights, strict=True)) / total
    squares = sum(w * (y - mean) ** 2 for (y, _), w in zip(groups, weights, strict=True))
    return _Fit(variance, mean, total, squares)


def _likely_variances(groups: Sequence[tuple[float, float]], df: int) -> list[float]:
    """Equally likely values of the squared spread; the least are all 0 but for rounding.

    The weighted squares fall as the spread grows; a spread is as likely to be smaller as χ² is
    to be larger than the squares it makes.
    """

    def below(variance: float) -> float:
        return 1 - incomplete_gamma(df / 2, _fit(groups, variance).squares / 2)

    shares = [(i + 0.5) / _LIKELY for i in range(_LIKELY)]
    largest = max(std_err for _, std_err in groups) ** 2
    while below(largest) < shares[-1]:
        largest *= 4
    return [bisect(below, share, 0.0, largest, steps=_STEPS) for share in shares]


def _predicted(likely: Sequence[_Fit], probability: float, df: int) -> float:
    """The value under which another group lies with *probability*, over all likely spreads."""
    scales = [sqrt(fit.variance + max(1.0, fit.squares / df) / fit.weight) for fit in likely]

    def below(value: float) -> float:
        pairs = zip(likely, scales, strict=True)
        return sum(t_tail((fit.mean - value) / scale, df) for fit, scale in pairs) / len(likely)

    low = min(fit.mean for fit in likely) - _FAR * max(scales)
    high = max(fit.mean for fit in likely) + _FAR * max(scales)
    return bisect(below, probability, low, high, steps=_STEPS)
