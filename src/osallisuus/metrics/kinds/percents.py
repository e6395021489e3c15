"""Shares as outsiders see them: in whole percents, since more digits would tell the counts."""

from __future__ import annotations

from attrs import evolve

from osallisuus.metrics.metric import Draw, Thinning

__all__ = ["in_percents"]


def in_percents(draw: Draw, grid: Thinning | None) -> Draw:
    """*draw* with its share, or difference of shares, in whole percents where *grid* rounds."""
    if grid is None or grid.base is None:
        return draw
    value = None if draw.value is None else round(draw.value, 2)
    low = None if draw.low is None else round(draw.low, 2)
    high = None if draw.high is None else round(draw.high, 2)
    return evolve(draw, value=value, low=low, high=high, std_err=None)
