"""Table cells as text: the last step before an output, the same for every output.

:func:`written_table` turns a :class:`~osallisuus.reports.document.Table` into texts by the rules
of its language. A hidden figure becomes the one hidden mark, whatever the reason; an undefined one
a dash with a footnote that says why; a warning code becomes a footnote too. No number is ever made
up: no 0, no NaN, no blank.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TypeAlias

from attrs import evolve

from osallisuus.metrics.figure import Figure
from osallisuus.metrics.written import interval_text, note_text, value_text
from osallisuus.reports.document import Cell, Document, Hidden, Shown, Table, View, clean_text
from osallisuus.time import Period
from osallisuus.values import frozen
from osallisuus.words import Words

__all__ = [
    "CellWriter",
    "WrittenCell",
    "WrittenTable",
    "cell_text",
    "explaining_table",
    "figure_text",
    "written_table",
]


@frozen
class WrittenCell:
    """A cell as its readers see it. ``marks`` are the letters of its footnotes."""

    text: str
    numeric: bool = False
    word: str = ""
    """What a mark or dash means, in a word; empty when a value is shown."""
    marks: tuple[str, ...] = ()

    @property
    def missing(self) -> bool:
        """Whether the cell shows no value, because it is hidden or undefined."""
        return bool(self.word)

    @property
    def with_marks(self) -> str:
        """The text and its footnote letters in square brackets, for plain text."""
        return " ".join((self.text, *(f"[{mark}]" for mark in self.marks)))


@frozen
class WrittenTable:
    """A table as texts. ``footnotes`` are pairs of a letter and its text."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[WrittenCell, ...], ...]
    footnotes: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]

    @property
    def below(self) -> tuple[str, ...]:
        """What stands below the table: each footnote after its letter, then the notes."""
        return (*(f"[{letter}] {text}" for letter, text in self.footnotes), *self.notes)

    @property
    def numeric_columns(self) -> tuple[bool, ...]:
        """Per column, whether its cells are numbers and so stand flush right; empty ones aside."""
        columns = ([row[index] for row in self.rows] for index in range(len(self.columns)))
        return tuple(
            any(cell.numeric for cell in cells)
            and all(cell.numeric or not cell.text for cell in cells)
            for cells in columns
        )


CellWriter: TypeAlias = Callable[[Cell, Words, Callable[[str], str]], WrittenCell]
"""Writes one cell; the last argument takes the text of a footnote and gives its letter."""


def figure_text(figure: Figure, view: View, words: Words) -> str | None:
    """One face of a shown figure; ``None`` when it has no such face, such as no interval."""
    locale = words.locale
    if view == "cases":
        if figure.k is None or figure.n is None:
            return None
        return words("cell.cases", k=figure.k, n=figure.n)
    if view == "censored":
        return None if figure.censored is None else locale.percent(figure.censored)
    if view in ("k", "n", "persons", "at_risk"):
        count = {
            "k": figure.k,
            "n": figure.n,
            "persons": figure.persons,
            "at_risk": figure.at_risk,
        }[view]
        return None if count is None else locale.number(count)
    value, interval = value_text(figure, words), interval_text(figure, words)
    if view == "interval":
        return interval
    both = view == "both" and figure.value is not None and interval is not None
    return f"{value} ({interval})" if both else value


def cell_text(cell: Cell, words: Words, footnote: Callable[[str], str]) -> WrittenCell:
    """*cell* as its readers see it; *footnote* takes a text and gives its letter."""
    if isinstance(cell, str):
        return WrittenCell(cell)
    if isinstance(cell, Period):
        return WrittenCell(words.locale.period(cell))
    if isinstance(cell, date):
        return WrittenCell(words.locale.day(cell))
    if isinstance(cell, int | float):
        digits = 0 if isinstance(cell, int) else 1
        return WrittenCell(words.locale.number(cell, digits), numeric=True)
    if isinstance(cell, Hidden):
        return _hidden_cell(words)
    shown = cell if isinstance(cell, Shown) else Shown(cell)
    return _figure_cell(shown, words, footnote)


def _hidden_cell(words: Words) -> WrittenCell:
    return WrittenCell(words("mark.hidden"), True, words("mark.hidden_word"))


def _figure_cell(shown: Shown, words: Words, footnote: Callable[[str], str]) -> WrittenCell:
    figure = shown.figure
    if figure.status == "suppressed":
        return _hidden_cell(words)
    text = figure_text(figure, shown.view, words) if figure.status == "shown" else None
    if text is None:
        reason = figure.reason or ("unknown" if figure.status == "undefined" else "not_applicable")
        mark = footnote(words.label("reason", reason))
        return WrittenCell(
            words("mark.undefined"), True, words("mark.undefined_word"), marks=(mark,)
        )
    marks = tuple(footnote(note_text(figure, note, words)) for note in figure.notes)
    return WrittenCell(text, numeric=True, marks=marks if shown.view in ("value", "both") else ())


def explaining_table(document: Document) -> Table | None:
    """The first table with a hidden figure: below it, the hidden mark is explained once."""
    for table in document.tables:
        if any(_is_hidden(cell) for row in table.rows for cell in row):
            return table
    return None


def _is_hidden(cell: Cell) -> bool:
    figure = cell.figure if isinstance(cell, Shown) else cell
    return isinstance(cell, Hidden) or (
        isinstance(figure, Figure) and figure.status == "suppressed"
    )


def written_table(
    table: Table, words: Words, *, explain: bool = False, write: CellWriter = cell_text
) -> WrittenTable:
    """*table* in the language of *words*, with its footnotes in the order of their first use.

    *explain* adds the meaning of the hidden mark to its notes. An output that has its own way to
    show a number leaves out its text by a *write* of its own.
    """
    noted: list[str] = []

    def note(text: str) -> str:
        noted.append(clean_text(text))
        return noted[-1]

    # each mark is its whole text first, since only all rows tell whether it is one of them all
    marked = tuple(tuple([write(cell, words, note) for cell in row]) for row in table.rows)
    said_of_all = _of_every_row(marked)
    letters: dict[str, str] = {}

    def lettered(cell: WrittenCell) -> WrittenCell:
        if not cell.marks:
            return cell
        kept = [text for text in cell.marks if cell.missing or text not in said_of_all]
        marks = tuple(letters.setdefault(text, _letter(len(letters))) for text in kept)
        return evolve(cell, marks=marks)

    # tables without footnotes are many, and some of them large
    rows = tuple(tuple(map(lettered, row)) for row in marked) if noted else marked
    footnotes = tuple((letter, text) for text, letter in letters.items())
    notes = (*said_of_all, *(note for note in table.notes if note not in said_of_all))
    notes = (*notes, words("mark.hidden_meaning")) if explain else notes
    return WrittenTable(table.caption, table.columns, rows, footnotes, notes)


def _of_every_row(rows: Sequence[Sequence[WrittenCell]]) -> tuple[str, ...]:
    """What is noted of a value in each of several rows, and so is said once for all of them."""
    if len(rows) < 2:
        return ()
    said = dict.fromkeys(_noted(rows[0]))
    for row in rows[1:]:
        if not said:  # mostly so from the first row on, and tables are large
            break
        said = {text: None for text in said if text in _noted(row)}
    return tuple(said)


def _noted(row: Sequence[WrittenCell]) -> list[str]:
    return [text for cell in row if not cell.missing for text in cell.marks]


def _letter(index: int) -> str:
    """The letter of a footnote: a to z, then aa, ab and so on."""
    head, last = divmod(index, 26)
    return (_letter(head - 1) if head else "") + chr(ord("a") + last)
