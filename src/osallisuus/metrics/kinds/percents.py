"""Two digits are all that outsiders see of a share or a mean: more would tell the counts."""

from __future__ import annotations

from typing import Any, TypeVar

from attrs import evolve

from osallisuus.metrics.estimate.value import Estimate
from osallisuus.metrics.metric import Draw, Thinning

__all__ = ["in_hundredths", "rounds"]

_Shown = TypeVar("_Shown", Draw, Estimate)


def rounds(grid: Thinning | None) -> bool:
    """Whether counts are to be rounded before anything is computed from them."""
    return grid is not None and grid.base is not None


def in_hundredths(shown: _Shown) -> _Shown:
    """*shown* with value and interval to two digits, a share in whole percents, and no error."""
    value, low, high = map(_to_two_digits, (shown.value, shown.low, shown.high))
    return evolve(shown, value=value, low=low, high=high, std_err=None)


def _to_two_digits(number: float | None) -> Any:
    return None if number is None else round(number, 2)
