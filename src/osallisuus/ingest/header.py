"""The row of a sheet that names its columns, and what becomes of each of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Final

from osallisuus.ingest.cells import Unread, as_day, id_part, is_empty
from osallisuus.ingest.mapping import (
    DAYS,
    FactMapping,
    SheetMapping,
    WorkbookMapping,
    is_pattern,
    plain,
)
from osallisuus.ingest.workbook import Cell, Row
from osallisuus.values import frozen

__all__ = ["SEARCHED", "Header", "column_problems", "find_header", "headings_of", "over_columns"]

SEARCHED: Final = 50
"""Rows from the top among which the one with the headings is looked for."""


@frozen
class Header:
    """The header's place among the rows that were read, its cells, and where each heading stands."""

    index: int
    cells: Sequence[Cell]
    at: Mapping[str, int]
    """Columns, from 0, by their heading as it is compared; the first of two alike."""


def headings_of(row: Row) -> dict[str, int]:
    """The headings of a row, as they are compared, and their columns from 0."""
    at: dict[str, int] = {}
    for index, cell in enumerate(row):
        if isinstance(cell, str) and cell.strip():
            at.setdefault(plain(cell), index)
    return at


def find_header(rows: Sequence[Row], first: int, sheet: SheetMapping) -> Header | list[str]:
    """The header among *rows*, the first of which has the number *first*; else what is missing.

    The header is the first row that has every heading which the mapping names, or the row whose
    number it states.
    """
    wanted = [plain(heading) for heading in sheet.headings]
    stated = sheet.header_row
    missing = list(sheet.headings)
    for index, row in enumerate(rows):
        if stated is not None and first + index != stated:
            continue
        at = headings_of(row)
        lacking = [
            name for name, text in zip(sheet.headings, wanted, strict=True) if text not in at
        ]
        if not lacking and any(not is_empty(cell) for cell in row):
            return Header(index, row, at)
        missing = min(missing, lacking, key=len)
    return missing


def over_columns(
    header: Header, fact: FactMapping, sheet: SheetMapping, mapping: WorkbookMapping
) -> list[int]:
    """The columns, from 0, over which one fact each is made."""
    named = {plain(one) for s in fact.columns.values() for one in s.headings(fact.columns)}
    found = []
    for index, cell in enumerate(header.cells):
        text = plain(cell) if isinstance(cell, str) else ""
        if is_empty(cell) or text in named:
            continue
        if any(_is_over(cell, text, one, mapping) for one in fact.over or ()):
            found.append(index)
    return found


def _is_over(cell: Cell, text: str, one: str, mapping: WorkbookMapping) -> bool:
    if one != DAYS:
        return bool(text) and _matches(text, one)
    try:
        as_day(cell, mapping)
    except Unread:
        return False
    return True


def _matches(text: str, wanted: str) -> bool:
    return fnmatchcase(text, plain(wanted)) if is_pattern(wanted) else text == plain(wanted)


def column_problems(
    header: Header,
    sheet: SheetMapping,
    mapping: WorkbookMapping,
    *,
    used: set[int],
    over: set[int],
    filled: set[int],
) -> list[tuple[int, str, str]]:
    """Columns, from 0, that are not settled: what is wrong with each, and what would help.

    *used* are those that something is made of, *over* those of them over which one fact each is
    made, *filled* those with a cell that is not empty.
    """
    problems = []
    seen: dict[str, int] = {}
    for index in sorted(filled | {i for i, cell in enumerate(header.cells) if not is_empty(cell)}):
        cell = header.cells[index] if index < len(header.cells) else None
        text = plain(cell) if isinstance(cell, str) else ""
        # one day can be written in several ways, and over columns it makes the same ids
        key = (id_part(cell, mapping) or "").casefold() if index in over else text
        twice = bool(key) and key in seen
        seen.setdefault(key, index)
        if twice and (seen[key] in used or index in used):
            problems.append((index, "the heading stands twice", "give each column its own"))
        elif index in used or any(_matches(text, one) for one in sheet.ignore if text):
            continue
        elif is_empty(cell):
            problems.append((index, "cells without a heading", "give the column a heading"))
        else:
            remedy = "say what becomes of it, or add its heading to ignore"
            problems.append((index, "the mapping does not name this column", remedy))
    return problems
