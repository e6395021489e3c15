"""Events per exposure with Garwood's (1936) exact Poisson interval (B.2)."""

from __future__ import annotations

from osallisuus.errors import EngineError
from osallisuus.metrics.estimate.special import gamma_quantile, tail
from osallisuus.metrics.estimate.value import Interval

__all__ = ["garwood"]


def garwood(events: int, exposure: float, confidence: float = 0.95) -> Interval | None:
    """The interval of ``events / exposure``, per unit of *exposure*; ``None`` without exposure.

    ``G(a; x) / T`` to ``G(1-a; x+1) / T`` with G the gamma quantile and *a* one tail; no event
    still has an upper bound.
    """
    if events < 0 or exposure < 0:
        raise EngineError(
            "a rate needs events and exposure of 0 or more",
            where="tabulation",
            remedy="check the spells that make the exposure",
        )
    outside = tail(confidence)
    if exposure == 0:
        return None
    low = gamma_quantile(outside, events) if events else 0.0
    return Interval(low / exposure, gamma_quantile(1 - outside, events + 1) / exposure)
