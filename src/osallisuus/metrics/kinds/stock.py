"""Stock: who is in which state on a day, and for how many days of a period."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar, Literal

from osallisuus.metrics.engine import Dialect
from osallisuus.metrics.kinds.exposure import BEGINS, DAYS, ENDS, LENGTH, UNTIL
from osallisuus.metrics.metric import Draw, Label, Metric, Row, Tally, Thinning
from osallisuus.metrics.tabulate import Tabulation
from osallisuus.values import frozen

__all__ = ["Stock"]

_ON_LAST_DAY = f"{BEGINS} < {UNTIL} AND {ENDS} = {UNTIL}"
"""Whether a span holds the last day that is counted."""


@frozen(kw_only=True)
class Stock(Metric):
    """Persons in each state on the last day, and person-days in each state (S5).

    ``cases`` returns ``person, state, starts_on, ends_on``: spans, open ones without an end. The
    last day is that of the period, or the last that is known. A person may be in several states
    at once, or have two spans in one: persons are counted anew for every state, and never add up
    over states. A census: no interval. Figures, for each state:

    * the state's own name: the persons on the last day;
    * ``<state>_days``: the days of all spans, cut to the period;
    * ``<state>_average``: those days by the days of the period, where there is a period.
    """

    kind: ClassVar[str] = "stock"
    columns: ClassVar[tuple[str, ...]] = ("person", "state", "starts_on", "ends_on")
    tabulation: ClassVar[Tabulation] = Tabulation(
        "EXPOSURE", ("state", "length"), ("days", "persons", "on_day")
    )
    dated: ClassVar[Literal["event", "span"]] = "span"

    def table(self, dims: Sequence[str], dialect: Dialect) -> str:
        """See :class:`Metric`: one row per person first, so that the two largest are known."""
        listed = "".join(f"{dim}, " for dim in dims)
        return (
            f"SELECT {listed}state, length_ AS length, CAST(SUM(days_) AS BIGINT) AS days,"
            " COUNT(*) AS persons, CAST(SUM(there_) AS BIGINT) AS on_day FROM ("
            f"SELECT {listed}state, {LENGTH} AS length_, SUM({DAYS}) AS days_,"
            f" MAX(CASE WHEN {_ON_LAST_DAY} THEN 1 ELSE 0 END) AS there_ FROM placed"
            f" GROUP BY {listed}state, {LENGTH}, person) AS persons_"
            f" WHERE days_ > 0 GROUP BY {listed}state, length_"
        )

    def draw(
        self, rows: Sequence[Row], *, confidence: float, grid: Thinning | None = None
    ) -> list[Draw]:
        """See :class:`Metric`."""
        if not rows:
            return [Draw(name=self.name, measure="count", n=0, reason="no_cases")]
        return [
            draw
            for row in sorted(rows, key=lambda row: row[0])
            for draw in self._of_state(row, grid)
        ]

    def _of_state(self, row: Row, grid: Thinning | None) -> Iterable[Draw]:
        state, length, days, persons, on_day = row
        shown = on_day if grid is None else grid.rounded(on_day)
        ever = persons if grid is None else grid.rounded(persons)
        there = (Tally(("on_day", state), on_day, within=("ever", state)), _ever(state, persons))
        yield Draw(
            name=state, measure="count", value=shown, n=shown, persons=shown, method="count",
            tallies=there,
        )  # fmt: skip
        total = days if grid is None else grid.rounded(days)
        behind = (_ever(state, persons), Tally(("days", state), days, persons, additive=True))
        yield Draw(
            name=f"{state}_days", measure="days", value=total, persons=ever, method="count",
            tallies=behind,
        )  # fmt: skip
        if length:
            average = total / length
            yield Draw(
                name=f"{state}_average",
                measure="mean",
                value=average if grid is None else round(average, 2),
                persons=ever,
                method="count",
                tallies=behind,
            )

    def keys(self, dialect: Dialect) -> tuple[str, ...]:
        """See :class:`Metric`."""
        return ("state", DAYS, f"CASE WHEN {_ON_LAST_DAY} THEN 1 ELSE 0 END")

    def contributions(self, rows: Sequence[Row], grid: Thinning | None) -> Mapping[Label, int]:
        """See :class:`Metric`."""
        counts: dict[Label, int] = {}
        for state, days, there in rows:
            if days:
                counts["ever", state] = 1
            if there:
                counts["on_day", state] = 1
        return counts


def _ever(state: str, persons: int) -> Tally:
    return Tally(("ever", state), persons)
