"""Figures by time of one place: points of curves, quantiles, mean days and shares.

Each is drawn from the counts that its reader may see, and says which true counts are behind it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise

from attrs import evolve

from osallisuus.metrics.estimate.curve import Curve, Point
from osallisuus.metrics.estimate.jackknife import delete_a_group
from osallisuus.metrics.estimate.summary import quantile, restricted_mean
from osallisuus.metrics.estimate.survival import kaplan_meier
from osallisuus.metrics.estimate.value import Estimate
from osallisuus.metrics.kinds.percents import in_hundredths, rounds
from osallisuus.metrics.kinds.stays import IN, Counted, Stays, curve_of
from osallisuus.metrics.kinds.thinned import Followed, ThinnedStays
from osallisuus.metrics.metric import Draw, Tally, Thinning
from osallisuus.metrics.plain import Measure

__all__ = ["QUARTILES", "Lines", "hidden_draw"]

QUARTILES = (("quarter", 0.25), ("median", 0.5), ("three_quarters", 0.75))
_AFTER = (-1, -1)
"""In the place of a step of a curve: the days after its last one."""
_TIE = 1e-9
_SHORT = 7
"""Steps of so many days are short enough to say on which day something was reached."""


class Lines:
    """The figures by time of one place; *grid* thins and rounds what they show."""

    def __init__(
        self,
        stays: Stays,
        grid: Thinning | None,
        method: str,
        confidence: float,
        clusters: Sequence[Stays] = (),
    ) -> None:
        self.stays = stays
        self.grid = grid
        self.method = method
        self.confidence = confidence
        self.clusters = clusters if grid is None else ()
        self.shown: Counted = stays if grid is None else ThinnedStays(stays, grid)
        self.entered = Tally(("entered",), stays.n)
        self.open = Tally(("open",), stays.censored) if stays.censored else None
        self.censored = self.shown.censored / self.shown.n if self.shown.n else None

    def curve(self, event: str | None) -> Curve:
        """The incidence of *event*, or without it who stays, as far as it may be seen."""
        return curve_of(self.shown, event, self.confidence, self.clusters)

    def points(self, name: str, curve: Curve) -> list[Draw]:
        """The curve's points: all of them, or those on the days that may be seen."""
        if self.grid is None:
            stepped = [point for point in curve.points if point.events or point.day == 0]
            return [self._point(name, curve, point) for point in stepped]
        days = self.grid.days.get("", ())
        between = self._between(self.grid)
        if not days:
            # a first point alone would say that nobody moved
            return [hidden_draw(name, "proportion")]
        points = filter(None, map(curve.at, dict.fromkeys((0, *days))))
        behind = {day: self._upto(day, self.grid) for day in days}
        return [
            self._point(name, curve, point, behind.get(point.day, ()), between) for point in points
        ]

    def quantile(self, name: str, q: float, survival: Curve) -> Draw:
        """The day by which the share *q* is no longer counted by the falling curve *survival*."""
        draw = self._of_days(name)
        if self.grid is None:
            found = quantile(survival, q)
            behind = (*draw.tallies, *self._sides(found.day))
            reason = "not_reached" if found.day is None else ""
            return evolve(
                draw, value=found.day, low=found.low, high=found.high, tallies=behind, reason=reason
            )
        # its bounds would be the days of single people; in a long step it says too little
        days = [0, *self.grid.days.get("", ())]
        reached = [day for day in days[1:] if _value(survival, day) <= 1 - q + _TIE]
        day = reached[0] if reached else 0
        begins = max((other for other in days if other < day), default=0)
        if not reached or day - begins > max(_SHORT, day / 5):
            return hidden_draw(name, "days")
        return evolve(
            draw,
            value=float(day),
            notes=(*draw.notes, "at_the_latest"),
            tallies=(*draw.tallies, *self._sides(day)),
        )

    def mean_days(self, name: str, until: int, survival: Curve) -> Draw:
        """The mean number of days counted by the falling curve *survival* within *until* days."""
        draw = self._of_days(name)
        if self.grid is not None:
            days = self.grid.days.get("", ())
            beyond = not days or (days[-1] < until and _value(survival, days[-1]) > 0)
            estimate = None if beyond else restricted_mean(survival, until)
            if estimate is None:
                return hidden_draw(name, "days")
            behind = (*draw.tallies, *self._upto(days[-1], self.grid))
            watched = self._between(self.grid)
            rounded = _whole(_between_points(estimate, survival, until))
            return evolve(_with(draw, rounded), tallies=behind, watched=watched)
        estimate = restricted_mean(survival.cut(), until)
        if estimate is None:
            return evolve(draw, reason="beyond_follow_up")
        if self.clusters:
            parts = [part.flow() for part in self.clusters]
            clustered = delete_a_group(
                parts,
                lambda flow: _restricted(kaplan_meier(flow, IN), until),
                self.confidence,
                span="positive",
            )
            return _with(evolve(draw, method="jackknife"), clustered or estimate)
        return _with(draw, estimate)

    def _of_days(self, name: str) -> Draw:
        return Draw(
            name=name,
            measure="days",
            n=self.shown.n,
            censored=self.censored,
            method=self.method,
            notes=self.shown.notes,
            tallies=(self.entered,),
            open=self.open,
        )

    def _point(
        self,
        name: str,
        curve: Curve,
        point: Point,
        tallies: tuple[Tally, ...] = (),
        watched: tuple[Tally, ...] = (),
    ) -> Draw:
        exact = self.grid is None
        draw = Draw(
            name=name,
            measure="proportion",
            at=point.day,
            value=point.value,
            low=point.low,
            high=point.high,
            std_err=point.std_err if exact else None,
            n=self.shown.n,
            # in a thinned curve it would tell of the days that are left out
            at_risk=point.at_risk if exact else None,
            censored=self.censored,
            method=self.method,
            notes=(*curve.notes, *self.shown.notes),
            tallies=tallies or (self.entered,),
            watched=watched,
            open=self.open,
        )
        return in_hundredths(draw) if rounds(self.grid) else draw

    # What a figure gives away ----------------------------------------------------------------

    def _sides(self, day: float | None) -> tuple[Tally, ...]:
        """How many had left by the day of a quantile, and how many had not before it (D.1.4)."""
        if day is None:
            return ()
        upto = sum(n for _, at, event, n in self.stays.rows if event and at <= day)
        after = sum(n for _, at, _, n in self.stays.rows if at >= day)
        return Tally(("upto", day), upto), Tally(("from", day), after)

    @cached_property
    def followed(self) -> Followed:
        """How many are followed, by day."""
        return Followed(self.stays)

    @cached_property
    def steps(self) -> dict[str, Counter[tuple[int, int]]]:
        """Per event, and "" for those last seen, how many in each step of the curve."""
        known = () if self.grid is None else self.grid.names
        steps: dict[str, Counter[tuple[int, int]]] = {event: Counter() for event in ("", *known)}
        for (day, event), n in self.stays.happened.items():
            window = None if self.grid is None else self.grid.window(day)
            steps.setdefault(event, Counter())[window or _AFTER] += n
        return steps

    def _upto(self, day: int, grid: Thinning) -> tuple[Tally, ...]:
        """What a point gives away: the exits of each kind up to its day, and who is left."""
        windows = grid.windows()
        before = [window for window in windows if window[1] <= day]
        left = {
            event: sum(happened[window] for window in before)
            for event, happened in self.steps.items()
            if event
        }
        # "all of them by now in this way, or none in the end" says it of each
        everybody = self.stays.n in left.values()
        tallies = [
            Tally(
                ("left", event, day),
                n,
                within=("entered",),
                telling=self.method == "aalen_johansen" and (everybody or day == windows[-1][1]),
                sums=tuple(("window", event, *window) for window in before),
            )
            for event, n in sorted(left.items())
        ]
        if grid.followed:
            tallies.append(Tally(("followed", day), self.followed.on(day)))
        return (self.entered, *tallies)

    def _between(self, grid: Thinning) -> tuple[Tally, ...]:
        """Small steps between two points."""
        return tuple(
            tally
            for event, happened in sorted(self.steps.items())
            if event or grid.followed
            for tally in grid.small(happened, ("window", event))
        )


def hidden_draw(name: str, measure: Measure) -> Draw:
    """A figure that is hidden whatever it is, so that being hidden says nothing of it."""
    return Draw(name=name, measure=measure, tallies=(Tally(("hidden", name), 1),))


def _value(curve: Curve, day: int) -> float:
    point = curve.at(day)
    return 1.0 if point is None else point.value


def _restricted(survival: Curve, until: int) -> float | None:
    estimate = restricted_mean(survival.cut(), until)
    return None if estimate is None else estimate.value


def _between_points(estimate: Estimate, survival: Curve, until: int) -> Estimate:
    """The restricted mean with straight lines between the points of a thinned curve.

    A step at the end of each interval would take all to have stayed for the whole of it.
    """
    days = [0, *(point.day for point in survival.points if point.day > 0)]
    area = 0.0
    for begin, end in pairwise(days):
        if begin >= until:
            break
        upto = min(end, until)
        first, last = _value(survival, begin), _value(survival, end)
        reached = first + (last - first) * (upto - begin) / (end - begin)
        area += (first + reached) / 2 * (upto - begin)
    if days[-1] < until:
        area += _value(survival, days[-1]) * (until - days[-1])
    shift = area - estimate.value
    low = None if estimate.low is None else max(estimate.low + shift, 0.0)
    high = None if estimate.high is None else min(estimate.high + shift, float(until))
    return evolve(estimate, value=area, low=low, high=high)


def _whole(estimate: Estimate) -> Estimate:
    low = None if estimate.low is None else float(int(estimate.low))
    high = None if estimate.high is None else float(-int(-estimate.high // 1))
    return evolve(estimate, value=float(round(estimate.value)), std_err=None, low=low, high=high)


def _with(draw: Draw, estimate: Estimate) -> Draw:
    return evolve(
        draw,
        value=estimate.value,
        std_err=estimate.std_err,
        low=estimate.low,
        high=estimate.high,
        notes=(*draw.notes, *estimate.notes),
    )
