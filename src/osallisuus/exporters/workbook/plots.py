"""Charts that the spreadsheet itself draws, from cells that anybody can look at.

Nothing is drawn of a figure that is hidden or undefined: its cell is empty, and a line breaks
there. A curve goes in steps from day to day; one of which days were left out has only its points,
and a dotted line that leads the eye.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from osallisuus.exporters.workbook.book import Book
from osallisuus.exporters.workbook.numbers import COUNT, number_format
from osallisuus.exporters.workbook.tables import write_number
from osallisuus.metrics.figure import Figure
from osallisuus.reports.bars import is_shown
from osallisuus.reports.document import Chart, Series
from osallisuus.reports.drawing import color, nice_ceiling
from osallisuus.values import frozen
from osallisuus.words import Words

__all__ = ["Axes", "axes_of", "is_curve", "plot"]

_LINES: Final = ("solid", "dash", "round_dot", "long_dash_dot", "square_dot", "long_dash")
_Point = tuple[Figure | None, int]
"""What is drawn on a day; nothing where the line breaks."""


@frozen(eq=False)
class Axes:
    """What the axes of a chart reach to; several panels have the same."""

    value: Mapping[str, Any]
    days: int


def axes_of(chart: Chart, words: Words) -> Axes:
    """Axes on which all figures of *chart* have room: shares from nobody to all, others from 0.

    They depend only on figures that are shown, of which there must be one.
    """
    shown = [figure for series in chart.series for figure in series.figures if is_shown(figure)]
    days = max([figure.at or 1 for figure in shown])
    axis: dict[str, Any] = {"major_gridlines": {"visible": True, "line": {"color": "#dbe3e7"}}}
    if all(figure.measure == "proportion" for figure in shown):
        pattern = number_format(shown[0], 0, words, whole=False)
        axis |= {"min": 0, "max": 1, "major_unit": 0.25, "num_format": pattern}
        return Axes(axis, days)
    most = max(max(float(figure), figure.high or 0) for figure in shown)
    least = min(min(float(figure), figure.low or 0) for figure in shown)
    axis |= {"num_format": COUNT, "max": nice_ceiling(most)}
    return Axes({**axis, "min": -nice_ceiling(-least) if least < 0 else 0}, days)


def is_curve(chart: Chart) -> bool:
    """Whether *chart* has lines over days, which panels have where their figures have days."""
    if chart.kind != "panels":
        return chart.kind == "curve"
    return all(figure.at is not None for series in chart.series for figure in series.figures)


def plot(
    book: Book, sheet: Any, chart: Chart, place: tuple[int, int], title: tuple[int, int], axes: Axes
) -> tuple[Any, int]:
    """A drawing of *chart*, and the first row below the cells that it is drawn from.

    Those begin at *place*; its title stands in the cell *title*, since one that is given as text
    could be taken for a formula.
    """
    draw = _curves if is_curve(chart) else _bars
    made, after = draw(book, sheet, chart, place, title, axes)
    made.set_title({"name": [sheet.name, *title], "name_font": {"size": 12}, "overlay": False})
    return made, after


def _bars(
    book: Book, sheet: Any, chart: Chart, place: tuple[int, int], title: tuple[int, int], axes: Axes
) -> tuple[Any, int]:
    """Horizontal bars, the first on top."""
    first, column = place[0] + 1, place[1]
    bars = [(series.label, figure) for series in chart.series for figure in series.figures]
    for row, (label, figure) in enumerate(bars, start=first):
        if is_shown(figure):
            book.write(sheet, row, column, label)
            write_number(book, sheet, (row, column + 1), figure, "value")
        else:
            mark = "hidden" if figure.status == "suppressed" else "undefined"
            told = f"{book.words(f'mark.{mark}')} {book.words(f'mark.{mark}_word')}"
            book.write(sheet, row, column, f"{label} {told}".strip())
    last = first + len(bars) - 1
    made = book.workbook.add_chart({"type": "bar"})
    made.add_series(
        {
            "name": [sheet.name, *title],
            "categories": [sheet.name, first, column, last, column],
            "values": [sheet.name, first, column + 1, last, column + 1],
            "fill": {"color": color(0), "transparency": 30},
            "gap": 60,
            "data_labels": {"value": True},
        }
    )
    made.set_legend({"none": True})
    # the first bar on top, and the numbers of the axis below the last one all the same
    made.set_y_axis({"reverse": True, "line": {"none": True}})
    made.set_x_axis({**axes.value, "label_position": "high"})
    return made, last + 1


def _curves(
    book: Book, sheet: Any, chart: Chart, place: tuple[int, int], title: tuple[int, int], axes: Axes
) -> tuple[Any, int]:
    """Lines over days, each with the ends of its intervals as thin lines of its colour."""
    head, column = place
    made = book.workbook.add_chart({"type": "scatter", "subtype": "straight"})
    axis = chart.axis or book.words("chart.days")
    unnamed: list[int] = []
    drawn, after = 0, head + 1
    for number, series in enumerate(chart.series):
        if not any(map(is_shown, series.figures)):
            continue
        points = list(_points(series, chart.thinned))
        faces = [face for face in ("value", "low", "high") if _has(points, face)]
        _write_points(book, sheet, (head, column), (axis, series.label), points, faces)
        last = head + len(points)
        for beside, face in enumerate(faces, start=1):
            made.add_series(
                {
                    "name": [sheet.name, head, column + 1],
                    "categories": [sheet.name, head + 1, column, last, column],
                    "values": [sheet.name, head + 1, column + beside, last, column + beside],
                    **_look(number, chart.thinned, face),
                }
            )
            unnamed += [drawn] if face != "value" else []
            drawn += 1
        column += len(faces) + 2
        after = max(after, last + 1)
    made.set_legend({"position": "bottom", "delete_series": unnamed})
    made.set_x_axis({"name": [sheet.name, *place], "min": 0, "max": axes.days, "num_format": COUNT})
    made.set_y_axis(dict(axes.value))
    return made, after


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
    place: tuple[int, int],
    heads: tuple[str, str],
    points: Sequence[_Point],
    faces: Sequence[str],
) -> None:
    (head, column), (axis, label) = place, heads
    names = {"value": label} | {
        face: book.words(f"xlsx.{face}", column=label) for face in ("low", "high")
    }
    for beside, text in enumerate((axis, *(names[face] for face in faces))):
        book.write(sheet, head, column + beside, text, bold=True, text_wrap=True)
    for row, (figure, day) in enumerate(points, start=head + 1):
        sheet.write_number(row, column, day, book.number(COUNT))
        for beside, face in enumerate(faces, start=1):
            if figure is not None and getattr(figure, face) is not None:
                write_number(book, sheet, (row, column + beside), figure, face)


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
