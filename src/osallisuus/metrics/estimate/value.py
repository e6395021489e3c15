"""What an estimator answers: an estimate, an interval, and why one is missing."""

from __future__ import annotations

from typing import NamedTuple

from osallisuus.values import frozen

__all__ = ["Estimate", "Interval"]


class Interval(NamedTuple):
    """The two bounds of a two-sided interval, in the unit of what they bound."""

    low: float
    high: float


@frozen
class Estimate:
    """One number with its standard error and interval.

    ``None`` means that the part is not defined; ``notes`` says why, as codes such as
    ``one_cluster``, ``few_clusters``, ``no_variation``.
    """

    value: float
    std_err: float | None = None
    low: float | None = None
    high: float | None = None
    method: str = ""
    """How the interval was made, such as ``t`` or ``logit t``."""
    notes: tuple[str, ...] = ()
