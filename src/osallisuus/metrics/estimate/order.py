"""Quantiles of numbers that are all known, from a HISTOGRAM, by order statistics (B.2)."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from itertools import accumulate

from osallisuus.errors import DefinitionError, EngineError
from osallisuus.metrics.estimate.special import incomplete_beta, tail
from osallisuus.metrics.estimate.value import Estimate

__all__ = ["sample_quantile"]

_TIE = 1e-9


def sample_quantile(
    histogram: Iterable[tuple[int, int]], q: float = 0.5, confidence: float = 0.95
) -> Estimate | None:
    """The value that a part *q* of the cases does not exceed; ``None`` without cases.

    *histogram* holds pairs (value, number of cases) in any order. Where exactly that part lies
    at or below a value, the middle between it and the next one is taken, as for curves.

    The interval goes from the j-th to the k-th smallest value with ``P(X < j)`` and
    ``P(X >= k)`` at most one tail each, X ~ binomial(n, q): it holds whatever the distribution.
    Where no value is extreme enough, that end is open: ``low`` or ``high`` is ``None``, note
    ``open_low`` or ``open_high``.
    """
    outside = tail(confidence)
    if not 0 < q < 1:
        raise DefinitionError("a quantile lies between 0 and 1", where="quantile", remedy="0.5")
    counts: dict[int, int] = {}
    for value, cases in histogram:
        if cases < 0:
            raise EngineError(
                "a histogram holds a negative number",
                where="table HISTOGRAM",
                remedy="count the cases of each value",
            )
        counts[value] = counts.get(value, 0) + cases
    values = sorted(value for value, cases in counts.items() if cases)
    upto = list(accumulate(counts[value] for value in values))
    if not upto:
        return None

    def smallest(rank: int) -> int:
        return values[bisect_left(upto, rank)]

    n = upto[-1]
    below, above = _ranks(n, q, outside)
    notes = ("open_low",) * (below is None) + ("open_high",) * (above is None)
    return Estimate(
        _middle(values, upto, q * n),
        low=None if below is None else smallest(below),
        high=None if above is None else smallest(above),
        method="order statistics",
        notes=notes,
    )


def _middle(values: list[int], upto: list[int], wanted: float) -> float:
    """The first value with at least *wanted* cases up to it; between two, their middle."""
    place = next(i for i, cases in enumerate(upto) if cases >= wanted - _TIE)
    if abs(upto[place] - wanted) <= _TIE and place + 1 < len(values):
        return (values[place] + values[place + 1]) / 2
    return values[place]


def _ranks(n: int, q: float, outside: float) -> tuple[int | None, int | None]:
    """The largest j with P(X < j) and the smallest k with P(X >= k) at most *outside*."""

    def at_least(rank: int) -> float:
        """``P(X >= rank)``, for ranks from 1 to n."""
        return incomplete_beta(rank, n - rank + 1, q)

    ranks = range(1, n + 1)
    # P(X < j) grows with j; P(X >= k) falls with k
    j = bisect_left(ranks, True, key=lambda rank: 1 - at_least(rank) > outside)
    k = bisect_left(ranks, True, key=lambda rank: at_least(rank) <= outside) + 1
    return j or None, k if k <= n else None
