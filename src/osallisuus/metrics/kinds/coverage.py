"""Coverage: how much of the target population was reached."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Self

from attrs import evolve, field

from osallisuus.errors import DefinitionError
from osallisuus.metrics.estimate.coverage import coverage
from osallisuus.metrics.kinds.count import Count
from osallisuus.metrics.kinds.percents import in_hundredths
from osallisuus.metrics.metric import Draw, Row, Thinning
from osallisuus.values import frozen

__all__ = ["Coverage"]


@frozen(kw_only=True)
class Coverage(Count):
    """Distinct persons per person of a target population of stated size and source (R2).

    Without a population the share is undefined; :meth:`of` gives one. By strata each share is of
    the same whole population. More persons than the population has are shown as they are, with
    the note ``outside_population``.
    """

    kind: ClassVar[str] = "coverage"

    population: int | None = field(default=None)
    """How many people could have taken part."""
    population_std_err: float = 0.0
    """The standard error where the number is an estimate; 0 where it is counted in a frame."""
    population_source: str = ""
    """Who says so, and when."""

    @population.validator
    def _stated_with_its_source(self, _: object, value: int | None) -> None:
        if value is not None and (value < 0 or self.population_std_err < 0):
            raise DefinitionError(
                "a population and its error are 0 or more", where="population", remedy="say 1200"
            )
        if value is not None and not self.population_source:
            raise DefinitionError(
                "a population needs its source",
                where="population_source",
                remedy="say who counted or estimated it, and when",
            )

    def of(self, population: int, source: str, *, std_err: float = 0.0) -> Self:
        """The same metric with a population: its size, who says so, and its standard error."""
        return evolve(
            self,
            population=population,
            population_source=source,
            population_std_err=std_err,
        )

    def options(self) -> list[Any]:
        """See :class:`Metric`."""
        stated = [self.population, self.population_std_err, self.population_source]
        return [*super().options(), *stated]

    def draw(
        self, rows: Sequence[Row], *, confidence: float, grid: Thinning | None = None
    ) -> list[Draw]:
        """See :class:`Metric`."""
        persons = super().draw(rows, confidence=confidence, grid=grid)[0]
        persons = evolve(
            persons, tallies=tuple(evolve(tally, within=None) for tally in persons.tallies)
        )
        share = Draw(name=self.name, measure="proportion", tallies=persons.tallies)
        if self.population is None:
            return [persons, evolve(share, reason="unknown_denominator")]
        reached = persons.n or 0
        estimate = coverage(reached, self.population, self.population_std_err, confidence)
        if estimate is None:
            return [persons, evolve(share, n=0, reason="no_cases")]
        if grid is not None:
            estimate = in_hundredths(estimate)
        found = evolve(
            share,
            value=estimate.value,
            low=estimate.low,
            high=estimate.high,
            std_err=estimate.std_err,
            k=reached,
            n=self.population,
            persons=reached,
            method="wilson" if estimate.method == "Wilson" else "log_normal",
            notes=estimate.notes,
        )
        return [persons, found]
