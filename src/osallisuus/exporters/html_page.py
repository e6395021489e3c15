"""One self-contained web page: no script, no address, nothing fetched from anywhere.

The page is built as an element tree and written out at the end, so that no text can become
mark-up (requirement R18). It has one first-level heading, landmarks, a skip link, tables with
captions and row heads, and under every chart its figures as a table. A content security policy is
the second wall: it forbids scripts, fetches, forms and a changed base address.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final, cast
from xml.etree.ElementTree import Element

from osallisuus.exporters.html_parts import add, add_lines, add_paragraphs, add_table
from osallisuus.model.stated import Locale
from osallisuus.reports.cells import explaining_table, written_table
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
from osallisuus.words import Words

__all__ = ["POLICY", "Page", "page_of"]

POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
    "form-action 'none'"
)
"""What a page may do: no script, no request, no form, no other base address."""
_ROWS_SEEN: Final = 12
"""A chart's table with more rows than this is folded away; it opens for print."""
_HEADINGS_FOR_CONTENTS: Final = 3


@cache
def _style() -> str:
    return Path(__file__).with_name("html.css").read_text("utf-8")


class Page:
    """The page of one document: an element tree, a method for each of its pieces.

    A method is a piece that can be overridden. It adds elements and texts, never mark-up: what is
    in a text stays a text, whatever it looks like, until the tree is written out.
    """

    def __init__(self, document: Document) -> None:
        self.document = document
        self.words = Words(document.locale)
        self.explaining = explaining_table(document)

    def build(self) -> Element:
        """The whole page."""
        root = Element("html", {"lang": self.document.locale})
        self.head(root)
        body = add(root, "body")
        self.skip(body)
        self.stamp(body)
        self.header(body)
        self.main(body)
        self.footer(body)
        return root

    def head(self, root: Element) -> None:
        """The policy first, what machines may know of the report, title and style."""
        head = add(root, "head")
        add(head, "meta", charset="utf-8")
        add(head, "meta", http_equiv="Content-Security-Policy", content=POLICY)
        add(head, "meta", name="viewport", content="width=device-width, initial-scale=1")
        add(head, "meta", name="referrer", content="no-referrer")
        for name in sorted(self.document.metadata):
            value = clean_text(self.document.metadata[name])
            add(head, "meta", name=clean_text(f"osallisuus:{name}"), content=value)
        add(head, "title", self.document.title)
        add(head, "style", _style() + self.document.look.style)

    def skip(self, body: Element) -> None:
        """The link that leads past the header."""
        add(body, "a", self.words("document.skip"), class_="skip", href="#content")

    def stamp(self, body: Element) -> None:
        """The word INTERNAL, unless the figures were released."""
        if self.document.internal:
            add(body, "aside", self.words("document.internal"), class_="stamp")

    def header(self, body: Element) -> None:
        """Whose report it is, its title, how people are protected, and the contents."""
        header = add(body, "header")
        look = self.document.look
        if look.organization:
            sender = add(header, "p", class_="sender")
            if look.logo:
                add(sender, "img", src=look.logo, alt=look.organization)
            else:
                add(sender, "span", look.organization)
        add(header, "h1", self.document.title)
        if self.document.profile_note:
            add(header, "p", self.document.profile_note)
        if self.document.generated is not None:
            moment = self.words.locale.moment(self.document.generated)
            add(header, "p", self.words("document.generated", moment=moment))
        self.contents(header)

    def contents(self, header: Element) -> None:
        """Links to the sections, where there are several."""
        sections = [
            (f"b{number}", block.text)
            for number, block in enumerate(self.document.blocks, start=1)
            if isinstance(block, Heading) and block.level == 1
        ]
        if len(sections) < _HEADINGS_FOR_CONTENTS:
            return
        nav = add(header, "nav", aria_labelledby="contents")
        add(nav, "h2", self.words("document.contents"), id="contents")
        listed = add(nav, "ul")
        for identity, text in sections:
            add(add(listed, "li"), "a", text, href=f"#{identity}")

    def main(self, body: Element) -> None:
        """Every block in its order."""
        main = add(body, "main", id="content")
        if self.document.metadata.get("pages") == "one":
            main.set("class", "brief")  # closer together on paper
        for number, block in enumerate(self.document.blocks, start=1):
            self.block(main, block, f"b{number}")

    def footer(self, body: Element) -> None:
        """What the organisation wants to be said below, and what the report was made with."""
        footer = add(body, "footer")
        if self.document.look.footer is not None:
            add_lines(
                add(footer, "p"),
                self.document.look.footer.label(cast(Locale, self.document.locale)),
            )
        add(footer, "p", self.words("document.made_with"))

    def block(self, main: Element, block: Block, identity: str) -> None:
        """One block; *identity* is the id of its first element and begins all others."""
        match block:
            case Heading():
                self.heading(main, block, identity)
            case Text(paragraphs):
                add_paragraphs(main, paragraphs)
            case Note():
                self.note(main, block)
            case Table():
                self.table(main, block, identity)
            case Chart():
                self.chart(main, block, identity)
            case Provenance():
                self.provenance(main, block)

    def heading(self, main: Element, heading: Heading, identity: str) -> None:
        """The title of a section; the first level is below that of the page."""
        add(main, f"h{heading.level + 1}", heading.text, id=identity)

    def note(self, main: Element, note: Note) -> None:
        """A remark that stands out."""
        made = add(main, "div", class_=f"note {note.kind}", role="note")
        add_lines(add(made, "p"), note.text)

    def table(self, parent: Element, table: Table, identity: str) -> Element:
        """A table with its remarks; its caption is given back."""
        written = written_table(table, self.words, explain=table is self.explaining)
        return add_table(parent, written, identity)

    def chart(self, main: Element, chart: Chart, identity: str) -> None:
        """A drawing, what of it is not drawn, and the same figures as a table below it."""
        figure = add(main, "figure", aria_labelledby=f"{identity}-caption")
        add(figure, "figcaption", chart.title, id=f"{identity}-caption")
        drawing = draw(chart, self.words, identity)
        if drawing is None:
            add(figure, "p", self.words("chart.nothing_drawn"), class_="missing")
        else:
            region = add(
                figure,
                "div",
                class_="plot",
                role="group",
                tabindex="0",
                aria_labelledby=f"{identity}-caption",
            )
            region.append(drawing)
            if missing := undrawn(chart):
                names = ", ".join(missing)
                text = self.words("chart.not_drawn", names=names)
                add(add(figure, "div", class_="below"), "p", text)
        folded = add(figure, "details")
        if len(chart.table.rows) <= _ROWS_SEEN:
            folded.set("open", "open")
        add(folded, "summary", self.words("chart.table"))
        caption = self.table(folded, chart.table, f"{identity}-table")
        if chart.table.caption in (chart.title, self.words("chart.table")):
            # seen above it already; screen readers still hear it with the table
            caption.set("class", "unseen")

    def provenance(self, main: Element, block: Provenance) -> None:
        """Where the figures come from, folded away."""
        folded = add(main, "details", class_="origin")
        add(folded, "summary", block.title or self.words("provenance.title"))
        listed = add(folded, "dl")
        for name, value in block.rows:
            add(listed, "dt", name)
            add(listed, "dd", value)


def page_of(document: Document) -> Element:
    """*document* as the element tree of a page: what the page and the PDF have in common."""
    return Page(document).build()
