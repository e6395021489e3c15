"""What comes to a person again and again: the mean cumulative function (metrics A3, E1, S4).

Hours received, encounters, episodes. Everybody who is observed stays in the denominator, also
after leaving a programme; else the dose of those who stay would pass for that of all.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from math import exp, fsum, sqrt

from osallisuus.errors import EngineError
from osallisuus.metrics.estimate.curve import Curve, Point, Risk, at_risk_on
from osallisuus.metrics.estimate.flow import Flow, FlowRow
from osallisuus.metrics.estimate.special import t_quantile, tail
from osallisuus.metrics.estimate.student import FEWEST_CLUSTERS
from osallisuus.values import frozen

__all__ = ["Amounts", "mean_cumulative"]

_WIDEST = 500.0
"""Beyond this half width on the log scale exp() would overflow."""


@frozen
class Amounts:
    """Who is observed, and how much came to them by day; build one with :meth:`of`.

    Tables of disjoint persons are merged by ``+``.
    """

    flow: Flow = Flow()
    """Entries under observation and ends of it, all in one state."""
    by_day: tuple[tuple[int, int], ...] = ()
    """Pairs (day, sum of the amounts of that day), ascending, in a whole unit such as minutes."""

    @classmethod
    def of(cls, rows: Iterable[FlowRow]) -> Amounts:
        """The table of weighted FLOW *rows*: a move from a state to itself is an amount.

        Such a row is (day, state, state, amount); all others are as in a
        :class:`~osallisuus.metrics.estimate.flow.Flow`. An
        :class:`~osallisuus.errors.EngineError` says when an amount is negative or comes on a
        day on which nobody is observed, and when there is more than one state.
        """
        sums: Counter[int] = Counter()
        moves: list[FlowRow] = []
        for row in rows:
            day, from_state, to_state, amount = row
            if from_state != to_state:
                moves.append(row)
            elif amount < 0:
                _refuse("an amount is negative")
            else:
                sums[day] += amount
        flow = Flow.of(moves)
        if len(flow.states) > 1:
            _refuse("a person is observed in more than one state")
        risk = _risk(flow)
        if any(amount and not at_risk_on(risk, day) for day, amount in sums.items()):
            _refuse("an amount comes on a day on which nobody is observed")
        return cls(flow, tuple(sorted((day, amount) for day, amount in sums.items() if amount)))

    def __add__(self, other: Amounts) -> Amounts:
        return _sum((self, other))


def mean_cumulative(parts: Sequence[Amounts], confidence: float = 0.95) -> Curve:
    """The mean amount per person up to each day, whoever is still observed (Nelson 1995).

    ``M(t) = Σ ΔN(u) / Y(u)``. Each of *parts* is the table of one person, or of one group of
    persons; the standard error is robust to how they differ: the root of the sum over parts of
    ``(Σ (ΔN_g(u) - Y_g(u) ΔM(u)) / Y(u))²`` (Lawless & Nadeau 1995). Interval by t with parts
    - 1 degrees of freedom on the log scale. ``events`` of a point is the amount of the day.

    Notes: ``one_cluster`` (no interval), ``few_clusters``. Before anything came the upper bound
    is undefined; so is the interval where the same came to all.
    """
    outside = tail(confidence)
    whole = _sum(parts)
    risk = _risk(whole.flow)
    came: dict[int, list[tuple[int, int]]] = defaultdict(list)
    moves: list[tuple[int, int, int]] = []
    for g, part in enumerate(parts):
        moves += [(day, g, after) for day, after in _risk(part.flow)]
        for day, amount in part.by_day:
            came[day].append((g, amount))
    moves.sort(reverse=True)
    notes: tuple[str, ...] = ("few_clusters",) if len(parts) < FEWEST_CLUSTERS else ()
    t = 0.0
    if len(parts) < 2:
        notes = ("one_cluster",)
    else:
        t = t_quantile(1 - outside, len(parts) - 1)
    points = [_point(0, at_risk_on(risk, 0), 0, 0.0, 0.0, t)]
    total, influence, inside = 0.0, [0.0 for _ in parts], [0 for _ in parts]
    for day, amount in whole.by_day:
        at_risk = at_risk_on(risk, day)
        step = amount / at_risk
        total += step
        while moves and moves[-1][0] < day:
            _, g, after = moves.pop()
            inside[g] = after
        own = [0 for _ in parts]
        for g, part_amount in came[day]:
            own[g] = part_amount
        influence = [
            before + (came_to - observed * step) / at_risk
            for before, came_to, observed in zip(influence, own, inside, strict=True)
        ]
        std_err = sqrt(fsum(part * part for part in influence))
        points.append(_point(day, at_risk, amount, total, std_err, t))
    if len(points) > 1 and points[1].day == 0:
        del points[0]
    method = "mean cumulative function, robust, log t"
    return Curve(tuple(points), risk, confidence, method, notes=notes)


def _sum(parts: Sequence[Amounts]) -> Amounts:
    """The table of all parts together, in one pass."""
    sums: Counter[int] = Counter()
    for part in parts:
        for day, amount in part.by_day:
            sums[day] += amount
    rows = [row for part in parts for row in part.flow.rows]
    flow = Flow.of(rows, sum(part.flow.n_collapsed for part in parts))
    return Amounts(flow, tuple(sorted(sums.items())))


def _point(day: int, at_risk: int, amount: int, value: float, std_err: float, t: float) -> Point:
    """One point; *t* is 0 where there is no interval."""
    low: float | None = None
    high: float | None = None
    if t and not value:
        low = 0.0
    elif t and std_err:
        spread = exp(min(t * std_err / value, _WIDEST))
        low, high = value / spread, value * spread
    return Point(day, at_risk, amount, value, std_err if t else None, low, high)


def _risk(flow: Flow) -> Risk:
    """At risk after each day on which somebody comes or goes."""
    return tuple((step.day, sum(step.after.values())) for step in flow.steps())


def _refuse(problem: str) -> None:
    raise EngineError(
        problem,
        where="table FLOW, weighted",
        remedy="let each person be observed from entry to the last known day, in one state",
    )
