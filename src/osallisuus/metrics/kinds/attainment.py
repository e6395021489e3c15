"""GoalAttainment: how far people came with the goals that they set themselves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from osallisuus.metrics.engine import Dialect
from osallisuus.metrics.estimate.mean import mean
from osallisuus.metrics.kinds.clusters import sums_by_cluster
from osallisuus.metrics.kinds.lines import hidden_draw
from osallisuus.metrics.kinds.proportion import share
from osallisuus.metrics.kinds.readings import (
    amounts,
    in_units,
    mean_draw,
    rounded_sums,
    summed,
)
from osallisuus.metrics.metric import Draw, Label, Metric, Row, Tally, Thinning
from osallisuus.metrics.tabulate import Tabulation
from osallisuus.rules.goals import CORRELATION, t_score
from osallisuus.values import frozen

__all__ = ["GoalAttainment"]

_STEPS = 10**9
"""T-scores are irrational; they are added up in steps so small that no digit shows it."""


@frozen(kw_only=True)
class GoalAttainment(Metric):
    """The mean over persons of their T-scores, with its t interval (O3, M29).

    ``cases`` returns one row per goal: ``person, happened_on, weight, level``; ``level`` is -2 to
    2 around the expected 0, or ``NULL`` where the goal has not been rated. A person's T-score is
    ``50 + 10 Σwx / √((1-c) Σw² + c (Σw)²)`` over the rated goals, c = *correlation* (Kiresuk &
    Sherman, 1968); with weights that sum to 0 there is none. Drawn are ``t_score``, and ``rated``:
    the share of people with a goal who have a T-score. T takes levels for distances, so the share
    of goals that were reached belongs beside it.
    """

    kind: ClassVar[str] = "goal_attainment"
    columns: ClassVar[tuple[str, ...]] = ("person", "happened_on", "weight", "level")
    tabulation: ClassVar[Tabulation] = Tabulation(
        "HISTOGRAM", ("attained", "squares", "weights"), ("n",)
    )

    correlation: float = CORRELATION

    def options(self) -> list[Any]:
        """See :class:`Metric`."""
        return [self.correlation]

    def table(self, dims: Sequence[str], dialect: Dialect) -> str:
        """See :class:`Metric`: how many persons have which sums over their rated goals."""
        known = "CASE WHEN level IS NOT NULL THEN {} END"
        sums = {
            "attained": known.format("weight * level"),
            "squares": known.format("weight * weight"),
            "weights": known.format("weight"),
        }
        return sums_by_cluster(dims, "person", sums)

    def draw(
        self, rows: Sequence[Row], *, confidence: float, grid: Thinning | None = None
    ) -> list[Draw]:
        """See :class:`Metric`."""
        scored = sorted(
            (round(t_score(attained, squares, weights, self.correlation) * _STEPS), n)
            for attained, squares, weights, n in rows
            if weights
        )
        people = sum(n for _, n in scored)
        every = sum(row[-1] for row in rows)
        sums = rounded_sums(summed(scored), _STEPS, grid)
        return [
            mean_draw(
                "t_score",
                "mean",
                in_units(mean(sums, confidence), _STEPS, "levels_as_distances"),
                people,
                method="t",
                tallies=(Tally(("scored",), people), amounts("sum", None, scored)),
                grid=grid,
                reason="not_known_yet" if every else "no_cases",
            ),
            self._rated(people, every, confidence, grid),
        ]

    def _rated(self, people: int, every: int, confidence: float, grid: Thinning | None) -> Draw:
        if grid is not None and 0 < every - people < grid.threshold:
            # a few without a rating would have to be hidden, and T with them: T is worth more
            return hidden_draw("rated", "proportion")
        tallies = (Tally(("scored",), people, within=("persons",)), Tally(("persons",), every))
        return share("rated", people, every, confidence=confidence, tallies=tallies, grid=grid)

    def keys(self, dialect: Dialect) -> tuple[str, ...]:
        """See :class:`Metric`."""
        return ("weight", "level")

    def contributions(self, rows: Sequence[Row], grid: Thinning | None) -> Mapping[Label, int]:
        """See :class:`Metric`."""
        return {("persons",): 1, ("scored",): int(_has_weight(rows))}


def _has_weight(goals: Iterable[Row]) -> bool:
    return any(weight and level is not None for weight, level in goals)
