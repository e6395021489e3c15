"""Drawings of every kind: nothing in them is as long as a number that is not printed."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pymupdf
import pytest

import osallisuus as osa
from osallisuus import plugins
from osallisuus.exporters.docx_parts import picture_of
from osallisuus.ingest.folder import read_folder
from osallisuus.reports import bars, calendars, flows, panels
from osallisuus.reports.document import Document
from osallisuus.reports.drawing import PALETTE, add
from tests.attack.drawn import drawings, unaccounted
from tests.reports.pictures import every_chart

EXAMPLES = Path(__file__).parents[2] / "examples"
KINDS = ("bars", "funnel", "panels", "calendar", "flow")
"""Those that this ruler measures; the heights of curves are in ``test_every_output``."""


def rendered(document: Document, name: str) -> bytes:
    content: bytes = plugins.load("exporters", name)().render(document)
    return content


def measured(page: bytes, told: bytes) -> tuple[dict[str, int], list[str]]:
    """How many drawings of each kind were measured, and what nothing accounts for."""
    charts = [one for one in json.loads(told)["blocks"] if one["type"] == "chart" and _drawn(one)]
    found = drawings(page)
    assert len(found) == len(charts)
    left, seen = [], dict.fromkeys(KINDS, 0)
    for drawing, chart in zip(found, charts, strict=True):
        if chart["kind"] in KINDS:
            seen[chart["kind"]] += 1
            left += unaccounted(drawing, chart)
    return seen, left


def _drawn(chart: dict[str, Any]) -> bool:
    figures = [figure for series in chart["series"] for figure in series["figures"]]
    return any(one["status"] == "shown" and one["value"] is not None for one in figures)


@pytest.mark.parametrize("locale", ["fi", "en"])
def test_every_length_is_that_of_a_printed_figure(locale: str) -> None:
    """Of a page with every kind of chart, in each of which figures are hidden."""
    document = every_chart(locale)
    seen, left = measured(rendered(document, "html"), rendered(document, "json"))
    assert all(seen.values())
    assert left == []


@pytest.mark.parametrize(
    ("example", "name"),
    [("verna", "rhythm"), ("wertzu", "rhythm"), ("wertzu", "evaluation"), ("yhteiso", "roles")],
)
def test_every_length_of_a_released_report_is_printed(example: str, name: str) -> None:
    with osa.open("memory:", actor="test", purpose="test") as register:
        register.add(read_folder(EXAMPLES / example))
        report = register.report(name, program=example, by=["group.place"])
        release = report.release("public")
        seen, left = measured(release.render("html"), release.render("json"))
    assert sum(seen.values())
    assert left == []


def _bar(place: Any, x: float, y: float, width: float, height: float = 12) -> Any:
    return add(place, "rect", x=x, y=y, width=87.6, height=height, fill="#0b5c6e", rx=2)


def _cell(place: Any, x: float, y: float, width: float, height: float = 12) -> Any:
    return add(place, "rect", x=x, y=y, width=width, height=3.9, fill="#0b5c6e", opacity="0.7")


def _column(place: Any, x: float, y: float, width: float, height: float = 12) -> Any:
    return add(place, "rect", x=x, y=y, width=10, height=3.9, fill="#0b5c6e")


def _ribbon(place: Any, x: float, y: float, width: float, height: float = 12) -> Any:
    path = "M10 20C40 20 40 60 80 60L80 63.9C40 63.9 40 23.9 10 23.9Z"
    return add(place, "path", d=path, fill="#0b5c6e", fill_opacity="0.28")


def _whisker(place: Any, x: float, y: float, width: float, height: float = 12) -> Any:
    return add(place, "path", d=f"M12.3 {y:.1f}H45.6", stroke="#1c2b33", fill="none")


def _dot(place: Any, x: float, y: float, width: float, height: float = 12) -> Any:
    return add(place, "ellipse", cx=x, cy=y, rx=3.9, ry=2)


def _tall_mark(place: Any, x: float, y: float, width: float, height: float = 12) -> Any:
    return add(place, "path", d=f"M{x} {y}H{x + width}V{y + 7.3}H{x}Z", class_="hidden")


LEAKS: list[tuple[Any, Callable[..., Any]]] = [
    *((module, _bar) for module in (bars, panels)),
    *((module, _whisker) for module in (bars, panels)),
    (calendars, _cell),
    (flows, _column),
    (flows, _ribbon),
    *((module, _dot) for module in (bars, panels, calendars, flows)),
    *((module, _tall_mark) for module in (bars, panels, calendars, flows)),
]


@pytest.mark.parametrize(("module", "leak"), LEAKS)
def test_a_hidden_figure_that_were_drawn_would_be_found(
    module: Any, leak: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the place of its mark stands something as long as it is."""
    monkeypatch.setattr(module, "hatch", leak)
    document = every_chart("fi")
    _, left = measured(rendered(document, "html"), rendered(document, "json"))
    assert left


# Other formats: their drawings are those of the page, which are measured above -------------------


def unlike_the_page(name: str, content: bytes, page: bytes) -> list[Any]:
    """What is drawn in an output of the exporter *name*, and not so on the page."""
    found: list[Any] = {"docx": _pictures, "pdf": _areas}[name](content, page)
    return found


def _pictures(content: bytes, page: bytes) -> list[str]:
    """The pictures of a Word file that are no paintings of a drawing of the page, dot for dot."""
    painted = [picture_of(one) for one in drawings(page)]
    with ZipFile(io.BytesIO(content)) as packed:
        names = [one for one in packed.namelist() if one.startswith("word/media/")]
        assert len(names) == len(painted)
        return [one for one in names if packed.read(one) not in painted]


def _areas(content: bytes, page: bytes) -> list[tuple[float, float]]:
    """The areas of a PDF in a colour of figures that are as wide and high as none of the page."""
    known = [
        (float(one.get("width", 0)), float(one.get("height", 0)))
        for drawing in drawings(page)
        for one in drawing.iter()
        if one.get("fill") in PALETTE
    ]
    left = []
    for width, height in _filled(content):
        if not any(abs(width - one) < 0.2 and abs(height - other) < 0.2 for one, other in known):
            left.append((width, height))
    return left


def _filled(content: bytes) -> Iterator[tuple[float, float]]:
    colors = {tuple(int(one[at : at + 2], 16) for at in (1, 3, 5)) for one in PALETTE}
    found = []
    for page in pymupdf.open(stream=content):
        for one in page.get_drawings():
            corners = {part[0] for part in one["items"]}
            fill = one["fill"] and tuple(round(255 * part) for part in one["fill"])
            # one line of corners is a letter or a ribbon, which has no sides
            if fill in colors and one["type"] == "f" and corners != {"l"}:
                found.append((one["rect"].width, one["rect"].height))
    # a column of a flow is 10 wide, and nothing that is drawn is narrower and as high
    (unit,) = {round(width / 10, 4) for width, height in found if abs(width - 6.64) < 0.01}
    # what is wider than any drawing is the head of a table or of a note
    yield from ((width / unit, height / unit) for width, height in found if width < 640 * unit)


@pytest.mark.parametrize("name", ["docx", "pdf"])
def test_other_formats_draw_what_the_page_draws(name: str) -> None:
    document = every_chart("fi")
    page = rendered(document, "html")
    assert unlike_the_page(name, rendered(document, name), page) == []


@pytest.mark.parametrize("name", ["docx", "pdf"])
def test_an_exporter_that_drew_a_hidden_figure_would_be_found(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only in its own format, while the page is as it should be: in each kind of drawing."""
    document = every_chart("fi")
    page = rendered(document, "html")
    for module, leak in ((panels, _bar), (calendars, _cell), (flows, _column)):
        monkeypatch.setattr(module, "hatch", leak)
    found = unlike_the_page(name, rendered(document, name), page)
    assert len(found) >= 3
    if name == "pdf":
        sizes = {(round(width, 1), round(height, 1)) for width, height in found}
        assert {(87.6, 12.0), (47.3, 3.9), (10.0, 3.9)} <= sizes
