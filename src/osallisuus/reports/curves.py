"""Step curves: shares (or other figures) by day, with bands, end labels and a risk table.

A curve is drawn only where its figures are shown. It breaks before a hidden or undefined figure
and goes on after it; neither end, scale nor ticks depend on a figure that is not shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby, pairwise
from typing import Final, TypeAlias
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
    label,
    nice_ceiling,
    text_width,
    wrap,
)
from osallisuus.values import frozen
from osallisuus.words import Words

__all__ = ["draw_curve"]

_TOP: Final = 10.0
_HEIGHT: Final = 270.0
_BOTTOM: Final = _TOP + _HEIGHT
_LEFT: Final = 54.0
_WIDEST_LABEL: Final = 170.0
_LINE: Final = 16.0
_DAY_STEPS: Final = (1, 2, 5, 7, 10, 14, 20, 28, 30, 60, 90, 120, 180, 365, 730, 1825)
_TICKS: Final = 7


@frozen(eq=False)
class _Frame:
    """From days and values to places in the drawing."""

    right: float
    last_day: int
    top_value: float

    def x(self, day: float) -> float:
        return _LEFT + (self.right - _LEFT) * day / max(self.last_day, 1)

    def y(self, value: float) -> float:
        return _BOTTOM - _HEIGHT * min(max(value / self.top_value, 0.0), 1.0)


@frozen(eq=False)
class _Line:
    """A series that has something to draw, with its number (for colour and dashes)."""

    number: int
    series: Series
    lines: tuple[str, ...]
    """The end label, wrapped."""

    @property
    def shown(self) -> list[Figure]:
        return [figure for figure in self.series.figures if is_shown(figure)]

    @property
    def runs(self) -> list[list[Figure]]:
        """The stretches of figures that are shown without a break."""
        grouped = groupby(self.series.figures, key=is_shown)
        return [list(figures) for drawn, figures in grouped if drawn]


_RiskRow: TypeAlias = tuple[_Line, list[str]]
"""A line and how many are still followed on each tick."""


def draw_curve(chart: Chart, words: Words, identity: str) -> Element:
    """The curves of *chart*. Figures without a number leave a gap."""
    drawn = [
        _Line(number, series, _end_label(chart, series, words))
        for number, series in enumerate(chart.series)
        if any(is_shown(figure) for figure in series.figures)
    ]
    frame = _frame(drawn)
    ticks, followed = _ticks(drawn, frame.last_day)
    rows = _risk_rows(drawn, ticks, words) if followed else []
    axis = chart.axis or words("chart.days")
    height = _BOTTOM + 46 + (26 + _LINE * len(rows) if rows else 0)
    root = canvas(height, chart.title, chart.description, identity)
    _draw_axes(root, frame, ticks, axis, drawn[0].shown[0], words)
    for line in drawn:
        _draw_band(root, line, frame, chart.thinned)
    for line in drawn:
        _draw_line(root, line, frame, chart.thinned)
    _draw_end_labels(root, drawn, frame)
    _draw_risk_table(root, rows, ticks, frame, words)
    return root


def _end_label(chart: Chart, series: Series, words: Words) -> tuple[str, ...]:
    """The line's name and last value; with its day where the line ends before the others."""
    last = [figure for figure in series.figures if is_shown(figure)][-1]
    value = figure_text(last, "value", words) or ""
    end = max(
        figure.at or 0 for line in chart.series for figure in line.figures if is_shown(figure)
    )
    day = f", {words('chart.on_day', n=last.at)}" if chart.thinned and last.at != end else ""
    return wrap(f"{series.label} {value}{day}", _WIDEST_LABEL)


def _frame(drawn: Sequence[_Line]) -> _Frame:
    shown = [figure for line in drawn for figure in line.shown]
    widest = max(text_width(text) for line in drawn for text in line.lines)
    if all(figure.measure == "proportion" for figure in shown):
        top = 1.0
    else:
        top = nice_ceiling(max(max(float(figure), figure.high or 0.0) for figure in shown))
    # end labels are semibold, which is wider than the measured face
    return _Frame(WIDTH - max(1.15 * widest, 40) - 14, max(figure.at or 0 for figure in shown), top)


def _ticks(drawn: Sequence[_Line], last_day: int) -> tuple[list[int], bool]:
    """Days for the axis, and whether every line has a figure on each of them.

    Round days where the lines have figures there; else the nearest days that all lines share,
    so that a number at risk is printed for the day it belongs to.
    """
    shared = set.intersection(*({figure.at or 0 for figure in line.shown} for line in drawn))
    steps = [step for step in _DAY_STEPS if last_day / step <= _TICKS] or [last_day // _TICKS + 1]
    for step in steps:
        round_days = list(range(0, last_day + 1, step))
        if len(round_days) > _TICKS // 2 and shared.issuperset(round_days):
            return round_days, True
    targets = [last_day * part / (_TICKS - 1) for part in range(_TICKS)] if shared else []
    nearest = sorted({min(sorted(shared), key=lambda day: abs(day - near)) for near in targets})
    apart = [day for before, day in pairwise([-last_day, *nearest]) if day - before > last_day / 14]
    return (apart, True) if len(apart) > 1 else (list(range(0, last_day + 1, steps[0])), False)


def _draw_axes(
    root: Element, frame: _Frame, ticks: Sequence[int], axis: str, example: Figure, words: Words
) -> None:
    share = example.measure == "proportion"
    for quarter in range(5):
        value = frame.top_value * quarter / 4
        y = frame.y(value)
        stroke = SOFT if quarter == 0 else GRID
        add(root, "line", x1=_LEFT, x2=frame.right, y1=y, y2=y, stroke=stroke, stroke_width=1)
        written = words.locale.percent(value) if share else words.locale.number(value, 1)
        label(root, written, _LEFT - 8, y + 4, text_anchor="end", fill=SOFT, font_size=12)
    for day in ticks:
        x = frame.x(day)
        add(root, "line", x1=x, x2=x, y1=_BOTTOM, y2=_BOTTOM + 5, stroke=SOFT, stroke_width=1)
        label(
            root,
            words.locale.number(day),
            x,
            _BOTTOM + 19,
            text_anchor="middle",
            fill=SOFT,
            font_size=12,
        )
    middle = (_LEFT + frame.right) / 2
    label(root, axis, middle, _BOTTOM + 37, text_anchor="middle", fill=SOFT, font_size=12)


def _corners(points: Sequence[tuple[float, float]], thinned: bool) -> list[tuple[float, float]]:
    """The corners of a step curve: right to the next day, then up or down to its value.

    Of a thinned curve only the points are known: a straight line leads the eye between them.
    """
    if thinned:
        return list(points)
    corners = [points[0]]
    for (_, before), (x, y) in pairwise(points):
        corners += [(x, before), (x, y)]
    return corners


def _path(corners: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in corners)


def _draw_line(root: Element, line: _Line, frame: _Frame, thinned: bool) -> None:
    for run in line.runs:
        points = [(frame.x(figure.at or 0), frame.y(float(figure))) for figure in run]
        for x, y in points if thinned or len(points) == 1 else ():
            add(root, "circle", cx=x, cy=y, r=4 if thinned else 3, fill=color(line.number))
        if len(points) == 1:
            continue
        add(
            root,
            "path",
            d=_path(_corners(points, thinned)),
            fill="none",
            stroke=color(line.number),
            stroke_width=1.5 if thinned else 2.5,
            stroke_dasharray="2 4" if thinned else dash(line.number),
            stroke_linejoin="round",
        )


def _draw_band(root: Element, line: _Line, frame: _Frame, thinned: bool) -> None:
    """The range of the curve, where every figure of a stretch has one."""
    for run in line.runs:
        days = [frame.x(figure.at or 0) for figure in run]
        lows = [frame.y(figure.low) for figure in run if figure.low is not None]
        highs = [frame.y(figure.high) for figure in run if figure.high is not None]
        if len(run) < 2 or not len(lows) == len(highs) == len(days):
            continue
        upper = _corners(list(zip(days, highs, strict=True)), thinned)
        lower = _corners(list(zip(days, lows, strict=True)), thinned)
        outline = _path(upper + lower[::-1]) + "Z"
        add(root, "path", d=outline, fill=color(line.number), fill_opacity="0.12")


def _draw_end_labels(root: Element, drawn: Sequence[_Line], frame: _Frame) -> None:
    """Each line's name beside its end, moved apart where ends lie close together."""
    ends = [(frame.y(float(line.shown[-1])), line) for line in drawn]
    ends.sort(key=lambda end: (end[0], end[1].number))
    tops = _spread(
        [y - _LINE * len(line.lines) / 2 for y, line in ends], [line for _, line in ends]
    )
    for top, (y, line) in zip(tops, ends, strict=True):
        middle = top + _LINE * len(line.lines) / 2
        end = frame.x(line.shown[-1].at or 0)
        if abs(middle - y) > 3 or end < frame.right - 1:
            lead = _path([(end + 2, y), (frame.right + 7, middle)])
            add(root, "path", d=lead, stroke=color(line.number), stroke_width=1, opacity="0.5")
        for number, text in enumerate(line.lines):
            place = top + _LINE * number + 12
            label(
                root,
                text,
                frame.right + 10,
                place,
                fill=color(line.number),
                font_weight="600" if number == 0 else "",
            )


def _spread(tops: Sequence[float], lines: Sequence[_Line]) -> list[float]:
    """*tops* pushed apart so that no label covers the next, and none leaves the drawing."""
    heights = [_LINE * len(line.lines) for line in lines]
    placed: list[float] = []
    free = 0.0
    for top, height in zip(tops, heights, strict=True):
        placed.append(max(top, free))
        free = placed[-1] + height
    limit = max(_BOTTOM + 12, sum(heights))
    for index in range(len(placed) - 1, -1, -1):
        placed[index] = min(placed[index], limit - heights[index])
        limit = placed[index]
    return placed


def _risk_rows(drawn: Sequence[_Line], ticks: Sequence[int], words: Words) -> list[_RiskRow]:
    """How many are still followed on each tick: one row if it is the same for all lines."""
    rows: list[_RiskRow] = []
    for line in drawn:
        by_day = {figure.at: figure for figure in line.shown}
        texts = [figure_text(by_day[day], "at_risk", words) for day in ticks]
        if any(text is None for text in texts):
            return []
        rows.append((line, [text or "" for text in texts]))
    return rows[:1] if all(numbers == rows[0][1] for _, numbers in rows) else rows


def _draw_risk_table(
    root: Element, rows: Sequence[_RiskRow], ticks: Sequence[int], frame: _Frame, words: Words
) -> None:
    if not rows:
        return
    top = _BOTTOM + 62
    label(root, words("chart.at_risk"), 0, top, fill=SOFT, font_size=12, font_weight="600")
    for number, (line, numbers) in enumerate(rows, start=1):
        y = top + _LINE * number + 2
        fill = color(line.number) if len(rows) > 1 else INK
        for day, text in zip(ticks, numbers, strict=True):
            label(root, text, frame.x(day), y, text_anchor="middle", fill=fill, font_size=12)
        if len(rows) > 1:
            name = wrap(line.series.label, WIDTH - frame.right - 24, 12)
            label(root, " ".join(name), frame.right + 24, y, fill=fill, font_size=12)
