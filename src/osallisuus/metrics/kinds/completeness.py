"""Completeness: which part of the expected entries has been made, field by field."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar

from osallisuus.metrics.engine import Dialect
from osallisuus.metrics.kinds.percents import in_hundredths, rounds
from osallisuus.metrics.metric import Draw, Label, Metric, Row, Tally, Thinning
from osallisuus.metrics.tabulate import Tabulation
from osallisuus.values import frozen

__all__ = ["Completeness"]


@frozen(kw_only=True)
class Completeness(Metric):
    """Per field, known entries of those expected (D1, M41): a census, without an interval.

    ``cases`` returns ``person, happened_on, field, known``: 1 where the field is stated, also
    where "none" is stated; 0 where it is not; ``NULL`` where it does not apply, such as the
    ending of what has not ended. A field that nobody has ever filled in is not in use: its
    figure is undefined (``not_recorded``), not 0 %.
    """

    kind: ClassVar[str] = "completeness"
    columns: ClassVar[tuple[str, ...]] = ("person", "happened_on", "field", "known")
    tabulation: ClassVar[Tabulation] = Tabulation("COUNT", ("field", "known"), ("n", "persons"))

    def table(self, dims: Sequence[str], dialect: Dialect) -> str:
        """See :class:`Metric`."""
        groups = ", ".join((*dims, "field", "known"))
        return (
            f"SELECT {groups}, COUNT(*) AS n, COUNT(DISTINCT person) AS persons FROM placed"
            f" WHERE known IS NOT NULL GROUP BY {groups}"
        )

    def draw(
        self, rows: Sequence[Row], *, confidence: float, grid: Thinning | None = None
    ) -> list[Draw]:
        """See :class:`Metric`."""
        cells = {(field, known): (n, persons) for field, known, n, persons in rows}
        fields = sorted({field for field, _ in cells})
        if not fields:
            return [Draw(name=self.name, measure="proportion", n=0, reason="no_cases")]
        return [
            _share(field, cells.get((field, 1), (0, 0)), cells.get((field, 0), (0, 0)), grid)
            for field in fields
        ]

    def grid(self, places: Iterable[Sequence[Row]], threshold: int) -> Thinning | None:
        """See :class:`Metric`."""
        return Thinning({}, threshold=threshold)

    def keys(self, dialect: Dialect) -> tuple[str, ...]:
        """See :class:`Metric`."""
        return ("field", "known")

    def contributions(self, rows: Sequence[Row], grid: Thinning | None) -> Mapping[Label, int]:
        """See :class:`Metric`."""
        counts: Counter[Label] = Counter()
        for field, known in rows:
            if known is not None:
                counts["expected", field] += 1
                counts["known", field] += known
        return counts


def _share(
    field: str, known: tuple[int, int], missing: tuple[int, int], grid: Thinning | None
) -> Draw:
    k, n = known[0], known[0] + missing[0]
    expected = ("expected", field)
    tallies = (
        Tally(("known", field), k, known[1] or None, within=expected, others=missing[1] or None),
        Tally(expected, n, max(known[1], missing[1]) or None),
    )
    if grid is not None:
        k, n = grid.rounded(k), grid.rounded(n)
    reason = "" if k else "not_recorded" if n else "no_cases"
    draw = Draw(
        name=field,
        measure="proportion",
        value=k / n if k else None,
        k=k if not reason else None,
        n=n,
        method="count",
        tallies=tallies,
        reason=reason,
    )
    return in_hundredths(draw) if rounds(grid) else draw
