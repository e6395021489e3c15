"""Who is in which state by day, and the curve of one state as its reader may see it."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter

from attrs import evolve

from osallisuus.metrics.estimate.curve import Curve, Point
from osallisuus.metrics.estimate.flow import Flow
from osallisuus.metrics.kinds.lines import hidden_draw
from osallisuus.metrics.kinds.proportion import share
from osallisuus.metrics.metric import Draw, Label, Tally, Thinning
from osallisuus.values import frozen

__all__ = ["Occupancy", "StateLine"]


@frozen
class StateLine:
    """The curve of one state in one part."""

    name: str
    part: str | None
    state: str
    curve: Curve
    occupied: Occupancy
    watched: tuple[Tally, ...]
    confidence: float

    def draws(self, grid: Thinning | None, *, came: bool) -> list[Draw]:
        """All points, or those on the grid; *came*: whether anybody ever was in the state."""
        if grid is None:
            return [self._draw(point) for point in self.curve.points]
        days = grid.days.get(self.part or "", ())
        shown = any(grid.rounded(self.occupied.on(day)[self.state]) for day in days)
        if not shown and (came or grid.base is not None):
            # "nobody" on the days that may be shown would deny those who came
            return [hidden_draw(self.name, "proportion")]
        return [self._share(day, grid) for day in days]

    def _draw(self, point: Point) -> Draw:
        inside = self.occupied.on(point.day)
        return Draw(
            name=self.name,
            measure="proportion",
            at=point.day,
            value=point.value,
            low=point.low,
            high=point.high,
            std_err=point.std_err,
            k=inside[self.state],
            n=self.occupied.entered,
            at_risk=inside.total(),
            method="aalen_johansen",
            notes=self.curve.notes,
            tallies=self._tallies(point.day, inside),
            watched=self.watched,
        )

    def _share(self, day: int, grid: Thinning) -> Draw:
        """The share in the state of those who are still observed on *day*, as it may leave."""
        inside = self.occupied.on(day)
        draw = share(
            self.name,
            inside[self.state],
            inside.total(),
            confidence=self.confidence,
            tallies=self._tallies(day, inside),
            grid=grid,
        )
        return evolve(draw, at=day, at_risk=draw.n, watched=self.watched)

    def _tallies(self, day: int, inside: Counter[str]) -> tuple[Tally, ...]:
        observed: Label = ("observed", self.part, day)
        return (
            Tally(("in", self.part, self.state, day), inside[self.state], within=observed),
            Tally(observed, inside.total()),
        )


class Occupancy:
    """How many are in each state, by day; who was last seen on a day was there on it."""

    def __init__(self, flow: Flow) -> None:
        self.entered = flow.entered
        self._days: list[int] = []
        self._on: list[Counter[str]] = []
        self._after: list[Counter[str]] = []
        for step in flow.steps():
            self._days.append(step.day)
            self._after.append(Counter(step.after))
            self._on.append(Counter(step.after) + Counter(step.censored))

    def on(self, day: int) -> Counter[str]:
        """Who is where at the end of *day*, after its moves."""
        place = bisect_right(self._days, day) - 1
        if place < 0:
            return Counter()
        return self._on[place] if self._days[place] == day else self._after[place]
