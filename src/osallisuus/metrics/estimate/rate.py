"""Events per exposure: Garwood's (1936) exact Poisson interval, and when it would claim too much."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import evolve

from osallisuus.errors import EngineError
from osallisuus.metrics.estimate.ratio import Moments, ratio
from osallisuus.metrics.estimate.special import gamma_quantile, tail
from osallisuus.metrics.estimate.value import Estimate, Interval

__all__ = ["MOST_DISPERSION", "event_rate", "garwood", "overdispersion"]

MOST_DISPERSION = 1.5
"""Above it units differ by more than chance, and the interval goes by unit (metric E1)."""


def garwood(events: int, exposure: float, confidence: float = 0.95) -> Interval | None:
    """The interval of ``events / exposure``, per unit of *exposure*; ``None`` without exposure.

    ``G(a; x) / T`` to ``G(1-a; x+1) / T`` with G the gamma quantile and *a* one tail; no event
    still has an upper bound (B.2).
    """
    _check(events, exposure)
    outside = tail(confidence)
    if exposure == 0:
        return None
    low = gamma_quantile(outside, events) if events else 0.0
    return Interval(low / exposure, gamma_quantile(1 - outside, events + 1) / exposure)


def overdispersion(units: Iterable[tuple[int, int]]) -> float | None:
    """φ of *units* (peers, groups, weeks), each its (events, exposure): Pearson's χ² / df.

    ``Σ (y - r x)² / (r x) / (n - 1)`` with r the rate of all; 1 where units differ as chance
    makes them. ``None`` for fewer than two units with exposure, and without any event.
    """
    exposed = _exposed(units)
    events = sum(y for y, _ in exposed)
    if len(exposed) < 2 or not events:
        return None
    rate = events / sum(x for _, x in exposed)
    return sum((y - rate * x) ** 2 / (rate * x) for y, x in exposed) / (len(exposed) - 1)


def event_rate(units: Iterable[tuple[int, int]], confidence: float = 0.95) -> Estimate | None:
    """The events per exposure of all *units*, each its (events, exposure); ``None`` without any.

    Exact Poisson; where φ is above 1.5 the events come in bunches and the interval is that of a
    ratio clustered by unit, with the note ``overdispersed`` (metric E1).
    """
    exposed = _exposed(units)
    events, exposure = sum(y for y, _ in exposed), sum(x for _, x in exposed)
    interval = garwood(events, exposure, confidence)
    if interval is None:
        return None
    if (overdispersion(exposed) or 0) > MOST_DISPERSION:
        moments = sum((Moments.single(x, y) for y, x in exposed), Moments())
        clustered = ratio(moments, confidence, share=False, positive=True)
        return clustered and evolve(clustered, notes=(*clustered.notes, "overdispersed"))
    return Estimate(events / exposure, None, *interval, "Poisson exact")


def _exposed(units: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The units with any exposure; events without it are an error of the tabulation."""
    exposed = []
    for events, exposure in units:
        _check(events, exposure)
        if exposure:
            exposed.append((events, exposure))
        elif events:
            raise EngineError(
                "a unit has events and no exposure",
                where="table EXPOSURE",
                remedy="check the spells that make the exposure",
            )
    return exposed


def _check(events: int, exposure: float) -> None:
    if events < 0 or exposure < 0:
        raise EngineError(
            "a rate needs events and exposure of 0 or more",
            where="tabulation",
            remedy="check the spells that make the exposure",
        )
