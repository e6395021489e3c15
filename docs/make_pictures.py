"""Writes docs/pictures/*.svg, one for each kind of chart; ``--check`` says if they are current.

The figures are made up. The drawings are those of the library, with a white ground of their own.
How time and memory grow is drawn here from what ``benchmarks/growth.py`` measured.
"""

from __future__ import annotations

import json
import math
import sys
from importlib import import_module
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

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
    found["growth"] = _alone(_growth())
    return {f"{name}.svg": text for name, text in found.items()}


def _growth() -> Element:
    """Seconds and MiB by the number of enrolments, both axes by powers of ten."""
    measured = json.loads((ROOT / "benchmarks" / "growth.json").read_text("utf-8"))
    svg = Element("svg", {"viewBox": "0 0 510 260", "role": "img"})
    SubElement(svg, "title").text = "How the time and the memory of eight metrics grow"
    told = (
        f"{engine}, {one['enrolments']} enrolments: {one['seconds']} s, {one['peak']} MiB"
        for engine, found in measured.items()
        for one in found["sizes"]
    )
    SubElement(svg, "desc").text = ". ".join(told) + "."
    _panel(svg, measured, "seconds", "CPU seconds", 40)
    _panel(svg, measured, "peak", "peak MiB", 290)
    return svg


_LINES = (("#1b4f8f", "none"), ("#a3480a", "6 3"))
"""Colour and dashes of each engine: told apart without colour too."""


def _panel(svg: Element, measured: dict[str, Any], what: str, name: str, left: int) -> None:
    """One field of 180 by 190 with its axes, and a line for each engine."""
    rows = [row for found in measured.values() for row in found["sizes"]]
    across, up = _tens([row["enrolments"] for row in rows]), _tens([row[what] for row in rows])

    def x(value: float) -> float:
        return left + 180 * (math.log10(value) - across[0]) / (across[-1] - across[0])

    def y(value: float) -> float:
        return 220 - 190 * (math.log10(value) - up[0]) / (up[-1] - up[0])

    _text(svg, left, 14, name, "start")
    for power in up:
        level = f"{y(10.0**power):g}"
        SubElement(svg, "line", {"x1": str(left), "x2": str(left + 180), "y1": level, "y2": level,
                                 "stroke": "#d0d0d0"})  # fmt: skip
        _text(svg, left - 4, float(level) + 4, f"{10.0**power:g}", "end")
    for power in across:
        _text(svg, x(10.0**power), 236, _short(power), "middle")
    for (engine, found), (colour, dashes) in zip(measured.items(), _LINES, strict=False):
        at = [(x(row["enrolments"]), y(row[what])) for row in found["sizes"]]
        points = " ".join(f"{a:.1f},{b:.1f}" for a, b in at)
        SubElement(svg, "polyline", {"points": points, "fill": "none", "stroke": colour,
                                     "stroke-width": "2", "stroke-dasharray": dashes})  # fmt: skip
        for a, b in at:
            SubElement(svg, "circle", {"cx": f"{a:.1f}", "cy": f"{b:.1f}", "r": "3",
                                       "fill": colour})  # fmt: skip
        if len(measured) > 1:
            _text(svg, at[-1][0] + 6, at[-1][1] + 4, engine, "start")
    _text(svg, left + 90, 254, "enrolments", "middle")


def _short(power: int) -> str:
    """A power of ten for an axis on which long numbers would run into each other: "10 k"."""
    thousands, rest = divmod(power, 3)
    return f"{10**rest} {'kMG'[thousands - 1]}" if thousands else f"{10**rest}"


def _tens(values: list[float]) -> list[int]:
    """The powers of ten around them; at least two."""
    low = math.floor(math.log10(min(values)))
    return list(range(low, max(math.ceil(math.log10(max(values))), low + 1) + 1))


def _text(svg: Element, x: float, y: float, words: str, anchor: str) -> None:
    given = {"x": f"{x:g}", "y": f"{y:g}", "font-size": "11", "text-anchor": anchor}
    SubElement(svg, "text", given).text = words


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
