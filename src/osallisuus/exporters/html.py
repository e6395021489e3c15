"""One self-contained web page: no script, no address, nothing fetched from anywhere.

The page is built as an element tree and written out at the end, so that no text can become
mark-up (requirement R18). It has one first-level heading, landmarks, a skip link, tables with
captions and row heads, and under every chart its figures as a table. A content security policy is
the second wall: it forbids scripts, fetches, forms and a changed base address.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import ClassVar, Final
from xml.etree.ElementTree import Element, SubElement, tostring

from osallisuus.reports.cells import WrittenCell, WrittenTable, explaining_table, written_table
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
    clean_text,
)
from osallisuus.reports.exporter import API_VERSION
from osallisuus.words import Words

__all__ = ["HtmlExporter"]

_POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
    "form-action 'none'"
)
_ROWS_SEEN: Final = 12
"""A chart's table with more rows than this is folded away; it opens for print."""
_HEADINGS_FOR_CONTENTS: Final = 3


class HtmlExporter:
    """Writes a document as one HTML page."""

    api_version: ClassVar[int] = API_VERSION
    name: ClassVar[str] = "html"
    suffix: ClassVar[str] = ".html"
    media_type: ClassVar[str] = "text/html; charset=utf-8"

    def render(self, document: Document) -> bytes:
        """*document* as a UTF-8 page, stamped when it is internal."""
        root = _Page(document).build()
        page = tostring(root, encoding="unicode", method="html")
        return f"<!DOCTYPE html>\n{page}\n".encode()


@cache
def _style() -> str:
    return Path(__file__).with_name("html.css").read_text("utf-8")


def _add(parent: Element, tag: str, text: str = "", **attributes: str) -> Element:
    """A new element in *parent*; ``class_`` and ``for_`` lose their underscore."""
    names = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
    made = SubElement(parent, tag, names)
    made.text = text or None
    return made


class _Page:
    """The page of one document."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.words = Words(document.locale)
        self.explaining = explaining_table(document)

    def build(self) -> Element:
        """The whole page."""
        root = Element("html", {"lang": self.document.locale})
        self._head(root)
        body = _add(root, "body")
        _add(body, "a", self.words("document.skip"), class_="skip", href="#content")
        if self.document.internal:
            _add(body, "div", self.words("document.internal"), class_="stamp", role="note")
        self._header(body)
        main = _add(body, "main", id="content")
        for number, block in enumerate(self.document.blocks, start=1):
            self._block(main, block, f"b{number}")
        footer = _add(body, "footer")
        _add(footer, "p", self.words("document.made_with"))
        return root

    def _head(self, root: Element) -> None:
        head = _add(root, "head")
        _add(head, "meta", charset="utf-8")
        _add(head, "meta", http_equiv="Content-Security-Policy", content=_POLICY)
        _add(head, "meta", name="viewport", content="width=device-width, initial-scale=1")
        _add(head, "meta", name="referrer", content="no-referrer")
        for name in sorted(self.document.metadata):
            value = clean_text(self.document.metadata[name])
            _add(head, "meta", name=clean_text(f"osallisuus:{name}"), content=value)
        _add(head, "title", self.document.title)
        _add(head, "style", _style())

    def _header(self, body: Element) -> None:
        header = _add(body, "header")
        _add(header, "h1", self.document.title)
        if self.document.profile_note:
            _add(header, "p", self.document.profile_note)
        if self.document.generated is not None:
            moment = self.words.locale.moment(self.document.generated)
            _add(header, "p", self.words("document.generated", moment=moment))
        self._contents(header)

    def _contents(self, header: Element) -> None:
        sections = [
            (f"b{number}", block.text)
            for number, block in enumerate(self.document.blocks, start=1)
            if isinstance(block, Heading) and block.level == 1
        ]
        if len(sections) < _HEADINGS_FOR_CONTENTS:
            return
        nav = _add(header, "nav", aria_labelledby="contents")
        _add(nav, "h2", self.words("document.contents"), id="contents")
        listed = _add(nav, "ul")
        for identity, text in sections:
            _add(_add(listed, "li"), "a", text, href=f"#{identity}")

    def _block(self, main: Element, block: Block, identity: str) -> None:
        match block:
            case Heading(level, text):
                _add(main, f"h{level + 1}", text, id=identity)
            case Text(paragraphs):
                for paragraph in paragraphs:
                    _add_lines(_add(main, "p"), paragraph)
            case Note(kind, text):
                note = _add(main, "div", class_=f"note {kind}", role="note")
                _add_lines(_add(note, "p"), text)
            case Table():
                _add_table(main, self._written(block), identity)
            case Chart():
                self._chart(main, block, identity)
            case Provenance(rows, title):
                self._origin(main, rows, title)

    def _written(self, table: Table) -> WrittenTable:
        return written_table(table, self.words, explain=table is self.explaining)

    def _chart(self, main: Element, chart: Chart, identity: str) -> None:
        figure = _add(main, "figure", aria_labelledby=f"{identity}-caption")
        _add(figure, "figcaption", chart.title, id=f"{identity}-caption")
        drawing = draw(chart, self.words, identity)
        if drawing is None:
            _add(figure, "p", self.words("chart.nothing_drawn"), class_="missing")
        else:
            region = _add(
                figure,
                "div",
                class_="plot",
                role="region",
                tabindex="0",
                aria_labelledby=f"{identity}-caption",
            )
            region.append(drawing)
            if missing := undrawn(chart):
                names = ", ".join(missing)
                text = self.words("chart.not_drawn", names=names)
                _add(_add(figure, "div", class_="below"), "p", text)
        folded = _add(figure, "details")
        if len(chart.table.rows) <= _ROWS_SEEN:
            folded.set("open", "open")
        _add(folded, "summary", self.words("chart.table"))
        caption = _add_table(folded, self._written(chart.table), f"{identity}-table")
        if chart.table.caption in (chart.title, self.words("chart.table")):
            # seen above it already; screen readers still hear it with the table
            caption.set("class", "unseen")

    def _origin(self, main: Element, rows: tuple[tuple[str, str], ...], title: str) -> None:
        folded = _add(main, "details", class_="origin")
        _add(folded, "summary", title or self.words("provenance.title"))
        listed = _add(folded, "dl")
        for name, value in rows:
            _add(listed, "dt", name)
            _add(listed, "dd", value)


def _add_lines(parent: Element, text: str) -> None:
    """*text* in *parent*, its line breaks kept."""
    first, *rest = text.split("\n")
    parent.text = first
    for line in rest:
        SubElement(parent, "br").tail = line


def _add_table(parent: Element, table: WrittenTable, identity: str) -> Element:
    """Adds *table* under *parent* and gives back its caption."""
    whole = _add(parent, "div", class_="tabular")
    region = _add(
        whole, "div", class_="scroll", role="region", tabindex="0", aria_labelledby=identity
    )
    made = _add(region, "table")
    caption = _add(made, "caption", table.caption, id=identity)
    numeric = table.numeric_columns
    head = _add(_add(made, "thead"), "tr")
    for column, right in zip(table.columns, numeric, strict=True):
        cell = _add(head, "th", column, scope="col")
        if right:
            cell.set("class", "number")
    body = _add(made, "tbody")
    for row in table.rows:
        line = _add(body, "tr")
        for index, written in enumerate(row):
            cell = _add(line, "td") if index else _add(line, "th", scope="row")
            _fill(cell, written, numeric[index])
    remarks = list(_remarks(table))
    if remarks:
        whole.append(_below(remarks))
    return caption


def _fill(cell: Element, written: WrittenCell, right: bool) -> None:
    """The text of a cell, and its footnote letters; a missing number is also said in a word."""
    kinds = [kind for kind, wanted in (("number", right), ("missing", written.missing)) if wanted]
    if kinds:
        cell.set("class", " ".join(kinds))
    if written.missing:
        _add(cell, "span", written.text, aria_hidden="true", title=written.word)
        _add(cell, "span", written.word, class_="unseen")
    else:
        cell.text = written.text
    for mark in written.marks:
        _add(cell, "sup", mark)


def _remarks(table: WrittenTable) -> Iterator[tuple[str, str]]:
    yield from table.footnotes
    for note in table.notes:
        yield "", note


def _below(remarks: list[tuple[str, str]]) -> Element:
    below = Element("div", {"class": "below"})
    for letter, text in remarks:
        line = _add(below, "p")
        if letter:
            _add(line, "sup", letter).tail = f" {text}"
        else:
            _add_lines(line, text)
    return below
