"""Reports as slides: one web page without a script, on which each section fills the screen.

The page is built as an element tree and written out at the end, so no text can become mark-up.
"""

from collections.abc import Iterable, Iterator
from importlib.resources import files
from typing import ClassVar
from xml.etree.ElementTree import Element, SubElement, tostring

from osallisuus.reports import document as report
from osallisuus.reports.cells import explaining_table, written_table
from osallisuus.reports.charts import draw, undrawn
from osallisuus.reports.document import Block, Document
from osallisuus.words import Words

__all__ = ["SlidesExporter"]

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


class SlidesExporter:
    """Writes a document as slides: the title first, then one for each heading of level 1."""

    api_version: ClassVar[int] = 1
    name: ClassVar[str] = "slides"
    suffix: ClassVar[str] = ".html"
    media_type: ClassVar[str] = "text/html; charset=utf-8"

    def render(self, document: Document) -> bytes:
        """*document* as a UTF-8 page; every slide is stamped when it is internal."""
        page = _Slides(document).page()
        return f"<!DOCTYPE html>\n{tostring(page, 'unicode', method='html')}\n".encode()


class _Slides:
    """The slides of one document."""

    def __init__(self, document: Document) -> None:
        self.document, self.words = document, Words(document.locale)
        self.explaining = explaining_table(document)

    def page(self) -> Element:
        page = Element("html", {"lang": self.document.locale})
        head = _add(page, "head")
        _add(head, "meta", charset="utf-8")
        SubElement(head, "meta", {"http-equiv": "Content-Security-Policy", "content": _POLICY})
        _add(head, "meta", name="viewport", content="width=device-width")
        _add(head, "title", self.document.title)
        _add(head, "style", files(__package__).joinpath("slides.css").read_text("utf-8"))
        body = _add(page, "body")
        self.first(self.slide(body))
        for blocks in _sections(self.document.blocks):
            slide = self.slide(body)
            for number, block in blocks:
                self.block(slide, block, f"b{number}")
        return page

    def slide(self, body: Element) -> Element:
        made = _add(body, "section")
        if self.document.internal:
            _add(made, "p", self.words("document.internal"), role="note")
        return made

    def first(self, slide: Element) -> None:
        _add(slide, "h1", self.document.title)
        _add(slide, "p", self.document.profile_note)
        if (made := self.document.generated) is not None:
            told = self.words("document.generated", moment=self.words.locale.moment(made))
            _add(slide, "p", told)
        _add(slide, "p", self.words("document.made_with"))

    def block(self, slide: Element, block: Block, identity: str) -> None:
        match block:
            case report.Heading(level, text):
                _add(slide, f"h{level + 1}", text)
            case report.Text(paragraphs):
                for paragraph in paragraphs:
                    _add(slide, "p", paragraph)
            case report.Note(_, text):
                _add(slide, "p", text, role="note")
            case report.Table():
                self.table(slide, block)
            case report.Chart(title=title, table=table):
                _add(slide, "p", title)
                self.drawing(slide, block, identity)
                self.table(slide, table)
            case report.Provenance(rows, title):
                _add(slide, "p", title or self.words("provenance.title"))
                for name, value in rows:
                    _add(slide, "small", f"{name}: {value}")

    def drawing(self, slide: Element, chart: report.Chart, identity: str) -> None:
        if (drawing := draw(chart, self.words, identity)) is not None:
            slide.append(drawing)
            if missing := undrawn(chart):
                _add(slide, "p", self.words("chart.not_drawn", names=", ".join(missing)))

    def table(self, slide: Element, table: report.Table) -> None:
        written = written_table(table, self.words, explain=table is self.explaining)
        made = _add(slide, "table")
        _add(made, "caption", written.caption)
        head = _add(made, "tr")
        for column in written.columns:
            _add(head, "th", column, scope="col")
        for row in written.rows:
            line = _add(made, "tr")
            for place, cell in enumerate(row):
                # the library has written the mark of a hidden figure, and its word for the ear
                made_cell = _add(line, "td" if place else "th", cell.with_marks)
                if cell.missing:
                    made_cell.set("title", cell.word)
        marked = [f"[{letter}] {text}" for letter, text in written.footnotes]
        for text in (*marked, *written.notes):
            _add(slide, "small", text)


def _sections(blocks: Iterable[Block]) -> Iterator[list[tuple[int, Block]]]:
    """The numbered *blocks*, cut before each heading of level 1."""
    held: list[tuple[int, Block]] = []
    for number, block in enumerate(blocks):
        if held and isinstance(block, report.Heading) and block.level == 1:
            yield held
            held = []
        held.append((number, block))
    if held:
        yield held


def _add(parent: Element, tag: str, text: str = "", **attributes: str) -> Element:
    made = SubElement(parent, tag, attributes)
    made.text = text or None
    return made
