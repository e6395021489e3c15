"""Where a chart stands on its sheet: to the right of its table, with what is to be said of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import groupby
from types import MappingProxyType
from typing import Any, Final

from attrs import evolve

from osallisuus.exporters.workbook.book import Book, cut
from osallisuus.exporters.workbook.grids import draw_calendar, draw_paths
from osallisuus.exporters.workbook.plots import axes_of, is_curve, plot
from osallisuus.exporters.workbook.tables import HEAD
from osallisuus.metrics.figure import Figure
from osallisuus.reports.bars import is_shown
from osallisuus.reports.charts import undrawn
from osallisuus.reports.document import Chart, ChartKind, Series

__all__ = ["draw"]

_WIDTH: Final = 600
_LEAST_HEIGHT: Final = 400
_MOST_HEIGHT: Final = 2_400
_BAR: Final = 44
_AROUND: Final = 120
"""The height of what stands above and below the bars."""
_PANEL: Final = (295, 280)
_APART: Final = 10
_PIXELS: Final = 20
"""The height of a row, in the pixels that charts are measured in."""
_BEHIND: Final = 10
"""So many columns of the usual width lie behind the drawing; what it draws stands after them."""
_ROOM: Final = 40
"""So many rows below the table are printed too, for the drawing."""
_Grid = Callable[[Book, Any, Chart, int, int], tuple[int, int]]
_GRIDS: Final[Mapping[str, _Grid]] = MappingProxyType(
    {"calendar": draw_calendar, "flow": draw_paths}
)


def draw(book: Book, sheet: Any, chart: Chart, column: int) -> None:
    """Draw *chart* on its sheet from *column* on, to the right of its table.

    In the place of what cannot be drawn stands a remark.
    """
    words = book.words
    missing = undrawn(chart)
    if len(missing) == len(chart.series):
        book.write(sheet, HEAD, column, words("chart.nothing_drawn"), italic=True)
        return
    if chart.kind in _GRIDS:
        last = _GRIDS[chart.kind](book, sheet, chart, HEAD, column)
        _print(sheet, chart, *last)
        return
    if missing:
        names = ", ".join(missing)
        book.write(sheet, HEAD - 1, column, words("chart.not_drawn", names=names), italic=True)
    book.write(sheet, HEAD - 1, column + _BEHIND, words("xlsx.drawn"), bold=True)
    below = (_panels if chart.kind == "panels" else _one)(book, sheet, chart, column)
    _print(sheet, chart, below, column + _BEHIND - 1)


def _print(sheet: Any, chart: Chart, last_row: int, last_column: int) -> None:
    """Print the table with what stands below it, and the drawing; not what the drawing is of."""
    sheet.print_area(0, 0, max(last_row, HEAD + len(chart.table.rows) + _ROOM), last_column)


def _one(book: Book, sheet: Any, chart: Chart, column: int) -> int:
    """A chart under the title of the sheet; gives back the first row below it."""
    place = (HEAD, column + _BEHIND)
    made, _ = plot(book, sheet, chart, place, (0, 0), axes_of(chart, book.words))
    height = _LEAST_HEIGHT
    if not is_curve(chart):
        height = min(max(height, _BAR * len(chart.series) + _AROUND), _MOST_HEIGHT)
    made.set_size({"width": _WIDTH, "height": height})
    description = f"{chart.title}. {chart.description}"
    sheet.insert_chart(HEAD, column, made, _said(description))
    return HEAD + height // _PIXELS


def _panels(book: Book, sheet: Any, chart: Chart, column: int) -> int:
    """A small chart for each panel, two beside each other and all on the same axes.

    They stand in the order of the report, which is that of the alphabet and never one of size.
    """
    axes = axes_of(chart, book.words)
    width, least = _PANEL
    bars = max(len(panel.figures) for panel in chart.series)
    height = least if is_curve(chart) else max(least // 2, _BAR * bars + _AROUND)
    drawn = [one for one in _charts(chart) if any(map(is_shown, _figures(one)))]
    row, cells = HEAD, column + _BEHIND
    for number, one in enumerate(drawn):
        book.write(sheet, row, cells, one.title, bold=True)
        made, after = plot(book, sheet, one, (row + 1, cells), (row, cells), axes)
        made.set_size({"width": width, "height": height})
        down, across = divmod(number, 2)
        offsets = {
            "x_offset": across * (width + _APART),
            "y_offset": down * (height + _APART),
        }
        said = _said(f"{chart.title}. {one.title}. {chart.description}")
        sheet.insert_chart(HEAD, column, made, {**said, **offsets})
        row = after + 1
    return HEAD + (len(drawn) + 1) // 2 * (height + _APART) // _PIXELS + 1


def _charts(chart: Chart) -> Iterator[Chart]:
    """Each panel as a chart of its own: its curves by name, or its figures as bars."""
    for panel in chart.series:
        said = len(panel.steps) == len(panel.figures)
        steps = panel.steps if said else (panel.label,) * len(panel.figures)
        named = list(zip(panel.figures, steps, strict=True))
        kind: ChartKind = "bars"
        if is_curve(chart):
            kind = "curve"
            lines = groupby(named, key=lambda one: one[0].name)
            series = [_line(list(line)) for _, line in lines]
        else:
            series = [Series(step, (figure,)) for figure, step in named]
        yield evolve(chart, kind=kind, title=panel.label, series=series)


def _line(named: list[tuple[Figure, str]]) -> Series:
    return Series(named[0][1], [figure for figure, _ in named])


def _figures(chart: Chart) -> Iterator[Figure]:
    return (figure for series in chart.series for figure in series.figures)


def _said(description: str) -> dict[str, Any]:
    """What a screen reader says of a chart, which moves with its cells and keeps its size."""
    return {"description": cut(description), "object_position": 2}
