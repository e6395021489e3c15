"""Lag: how long it takes until something that happened is recorded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from math import sqrt
from typing import Any, ClassVar

from attrs import evolve

from osallisuus.metrics.engine import Dialect
from osallisuus.metrics.estimate.curve import Curve, exact_bound, log_log
from osallisuus.metrics.estimate.delay import completeness, reporting_delay
from osallisuus.metrics.kinds.lines import hidden_draw
from osallisuus.metrics.kinds.percents import in_hundredths, rounds
from osallisuus.metrics.metric import Draw, Label, Metric, Row, Tally, Thinning
from osallisuus.metrics.tabulate import Tabulation
from osallisuus.values import frozen

__all__ = ["Lag"]

_RECENT = 30
"""How many of the latest days are asked how complete they are."""


@frozen(kw_only=True)
class Lag(Metric):
    """The share recorded within some days, and how complete the latest days are (D2).

    ``cases`` returns ``person, happened_on, recorded_on``. What is recorded late is not here yet
    for recent days, so the delay is read backwards in time (see
    :func:`~osallisuus.metrics.estimate.delay.reporting_delay`), among what is recorded within
    *longest* days at all. Records dated before the event are left out and noted.

    Figures: ``within_<d>_days`` for each of *days*; ``median``, the days within which half is
    recorded; ``last_30_days``, the part of those days that is in by now.
    """

    kind: ClassVar[str] = "lag"
    columns: ClassVar[tuple[str, ...]] = ("person", "happened_on", "recorded_on")
    tabulation: ClassVar[Tabulation] = Tabulation("LAG", ("age", "delay"), ("n",))
    counted: ClassVar[str] = "COUNT(*)"

    days: tuple[int, ...] = (7, 30, 90)
    longest: int = 365

    def options(self) -> list[Any]:
        """See :class:`Metric`."""
        return [list(self.days), self.longest]

    def table(self, dims: Sequence[str], dialect: Dialect) -> str:
        """See :class:`Metric`: by the age of the event on the last known day, and by delay."""
        listed = "".join(f"{dim}, " for dim in dims)
        return (
            f"SELECT {listed}age, delay, COUNT(*) AS n FROM (SELECT {listed}{_AGE} AS age,"
            f" {_DELAY} AS delay FROM placed) AS lagged GROUP BY {listed}age, delay"
        )

    def draw(
        self, rows: Sequence[Row], *, confidence: float, grid: Thinning | None = None
    ) -> list[Draw]:
        """See :class:`Metric`."""
        kept = [(age, delay, n) for age, delay, n in rows if self._counts(age, delay)]
        total = sum(n for *_, n in kept)
        if not total:
            return [Draw(name=self._name(self.days[0]), measure="proportion", reason="no_cases")]
        notes = self._notes(rows)
        if grid is not None and grid.base is not None:
            drawn = [self._rounded(kept, day, confidence, grid) for day in self.days]
            drawn += [hidden_draw("median", "days"), hidden_draw(_RECENT_NAME, "proportion")]
        else:
            curve = reporting_delay(kept, confidence, self.longest)
            drawn = [self._within(curve, kept, day) for day in self.days]
            drawn += [self._median(curve, kept), self._recent(curve, kept)]
        return [evolve(draw, notes=(*draw.notes, *notes)) for draw in drawn]

    def _counts(self, age: int | None, delay: int | None) -> bool:
        """Whether it is in by now, in the right order, and within the longest delay."""
        return age is not None and delay is not None and 0 <= delay <= min(age, self.longest)

    def _notes(self, rows: Sequence[Row]) -> tuple[str, ...]:
        notes = []
        if any(delay is not None and delay < 0 for _, delay, _ in rows):
            notes.append("dates_out_of_order")
        if any(delay is not None and delay > self.longest for _, delay, _ in rows):
            notes.append("later_left_out")
        return tuple(notes)

    def _name(self, day: int) -> str:
        return f"within_{day}_days"

    def _draw(self, name: str, kept: Sequence[Row], tallies: tuple[Tally, ...] = ()) -> Draw:
        n = sum(row[2] for row in kept)
        return Draw(
            name=name,
            measure="proportion",
            n=n,
            method="reverse_time",
            tallies=(*tallies, Tally(("recorded",), n)),
        )

    def _tally(self, kept: Sequence[Row], day: int) -> Tally:
        n = sum(n for _, delay, n in kept if delay <= day)
        return Tally(("within", day), n, within=("recorded",))

    def _within(self, curve: Curve, kept: Sequence[Row], day: int) -> Draw:
        draw = self._draw(self._name(day), kept, (self._tally(kept, day),))
        if max(age for age, *_ in kept) < day:
            return evolve(draw, reason="beyond_follow_up")
        point = curve.at(day)
        if point is None:
            if curve.notes:
                return evolve(draw, reason="beyond_follow_up")
            bound = exact_bound(sum(row[2] for row in kept), curve.confidence)
            high = None if bound is None else 1 - bound
            return evolve(draw, value=0.0, low=0.0, high=high)
        return evolve(
            draw, value=point.value, low=point.low, high=point.high, std_err=point.std_err
        )

    def _median(self, curve: Curve, kept: Sequence[Row]) -> Draw:
        draw = evolve(self._draw("median", kept), measure="days")
        day = next((point.day for point in curve.points if point.value >= 0.5), None)
        if day is None or (curve.notes and day == curve.points[0].day):
            return evolve(draw, reason="beyond_follow_up")
        upto = Tally(("upto", day), sum(n for _, delay, n in kept if delay <= day))
        after = Tally(("from", day), sum(n for _, delay, n in kept if delay >= day))
        return evolve(draw, value=day, tallies=(*draw.tallies, upto, after))

    def _recent(self, curve: Curve, kept: Sequence[Row]) -> Draw:
        draw = self._draw(_RECENT_NAME, kept)
        found = completeness(curve, 0, _RECENT - 1)
        if found is None:
            return evolve(draw, reason="beyond_follow_up")
        return evolve(
            draw, value=found.value, low=found.low, high=found.high, std_err=found.std_err
        )

    def _rounded(self, kept: Sequence[Row], day: int, confidence: float, grid: Thinning) -> Draw:
        """The product over a few long steps, of counts that are each rounded by itself."""
        draw = self._draw(self._name(day), kept, (self._tally(kept, day),))
        draw = evolve(draw, n=grid.rounded(sum(row[2] for row in kept)))
        share, greenwood, smallest = 1.0, 0.0, draw.n or 0
        ends = (*self.days, self.longest)
        for begins, ends_on in reversed(tuple(pairwise(ends))):
            if begins < day:
                break
            old = [row for row in kept if row[0] >= ends_on and row[1] <= ends_on]
            upto = grid.rounded(sum(n for *_, n in old))
            same = grid.rounded(sum(n for _, delay, n in old if delay > begins))
            if same == upto:
                return evolve(draw, reason="beyond_follow_up")
            smallest = min(smallest, upto)
            share *= (upto - same) / upto
            greenwood += same / (upto * (upto - same))
        low, high = (
            log_log(share, share * sqrt(greenwood), confidence)
            if greenwood
            else (exact_bound(smallest, confidence), 1.0)
        )
        draw = evolve(draw, value=share, low=low, high=high)
        return in_hundredths(draw) if rounds(grid) else draw

    def grid(self, places: Iterable[Sequence[Row]], threshold: int) -> Thinning | None:
        """See :class:`Metric`: the steps are those of *days*, whatever the data."""
        return Thinning({}, threshold=threshold)

    def keys(self, dialect: Dialect) -> tuple[str, ...]:
        """See :class:`Metric`."""
        return (_AGE, _DELAY)

    def contributions(self, rows: Sequence[Row], grid: Thinning | None) -> Mapping[Label, int]:
        """See :class:`Metric`."""
        delays = [delay for age, delay in rows if self._counts(age, delay)]
        counts: dict[Label, int] = {("recorded",): len(delays)}
        for day in self.days:
            counts["within", day] = sum(delay <= day for delay in delays)
        return counts


_AGE = "days_between(happened_on, :last_day)"
_DELAY = "days_between(happened_on, recorded_on)"
_RECENT_NAME = f"last_{_RECENT}_days"
