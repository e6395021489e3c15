"""Many comparisons at once: Holm's (1979) correction."""

from __future__ import annotations

from collections.abc import Sequence

from osallisuus.errors import EngineError
from osallisuus.metrics.estimate.special import normal_tail, t_tail

__all__ = ["holm", "two_sided"]


def two_sided(value: float, std_err: float, df: float | None = None) -> float | None:
    """The probability of a number at least as far from 0 as *value* if it were 0 in truth.

    By Student's t with *df* degrees of freedom, or by the normal distribution without. It is a
    step towards :func:`holm`, never printed: monitoring is no trial. ``None`` where the standard
    error is 0.
    """
    if not std_err:
        return None
    size = abs(value / std_err)
    if df is None:
        return 2 * normal_tail(size)
    return 2 * t_tail(size, df)


def holm(probabilities: Sequence[float]) -> tuple[float, ...]:
    """Each of m *probabilities* as it is to be read beside the others, in their order.

    The i-th smallest is multiplied by m - i + 1, kept at least as large as the one before it and
    at most 1. Those that stay under 0.05 are differences that chance would show in fewer than
    one of twenty such lists.
    """
    if any(not 0 <= p <= 1 for p in probabilities):
        raise EngineError(
            "a probability lies between 0 and 1",
            where="comparisons",
            remedy="pass what two_sided() answers",
        )
    adjusted = [0.0 for _ in probabilities]
    largest = 0.0
    order = sorted(range(len(probabilities)), key=probabilities.__getitem__)
    for rank, place in enumerate(order):
        largest = max(largest, min(1.0, (len(order) - rank) * probabilities[place]))
        adjusted[place] = largest
    return tuple(adjusted)
