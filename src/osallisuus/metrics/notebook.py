"""Figures as notebooks show them: the table that ``print`` shows, as a small piece of a page.

It needs nothing to be installed, holds no script and no style of its own, and is built as an
element tree, so that no text can become mark-up.
"""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, tostring

from osallisuus.metrics.plain import PlainFigure, Provenance
from osallisuus.metrics.printed import HIDDEN, line_of, tabulated

__all__ = ["page_of_figure", "page_of_result"]


def page_of_figure(figure: PlainFigure, *, internal: bool) -> str:
    """One figure as a paragraph."""
    paragraph = Element("p")
    paragraph.text = _fit(line_of(figure))
    if internal:
        SubElement(paragraph, "strong").text = " INTERNAL – not for publication"
    return _written(paragraph)


def page_of_result(source: Provenance, figures: Sequence[PlainFigure], *, internal: bool) -> str:
    """All figures of a metric as a table with a caption, column heads and row heads.

    As many rows are shown as ``print`` shows; the rest is said in a number.
    """
    table = Element("table")
    grid = tabulated(source, figures, internal=internal)
    SubElement(table, "caption").text = _fit(grid.caption)
    line = SubElement(SubElement(table, "thead"), "tr")
    for head in grid.heads:
        SubElement(line, "th", {"scope": "col"}).text = _fit(head)
    body = SubElement(table, "tbody")
    for number, row in enumerate(grid.rows):
        if grid.left_out and number == len(grid.rows) // 2:
            _gap(body, grid.left_out, len(grid.heads))
        line = SubElement(body, "tr")
        for place, text in enumerate(row):
            cell = SubElement(line, "td") if place else SubElement(line, "th", {"scope": "row"})
            cell.text = _fit(text)
            if text == HIDDEN:
                cell.set("title", "hidden")
    block = Element("div")
    block.append(table)
    for text in grid.meanings:
        SubElement(block, "p").text = _fit(text)
    return _written(block)


def _gap(body: Element, left_out: int, width: int) -> None:
    cell = SubElement(SubElement(body, "tr"), "td", {"colspan": str(width)})
    cell.text = f"... {left_out} more ..."


def _fit(text: str) -> str:
    """*text* without half surrogate pairs, which no page can hold."""
    return text.encode("utf-8", "replace").decode()


def _written(element: Element) -> str:
    return tostring(element, encoding="unicode", method="html")
