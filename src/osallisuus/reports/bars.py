"""Bars: the steps of a funnel, and shares with their intervals.

The name stands above its bar, so that a long Finnish word needs no margin of its own. A figure
that is not shown gets its mark and no bar, a hidden one a hatched box that is always of one size:
nothing in the drawing depends on it. Many bars are thinner and stand closer, so that a page holds
them and what is said of them.
"""

from __future__ import annotations

from typing import Final
from xml.etree.ElementTree import Element

from osallisuus.metrics.figure import Figure
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
    hatch,
    label,
    text_width,
    wrap,
)
from osallisuus.words import Words

__all__ = ["draw_bars", "is_shown"]

_LINE: Final = 18.0
_BAR, _GAP = 16.0, 16.0
_THIN_BAR, _SMALL_GAP = 11.0, 7.0
_MANY: Final = 8
"""More bars than this are thin and stand close."""
_AXIS: Final = 24.0


def draw_bars(chart: Chart, words: Words, identity: str) -> Element:
    """The bars of *chart* from top to bottom, with a percent axis when all are shares."""
    shown = [figure for bar in chart.series for figure in bar.figures if is_shown(figure)]
    shares = all(figure.measure == "proportion" for figure in shown)
    scale = 1.0 if shares else max([*map(_reach, shown), 1e-9])
    texts = [_bar_texts(bar, chart.kind == "funnel", words) for bar in chart.series]
    many = len(texts) > _MANY
    thick, gap = (_THIN_BAR, _SMALL_GAP) if many else (_BAR, _GAP)
    heights = [_LINE * len(lines) + thick + gap for lines, _ in texts]
    plot = sum(heights)
    root = canvas(plot + (_AXIS if shares else 0), chart.title, chart.description, identity)
    if shares:
        _draw_axis(root, plot, words)
    top = 0.0
    for bar, (lines, value), height in zip(chart.series, texts, heights, strict=True):
        place = top + _LINE * len(lines) + 2
        if shares and is_shown(bar.figures[0]):
            _draw_grid(root, place, thick)
        _draw_words(root, bar, lines, value, top)
        if is_shown(bar.figures[0]):
            _draw_bar(root, bar.figures[0], place, thick, scale)
        elif bar.figures[0].status == "suppressed":
            hatch(root, 1, place + 2, 28)
        top += height
    return root


def is_shown(figure: Figure) -> bool:
    """Whether *figure* has a number that may be drawn."""
    return figure.status == "shown" and figure.value is not None


def _reach(figure: Figure) -> float:
    return max(float(figure), figure.high or 0.0)


def _bar_texts(bar: Series, funnel: bool, words: Words) -> tuple[tuple[str, ...], str]:
    """The lines of the name and the text of the figure beside it."""
    value = _value_text(bar.figures[0], funnel, words)
    return wrap(bar.label, WIDTH - text_width(value) - 24, 14), value


def _value_text(figure: Figure, funnel: bool, words: Words) -> str:
    if figure.status == "suppressed":
        return f"{words('mark.hidden')} {words('mark.hidden_word')}"
    if not is_shown(figure):
        return f"{words('mark.undefined')} {words('mark.undefined_word')}"
    value = figure_text(figure, "both", words) or ""
    cases = figure_text(figure, "cases", words) if funnel else None
    return f"{cases} · {value}" if cases else value


def _draw_axis(root: Element, plot: float, words: Words) -> None:
    for quarter in range(5):
        x = _across(quarter / 4)
        anchor = ("start", "middle", "middle", "middle", "end")[quarter]
        text = words.locale.percent(quarter / 4)
        label(root, text, x, plot + 12, text_anchor=anchor, fill=SOFT, font_size=12)


def _across(share: float) -> float:
    return 1 + share * (WIDTH - 2)


def _draw_grid(root: Element, y: float, thick: float) -> None:
    # behind the bar only: a line through the words above it would make them hard to read
    for quarter in range(5):
        x = _across(quarter / 4)
        add(root, "line", x1=x, x2=x, y1=y - 2, y2=y + thick + 4, stroke=GRID, stroke_width=1)


def _draw_words(root: Element, bar: Series, lines: tuple[str, ...], value: str, top: float) -> None:
    for number, line in enumerate(lines):
        label(root, line, 1, top + _LINE * number + 13, font_size=14)
    fill = INK if is_shown(bar.figures[0]) else SOFT
    label(root, value, WIDTH, top + 13, text_anchor="end", fill=fill)


def _draw_bar(root: Element, figure: Figure, y: float, thick: float, scale: float) -> None:
    width = max(_across(min(float(figure) / scale, 1.0)) - 1, 1.0)
    fill = color(0)
    add(root, "rect", x=1, y=y, width=width, height=thick, rx=2, fill=fill, opacity="0.7")
    if figure.low is not None and figure.high is not None:
        _draw_interval(root, figure.low / scale, figure.high / scale, (y, thick))


def _draw_interval(group: Element, low: float, high: float, place: tuple[float, float]) -> None:
    """A line from *low* to *high* with an end stop on either side, over the bar at *place*."""
    y, thick = place
    left, right = _across(max(low, 0.0)), _across(min(high, 1.0))
    middle, above, below = y + thick / 2, y + 2.5, y + thick - 2.5
    path = " ".join(
        f"M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}"
        for x1, y1, x2, y2 in (
            (left, middle, right, middle),
            (left, above, left, below),
            (right, above, right, below),
        )
    )
    add(group, "path", d=path, stroke=INK, stroke_width=2, fill="none")
