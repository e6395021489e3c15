"""A calendar strip: a row for each year, a cell for each period in its place within the year.

A cell is filled from its foot up to its share, and the same share is written below it, so that no
colour has to be told from another. A hidden cell is hatched in full, an unknown one is empty.
"""

from __future__ import annotations

from datetime import date
from typing import Final
from xml.etree.ElementTree import Element

from osallisuus.metrics.figure import Figure
from osallisuus.reports.bars import is_shown
from osallisuus.reports.cells import figure_text
from osallisuus.reports.document import Chart
from osallisuus.reports.drawing import (
    GRID,
    SOFT,
    WIDTH,
    add,
    canvas,
    color,
    hatch,
    label,
    text_width,
)
from osallisuus.time import Period
from osallisuus.words import Words

__all__ = ["draw_calendar"]

_LEFT: Final = 48.0
_HEAD: Final = 20.0
_CELL: Final = 26.0
_ROW: Final = 52.0
_SIZE: Final = 11.0


def draw_calendar(chart: Chart, words: Words, identity: str) -> Element:
    """The years of *chart* from top to bottom, on a scale from nothing to all (or the most)."""
    shown = [figure for year in chart.series for figure in year.figures if is_shown(figure)]
    shares = all(figure.measure == "proportion" for figure in shown)
    scale = 1.0 if shares else max([*map(float, shown), 1e-9])
    root = canvas(_HEAD + _ROW * len(chart.series), chart.title, chart.description, identity)
    for month, name in enumerate(words.locale.months):
        short = name.removesuffix("kuu") if name.endswith("kuu") else name[:3]
        x = _LEFT + (WIDTH - _LEFT) * (month + 0.5) / 12
        label(root, short, x, 12, text_anchor="middle", fill=SOFT, font_size=_SIZE)
    for number, year in enumerate(chart.series):
        top = _HEAD + _ROW * number
        label(root, year.label, 0, top + 18, font_weight="600")
        dated = [(figure, figure.period) for figure in year.figures if figure.period is not None]
        for figure, period in dated:  # all of them: a chart refuses others
            _draw_cell(root, figure, period, top, scale, words)
    return root


def _draw_cell(
    root: Element, figure: Figure, period: Period, top: float, scale: float, words: Words
) -> None:
    left, right = _ends(period)
    width = max(right - left - 2, 1.0)
    if figure.status == "suppressed":
        hatch(root, left + 1, top, width, _CELL)
        text = words("mark.hidden")
    else:
        add(
            root, "rect", x=left + 1, y=top, width=width, height=_CELL,
            fill="none", stroke=GRID if not is_shown(figure) else SOFT, stroke_width=1,
        )  # fmt: skip
        text = words("mark.undefined")
    if is_shown(figure):
        height = _CELL * min(max(float(figure) / scale, 0.0), 1.0)
        if height:
            add(
                root, "rect", x=left + 1, y=top + _CELL - height, width=width, height=height,
                fill=color(0), opacity="0.7",
            )  # fmt: skip
        text = figure_text(figure, "value", words) or ""
    if text_width(text, _SIZE) <= width + 4:
        middle = (left + right) / 2
        y = top + _CELL + 14
        label(root, text, middle, y, text_anchor="middle", fill=SOFT, font_size=_SIZE)


def _ends(period: Period) -> tuple[float, float]:
    """Where a period begins and ends within the year of its first day."""
    year = period.starts_on.year
    after = 12.0 if period.ends_on.year > year else _months(period.ends_on)
    room = WIDTH - _LEFT
    return _LEFT + room * _months(period.starts_on) / 12, _LEFT + room * after / 12


def _months(day: date) -> float:
    return day.month - 1 + (day.day - 1) / 31
