"""WaveChange: the means of two waves of a survey whose answers are not linked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, ClassVar

from osallisuus.metrics.engine import Dialect
from osallisuus.metrics.estimate.mean import mean, mean_difference
from osallisuus.metrics.kinds.proportion import share
from osallisuus.metrics.kinds.readings import (
    amounts,
    exact,
    in_units,
    mean_draw,
    rounded_sums,
    steps_of,
    summed,
)
from osallisuus.metrics.metric import Draw, Label, Metric, Row, Tally, Thinning
from osallisuus.metrics.tabulate import Tabulation
from osallisuus.model.scales import Scale
from osallisuus.values import frozen

__all__ = ["WaveChange"]

_NAMES = ("before", "after")


@frozen(kw_only=True)
class WaveChange(Metric):
    """The mean of each of two waves with its t interval, and their difference by Welch (M25, O4).

    ``cases`` returns one row per form: ``person, case_id, happened_on, wave, total, answered``;
    ``wave`` is ``before`` or ``after``, ``person`` the form itself where nobody knows whose it
    is. The waves are two samples: who answered in both is not the same as who did not change, so
    this is another metric than :class:`PairedChange`, and a note says so.

    With a *scale*, ``total`` is the sum of points over ``answered`` items, and a form with fewer
    than *fewest_answers* answers is left out and counted; without one ``total`` is the reading itself.
    With *fewest_forms*, the mean of fewer forms is undefined (``too_few_forms``), for everybody: the
    instrument may describe groups only.
    """

    kind: ClassVar[str] = "wave_change"
    columns: ClassVar[tuple[str, ...]] = (
        "person",
        "case_id",
        "happened_on",
        "wave",
        "total",
        "answered",
    )
    tabulation: ClassVar[Tabulation] = Tabulation(
        "HISTOGRAM", ("wave", "total", "answered"), ("n",)
    )
    counted: ClassVar[str] = "COUNT(*)"

    scale: Scale | None = None
    fewest_answers: int = 1
    fewest_forms: int = 1

    def options(self) -> list[Any]:
        """See :class:`Metric`."""
        scale = self.scale and [
            self.scale.code,
            list(self.scale.items),
            self.scale.lowest,
            self.scale.highest,
            self.scale.stretched_to,
        ]
        return [scale, self.fewest_answers, self.fewest_forms]

    def table(self, dims: Sequence[str], dialect: Dialect) -> str:
        """See :class:`Metric`."""
        groups = ", ".join((*dims, *self.tabulation.keys))
        return f"SELECT {groups}, COUNT(*) AS n FROM placed GROUP BY {groups}"

    def draw(
        self, rows: Sequence[Row], *, confidence: float, grid: Thinning | None = None
    ) -> list[Draw]:
        """See :class:`Metric`."""
        read, left_out = self._read(rows)
        steps = steps_of(value for wave in _NAMES for value in read[wave])
        numbers = {
            wave: [(int(value * steps), n) for value, n in read[wave].items()] for wave in _NAMES
        }
        sums = {wave: rounded_sums(summed(numbers[wave]), steps, grid) for wave in _NAMES}
        enough = {wave: read[wave].total() >= self.fewest_forms for wave in _NAMES}
        behind = {
            wave: (Tally((wave,), read[wave].total()), amounts("sum", wave, numbers[wave]))
            for wave in _NAMES
        }
        drawn = []
        for wave in _NAMES:
            n = read[wave].total()
            drawn.append(
                mean_draw(
                    wave,
                    "mean",
                    in_units(mean(sums[wave], confidence), steps) if enough[wave] else None,
                    n,
                    method="t",
                    tallies=behind[wave],
                    grid=grid,
                    reason="too_few_forms" if n else "no_cases",
                )
            )
        difference = mean_difference(sums["after"], sums["before"], confidence)
        both = all(enough.values())
        drawn.append(
            mean_draw(
                "change",
                "change",
                in_units(difference, steps, "waves_not_linked") if both else None,
                sum(read[wave].total() for wave in _NAMES),
                method="welch_t",
                tallies=(*behind["before"], *behind["after"]),
                grid=grid,
                reason="too_few_forms" if all(read.values()) else "no_cases",
            )
        )
        if self.scale is not None:
            drawn.append(self._usable(read, left_out, confidence, grid))
        return drawn

    def _usable(
        self,
        read: Mapping[str, Counter[Fraction]],
        left_out: int,
        confidence: float,
        grid: Thinning | None,
    ) -> Draw:
        """The share of the forms that have enough answers."""
        k = sum(read[wave].total() for wave in _NAMES)
        tallies = (Tally(("usable",), k, within=("forms",)), Tally(("forms",), k + left_out))
        return share(
            "usable_forms", k, k + left_out, confidence=confidence, tallies=tallies, grid=grid
        )

    def _read(self, rows: Sequence[Row]) -> tuple[dict[str, Counter[Fraction]], int]:
        """Per wave how many forms have which value, and how many of both have too few answers."""
        read: dict[str, Counter[Fraction]] = {wave: Counter() for wave in _NAMES}
        left_out = 0
        for wave, total, answered, n in rows:
            if wave not in read:
                continue
            if self.scale is None and total is not None:
                read[wave][exact(total)] += n
            elif self.scale is not None and (answered or 0) >= self.fewest_answers:
                read[wave][self.scale.value(exact(total), answered)] += n
            else:
                left_out += n
        return read, left_out

    def keys(self, dialect: Dialect) -> tuple[str, ...]:
        """See :class:`Metric`."""
        return self.tabulation.keys

    def contributions(self, rows: Sequence[Row], grid: Thinning | None) -> Mapping[Label, int]:
        """See :class:`Metric`."""
        read, left_out = self._read([(*row, 1) for row in rows])
        counts: dict[Label, int] = {(wave,): read[wave].total() for wave in _NAMES}
        usable = sum(counts.values())
        return counts | {("usable",): usable, ("forms",): usable + left_out}
