"""The pieces that pages are made of: elements, lines of text, and tables.

All of them add to an element tree, in which a text cannot become mark-up.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Final
from xml.etree.ElementTree import Element, SubElement

from osallisuus.reports.cells import WrittenCell, WrittenTable

__all__ = ["add", "add_lines", "add_paragraphs", "add_table"]

_ITEM: Final = "• "
_RANGE: Final = re.compile(
    r"(?<![\w.,])[−+<>]?\d(?:[\d.,\u00a0]*\d)? ?– ?[−+<>]?\d(?:[\d.,\u00a0]*\d)?(?:[ \u00a0]?%)?"
)
"""Two numbers and what is between them, such as "7–19 %": a line could break at the dash."""


def add(parent: Element, tag: str, text: str = "", **attributes: str) -> Element:
    """A new element in *parent* with *text* in it; ``class_`` and ``for_`` lose their underscore."""
    names = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
    made = SubElement(parent, tag, names)
    made.text = text or None
    return made


def add_lines(parent: Element, text: str) -> None:
    """*text* in *parent*, an empty element, with its line breaks kept."""
    first, *rest = text.split("\n")
    _add_text(parent, first)
    for line in rest:
        _add_text(parent, line, SubElement(parent, "br"))


def _add_text(parent: Element, text: str, after: Element | None = None) -> None:
    """*text* in *parent*, at its beginning or *after* its last element; a range stays on a line."""
    begin = 0
    pieces: list[tuple[str, str]] = []
    for found in _RANGE.finditer(text):
        pieces.append((text[begin : found.start()], found[0]))
        begin = found.end()
    for before, together in pieces:
        _put(parent, before, after)
        after = add(parent, "span", together, class_="range")
    _put(parent, text[begin:], after)


def _put(parent: Element, text: str, after: Element | None) -> None:
    if after is None:
        parent.text = text or None
    else:
        after.tail = text or None


def add_paragraphs(parent: Element, paragraphs: Iterable[str]) -> None:
    """*paragraphs* in *parent*; those that begin with "• " are items of a list, as a list is heard."""
    for is_list, texts in groupby(paragraphs, key=lambda text: text.startswith(_ITEM)):
        place = add(parent, "ul", class_="listed") if is_list else parent
        for text in texts:
            if is_list:
                add_lines(add(place, "li"), text.removeprefix(_ITEM))
            else:
                add_lines(add(place, "p"), text)


def add_table(parent: Element, table: WrittenTable, identity: str) -> Element:
    """Adds *table* under *parent* and gives back its caption."""
    whole = add(parent, "div", class_="tabular")
    region = add(
        whole, "div", class_="scroll", role="group", tabindex="0", aria_labelledby=identity
    )
    made = add(region, "table")
    caption = add(made, "caption", table.caption, id=identity)
    numeric = table.numeric_columns
    head = add(add(made, "thead"), "tr")
    for column, right in zip(table.columns, numeric, strict=True):
        cell = add(head, "th", column, scope="col")
        if right:
            cell.set("class", "number")
    body = add(made, "tbody")
    for row in table.rows:
        line = add(body, "tr")
        for index, written in enumerate(row):
            cell = add(line, "td") if index else add(line, "th", scope="row")
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
        add(cell, "span", written.text, aria_hidden="true", title=written.word)
        add(cell, "span", written.word, class_="unseen")
    elif right:
        cell.text = written.text  # its column breaks no line
    else:
        _add_text(cell, written.text)
    for mark in written.marks:
        add(cell, "sup", mark)


def _remarks(table: WrittenTable) -> Iterator[tuple[str, str]]:
    yield from table.footnotes
    for note in table.notes:
        yield "", note


def _below(remarks: list[tuple[str, str]]) -> Element:
    below = Element("div", {"class": "below"})
    for letter, text in remarks:
        line = add(below, "p")
        if letter:
            add(line, "sup", letter).tail = f" {text}"
        else:
            add_lines(line, text)
    return below
