"""Drawings of which a spreadsheet has no chart, as grids of coloured cells.

No colour has a meaning alone: in each cell stands what it says. A cell is the darker the larger its
number, on the scale of all that are shown; a hidden one has its mark and no colour.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from osallisuus.exporters.workbook.book import Book
from osallisuus.exporters.workbook.numbers import number_format
from osallisuus.metrics.figure import Figure
from osallisuus.reports.bars import is_shown
from osallisuus.reports.document import Chart
from osallisuus.reports.drawing import PALETTE, color

__all__ = ["draw_calendar", "draw_paths"]

_LIGHTEST: Final = 0.08
_DARKEST: Final = 0.5
"""How much of its colour a cell has at most, so that dark letters stay easy to read on it."""
_SHADES: Final = 5
_OF_A_ROLE: Final = 0.22
_STEP: Final = 18
"""How wide a column with the names of roles is."""
_CELL: Final = {"border": 1, "border_color": "#8b98a0", "align": "center", "text_wrap": True}
_DASHED: Final = 3
_YEAR: Final = 12
_LEAST_STEPS: Final = 3
"""So many columns are made wide, that the sentence below them has room."""
_LINES: Final = 2


def draw_calendar(book: Book, sheet: Any, chart: Chart, row: int, column: int) -> tuple[int, int]:
    """A row for each year, twelve columns, and in each period's months its figure.

    Gives back its last row and column. Nothing is drawn where two periods of a year share a month,
    so that they have no place beside each other.
    """
    if any(_overlap([_months(figure) for figure in year.figures]) for year in chart.series):
        return row, column
    words, scale = book.words, _scale(chart)
    for month, name in enumerate(words.locale.months, start=1):
        short = name.removesuffix("kuu") if name.endswith("kuu") else name[:3]
        book.write(sheet, row, column + month, short, bold=True, align="center")
    for place, year in enumerate(chart.series, start=row + 1):
        book.write(sheet, place, column, year.label, bold=True)
        for figure in year.figures:
            first, last = _months(figure)
            if last > first:
                sheet.merge_range(place, column + first, place, column + last, "")
            _write_figure(book, sheet, (place, column + first), figure, scale)
            for month in range(first + 1, last + 1):
                sheet.write_blank(place, column + month, None, _style(book, figure, scale))
    return _say(book, sheet, words("xlsx.calendar"), (row, column), (len(chart.series), _YEAR))


def draw_paths(book: Book, sheet: Any, chart: Chart, row: int, column: int) -> tuple[int, int]:
    """A row for each path: its share, and the roles that it leads through from left to right.

    The same role has the same colour everywhere. Gives back the last row and column.
    """
    words, scale = book.words, _scale(chart)
    longest = max(len(path.steps) for path in chart.series)
    colors = {name: i for i, name in enumerate(sorted({s for p in chart.series for s in p.steps}))}
    heads = [words("column.share"), *(f"{step}." for step in range(1, longest + 1))]
    for place, head in enumerate(heads):
        book.write(sheet, row, column + place, head, bold=True, align="center")
    for place, path in enumerate(chart.series, start=row + 1):
        _write_figure(book, sheet, (place, column), path.figures[0], scale)
        for step, name in enumerate(path.steps, start=1):
            tint = _tint(colors[name] % len(PALETTE), _OF_A_ROLE)
            book.write(sheet, place, column + step, name, bg_color=tint, **_CELL)
    width = max(longest, _LEAST_STEPS)
    sheet.set_column(column + 1, column + width, _STEP)
    return _say(book, sheet, words("xlsx.paths"), (row, column), (len(chart.series), width))


def _say(
    book: Book, sheet: Any, text: str, place: tuple[int, int], size: tuple[int, int]
) -> tuple[int, int]:
    """How to read the grid of this size at *place*, in lines below it; the last row and column."""
    (row, column), (rows, columns) = place, size
    first, last, right = row + rows + 1, row + rows + _LINES, column + columns
    sheet.merge_range(first, column, last, right, "")
    book.write(sheet, first, column, text, italic=True, text_wrap=True)
    return last, right


def _months(figure: Figure) -> tuple[int, int]:
    """The first and last month of a figure's period within the year of its first day."""
    assert figure.period is not None  # noqa: S101 - a calendar has no others
    first, last = figure.period.starts_on, figure.period.ends_on - timedelta(days=1)
    return first.month, _YEAR if last.year > first.year else last.month


def _overlap(spans: list[tuple[int, int]]) -> bool:
    months = [month for first, last in spans for month in range(first, last + 1)]
    return len(months) > len(set(months))


def _scale(chart: Chart) -> float:
    """The number of the darkest cell: all of a share, or the largest that is shown."""
    shown = [figure for one in chart.series for figure in one.figures if is_shown(figure)]
    if all(figure.measure == "proportion" for figure in shown):
        return 1.0
    return max([*map(float, shown), 1e-9])


def _write_figure(
    book: Book, sheet: Any, place: tuple[int, int], figure: Figure, scale: float
) -> None:
    """The number of a cell, or the mark of what is not shown."""
    style = _style(book, figure, scale)
    if is_shown(figure):
        sheet.write_number(*place, figure.value, style)
    else:
        mark = "hidden" if figure.status == "suppressed" else "undefined"
        sheet.write_string(*place, book.words(f"mark.{mark}"), style)


def _style(book: Book, figure: Figure, scale: float) -> Any:
    if not is_shown(figure):
        return book.style(**{**_CELL, "border": _DASHED})
    share = min(max(float(figure) / scale, 0.0), 1.0)
    part = _LIGHTEST + (_DARKEST - _LIGHTEST) * round(share * _SHADES) / _SHADES
    pattern = number_format(figure, float(figure), book.words, whole=False)
    return book.style(**_CELL, num_format=pattern, bg_color=_tint(0, part))


def _tint(index: int, part: float) -> str:
    """So much of the colour number *index*, and white."""
    parts = (int(color(index)[start : start + 2], 16) for start in (1, 3, 5))
    return "#" + "".join(f"{round(255 - (255 - one) * part):02x}" for one in parts)
