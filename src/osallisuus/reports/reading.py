"""Which reading aids a report needs: only what it has is explained."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from osallisuus.metrics.figure import Figure
from osallisuus.reports.document import Block, Cell, Chart, Shown, Table

__all__ = ["reading_keys"]

_OPEN: Final = {"still_open", "few_open", "immature"}
"""Notes that speak of those who are still on their way."""


def reading_keys(blocks: Sequence[Block]) -> Iterator[str]:
    """The keys below ``reading`` of what *blocks* show, in the order in which they are told.

    They are ``interval``, ``cases`` (such as "60/100"), ``curve`` and ``not_yet``. Only what is
    shown counts: of a hidden figure nothing is explained but that it is hidden.
    """
    found = [one for one in blocks if isinstance(one, Table | Chart)]
    tables = [one.table if isinstance(one, Chart) else one for one in found]
    figures = [one for table in tables for one in table.figures if one.status == "shown"]
    if any(figure.low is not None or figure.high is not None for figure in figures):
        yield "interval"
    if any(_is_of_cases(cell) for table in tables for row in table.rows for cell in row):
        yield "cases"
    if any(isinstance(one, Chart) and one.kind == "curve" for one in found):
        yield "curve"
    if any(map(_waits, figures)):
        yield "not_yet"


def _is_of_cases(cell: Cell) -> bool:
    return isinstance(cell, Shown) and cell.view == "cases" and cell.figure.status == "shown"


def _waits(figure: Figure) -> bool:
    """Whether it says of somebody that it is not known yet, or follows people day by day."""
    return bool(figure.censored or figure.at is not None or _OPEN.intersection(figure.notes))
