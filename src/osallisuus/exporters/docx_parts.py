"""The parts of a Word document of which python-docx knows only the mark-up.

Names of elements and attributes are those of WordprocessingML (ISO/IEC 29500-1, 17). Texts reach
the file through python-docx or as attribute values of an element tree, never as mark-up.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from xml.etree.ElementTree import Element, tostring

from osallisuus.extra import library

__all__ = [
    "DRAWING_WIDTH",
    "LANGUAGES",
    "describe",
    "picture_of",
    "set_page",
    "set_properties",
    "set_styles",
    "set_table",
    "widths",
    "write_cell",
    "write_foot",
    "write_footnote",
    "write_head",
    "write_pair",
]

LANGUAGES: Final = {"fi": "fi-FI", "sv": "sv-FI", "en": "en-GB"}
"""The languages of the spelling checker, by locale."""

_MM: Final = 36_000
"""English Metric Units in a millimetre and, below, a point: the unit of all lengths here."""
_POINT: Final = 12_700
DRAWING_WIDTH: Final = 150 * _MM
_PAGE_WIDTH: Final = 170 * _MM
_LETTER: Final = 2 * _MM
"""About the width of a letter of 9 points."""
_PIXELS: Final = 1600
"""The width of a drawing: about 270 dots to the inch."""
_MOST: Final = 255
_ROOM: Final = 4.0
"""In units of the drawing."""
_FONT: Final = "Arial"
_INK, _SOFT, _LINE, _ACCENT, _ALARM = "1C2B33", "4A5A63", "D3DDE2", "0B5C6E", "8F1D1D"

# name, style it is made from, size in points, bold, colour, space above and below in points
_STYLES: Final[tuple[tuple[str, str, float, bool, str, float, float], ...]] = (
    ("Normal", "", 10, False, _INK, 0, 6),
    ("Title", "", 22, True, _INK, 0, 6),
    ("Heading 1", "", 16, True, _ACCENT, 20, 6),
    ("Heading 2", "", 12.5, True, _INK, 16, 4),
    ("Heading 3", "", 10.5, True, _INK, 12, 4),
    ("Caption", "", 9.5, False, _SOFT, 12, 4),
    ("Cell", "Normal", 9, False, _INK, 2, 2),
    ("Head", "Cell", 9, True, _SOFT, 2, 2),
    ("Below", "Normal", 8.5, False, _SOFT, 2, 2),
    ("Origin", "Below", 8.5, False, _INK, 0, 1),
    ("Picture", "Normal", 10, False, _INK, 0, 4),
    ("Note", "Normal", 10, False, _INK, 6, 8),
    ("Warning", "Note", 10, False, _INK, 6, 8),
    ("Stamp", "Normal", 11, True, _ALARM, 0, 12),
    ("Header", "", 8, False, _SOFT, 0, 0),
    ("Footer", "", 8, False, _SOFT, 0, 0),
)
_SHADES: Final = {"Note": "F3F7F8", "Warning": "FDF4E3"}
_AFTER_SHADE: Final = tuple(
    f"w:{name}" for name in "tabs spacing ind contextualSpacing jc outlineLvl".split()
)
"""What may follow a shade in a style; Word insists on its order (17.3.1.26)."""
_WITH_NEXT: Final = ("Heading 1", "Heading 2", "Heading 3", "Caption", "Stamp")


def _make(name: str, **attributes: str) -> Any:
    """A WordprocessingML element; ``val="x"`` becomes ``w:val="x"``."""
    made = library("docx.oxml", "docx").OxmlElement(f"w:{name}")
    for key, value in attributes.items():
        made.set(_named(key), value)
    return made


def _named(name: str) -> str:
    return str(library("docx.oxml.ns", "docx").qn(f"w:{name}"))


def _xml(part: Any) -> Any:
    """The element of a part for which python-docx has no public name."""
    return part._element  # noqa: SLF001


def set_properties(known: Any, title: str, locale: str, made: datetime | None) -> None:
    """What the file says of itself: nothing of its maker, and no time that nobody gave.

    A property has at most 255 characters.
    """
    known.title = title if len(title) <= _MOST else f"{title[: _MOST - 1]}…"
    known.language = LANGUAGES.get(locale, locale)
    known.author = known.comments = known.keywords = known.last_modified_by = ""
    if made is not None:
        known.created = known.modified = made
        return
    for moment in [one for one in _xml(known) if one.tag.endswith(("}created", "}modified"))]:
        _xml(known).remove(moment)


# Styles -----------------------------------------------------------------------------------------


def set_styles(file: Any, locale: str) -> None:
    """Gives the document its fonts, colours and language, and adds the styles of ours."""
    kind = library("docx.enum.style", "docx").WD_STYLE_TYPE.PARAGRAPH
    for name, base, size, bold, color, above, below in _STYLES:
        if name not in file.styles:
            file.styles.add_style(name, kind)
        style = file.styles[name]
        if base:
            style.base_style = file.styles[base]
        style.quick_style = True
        _set_font(style.font, size, bold, color)
        layout = style.paragraph_format
        layout.space_before, layout.space_after = int(above * _POINT), int(below * _POINT)
        layout.keep_with_next = name in _WITH_NEXT
    for name, shade in _SHADES.items():
        layout = file.styles[name].element.get_or_add_pPr()
        layout.insert_element_before(_make("shd", val="clear", fill=shade), *_AFTER_SHADE)
    right = library("docx.enum.text", "docx").WD_TAB_ALIGNMENT.RIGHT
    for name in ("Header", "Footer"):
        stops = file.styles[name].paragraph_format.tab_stops
        stops.clear_all()
        stops.add_tab_stop(_PAGE_WIDTH, right)
    for border in list(file.styles["Title"].element.iter(_named("pBdr"))):
        border.getparent().remove(border)
    root = file.styles.element
    for fonts in root.iter(_named("rFonts")):
        fonts.attrib.clear()  # fonts of a theme would win over the one named here
        for script in ("ascii", "hAnsi", "cs", "eastAsia"):
            fonts.set(_named(script), _FONT)
    for language in root.iter(_named("lang")):
        language.set(_named("val"), LANGUAGES.get(locale, locale))


def _set_font(font: Any, size: float, bold: bool, color: str) -> None:
    font.name = _FONT
    font.size = int(size * _POINT)
    font.bold, font.italic = bold, False
    font.color.rgb = library("docx.shared", "docx").RGBColor.from_string(color)


# Pages ------------------------------------------------------------------------------------------


def set_page(section: Any) -> None:
    """A4 with margins of 20 mm, 25 mm above and below."""
    section.page_width, section.page_height = 210 * _MM, 297 * _MM
    section.left_margin = section.right_margin = 20 * _MM
    section.top_margin = section.bottom_margin = 25 * _MM


def write_head(paragraph: Any, texts: Sequence[str]) -> None:
    """The head of every page: the title at the left, the stamp in bold at the right."""
    title, *stamp = texts
    paragraph.add_run(title if len(title) <= 60 else f"{title[:59]}…")
    for text in stamp:
        run = paragraph.add_run(f"\t{text}")
        run.bold = True
        run.font.color.rgb = library("docx.shared", "docx").RGBColor.from_string(_ALARM)


def write_foot(paragraph: Any, text: str) -> None:
    """The foot of every page: *text* at the left, the page and how many there are at the right."""
    paragraph.add_run(f"{text}\t")
    for field, after in (("PAGE", "/"), ("NUMPAGES", "")):
        paragraph.add_run(after).element.addprevious(_make("fldSimple", instr=field))


# Tables -----------------------------------------------------------------------------------------


def widths(rows: Sequence[Sequence[str]]) -> list[int]:
    """A width for each column by its longest text, together not wider than the page."""
    longest = [max(len(text) for text in column) for column in zip(*rows, strict=True)]
    wanted = [_LETTER * (min(max(letters, 5), 42) + 3) for letters in longest]
    scale = min(1.0, _PAGE_WIDTH / sum(wanted))
    return [int(width * scale) for width in wanted]


def set_table(table: Any, caption: str, columns: Sequence[int]) -> None:
    """Lines, widths, a name for screen readers, and a first row that heads every page."""
    table.autofit = False
    properties = _xml(table).tblPr
    borders = _make("tblBorders")
    for side in ("bottom", "insideH"):
        borders.append(_make(side, val="single", sz="4", space="0", color=_LINE))
    properties.insert_element_before(borders, "w:tblLayout", "w:tblLook")
    properties.append(_make("tblCaption", val=caption))
    for column, width in zip(table.columns, columns, strict=True):
        column.width = width
        for cell in column.cells:
            cell.width = width
    for row in table.rows:
        _xml(row).get_or_add_trPr().append(_make("cantSplit"))
    _xml(table.rows[0]).get_or_add_trPr().append(_make("tblHeader"))


def write_cell(
    cell: Any, text: str, *, right: bool, style: str = "Cell", marks: Sequence[str] = ()
) -> None:
    """The text of a cell, flush right where it is a number, and the letters of its footnotes."""
    (paragraph,) = cell.paragraphs
    _xml(paragraph).style = style  # an id, since looking up a name is what takes most time
    paragraph.add_run(text)
    for mark in marks:
        paragraph.add_run(mark).font.superscript = True
    if right:
        paragraph.alignment = library("docx.enum.text", "docx").WD_ALIGN_PARAGRAPH.RIGHT


def write_footnote(paragraph: Any, letter: str, text: str) -> None:
    """A footnote below its table."""
    paragraph.add_run(letter).font.superscript = True
    paragraph.add_run(f" {text}")


def write_pair(paragraph: Any, name: str, value: str) -> None:
    """One line of where figures come from: a name in bold and what it is."""
    paragraph.add_run(f"{name}: ").bold = True
    paragraph.add_run(value)


# Pictures ---------------------------------------------------------------------------------------


def picture_of(drawing: Element) -> bytes:
    """A drawing as PNG on white, as sharp as paper asks for; read from no file, asking nobody.

    What reaches to the edge of the drawing gets a little room around it.
    """
    left, top, width, height = map(float, drawing.get("viewBox", "0 0 1 1").split())
    room = (left - _ROOM, top - _ROOM, width + 2 * _ROOM, height + 2 * _ROOM)
    drawing.set("viewBox", " ".join(f"{length:g}" for length in room))
    drawing.set("xmlns", "http://www.w3.org/2000/svg")
    drawing.set("font-family", "DejaVu Sans, sans-serif")
    painted: bytes = library("resvg_py", "docx").svg_to_bytes(
        svg_string=tostring(drawing, encoding="unicode"), width=_PIXELS, background="#ffffff"
    )
    return painted


def describe(run: Any, title: str, description: str) -> None:
    """What a screen reader says instead of the picture in *run*."""
    for properties in run.element.iter(library("docx.oxml.ns", "docx").qn("wp:docPr")):
        properties.set("title", title)
        properties.set("descr", description)
