"""How many come to an outcome: what several kinds compare, or divide by (rules C, T, X)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from osallisuus.metrics.estimate.curve import Curve, Point
from osallisuus.metrics.estimate.proportion import wilson
from osallisuus.metrics.kinds.stays import Counted, Stays, curve_of
from osallisuus.metrics.kinds.thinned import thin
from osallisuus.metrics.metric import Label, Tally, Thinning

__all__ = [
    "behind",
    "expected",
    "few_others",
    "incidence",
    "share_interval",
    "stays_of",
    "steps_of",
]

_OTHERWISE = "otherwise"


def stays_of(rows: Iterable[Sequence[Any]]) -> Stays:
    """The stays of rows of days, ending (``None``: still open) and number; all begin on day 0."""
    return Stays((0, day, event, n) for day, event, n in rows)


def steps_of(rows: Iterable[Sequence[Any]], outcome: str, threshold: int) -> Thinning:
    """The few days by which the ends in *rows* (days, ending, number) may be told apart."""
    happened = [
        (day, event if event in (None, outcome) else _OTHERWISE, n)
        for day, event, n in rows
        if day is not None and day >= 0
    ]
    return Thinning(
        {"": thin([(day, event or "", n) for day, event, n in happened], threshold)},
        threshold=threshold,
    )


def incidence(counted: Counted, outcome: str, confidence: float) -> Curve:
    """The share that came to the outcome, by day, up to the last day with anybody at risk."""
    return curve_of(counted, outcome, confidence).cut()


def expected(counted: Counted, outcome: str, confidence: float) -> float:
    """How many will have come to the outcome: each one's probability, added up.

    Of who has ended it is 1 or 0. The incidence at the end of the curve gives everybody who is
    still open the chances of those who were followed longer, so the sum is the number who began
    times that incidence; where nobody is open it is the number who came.
    """
    if not counted.censored:
        return float(counted.exits(outcome))
    last = _last(counted, outcome, confidence)
    return counted.n * last.value if last is not None else 0.0


def share_interval(
    counted: Counted, outcome: str, confidence: float
) -> tuple[float | None, float | None]:
    """Of the share that comes to the outcome: Wilson's where nobody is open, else log-log."""
    if not counted.censored:
        return wilson(counted.exits(outcome), counted.n, confidence) or (None, None)
    last = _last(counted, outcome, confidence)
    return (None, None) if last is None else (last.low, last.high)


def _last(counted: Counted, outcome: str, confidence: float) -> Point | None:
    points = incidence(counted, outcome, confidence).points
    return points[-1] if points else None


def behind(stays: Stays, outcome: str, part: Label = ()) -> tuple[Tally, Tally]:
    """What a share of the outcome gives away: who came to it, and of how many."""
    entered = ("entered", *part)
    return (
        Tally(("exit", *part), stays.exits(outcome), within=entered, telling=True),
        Tally(entered, stays.n),
    )


def few_others(
    stays: Stays, outcome: str, grid: Thinning | None, part: Label = ()
) -> tuple[Tally, ...]:
    """The few who ended otherwise, or that nobody did: neither in the outcome nor still open."""
    n = stays.n - stays.exits(outcome) - stays.censored
    if grid is None or n >= grid.threshold or (not n and stays.censored in (0, stays.n)):
        return ()
    return (Tally((_OTHERWISE, *part), n, within=("entered", *part), telling=not n),)
