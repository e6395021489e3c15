"""A workbook for people who go on calculating: a page to read, and a sheet for each table.

The sheet "Report" holds the title, how people are protected, and all texts and notes in their
order; it says on which sheet each table is. There the table is a real table with numbers in it,
beside the chart that the spreadsheet draws of it. A last sheet says where the figures come from.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar, Final

from osallisuus.exporters.workbook.book import LETTERS, Book
from osallisuus.exporters.workbook.drawn import draw
from osallisuus.exporters.workbook.tables import (
    Sheet,
    columns_of,
    widths_of,
    write_table,
    written_numbers,
)
from osallisuus.reports.cells import explaining_table
from osallisuus.reports.document import Chart, Document, Heading, Note, Provenance, Table, Text
from osallisuus.reports.exporter import API_VERSION
from osallisuus.words import Words

__all__ = ["XlsxExporter"]

_PAGE: Final = 76
"""The width of the page in characters, of which paper has as many."""
_NAMES: Final = 34
_TITLE: Final = {"bold": True, "font_size": 18}
_STAMP: Final = {"bold": True, "font_color": "#8a1f11"}
_SEE: Final = {"italic": True, "font_color": "#4a5a63"}
_HEADINGS: Final = {1: 15, 2: 13, 3: 11}
_SHADES: Final = {
    "info": "#eef4f6",
    "warning": "#fdf3dc",
    "hidden": "#f0eef6",
    "synthetic": "#fdf3dc",
}


class XlsxExporter:
    """Writes a document as a workbook (Office Open XML). Needs the extra ``xlsx``.

    Equal documents give equal bytes. Raises :class:`~osallisuus.errors.PluginError` without the
    extra and :class:`~osallisuus.errors.LimitError` where a table is larger than a sheet.
    """

    api_version: ClassVar[int] = API_VERSION
    name: ClassVar[str] = "xlsx"
    suffix: ClassVar[str] = ".xlsx"
    media_type: ClassVar[str] = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

    def render(self, document: Document) -> bytes:
        """*document* as the bytes of a workbook."""
        return _Workbook(document).build()


class _Workbook:
    """The workbook of one document."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.words = Words(document.locale)
        self.book = Book(document, self.words)
        self.explaining = explaining_table(document)
        self.page: Any = self.book.sheet(self.words("xlsx.report"), landscape=False)
        self.page.set_column(0, 0, _PAGE)
        self.row = 0
        self.heading = ""
        """The nearest heading below the first level: it names a sheet best."""

    def build(self) -> bytes:
        """The whole file."""
        for text, look in self._top():
            self._say(text, **look)
        for block in self.document.blocks:
            match block:
                case Heading(level, text):
                    self.row += 1
                    self.heading = text if level > 1 else ""
                    self._say(text, bold=True, font_size=_HEADINGS[level])
                case Text(paragraphs):
                    for paragraph in paragraphs:
                        self._say(paragraph)
                case Note(kind, text):
                    self._say(text, bg_color=_SHADES[kind], border=1)
                case Table():
                    self._table(block, block.caption)
                case Chart(title=title, table=table):
                    sheet, width = self._table(table, title)
                    draw(self.book, sheet, block, width + 1)
        self.row += 1
        self._say(self.words("document.made_with"), **_SEE)
        self._origin([one for one in self.document.blocks if isinstance(one, Provenance)])
        return self.book.close()

    def _say(self, text: str, **look: Any) -> None:
        """One more paragraph of the page."""
        self.book.write(self.page, self.row, 0, text, text_wrap=True, **look)
        self.book.make_room(self.page, self.row, text, _PAGE, look.get("font_size", LETTERS))
        self.row += 1

    def _top(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """What stands above everything: the title, and how people are protected."""
        document = self.document
        yield document.title, _TITLE
        yield from self._protection()
        if document.generated is not None:
            moment = self.words.locale.moment(document.generated)
            yield self.words("document.generated", moment=moment), {}

    def _protection(self) -> Iterator[tuple[str, dict[str, Any]]]:
        if self.document.internal:
            yield self.words("document.internal"), _STAMP
        if self.document.profile_note:
            yield self.document.profile_note, {}

    def _table(self, table: Table, title: str) -> tuple[Any, int]:
        """A sheet for *table*, told of on the page; gives back the sheet and its columns."""
        sheet = self.book.sheet(self.heading or title or table.caption)
        self._say(self.words("xlsx.see", title=title, name=sheet.name), **_SEE)
        written = written_numbers(table, self.words, explain=table is self.explaining)
        columns = columns_of(table, written, self.words)
        place = Sheet(sheet, widths_of(table, written, columns))
        above = [title, *(text for text, _ in self._protection())]
        above += [table.caption] if table.caption != title else []
        for row, text in enumerate(above):
            look: dict[str, Any] = {"bold": True, "font_size": 13} if row == 0 else {}
            # every sheet is copied out of its file by itself, so each says what it is
            if row == 1 and self.document.internal:
                look = {"bold": True, "font_color": "#8a1f11"}
            self.book.write_over(sheet, row, text, place.widths, **look)
        write_table(self.book, place, table, written, columns)
        return sheet, len(columns)

    def _origin(self, origins: list[Provenance]) -> None:
        """The sheet that says where the figures come from; none where nothing is said."""
        if not origins:
            return
        sheet = self.book.sheet(self.words("provenance.title"))
        sheet.set_column(0, 0, _NAMES)
        sheet.set_column(1, 1, _PAGE)
        row = 0
        for text, look in self._protection():
            self.book.write(sheet, row, 0, text, **look)
            row += 1
        for origin in origins:
            title = origin.title or self.words("provenance.title")
            self.book.write(sheet, row + 1, 0, title, bold=True, font_size=13)
            row += 2
            for name, value in origin.rows:
                self.book.write(sheet, row, 0, name, text_wrap=True, bold=True)
                self.book.write(sheet, row, 1, value, text_wrap=True)
                self.book.make_room(sheet, row, max(name, value, key=len), _PAGE, LETTERS)
                row += 1
