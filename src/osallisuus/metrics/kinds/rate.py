"""Rate: how often something happens per time in which it could."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar, Literal

from attrs import evolve

from osallisuus.metrics.engine import Dialect
from osallisuus.metrics.estimate.rate import event_rate
from osallisuus.metrics.estimate.value import Estimate
from osallisuus.metrics.kinds.clusters import Clusters, sums_by_cluster
from osallisuus.metrics.kinds.exposure import DAYS
from osallisuus.metrics.kinds.percents import in_hundredths
from osallisuus.metrics.metric import Draw, Label, Metric, Row, Tally, Thinning
from osallisuus.metrics.tabulate import Tabulation
from osallisuus.values import frozen

__all__ = ["Rate"]


@frozen(kw_only=True)
class Rate(Metric):
    """Events per unit of time, with the exact Poisson interval (E1, R3, M4; Garwood, 1936).

    ``cases`` returns ``person, starts_on, ends_on, events``. A span has no events and gives its
    days; an event is a row of no length on its day, with 1. An event outside the time that is
    counted has ``NULL``: it is left out, and counted as ``outside``, so that numerator and
    denominator are of the same time. Spans of one cluster must not overlap. The cluster is the
    person, or the column ``cluster``: where clusters differ by more than chance (φ above 1.5) the
    interval goes by cluster, note ``overdispersed``. Figures:

    * the metric's own name: events per :attr:`per` days, in ``k`` the events;
    * ``exposure``: the days in which they could happen;
    * ``outside``: the events at other times.
    """

    kind: ClassVar[str] = "rate"
    columns: ClassVar[tuple[str, ...]] = ("person", "starts_on", "ends_on", "events")
    tabulation: ClassVar[Tabulation] = Tabulation(
        "EXPOSURE", ("days", "events_", "outside_"), ("n",)
    )
    dated: ClassVar[Literal["event", "span"]] = "span"
    counted: ClassVar[str] = "COUNT(*)"

    per: int = 30
    """Days to which the rate is given; with 30 its measure is ``rate``, else ``mean``."""

    @property
    def optional(self) -> tuple[str, ...]:
        """See :class:`Metric`."""
        return ("cluster",)

    def options(self) -> list[Any]:
        """See :class:`Metric`."""
        return [self.per]

    @property
    def traits(self) -> bool:
        """See :class:`Metric`: what a group offers, or how long it is open, has no person."""
        return self._by_person

    @property
    def _by_person(self) -> bool:
        return "cluster" not in self.lineage.columns

    def table(self, dims: Sequence[str], dialect: Dialect) -> str:
        """See :class:`Metric`: how many clusters have how many days and events."""
        sums = {
            "days": DAYS,
            "events_": "events",
            "outside_": "CASE WHEN events IS NULL THEN 1 END",
        }
        cluster = "person" if self._by_person else "cluster"
        return sums_by_cluster(dims, cluster, sums, empty=False)

    def draw(
        self, rows: Sequence[Row], *, confidence: float, grid: Thinning | None = None
    ) -> list[Draw]:
        """See :class:`Metric`."""
        clusters = Clusters.of(rows)
        days, events, outside = clusters.moments.sx, clusters.moments.sy, clusters.unknown
        estimate = self._estimate(clusters, confidence, grid)
        tallies = self._tallies(clusters)
        if grid is not None:
            days, events, outside = map(grid.rounded, (days, events, outside))
        shown = grid is None or grid.base is not None
        units = clusters.moments.n if grid is None else grid.rounded(clusters.moments.n)
        rate = Draw(
            name=self.name,
            measure="rate" if self.per == 30 else "mean",
            persons=units if self._by_person else None,
            tallies=tallies,
        )
        method = "clustered_ratio" if self._by_person else "clustered_by_group"
        if estimate is not None and "overdispersed" not in estimate.notes:
            method = "garwood"
        if estimate is None:
            rate = evolve(rate, reason="nobody_at_risk" if clusters.rows or grid else "no_cases")
        else:
            rate = evolve(
                rate,
                value=estimate.value,
                low=estimate.low,
                high=estimate.high,
                std_err=estimate.std_err,
                k=events if shown else None,
                method=method,
                notes=estimate.notes,
            )
        exposure = Draw(
            name="exposure", measure="days", value=days, n=rate.persons, method="count",
            tallies=tallies[:1] if self._by_person else (),
        )  # fmt: skip
        beside = Draw(
            name="outside", measure="count", value=outside, n=outside, method="count",
            tallies=(Tally(("outside",), clusters.unknown),),
        )  # fmt: skip
        return [rate, exposure, beside]

    def _estimate(
        self, clusters: Clusters, confidence: float, grid: Thinning | None
    ) -> Estimate | None:
        if grid is None:
            estimate = event_rate(clusters.single, confidence)
        else:  # how the clusters differ is more than a rounded sum may tell
            events, days = grid.rounded(clusters.moments.sy), grid.rounded(clusters.moments.sx)
            estimate = event_rate([(events, days)], confidence) if days else None
        if estimate is None:
            return None

        def scaled(value: float | None) -> float | None:
            return None if value is None else value * self.per

        estimate = evolve(
            estimate,
            value=estimate.value * self.per,
            std_err=scaled(estimate.std_err),
            low=scaled(estimate.low),
            high=scaled(estimate.high),
        )
        return estimate if grid is None else in_hundredths(estimate)

    def _tallies(self, clusters: Clusters) -> tuple[Tally, ...]:
        events = clusters.moments.sy
        if not self._by_person:
            return (Tally(("events",), events),)
        # what happened is counted as well: where a person met somebody, that somebody
        return (*clusters.tallies(), Tally(("events",), events, additive=True))

    def grid(self, places: Iterable[Sequence[Row]], threshold: int) -> Thinning | None:
        """See :class:`Metric`: a rate leaves in two digits, without its events."""
        return Thinning({}, threshold=threshold)

    def keys(self, dialect: Dialect) -> tuple[str, ...]:
        """See :class:`Metric`."""
        return (DAYS, "events")

    def contributions(self, rows: Sequence[Row], grid: Thinning | None) -> Mapping[Label, int]:
        """See :class:`Metric`."""
        events = [events for _, events in rows]
        return {
            ("persons",): int(any(days for days, _ in rows)),
            ("events",): sum(one or 0 for one in events),
            ("outside",): events.count(None),
        }
