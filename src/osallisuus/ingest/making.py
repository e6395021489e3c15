"""One kind of fact out of the rows of a sheet, column by column.

Cells are read by column through a memory of cells already seen; only a column with a bad cell is
read again, cell by cell, to say where.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from attrs import field

from osallisuus.ingest.cells import (
    TELLING,
    Unread,
    as_part,
    cell_reader,
    id_part,
    is_empty,
    is_safe_id,
    moment,
)
from osallisuus.ingest.header import Header
from osallisuus.ingest.mapping import (
    FROM_THE_ROW,
    FactMapping,
    Source,
    WorkbookMapping,
    is_of_a_person,
    plain,
)
from osallisuus.ingest.notes import Notes
from osallisuus.ingest.pseudonyms import joined_id, pseudonym
from osallisuus.ingest.workbook import Cell
from osallisuus.model.columns import Column
from osallisuus.model.facts import TABLES, Table
from osallisuus.values import frozen

__all__ = ["Making", "Rows"]

_KEPT_IN_MIND: Final = 100_000
"""Cells of one column that are remembered."""


_PlaceOf = Callable[[int, int], str]


@frozen(eq=False)
class Rows:
    """Some rows of a sheet, as columns of cells, with the numbers of the rows."""

    columns: Sequence[Sequence[Cell]]
    numbers: Sequence[int]

    def only(self, indices: Sequence[int]) -> Rows:
        """Some of the rows."""
        if len(indices) == len(self.numbers):
            return self
        columns = [[column[i] for i in indices] for column in self.columns]
        return Rows(columns, [self.numbers[i] for i in indices])


@frozen(eq=False)
class _Work:
    """Some rows on their way into facts: which of them are bad, and where problems are noted."""

    rows: Rows
    place: _PlaceOf
    notes: Notes
    bad: set[int] = field(factory=set)

    def note(self, unread: Unread, index: int, column: int) -> None:
        self.bad.add(index)
        where = self.place(self.rows.numbers[index], column + 1)
        of_column = self.place(0, column + 1)
        self.notes.add(unread.what, where, unread.remedy, column=of_column)


class _Memory(dict[Any, Any]):
    """Cells of one column and the values they stand for."""

    def __init__(self, read: Callable[[Any], Any]) -> None:
        super().__init__()
        self.read = read

    def __missing__(self, cell: Any) -> Any:
        value = self.read(cell)
        if len(self) < _KEPT_IN_MIND:
            self[cell] = value
        return value


class Making:
    """How the facts of one table are made of the rows of one sheet, for one column of ``over``."""

    def __init__(
        self,
        fact: FactMapping,
        header: Header,
        over: int | None,
        mapping: WorkbookMapping,
        key: bytes,
        sheet_name: str,
    ) -> None:
        self.table: Table = TABLES[fact.table]
        self.fact, self.over, self._header = fact, over, header
        self._mapping, self._key, self._sheet_name = mapping, key, sheet_name
        where = fact.where_filled
        self._where = None if where is None else header.at[plain(where)]
        self._keeps_empty = any(
            one.heading == "@cell" and one.empty is not None for one in fact.columns.values()
        )
        self._memories = {
            name: _Memory(self._reader(self.table.column(name), source))
            for name, source in fact.columns.items()
            if source.join is None
        }

    @property
    def used(self) -> set[int]:
        """The columns of the sheet, from 0, that it reads."""
        where = () if self._where is None else (self._where,)
        over = () if self.over is None else (self.over,)
        return {*(column for column, _ in self.sources()), *where, *over}

    def sources(self) -> list[tuple[int, str]]:
        """The columns of the sheet, from 0, and the columns of the fact that each goes into."""
        found = []
        for name, source in self.fact.columns.items():
            headings = source.headings(self.fact.columns)
            found += [(self._header.at[plain(heading)], name) for heading in headings]
            if source.heading in ("@cell", "@heading") and self.over is not None:
                found.append((self.over, name))
        return found

    def kept(self, rows: Rows) -> list[int]:
        """Which of the rows make a fact: all, or those with a cell where one is asked for."""
        indices: Iterable[int] = range(len(rows.numbers))
        if self._where is not None:
            where = rows.columns[self._where]
            indices = [i for i in indices if not is_empty(where[i])]
        if self.over is not None and not self._keeps_empty:
            marks = rows.columns[self.over]
            indices = [i for i in indices if not is_empty(marks[i])]
        return list(indices)

    def make(self, rows: Rows, place: _PlaceOf, notes: Notes) -> tuple[list[list[Any]], set[int]]:
        """The columns of the facts of *rows*, and which rows have a cell without a reading.

        *place* names a cell by its row and column, both counted from 1.
        """
        work = _Work(rows, place, notes)
        made: dict[str, list[Any]] = {}
        for name, source in self.fact.columns.items():
            if source.join is None:
                made[name] = self._values(name, source, work)
        for name, source in self.fact.columns.items():
            if source.join is not None:
                made[name] = self._joined(name, source, made, work)
        nothing = [None] * len(rows.numbers)
        return [made.get(name, nothing) for name in self.table.column_names], work.bad

    def _index(self, heading: str) -> int:
        if heading in FROM_THE_ROW:
            return self.over or 0
        return self._header.at[plain(heading)]

    def _cells(self, source: Source, rows: Rows) -> Sequence[Any]:
        """What the source reads in each row; several cells of one row as a tuple."""
        count = len(rows.numbers)
        if source.heading == "@heading":
            return [self._header.cells[self.over or 0]] * count
        if source.heading == "@sheet":
            return [self._sheet_name] * count
        if source.heading is not None and source.clock is not None:
            pair = (rows.columns[self._index(one)] for one in (source.heading, source.clock))
            return list(zip(*pair, strict=True))
        if source.heading is not None:
            return rows.columns[self._index(source.heading)]
        if source.pseudonym is not None:
            named = [rows.columns[self._index(heading)] for heading in source.pseudonym]
            return list(zip(*named, strict=True))
        return [source.value] * count

    def _reader(self, column: Column, source: Source) -> Callable[[Any], Any]:
        if source.value is not None:
            return lambda value: column.read(str(value))
        if source.pseudonym is not None:
            return self._pseudonym
        if source.clock is not None:
            return lambda pair: moment(pair[0], pair[1], self._mapping)
        of_a_person = is_of_a_person(self.table.name, column)
        return cell_reader(column, source, self._mapping, of_a_person=of_a_person)

    def _pseudonym(self, cells: tuple[Cell, ...]) -> str:
        try:
            return pseudonym(self._key, [as_part(cell) for cell in cells])
        except ValueError:
            pass
        raise Unread("a value is missing", "write what the pseudonym is made of")

    def _values(self, name: str, source: Source, work: _Work) -> list[Any]:
        cells, memory = self._cells(source, work.rows), self._memories[name]
        read = memory.__getitem__
        # True equals 1: a memory would take one for the other
        if bool in set(map(type, cells)):
            read = memory.read
        try:
            return list(map(read, cells))
        except Unread:
            pass
        headings = (*source.headings(self.fact.columns), source.heading or "@heading")
        at = self._index(headings[0])
        values: list[Any] = []
        for i, cell in enumerate(cells):
            try:
                values.append(read(cell))
            except Unread as unread:
                values.append(None)
                work.note(unread, i, at)
        return values

    def _joined(
        self, name: str, source: Source, made: Mapping[str, list[Any]], work: _Work
    ) -> list[Any]:
        column = self.table.column(name)
        columns = [self._part(part, source.codes, made, work) for part in source.join or ()]
        hidden = self._mapping.hides(self.fact, source)
        at = next((self._index(h) for h in source.headings(made)), 0)
        values: list[Any] = []
        typed = is_of_a_person(self.table.name, column) and not hidden
        for i, texts in enumerate(zip(*columns, strict=True)):
            try:
                value = column.check(None if None in texts else self._id_of(texts, hidden))
            except ValueError:
                value = None
                if i not in work.bad:
                    work.note(Unread("the parts make no id", column.type.expected), i, at)
            if typed and value is not None and not is_safe_id(value):
                work.note(Unread(*TELLING), i, at)
            values.append(value)
        return values

    def _id_of(self, parts: Sequence[str], hidden: bool) -> str:
        return joined_id(self._key, parts) if hidden else "-".join(parts)

    def _part(
        self, part: str, codes: str | None, made: Mapping[str, list[Any]], work: _Work
    ) -> Sequence[str | None]:
        count = len(work.rows.numbers)
        name = part.removeprefix("@")
        if name == part:
            return [part] * count
        if part == "@heading":
            return [id_part(self._header.cells[self.over or 0], self._mapping)] * count
        if part == "@sheet":
            return [self._part_of_cell(self._sheet_name, codes, work, i, 0) for i in range(count)]
        if name not in made:
            at = self._index(name)
            cells = enumerate(work.rows.columns[at])
            return [self._part_of_cell(cell, codes, work, i, at) for i, cell in cells]
        write = self.table.column(name).type.write
        return [None if value is None else write(value) for value in made[name]]

    def _part_of_cell(
        self, cell: Cell, codes: str | None, work: _Work, index: int, column: int
    ) -> str | None:
        try:
            return id_part(cell, self._mapping, codes)
        except Unread as unread:
            work.note(unread, index, column)
        return None
