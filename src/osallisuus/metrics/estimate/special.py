"""Quantiles of the normal, Student t, beta and gamma distributions.

The standard library has only the normal one. The other three rest on the regularised incomplete
beta and gamma functions (Abramowitz & Stegun 1964, 26.5.8 and 6.5.29-31), which are increasing
in their argument, so that their inverses are found by bisection.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from math import erfc, exp, inf, lgamma, log, log1p, sqrt
from statistics import NormalDist
from typing import Final

from osallisuus.errors import DefinitionError

__all__ = [
    "HIGHEST_CONFIDENCE",
    "beta_quantile",
    "bisect",
    "gamma_quantile",
    "incomplete_beta",
    "incomplete_gamma",
    "logistic",
    "normal_quantile",
    "normal_tail",
    "t_quantile",
    "t_tail",
    "tail",
]

HIGHEST_CONFIDENCE: Final = 0.999999999
"""Beyond it floating point tells no tail from none, and no study would ask for it."""

_STANDARD_NORMAL = NormalDist()
_PRECISION = 1e-16
_MOST_TERMS = 100_000
_MOST_STEPS = 2_000
_TINY = 1e-300


def tail(confidence: float) -> float:
    """The probability left out on each side of a two-sided interval: 0.025 for 0.95."""
    if not 0 < confidence <= HIGHEST_CONFIDENCE:
        raise DefinitionError(
            f"a confidence level lies between 0 and {HIGHEST_CONFIDENCE}",
            where="confidence",
            remedy="write 0.95",
        )
    return (1 - confidence) / 2


def normal_quantile(probability: float) -> float:
    """The value below which a standard normal variable lies with *probability* (0 < p < 1)."""
    return _STANDARD_NORMAL.inv_cdf(probability)


def normal_tail(size: float) -> float:
    """The probability that a standard normal variable is above *size*, exact far out as well."""
    return erfc(size / sqrt(2)) / 2


@lru_cache(maxsize=1024)
def t_quantile(probability: float, df: float) -> float:
    """The value below which Student's t with *df* degrees of freedom lies with *probability*.

    With B the beta(df/2, 1/2) quantile of twice the smaller tail, ``|t| = sqrt(df (1/B - 1))``.
    """
    if probability == 0.5:
        return 0.0
    smaller = 2 * min(probability, 1 - probability)
    # 1/B - 1 is exp(-logit B): taken from the logit, it keeps its digits where B is near 1.
    size = sqrt(df * exp(-_beta_quantile_logit(smaller, df / 2, 0.5)))
    return size if probability > 0.5 else -size


def t_tail(size: float, df: float) -> float:
    """The probability that Student's t with *df* degrees of freedom is above *size*."""
    beyond = incomplete_beta(df / 2, 0.5, df / (df + size * size)) / 2
    return beyond if size > 0 else 1 - beyond


def bisect(
    function: Callable[[float], float],
    wanted: float,
    low: float,
    high: float,
    steps: int = _MOST_STEPS,
) -> float:
    """Where the increasing *function* reaches *wanted* between *low* and *high*.

    As exactly as doubles can tell, or by that many halvings.
    """
    middle = (low + high) / 2
    for _ in range(steps):
        if middle in (low, high):
            break
        if function(middle) < wanted:
            low = middle
        else:
            high = middle
        middle = (low + high) / 2
    return middle


def beta_quantile(probability: float, a: float, b: float) -> float:
    """The *x* in (0, 1) with ``I_x(a, b) = probability``, for 0 < p < 1, a > 0, b > 0."""
    return logistic(_beta_quantile_logit(probability, a, b))


def gamma_quantile(probability: float, shape: float) -> float:
    """The *x* > 0 with ``P(shape, x) = probability``, for 0 < p < 1, shape > 0, scale 1."""
    # In log x the whole range of doubles is some 1400 wide; 700 keeps exp() from overflowing.
    return exp(bisect(lambda u: incomplete_gamma(shape, exp(u)), probability, -700.0, 700.0))


def incomplete_beta(a: float, b: float, x: float) -> float:
    """The regularised incomplete beta function ``I_x(a, b)``: P(X <= x) for beta(a, b)."""
    if not 0 < x < 1:
        return 0.0 if x <= 0 else 1.0
    return _incomplete_beta(a, b, x, 1 - x)


def incomplete_gamma(a: float, x: float) -> float:
    """The regularised lower incomplete gamma function ``P(a, x)``."""
    if x <= 0:
        return 0.0
    log_front = a * log(x) - x - lgamma(a)
    if x < a + 1:
        return exp(log_front) * _gamma_series(a, x)
    # Q(a, x) = front / (x+1-a - 1(1-a)/(x+3-a - 2(2-a)/(x+5-a - ...)))
    fraction = _continued_fraction(
        lambda i: -i * (i - a) if i else 1.0, lambda i: x + 2 * i + 1 - a
    )
    return 1 - exp(log_front) * fraction


def _beta_quantile_logit(probability: float, a: float, b: float) -> float:
    """``log(x / (1 - x))`` of the beta quantile: as exact near 1 as it is near 0."""
    return bisect(
        lambda u: _incomplete_beta(a, b, logistic(u), logistic(-u)), probability, -60.0, 60.0
    )


def logistic(u: float) -> float:
    """``1 / (1 + exp(-u))``: the share whose log odds are *u*, without overflow at either end."""
    return 1 / (1 + exp(-u)) if u >= 0 else exp(u) / (1 + exp(u))


def _incomplete_beta(a: float, b: float, x: float, rest: float) -> float:
    """``I_x(a, b)`` with ``rest = 1 - x`` given apart, so that neither end loses its digits."""
    if x > (a + 1) / (a + b + 2):  # the fraction converges fast only on the near side of the mean
        return 1 - _incomplete_beta(b, a, rest, x)
    log_rest = log1p(-x) if x < 0.5 else log(rest)
    log_front = lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log_rest
    return exp(log_front) * _beta_fraction(a, b, x) / a


def _beta_fraction(a: float, b: float, x: float) -> float:
    """The continued fraction of ``I_x(a, b)``, as :func:`_continued_fraction` takes it.

    Written out, because a quantile of Student's t needs thousands of its terms.
    """
    value, upper, lower = 1.0, inf, 1.0
    for i in range(1, _MOST_TERMS):
        m = i // 2
        if i % 2:
            term = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        else:
            term = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        upper = 1.0 + term / upper or _TINY
        lower = 1 / (1.0 + term * lower or _TINY)
        value *= upper * lower
        if abs(upper * lower - 1) < _PRECISION:
            break
    return value


def _gamma_series(a: float, x: float) -> float:
    """``1/a + x/(a(a+1)) + x²/(a(a+1)(a+2)) + ...``"""
    term = total = 1 / a
    step = a
    while term > total * _PRECISION:
        step += 1
        term *= x / step
        total += term
    return total


def _continued_fraction(
    numerator: Callable[[int], float], denominator: Callable[[int], float]
) -> float:
    """``n0 / (d0 + n1 / (d1 + n2 / (d2 + ...)))`` by Lentz's method as Thompson & Barnett put it.

    Two ratios of neighbouring convergents are carried; a ratio that would be 0 becomes tiny.
    """
    value = numerator(0) / (denominator(0) or _TINY)
    upper, lower = inf, 1 / (denominator(0) or _TINY)
    for i in range(1, _MOST_TERMS):
        upper = denominator(i) + numerator(i) / upper or _TINY
        lower = 1 / (denominator(i) + numerator(i) * lower or _TINY)
        value *= upper * lower
        if abs(upper * lower - 1) < _PRECISION:
            break
    return value
