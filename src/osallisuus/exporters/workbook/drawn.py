"""Charts that the spreadsheet itself draws, from cells that anybody can look at.

Nothing is drawn of a figure that is hidden or undefined: its cell is empty, and a line breaks
there. A curve goes in steps from day to day; one of which days were left out has only its points,
and a dotted line that leads the eye.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from osallisuus.exporters.workbook.book import Book, cut
from osallisuus.exporters.workbook.numbers import COUNT, number_format
from osallisuus.exporters.workbook.tables import HEAD, write_number
from osallisuus.metrics.figure import Figure
from osallisuus.reports.bars import is_shown
from osallisuus.reports.charts import undrawn
from osallisuus.reports.document import Chart, Series
from osallisuus.reports.drawing import color

__all__ = ["draw"]

_WIDTH: Final = 760
_LEAST_HEIGHT: Final = 400
_MOST_HEIGHT: Final = 2_400
_BAR: Final = 44
_BEHIND: Final = 13
"""So many columns of the usual width lie behind the drawing; what it draws stands after them."""
_LINES: Final = ("solid", "dash", "round_dot", "long_dash_dot", "square_dot", "long_dash")
_Point = tuple[Figure | None, int]
"""What is drawn on a day; nothing where the line breaks."""


def draw(book: Book, sheet: Any, chart: Chart, column: int) -> None:
    """Draw *chart* on its sheet from *column* on, to the right of its table.

    In the place of what cannot be drawn stands a remark.
    """
    if chart.kind == "calendar":
        return  # a spreadsheet has no drawing of that shape: the table says the same
    words = book.words
    missing = undrawn(chart)
    if len(missing) == len(chart.series):
        book.write(sheet, HEAD, column, words("chart.nothing_drawn"), italic=True)
        return
    if missing:
        names = ", ".join(missing)
        book.write(sheet, HEAD - 1, column, words("chart.not_drawn", names=names), italic=True)
    cells = column + _BEHIND
    book.write(sheet, HEAD - 1, cells, words("xlsx.drawn"), bold=True)
    height = _LEAST_HEIGHT
    if all(figure.at is not None for series in chart.series for figure in series.figures):
        made = _curves(book, sheet, chart, cells)
    else:
        bars = list(_labelled(chart))
        made = _bars(book, sheet, bars, cells)
        height = min(max(height, _BAR * len(bars) + 120), _MOST_HEIGHT)
    made.set_size({"width": _WIDTH, "height": height})
    # from the cell with the title: a title that is given as text could be taken for a formula
    made.set_title({"name": [sheet.name, 0, 0], "name_font": {"size": 12}, "overlay": False})
    options = {"description": cut(f"{chart.title}. {chart.description}"), "object_position": 2}
    sheet.insert_chart(HEAD, column, made, options)
    sheet.print_area(0, 0, HEAD + len(chart.table.rows) + 40, cells - 1)


def _value_axis(shown: Sequence[Figure], book: Book) -> dict[str, Any]:
    """Shares from nobody to all; else from 0 on, unless a number is below it."""
    axis: dict[str, Any] = {"major_gridlines": {"visible": True, "line": {"color": "#dbe3e7"}}}
    if all(figure.measure == "proportion" for figure in shown):
        pattern = number_format(shown[0], 0, book.words, whole=False)
        return {**axis, "min": 0, "max": 1, "major_unit": 0.25, "num_format": pattern}
    least = min(min(float(figure), figure.low or 0) for figure in shown)
    return {**axis, "num_format": COUNT, **({"min": 0} if least >= 0 else {})}


def _labelled(chart: Chart) -> Iterator[tuple[str, Figure]]:
    """Each figure as a bar; one of several of a panel says which of them it is."""
    for series in chart.series:
        several = chart.kind == "panels" and len(series.steps) == len(series.figures)
        names = [f"{series.label}: {step}" for step in series.steps] if several else []
        yield from zip(names or [series.label] * len(series.figures), series.figures, strict=True)


def _bars(book: Book, sheet: Any, bars: Sequence[tuple[str, Figure]], column: int) -> Any:
    """Horizontal bars, the first on top."""
    words = book.words
    for row, (label, figure) in enumerate(bars, start=HEAD + 1):
        if is_shown(figure):
            book.write(sheet, row, column, label)
            write_number(book, sheet, (row, column + 1), figure, "value")
        else:
            mark = "hidden" if figure.status == "suppressed" else "undefined"
            told = f"{words(f'mark.{mark}')} {words(f'mark.{mark}_word')}"
            book.write(sheet, row, column, f"{label} {told}")
    shown = [figure for _, figure in bars if is_shown(figure)]
    last = HEAD + len(bars)
    made = book.workbook.add_chart({"type": "bar"})
    made.add_series(
        {
            "name": [sheet.name, 0, 0],
            "categories": [sheet.name, HEAD + 1, column, last, column],
            "values": [sheet.name, HEAD + 1, column + 1, last, column + 1],
            "fill": {"color": color(0), "transparency": 30},
            "gap": 60,
            "data_labels": {"value": True},
        }
    )
    made.set_legend({"none": True})
    # the first bar on top, and the numbers of the axis below the last one all the same
    made.set_y_axis({"reverse": True, "line": {"none": True}})
    made.set_x_axis({**_value_axis(shown, book), "label_position": "high"})
    return made


def _curves(book: Book, sheet: Any, chart: Chart, column: int) -> Any:
    """Lines over days, each with the ends of its intervals as thin lines of its colour."""
    kind = {"type": "scatter", "subtype": "straight"}
    made = book.workbook.add_chart(kind)
    axis = chart.axis or book.words("chart.days")
    unnamed: list[int] = []
    lines = [series for series in chart.series if any(map(is_shown, series.figures))]
    drawn = 0
    for number, series in enumerate(chart.series):
        if series not in lines:
            continue
        points = list(_points(series, chart.thinned))
        faces = [face for face in ("value", "low", "high") if _has(points, face)]
        _write_points(book, sheet, column, (axis, series.label), points, faces)
        last = HEAD + len(points)
        for place, face in enumerate(faces, start=1):
            made.add_series(
                {
                    "name": [sheet.name, HEAD, column + 1],
                    "categories": [sheet.name, HEAD + 1, column, last, column],
                    "values": [sheet.name, HEAD + 1, column + place, last, column + place],
                    **_look(number, chart.thinned, face),
                }
            )
            unnamed += [drawn] if face != "value" else []
            drawn += 1
        column += len(faces) + 2
    shown = [figure for series in lines for figure in series.figures if is_shown(figure)]
    days = max(figure.at or 0 for figure in shown)
    made.set_legend({"position": "bottom", "delete_series": unnamed})
    made.set_x_axis(
        {
            "name": [sheet.name, HEAD, column - _last_width(lines[-1], chart.thinned)],
            "min": 0,
            "max": max(days, 1),
            "num_format": COUNT,
        }
    )
    made.set_y_axis(_value_axis(shown, book))
    return made


def _last_width(series: Series, thinned: bool) -> int:
    points = list(_points(series, thinned))
    return 2 + sum(_has(points, face) for face in ("value", "low", "high"))


def _points(series: Series, thinned: bool) -> Iterator[_Point]:
    """The corners of a step curve by day; of a thinned one its points only."""
    before: Figure | None = None
    for figure in series.figures:
        day = figure.at or 0
        if not is_shown(figure):
            before = None
            yield None, day
            continue
        if before is not None and not thinned:
            yield before, day
        before = figure
        yield figure, day


def _has(points: Sequence[_Point], face: str) -> bool:
    return any(figure is not None and getattr(figure, face) is not None for figure, _ in points)


def _write_points(
    book: Book,
    sheet: Any,
    column: int,
    heads: tuple[str, str],
    points: Sequence[_Point],
    faces: Sequence[str],
) -> None:
    axis, label = heads
    names = {"value": label} | {
        face: book.words(f"xlsx.{face}", column=label) for face in ("low", "high")
    }
    for place, text in enumerate((axis, *(names[face] for face in faces))):
        book.write(sheet, HEAD, column + place, text, bold=True, text_wrap=True)
    for row, (figure, day) in enumerate(points, start=HEAD + 1):
        sheet.write_number(row, column, day, book.number(COUNT))
        for place, face in enumerate(faces, start=1):
            if figure is not None and getattr(figure, face) is not None:
                write_number(book, sheet, (row, column + place), figure, face)


def _look(number: int, thinned: bool, face: str) -> dict[str, Any]:
    """How a line looks: told apart by its dashes too, thin for the end of an interval."""
    whole = face == "value"
    dash = ("round_dot" if thinned else _LINES[number % len(_LINES)]) if whole else "solid"
    line: dict[str, Any] = {"color": color(number), "width": 2.25 if whole else 0.5}
    if dash != "solid":
        line["dash_type"] = dash
    if not whole:
        line["transparency"] = 45
    marker: dict[str, Any] = {"type": "none"}
    if thinned and whole:
        marker = {
            "type": "circle",
            "size": 7,
            "fill": {"color": color(number)},
            "border": {"color": color(number)},
        }
    return {"line": line, "marker": marker}
