"""The lengths in a drawing, beside those that the printed figures of its chart account for.

What a reader with a ruler can do: measure every bar, cell, column, ribbon and whisker of an SVG
drawing, and ask of which printed figure it is. Nothing of the library is used but the bytes.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any
from xml.etree.ElementTree import Element, fromstring

__all__ = ["drawings", "lengths", "unaccounted"]

WHOLE = {"bars": 638.0, "funnel": 638.0, "panels": 304.0, "calendar": 26.0, "flow": 260.0}
"""How long all of it, or the greatest figure, is in each kind of drawing."""
CURVE = 90.0
"""The height of a small curve in a panel."""
NEAR = 0.11
"""Lengths have one decimal, and some are the difference of two."""
QUIET = {"svg", "title", "desc", "g", "text", "line"}
"""Nothing in them is as long as a figure: titles, words, and the lines of a grid."""
GRID = "#dbe3e7"
_NUMBER = r"-?\d+(?:\.\d+)?"


def drawings(page: bytes) -> list[Element]:
    """The charts of a page, in their order."""
    found = re.findall(r'<svg[^>]*class="chart".*?</svg>', page.decode(), re.DOTALL)
    return [fromstring(one) for one in found]


def lengths(drawing: Element, kind: str) -> Iterator[tuple[str, float]]:
    """What is as long as a figure, with what it is; also every shape that is like no other."""
    for one in drawing.iter():
        tag = one.tag.rpartition("}")[2]
        if tag in QUIET or one.get("class") == "hidden":
            yield from _odd_mark(one, kind)
        elif tag == "rect" and one.get("fill") != "none":
            side = "height" if kind in ("calendar", "flow") else "width"
            yield "bar", float(one.get(side, "nan"))
        elif tag == "path" and one.get("fill-opacity") and kind == "flow":
            yield "ribbon", _thickness(one.get("d", ""))
        elif tag == "path" and one.get("stroke") == GRID:
            continue
        elif tag == "path" and kind in ("bars", "funnel", "panels"):
            yield from _whisker_or_line(one)
        elif tag == "circle":
            yield "point", float(one.get("cy", "nan"))
        elif tag != "rect":
            yield f"a {tag} that nobody knows", -1.0


def _odd_mark(one: Element, kind: str) -> Iterator[tuple[str, float]]:
    """The mark of what is hidden has one size, that of a cell of a calendar but for its width."""
    if one.get("class") != "hidden":
        return
    corners = re.match(rf"M{_NUMBER} ({_NUMBER})H{_NUMBER}V({_NUMBER})H", one.get("d", ""))
    high = float(corners[2]) - float(corners[1]) if corners else -1.0
    if abs(high - (26.0 if kind == "calendar" else 12.0)) > NEAR:
        yield "a mark of another size", -1.0


def _thickness(path: str) -> float:
    """How far the last corner of a ribbon lies below its first."""
    numbers = [float(one) for one in re.findall(_NUMBER, path)]
    return numbers[-1] - numbers[1]


def _whisker_or_line(one: Element) -> Iterator[tuple[str, float]]:
    path = one.get("d", "")
    if "H" in path or path.count("M") > 1:  # from one end of an interval to the other
        for x in re.findall(rf"[MLH]({_NUMBER})", path):
            yield "whisker", float(x)
    else:
        for y in re.findall(rf"[ML]{_NUMBER} ({_NUMBER})", path):
            yield "point", float(y)


def unaccounted(drawing: Element, chart: Mapping[str, Any]) -> list[str]:
    """The lengths in *drawing* that follow from no printed figure of *chart*, as JSON tells it."""
    kind = chart["kind"]
    if kind == "flow" and not any(len(_steps(one)) > 1 for one in chart["series"] if _told(one)):
        kind = "bars"  # where no path that is shown leads anywhere
    printed = [
        figure
        for series in chart["series"]
        for figure in series["figures"]
        if figure["status"] == "shown" and figure["value"] is not None
    ]
    allowed = _of_paths(chart) if kind == "flow" else _allowed(kind, printed)
    left = []
    for what, length in lengths(drawing, kind):
        known = allowed.get(what, ())
        if not any(abs(length - one) <= NEAR for one in known):
            left.append(f"{kind}: {what} of {length}")
    return left


def _allowed(kind: str, printed: list[Mapping[str, Any]]) -> dict[str, set[float]]:
    whole = WHOLE[kind]
    shares = all(one["measure"] == "proportion" for one in printed)
    most = [max(one["value"], (one["high"] or 0) if kind != "calendar" else 0) for one in printed]
    scale = 1.0 if shares else max(*most, 1e-9, 0)
    values = [one["value"] / scale for one in printed]
    ends = [one[end] / scale for one in printed for end in ("low", "high") if one[end] is not None]
    edge = 1.0 if kind in ("bars", "funnel") else 0.0
    return {
        "bar": {max(whole * one, 1.0 if kind != "calendar" else 0.0) for one in values},
        "whisker": {edge + whole * min(max(one, 0.0), 1.0) for one in ends},
        "point": {CURVE * (1 - one) for one in values},
    }


def _of_paths(chart: Mapping[str, Any]) -> dict[str, set[float]]:
    """The sums of printed paths: of all through a role in a column, and from role to role."""
    columns: defaultdict[Any, float] = defaultdict(float)
    between: defaultdict[Any, float] = defaultdict(float)
    for one in filter(_told, chart["series"]):
        way, value = _steps(one), one["figures"][0]["value"]
        for place in enumerate(way):
            columns[place] += value
        for step in enumerate(pairwise(way)):
            between[step] += value
    whole = WHOLE["flow"]
    return {
        "bar": {max(whole * one, 1.0) for one in columns.values()},
        "ribbon": {whole * one for one in between.values()},
    }


def _told(series: Mapping[str, Any]) -> bool:
    (figure,) = series["figures"]
    return figure["status"] == "shown" and figure["value"] is not None


def _steps(series: Mapping[str, Any]) -> list[str]:
    label: str = series["label"]
    return label.split(" → ")
