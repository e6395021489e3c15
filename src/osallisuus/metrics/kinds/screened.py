"""ScreenedProportion: a share whose cases pass through the populations of FHIR Measure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import ClassVar

from attrs import evolve

from osallisuus.metrics.engine import Dialect
from osallisuus.metrics.kinds.lines import hidden_draw
from osallisuus.metrics.kinds.proportion import Proportion, share, units, wrong_hit
from osallisuus.metrics.metric import Draw, Label, Row, Tally, Thinning
from osallisuus.metrics.tabulate import Tabulation
from osallisuus.values import frozen

__all__ = ["ScreenedProportion"]

_WITHIN = {
    "initial_population": None,
    "denominator": "initial_population",
    "denominator_exclusion": "denominator",
    "denominator_exception": "denominator",
    "numerator": "denominator",
    "numerator_exclusion": "numerator",
}
"""Every population and the one that it is a part of, in the order in which they are drawn."""
_ALWAYS = ("initial_population", "denominator", "numerator")
_RULES = (
    ("denominator", "denominator = 0", "initial_population"),
    ("denominator_exclusion", "denominator_exclusion = 1", "denominator_exclusion"),
    ("numerator_exclusion", "hit = 1 AND numerator_exclusion = 1", "numerator_exclusion"),
    ("hit", "hit = 1", "numerator"),
    ("denominator_exception", "denominator_exception = 1", "denominator_exception"),
    ("hit", "hit = 0", "denominator"),
    ("hit", "hit IS NULL", "unknown"),
)
"""Column, rule, and the population that a case comes to last where that is the first rule met."""
_IN_ALL = ("initial_population", "denominator")
_COUNTED_IN: Mapping[str, tuple[str, ...]] = {
    "unknown": ("initial_population", "unknown"),
    "initial_population": ("initial_population",),
    "denominator": (*_IN_ALL, "known", "no"),
    "denominator_exclusion": (*_IN_ALL, "denominator_exclusion"),
    "denominator_exception": (*_IN_ALL, "denominator_exception"),
    "numerator": (*_IN_ALL, "known", "numerator", "yes"),
    "numerator_exclusion": (*_IN_ALL, "known", "no", "numerator", "numerator_exclusion"),
}
"""The population that a case comes to last, and every count that it is in: the populations, and
the score's own ``yes`` = N - NX of ``known`` = D - DX - DE."""


@frozen(kw_only=True)
class ScreenedProportion(Proportion):
    """The share ``(N - NX) / (D - DX - DE)`` of the populations of FHIR Measure, and their counts.

    ``cases`` returns the initial population: ``person, happened_on, hit`` as for
    :class:`Proportion`, where ``hit = 1`` meets the numerator, and any of the columns
    ``denominator``, ``denominator_exclusion``, ``denominator_exception`` and
    ``numerator_exclusion``: 1 for a case that meets the rule of that name, else 0 or ``NULL``.
    Without ``denominator`` every case is in it.

    Each column says only whether its own rule is met. How they work together is the same for all
    (proportion scoring of FHIR R4B and R5): who is not in the denominator comes no further; an
    exclusion takes a case out whether it meets the numerator or not; an exception only one that
    does not; and a numerator exclusion only one that does, which then counts as not having met it.
    A case of which nothing is known yet is in the initial population and comes no further.

    Drawn are the share, under the metric's own name, and a count for each population.
    """

    kind: ClassVar[str] = "screened_proportion"
    tabulation: ClassVar[Tabulation] = Tabulation("COUNT", ("population",), ("n", "persons"))

    @property
    def optional(self) -> tuple[str, ...]:
        """See :class:`Metric`."""
        return tuple(column for column, _, _ in _RULES if column != "hit")

    @property
    def populations(self) -> tuple[str, ...]:
        """The populations that are counted: those that every share has, and those stated."""
        stated = self.lineage.columns
        return tuple(name for name in _WITHIN if name in _ALWAYS or name in stated)

    def table(self, dims: Sequence[str], dialect: Dialect) -> str:
        """See :class:`Metric`."""
        placed = "".join(f"{dim}, " for dim in dims)
        groups = ", ".join((*dims, "population"))
        return (
            f"SELECT {groups}, COUNT(*) AS n, COUNT(DISTINCT person) AS persons"
            f" FROM (SELECT {placed}person, {self._last} AS population FROM placed) AS screened"
            f" GROUP BY {groups}"
        )

    @property
    def _last(self) -> str:
        """The SQL for the population that a case comes to last; ``NULL`` where ``hit`` is wrong."""
        stated = self.lineage.columns
        tests = [
            f"WHEN {rule} THEN '{population}'"
            for column, rule, population in _RULES
            if column in stated
        ]
        return f"CASE WHEN hit NOT IN (0, 1) THEN NULL {' '.join(tests)} END"

    def draw(
        self, rows: Sequence[Row], *, confidence: float, grid: Thinning | None = None
    ) -> list[Draw]:
        """See :class:`Metric`."""
        if self.staff_only and grid is not None:
            return [hidden_draw(self.name, "proportion")]
        counts = self._counts(rows)
        yes, known = counts["yes"], counts["known"]
        within = evolve(yes, within=known.label, others=counts["no"].units, telling=True)
        score = share(
            self.name,
            yes.n,
            known.n,
            confidence=confidence,
            tallies=(within, known),
            unknown=counts["unknown"].n,
            unknown_tally=counts["unknown"],
            grid=grid,
        )
        score = score if score.reason else evolve(score, notes=("screened",))
        return [score, *(self._drawn(counts[name], counts, grid) for name in self.populations)]

    def _counts(self, rows: Sequence[Row]) -> dict[str, Tally]:
        """Every count by its name; as persons may be in several rows, ``units`` is the least."""
        found = {name: Tally((name,), 0, 0) for names in _COUNTED_IN.values() for name in names}
        for population, cases, of in rows:
            if population is None:
                raise wrong_hit(self.name)
            n, persons = units(cases, of)
            for name in _COUNTED_IN[population]:
                sofar = found[name]
                most = max(sofar.units or 0, persons)
                found[name] = evolve(sofar, n=sofar.n + n, units=most)
        return found

    def _drawn(self, tally: Tally, counts: Mapping[str, Tally], grid: Thinning | None) -> Draw:
        """How many cases are in a population."""
        (name,) = tally.label
        whole = _WITHIN[name]
        n = tally.n if grid is None else grid.rounded(tally.n)
        draw = Draw(name=name, measure="count", value=n, n=n, method="count")
        if whole is not None:
            # that all or none were excluded says something of each
            tally = evolve(tally, within=(whole,), telling=name not in _ALWAYS)
        reason = "" if counts["initial_population"].n else "no_cases"
        return evolve(draw, reason=reason, tallies=(tally,))

    def keys(self, dialect: Dialect) -> tuple[str, ...]:
        """See :class:`Metric`."""
        return (self._last,)

    def contributions(self, rows: Sequence[Row], grid: Thinning | None) -> Mapping[Label, int]:
        """See :class:`Metric`."""
        return Counter((name,) for (population,) in rows for name in _COUNTED_IN[population])

    def otherwise(
        self, rows: Sequence[Row], label: Label, grid: Thinning | None
    ) -> list[Sequence[Row]]:
        """See :class:`Metric`: who is in it could have been in no other, and the other way round."""
        name = "numerator" if label == ("yes",) else label[0]
        return [[(_turned(population, name),) for (population,) in rows]]


def _turned(population: str, name: str) -> str:
    """The population that a case could be in as well, with regard to the one of that *name*."""
    if population in ("unknown", "initial_population"):
        return population
    return "denominator" if population == name else name
