"""Mean: a share or mean over repeated events, with the interval by person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from attrs import evolve

from osallisuus.metrics.engine import Dialect
from osallisuus.metrics.estimate.ratio import Moments, ratio
from osallisuus.metrics.estimate.value import Estimate
from osallisuus.metrics.figure import Measure
from osallisuus.metrics.metric import Draw, Label, Metric, Row, Tally, Thinning
from osallisuus.metrics.tabulate import Tabulation
from osallisuus.values import frozen

__all__ = ["Mean"]


@frozen(kw_only=True)
class Mean(Metric):
    """The mean amount per case as a ratio of sums clustered by person (A1, B.2).

    ``cases`` returns ``person, happened_on, amount``: a whole number, or ``NULL`` where it was
    not recorded. Cases of one person resemble each other, so the person is the unit of variation.
    With *share* the amounts are 0 or 1 and the mean is a proportion.
    """

    kind: ClassVar[str] = "mean"
    columns: ClassVar[tuple[str, ...]] = ("person", "happened_on", "amount")
    tabulation: ClassVar[Tabulation] = Tabulation(
        "MOMENTS", (), ("n", "sx", "sy", "sxx", "sxy", "syy", "unknown_"), two_largest=True
    )

    share: bool = False
    """Whether an amount is 0 or 1, so that the mean is a proportion."""

    def options(self) -> list[Any]:
        """See :class:`Metric`."""
        return [self.share]

    def table(self, dims: Sequence[str], dialect: Dialect) -> str:
        """See :class:`Metric`: one row per person first, then sums over the persons."""
        listed = "".join(f"{dim}, " for dim in dims)
        group = f" GROUP BY {', '.join(dims)}" if dims else ""
        # the kind's own SQL may multiply whole numbers: every engine agrees on that
        return (
            f"SELECT {listed}COUNT(CASE WHEN x > 0 THEN 1 END) AS n, SUM(x) AS sx, SUM(y) AS sy,"
            " SUM(x * x) AS sxx, SUM(x * y) AS sxy, SUM(y * y) AS syy, SUM(unknown_) AS unknown_,"
            " MAX(y) AS largest, MAX(CASE WHEN rank_ = 2 THEN y END) AS second FROM ("
            f"SELECT {listed}x, y, unknown_, ROW_NUMBER() OVER ("
            f"{'PARTITION BY ' + ', '.join(dims) if dims else ''} ORDER BY y DESC) AS rank_ FROM ("
            f"SELECT {listed}person, COUNT(amount) AS x, COALESCE(SUM(amount), 0) AS y,"
            " COUNT(*) - COUNT(amount) AS unknown_ FROM placed"
            f" GROUP BY {listed}person) AS persons_) AS ranked_{group}"
        )

    def draw(
        self, rows: Sequence[Row], *, confidence: float, grid: Thinning | None = None
    ) -> list[Draw]:
        """See :class:`Metric`."""
        n, sx, sy, sxx, sxy, syy, unknown, largest, second = (
            value or 0 for value in (rows[0] if rows else (0,) * 9)
        )
        measure: Measure = "proportion" if self.share else "mean"
        censored = unknown / (sx + unknown) if sx + unknown else None
        estimate = ratio(Moments(n, sx, sy, sxx, sxy, syy), confidence, share=self.share)
        # what the two largest contribute must not stand for the whole (dominance, D.1)
        tallies = (
            Tally(("persons",), n),
            Tally(("sum",), sx, n, largest=(sy, largest, second), additive=True),
        )
        still_open = Tally(("unknown",), unknown) if unknown else None
        if grid is not None and estimate is not None and self.share:
            # who knows how often a group met could count from the seats who left early
            estimate = _in_hundredths(estimate)
            sx = sy = 0
        if estimate is None:
            reason = "not_known_yet" if unknown else "no_cases"
            return [
                Draw(
                    name=self.name, measure=measure, n=0, persons=0, censored=censored,
                    reason=reason, tallies=tallies, open=still_open,
                )
            ]  # fmt: skip
        return [
            Draw(
                name=self.name,
                measure=measure,
                value=estimate.value,
                low=estimate.low,
                high=estimate.high,
                k=sy if sx else None,
                n=sx or None,
                persons=n,
                censored=censored,
                method="clustered_ratio",
                notes=estimate.notes,
                tallies=tallies,
                open=still_open,
            )
        ]

    def grid(self, places: Iterable[Sequence[Row]], threshold: int) -> Thinning | None:
        """See :class:`Metric`: a share leaves without its seats, in whole percents."""
        return Thinning({}, threshold=threshold)

    def keys(self, dialect: Dialect) -> tuple[str, ...]:
        """See :class:`Metric`."""
        return ("amount",)

    def contributions(self, rows: Sequence[Row], grid: Thinning | None) -> Mapping[Label, int]:
        """See :class:`Metric`."""
        return {("persons",): int(any(amount is not None for (amount,) in rows))}


def _in_hundredths(estimate: Estimate) -> Estimate:
    def rounded(value: float | None) -> float | None:
        return None if value is None else round(value, 2)

    return evolve(
        estimate,
        value=round(estimate.value, 2),
        std_err=None,
        low=rounded(estimate.low),
        high=rounded(estimate.high),
    )
