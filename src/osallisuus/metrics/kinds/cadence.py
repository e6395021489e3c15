"""Cadence: in how many of the weeks (or other units) was held what was promised."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import accumulate
from typing import Any, ClassVar, Literal

from attrs import evolve

from osallisuus.metrics.engine import Dialect, Value
from osallisuus.metrics.estimate.proportion import wilson
from osallisuus.metrics.estimate.ratio import Moments, ratio
from osallisuus.metrics.estimate.value import Estimate
from osallisuus.metrics.kinds.clusters import Clusters
from osallisuus.metrics.kinds.exposure import BEGINS, ENDS
from osallisuus.metrics.kinds.percents import in_hundredths
from osallisuus.metrics.metric import Draw, Label, Metric, Row, Thinning
from osallisuus.metrics.tabulate import Tabulation
from osallisuus.model.cadence import Cadence
from osallisuus.rules.schedule.promise import Promise, promise_of
from osallisuus.time import Period
from osallisuus.values import frozen

__all__ = ["CadenceHeld"]

_EPOCH = date(1970, 1, 1)
_CELLS = ("below", "inside", "above")


@frozen(kw_only=True)
class CadenceHeld(Metric):
    """The share of full units of time with as many meetings as the cadence promises (F1, M10).

    ``cases`` returns ``person, cluster, what, starts_on, ends_on``, where *what* is ``open`` (the
    time in which the promise holds; its first day begins the first unit), ``closed`` (a pause),
    ``held`` (a meeting, a row of no length), ``unknown`` (one of which nobody knows), or ``aside``
    (time in which nothing was promised: it has no units, a note says that it was left out, and
    where there is no other time the figures are not applicable). A cluster is a group, or a person.
    Units are blocks of seven days, or calendar months or years clamped to shorter ones, from that
    first day. Only units that lie wholly in the open time, and in the period, count: a partial one,
    and the gap that is still open, is no miss. A unit with a closed day or an unknown meeting is
    left out; with the policy ``closures=in`` only one with a pause. A promise "as needed" cannot be
    missed: undefined.

    Figures: the metric's own name, the share inside; ``below`` and ``above``, the other two cells.
    Of one group the interval is Wilson's over the units, of several it goes by group, and of
    persons by person.
    """

    kind: ClassVar[str] = "cadence"
    columns: ClassVar[tuple[str, ...]] = ("person", "cluster", "what", "starts_on", "ends_on")
    tabulation: ClassVar[Tabulation] = Tabulation(
        "FLOW", ("person", "cluster", "what", "origin", "first", "after"), ("n",)
    )
    dated: ClassVar[Literal["event", "span"]] = "span"

    cadence: Cadence
    """What is promised."""
    closures: tuple[Period, ...] = ()
    """Days on which nothing is held, such as holidays."""

    def options(self) -> list[Any]:
        """See :class:`Metric`."""
        return [repr(self.cadence), [str(one) for one in self.closures]]

    @property
    def bound(self) -> Mapping[str, Value]:
        """See :class:`Metric`: days are counted from one day, so that units are made in Python."""
        return {**super().bound, "epoch": _EPOCH}

    def table(self, dims: Sequence[str], dialect: Dialect) -> str:
        """See :class:`Metric`: every span and meeting, in days since 1970."""
        keys = [f"{day} AS {name}" for name, day in _DAYS_OF.items()]
        listed = "".join(f"{dim}, " for dim in dims)
        groups = f"{listed}person, cluster, what, {', '.join(_DAYS_OF.values())}"
        return (
            f"SELECT {listed}person, cluster, what, {', '.join(keys)}, COUNT(*) AS n FROM placed"
            f" GROUP BY {groups}"
        )

    def draw(
        self, rows: Sequence[Row], *, confidence: float, grid: Thinning | None = None
    ) -> list[Draw]:
        """See :class:`Metric`."""
        promise = promise_of(self.cadence)
        names = {"inside": self.name, "below": "below", "above": "above"}
        if promise is None:
            return [
                Draw(name=name, measure="proportion", reason="not_applicable")
                for name in names.values()
            ]
        cells = self._cells(rows, promise)
        drawn = [
            self._share(names[cell], cell, cells, confidence, grid)
            for cell in ("inside", "below", "above")
        ]
        kinds = {what for _, _, what, *_ in rows}
        if "aside" not in kinds:
            return drawn
        if "open" not in kinds:
            return [evolve(one, reason="not_applicable") for one in drawn]
        return [evolve(one, notes=(*one.notes, "nothing_promised")) for one in drawn]

    def _cells(self, rows: Sequence[Row], promise: Promise) -> dict[str, Counter[str]]:
        """Per person, or cluster without a person, how many full units are in which cell."""
        clusters: dict[tuple[str, str], list[Row]] = {}
        for person, cluster, *row in rows:
            clusters.setdefault((person or cluster, cluster), []).append(row)
        cells: dict[str, Counter[str]] = {}
        for whose, cluster in sorted(clusters):
            counts = self._of_cluster(clusters[whose, cluster], promise)
            cells.setdefault(whose, Counter()).update(counts)
        return cells

    def _of_cluster(self, rows: Iterable[Row], promise: Promise) -> Counter[str]:
        meetings = Counter[int]()
        closed, open_ = [], []
        for what, origin, first, after, n in rows:
            if what == "held":
                meetings[origin] += n
            elif what == "unknown":
                closed.append((origin, origin + 1))
            elif what == "closed":
                closed.append((first, after))
            elif what == "open":
                open_.append((origin, first, after))
        if self.policies.get("closures") != "in":
            closed += [(_day(one.starts_on), _day(one.ends_on)) for one in self.closures]
        counts = Counter[str]()
        days = sorted(meetings)
        upto = [0, *accumulate(meetings[day] for day in days)]
        for origin, first, after in open_:
            for begin, end in _whole(promise, origin, after):
                if begin < first or any(max(a, begin) < min(b, end) for a, b in closed):
                    continue
                held = upto[bisect_left(days, end)] - upto[bisect_left(days, begin)]
                counts[promise.verdict(held)] += 1
        return counts

    def _share(
        self,
        name: str,
        cell: str,
        cells: Mapping[str, Counter[str]],
        confidence: float,
        grid: Thinning | None,
    ) -> Draw:
        clusters = Clusters(
            tuple((of.total(), of[cell], 0, 1) for of in cells.values() if of.total())
        )
        by_person = self.unit == "person"
        tallies = (
            tuple(evolve(one, label=(*one.label, cell)) for one in clusters.tallies())
            if by_person
            else ()
        )
        draw = Draw(name=name, measure="proportion", tallies=tallies)
        sums = clusters.moments
        shown = sums.n if grid is None else grid.rounded(sums.n)
        if grid is not None and by_person:
            parts = (sums.n, sums.sx, sums.sy, sums.sxx, sums.sxy, sums.syy)
            sums = Moments(*map(grid.rounded, parts))
        estimate, method = _estimate(sums, confidence, by_person=by_person)
        if estimate is None:
            return evolve(draw, n=0, reason="no_cases")
        if grid is not None:
            estimate = in_hundredths(estimate)
        hidden = grid is not None and by_person
        return evolve(
            draw,
            value=estimate.value,
            low=estimate.low,
            high=estimate.high,
            std_err=estimate.std_err,
            k=None if hidden else sums.sy,
            n=None if hidden else sums.sx,
            persons=shown if by_person else None,
            method=method,
            notes=estimate.notes,
        )

    def grid(self, places: Iterable[Sequence[Row]], threshold: int) -> Thinning | None:
        """See :class:`Metric`: a share leaves without its units, in whole percents."""
        return Thinning({}, threshold=threshold)

    def keys(self, dialect: Dialect) -> tuple[str, ...]:
        """See :class:`Metric`."""
        return ("person", "cluster", "what", *_DAYS_OF.values())

    def contributions(self, rows: Sequence[Row], grid: Thinning | None) -> Mapping[Label, int]:
        """See :class:`Metric`: whether a person has any full unit."""
        promise = promise_of(self.cadence)
        if promise is None:
            return {}
        cells = self._cells([(*row, 1) for row in rows], promise)
        full = int(any(of.total() for of in cells.values()))
        return {("persons", cell): full for cell in _CELLS}


_DAYS_OF = {
    "origin": "days_between(:epoch, starts_on)",
    "first": f"days_between(:epoch, {BEGINS})",
    "after": f"days_between(:epoch, {ENDS})",
}
"""Column of the table -> its SQL: a span's own first day, and its first and next day as cut."""


def _whole(promise: Promise, origin: int, after: int) -> Iterator[tuple[int, int]]:
    """First and next day of every block that ends by *after*, in days since 1970."""
    for block in promise.blocks(_EPOCH + timedelta(origin)):
        end = _day(block.ends_on)
        if end > after:
            return
        yield _day(block.starts_on), end


def _estimate(sums: Moments, confidence: float, *, by_person: bool) -> tuple[Estimate | None, str]:
    """The share, and how its interval was made."""
    if sums.n == 1 and not by_person:
        interval = wilson(sums.sy, sums.sx, confidence)
        return interval and Estimate(sums.sy / sums.sx, None, *interval), "wilson"
    method = "clustered_ratio" if by_person else "clustered_by_group"
    return ratio(sums, confidence), method


def _day(day: date) -> int:
    return (day - _EPOCH).days
