"""Sums by cluster: what the kinds share that ask how much came to whom, of how much.

Sessions of one person, meetings of one group, encounters of one peer resemble each other, so the
cluster is the unit of variation (rule G). The small table says how many clusters have which two
sums; every estimate of this family is made of it: ratios, rates, the mean of own shares.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import fsum, sqrt

from osallisuus.metrics.estimate.ratio import Moments
from osallisuus.metrics.estimate.student import student
from osallisuus.metrics.estimate.value import Estimate
from osallisuus.metrics.kinds.percents import in_hundredths
from osallisuus.metrics.metric import Row, Tally, Thinning
from osallisuus.values import frozen

__all__ = ["Clusters", "sums_by_cluster"]


def sums_by_cluster(
    dims: Sequence[str], cluster: str, sums: Mapping[str, str], *, empty: bool = True
) -> str:
    """The SELECT over ``placed`` for how many clusters have which whole-number *sums*.

    *sums* maps a column of the table to the SQL expression that is added up for each cluster.
    Unless *empty*, a cluster of which all sums are 0 is left out.
    """
    listed = "".join(f"{dim}, " for dim in dims)
    added = ", ".join(
        f"CAST(COALESCE(SUM({sql}), 0) AS BIGINT) AS {name}" for name, sql in sums.items()
    )
    keys = f"{listed}{', '.join(sums)}"
    # not by the alias: the cases may have a column of that name
    inner = f"SELECT {listed}{added} FROM placed GROUP BY {listed}{cluster}"
    kept = "" if empty else f" WHERE {' OR '.join(f'{name} > 0' for name in sums)}"
    return f"SELECT {keys}, COUNT(*) AS n FROM ({inner}) AS clusters_{kept} GROUP BY {keys}"


@frozen
class Clusters:
    """How many clusters have which sums: rows of x, y, how many cases are unknown, and n."""

    rows: tuple[tuple[int, int, int, int], ...]

    @classmethod
    def of(cls, rows: Iterable[Row]) -> Clusters:
        """The rows of a small table, sorted."""
        return cls(tuple(sorted((x, y, unknown, n) for x, y, unknown, n in rows)))

    @property
    def moments(self) -> Moments:
        """The sums over all clusters of which anything is known."""
        parts = (
            Moments(n, n * x, n * y, n * x * x, n * x * y, n * y * y)
            for x, y, _, n in self.rows
            if x
        )
        return sum(parts, Moments())

    @property
    def unknown(self) -> int:
        """How many cases are not known."""
        return sum(unknown * n for _, _, unknown, n in self.rows)

    @property
    def two_largest(self) -> tuple[int, int]:
        """The largest and the second largest y of one cluster, for the dominance rule."""
        found: list[int] = []
        for _, y, _, n in sorted(self.rows, key=lambda row: -row[1])[:2]:
            found += [y] * min(n, 2)
        first, second, *_ = [*sorted(found, reverse=True), 0, 0]
        return first, second

    @property
    def single(self) -> list[tuple[int, int]]:
        """The y and x of each cluster that has any x, for estimates that go by single clusters."""
        return [(y, x) for x, y, _, n in self.rows if x for _ in range(n)]

    def tallies(self) -> tuple[Tally, ...]:
        """The counts behind a ratio whose clusters are persons."""
        sums = self.moments
        # what the two largest contribute must not stand for the whole (dominance, D.1)
        behind = (sums.sy, *self.two_largest)
        return (
            Tally(("persons",), sums.n),
            Tally(("sum",), sums.sx, sums.n, largest=behind, additive=True),
        )

    def mean_of_shares(self, confidence: float) -> Estimate | None:
        """The mean of every cluster's own y / x, interval by t; ``None`` without any x."""
        shares = [(y / x, n) for x, y, _, n in self.rows if x]
        return _mean_share(shares, confidence)

    def rounded_mean_of_shares(self, grid: Thinning, confidence: float) -> Estimate | None:
        """The same from rounded sums of own shares in whole percents."""
        shares = [(round(100 * y / x), n) for x, y, _, n in self.rows if x]
        count, total, squares = (
            grid.rounded(sum(n * share**power for share, n in shares), 100**power)
            for power in (0, 1, 2)
        )
        if not count:
            return None
        value = min(total / (100 * count), 1.0)
        if count < 2:
            return in_hundredths(Estimate(value, notes=("one_cluster",)))
        variance = max(squares / 10_000 - count * value**2, 0) / (count - 1)
        return in_hundredths(
            student(value, sqrt(variance / count), count, confidence, span="share")
        )


def _mean_share(shares: Sequence[tuple[float, int]], confidence: float) -> Estimate | None:
    count = sum(n for _, n in shares)
    if not count:
        return None
    value = fsum(share * n for share, n in shares) / count
    if count < 2:
        return Estimate(value, notes=("one_cluster",))
    squares = fsum(n * (share - value) ** 2 for share, n in shares)
    return student(value, sqrt(squares / (count - 1) / count), count, confidence, span="share")
