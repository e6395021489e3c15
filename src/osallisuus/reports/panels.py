"""Panels: the same figures of each group or place, side by side on one scale.

The panels stand in the order of the alphabet and never by size: nobody is first or last. One scale
holds for all of them, and depends only on figures that are shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby, pairwise
from typing import Final
from xml.etree.ElementTree import Element

from osallisuus.metrics.figure import Figure
from osallisuus.reports.bars import is_shown
from osallisuus.reports.cells import figure_text
from osallisuus.reports.document import Chart, Series
from osallisuus.reports.drawing import (
    GRID,
    INK,
    SOFT,
    WIDTH,
    add,
    canvas,
    color,
    dash,
    hatch,
    label,
    text_width,
    wrap,
)
from osallisuus.values import frozen
from osallisuus.words import Words

__all__ = ["draw_panels"]

_APART: Final = 32.0
_PANEL: Final = (WIDTH - _APART) / 2
_LINE: Final = 17.0
_BAR: Final = 14.0
_CURVE: Final = 90.0
_GAP: Final = 18.0


@frozen(eq=False)
class _Scale:
    """What all panels have in common."""

    top: float
    last_day: int
    thinned: bool
    curves: bool

    def across(self, value: float) -> float:
        return _PANEL * min(max(value / self.top, 0.0), 1.0)

    def place(self, figure: Figure, value: float) -> tuple[float, float]:
        share = min(max(value / self.top, 0.0), 1.0)
        return _PANEL * (figure.at or 0) / max(self.last_day, 1), _CURVE * (1 - share)


def draw_panels(chart: Chart, words: Words, identity: str) -> Element:
    """The panels of *chart*, two beside each other."""
    shown = [figure for panel in chart.series for figure in panel.figures if is_shown(figure)]
    shares = all(figure.measure == "proportion" for figure in shown)
    reach = max(max(float(figure), figure.high or 0.0) for figure in shown)
    days = [figure.at for figure in shown if figure.at is not None]
    scale = _Scale(
        1.0 if shares else max(reach, 1e-9), max(days, default=0), chart.thinned, bool(days)
    )
    rows = [chart.series[first : first + 2] for first in range(0, len(chart.series), 2)]
    heights = [max(_height(panel, scale, words) for panel in row) for row in rows]
    root = canvas(sum(heights) + 4, chart.title, chart.description, identity)
    top = 0.0
    for row, height in zip(rows, heights, strict=True):
        for column, panel in enumerate(row):
            left = column * (_PANEL + _APART)
            place = add(root, "g", transform=f"translate({left:.0f} {top:.0f})")
            _draw_panel(place, panel, scale, words)
        top += height
    return root


def _heads(panel: Series) -> tuple[str, ...]:
    return wrap(panel.label, _PANEL - 4, 14)


def _names(panel: Series) -> list[str]:
    """What stands above each bar: nothing where a panel is one figure, which its title names."""
    return [""] if len(panel.figures) == 1 else list(panel.steps)


def _rows(panel: Series, words: Words) -> list[tuple[Figure, tuple[str, ...], str]]:
    rows = []
    for figure, name in zip(panel.figures, _names(panel), strict=True):
        text = _text(figure, words)
        lines = wrap(name, _PANEL - text_width(text) - 12) if name else ()
        rows.append((figure, lines, text))
    return rows


def _text(figure: Figure, words: Words) -> str:
    if figure.status == "suppressed":
        return f"{words('mark.hidden')} {words('mark.hidden_word')}"
    if not is_shown(figure):
        return f"{words('mark.undefined')} {words('mark.undefined_word')}"
    return figure_text(figure, "both", words) or ""


def _height(panel: Series, scale: _Scale, words: Words) -> float:
    head = _LINE * len(_heads(panel)) + 6
    if scale.curves:
        return head + _CURVE + 4 + _LINE * len(_ends(panel, words)) + _GAP
    rows = _rows(panel, words)
    return head + sum(_LINE * max(len(lines), 1) + _BAR + 8 for _, lines, _ in rows) + _GAP


def _draw_panel(place: Element, panel: Series, scale: _Scale, words: Words) -> None:
    y = 0.0
    for line in _heads(panel):
        y += _LINE
        label(place, line, 0, y - 3, font_size=14, font_weight="600", fill=INK)
    y += 6
    if scale.curves:
        _draw_curves(place, panel, scale, y, words)
        return
    for figure, lines, text in _rows(panel, words):
        for number, line in enumerate(lines):
            label(place, line, 0, y + 12 + _LINE * number)
        fill = INK if is_shown(figure) else SOFT
        if lines:
            label(place, text, _PANEL, y + 12, text_anchor="end", fill=fill)
        else:
            label(place, text, 0, y + 12, fill=fill)
        y += _LINE * max(len(lines), 1)
        _draw_bar(place, figure, scale, y)
        y += _BAR + 8


def _draw_bar(place: Element, figure: Figure, scale: _Scale, y: float) -> None:
    add(place, "path", d=f"M0 {y + _BAR:.1f}H{_PANEL:.1f}", stroke=GRID, fill="none")
    if figure.status == "suppressed":
        hatch(place, 0, y + 1, 28)
    if not is_shown(figure):
        return
    width = max(scale.across(float(figure)), 1.0)
    add(place, "rect", x=0, y=y, width=width, height=_BAR, fill=color(0), opacity="0.7")
    if figure.low is not None and figure.high is not None:
        left, right, middle = scale.across(figure.low), scale.across(figure.high), y + _BAR / 2
        path = (
            f"M{left:.1f} {middle:.1f}H{right:.1f}M{left:.1f} {y + 3:.1f}V{y + _BAR - 3:.1f}"
            f"M{right:.1f} {y + 3:.1f}V{y + _BAR - 3:.1f}"
        )
        add(place, "path", d=path, stroke=INK, stroke_width=2, fill="none")


def _draw_curves(place: Element, panel: Series, scale: _Scale, top: float, words: Words) -> None:
    """Small step curves without a grid of numbers: those stand in the table."""
    inner = add(place, "g", transform=f"translate(0 {top:.0f})")
    for share in (0, 0.5, 1):
        y = _CURVE * share
        add(inner, "path", d=f"M0 {y:.1f}H{_PANEL:.1f}", stroke=GRID, fill="none")
    if not any(is_shown(figure) for figure in panel.figures):
        hatch(inner, 0, _CURVE - 14, 28)
        label(inner, _text(panel.figures[0], words), 36, _CURVE - 4, fill=SOFT)
    for number, text in enumerate(_ends(panel, words)):
        label(inner, text, 0, _CURVE + 16 + _LINE * number, fill=SOFT, font_size=12)
    lines = groupby(panel.figures, key=lambda figure: figure.name)
    for number, (_, line) in enumerate(lines):
        for drawn, run in groupby(line, key=is_shown):
            if drawn:
                _draw_run(inner, list(run), number, scale)


def _ends(panel: Series, words: Words) -> tuple[str, ...]:
    """Where each line of a small curve ends, in words: its last figure that is shown."""
    named = list(zip(panel.figures, panel.steps or [""] * len(panel.figures), strict=True))
    last = {figure.name: (figure, name) for figure, name in named if is_shown(figure)}
    texts = [
        f"{name}: {figure_text(figure, 'value', words)} ({words('chart.on_day', n=figure.at or 0)})"
        for figure, name in last.values()
    ]
    return tuple(line for text in texts for line in wrap(text, _PANEL, 12))


def _draw_run(inner: Element, run: Sequence[Figure], number: int, scale: _Scale) -> None:
    points = [scale.place(figure, float(figure)) for figure in run]
    corners = [points[0]]
    for (_, before), (x, y) in pairwise(points):
        corners += [(x, y)] if scale.thinned else [(x, before), (x, y)]
    fill = color(number)
    for x, y in points if scale.thinned or len(points) == 1 else ():
        add(inner, "circle", cx=x, cy=y, r=3, fill=fill)
    if len(points) > 1:
        path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in corners)
        pattern = "2 4" if scale.thinned else dash(number)
        add(
            inner, "path", d=path, fill="none", stroke=fill, stroke_width=2,
            stroke_dasharray=pattern,
        )  # fmt: skip
