"""The few shapes that the charts are made of.

Drawings are SVG element trees: texts are escaped when the tree is written out, never by us. No
script, no style sheet, no address; every number has at most one decimal, so that equal figures
give equal bytes. Sizes are in the drawing's own units, of which it is :data:`WIDTH` wide.
"""

from __future__ import annotations

from typing import Final
from xml.etree.ElementTree import Element, SubElement

__all__ = [
    "DASHES",
    "GRID",
    "INK",
    "PALETTE",
    "SOFT",
    "WIDTH",
    "add",
    "canvas",
    "color",
    "dash",
    "hatch",
    "label",
    "nice_ceiling",
    "text_width",
    "wrap",
]

WIDTH: Final = 640.0
INK: Final = "#1c2b33"
SOFT: Final = "#4a5a63"
GRID: Final = "#dbe3e7"

PALETTE: Final = ("#0b5c6e", "#7a5500", "#5b3a8c", "#8a4a6b", "#2c6a35", "#44546a")
"""Line and bar colours. Each has a contrast of at least 5:1 on white (WCAG 2.2, 1.4.3 and
1.4.11), and none carries a meaning alone: lines differ in dashes and are named at their ends."""

DASHES: Final = ("", "9 4", "2 3", "12 4 2 4", "6 3", "1 5")

_NARROW: Final = frozenset("ijlIt.,:;'|!()[]f r-\u00a0\u2013")
_WIDE: Final = frozenset("mwMWÅÄÖ%@—")


def color(index: int) -> str:
    """The colour of the line or bar number *index*."""
    return PALETTE[index % len(PALETTE)]


def dash(index: int) -> str:
    """The dash pattern of the line number *index*; empty for a full line."""
    return DASHES[index % len(DASHES)]


def canvas(height: float, title: str, description: str, identity: str) -> Element:
    """An empty drawing that tells a screen reader what it shows."""
    root = Element(
        "svg",
        {
            "viewBox": f"0 0 {_short(WIDTH)} {_short(height)}",
            "role": "img",
            "aria-labelledby": f"{identity}-title {identity}-desc",
            "class": "chart",
            "font-size": "13",
            "fill": INK,
        },
    )
    SubElement(root, "title", {"id": f"{identity}-title"}).text = title
    SubElement(root, "desc", {"id": f"{identity}-desc"}).text = description
    return root


def add(parent: Element, tag: str, **attributes: str | float) -> Element:
    """A new shape in *parent*: ``stroke_width=2`` is ``stroke-width="2"``, ``class_`` is class."""
    return SubElement(
        parent,
        tag,
        {
            name.rstrip("_").replace("_", "-"): value if isinstance(value, str) else _short(value)
            for name, value in attributes.items()
            if value != ""
        },
    )


def label(parent: Element, text: str, x: float, y: float, **attributes: str | float) -> Element:
    """*text* with its base line starting at (*x*, *y*)."""
    made = add(parent, "text", x=x, y=y, **attributes)
    made.text = text
    return made


def text_width(text: str, size: float = 13) -> float:
    """About how wide *text* is: generous, since no font is known here."""
    ems = sum(0.4 if char in _NARROW else 0.98 if char in _WIDE else 0.66 for char in text)
    return ems * size


def wrap(text: str, width: float, size: float = 13) -> tuple[str, ...]:
    """*text* in lines of at most *width*; a single word that is wider is cut with "…"."""
    lines: list[str] = []
    for word in text.replace("\n", " ").split(" "):
        if lines and text_width(f"{lines[-1]} {word}", size) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return tuple(_cut(line, width, size) for line in lines)


def _cut(line: str, width: float, size: float) -> str:
    if text_width(line, size) <= width:
        return line
    while line and text_width(f"{line}…", size) > width:
        line = line[:-1]
    return f"{line}…"


def nice_ceiling(value: float) -> float:
    """The smallest of 1, 2, 2.5, 5, 10 times a power of ten that is at least *value*."""
    if value <= 0:
        return 1.0
    power = 1.0
    while power < value:
        power *= 10
    while power / 10 >= value:
        power /= 10
    return next(step * power for step in (0.2, 0.25, 0.5, 1.0) if step * power >= value)


def _short(number: float) -> str:
    text = f"{number:.1f}"
    return text.removesuffix(".0") if text != "-0.0" else "0"


def hatch(parent: Element, x: float, y: float, width: float, height: float = 12) -> Element:
    """The mark of what is hidden: a box of slanting lines whose size is that of its place."""
    step, edge = 6.0, f"M{_at(x, y)}H{_short(x + width)}V{_short(y + height)}H{_short(x)}Z"
    lines = []
    offset = -height + step
    while offset < width:
        # from the lower left to the upper right, clipped to the box
        left, right = max(offset, 0.0), min(offset + height, width)
        lines.append(
            f"M{_at(x + left, y + height - (left - offset))}"
            f"L{_at(x + right, y + height - (right - offset))}"
        )
        offset += step
    return add(parent, "path", d=edge + "".join(lines), fill="none", stroke=SOFT, class_="hidden")


def _at(x: float, y: float) -> str:
    return f"{_short(x)} {_short(y)}"
