"""How far a share can be trusted: the ratio by hand, the unknown cases, and how many people it
would take to know better (metric reference E.4, E.6, E.7).

All refuse a hidden or undefined figure with :class:`~osallisuus.errors.UndefinedFigure`, and one
that is no share of counted cases.
"""

from __future__ import annotations

from typing import Final

from osallisuus.errors import UndefinedFigure
from osallisuus.metrics.estimate.missing import bounds_under_missing, tipping_point
from osallisuus.metrics.estimate.proportion import people_needed
from osallisuus.metrics.plain import PlainFigure
from osallisuus.values import frozen

__all__ = [
    "BY_TIME",
    "Sensitivity",
    "naive_share",
    "needed_to_halve",
    "sensitivity",
    "unknown_cases",
]

BY_TIME: Final = ("aalen_johansen", "kaplan_meier")
"""Methods that reckon with cases that are still open; these are among the ``n`` of a figure."""


@frozen(kw_only=True)
class Sensitivity:
    """What a share would be if the unknown cases were known (all values are shares in [0, 1])."""

    low: float
    """All unknown are a no."""
    high: float
    """All unknown are a yes."""
    unknown: int
    """How many cases are unknown."""
    target: float | None = None
    """The share that it is compared with; ``None`` where it is compared with none."""
    needed: int | None = None
    """How many of the unknown must be a yes to come up to *target*; ``None``: all are too few."""


def naive_share(figure: PlainFigure) -> float | None:
    """``k / n`` where the method is by time and that differs; ``None`` where nobody would err."""
    value = float(figure)
    if figure.method not in BY_TIME or figure.at is not None:
        return None
    if figure.k is None or not figure.n:
        return None
    plain = figure.k / figure.n
    return None if abs(plain - value) < 1e-9 else plain  # the same but for rounding of floats


def unknown_cases(figure: PlainFigure) -> int | None:
    """How many cases have no known outcome; ``None`` where the figure does not tell."""
    if figure.censored is None or figure.n is None:
        return None
    if figure.method in BY_TIME:
        return round(figure.censored * figure.n)
    if figure.censored >= 1:
        return None
    return round(figure.censored * figure.n / (1 - figure.censored))


def sensitivity(figure: PlainFigure, other: PlainFigure | None = None) -> Sensitivity:
    """Worst and best value of a share, and what it takes to come up to that of *other*."""
    k, n = _counted(figure)
    unknown = unknown_cases(figure)
    if unknown is None:
        raise UndefinedFigure(
            f"{figure.provenance.metric}: the figure does not say how many are unknown",
            remedy="ask register.measure(...), for those who may see the facts",
        )
    known = n - unknown if figure.method in BY_TIME else n
    bounds = bounds_under_missing(k, known, unknown)
    if bounds is None:
        raise _no_share(figure)
    target = None if other is None else float(other)
    needed = None if target is None else tipping_point(k, known, unknown, target)
    return Sensitivity(
        low=bounds.low, high=bounds.high, unknown=unknown, target=target, needed=needed
    )


def needed_to_halve(figure: PlainFigure) -> int:
    """About how many people would halve the interval, if the share stayed as it is (E.7).

    By Wilson's interval at the observed share; a share of repeated events, which is clustered by
    person, is counted in persons.
    """
    value = float(figure)
    n = figure.persons if figure.method == "clustered_ratio" else figure.n
    if figure.measure != "proportion" or n is None:
        raise _no_share(figure)
    needed = people_needed(round(value * n), n, figure.provenance.confidence)
    if needed is None:
        raise _no_share(figure)
    return needed


def _counted(figure: PlainFigure) -> tuple[int, int]:
    float(figure)  # refuses what is hidden or undefined
    if figure.measure != "proportion" or figure.k is None or figure.n is None:
        raise _no_share(figure)
    return figure.k, figure.n


def _no_share(figure: PlainFigure) -> UndefinedFigure:
    return UndefinedFigure(
        f"{figure.provenance.metric}: the figure {figure.name!r} is no share of counted cases",
        remedy="ask a share that shows its k of n",
    )
