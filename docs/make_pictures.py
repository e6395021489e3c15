"""Writes docs/pictures/*.svg, one for each kind of chart; ``--check`` says if they are current.

The figures are made up. The drawings are those of the library, with a white ground of their own.
"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from xml.etree.ElementTree import Element, tostring

from osallisuus.reports.charts import draw
from osallisuus.reports.document import Chart
from osallisuus.words import Words

ROOT = Path(__file__).resolve().parent.parent
FOLDER = Path(__file__).with_name("pictures")


def pictures() -> dict[str, str]:
    """File name -> the first drawing of each kind, and the panels of curves too."""
    sys.path.insert(0, str(ROOT))
    every_chart = import_module("tests.reports.pictures").every_chart
    found: dict[str, str] = {}
    for block in every_chart("en").blocks:
        if isinstance(block, Chart):
            name = block.kind
            if name == "panels" and block.series[0].figures[0].at is not None:
                name = "panels_of_curves"
            if name not in found:
                drawn = draw(block, Words("en"), name)
                found[name] = "" if drawn is None else _alone(drawn)
    return {f"{name}.svg": text for name, text in found.items()}


def _alone(drawn: Element) -> str:
    """A drawing as a file of its own: with the font and the ground that it has on a page."""
    _, _, width, height = drawn.attrib["viewBox"].split()
    drawn.set("viewBox", f"-16 -16 {float(width) + 32:g} {float(height) + 32:g}")
    drawn.set("xmlns", "http://www.w3.org/2000/svg")
    drawn.set("font-family", "DejaVu Sans, sans-serif")
    ground = {"x": "-16", "y": "-16", "width": "100%", "height": "100%", "fill": "#ffffff"}
    drawn.insert(2, Element("rect", ground))
    return tostring(drawn, "unicode") + "\n"


def main() -> int:
    """Write the files, or compare them."""
    made = pictures()
    if "--check" in sys.argv:
        there = {path.name: path.read_text("utf-8") for path in FOLDER.glob("*.svg")}
        return int(there != made)
    FOLDER.mkdir(exist_ok=True)
    for name, text in made.items():
        (FOLDER / name).write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
