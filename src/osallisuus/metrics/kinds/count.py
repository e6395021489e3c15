"""Count: how many cases, of how many persons. A census: it has no interval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Literal

from osallisuus.metrics.engine import Dialect
from osallisuus.metrics.metric import Draw, Label, Metric, Row, Tally, Thinning
from osallisuus.metrics.tabulate import Tabulation
from osallisuus.values import frozen

__all__ = ["Count"]


@frozen(kw_only=True)
class Count(Metric):
    """Cases that overlap a period, and the distinct persons among them (R1).

    ``cases`` returns ``person, starts_on, ends_on``; an open case has no ``ends_on``. Persons are
    counted anew in every stratum and period and never summed over them.
    """

    kind: ClassVar[str] = "count"
    columns: ClassVar[tuple[str, ...]] = ("person", "starts_on", "ends_on")
    tabulation: ClassVar[Tabulation] = Tabulation("COUNT", (), ("n", "persons"))
    dated: ClassVar[Literal["event", "span"]] = "span"

    case_name: str = "episodes"
    """What one case is called in output."""

    def options(self) -> list[Any]:
        """See :class:`Metric`."""
        return [self.case_name]

    def table(self, dims: Sequence[str], dialect: Dialect) -> str:
        """See :class:`Metric`."""
        counted = ", ".join((*dims, "COUNT(*) AS n", "COUNT(DISTINCT person) AS persons"))
        group = f" GROUP BY {', '.join(dims)}" if dims else ""
        return f"SELECT {counted} FROM placed{group}"

    def draw(
        self, rows: Sequence[Row], *, confidence: float, grid: Thinning | None = None
    ) -> list[Draw]:
        """See :class:`Metric`."""
        ((n, persons),) = rows or [(0, 0)]
        every = Tally((self.case_name,), n, persons)
        # the difference is how often somebody came back
        distinct = Tally(("persons",), persons, persons, within=every.label)
        if grid is not None:
            n, persons = grid.rounded(n), grid.rounded(persons)
        people = Draw(
            name="persons",
            measure="count",
            value=persons,
            n=persons,
            persons=persons,
            method="count",
            tallies=(distinct,),
        )
        cases = Draw(
            name=self.case_name, measure="count", value=n, n=n, method="count", tallies=(every,)
        )
        return [people, cases]

    def contributions(self, rows: Sequence[Row], grid: Thinning | None) -> Mapping[Label, int]:
        """See :class:`Metric`."""
        return {("persons",): 1, (self.case_name,): len(rows)}
