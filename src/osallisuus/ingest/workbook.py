"""The rows of a workbook or a CSV file, as typed cells, sheet by sheet.

A workbook (XLSX or ODS) is opened by another process, :mod:`osallisuus.ingest.child`, which is
held to its :class:`~osallisuus.ingest.limits.Limits`; its rows come as they are read. Whatever
becomes of that process, here it is one :class:`ImportProblem` or :class:`LimitError`. CSV is read
here: its cells are texts.
"""

from __future__ import annotations

import csv
from collections.abc import Generator, Iterator, Mapping
from contextlib import closing
from datetime import date, datetime, time, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, TypeAlias

from osallisuus.errors import ImportProblem, LimitError, PluginError
from osallisuus.ingest.apart import Apart
from osallisuus.ingest.limits import Limits
from osallisuus.ingest.table import cells
from osallisuus.values import frozen

__all__ = ["SUFFIXES", "Cell", "Row", "Sheet", "column_letters", "read_sheets"]

Cell: TypeAlias = str | float | bool | date | datetime | time | timedelta | None
"""What a cell holds; an empty one is ``None`` or an empty text."""
Row: TypeAlias = list[Cell]

SUFFIXES: Final = (".xlsx", ".xlsm", ".ods", ".csv")
"""The endings of the files that can be read."""


@frozen(eq=False)
class Sheet:
    """One sheet. ``rows`` can be run through once, and before the next sheet is asked for.

    ``first`` is the number of its first row; ``merged`` are areas as (row, column, last row, last
    column) and ``faults`` cells that cannot be taken as they were read, as (kind, row, column), all
    counted from 1. The kinds are ``error``, ``unsaved`` (a formula whose value the file does not
    have) and ``twice``; a cell whose place is not known is in row 0 and column 0.
    """

    name: str
    rows: Iterator[Row]
    first: int = 1
    hidden: bool = False
    merged: tuple[tuple[int, int, int, int], ...] = ()
    faults: tuple[tuple[str, int, int], ...] = ()


def column_letters(column: int) -> str:
    """The letters of a column, counted from 1: 28 is AB."""
    letters = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def read_sheets(path: str | Path, limits: Limits | None = None) -> Generator[Sheet, None, None]:
    """The sheets of the file at *path*, in its order. Close it where it is not run to its end.

    Raises :class:`ImportProblem` for what is no such file, :class:`LimitError` for what is larger
    than *limits*, and :class:`PluginError` where the extra ``excel-read`` is needed and missing.
    """
    file, bounds = Path(path), limits or Limits()
    try:
        size = file.stat().st_size
    except (OSError, ValueError):
        size = -1
    if size < 0 or not file.is_file():
        raise ImportProblem("there is no such file", where=str(path), remedy="check the path")
    if size > bounds.file_bytes:
        what = f"the file is larger than {bounds.file_bytes} bytes"
        remedy = "split the import, or raise Limits(file_bytes=...)"
        raise LimitError(what, where=file.name, remedy=remedy)
    suffix = file.suffix.lower()
    if suffix not in SUFFIXES:
        remedy = f"save it as .xlsx, .ods or .csv; known: {', '.join(SUFFIXES)}"
        raise ImportProblem("not a file that can be imported", where=file.name, remedy=remedy)
    if suffix == ".csv":
        return _counted(_of_csv(file), file.name, bounds)
    if find_spec("python_calamine") is None:
        raise PluginError(
            "reading a workbook needs the library python-calamine",
            where="extra excel-read",
            remedy="python -m pip install 'osallisuus[excel-read]', or save it as CSV",
        )
    return _counted(_of_workbook(file, bounds), file.name, bounds)


def _counted(
    sheets: Generator[Sheet, None, None], name: str, limits: Limits
) -> Generator[Sheet, None, None]:
    """The same sheets, refused where they have more rows in all, or columns, than is taken."""
    rows = 0

    def counted(sheet: Sheet) -> Iterator[Row]:
        nonlocal rows
        for row in sheet.rows:
            rows += 1
            if rows > limits.rows:
                what = f"more than {limits.rows} rows in all"
                remedy = "split the import, or raise the limit: --max-rows, Limits(rows=...)"
                raise LimitError(what, where=name, remedy=remedy)
            if len(row) > limits.columns:
                what = f"a sheet has more than {limits.columns} columns"
                remedy = "take the empty columns away, or raise Limits(columns=...)"
                raise LimitError(what, where=f"{name} {sheet.name}", remedy=remedy)
            yield row

    with closing(sheets):
        for sheet in sheets:
            rest = counted(sheet)
            yield Sheet(sheet.name, rest, sheet.first, sheet.hidden, sheet.merged, sheet.faults)
            for _ in rest:  # what was not asked for is counted all the same
                pass


def _of_csv(file: Path) -> Generator[Sheet, None, None]:
    with file.open("rb") as source:
        if source.read(4) == b"PK\x03\x04":
            remedy = "give it the ending .xlsx or .ods"
            raise ImportProblem("this is a workbook, not CSV", where=file.name, remedy=remedy)
    yield Sheet(file.stem, _csv_rows(file))


def _csv_rows(file: Path) -> Iterator[Row]:
    try:
        with file.open(encoding="utf-8-sig", newline="") as source:
            for row in cells(source):
                yield list(row)
    except UnicodeDecodeError:
        what, remedy = "not UTF-8", "save the file as CSV UTF-8"
    except csv.Error:
        what, remedy = "not CSV", "close every quotation mark, and double those inside a cell"
    else:
        return
    raise ImportProblem(what, where=file.name, remedy=remedy)


def _of_workbook(file: Path, limits: Limits) -> Generator[Sheet, None, None]:
    with Apart(file, limits) as child:
        message = child.next()
        while "end" not in message:
            yield (sheet := _sheet(message, child))
            for _ in sheet.rows:
                pass
            message = child.last


def _sheet(message: Mapping[str, Any], child: Apart) -> Sheet:
    row, column = message["first"]
    return Sheet(
        message["sheet"],
        _padded(child, column - 1),
        row,
        message["hidden"],
        tuple((a, b, c, d) for a, b, c, d in message["merged"]),
        tuple((kind, at, letter) for kind, at, letter in message["faults"]),
    )


def _padded(child: Apart, empty: int) -> Iterator[Row]:
    """The rows of one sheet, each from column A."""
    start: Row = [None] * empty
    while "rows" in (message := child.next()):
        for row in message["rows"]:
            yield start + row if start else row
