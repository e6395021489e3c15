"""Distribution: the mean and the quantiles of an amount that each person has once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar, Literal

from attrs import evolve

from osallisuus.metrics.engine import Dialect
from osallisuus.metrics.estimate.mean import Sums, mean
from osallisuus.metrics.estimate.order import sample_quantile
from osallisuus.metrics.estimate.value import Estimate
from osallisuus.metrics.kinds.lines import hidden_draw
from osallisuus.metrics.kinds.percents import in_hundredths
from osallisuus.metrics.kinds.thinned import thin
from osallisuus.metrics.metric import Draw, Label, Metric, Row, Tally, Thinning
from osallisuus.metrics.tabulate import Tabulation
from osallisuus.values import frozen

__all__ = ["Distribution"]

_QUANTILES = {"lower_quartile": 1, "median": 2, "upper_quartile": 3}
"""Name -> how many quarters of the persons have not more."""


@frozen(kw_only=True)
class Distribution(Metric):
    """How much each person has: the mean and three quantiles (A2).

    ``cases`` returns ``person, happened_on, amount``: one row per person, a whole number of 0 or
    more, or ``NULL`` where it is not known (yet), which is left out of ``n`` and reported as
    ``censored``. The mean has its t interval, a quantile that of order statistics, open where the
    persons are too few for an end. Smallest and largest are never shown (D.1). Figures: ``mean``,
    ``lower_quartile``, ``median``, ``upper_quartile``.
    """

    kind: ClassVar[str] = "distribution"
    columns: ClassVar[tuple[str, ...]] = ("person", "happened_on", "amount")
    tabulation: ClassVar[Tabulation] = Tabulation("HISTOGRAM", ("amount",), ("n",))
    counted: ClassVar[str] = "COUNT(*)"

    measured: Literal["mean", "days", "hours"] = "mean"
    """What is shown: the amount itself, days, or minutes as hours."""

    def options(self) -> list[Any]:
        """See :class:`Metric`."""
        return [self.measured]

    def table(self, dims: Sequence[str], dialect: Dialect) -> str:
        """See :class:`Metric`."""
        groups = ", ".join((*dims, "amount"))
        return f"SELECT {groups}, COUNT(*) AS n FROM placed GROUP BY {groups}"

    def draw(
        self, rows: Sequence[Row], *, confidence: float, grid: Thinning | None = None
    ) -> list[Draw]:
        """See :class:`Metric`."""
        known = sorted((amount, n) for amount, n in rows if amount is not None)
        unknown = sum(n for amount, n in rows if amount is None)
        drawn = [self._mean(known, confidence, grid)]
        drawn += [
            self._quantile(name, quarters, known, confidence, grid)
            for name, quarters in _QUANTILES.items()
        ]
        return [self._beside(draw, known, unknown, grid) for draw in drawn]

    def _mean(
        self, known: Sequence[tuple[int, int]], confidence: float, grid: Thinning | None
    ) -> Draw:
        sums = [sum(n * amount**power for amount, n in known) for power in (0, 1, 2)]
        if grid is not None:
            sums = [grid.rounded(one) for one in sums]
        tallies = (
            Tally(("persons",), sum(n for _, n in known)),
            Tally(("sum",), sum(n for _, n in known), largest=_largest(known), additive=True),
        )
        variation = max(sums[2], -(-(sums[1] ** 2) // sums[0]) if sums[0] else 0)
        estimate = mean(Sums(sums[0], sums[1], variation), confidence)
        return self._drawn("mean", estimate, tallies, grid, "t")

    def _quantile(
        self,
        name: str,
        quarters: int,
        known: Sequence[tuple[int, int]],
        confidence: float,
        grid: Thinning | None,
    ) -> Draw:
        if grid is not None:
            return self._coarse(name, quarters, known, grid)
        estimate = sample_quantile(known, quarters / 4, confidence)
        tallies = (Tally(("persons",), sum(n for _, n in known)),)
        return self._drawn(name, estimate, tallies, grid, "order_statistics")

    def _coarse(
        self, name: str, quarters: int, known: Sequence[tuple[int, int]], grid: Thinning
    ) -> Draw:
        """The first amount of the grid that so many persons do not exceed, by rounded counts.

        An amount between two of the grid is that of single persons, and so is the interval.
        """
        n = sum(n for _, n in known)
        if not grid.rounded(n):
            return self._drawn(name, None, (Tally(("persons",), n),), grid, "")
        for edge in grid.days.get("", ()):
            upto = sum(n for amount, n in known if amount <= edge)
            if 4 * grid.rounded(upto) >= quarters * grid.rounded(n) > 0:
                below, above = Tally(("upto", edge), upto), Tally(("from", edge), n - upto)
                tallies = (Tally(("persons",), n), below, above)
                return self._drawn(name, Estimate(edge), tallies, grid, "order_statistics")
        return hidden_draw(name, self.measured)

    def _drawn(
        self,
        name: str,
        estimate: Estimate | None,
        tallies: tuple[Tally, ...],
        grid: Thinning | None,
        method: str,
    ) -> Draw:
        draw = Draw(name=name, measure=self.measured, tallies=tallies)
        if estimate is None:
            return draw
        scaled = _scaled(estimate, 60 if self.measured == "hours" else 1)
        if grid is not None:
            scaled = in_hundredths(scaled)
        return evolve(
            draw,
            value=scaled.value,
            low=scaled.low,
            high=scaled.high,
            std_err=scaled.std_err,
            method=method,
            notes=scaled.notes,
        )

    def _beside(
        self,
        draw: Draw,
        known: Sequence[tuple[int, int]],
        unknown: int,
        grid: Thinning | None,
    ) -> Draw:
        n, open_ = sum(n for _, n in known), Tally(("unknown",), unknown) if unknown else None
        if grid is not None:
            n, unknown = grid.rounded(n), grid.rounded(unknown)
        censored = unknown / (n + unknown) if n + unknown else None
        if draw.value is None and not any(tally.label[0] == "hidden" for tally in draw.tallies):
            reason = "not_known_yet" if unknown else "no_cases"
            return evolve(draw, n=0, censored=censored, reason=reason, open=open_)
        return evolve(draw, n=n, persons=n, censored=censored, open=open_)

    def grid(self, places: Iterable[Sequence[Row]], threshold: int) -> Thinning | None:
        """See :class:`Metric`: amounts with several persons between each and the next."""
        counts: Counter[int] = Counter()
        for rows in places:
            for amount, n in rows:
                if amount is not None:
                    counts[amount] += n
        steps = [(amount, "received", n) for amount, n in counts.items()]
        return Thinning({"": thin(steps, threshold)}, threshold=threshold)

    def keys(self, dialect: Dialect) -> tuple[str, ...]:
        """See :class:`Metric`."""
        return ("amount",)

    def contributions(self, rows: Sequence[Row], grid: Thinning | None) -> Mapping[Label, int]:
        """See :class:`Metric`."""
        amounts = [amount for (amount,) in rows]
        unknown = amounts.count(None)
        return {("persons",): len(amounts) - unknown, ("unknown",): unknown}


def _largest(known: Sequence[tuple[int, int]]) -> tuple[int, int, int]:
    total = sum(amount * n for amount, n in known)
    top = [amount for amount, n in sorted(known, reverse=True)[:2] for _ in range(min(n, 2))]
    first, second, *_ = [*top, 0, 0]
    return total, first, second


def _scaled(estimate: Estimate, unit: int) -> Estimate:
    def scaled(value: float | None) -> float | None:
        return None if value is None else value / unit

    return evolve(
        estimate,
        value=estimate.value / unit,
        std_err=scaled(estimate.std_err),
        low=scaled(estimate.low),
        high=scaled(estimate.high),
    )
