"""What all kinds have in common that look at the same people twice: the table PAIRS."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import ClassVar

from attrs import evolve

from osallisuus.metrics.engine import Dialect
from osallisuus.metrics.estimate.pairs import Pairs
from osallisuus.metrics.kinds.proportion import share
from osallisuus.metrics.kinds.readings import exact, steps_of
from osallisuus.metrics.metric import Draw, Label, Metric, Row, Tally, Thinning
from osallisuus.metrics.tabulate import Tabulation
from osallisuus.values import frozen

__all__ = ["PairMetric", "Readings", "paired_tally", "part_name"]

_FAR = Fraction(10**6)
"""Further than any scale goes: a reader cannot exclude a reading where no range is given."""


@frozen
class Readings:
    """The readings of one part: in whole steps, with who has not been read a second time."""

    part: str | None
    steps: int
    """How many steps make one unit of the instrument."""
    pairs: Pairs
    """Readings before and after, in steps, of the people who have both."""
    missed: int
    """People without a second reading though it was due."""
    waiting: int
    """People whose second reading is not due yet, as far as the facts say."""

    @classmethod
    def of(cls, part: str | None, rows: Sequence[Row]) -> Readings:
        """From the *rows* before, after, due, n of one part."""
        read = [(exact(b), exact(a), n) for b, a, _, n in rows if b is not None and a is not None]
        steps = steps_of(value for before, after, _ in read for value in (before, after))
        alone = [(due, n) for before, after, due, n in rows if before is not None and after is None]
        return cls(
            part,
            steps,
            Pairs.of((int(before * steps), int(after * steps), n) for before, after, n in read),
            missed=sum(n for due, n in alone if due == 1),
            waiting=sum(n for due, n in alone if due == 0),
        )

    @property
    def n(self) -> int:
        """How many people have both readings."""
        return self.pairs.paired

    def each(self) -> Iterable[tuple[Fraction, Fraction, int]]:
        """Reading before and after in the instrument's unit, and how many people have both."""
        for before, after, n in self.pairs.complete():
            yield Fraction(before, self.steps), Fraction(after, self.steps), n


@frozen(kw_only=True)
class PairMetric(Metric):
    """Two readings of the same people: never of one wave against another (O1, O2).

    ``cases`` returns one row per person and part: ``person, happened_on, part, before, after,
    due``. ``part`` keeps scales apart that stand side by side, or is ``NULL``. ``after`` is
    ``NULL`` where there is no second reading; ``due`` then says whether there should be one (1),
    not yet (0), or cannot be (``NULL``). ``lowest`` and ``highest`` are the ends of the scale.

    A kind of its own says with :meth:`marks` what it calls a pair, such as ``improved``.
    """

    columns: ClassVar[tuple[str, ...]] = (
        "person",
        "happened_on",
        "part",
        "before",
        "after",
        "due",
    )
    tabulation: ClassVar[Tabulation] = Tabulation(
        "PAIRS", ("part", "before", "after", "due"), ("n",)
    )
    counted: ClassVar[str] = "COUNT(*)"

    lowest: int | None = None
    highest: int | None = None

    @property
    def mark_names(self) -> tuple[str, ...]:
        """The marks that a pair can have, in the order in which they are drawn."""
        return ()

    def marks(self, before: Fraction, after: Fraction) -> frozenset[str]:
        """Which of :attr:`mark_names` a pair of readings has."""
        return frozenset()

    def table(self, dims: Sequence[str], dialect: Dialect) -> str:
        """See :class:`Metric`."""
        groups = ", ".join((*dims, *self.tabulation.keys))
        return f"SELECT {groups}, COUNT(*) AS n FROM placed GROUP BY {groups}"

    def draw(
        self, rows: Sequence[Row], *, confidence: float, grid: Thinning | None = None
    ) -> list[Draw]:
        """See :class:`Metric`: part by part what :meth:`draw_part` draws, and the follow-up."""
        drawn: list[Draw] = []
        for readings in _parts(rows) or [Readings.of(None, ())]:
            drawn += self.draw_part(readings, confidence, grid)
            drawn.append(_followed_up(readings, confidence, grid))
        return drawn

    def draw_part(self, readings: Readings, confidence: float, grid: Thinning | None) -> list[Draw]:
        """The figures of one part: here the share of the people with both readings per mark."""
        shares = [
            share(
                part_name(readings.part, name),
                n,
                readings.n,
                confidence=confidence,
                tallies=self.mark_tallies(readings, name),
                grid=grid,
            )
            for name, n in self.marked(readings).items()
        ]
        return [draw if draw.reason else evolve(draw, notes=self.mark_notes) for draw in shares]

    @property
    def mark_notes(self) -> tuple[str, ...]:
        """Codes of warnings that belong beside the shares of the marks."""
        return ()

    def marked(self, readings: Readings) -> dict[str, int]:
        """Mark -> how many of the people with both readings have it."""
        counts = self._counts([readings])
        return {name: counts[name, readings.part] for name in self.mark_names}

    def tells(self, name: str, n: int) -> bool:
        """Whether "all have this mark" and "none has it" say something of each (D.1.2)."""
        return True

    def mark_tallies(self, readings: Readings, name: str) -> tuple[Tally, ...]:
        """The counts behind the share with that mark."""
        part = readings.part
        n = self.marked(readings)[name]
        return (
            Tally((name, part), n, within=("paired", part), telling=self.tells(name, n)),
            paired_tally(readings),
        )

    def _counts(self, parts: Iterable[Readings]) -> Counter[Label]:
        counts: Counter[Label] = Counter()
        for readings in parts:
            part = readings.part
            counts["paired", part] += readings.n
            counts["due", part] += readings.n + readings.missed
            counts["waiting", part] += readings.waiting
            for before, after, n in readings.each():
                for mark in self.marks(before, after):
                    counts[mark, part] += n
        return counts

    def keys(self, dialect: Dialect) -> tuple[str, ...]:
        """See :class:`Metric`."""
        return self.tabulation.keys

    def contributions(self, rows: Sequence[Row], grid: Thinning | None) -> Mapping[Label, int]:
        """See :class:`Metric`."""
        return self._counts(_parts([(*row, 1) for row in rows]))

    def otherwise(
        self, rows: Sequence[Row], label: Label, grid: Thinning | None
    ) -> list[Sequence[Row]]:
        """See :class:`Metric`: with other readings, at an end of the scale or as at the start."""
        part = label[1]
        ends = (
            -_FAR if self.lowest is None else Fraction(self.lowest),
            _FAR if self.highest is None else Fraction(self.highest),
        )
        found: dict[int, Sequence[Row]] = {}
        own = self.contributions(rows, None).get(label, 0)
        for before, after in (ends, ends[::-1], (ends[0], ends[0]), (ends[1], ends[1])):
            other = [
                (row[0], float(before), float(after), row[3])
                if row[0] == part and row[1] is not None and row[2] is not None
                else row
                for row in rows
            ]
            counted = self.contributions(other, None).get(label, 0)
            if counted != own:
                found.setdefault(counted, other)
        return list(found.values())


def part_name(part: str | None, name: str) -> str:
    """The name of a figure of one part."""
    return name if part is None else f"{part}_{name}"


def paired_tally(readings: Readings) -> Tally:
    """The people with both readings."""
    return Tally(("paired", readings.part), readings.n)


def _parts(rows: Sequence[Row]) -> list[Readings]:
    parts: dict[str | None, list[Row]] = {}
    for part, *rest in rows:
        parts.setdefault(part, []).append(rest)
    in_order = sorted(parts, key=lambda part: (part is not None, _natural(part or "")))
    return [Readings.of(part, parts[part]) for part in in_order]


def _natural(part: str) -> tuple[object, ...]:
    """``area_2`` comes before ``area_10``."""
    stem = part.rstrip("0123456789")
    return stem, int(part[len(stem) :] or 0)


def _followed_up(readings: Readings, confidence: float, grid: Thinning | None) -> Draw:
    due: Label = ("due", readings.part)
    n = readings.n + readings.missed
    return share(
        part_name(readings.part, "followed_up"),
        readings.n,
        n,
        confidence=confidence,
        tallies=(Tally(("paired", readings.part), readings.n, within=due), Tally(due, n)),
        grid=grid,
        unknown=readings.waiting,
        unknown_tally=Tally(("waiting", readings.part), readings.waiting),
    )
