"""Mean: a share or mean over repeated events, with the interval by person or group."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from attrs import evolve, field

from osallisuus.errors import DefinitionError
from osallisuus.metrics.engine import Dialect
from osallisuus.metrics.estimate.ratio import Moments, ratio
from osallisuus.metrics.estimate.value import Estimate
from osallisuus.metrics.kinds.clusters import Clusters, sums_by_cluster
from osallisuus.metrics.kinds.percents import in_hundredths
from osallisuus.metrics.metric import Draw, Label, Metric, Row, Tally, Thinning
from osallisuus.metrics.tabulate import Tabulation
from osallisuus.values import frozen

__all__ = ["Mean"]


@frozen(kw_only=True)
class Mean(Metric):
    """The mean amount per case as a ratio of sums clustered by person (A1, B.2).

    ``cases`` returns ``person, happened_on, amount``: a whole number, or ``NULL`` where it was
    not recorded. With a column ``possible`` an amount is of so much, else of 1 each; with a column
    ``cluster`` that is the unit of variation and not the person, such as the group. With *share*
    the mean is a share of what was possible. Figures:

    * the metric's own name: ``Σ amount / Σ possible``; with *own* the mean of the shares of single
      persons, which is another question: everybody weighs the same, whatever was possible;
    * ``against_baseline``, with a *baseline*: how many times as much as before. A baseline is a
      range, and so is this (interval arithmetic; W24).
    """

    kind: ClassVar[str] = "mean"
    columns: ClassVar[tuple[str, ...]] = ("person", "happened_on", "amount")
    tabulation: ClassVar[Tabulation] = Tabulation("HISTOGRAM", ("x", "y", "unknown_"), ("n",))
    counted: ClassVar[str] = "COUNT(*)"

    share: bool = False
    """Whether the amount is a part of what was possible."""
    own: bool = False
    """Whether the figure is the mean of the shares of single persons."""
    baseline: tuple[int, int] | None = field(default=None)
    """The lowest and the highest amount per case before, both above 0."""

    @baseline.validator
    def _a_range(self, _: object, value: tuple[int, int] | None) -> None:
        if value is not None and not 0 < value[0] <= value[1]:
            raise DefinitionError(
                "a baseline is a range of amounts above 0", where="baseline", remedy="(1, 3)"
            )

    @property
    def optional(self) -> tuple[str, ...]:
        """See :class:`Metric`."""
        return ("possible", "cluster")

    def options(self) -> list[Any]:
        """See :class:`Metric`."""
        return [self.share, self.own, self.baseline]

    @property
    def traits(self) -> bool:
        """See :class:`Metric`: what a group offers, or how long it is open, has no person."""
        return self._by_person

    @property
    def _by_person(self) -> bool:
        return "cluster" not in self.lineage.columns

    @property
    def _possible(self) -> str:
        return "possible" if "possible" in self.lineage.columns else "1"

    def table(self, dims: Sequence[str], dialect: Dialect) -> str:
        """See :class:`Metric`: how many persons (or clusters) have which sums."""
        sums = {
            "x": f"CASE WHEN amount IS NOT NULL THEN {self._possible} END",
            "y": "amount",
            "unknown_": "CASE WHEN amount IS NULL THEN 1 END",
        }
        return sums_by_cluster(dims, "person" if self._by_person else "cluster", sums)

    def draw(
        self, rows: Sequence[Row], *, confidence: float, grid: Thinning | None = None
    ) -> list[Draw]:
        """See :class:`Metric`."""
        clusters = Clusters.of(rows)
        if self.own:
            return [self._own_draw(clusters, confidence, grid)]
        estimate = self._ratio(clusters, confidence, grid)
        drawn = [self._draw(self.name, clusters, estimate, grid)]
        if self.baseline is not None:
            drawn.append(self._against(drawn[0], estimate, grid))
        return drawn

    def _own_draw(self, clusters: Clusters, confidence: float, grid: Thinning | None) -> Draw:
        estimate = (
            clusters.mean_of_shares(confidence)
            if grid is None
            else clusters.rounded_mean_of_shares(grid, confidence)
        )
        draw = self._draw(self.name, clusters, estimate, grid)
        return draw if draw.reason else evolve(draw, k=None, n=draw.persons, method="t")

    def _ratio(
        self, clusters: Clusters, confidence: float, grid: Thinning | None
    ) -> Estimate | None:
        sums = clusters.moments
        # more than was possible is shown as it is: it has no scale that ends at 1
        share = self.share and all(y <= x for x, y, _, _ in clusters.rows)
        if grid is None:
            return ratio(sums, confidence, share=share)
        share = self.share and grid.rounded(sums.sy) <= grid.rounded(sums.sx)
        parts = (sums.n, sums.sx, sums.sy, sums.sxx, sums.sxy, sums.syy)
        estimate = ratio(Moments(*map(grid.rounded, parts)), confidence, share=share)
        return estimate and in_hundredths(estimate)

    def _draw(
        self, name: str, clusters: Clusters, estimate: Estimate | None, grid: Thinning | None
    ) -> Draw:
        sums, unknown = clusters.moments, clusters.unknown
        tallies = clusters.tallies() if self._by_person else (Tally(("amount",), sums.sy),)
        draw = Draw(
            name=name,
            measure="proportion" if self.share else "mean",
            censored=self._censored(clusters, grid),
            tallies=tallies,
            open=Tally(("unknown",), unknown) if unknown else None,
        )
        shown = sums.n if grid is None else grid.rounded(sums.n)
        persons = shown if self._by_person else None
        if estimate is None:
            few = unknown if grid is None else grid.rounded(unknown)
            reason = "not_known_yet" if few else "no_cases"
            if not self._by_person and clusters.rows and not few and not sums.sx:
                reason = "unknown_denominator"  # what a group offers is nobody's secret
            return evolve(draw, n=0, persons=persons, reason=reason)
        # who knows how often a group met could count from the seats who left early
        seats = grid is None or not self.share
        k, n = (sums.sy, sums.sx) if grid is None else map(grid.rounded, (sums.sy, sums.sx))
        return evolve(
            draw,
            value=estimate.value,
            low=estimate.low,
            high=estimate.high,
            std_err=estimate.std_err,
            k=k if seats else None,
            n=n if seats else None,
            persons=persons,
            method="clustered_ratio" if self._by_person else "clustered_by_group",
            notes=estimate.notes,
        )

    def _censored(self, clusters: Clusters, grid: Thinning | None) -> float | None:
        """The share of the cases of which nothing was recorded."""
        known, unknown = clusters.moments.sx, clusters.unknown
        if "possible" in self.lineage.columns:
            return None  # cases and what was possible in them are two units
        if grid is not None:
            known, unknown = grid.rounded(known), grid.rounded(unknown)
            return round(unknown / (known + unknown), 2) if known + unknown else None
        return unknown / (known + unknown) if known + unknown else None

    def _against(self, drawn: Draw, estimate: Estimate | None, grid: Thinning | None) -> Draw:
        lowest, highest = self.baseline or (1, 1)
        if estimate is None:
            return evolve(drawn, name="against_baseline")
        ends = [estimate.value / highest, estimate.value / lowest]
        if grid is not None:
            ends = [round(end, 2) for end in ends]
        return evolve(
            drawn,
            name="against_baseline",
            value=None,
            low=ends[0],
            high=ends[1],
            std_err=None,
            method="range",
            notes=(),
        )

    def grid(self, places: Iterable[Sequence[Row]], threshold: int) -> Thinning | None:
        """See :class:`Metric`: a share leaves without its seats, in whole percents."""
        return Thinning({}, threshold=threshold)

    def keys(self, dialect: Dialect) -> tuple[str, ...]:
        """See :class:`Metric`."""
        return ("amount", self._possible)

    def contributions(self, rows: Sequence[Row], grid: Thinning | None) -> Mapping[Label, int]:
        """See :class:`Metric`."""
        known = [(amount, possible) for amount, possible in rows if amount is not None]
        return {
            ("persons",): int(any(possible for _, possible in known)),
            ("amount",): sum(amount for amount, _ in known),
            ("unknown",): len(rows) - len(known),
        }
