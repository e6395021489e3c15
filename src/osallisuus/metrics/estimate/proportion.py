"""Shares: ``k`` of ``n`` with their intervals, and the difference of two shares.

Wilson (1927) is the default; Clopper & Pearson (1934) is the exact, conservative one; a
difference of two groups has Newcombe's (1998) method 10, one of two answers of the same people
that of Agresti & Min (2005). Formulas as in B.2 of the metric rules.
"""

from __future__ import annotations

from math import ceil, hypot, sqrt

from osallisuus.errors import DefinitionError, EngineError
from osallisuus.metrics.estimate.special import beta_quantile, normal_quantile, tail
from osallisuus.metrics.estimate.value import Estimate, Interval

__all__ = ["clopper_pearson", "matched_difference", "newcombe", "people_needed", "wilson"]

_ROUNDING = 1e-12
"""What a computed number of people may lie above a whole one by rounding alone."""


def wilson(k: int, n: int, confidence: float = 0.95) -> Interval | None:
    """Wilson's interval for *k* of *n*; ``None`` where *n* is 0 and there is no share (rule z).

    The bounds are the two roots of one quadratic. The bound nearer to its end of [0, 1] is taken
    from the product of the roots, so that it keeps its digits and is exactly 0 or 1 at the end.
    """
    _check(k, n)
    z = normal_quantile(1 - tail(confidence))
    if n == 0:
        return None
    low, high = _wilson_lower_half(min(k, n - k), n, z)
    return Interval(low, high) if 2 * k <= n else Interval(1 - high, 1 - low)


def clopper_pearson(k: int, n: int, confidence: float = 0.95) -> Interval | None:
    """The exact binomial interval for *k* of *n*; ``None`` where *n* is 0.

    ``B(a; k, n-k+1)`` to ``B(1-a; k+1, n-k)`` with B the beta quantile, a one tail; 0 and 1 are
    exact at the ends.
    """
    _check(k, n)
    outside = tail(confidence)
    if n == 0:
        return None
    low = beta_quantile(outside, k, n - k + 1) if k else 0.0
    high = beta_quantile(1 - outside, k + 1, n - k) if k < n else 1.0
    return Interval(low, high)


def newcombe(k1: int, n1: int, k2: int, n2: int, confidence: float = 0.95) -> Interval | None:
    """The interval of ``k1/n1 - k2/n2`` from both Wilson intervals; ``None`` where a *n* is 0."""
    first, second = wilson(k1, n1, confidence), wilson(k2, n2, confidence)
    if first is None or second is None:
        return None
    p1, p2 = k1 / n1, k2 / n2
    difference = p1 - p2
    return Interval(
        difference - hypot(p1 - first.low, second.high - p2),
        difference + hypot(first.high - p1, p2 - second.low),
    )


def matched_difference(plus: int, minus: int, n: int, confidence: float = 0.95) -> Estimate:
    """``(plus - minus) / n`` where *n* people may each count on one of the two sides.

    Standard error ``√((p₊ + p₋ - (p₊ - p₋)²) / n)`` (O2). The interval adds half a person to
    each cell of the two answers' table, n becoming n + 2, and is kept within [-1, 1]: it has a
    width even where nobody, or everybody, is on one side. *n* must be 1 or more.
    """
    _check(plus, n)
    _check(minus, n - plus)
    z = normal_quantile(1 - tail(confidence))
    value = (plus - minus) / n
    middle = (plus - minus) / (n + 2)
    reach = z * _matched_std_err(plus + 0.5, minus + 0.5, n + 2)
    return Estimate(
        value,
        _matched_std_err(plus, minus, n),
        max(-1.0, middle - reach),
        min(1.0, middle + reach),
        "Agresti-Min",
    )


def people_needed(k: int, n: int, confidence: float = 0.95, part: float = 0.5) -> int | None:
    """How many people would make Wilson's interval *part* as wide, the share staying ``k/n``.

    "How sure could we be": *part* 0.5 halves the interval. With the width ``W`` looked for and
    ``v = p (1 - p)``, N is the larger root of the quadratic ``W² (N + z²)² = z² (4 v N + z²)``.
    ``None`` where *n* is 0.
    """
    if not 0 < part <= 1:
        raise DefinitionError("a part lies between 0 and 1", where="part", remedy="0.5")
    interval = wilson(k, n, confidence)
    if interval is None:
        return None
    squared = normal_quantile(1 - tail(confidence)) ** 2
    width = part * (interval.high - interval.low)
    spread = 4 * k * (n - k) / (n * n)
    # with u = N + z²: W² u² - z² s u - z⁴ (1 - s) = 0, s = 4 v
    linear, rest = squared * spread, squared * squared * (1 - spread)
    u = (linear + sqrt(linear * linear + 4 * width * width * rest)) / (2 * width * width)
    return ceil(u - squared - _ROUNDING * u)


def _matched_std_err(plus: float, minus: float, n: int) -> float:
    return sqrt(max(0.0, plus + minus - (plus - minus) ** 2 / n)) / n


def _wilson_lower_half(k: int, n: int, z: float) -> Interval:
    """The interval for ``k <= n/2``."""
    width = n + z * z
    high = (k + z * z / 2 + z * sqrt(k * (n - k) / n + z * z / 4)) / width
    return Interval(k * k / (n * width * high), high)


def _check(k: int, n: int) -> None:
    if not 0 <= k <= n:
        raise EngineError(
            "a share needs 0 <= k <= n",
            where="tabulation",
            remedy="count the numerator among the cases of the denominator",
        )
