"""One CSV file into records, column by column.

Cells are read by column through a memory of values already seen: dates, codes and references
repeat, so most cells cost one dictionary look-up. Only a column with a bad cell is read again,
cell by cell, to say where.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import Any, Final

from attrs import field

from osallisuus.errors import Problem, did_you_mean
from osallisuus.ingest.limits import Limits
from osallisuus.model.batch import HalfRead
from osallisuus.model.codec import FactColumns
from osallisuus.model.columns import Column
from osallisuus.model.facts import Table
from osallisuus.values import frozen

__all__ = ["ReadTable", "cells", "read_table"]

_CHUNK: Final = 10_000
_WIDEST: Final = 200
"""Cells of a header; no table has so many columns, and each unknown one costs a comparison."""
_ALIKE: Final = 5
"""Problems of one kind in one column that are named; the rest of them is one line."""
_REMEDIES: Final = {
    "program_version": "the version of the definition; `osallisuus programs` shows versions"
}
"""What would be right in a column, where its type alone does not tell."""
_UNDECODED: Final = re.compile("[\udc80-\udcff]").search


@frozen
class ReadTable:
    """What one file gave. ``numbers[i]`` is the row of ``facts[i]``; the header is row 1.

    ``defined`` are the ids of all its rows, also of those with a problem; ``whole`` is false when
    it may define ids that could not be read.
    """

    facts: FactColumns
    numbers: list[int] = field(factory=list)
    problems: list[Problem] = field(factory=list)
    further: int = 0
    """Problems beyond the limit, which are only counted."""
    defined: frozenset[str] = frozenset()
    whole: bool = False
    half_read: list[HalfRead] = field(factory=list)
    """What its rows with a problem refer to."""


class _Memory(dict[str, Any]):
    """Texts of one column and the values that they stand for."""

    def __init__(self, column: Column) -> None:
        self._read = column.read

    def __missing__(self, text: str) -> Any:
        value = self[text] = self._read(text)
        return value


def read_table(
    table: Table,
    name: str,
    lines: Iterable[str],
    limits: Limits,
    progress: Callable[[str, int], None],
) -> ReadTable:
    """The records of the file *name*; in *lines*, bytes that are not UTF-8 are surrogates."""
    reading = _Reading(table, name, limits)
    for first, chunk in _chunks(cells(lines), reading):
        header = 0
        if not reading.positions:
            if not reading.header(chunk[0]):
                break
            header = 1
        reading.take(chunk[header:], first + header)
        progress(name, first + len(chunk) - 2)
    if not reading.positions and not reading.problems:
        reading.problem("the file is empty", 1, "", "write its header row")
    return ReadTable(
        FactColumns(table.name, reading.columns),
        reading.numbers,
        reading.told(),
        reading.further,
        frozenset(reading.first),
        reading.whole and bool(reading.positions),
        reading.half_read,
    )


def cells(lines: Iterable[str]) -> Iterator[list[str]]:
    """The rows of a CSV file: separated by commas, or by semicolons where its header is.

    A spreadsheet that writes decimals with a comma separates cells with semicolons.
    """
    rest = iter(lines)
    header = next(rest, "")
    delimiter = ";" if ";" in header and "," not in header else ","
    return csv.reader(chain([header] if header else [], rest), strict=True, delimiter=delimiter)


def _chunks(
    reader: Iterator[list[str]], reading: _Reading
) -> Iterator[tuple[int, list[list[str]]]]:
    """Rows in chunks, each with the number of its first row; stops at a row that is not CSV."""
    number, ended = 1, False
    while not ended:
        chunk: list[list[str]] = []
        try:
            for row in reader:
                chunk.append(row)
                if len(chunk) == _CHUNK:
                    break
            else:
                ended = True
        except csv.Error:
            ended = True
            reading.whole = False
            remedy = "close every quotation mark, and double those inside a cell"
            reading.problem("not CSV", number + len(chunk), "", remedy)
        if chunk:
            yield number, chunk
        number += len(chunk)


class _Reading:
    """The state of reading one file."""

    def __init__(self, table: Table, name: str, limits: Limits) -> None:
        self.table, self.name, self.limits = table, name, limits
        self.positions: list[int | None] = []
        self.width = 0
        self.first: dict[str, int] = {}
        self.columns: list[list[Any]] = [[] for _ in table.columns]
        self.numbers: list[int] = []
        self.problems: list[Problem] = []
        self.further = 0
        self.half_read: list[HalfRead] = []
        self.whole = True
        self._complete = True
        self._alike: Counter[tuple[str, str]] = Counter()
        self._kinds: list[tuple[str, str]] = []
        self._decoded = True
        self._memories = [_Memory(column) for column in table.columns]

    def header(self, names: Sequence[str]) -> bool:
        """Find the columns; ``False`` when the file cannot be read by them."""
        found = self._find(names)
        self.whole = self.whole and found
        return found

    def _find(self, names: Sequence[str]) -> bool:
        known = self.table.column_names
        if any(map(_UNDECODED, names)):
            self._not_decoded(1, "")
            return False
        if len(names) == 1 and (";" in names[0] or "\t" in names[0]):
            remedy = "save as CSV with commas or semicolons"
            self.problem("the cells are not separated by commas", 1, "", remedy)
            return False
        if len(names) > _WIDEST:
            self.problem(f"the header has {len(names)} cells", 1, "", f"known: {', '.join(known)}")
            return False
        for position, name in enumerate(names):
            if name not in known:
                remedy = did_you_mean(name[:64].strip().lower(), known)
                self.problem(f"column {position + 1} is not known", 1, "", remedy)
            elif name in names[:position]:
                self.problem("the column stands twice", 1, name, "keep one of them")
        missing = [column for column in self.table.columns if column.name not in names]
        for column in missing:
            if column.required:
                self.problem("the column is missing", 1, column.name, _expected(column))
        at = {name: position for position, name in enumerate(names)}
        self.positions = [at.get(name) for name in known]
        self.width = len(names)
        self._complete = not any(column.required for column in missing)
        self.whole = self.whole and self.positions[0] is not None
        # without a single known column there is nothing to look at
        return not at.keys().isdisjoint(known)

    def take(self, chunk: list[list[str]], number: int) -> None:
        """Read the rows of one chunk, the first of which is row *number*."""
        rows: list[list[str]] = chunk
        numbers: Sequence[int] = range(number, number + len(chunk))
        if set(map(len, chunk)) != {self.width}:
            rows, numbers = self._even(chunk, number)
        cells = list(zip(*rows, strict=True))
        if not cells:
            return
        # without a column that is needed there are no records; its other columns are read to say
        # at once what else is wrong
        bad: set[int] = set() if self._complete else set(range(len(rows)))
        columns: list[Sequence[Any]] = [
            [None] * len(rows) if position is None else self._read(i, cells[position], numbers, bad)
            for i, position in enumerate(self.positions)
        ]
        if self.positions[0] is not None:
            self._note_ids(columns[0], numbers, bad)
        if bad:
            self.half_read += self._referring(columns, numbers, bad)
            columns = [[v for i, v in enumerate(column) if i not in bad] for column in columns]
            numbers = [row for i, row in enumerate(numbers) if i not in bad]
        for whole, part in zip(self.columns, columns, strict=True):
            whole.extend(part)
        self.numbers += numbers

    def _referring(
        self, columns: Sequence[Sequence[Any]], numbers: Sequence[int], bad: set[int]
    ) -> Iterator[HalfRead]:
        """What the rows with a bad cell refer to in their other cells."""
        named = [(i, one.name) for i, one in enumerate(self.table.columns) if one.refers_to]
        for row in sorted(bad) if named else ():
            found = {name: columns[i][row] for i, name in named if columns[i][row] is not None}
            if found:
                yield HalfRead(f"{self.name}:{numbers[row]}", found)

    def _even(self, chunk: list[list[str]], number: int) -> tuple[list[list[str]], list[int]]:
        rows, numbers = [], []
        for i, row in enumerate(chunk):
            if len(row) == self.width:
                rows.append(row)
                numbers.append(number + i)
            elif row:  # an empty line says nothing
                wanted = f"the header has {self.width}"
                self.problem(f"the row has {len(row)} cells", number + i, "", wanted)
                if self.positions[0] is not None and self.positions[0] < len(row):
                    self.first.setdefault(row[self.positions[0]], number + i)
        return rows, numbers

    def _read(
        self, index: int, texts: Sequence[str], numbers: Sequence[int], bad: set[int]
    ) -> Sequence[Any]:
        """The values of one column; the numbers of rows with a bad cell are added to *bad*."""
        column, memory = self.table.columns[index], self._memories[index]
        try:
            if index == 0:  # no id stands twice, so a memory of them would only cost
                return list(map(column.type.read, texts))
            return list(map(memory.__getitem__, texts))
        except ValueError:
            pass
        return [
            self._one(column, text, number, i, bad)
            for i, (text, number) in enumerate(zip(texts, numbers, strict=True))
        ]

    def _one(self, column: Column, text: str, number: int, i: int, bad: set[int]) -> Any:
        try:
            return column.read(text)
        except ValueError:
            bad.add(i)
        if not text:
            self.problem("a value is missing", number, column.name, _expected(column))
        elif _UNDECODED(text):
            self._not_decoded(number, column.name)
        elif column.codes:
            # what is only counted needs no remedy, and each costs a comparison
            more = self._alike["unknown code", column.name] < _ALIKE
            remedy = did_you_mean(text[:64].strip().lower(), column.codes) if more else ""
            self.problem("unknown code", number, column.name, remedy)
        else:
            self.problem("not a value of this column", number, column.name, column.expected)
        return None

    def _note_ids(self, ids: Sequence[Any], numbers: Sequence[int], bad: set[int]) -> None:
        here = dict(zip(ids, numbers, strict=True))
        if len(here) == len(ids) and self.first.keys().isdisjoint(here):
            self.first |= here
            return
        for i, (fact_id, number) in enumerate(zip(ids, numbers, strict=True)):
            first = self.first.setdefault(fact_id, number)
            if fact_id is not None and first != number:
                bad.add(i)
                remedy = f"keep one of it and row {first}"
                self.problem("the id of this row stands twice", number, "id", remedy)

    def _not_decoded(self, row: int, column: str) -> None:
        """Note once for the file that it is in another encoding."""
        if self._decoded:
            remedy = "save the file as CSV UTF-8 (comma delimited)"
            self.problem("not UTF-8", row, column, remedy)
        self._decoded = False

    def problem(self, what: str, row: int, column: str, remedy: str) -> None:
        """Note a problem, or only count it: beyond the limit, or after some alike in its column."""
        self._alike[what, column] += 1
        if column and self._alike[what, column] > _ALIKE:
            return
        if len(self.problems) < self.limits.problems:
            self._kinds.append((what, column))
            where = f"{self.name}:{row}" + (f".{column}" if column else "")
            self.problems.append(Problem(what, where, remedy))
        else:
            self.further += 1

    def told(self) -> list[Problem]:
        """The problems in their order; after the last that is named of a kind, how many more."""
        told: list[Problem] = []
        named: Counter[tuple[str, str]] = Counter()
        for problem, kind in zip(self.problems, self._kinds, strict=True):
            told.append(problem)
            named[kind] += 1
            what, column = kind
            more = self._alike[kind] - _ALIKE
            if column and named[kind] == _ALIKE and more > 0:
                where = f"{self.table.name}.{column}"
                remedy = "correct them in the same way"
                told.append(Problem(f"… and {more} more in this column: {what}", where, remedy))
        return told


def _expected(column: Column) -> str:
    return _REMEDIES.get(column.name, column.expected)
