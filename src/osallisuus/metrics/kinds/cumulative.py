"""Cumulative: how much a person has received by each day, whoever is still observed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar, Literal

from osallisuus.metrics.engine import Dialect
from osallisuus.metrics.estimate.flow import BEFORE_ORIGIN
from osallisuus.metrics.estimate.recurrent import Amounts, mean_cumulative
from osallisuus.metrics.kinds.lines import hidden_draw
from osallisuus.metrics.metric import Draw, Label, Metric, Row, Tally, Thinning
from osallisuus.metrics.tabulate import Tabulation
from osallisuus.values import frozen

__all__ = ["Cumulative"]

_STEP = 30
"""Days between the points of a released curve."""
_IN = "observed"


@frozen(kw_only=True)
class Cumulative(Metric):
    """The mean amount by each day since the person's own start (A3; Nelson, 1995).

    ``cases`` returns ``person, happened_on, days, amount``. A row with an amount is something that
    came on that day; the one row of a person without an amount says until which day the person
    is observed. Who has left a programme is still observed: else the amount of those who stay
    would pass for that of all. What comes later than that day is not counted. Intervals go by
    person. Figures: ``received``, on each day on which anything came.
    """

    kind: ClassVar[str] = "cumulative"
    in_one_piece: ClassVar[bool] = True
    columns: ClassVar[tuple[str, ...]] = ("person", "happened_on", "days", "amount")
    tabulation: ClassVar[Tabulation] = Tabulation(
        "FLOW", ("person", "days", "event"), ("n", "amount")
    )

    measured: Literal["mean", "hours"] = "mean"
    """What is shown: the amount itself, or minutes as hours."""

    def options(self) -> list[Any]:
        """See :class:`Metric`."""
        return [self.measured]

    def table(self, dims: Sequence[str], dialect: Dialect) -> str:
        """See :class:`Metric`: with the person as the key by which the interval is made."""
        event = "CASE WHEN amount IS NULL THEN 'observed' ELSE 'received' END"
        listed = "".join(f"{dim}, " for dim in dims)
        return (
            f"SELECT {listed}person, days, {event} AS event, COUNT(*) AS n,"
            " CAST(COALESCE(SUM(amount), 0) AS BIGINT) AS amount FROM placed"
            f" GROUP BY {listed}person, days, {event}"
        )

    def draw(
        self, rows: Sequence[Row], *, confidence: float, grid: Thinning | None = None
    ) -> list[Draw]:
        """See :class:`Metric`."""
        people = _people(rows)
        if not people:
            return [Draw(name="received", measure=self.measured, n=0, reason="no_cases")]
        if grid is not None:
            return self._coarse(list(people.values()), grid)
        curve = mean_cumulative([_amounts(*own) for own in people.values()], confidence)
        unit = 60 if self.measured == "hours" else 1

        def scaled(value: float | None) -> float | None:
            return None if value is None else value / unit

        return [
            Draw(
                name="received",
                measure=self.measured,
                at=point.day,
                value=point.value / unit,
                low=scaled(point.low),
                high=scaled(point.high),
                std_err=scaled(point.std_err),
                n=len(people),
                persons=len(people),
                at_risk=point.at_risk,
                method="mean_cumulative",
                notes=curve.notes,
            )
            for point in curve.points
        ]

    def _coarse(self, people: Sequence[_Own], grid: Thinning) -> list[Draw]:
        """A point every thirty days, from rounded sums and rounded numbers of those observed."""
        drawn: list[Draw] = []
        tallies: tuple[Tally, ...] = (Tally(("persons",), len(people)),)
        value, n = 0.0, grid.rounded(len(people))
        for window in grid.windows():
            at_risk = sum(until > window[0] for until, _ in people)
            got = sorted((_in_window(own, window) for _, own in people), reverse=True)
            receivers = sum(amount > 0 for amount in got)
            behind = (sum(got), got[0], got[1] if len(got) > 1 else 0)
            tallies += (
                Tally(("observed", window[0]), at_risk, within=("persons",)),
                Tally(("received", *window), receivers, within=("observed", window[0])),
                Tally(("amount", *window), receivers, largest=behind, additive=True),
            )
            shown = grid.rounded(at_risk)
            if not shown:
                break
            value += grid.rounded(sum(got)) / shown
            unit = 60 if self.measured == "hours" else 1
            drawn.append(
                Draw(
                    name="received",
                    measure=self.measured,
                    at=window[1],
                    value=round(value / unit, 2),
                    n=n,
                    persons=n,
                    at_risk=shown,
                    method="mean_cumulative",
                    tallies=tallies,
                )
            )
        return drawn or [hidden_draw("received", self.measured)]

    def grid(self, places: Iterable[Sequence[Row]], threshold: int) -> Thinning | None:
        """See :class:`Metric`: every thirty days, as long as several are observed in each place."""
        last = 0
        for rows in places:
            observed = sorted((until for until, _ in _people(rows).values()), reverse=True)
            if len(observed) >= threshold:
                last = max(last, observed[threshold - 1])
        return Thinning({"": tuple(range(_STEP, last + 1, _STEP))}, threshold=threshold)

    def keys(self, dialect: Dialect) -> tuple[str, ...]:
        """See :class:`Metric`."""
        return ("days", "amount")

    def contributions(self, rows: Sequence[Row], grid: Thinning | None) -> Mapping[Label, int]:
        """See :class:`Metric`."""
        until = min((days for days, amount in rows if amount is None), default=-1)
        if until < 0:
            return {}
        counts: dict[Label, int] = {("persons",): 1}
        for window in [] if grid is None else grid.windows():
            inside = sum(
                amount or 0 for days, amount in rows if window[0] < days <= min(until, window[1])
            )
            counts["observed", window[0]] = int(until > window[0])
            counts["received", *window] = int(inside > 0)
        return counts


_Own = tuple[int, dict[int, int]]
"""Until when a person is observed, and how much came on which day."""


def _people(rows: Iterable[Row]) -> dict[Any, _Own]:
    """Per person who is observed at all, in the order of persons."""
    until: dict[Any, int] = {}
    came: defaultdict[Any, Counter[int]] = defaultdict(Counter)
    for person, days, event, _, amount in rows:
        if event == "observed":
            until[person] = min(days, until.get(person, days))
        else:
            came[person][days] += amount
    return {
        person: (
            until[person],
            {
                day: amount
                for day, amount in sorted(came[person].items())
                if 0 <= day <= until[person]
            },
        )
        for person in sorted(until)
        if until[person] >= 0
    }


def _amounts(until: int, came: Mapping[int, int]) -> Amounts:
    return Amounts.of(
        [
            (BEFORE_ORIGIN, "", _IN, 1),
            (until, _IN, "", 1),
            *((day, _IN, _IN, amount) for day, amount in came.items()),
        ]
    )


def _in_window(came: Mapping[int, int], window: tuple[int, int]) -> int:
    return sum(amount for day, amount in came.items() if window[0] < day <= window[1])
