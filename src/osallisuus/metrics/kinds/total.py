"""Total: amounts of an organisation's own books, added up by what they are for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Literal

from osallisuus.metrics.engine import Dialect
from osallisuus.metrics.metric import Draw, Metric, Row, Thinning
from osallisuus.metrics.tabulate import Tabulation
from osallisuus.values import frozen

__all__ = ["Total"]


@frozen(kw_only=True)
class Total(Metric):
    """The sum per label, and of all: minutes shown in hours, or cents in euros (M33, M36).

    ``cases`` returns ``person, happened_on, label, amount``; ``person`` is ``NULL``, since an
    amount is the organisation's and nobody's own. A line without an amount is not 0: it is left
    out and counted as ``censored`` (note ``amounts_unknown``). A census: no interval.
    """

    kind: ClassVar[str] = "total"
    columns: ClassVar[tuple[str, ...]] = ("person", "happened_on", "label", "amount")
    tabulation: ClassVar[Tabulation] = Tabulation("MOMENTS", ("label",), ("n", "known", "sum"))

    measured: Literal["hours", "money"]

    def options(self) -> list[Any]:
        """See :class:`Metric`."""
        return [self.measured]

    def table(self, dims: Sequence[str], dialect: Dialect) -> str:
        """See :class:`Metric`."""
        groups = ", ".join((*dims, "label"))
        return (
            f"SELECT {groups}, COUNT(*) AS n, COUNT(amount) AS known,"
            f" COALESCE(SUM(amount), 0) AS sum FROM placed GROUP BY {groups}"
        )

    def draw(
        self, rows: Sequence[Row], *, confidence: float, grid: Thinning | None = None
    ) -> list[Draw]:
        """See :class:`Metric`: the books of an organisation are rounded for nobody's sake."""
        ordered = sorted(rows, key=lambda row: (row[0] is None, row[0] or ""))
        whole = ("all", *(sum(row[place] for row in rows) for place in (1, 2, 3)))
        return [self._draw(row) for row in (*ordered, whole)]

    def _draw(self, row: Row) -> Draw:
        label, n, known, total = row
        return Draw(
            name=label or "not_stated",
            measure=self.measured,
            value=total / (60 if self.measured == "hours" else 100),
            n=known,
            censored=(n - known) / n if n else None,
            method="count",
            notes=("amounts_unknown",) if n > known else (),
            reason="" if known else "amounts_unknown" if n else "nothing_recorded",
        )
