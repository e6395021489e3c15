"""Spread: how much groups differ beyond chance. It ranks nobody."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar

from attrs import evolve

from osallisuus.metrics.engine import Dialect
from osallisuus.metrics.estimate.spread import Spread as Found
from osallisuus.metrics.estimate.spread import spread_of_shares
from osallisuus.metrics.kinds.lines import hidden_draw
from osallisuus.metrics.metric import Draw, Label, Metric, Row, Tally, Thinning
from osallisuus.metrics.plain import Measure
from osallisuus.metrics.tabulate import Tabulation
from osallisuus.values import frozen

__all__ = ["Spread"]


@frozen(kw_only=True)
class Spread(Metric):
    """The typical share of groups, and where that of another such group would lie (Q2).

    ``cases`` returns ``person, happened_on, cluster, hit``: the group, and 1, 0, or ``NULL``
    while it is not known. Only groups in which everything is known are compared (note
    ``open_groups_left_out``): a share of those who are through already would be another thing.
    DerSimonian & Laird (1986) on the logits; fewer than three groups say nothing of a fourth.

    Figures: ``typical``, the mean share with its interval; ``another_group``, the range in which
    the share of one more group lies; ``tau``, the standard deviation of the groups on the logit
    scale, 0 where chance alone explains all. Never the best, the worst or the distance of both.
    """

    kind: ClassVar[str] = "spread"
    columns: ClassVar[tuple[str, ...]] = ("person", "happened_on", "cluster", "hit")
    tabulation: ClassVar[Tabulation] = Tabulation("COUNT", ("cluster", "hit"), ("n",))
    counted: ClassVar[str] = "COUNT(*)"

    def table(self, dims: Sequence[str], dialect: Dialect) -> str:
        """See :class:`Metric`."""
        groups = ", ".join((*dims, "cluster", "hit"))
        return (
            f"SELECT {groups}, COUNT(*) AS n FROM placed WHERE cluster IS NOT NULL"
            f" GROUP BY {groups}"
        )

    def draw(
        self, rows: Sequence[Row], *, confidence: float, grid: Thinning | None = None
    ) -> list[Draw]:
        """See :class:`Metric`."""
        if grid is not None and grid.base is not None:
            return [hidden_draw(name, _MEASURES.get(name, "proportion")) for name in _NAMES]
        groups: dict[str, dict[int | None, int]] = defaultdict(dict)
        for cluster, hit, n in rows:
            groups[cluster][hit] = n
        closed = [cells for _, cells in sorted(groups.items()) if not cells.get(None)]
        pairs = [(cells.get(1, 0), cells.get(1, 0) + cells.get(0, 0)) for cells in closed]
        yes, no = (sum(cells.get(hit, 0) for cells in groups.values()) for hit in (1, 0))
        known = Tally(("known",), yes + no)
        behind = (Tally(("yes",), yes, within=("known",), telling=True), known)
        notes = ("open_groups_left_out",) if len(closed) < len(groups) else ()
        draw = Draw(
            name="typical",
            measure="proportion",
            n=sum(n for _, n in pairs),
            method="dersimonian_laird",
            notes=notes,
            tallies=behind,
        )
        found = spread_of_shares(pairs, confidence)
        if found is None:
            reason = "too_few" if pairs else "not_known_yet" if groups else "no_cases"
            return [evolve(draw, name=name, reason=reason) for name in _NAMES]
        return _drawn(draw, found)

    def grid(self, places: Iterable[Sequence[Row]], threshold: int) -> Thinning | None:
        """See :class:`Metric`."""
        return Thinning({}, threshold=threshold)

    def keys(self, dialect: Dialect) -> tuple[str, ...]:
        """See :class:`Metric`."""
        return ("cluster", "hit")

    def contributions(self, rows: Sequence[Row], grid: Thinning | None) -> Mapping[Label, int]:
        """See :class:`Metric`."""
        hits = [hit for cluster, hit in rows if cluster is not None and hit is not None]
        return {("known",): len(hits), ("yes",): hits.count(1)}

    def otherwise(
        self, rows: Sequence[Row], label: Label, grid: Thinning | None
    ) -> list[Sequence[Row]]:
        """See :class:`Metric`: a yes could be a no, and a no a yes."""
        return [[(cluster, None if hit is None else 1 - hit) for cluster, hit in rows]]


_NAMES = ("typical", "another_group", "tau")
_MEASURES: dict[str, Measure] = {"tau": "mean"}


def _drawn(draw: Draw, found: Found) -> list[Draw]:
    return [
        evolve(draw, value=found.mean, low=found.mean_interval.low, high=found.mean_interval.high),
        evolve(
            draw,
            name="another_group",
            low=found.prediction.low,
            high=found.prediction.high,
            method="prediction",
        ),
        evolve(draw, name="tau", measure="mean", value=found.sd),
    ]
