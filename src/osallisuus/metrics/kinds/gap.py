"""Gap: how far the outcomes of some people are from those of all others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from math import hypot, sqrt
from typing import Any, ClassVar

from attrs import evolve

from osallisuus.metrics.engine import Dialect
from osallisuus.metrics.estimate.curve import Curve
from osallisuus.metrics.estimate.proportion import newcombe
from osallisuus.metrics.estimate.several import holm, two_sided
from osallisuus.metrics.estimate.special import normal_quantile, tail
from osallisuus.metrics.kinds.exits import (
    behind,
    few_others,
    incidence,
    stays_of,
    steps_of,
)
from osallisuus.metrics.kinds.percents import in_hundredths, rounds
from osallisuus.metrics.kinds.stays import Counted, Stays
from osallisuus.metrics.kinds.thinned import open_tallies, shown_to
from osallisuus.metrics.metric import Draw, Label, Metric, Row, Tally, Thinning
from osallisuus.metrics.tabulate import Tabulation
from osallisuus.values import frozen

__all__ = ["NOT_STATED", "Gap"]

NOT_STATED = "not_stated"
"""The arm of those who have not said: never left out, never guessed."""


@frozen(kw_only=True)
class Gap(Metric):
    """Per arm, its share with *outcome* minus that of all others (Q1, M40; rules C, X).

    ``cases`` returns ``person, happened_on, arm, days, event``: days until the end, or the last
    known day, and the ending (``NULL``: still open). Where everybody's spell is closed the
    difference is of two shares, with Newcombe's interval; else of two incidence curves on the
    last day on which both are known, with ``sqrt(se1^2 + se2^2)``. With more than two arms every
    figure says that many are compared, and ``stands_out`` where chance hardly explains it even
    so (Holm, 1979). It says that there is a difference, never why, and it ranks nobody.
    """

    kind: ClassVar[str] = "gap"
    columns: ClassVar[tuple[str, ...]] = ("person", "happened_on", "arm", "days", "event")
    tabulation: ClassVar[Tabulation] = Tabulation("FLOW", ("arm", "days", "event"), ("n",))
    counted: ClassVar[str] = "COUNT(*)"

    outcome: str = "completed"

    def options(self) -> list[Any]:
        """See :class:`Metric`."""
        return [self.outcome]

    def table(self, dims: Sequence[str], dialect: Dialect) -> str:
        """See :class:`Metric`."""
        groups = ", ".join((*dims, "arm", "days", "event"))
        return f"SELECT {groups}, COUNT(*) AS n FROM placed GROUP BY {groups}"

    def draw(
        self, rows: Sequence[Row], *, confidence: float, grid: Thinning | None = None
    ) -> list[Draw]:
        """See :class:`Metric`: one figure for each arm, "not stated" last."""
        names = sorted({row[0] for row in rows}, key=lambda arm: (arm is None, arm or ""))
        arms = {name: stays_of(row[1:] for row in rows if row[0] == name) for name in names}
        left_out = any(stays.left_out for stays in arms.values())
        notes = ("dates_out_of_order",) if left_out else ()
        arms = {name: stays for name, stays in arms.items() if stays.n}
        if len(arms) < 2:
            reason = "one_group" if arms else "no_cases"
            return [Draw(name=self.name, measure="difference", reason=reason, notes=notes)]
        drawn, chances = [], []
        for arm, stays in arms.items():
            others = [name for name in arms if name != arm]
            rest = Stays(row for name in others for row in arms[name].rows)
            draw, chance = self._difference(stays, rest, confidence, grid)
            part = (_named(arm),)
            counts = (*behind(stays, self.outcome, part), *self._of_rest(arm, rest, others))
            still_open, said = self._open(arm, stays, rest, others, grid)
            few = few_others(stays, self.outcome, grid, part)
            draw = evolve(
                draw,
                name=_named(arm),
                tallies=(*counts, *still_open),
                watched=few,
                notes=(*said, *draw.notes),
            )
            drawn.append(in_hundredths(draw) if rounds(grid) else draw)
            chances.append(chance)
        together = _many(chances, confidence) if len(arms) > 2 else [()] * len(arms)
        return [
            evolve(draw, notes=(*draw.notes, *many, *notes))
            for draw, many in zip(drawn, together, strict=True)
        ]

    def _difference(
        self, stays: Stays, rest: Stays, confidence: float, grid: Thinning | None
    ) -> tuple[Draw, float | None]:
        """The difference of two groups, and how likely chance alone is so far from 0."""
        one, other = shown_to(stays, grid), shown_to(rest, grid)
        draw = Draw(name="", measure="difference", n=one.n)
        if not one.n or not other.n:
            return evolve(draw, reason="too_few"), None
        if one.censored or other.censored:
            curves = [incidence(counted, self.outcome, confidence) for counted in (one, other)]
            is_open = (one.censored + other.censored) / (one.n + other.n)
            draw = evolve(draw, censored=is_open)
            return _of_curves(draw, curves, confidence)
        return _of_shares(draw, self._counts(one), self._counts(other), confidence)

    def _counts(self, counted: Counted) -> tuple[int, int]:
        return counted.exits(self.outcome), counted.n

    def _of_rest(
        self, arm: str | None, rest: Stays, others: Sequence[str | None]
    ) -> tuple[Tally, Tally]:
        """What is said of all who are not in the arm: sums over the other arms."""
        names = [_named(other) for other in others]
        whole = ("others", _named(arm))
        return (
            Tally(
                ("exit_of_others", _named(arm)),
                rest.exits(self.outcome),
                within=whole,
                telling=True,
                sums=tuple(("exit", name) for name in names),
            ),
            Tally(whole, rest.n, sums=tuple(("entered", name) for name in names)),
        )

    def _open(
        self,
        arm: str | None,
        stays: Stays,
        rest: Stays,
        others: Sequence[str | None],
        grid: Thinning | None,
    ) -> tuple[tuple[Tally, ...], tuple[str, ...]]:
        """What is told of those who are still open in the arm, and of those in all others."""
        own, said = open_tallies(stays, grid, ("open", _named(arm)))
        names = tuple(("open", _named(other)) for other in others)
        more, besides = open_tallies(rest, grid, ("open_of_others", _named(arm)), names)
        return (*own, *more), tuple(dict.fromkeys((*said, *besides)))

    def grid(self, places: Iterable[Sequence[Row]], threshold: int) -> Thinning | None:
        """See :class:`Metric`: one grid for all arms, so that no arm has days of its own."""
        return steps_of((row[1:] for rows in places for row in rows), self.outcome, threshold)

    def keys(self, dialect: Dialect) -> tuple[str, ...]:
        """See :class:`Metric`."""
        return ("arm", "days", "event")

    def contributions(self, rows: Sequence[Row], grid: Thinning | None) -> Mapping[Label, int]:
        """See :class:`Metric`."""
        counts: Counter[Label] = Counter()
        for arm, day, event in rows:
            if day >= 0:
                name = _named(arm)
                counts["entered", name] += 1
                ending = "exit" if event == self.outcome else "otherwise" if event else "open"
                counts[ending, name] += 1
        return counts

    def otherwise(
        self, rows: Sequence[Row], label: Label, grid: Thinning | None
    ) -> list[Sequence[Row]]:
        """See :class:`Metric`: an exit could be another; who is still open stays so."""
        other = {self.outcome: "(other)"}
        return [[(arm, day, event and other.get(event, self.outcome)) for arm, day, event in rows]]


def _named(arm: str | None) -> str:
    return NOT_STATED if arm is None else arm


def _of_shares(
    draw: Draw, one: tuple[int, int], other: tuple[int, int], confidence: float
) -> tuple[Draw, float | None]:
    """Two shares whose people are all through: Newcombe's interval."""
    (k1, n1), (k2, n2) = one, other
    low, high = newcombe(k1, n1, k2, n2, confidence) or (None, None)
    share = (k1 + k2) / (n1 + n2)
    pooled = sqrt(share * (1 - share) * (1 / n1 + 1 / n2))
    value = k1 / n1 - k2 / n2
    return evolve(draw, value=value, low=low, high=high, method="newcombe"), two_sided(
        value, pooled
    )


def _of_curves(draw: Draw, curves: Sequence[Curve], confidence: float) -> tuple[Draw, float | None]:
    """Two incidence curves on the last day on which both are known."""
    days = [curve.last_day for curve in curves if curve.last_day is not None]
    ends = [curve.points[-1].day for curve in curves if curve.points]
    first, second = (curve.at(min(days, default=max(ends, default=0))) for curve in curves)
    if first is None or second is None:
        return evolve(draw, reason="nobody_at_risk", notes=()), None
    value = first.value - second.value
    draw = evolve(draw, value=value, method="aalen_johansen")
    std_err = hypot(first.std_err or 0.0, second.std_err or 0.0)
    if not std_err:  # nothing has happened yet: an interval of no width would claim certainty
        return draw, None
    reach = normal_quantile(1 - tail(confidence)) * std_err
    low, high = max(-1.0, value - reach), min(1.0, value + reach)
    return evolve(draw, low=low, high=high, std_err=std_err), two_sided(value, std_err)


def _many(chances: Sequence[float | None], confidence: float) -> list[tuple[str, ...]]:
    """What the figures say of being several: which of them stand out all the same."""
    adjusted = holm([1.0 if chance is None else chance for chance in chances])
    clear = [probability < 1 - confidence for probability in adjusted]
    return [("many_comparisons", *(("stands_out",) if one else ())) for one in clear]
