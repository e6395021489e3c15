"""A proposal for a mapping, from the headings of somebody's list and the kind of its cells.

It is only text for a person to look through: every line says why it stands there, what has to be
filled in is written so that it is refused until it is, and nothing is ever done with it unasked.
Apart from headings and names of sheets nothing of the list is repeated.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import closing
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Final

from osallisuus.ingest.cells import Unread, as_day, is_empty
from osallisuus.ingest.header import SEARCHED
from osallisuus.ingest.limits import Limits
from osallisuus.ingest.mapping import WorkbookMapping, is_personal, plain
from osallisuus.ingest.meaning import is_of_workers, meaning_of
from osallisuus.ingest.proposal import Columns, Seen, proposed, quoted
from osallisuus.ingest.workbook import Cell, Row, column_letters, read_sheets
from osallisuus.model.program import Program

__all__ = ["guess_mapping"]

_LOOKED_AT: Final = 200
"""Rows of a sheet that are looked at."""

_NAME: Final = re.compile(r"nimi|name|namn")

_WORDS: Final = """
# the words of your list on the left; add what is missing, take away what is not so
[codes.groups]
"Tampere 1" = "tampere-1"  # an example: each group as your list calls it, and an id for it

[codes.endings]
suoritti = "completed"
valmistui = "completed"
keskeytti = "left"
"jäi pois" = "left"
siirtyi = "moved_on"
kuoli = "died"

[codes.channels]
itse = "self"
vertainen = "peer"
kumppani = "partner"

[codes.marks]
x = "present"
"läsnä" = "present"
paikalla = "present"
poissa = "absent"
ilmoitti = "excused"
"""


def guess_mapping(
    path: str | Path, limits: Limits | None = None, program: Program | None = None
) -> str:
    """The proposed mapping for the file at *path*, as TOML with a reason on each line.

    With a *program* it says so where the programme stands. Raises as
    :func:`~osallisuus.ingest.workbook.read_sheets`.
    """
    seen, empty = [], []
    with closing(read_sheets(path, limits)) as sheets:
        for sheet in sheets:
            top = list(islice(sheet.rows, SEARCHED + _LOOKED_AT))
            index = _header_of(top)
            if index is None:
                empty.append(sheet.name)
            else:
                number = sheet.first + index
                seen.append(Seen(sheet.name, number, _columns(top[index], top[index + 1 :])))
    lines = [
        "# A proposal, made from headings and from what kind of cells stands below them. Look it",
        "# through, fill in what says FILL IN, and give it with --mapping. Try it first: --plan",
        "# stores nothing.",
        f"dates = [{quoted('d.m.yyyy')}]  # how days are written as text, where they are",
        f"decimal = {quoted(',')}  # of numbers that are written as text",
    ]
    if empty:
        listed = ", ".join(map(quoted, empty))
        lines.append(f"ignore_sheets = [{listed}]  # nothing like a list was found there")
    lines += proposed(seen, program)
    return "\n".join(lines) + "\n" + _WORDS


def _header_of(rows: Sequence[Row]) -> int | None:
    """The row that most likely has the headings: many known ones, before all many texts."""

    def worth(index: int) -> tuple[int, int, int]:
        row = rows[index]
        texts = [cell for cell in row if isinstance(cell, str) and cell.strip()]
        known = sum(1 for text in texts if is_personal(text) or meaning_of(text, ()))
        return known, len(texts), -index

    candidates = [
        index
        for index, row in enumerate(rows[:SEARCHED])
        if sum(not is_empty(cell) for cell in row) > 1
    ]
    return max(candidates, key=worth, default=None)


def _columns(header: Row, rows: Sequence[Row]) -> Columns:
    columns = Columns()
    for index, cell in enumerate(header):
        heading = " ".join(cell.split()) if isinstance(cell, str) else ""
        letters = column_letters(index + 1)
        cells = [row[index] if index < len(row) else None for row in rows]
        if _is_day(cell):
            columns.days.append(letters)
        elif heading and is_of_workers(
            heading, cells
        ):  # before the names: they take part in nothing
            columns.workers.append(heading)
        elif is_personal(heading):
            of_names = _NAME.search(plain(heading)) is not None
            (columns.names if of_names else columns.contacts).append(heading)
        elif heading:
            columns.add(heading, letters, cells)
    return columns


def _is_day(cell: Cell) -> bool:
    if isinstance(cell, str):
        try:
            as_day(cell, _ANY_DAY)
        except Unread:
            return False
        return True
    return isinstance(cell, date | datetime)


_ANY_DAY: Final = WorkbookMapping(sheet=(), dates=("d.m.yyyy", "yyyy-mm-dd"))
