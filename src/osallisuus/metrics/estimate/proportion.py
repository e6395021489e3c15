"""Shares: ``k`` of ``n`` with their intervals, and the difference of two shares.

Wilson (1927) is the default; Clopper & Pearson (1934) is the exact, conservative one; a
difference has Newcombe's (1998) method 10. Formulas as in B.2 of the metric rules.
"""

from __future__ import annotations

from math import hypot, sqrt

from osallisuus.errors import EngineError
from osallisuus.metrics.estimate.special import beta_quantile, normal_quantile, tail
from osallisuus.metrics.estimate.value import Interval

__all__ = ["clopper_pearson", "newcombe", "wilson"]


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
