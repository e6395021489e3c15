"""Figures as ``print`` shows them: one line for a figure, one table for a result.

They are for those who work with the library, so they name figures by their codes and speak
English; what readers get is written by :mod:`osallisuus.reports`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from osallisuus.metrics.plain import PlainFigure, Provenance
from osallisuus.metrics.written import interval_text, note_text, value_text
from osallisuus.values import frozen
from osallisuus.words import Words

__all__ = ["HIDDEN", "ROWS_PRINTED", "Grid", "line_of", "table_of", "tabulated"]

ROWS_PRINTED: Final = 60
"""A longer table is cut in the middle: a curve can have hundreds of days."""
HIDDEN: Final = "··"
"""The mark of a hidden figure."""
_NONE: Final = "–"
_NOT_STATED: Final = "not stated"


def line_of(figure: PlainFigure) -> str:
    """Such as ``completion, completed: 68% (53–80%), 28 of 41``."""
    place = [f"{name}={_NOT_STATED if v is None else v}" for name, v in figure.strata.items()]
    place += [] if figure.period is None else [str(figure.period)]
    place += [] if figure.at is None else [f"day {figure.at}"]
    said = [_value(figure), _cases(figure)]
    names = ", ".join((figure.provenance.metric, figure.name, *place))
    return f"{names}: {', '.join(text for text in said if text)}"


@frozen
class Grid:
    """A table of figures as texts: what it is of, and what it means, stand around it."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    left_out: int
    """How many rows are cut out of the middle."""
    meanings: tuple[str, ...]
    """What the codes in the table mean, each once."""


def tabulated(source: Provenance, figures: Sequence[PlainFigure], *, internal: bool) -> Grid:
    """A row for each figure; columns that would be empty are left out.

    At most about :data:`ROWS_PRINTED` rows are shown, and how many are not.
    """
    stamp = ", INTERNAL – not for publication" if internal else ""
    caption = f"{source.metric}, as of {source.as_of}{stamp}"
    if not figures:
        return Grid(caption, (), (), 0, ("(no figures)",))
    shown, left_out = _cut(figures)
    strata = list(shown[0].strata)
    rows = [_row(figure, strata) for figure in shown]
    heads = [*strata, "period", "part", "day", "figure", "cases", "unknown", "notes"]
    kept = [index for index in range(len(heads)) if any(row[index] for row in rows)]
    return Grid(
        caption,
        tuple(heads[index] for index in kept),
        tuple(tuple(row[index] for index in kept) for row in rows),
        left_out,
        tuple(_meanings(shown)),
    )


def table_of(source: Provenance, figures: Sequence[PlainFigure], *, internal: bool) -> str:
    """A heading and a table, see :func:`tabulated`."""
    from tabulate import tabulate  # its import costs more than the rest of the library

    made = tabulated(source, figures, internal=internal)
    if not made.rows:
        return "\n".join((made.caption, *made.meanings))
    grid = tabulate(
        made.rows,
        headers=made.heads,
        disable_numparse=True,
        colalign=["right" if head == "day" else "left" for head in made.heads],
    )
    lines = [made.caption, "", *(line.rstrip() for line in grid.splitlines())]
    if made.left_out:
        lines.insert(-(len(made.rows) // 2), f"... {made.left_out} more ...")
    return "\n".join((*lines, *(["", *made.meanings] if made.meanings else [])))


def _meanings(figures: Iterable[PlainFigure]) -> list[str]:
    """What the codes in the table mean, each once: of figures without a value, then of notes."""
    words, said = Words("en"), dict[str, None]()
    for figure in figures:
        if figure.status == "undefined" and figure.reason:
            said[f"{figure.reason}: {words.label('reason', figure.reason)}"] = None
    for figure in figures:
        if figure.status == "shown":
            said |= {f"{code}: {note_text(figure, code, words)}": None for code in figure.notes}
    return list(said)


def _cut(figures: Sequence[PlainFigure]) -> tuple[Sequence[PlainFigure], int]:
    if len(figures) <= ROWS_PRINTED:
        return figures, 0
    half = ROWS_PRINTED // 2
    return (*figures[:half], *figures[-half:]), len(figures) - 2 * half


def _row(figure: PlainFigure, strata: Iterable[str]) -> list[str]:
    values = [figure.strata.get(name) for name in strata]
    return [
        *(_NOT_STATED if value is None else value for value in values),
        "" if figure.period is None else str(figure.period),
        figure.name,
        "" if figure.at is None else str(figure.at),
        _value(figure),
        _cases(figure),
        "" if figure.censored is None else Words("en").locale.percent(figure.censored),
        ", ".join(figure.notes),
    ]


def _value(figure: PlainFigure) -> str:
    if figure.status == "suppressed":
        return HIDDEN
    words = Words("en")
    value = value_text(figure, words) if figure.status == "shown" else None
    if value is None:
        return f"{_NONE} ({figure.reason or 'undefined'})"
    interval = None if figure.value is None else interval_text(figure, words)
    return value if interval is None else f"{value} ({interval})"


def _cases(figure: PlainFigure) -> str:
    """Such as "28 of 41"; empty where the figure is no share of cases, or none that is shown."""
    if figure.status != "shown" or figure.measure != "proportion" or figure.at is not None:
        return ""
    if figure.k is None or figure.n is None:
        return ""
    return Words("en")("cell.cases", k=figure.k, n=figure.n)
