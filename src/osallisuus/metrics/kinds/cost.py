"""UnitCost: what one outcome costs, the people and the money counted side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from attrs import evolve

from osallisuus.metrics.engine import Dialect
from osallisuus.metrics.estimate.jackknife import delete_a_group
from osallisuus.metrics.kinds.exits import (
    behind,
    expected,
    few_others,
    share_interval,
    stays_of,
    steps_of,
)
from osallisuus.metrics.kinds.stays import Counted
from osallisuus.metrics.kinds.thinned import open_tallies, shown_to
from osallisuus.metrics.metric import Draw, Label, Metric, Row, Tally, Thinning
from osallisuus.metrics.tabulate import Tabulation
from osallisuus.values import frozen

__all__ = ["UnitCost"]

_CENTS = 100


@frozen
class _Spent:
    """The money and the people (days, ending, number) of one group, or of several."""

    cents: int
    upto: int
    people: tuple[Row, ...]

    def __add__(self, other: _Spent) -> _Spent:
        return _Spent(self.cents + other.cents, self.upto + other.upto, self.people + other.people)


@frozen(kw_only=True)
class UnitCost(Metric):
    """All costs by the number of those who came to *outcome* (X1; rules C, G, Z).

    ``cases`` returns ``person, group_id, happened_on, cents, days, event``: a line of costs has
    ``cents`` and no person; a spell of a person has ``days`` until its end, or the last known
    day, and its ending (``NULL``: still open). While people are still on their way, the costs are
    divided by the sum of each one's probability to come to the outcome. Optional ``upto_cents``:
    the most that a line may have cost, where only a range is known; then the figure is a range.

    A line of 0 is known to have cost nothing; one without ``cents`` is not known, and the figure
    is a lower bound (note ``costs_unknown``). The interval leaves out one group at a time; lines
    without a group belong to all.
    """

    kind: ClassVar[str] = "unit_cost"
    columns: ClassVar[tuple[str, ...]] = (
        "person",
        "group_id",
        "happened_on",
        "cents",
        "days",
        "event",
    )
    tabulation: ClassVar[Tabulation] = Tabulation(
        "MOMENTS", ("cluster", "line", "days", "event"), ("n", "known", "cents", "upto")
    )
    counted: ClassVar[str] = "COUNT(person)"

    outcome: str = "completed"

    @property
    def optional(self) -> tuple[str, ...]:
        """See :class:`Metric`."""
        return ("upto_cents",)

    def options(self) -> list[Any]:
        """See :class:`Metric`."""
        return [self.outcome]

    def table(self, dims: Sequence[str], dialect: Dialect) -> str:
        """See :class:`Metric`: a row per group and day of people, and one per group of costs."""
        listed = "".join(f"{dim}, " for dim in dims)
        line = _LINE
        most = "COALESCE(upto_cents, cents)" if "upto_cents" in self.lineage.columns else "cents"
        return (
            f"SELECT {listed}group_id AS cluster, {line} AS line, days, event, COUNT(*) AS n,"
            f" COUNT(cents) AS known, COALESCE(SUM(cents), 0) AS cents,"
            f" COALESCE(SUM({most}), 0) AS upto"
            f" FROM placed GROUP BY {listed}group_id, {line}, days, event"
        )

    def draw(
        self, rows: Sequence[Row], *, confidence: float, grid: Thinning | None = None
    ) -> list[Draw]:
        """See :class:`Metric`: the costs so far, and the costs per outcome."""
        lines = [row for row in rows if row[1]]
        parts = self._parts(rows)
        total = sum(parts[1:], parts[0])
        known, unknown = sum(row[5] for row in lines), sum(row[4] - row[5] for row in lines)
        notes = ("costs_unknown",) if unknown else ()
        so_far = Draw(
            name="cost_so_far",
            measure="money",
            value=total.cents / _CENTS,
            n=known,
            censored=unknown / (known + unknown) if lines else None,
            method="count",
            notes=notes,
        )
        each = self._each(parts, total, confidence, grid)
        each = evolve(each, notes=(*notes, *each.notes))
        if not known:
            reason = "costs_unknown" if unknown else "nothing_recorded"
            return [_undefined(so_far, reason), each if each.reason else _undefined(each, reason)]
        if total.upto != total.cents:
            so_far = _range(so_far, total.cents / _CENTS, total.upto / _CENTS)
        return [so_far, each]

    def _parts(self, rows: Sequence[Row]) -> list[_Spent]:
        """First what belongs to no group, then group by group."""
        clusters = {row[0] for row in rows} | {None}
        parts = []
        for cluster in sorted(clusters, key=lambda name: (name is not None, name or "")):
            own = [row for row in rows if row[0] == cluster]
            people = tuple(tuple(row[2:5]) for row in own if not row[1])
            cents, upto = (sum(row[place] for row in own if row[1]) for place in (6, 7))
            parts.append(_Spent(cents, upto, people))
        return parts

    def _each(
        self, parts: Sequence[_Spent], total: _Spent, confidence: float, grid: Thinning | None
    ) -> Draw:
        stays = stays_of(total.people)
        shown = shown_to(stays, grid)
        still_open, said = open_tallies(stays, grid)
        draw = Draw(
            name=self.name,
            measure="money",
            k=shown.exits(self.outcome),
            n=shown.n,
            censored=shown.censored / shown.n if shown.n else None,
            method="jackknife",
            notes=(*said, *shown.notes),
            tallies=(*behind(stays, self.outcome), *still_open),
            watched=few_others(stays, self.outcome, grid),
            open=Tally(("open",), stays.censored) if stays.censored else None,
        )
        number = expected(shown, self.outcome, confidence)
        if not number:
            return evolve(draw, reason=_why_none(shown))
        if total.upto != total.cents:
            return _range(draw, total.cents / number / _CENTS, total.upto / number / _CENTS)
        if grid is not None:
            interval = share_interval(shown, self.outcome, confidence)
            return _in_euros(draw, total.cents / _CENTS, number, interval)
        shared, *groups = parts

        def per_outcome(spent: _Spent) -> float | None:
            whole = spent + shared
            came = expected(stays_of(whole.people), self.outcome, confidence)
            return whole.cents / came / _CENTS if came else None

        estimate = delete_a_group(groups, per_outcome, confidence, span="positive")
        if estimate is None:  # nobody is in a group, so that there is nothing to leave out
            value = total.cents / number / _CENTS
            return evolve(draw, value=value, notes=(*draw.notes, "one_cluster"))
        return evolve(
            draw,
            value=estimate.value,
            low=estimate.low,
            high=estimate.high,
            std_err=estimate.std_err,
            notes=(*draw.notes, *estimate.notes),
        )

    def grid(self, places: Iterable[Sequence[Row]], threshold: int) -> Thinning | None:
        """See :class:`Metric`: the steps by which those still on their way are given a chance."""
        people = [row[2:5] for rows in places for row in rows if not row[1]]
        return steps_of(people, self.outcome, threshold)

    def keys(self, dialect: Dialect) -> tuple[str, ...]:
        """See :class:`Metric`."""
        return (_LINE, "days", "event")

    def contributions(self, rows: Sequence[Row], grid: Thinning | None) -> Mapping[Label, int]:
        """See :class:`Metric`: lines of costs are nobody's."""
        events = [event for line, day, event in rows if not line and day >= 0]
        reached = events.count(self.outcome)
        return {
            ("entered",): len(events),
            ("exit",): reached,
            ("open",): events.count(None),
            ("otherwise",): len(events) - reached - events.count(None),
        }

    def otherwise(
        self, rows: Sequence[Row], label: Label, grid: Thinning | None
    ) -> list[Sequence[Row]]:
        """See :class:`Metric`: an exit could be another; who is still open stays so."""
        other = {self.outcome: "(other)"}
        return [
            [(line, day, event and other.get(event, self.outcome)) for line, day, event in rows]
        ]


_LINE = "CASE WHEN person IS NULL THEN 1 ELSE 0 END"


def _why_none(counted: Counted) -> str:
    if not counted.n:
        return "no_cases"
    return "not_reached" if counted.censored else "nobody_completed"


def _undefined(draw: Draw, reason: str) -> Draw:
    return evolve(draw, value=None, low=None, high=None, std_err=None, reason=reason)


def _range(draw: Draw, low: float, high: float) -> Draw:
    """Between what is known at least and at most: never one number."""
    return evolve(draw, value=None, low=low, high=high, method="range")


def _in_euros(
    draw: Draw, euros: float, number: float, interval: tuple[float | None, float | None]
) -> Draw:
    """Whole euros by rounded counts; the interval is that of the share who came."""
    low, high = interval
    entered = draw.n or 0
    return evolve(
        draw,
        value=round(euros / number),
        low=round(euros / (entered * high)) if high else None,
        high=round(euros / (entered * low)) if low else None,
        method="aalen_johansen" if draw.censored else "wilson",
    )
