"""PairedChange: how much the same people's readings changed, on average."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import sqrt
from typing import Any, ClassVar, Literal

from osallisuus.metrics.estimate.change import effect_size, over_units, standardised_response
from osallisuus.metrics.estimate.mean import Sums, mean
from osallisuus.metrics.estimate.ratio import Moments
from osallisuus.metrics.estimate.value import Estimate
from osallisuus.metrics.kinds.lines import hidden_draw
from osallisuus.metrics.kinds.pairs import PairMetric, Readings, paired_tally, part_name
from osallisuus.metrics.kinds.percents import rounds
from osallisuus.metrics.kinds.readings import (
    amounts,
    in_units,
    mean_draw,
    rounded_sums,
    summed,
)
from osallisuus.metrics.metric import Draw, Thinning
from osallisuus.metrics.plain import Measure
from osallisuus.values import frozen

__all__ = ["PairedChange"]

_ENDS = ("floor_before", "ceiling_before", "floor_after", "ceiling_after")
_MOVES = ("moved_up", "stayed", "moved_down")
_Statistic = Callable[[Moments], float | None]


@frozen(kw_only=True)
class PairedChange(PairMetric):
    """The mean change of people with both readings, with its paired t interval (O1, O5).

    Drawn are ``before``, ``after`` and ``change`` (after less before) of the same people; ``srm``
    (mean change / standard deviation of the changes) and ``effect_size`` (mean change / standard
    deviation before), undefined where nobody differs; where the ends of the scale are given, the
    shares at its ``floor`` and ``ceiling`` before and after, who could not move further; where
    ``stages`` are given (the lowest reading of each), the shares that ``moved_up``, ``stayed``
    and ``moved_down``; and ``followed_up``, the people with both readings of those due.

    With *standardised* off, ``srm`` and ``effect_size`` are left out. Where people came in
    because of a high reading (policy ``entry=by_score``), part of the change is regression to
    the mean, and a note says so. For several parts the names begin with the part.
    """

    kind: ClassVar[str] = "paired_change"

    stages: tuple[int, ...] = ()
    standardised: bool = True

    def options(self) -> list[Any]:
        """See :class:`Metric`."""
        return [self.lowest, self.highest, list(self.stages), self.standardised]

    @property
    def mark_names(self) -> tuple[str, ...]:
        """See :class:`PairMetric`."""
        moves = _MOVES if self.stages else ()
        return moves + tuple(
            name
            for name in _ENDS
            if (self.lowest if name.startswith("floor") else self.highest) is not None
        )

    def tells(self, name: str, n: int) -> bool:
        """See :class:`PairMetric`: that nobody is at the very end of a scale tells on nobody."""
        return name in _MOVES or n > 0

    def marks(self, before: Fraction, after: Fraction) -> frozenset[str]:
        """See :class:`PairMetric`."""
        found = {
            name
            for name, reading in zip(_ENDS, (before, before, after, after), strict=True)
            if reading == (self.lowest if name.startswith("floor") else self.highest)
        }
        if self.stages:
            moved = self._stage(after) - self._stage(before)
            found.add(_MOVES[0] if moved > 0 else _MOVES[2] if moved < 0 else _MOVES[1])
        return frozenset(found)

    def _stage(self, reading: Fraction) -> int:
        return sum(lowest <= reading for lowest in self.stages)

    def draw_part(self, readings: Readings, confidence: float, grid: Thinning | None) -> list[Draw]:
        """See :class:`PairMetric`."""
        rows = list(readings.pairs.complete())
        sides: tuple[tuple[str, Measure, str, list[tuple[int, int]]], ...] = (
            ("before", "mean", "t", [(before, n) for before, _, n in rows]),
            ("after", "mean", "t", [(after, n) for _, after, n in rows]),
            ("change", "change", "paired_t", [(after - before, n) for before, after, n in rows]),
        )
        reason = "not_known_yet" if readings.waiting else "no_cases"
        paired = paired_tally(readings)
        drawn = []
        sums: dict[str, Sums] = {}
        behind = {name: amounts(name, readings.part, numbers) for name, _, _, numbers in sides}
        for name, measure, method, numbers in sides:
            sums[name] = rounded_sums(summed(numbers), readings.steps, grid)
            notes = self._notes if name == "change" else ()
            # a change is what is left of the two means, so all three go together
            tallies = (paired, *(behind.values() if name == "change" else (behind[name],)))
            drawn.append(
                mean_draw(
                    part_name(readings.part, name),
                    measure,
                    in_units(mean(sums[name], confidence), readings.steps, *notes),
                    readings.n,
                    method=method,
                    tallies=tallies,
                    grid=grid,
                    reason=reason,
                )
            )
        if self.standardised:
            drawn += [
                mean_draw(
                    part_name(readings.part, name),
                    "change",
                    estimate,
                    readings.n,
                    method="jackknife" if not rounds(grid) else "rounded_sums",
                    tallies=(paired, *behind.values()),
                    grid=grid,
                    reason=self._why(readings, reason),
                )
                for name, estimate in _standardised(readings, sums, confidence, grid)
            ]
        return drawn + self._shares(readings, confidence, grid)

    def _shares(self, readings: Readings, confidence: float, grid: Thinning | None) -> list[Draw]:
        shares = super().draw_part(readings, confidence, grid)
        counts = self.marked(readings)
        if grid is None or not self.stages or not readings.n:
            return shares
        if all(counts[move] >= grid.threshold for move in _MOVES):
            return shares
        # where few went one way, that would have to be hidden, and the means with it
        moves = {part_name(readings.part, move) for move in _MOVES}
        return [hidden_draw(d.name, d.measure) if d.name in moves else d for d in shares]

    @property
    def _notes(self) -> tuple[str, ...]:
        return ("regression_to_the_mean",) if self.policies.get("entry") == "by_score" else ()

    def _why(self, readings: Readings, reason: str) -> str:
        if not readings.n:
            return reason
        return "too_few" if readings.n < _FEWEST else "no_variation"


_FEWEST = 3
"""A spread, and what it is without each person, needs so many (B.4)."""


def _standardised(
    readings: Readings, sums: dict[str, Sums], confidence: float, grid: Thinning | None
) -> list[tuple[Literal["srm", "effect_size"], Estimate | None]]:
    """Both standardised numbers: by the jackknife over persons, or from rounded sums alone."""
    if not rounds(grid):
        return [
            ("srm", over_units(readings.pairs, standardised_response, confidence)),
            ("effect_size", over_units(readings.pairs, effect_size, confidence)),
        ]
    return [
        ("srm", _ratio(sums["change"], sums["change"].variance)),
        ("effect_size", _ratio(sums["change"], sums["before"].variance)),
    ]


def _ratio(change: Sums, variance: float | None) -> Estimate | None:
    if change.n < _FEWEST or variance is None or variance <= 0:
        return None
    return Estimate(change.total / change.n / sqrt(variance))
