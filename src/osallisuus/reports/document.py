"""What a report says, before anyone decides how it looks.

A :class:`Document` is an immutable list of blocks. Its texts are already in the document's
language; its numbers are still :class:`~osallisuus.metrics.figure.Figure` values, so that each
exporter formats them at the very end and a hidden figure is hidden in the same way everywhere.

Two things are settled here once, for every exporter. A suppressed figure enters a document without
any number, whatever it carried before; and characters that no page can show (control characters,
half surrogate pairs, direction overrides) become U+FFFD. Nothing is escaped here: escaping belongs
to the output (requirement R18).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Literal, TypeAlias, get_args

from attrs import evolve, field

from osallisuus.errors import DefinitionError, did_you_mean
from osallisuus.metrics.figure import Figure
from osallisuus.reports.look import Look
from osallisuus.time import Period
from osallisuus.values import frozen

__all__ = [
    "Block",
    "Cell",
    "Chart",
    "ChartKind",
    "Document",
    "Heading",
    "Hidden",
    "Note",
    "NoteKind",
    "Provenance",
    "Series",
    "Shown",
    "Table",
    "Text",
    "View",
    "clean_text",
    "distinct",
]

View = Literal["value", "interval", "both", "cases", "k", "n", "persons", "at_risk", "censored"]
"""Which face of a figure a cell shows: ``both`` is the value with its interval, ``cases`` is
"k of n"."""

ChartKind = Literal["curve", "funnel", "bars", "flow", "calendar", "panels"]
NoteKind = Literal["info", "warning", "hidden", "synthetic"]

_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


def clean_text(text: str) -> str:
    """*text* with every character that no page can show replaced by U+FFFD; lines stay lines."""
    return _UNPRINTABLE.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def _clean_texts(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(clean_text(text) for text in texts)


def _clean_pairs(rows: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple((clean_text(name), clean_text(value)) for name, value in rows)


def _without_numbers(figure: Figure) -> Figure:
    """A suppressed figure keeps its place and nothing else, even if its maker forgot to."""
    return figure.suppressed() if figure.status == "suppressed" else figure


@frozen
class Shown:
    """A cell that shows one face of a figure, such as its interval or its counts."""

    figure: Figure = field(converter=_without_numbers)
    view: View = "both"


@frozen
class Hidden:
    """A cell of a number that is not shown, and of which nothing is here."""


Cell: TypeAlias = str | int | float | date | Period | Figure | Shown | Hidden
"""What a table cell holds. A bare figure shows its value with its interval."""


def _clean_cell(cell: Cell) -> Cell:
    if isinstance(cell, str):
        return clean_text(cell)
    return _without_numbers(cell) if isinstance(cell, Figure) else cell


def _clean_rows(rows: Iterable[Iterable[Cell]]) -> tuple[tuple[Cell, ...], ...]:
    return tuple(tuple(_clean_cell(cell) for cell in row) for row in rows)


def _require(known: object, value: str, what: str) -> None:
    names = get_args(known)
    if value not in names:
        raise DefinitionError(f"unknown {what}", where=value, remedy=did_you_mean(value, names))


@frozen
class Heading:
    """The title of a section: level 1 stands right below the title of the document."""

    level: int = field()
    text: str = field(converter=clean_text)

    @level.validator
    def _in_range(self, _: object, value: int) -> None:
        if not 1 <= value <= 3:
            raise DefinitionError("a heading has no such level", remedy="use 1, 2 or 3")


@frozen
class Text:
    """Running text, one string per paragraph."""

    paragraphs: tuple[str, ...] = field(converter=_clean_texts)
    consents: tuple[str, ...] = ()
    """Ids of the consents under which somebody's words are told; no output shows them."""


@frozen
class Note:
    """A remark that stands out: information, a warning, or what the reader must know first."""

    kind: NoteKind = field()
    text: str = field(converter=clean_text)

    @kind.validator
    def _known(self, _: object, value: str) -> None:
        _require(NoteKind, value, "kind of note")


@frozen
class Table:
    """Rows under column heads. The first cell of a row is its label.

    ``notes`` are printed below; footnotes for undefined and warned-about figures and the
    explanation of the hidden mark are added by the exporters.
    """

    caption: str = field(converter=clean_text)
    columns: tuple[str, ...] = field(converter=_clean_texts)
    rows: tuple[tuple[Cell, ...], ...] = field(converter=_clean_rows)
    notes: tuple[str, ...] = field(default=(), converter=_clean_texts)

    @rows.validator
    def _as_wide_as_the_head(self, _: object, rows: tuple[tuple[Cell, ...], ...]) -> None:
        for number, row in enumerate(rows, start=1):
            if len(row) != len(self.columns):
                raise DefinitionError(
                    f"a row has {len(row)} cells under {len(self.columns)} columns",
                    where=f"table row {number}",
                    remedy="give every row one cell per column",
                )

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Every figure in the table, row by row, each once."""
        faces = (
            cell.figure if isinstance(cell, Shown) else cell for row in self.rows for cell in row
        )
        return distinct(face for face in faces if isinstance(face, Figure))


def distinct(figures: Iterable[Figure]) -> tuple[Figure, ...]:
    """*figures* in their order, each once, however many cells show a face of it."""
    found: dict[tuple[object, ...], Figure] = {}
    for figure in figures:
        source = figure.provenance
        choices = tuple(source.policies.items())
        identity = (source.metric, source.definition, source.as_of, choices, figure.measure)
        found.setdefault((*identity, figure.key), figure)
    return tuple(found.values())


def _clean_figures(figures: Iterable[Figure]) -> tuple[Figure, ...]:
    return tuple(_without_numbers(figure) for figure in figures)


@frozen
class Series:
    """One line of a curve, one bar, one path of a flow, one year of a calendar, or one panel."""

    label: str = field(converter=clean_text)
    figures: tuple[Figure, ...] = field(converter=_clean_figures)
    steps: tuple[str, ...] = field(default=(), converter=_clean_texts)
    """The names of what a path of a flow leads through, or of the figures of a panel."""


def _as_series(series: Iterable[Series]) -> tuple[Series, ...]:
    return tuple(series)


@frozen
class Chart:
    """A drawing of figures, never without the same figures as a table.

    A ``curve`` has one series per line and one figure per day (``at``); ``funnel`` and ``bars``
    have one series per bar, a ``flow`` one per path, a ``calendar`` one per year with a figure for
    each period of it, and ``panels`` one per group or place, side by side on one scale.
    ``description`` says in words what a reader would see.
    """

    kind: ChartKind = field()
    title: str = field(converter=clean_text)
    description: str = field(converter=clean_text)
    series: tuple[Series, ...] = field(converter=_as_series)
    table: Table
    axis: str = field(default="", converter=clean_text)
    """What the horizontal axis of a curve counts, such as "days since the start"."""
    thinned: bool = False
    """Whether days between the points of a curve were left out, so that no steps are known."""

    @kind.validator
    def _known(self, _: object, value: str) -> None:
        _require(ChartKind, value, "kind of chart")

    @series.validator
    def _one_figure_per_bar(self, _: object, series: tuple[Series, ...]) -> None:
        single = self.kind in ("funnel", "bars", "flow")
        if single and any(len(bar.figures) != 1 for bar in series):
            raise DefinitionError(
                "a bar stands for exactly one figure",
                where=f"chart of kind {self.kind}",
                remedy="give each bar a series of its own",
            )
        if self.kind == "curve" and any(
            figure.at is None for line in series for figure in line.figures
        ):
            raise DefinitionError(
                "a point of a curve has no day", where="chart", remedy="set `at` on its figures"
            )
        if self.kind == "calendar" and any(
            figure.period is None for year in series for figure in year.figures
        ):
            raise DefinitionError(
                "a cell of a calendar has no period", where="chart", remedy="set `period`"
            )


@frozen
class Provenance:
    """Where the figures above come from, as names and values in the reader's language."""

    rows: tuple[tuple[str, str], ...] = field(converter=_clean_pairs)
    title: str = field(default="", converter=clean_text)


Block: TypeAlias = Heading | Text | Note | Table | Chart | Provenance


def _as_tuple(blocks: Iterable[Block]) -> tuple[Block, ...]:
    return tuple(blocks)


@frozen(kw_only=True)
class Document:
    """One report, ready for any exporter.

    ``internal`` is true unless the disclosure gate has let the figures out; exporters then stamp
    every page. ``generated`` is given by the caller, since no exporter reads a clock: leave it out
    and equal facts give equal bytes.
    """

    title: str = field(converter=clean_text)
    locale: str
    blocks: tuple[Block, ...] = field(converter=_as_tuple)
    profile_note: str = field(default="", converter=clean_text)
    """One sentence on how the people behind the figures are protected."""
    internal: bool = True
    generated: datetime | None = None
    metadata: Mapping[str, str] = field(factory=dict)
    """Machine-readable facts about the report, such as its programme; all text."""
    look: Look = field(factory=Look)
    """Whose report it is, and in which colour: for outputs that have a look."""

    @property
    def tables(self) -> Iterator[Table]:
        """Every table in its order, those of charts included."""
        for block in self.blocks:
            if isinstance(block, Table):
                yield block
            elif isinstance(block, Chart):
                yield block.table

    @property
    def consents(self) -> tuple[str, ...]:
        """The ids of all consents under which somebody's words are told in it, each once."""
        told = (block.consents for block in self.blocks if isinstance(block, Text))
        return tuple(dict.fromkeys(one for consents in told for one in consents))

    def with_blocks(self, blocks: Iterable[Block]) -> Document:
        """The same document with other blocks."""
        return evolve(self, blocks=tuple(blocks))
