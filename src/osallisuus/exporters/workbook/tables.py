"""A table of a report as a real table of a spreadsheet, whose numbers are numbers.

A figure with an interval takes three columns, "28 of 41" takes two, so that people can go on
calculating. What is hidden or undefined is written as its mark, in each of its columns, and is no
number; the letters of footnotes have a column of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby, islice
from typing import Any, Final, get_args

from osallisuus.errors import LimitError
from osallisuus.exporters.workbook.book import Book, cut, lines_of, one_line
from osallisuus.exporters.workbook.numbers import BESIDE, COUNT, DAYS, number_format, percent_format
from osallisuus.metrics.figure import Figure
from osallisuus.reports.cells import WrittenCell, WrittenTable, cell_text, written_table
from osallisuus.reports.document import Cell, Shown, Table, View
from osallisuus.values import frozen
from osallisuus.words import Words

__all__ = [
    "HEAD",
    "Column",
    "Sheet",
    "columns_of",
    "widths_of",
    "write_number",
    "write_table",
    "written_numbers",
]

HEAD: Final = 4
"""The row of the column heads, counted from 0; above it stand the title and what protects it."""
_MOST_ROWS: Final = 1_048_576
_MOST_COLUMNS: Final = 16_384
_LONGEST_HEAD: Final = 255
_WIDEST: Final = 60
_NARROWEST: Final = 14
"""Heads are broken into lines of this width, so that a page holds more columns."""
_LEAST_TABLE: Final = 72
"""A narrower table has a wider first column, so that what is said above it has room."""
_LINE: Final = 15
"""The height of a line, in points."""
_MOST_LINES: Final = 8
_MEASURED: Final = 200
"""So many rows are looked at for the width of a column."""
_EARLIEST: Final = date(1900, 3, 1)
"""Spreadsheets do not agree on days before this one, so these are written as text."""

_FACES: Final = {
    "value": ("value",),
    "interval": ("low", "high"),
    "both": ("value", "low", "high"),
    "cases": ("k", "n"),
}
"""The numbers that a view of a figure shows, by their names in the figure; others show one."""
_NEEDED: Final = {"interval": ("low",), "cases": ("k", "n")}
"""The numbers without which a view shows no number; others need the one that they show."""
_WITH_VALUE: Final = ("value", "both")
_OF_THE_VALUE: Final = _FACES["both"]
_COUNTS: Final = ("k", "n", "persons", "at_risk")


@frozen
class Column:
    """A column of the sheet: which face it shows of the cells of which column of the report."""

    head: str
    source: int
    face: str
    """``cell`` (what is no figure), ``notes``, or the name of a number of a figure."""


def written_numbers(table: Table, words: Words, *, explain: bool) -> WrittenTable:
    """*table* with the marks and texts that it needs, and without those of plain numbers."""
    return written_table(table, words, explain=explain, write=_cell)


_NUMBER: Final = WrittenCell("", numeric=True)
_TEXT: Final = WrittenCell("")


def _cell(cell: Cell, words: Words, footnote: Callable[[str], str]) -> WrittenCell:
    """How a cell is written; no text where the sheet shows the cell itself.

    That is a text, or a figure of which all is known that the cell shows, without a footnote.
    """
    if isinstance(cell, str):
        return _TEXT
    view, figure = _view(cell)
    if figure is None or figure.status != "shown" or figure.notes:
        return cell_text(cell, words, footnote)
    if figure.value is None if view in _WITH_VALUE else _lacks(figure, view):
        return cell_text(cell, words, footnote)
    return _NUMBER


def _lacks(figure: Figure, view: View) -> bool:
    return None in [getattr(figure, face) for face in _NEEDED.get(view, (view,))]


def _view(cell: Cell) -> tuple[View, Figure | None]:
    if isinstance(cell, Shown):
        return cell.view, cell.figure
    return "both", cell if isinstance(cell, Figure) else None


def _seen(cells: Sequence[Cell]) -> tuple[list[View], list[Figure | None]]:
    """The views and the figures of a column, in two lists: large tables make no pairs of them."""
    views: list[View] = [cell.view if isinstance(cell, Shown) else "both" for cell in cells]
    faces = [cell.figure if isinstance(cell, Shown) else cell for cell in cells]
    return views, [face if isinstance(face, Figure) else None for face in faces]


def columns_of(table: Table, written: WrittenTable, words: Words) -> tuple[Column, ...]:
    """The columns of the sheet, from left to right, each with a head that no other has."""
    taken: set[str] = set()
    made = []
    for source, head in enumerate(table.columns):
        faces = [*_faces([row[source] for row in table.rows]), *_notes(written, source)]
        for number, face in enumerate(faces):
            text = _head(head, face, number, words) or words("xlsx.column", number=source + 1)
            made.append(Column(_free(text, taken), source, face))
    return tuple(made)


def _faces(cells: Sequence[Cell]) -> list[str]:
    """The faces of a column; an end that no interval has is left out."""
    views, figures = _seen(cells)
    pairs = zip(views, figures, strict=True)
    shown = dict.fromkeys(view for view, figure in pairs if figure is not None)
    faces = list(dict.fromkeys(face for view in shown for face in _FACES.get(view, (view,))))
    if "value" in faces:
        known = [one for one in figures if one is not None and one.status == "shown"]
        for end in ("low", "high"):
            if end in faces and all(getattr(figure, end) is None for figure in known):
                faces.remove(end)
    return faces or ["cell"]


def _notes(written: WrittenTable, source: int) -> list[str]:
    some = written.footnotes and any(row[source].marks for row in written.rows)
    return ["notes"] if some else []


def _head(head: str, face: str, number: int, words: Words) -> str:
    text = one_line(head)
    if face in ("low", "high", "notes"):
        return words(f"xlsx.{face}", column=text).lstrip(": ") if text else ""
    return words("xlsx.of", column=text).lstrip(": ") if face == "n" and number and text else text


def _free(text: str, taken: set[str]) -> str:
    number = 1
    while True:
        end = f" ({number})" if number > 1 else ""
        head = cut(text, _LONGEST_HEAD - len(end)) + end
        if head.lower() not in taken:
            taken.add(head.lower())
            return head
        number += 1


@frozen
class Sheet:
    """A sheet, and the widths of the columns over which its texts may run."""

    made: Any
    widths: Sequence[int]


def write_table(
    book: Book, sheet: Sheet, table: Table, written: WrittenTable, columns: Sequence[Column]
) -> None:
    """Write *table* from the row :data:`HEAD` on, and below it what stands below a table.

    A printed page is as wide as the table and its texts and has the heads of its columns on top.
    Raises :class:`LimitError` for a table that is larger than a sheet.
    """
    last = HEAD + max(len(table.rows), 1)
    remarks = list(_remarks(written))
    end = last + 1 + len(remarks)
    if end >= _MOST_ROWS or len(columns) > _MOST_COLUMNS:
        raise LimitError(
            "a table is larger than a sheet of a spreadsheet",
            where=f"{len(table.rows)} rows, {len(columns)} columns",
            remedy="write it as csv or json",
        )
    made = sheet.made
    if columns:
        _write_rows(book, made, table, written, columns)
        _set_widths(made, columns, sheet.widths)
        head = book.style(bold=True, text_wrap=True)
        heads = [{"header": column.head, "header_format": head} for column in columns]
        options = {"columns": heads, "style": "Table Style Light 15", "title": cut(table.caption)}
        made.add_table(HEAD, 0, last, len(columns) - 1, options)
        made.freeze_panes(HEAD + 1, 0)
        made.repeat_rows(HEAD)
    for row, text in enumerate(remarks, start=last + 2):
        book.write_over(made, row, text, sheet.widths, italic=True)
    made.print_area(0, 0, end, max(len(sheet.widths), 1) - 1)


def _remarks(written: WrittenTable) -> Iterator[str]:
    yield from (f"{letter}  {text}" for letter, text in written.footnotes)
    yield from written.notes


def _write_rows(
    book: Book, sheet: Any, table: Table, written: WrittenTable, columns: Sequence[Column]
) -> None:
    """Write the cells column by column: what is asked of a whole column is asked once."""
    place = 0
    for source, group in groupby(columns, key=lambda column: column.source):
        cells = [row[source] for row in table.rows]
        texts = [row[source] for row in written.rows]
        views, figures = _seen(cells)
        for number, column in enumerate(group):
            rows = zip(cells, views, figures, texts, strict=True)
            # what is no figure stands in the first column that its cells have
            _write_column(book, sheet, (place, column.face), rows, plain=number == 0)
            place += 1


def _write_column(
    book: Book,
    sheet: Any,
    column: tuple[int, str],
    cells: Iterable[tuple[Cell, View, Figure | None, WrittenCell]],
    *,
    plain: bool,
) -> None:
    place, face = column
    write_text, style = book.writer(sheet, text_wrap=True), _styles(book, face)
    seen = [view for view in get_args(View) if face in _FACES.get(view, (view,))]
    for row, (cell, view, figure, text) in enumerate(cells, start=HEAD + 1):
        if figure is None:
            if plain and isinstance(cell, str):
                write_text(row, place, cell)
            elif plain:
                _write_plain(book, sheet, (row, place), cell, text)
        elif face == "notes":
            book.write(sheet, row, place, " ".join(text.marks), indent=1)
        elif view in seen:
            value = None if text.word else getattr(figure, face)
            if value is None:
                _write_missing(book, sheet, (row, place), face, text)
            else:
                sheet.write_number(row, place, value, style(figure, value))


def _write_missing(
    book: Book, sheet: Any, place: tuple[int, int], face: str, written: WrittenCell
) -> None:
    """The mark of a figure that is not shown, in each of its columns."""
    if written.missing or face == "value":
        # a range without a value is said in words, such as "at least 90 days"
        book.write(sheet, *place, written.text, align="right")


def write_number(book: Book, sheet: Any, place: tuple[int, int], figure: Figure, face: str) -> None:
    """Write the number that *figure* has by the name *face*, shown as the report writes it."""
    value = getattr(figure, face)
    sheet.write_number(*place, value, _styles(book, face)(figure, value))


def _styles(book: Book, face: str) -> Callable[[Figure, float], Any]:
    """Gives the style of a number by the name *face* of a figure."""
    words, count = book.words, book.number(COUNT)
    if face in _COUNTS:
        return lambda *_: count
    of_the_value, whole = face in _OF_THE_VALUE, face == "value"
    percent = book.number(percent_format(0, words.locale))

    def style(figure: Figure, value: float) -> Any:
        if of_the_value and figure.measure != "proportion":
            return book.number(number_format(figure, value, words, whole=whole))
        # most shares look alike, and tables are large
        if BESIDE <= value <= 1 - BESIDE:
            return percent
        return book.number(percent_format(value, words.locale))

    return style


def _write_plain(
    book: Book, sheet: Any, place: tuple[int, int], cell: Cell, written: WrittenCell
) -> None:
    if isinstance(cell, int | float):
        pattern = COUNT if isinstance(cell, int) else f"{COUNT}.0"
        sheet.write_number(*place, cell, book.number(pattern))
    elif isinstance(cell, date) and cell >= _EARLIEST:
        pattern = DAYS[book.words.code]
        sheet.write_datetime(*place, cell, book.style(num_format=pattern, align="left"))
    else:
        book.write(sheet, *place, written.text, text_wrap=True)


def _lines(table: Table, written: WrittenTable, source: int) -> Iterator[str]:
    """The lines of the first texts of a column."""
    for cells, texts in islice(zip(table.rows, written.rows, strict=True), _MEASURED):
        cell = cells[source]
        yield from (cell if isinstance(cell, str) else texts[source].text).split("\n")


def widths_of(table: Table, written: WrittenTable, columns: Sequence[Column]) -> list[int]:
    """Columns as wide as their texts, in characters."""
    widths = []
    for column in columns:
        width = _NARROWEST
        if column.face == "cell":
            longest = max(map(len, _lines(table, written, column.source)), default=0)
            width = min(max(longest + 2, width), _WIDEST)
        widths.append(width)
    more = _LEAST_TABLE - sum(widths)
    return [widths[0] + max(more, 0), *widths[1:]] if widths else [_LEAST_TABLE]


def _set_widths(sheet: Any, columns: Sequence[Column], widths: Sequence[int]) -> None:
    """The widths, and a head that is high enough for its lines."""
    lines = 1
    for place, (column, width) in enumerate(zip(columns, widths, strict=False)):
        sheet.set_column(place, place, width)
        # the button of the filter takes room too
        lines = max(lines, lines_of(column.head, width - 3))
    sheet.set_row(HEAD, _LINE * min(lines, _MOST_LINES))
