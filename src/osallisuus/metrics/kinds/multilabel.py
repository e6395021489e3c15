"""MultiLabel: the share of cases that carry a label, where a case may carry several."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar

from attrs import evolve

from osallisuus.metrics.engine import Dialect
from osallisuus.metrics.kinds.proportion import share, units
from osallisuus.metrics.metric import Draw, Label, Metric, Row, Tally, Thinning
from osallisuus.metrics.tabulate import Tabulation
from osallisuus.values import frozen

__all__ = ["MultiLabel"]


@frozen(kw_only=True)
class MultiLabel(Metric):
    """Per label the share of the cases that name any label at all (E2).

    ``cases`` returns ``person, case_id, happened_on, label``: one row per case and label, or one
    with ``NULL`` for a case that names none. An absent optional field is not a "no": such cases
    are left out of ``n`` and reported as ``censored``. Shares do not sum to 1.
    """

    kind: ClassVar[str] = "multilabel"
    columns: ClassVar[tuple[str, ...]] = ("person", "case_id", "happened_on", "label")
    tabulation: ClassVar[Tabulation] = Tabulation("COUNT", ("label", "part"), ("n", "persons"))

    def table(self, dims: Sequence[str], dialect: Dialect) -> str:
        """See :class:`Metric`: per label, and all cases with (1) and without (0) any label."""
        listed = "".join(f"{dim}, " for dim in dims)
        counted = "COUNT(DISTINCT case_id) AS n, COUNT(DISTINCT person) AS persons"
        with_label = "CASE WHEN label IS NULL THEN 0 ELSE 1 END"
        return (
            f"SELECT {listed}label, 2 AS part, {counted} FROM placed WHERE label IS NOT NULL"
            f" GROUP BY {listed}label UNION ALL "
            f"SELECT {listed}NULL AS label, {with_label} AS part, {counted} FROM placed"
            f" GROUP BY {listed}{with_label}"
        )

    def draw(
        self, rows: Sequence[Row], *, confidence: float, grid: Thinning | None = None
    ) -> list[Draw]:
        """See :class:`Metric`."""
        whole = {part: (n, persons) for label, part, n, persons in rows if part < 2}
        n, persons = units(*whole.get(1, (0, 0)))
        unknown, unknown_persons = units(*whole.get(0, (0, 0)))
        beside = Tally(("unknown",), unknown, unknown_persons)
        known = Tally(("known",), n, persons)
        if not n:
            nothing = share(
                self.name, 0, 0, unknown=unknown, confidence=confidence, tallies=(), grid=grid
            )
            return [evolve(nothing, open=beside)]
        drawn = []
        found = {label: units(*counts) for label, part, *counts in rows if part == 2}
        for label in sorted({*found, *(grid.names if grid is not None else ())}):
            k, contributors = found.get(label, (0, 0))
            # an encounter outside services has no person of whom its themes could tell
            named = Tally(
                ("label", label), k, contributors, ("known",), telling=self.unit == "person"
            )
            tallies = (named, known)
            drawn.append(
                share(
                    label,
                    k,
                    n,
                    confidence=confidence,
                    tallies=tallies,
                    unknown=unknown,
                    unknown_tally=beside,
                    grid=grid,
                )
            )
        if len(drawn) < 2:
            return drawn
        return [evolve(draw, notes=(*draw.notes, "many_comparisons")) for draw in drawn]

    def grid(self, places: Iterable[Sequence[Row]], threshold: int) -> Thinning | None:
        """See :class:`Metric`: every place names the same labels, else it would tell of nobody."""
        labels = {row[0] for rows in places for row in rows if row[1] == 2}
        return Thinning({}, threshold=threshold, names=tuple(sorted(labels)))

    def keys(self, dialect: Dialect) -> tuple[str, ...]:
        """See :class:`Metric`."""
        return ("case_id", "label")

    def otherwise(
        self, rows: Sequence[Row], label: Label, grid: Thinning | None
    ) -> list[Sequence[Row]]:
        """See :class:`Metric`: cases without the label could have it, those with it another one.

        Another one is one of those that are named: that nobody has any other can be seen.
        """
        code = label[1]
        have = {case for case, own in rows if own == code}
        others = [name for name in (() if grid is None else grid.names) if name != code] or [""]
        given = [(case, own and (own if case in have else code)) for case, own in rows]
        taken = [[(case, other if own == code else own) for case, own in rows] for other in others]
        return [one for one in (given, *taken) if one != list(rows)]

    def contributions(self, rows: Sequence[Row], grid: Thinning | None) -> Mapping[Label, int]:
        """See :class:`Metric`: a case counts once in each of its labels, and once as known."""
        named = {(case, label) for case, label in rows if label is not None}
        known = len({case for case, _ in named})
        every = len({case for case, _ in rows})
        counts: dict[Label, int] = {("known",): known, ("unknown",): every - known}
        for _, label in sorted(named):
            counts[("label", label)] = counts.get(("label", label), 0) + 1
        return counts
