"""A Word document (Office Open XML) of A4 pages, for those who write on from a report.

python-docx (extra ``docx``) writes the parts. Headings, captions and notes are styles, so that a
writer changes their looks in one place; a table's head is repeated on each page. A chart is a
picture, described in words, above its figures as a table. On every page stand the title, the stamp
INTERNAL where it applies, how people are protected, and the number of the page.

Equal documents give equal bytes on one machine: the parts are packed with a fixed date.
"""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from typing import Any, ClassVar, Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from osallisuus.exporters import docx_parts as parts
from osallisuus.exporters.docx_parts import DRAWING_WIDTH, picture_of
from osallisuus.extra import library
from osallisuus.reports.cells import WrittenTable, explaining_table, written_table
from osallisuus.reports.charts import draw, undrawn
from osallisuus.reports.document import (
    Block,
    Chart,
    Document,
    Heading,
    Note,
    Provenance,
    Table,
    Text,
)
from osallisuus.reports.exporter import API_VERSION
from osallisuus.words import Words

__all__ = ["DocxExporter"]

_DATE: Final = (1980, 1, 1, 0, 0, 0)
"""The first time that a zip archive can name; it demands one for each part."""


class DocxExporter:
    """Writes a document as a Word file. Needs the extra ``docx``.

    Raises :class:`~osallisuus.errors.PluginError` without the extra.
    """

    api_version: ClassVar[int] = API_VERSION
    name: ClassVar[str] = "docx"
    suffix: ClassVar[str] = ".docx"
    media_type: ClassVar[str] = (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    )

    def render(self, document: Document) -> bytes:
        """*document* as the bytes of a Word file."""
        made = BytesIO()
        _Writer(document).write().save(made)
        return _packed(made)


def _packed(made: BytesIO) -> bytes:
    """The same archive with one date for every part instead of the time of packing."""
    packed = BytesIO()
    with ZipFile(made) as source, ZipFile(packed, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(ZipInfo(name, _DATE), source.read(name), ZIP_DEFLATED)
    return packed.getvalue()


class _Writer:
    """Writes one document, block by block."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.words = Words(document.locale)
        self.explaining = explaining_table(document)
        self.file: Any = library("docx", "docx").Document()
        self.last: Any = None

    def write(self) -> Any:
        """The whole document, as python-docx knows it."""
        parts.set_styles(self.file, self.document.locale)
        self._properties()
        self._margins()
        self._top()
        for number, block in enumerate(self.document.blocks, start=1):
            self._block(block, f"b{number}")
        self._add("Below", self.words("document.made_with"))
        return self.file

    def _add(self, style: str, text: str) -> Any:
        self.last = self.file.add_paragraph(text, style=style)
        return self.last

    def _properties(self) -> None:
        document, known = self.document, self.file.core_properties
        parts.set_properties(known, document.title, document.locale, document.generated)

    def _margins(self) -> None:
        """What stands on every page, above and below its text."""
        section = self.file.sections[0]
        parts.set_page(section)
        head = [self.document.title]
        if self.document.internal:
            head.append(self.words("document.internal"))
        parts.write_head(section.header.paragraphs[0], head)
        foot = section.footer.paragraphs[0]
        parts.write_foot(foot, self.document.profile_note)

    def _top(self) -> None:
        if self.document.internal:
            self._add("Stamp", self.words("document.internal"))
        self._add("Title", self.document.title)
        if self.document.profile_note:
            self._add("Below", self.document.profile_note)
        if self.document.generated is not None:
            moment = self.words.locale.moment(self.document.generated)
            self._add("Below", self.words("document.generated", moment=moment))

    def _block(self, block: Block, identity: str) -> None:
        match block:
            case Heading(level, text):
                self._add(f"Heading {level}", text)
            case Text(paragraphs):
                for paragraph in paragraphs:
                    self._add("Normal", paragraph)
            case Note(kind, text):
                self._add("Warning" if kind in ("warning", "synthetic") else "Note", text)
            case Table():
                self._table(self._written(block), block.caption)
            case Chart():
                self._chart(block, identity)
            case Provenance(rows, title):
                self._origin(rows, title)

    def _written(self, table: Table) -> WrittenTable:
        return written_table(table, self.words, explain=table is self.explaining)

    def _table(self, table: WrittenTable, caption: str) -> None:
        self._add("Caption", caption)
        if table.columns:
            heads = (table.columns, *([cell.text for cell in row] for row in table.rows))
            made = self.file.add_table(len(heads), len(table.columns))
            parts.set_table(made, caption, parts.widths(heads))
            numeric = table.numeric_columns
            for name, cell, right in zip(table.columns, made.rows[0].cells, numeric, strict=True):
                parts.write_cell(cell, name, right=right, style="Head")
            for row, line in zip(table.rows, list(made.rows)[1:], strict=True):
                for written, cell, right in zip(row, line.cells, numeric, strict=True):
                    parts.write_cell(cell, written.text, right=right, marks=written.marks)
        for letter, text in table.footnotes:
            parts.write_footnote(self._add("Below", ""), letter, text)
        self._below(table.notes)

    def _below(self, texts: Iterable[str]) -> None:
        for text in texts:
            self._add("Below", text)

    def _chart(self, chart: Chart, identity: str) -> None:
        if self.last is not None:
            self.last.paragraph_format.keep_with_next = True  # what says what the chart shows
        self._add("Caption", chart.title)
        drawing = draw(chart, self.words, identity)
        if drawing is None:
            self._below([self.words("chart.nothing_drawn")])
        else:
            run = self._add("Picture", "").add_run()
            run.add_picture(BytesIO(picture_of(drawing)), width=DRAWING_WIDTH)
            parts.describe(run, chart.title, chart.description)
            if missing := undrawn(chart):
                self._below([self.words("chart.not_drawn", names=", ".join(missing))])
        self._table(self._written(chart.table), self.words("chart.table"))

    def _origin(self, rows: tuple[tuple[str, str], ...], title: str) -> None:
        self._add("Caption", title or self.words("provenance.title"))
        for name, value in rows:
            parts.write_pair(self._add("Origin", ""), name, value)
