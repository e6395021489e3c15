"""How late facts are written down, and how much of the latest months is in (metric D2).

What happened last month and is not written down yet is not there to be counted, so that the
latest months always look like a decline. The delay is read backwards in time instead: of the
rows with a delay of at most u, how many took all of u (Lagakos, Barraj & De Gruttola 1988)?
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from math import exp, fsum, sqrt

from osallisuus.errors import EngineError
from osallisuus.metrics.estimate.curve import Curve, Point, exact_bound, log_log
from osallisuus.metrics.estimate.special import normal_quantile, tail
from osallisuus.metrics.estimate.value import Estimate

__all__ = ["LagRow", "completeness", "nowcast", "reporting_delay"]

LagRow = tuple[int, int, int]
"""Age of the period in days (the longest delay that all its rows could show by now), delay in
days, number of rows."""


def reporting_delay(
    rows: Iterable[LagRow], confidence: float = 0.95, longest: int | None = None
) -> Curve:
    """The share of facts written down within each number of days, F(d), from a LAG table.

    ``F(d) = Π_{u>d} (1 - n(u) / N(u))`` with n(u) the rows of delay u and N(u) those of delay u
    or less, both from periods old enough for u (B.3). It is the share of those that come within
    *longest* days at all, by default the longest delay seen. Greenwood's standard error, log-log
    interval; at the longest delay F is 1, with the exact binomial lower bound.

    Where all rows of a risk set have the same, longest delay, shorter ones cannot be told: the
    curve begins there, note ``risk_set_emptied``; choose a shorter *longest* delay. A curve
    without points says that no period is old enough.
    """
    cells = _cells(rows, longest)
    delays = sorted({delay for _, delay in cells}, reverse=True)
    points: list[Point] = []
    share, greenwood = 1.0, 0.0
    notes: tuple[str, ...] = ()
    for delay in delays:
        same, upto = _risk_set(cells, delay)
        std_err = share * sqrt(greenwood)
        low, high = (
            log_log(share, std_err, confidence)
            if greenwood
            else (exact_bound(upto, confidence), 1.0)
        )
        points.append(Point(delay, upto, same, share, std_err, low, high))
        if same == upto:
            if delay > min(delays):
                notes = ("risk_set_emptied",)
            break
        share *= (upto - same) / upto
        greenwood += same / (upto * (upto - same))
    points.reverse()
    risk = tuple((point.day - 1, point.at_risk) for point in points)
    method = "reverse-time product, Greenwood, log-log"
    return Curve(tuple(points), risk, confidence, method, notes=notes)


def completeness(delays: Curve, youngest: int, oldest: int) -> Estimate | None:
    """How much of a period is in whose days are *youngest* to *oldest* days old by now.

    The mean of F over these ages, as if as much happened on each day; its bounds are the means
    of the bounds, since the errors of one curve go together. *delays* is what
    :func:`reporting_delay` answers. ``None`` where F is not known for one of the ages.
    """
    if not 0 <= youngest <= oldest:
        raise EngineError(
            "a period has ages of 0 days and more, the youngest first",
            where="completeness",
            remedy="count the days from each day of the period to the day of the figures",
        )
    if not delays.points:
        return None
    within = [delays.at(age) for age in range(youngest, oldest + 1)]
    known = [point for point in within if point is not None]
    # before the first point nothing is in yet, unless the curve could not be followed there
    if len(known) < len(within) and delays.notes:
        return None
    days = len(within)

    def mean(values: Iterable[float | None]) -> float:
        return fsum(value or 0.0 for value in values) / days

    return Estimate(
        value=mean(point.value for point in known),
        std_err=mean(point.std_err for point in known),
        low=mean(point.low for point in known),
        high=mean(point.high for point in known),
        method=delays.method,
    )


def nowcast(reported: int, complete: Estimate, confidence: float = 0.95) -> Estimate | None:
    """How many rows a period will have, from those *reported* and how *complete* it is.

    ``n / F`` with variance ``(1 - F) / n + se² / F²`` on the log scale: what is still to come is
    chance, and F is an estimate. Never less than what is in already. ``None`` where nothing is
    in yet or nothing could be.
    """
    z = normal_quantile(1 - tail(confidence))
    share = complete.value
    if not reported or not share:
        return None
    value = reported / share
    spread = sqrt((1 - share) / reported + ((complete.std_err or 0.0) / share) ** 2)
    factor = exp(z * spread)
    low = max(float(reported), value / factor)
    return Estimate(value, value * spread, low, value * factor, "log normal")


def _cells(rows: Iterable[LagRow], longest: int | None) -> Counter[tuple[int, int]]:
    """Rows by (age, delay), without those whose delay not all rows of the period could show."""
    cells: Counter[tuple[int, int]] = Counter()
    for age, delay, n in rows:
        if delay < 0 or n < 0:
            raise EngineError(
                "a delay or a number of rows is negative",
                where="table LAG",
                remedy="report facts written down before they happened as a finding",
            )
        if n and delay <= age and (longest is None or delay <= longest):
            cells[age, delay] += n
    return cells


def _risk_set(cells: Counter[tuple[int, int]], delay: int) -> tuple[int, int]:
    """Rows of exactly this delay, and of this or less, in periods old enough for it."""
    same = sum(n for (age, u), n in cells.items() if age >= delay == u)
    upto = sum(n for (age, u), n in cells.items() if age >= delay >= u)
    return same, upto
