"""The sheets of a file into facts by a mapping, with every problem at once and its place.

A place is ``LIST.xlsx Osallistujat!C7``. A sheet that the mapping names only by a pattern, or not
at all, is told by its number: its name may be that of a person. Facts that several rows make
alike are one fact; a row that only repeats another is a problem, for most likely one of them is
about somebody else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from fnmatch import fnmatchcase
from itertools import chain, islice
from pathlib import Path
from typing import Final

from osallisuus.ingest.cells import is_empty
from osallisuus.ingest.gathered import Gathered
from osallisuus.ingest.header import SEARCHED, Header, column_problems, find_header, over_columns
from osallisuus.ingest.limits import Limits
from osallisuus.ingest.making import Making, Rows
from osallisuus.ingest.mapping import SheetMapping, WorkbookMapping, plain
from osallisuus.ingest.notes import Notes
from osallisuus.ingest.workbook import Cell, Row, Sheet, column_letters, read_sheets
from osallisuus.model.batch import Batch
from osallisuus.values import frozen

__all__ = ["Becomes", "Mapped", "SheetPlan", "read_mapped"]

_CHUNK: Final = 5_000
_TOTALS: Final = frozenset(
    "yhteensä yht. yht summa keskiarvo total totals sum average totalt sammanlagt".split()
)
"""Words that begin a row of totals, which is no fact of anybody."""

_SAVE: Final = "open the list in a spreadsheet program and save it there"
_FAULTS: Final = {
    "error": ("an error", "correct the formula, or the cell that it needs"),
    "unsaved": ("a formula whose value was not saved", _SAVE),
    "twice": ("a cell that stands twice in the file", _SAVE),
}


@frozen
class Becomes:
    """A column of a sheet, by its letters, and the columns of facts that are made of it."""

    column: str
    into: tuple[str, ...]


@frozen
class SheetPlan:
    """What a sheet becomes: how many rows it has, its columns, and how many facts of each table.

    ``below`` counts the filled rows below ``stop_at``, of which nothing is made.
    """

    name: str
    rows: int
    columns: tuple[Becomes, ...]
    facts: Mapping[str, int]
    ignored: bool = False
    below: int = 0


@frozen
class Mapped:
    """The facts of a file, with its problems, and what became of its sheets."""

    batch: Batch
    sheets: tuple[SheetPlan, ...]


def read_mapped(
    path: str | Path,
    mapping: WorkbookMapping,
    *,
    key: bytes = b"",
    limits: Limits | None = None,
    progress: Callable[[str, int], None] = lambda what, rows: None,
) -> Mapped:
    """The facts that *mapping* makes of the file at *path*. *key* makes its pseudonyms.

    Raises as :func:`~osallisuus.ingest.workbook.read_sheets`. Problems in the cells are in the
    batch, so that whoever stores it can add those that only a store can see.
    """
    bounds = limits or Limits()
    reading = _Reading(Path(path), mapping, key, bounds, progress)
    with closing(read_sheets(path, bounds)) as sheets:
        plans = [reading.sheet(sheet, number) for number, sheet in enumerate(sheets, start=1)]
    reading.unmet()
    batch = reading.gathered.batch(reading.notes.told(), frozenset(reading.unread))
    return Mapped(batch, tuple(plans))


class _Reading:
    """The state of reading one file."""

    def __init__(
        self,
        path: Path,
        mapping: WorkbookMapping,
        key: bytes,
        limits: Limits,
        progress: Callable[[str, int], None],
    ) -> None:
        self.file, self.mapping, self.key, self.progress = path.name, mapping, key, progress
        self.is_csv = path.suffix.lower() == ".csv"
        self.notes = Notes(limits.problems)
        self.gathered = Gathered()
        self.unread: set[str] = set()
        """Tables of which a sheet that could not be read may have facts."""
        self._met: set[int] = set()

    def sheet(self, sheet: Sheet, number: int) -> SheetPlan:
        """Read one sheet, or say why it is passed over."""
        named, exact = self._mapping_of(sheet)
        told = sheet.name if exact else f"sheet {number}"
        where = self.file if self.is_csv else f"{self.file} {told}"
        ignored = named is None and self._is_ignored(sheet)
        if ignored or (named is None and not _has_cells(sheet)):
            return SheetPlan(told, 0, (), {}, ignored=True)
        if named is None:
            remedy = "say what becomes of it, or add its name to ignore_sheets"
            self.notes.add("the mapping does not name this sheet", where, remedy)
            return SheetPlan(told, 0, (), {})
        if sheet.hidden and not exact:
            remedy = "name it as it is called, in name or in ignore_sheets"
            self.notes.add("a hidden sheet", where, remedy)
            self.not_read(named)
            return SheetPlan(told, 0, (), {})
        return _SheetReading(self, sheet, named, told, where).read()

    def _mapping_of(self, sheet: Sheet) -> tuple[SheetMapping | None, bool]:
        """The part of the mapping for a sheet, and whether it has its very name."""
        name = plain(sheet.name)
        for exact in (True, False):
            for index, one in enumerate(self.mapping.sheet):
                same = plain(one.name) == name
                if same if exact else fnmatchcase(name, plain(one.name)):
                    self._met.add(index)
                    return one, exact
        return None, any(plain(one) == name for one in self.mapping.ignore_sheets)

    def _is_ignored(self, sheet: Sheet) -> bool:
        name = plain(sheet.name)
        return any(
            plain(one) == name or (not sheet.hidden and fnmatchcase(name, plain(one)))
            for one in self.mapping.ignore_sheets
        )

    def unmet(self) -> None:
        """Note the parts of the mapping for which there is no sheet."""
        for index, one in enumerate(self.mapping.sheet):
            if index not in self._met:
                where = f"{self.file} {one.name}"
                self.notes.add("the file has no such sheet", where, "correct sheet.name")
                self.not_read(one)

    def not_read(self, sheet: SheetMapping) -> None:
        """Remember that the tables of a sheet may have facts that nobody could read."""
        self.unread |= {fact.table for fact in sheet.fact}


class _SheetReading:
    """The state of reading one sheet."""

    def __init__(
        self, reading: _Reading, sheet: Sheet, mapping: SheetMapping, told: str, where: str
    ) -> None:
        self.reading, self.sheet_, self.mapping = reading, sheet, mapping
        self.told, self.where = told, where
        self.notes = reading.notes
        self.rows = 0
        self.stopped_at: int | None = None
        self.filled: set[int] = set()

    def place(self, row: int, column: int = 0) -> str:
        """Where a cell stands; a whole row without the column, a whole column as row 0."""
        letters = column_letters(column)
        return f"{self.where}!{letters}{row or ''}"

    def read(self) -> SheetPlan:
        """Everything of the sheet, chunk by chunk."""
        rows = iter(self.sheet_.rows)
        most = max(SEARCHED, (self.mapping.header_row or 0) - self.sheet_.first + 1)
        top = list(islice(rows, most))
        header = find_header(top, self.sheet_.first, self.mapping)
        if not isinstance(header, Header):
            self._no_header(header)
            self.reading.not_read(self.mapping)
            return SheetPlan(self.told, 0, (), {})
        made = self._makings(header)
        used = set().union(*(one.used for one in made)) if made else set()
        number = self.sheet_.first + header.index
        rows = chain(top[header.index + 1 :], rows)
        data = self._data(rows, number + 1)
        counts = self.gather(data, made, len(header.cells))
        self._faults(number, used)
        below = 0 if self.stopped_at is None else self._below(rows, made, used, len(header.cells))
        over = {one.over for one in made if one.over is not None}
        for column, what, remedy in column_problems(
            header, self.mapping, self.reading.mapping, used=used, over=over, filled=self.filled
        ):
            self.notes.add(what, self.place(number, column + 1), remedy)
        self._merged(number)
        return SheetPlan(self.told, self.rows, _becomes(made), counts, below=below)

    def _no_header(self, missing: Sequence[str]) -> None:
        names = ", ".join(repr(heading) for heading in missing)
        what = f"no row has all headings that the mapping names; missing: {names}"
        remedy = "correct the headings in the mapping or in the sheet"
        self.notes.add(what if missing else "no row has a heading", self.where, remedy)

    def _makings(self, header: Header) -> list[Making]:
        reading = self.reading
        made = []
        for fact in self.mapping.fact:
            columns: list[int | None] = [None]
            if fact.over is not None:
                columns = [*over_columns(header, fact, self.mapping, reading.mapping)]
                if not columns:
                    remedy = "correct over in the mapping"
                    self.notes.add("no heading is one of those in over", self.where, remedy)
            made += [
                Making(fact, header, column, reading.mapping, reading.key, self.sheet_.name)
                for column in columns
            ]
        return made

    def _data(self, rows: Iterator[Row], first: int) -> Iterator[tuple[int, Row]]:
        """The rows of the list with their numbers: without empty ones, up to where it stops."""
        stop = None if self.mapping.stop_at is None else plain(self.mapping.stop_at)
        for number, row in enumerate(rows, start=first):
            start = next((cell for cell in row if not is_empty(cell)), None)
            if start is None:
                continue
            if isinstance(start, str):
                text = plain(start)
                if text == stop:
                    self.stopped_at = number
                    return
                if text.rstrip(" :=") in _TOTALS:
                    remedy = 'where the list ends, stop_at = "…" with this text; else take it out'
                    self.notes.add("a row of totals", self.place(number), remedy)
                    continue
            yield number, row

    def gather(
        self, data: Iterator[tuple[int, Row]], made: Sequence[Making], width: int
    ) -> dict[str, int]:
        """Make the facts of all rows; returns how many there are of each table."""
        before = self.reading.gathered.counts()
        while chunk := list(islice(data, _CHUNK)):
            rows = _as_columns(chunk, width)
            for index, column in enumerate(rows.columns):
                if index not in self.filled and not all(map(is_empty, column)):
                    self.filled.add(index)
            self._make(rows, made)
            self.rows += len(chunk)
            self.reading.progress(self.told, self.rows)
        after = self.reading.gathered.counts()
        return {t: n - before.get(t, 0) for t, n in after.items() if n > before.get(t, 0)}

    def _make(self, rows: Rows, made: Sequence[Making]) -> None:
        repeated: dict[int, int] = {}
        fresh: set[int] = set()
        for making in made:
            kept = making.kept(rows)
            if not kept:
                continue
            some = rows.only(kept)
            columns, bad = making.make(some, self.place, self.notes)
            fresh |= {some.numbers[i] for i in bad}
            outcome = self.reading.gathered.add(
                making.table.name, columns, bad, some.numbers, self.where
            )
            fresh |= outcome.fresh
            for row, other in outcome.differing.items():
                remedy = f"an id is of one fact only; compare with row {other}"
                what = f"another row makes another fact of {making.table.name} with the same id"
                self.notes.add(what, self.place(row), remedy, column=making.table.name)
                fresh.add(row)
            for row, other in outcome.repeated.items():
                repeated.setdefault(row, other)
        for row in sorted(repeated.keys() - fresh):
            remedy = "keep one; or, for two people of one name, add a column to the pseudonym"
            what = f"the row says only what row {repeated[row]} says"
            self.notes.add(what, self.place(row), remedy, column=self.where)

    def _faults(self, header: int, used: set[int]) -> None:
        """Cells of the list that were not read as they are, in columns of which something is made."""
        for kind, row, column in sorted(self.sheet_.faults, key=lambda one: one[1:]):
            what, remedy = _FAULTS[kind]
            if not row:
                self.notes.add(f"{what}, and its place is not known", self.where, remedy)
            elif row >= header and (self.stopped_at is None or row < self.stopped_at):
                self.filled.add(column - 1)
                if column - 1 in used:
                    self.notes.add(
                        what, self.place(row, column), remedy, column=self.place(0, column)
                    )

    def _below(
        self, rows: Iterator[Row], made: Sequence[Making], used: set[int], width: int
    ) -> int:
        """How many rows below ``stop_at`` are filled; those that look like the list are problems.

        They fill two columns at least and would become facts without a problem. A line for a
        signature does not.
        """
        filled = 0
        numbered = enumerate(rows, start=(self.stopped_at or 0) + 1)
        data = ((at, row) for at, row in numbered if not all(map(is_empty, row)))
        while chunk := list(islice(data, _CHUNK)):
            filled += len(chunk)
            below = _as_columns(chunk, width)
            alike = _filling(below, used)
            for row in _readable(below.only(alike), made, self.place) if alike else ():
                what = "a row below stop_at that reads as one of the list"
                remedy = "let the list end at a text of its own; take rows of subtotals out of it"
                self.notes.add(what, self.place(row), remedy, column=f"{self.where} below")
        return filled

    def _merged(self, header: int) -> None:
        """Merged cells from the header on; above it they are a title, below the list nothing."""
        for top, left, bottom, _ in self.sheet_.merged:
            if bottom >= header and (self.stopped_at is None or top < self.stopped_at):
                remedy = "split them, and write into each cell what it means"
                self.notes.add("merged cells", self.place(top, left), remedy)


def _as_columns(chunk: Sequence[tuple[int, Row]], width: int) -> Rows:
    """Rows with their numbers as columns, at least *width* of them."""
    widest = max(width, *(len(row) for _, row in chunk))
    rows = [row + [None] * (widest - len(row)) if len(row) < widest else row for _, row in chunk]
    columns: list[Sequence[Cell]] = list(zip(*rows, strict=True))
    return Rows(columns, [number for number, _ in chunk])


def _filling(rows: Rows, used: set[int]) -> list[int]:
    """Which of the *rows* fill two or more of the columns that are *used*."""
    least = min(2, len(used))
    columns = [rows.columns[column] for column in used]
    counts = [sum(not is_empty(cell) for cell in row) for row in zip(*columns, strict=True)]
    return [index for index, count in enumerate(counts) if count >= least]


def _readable(rows: Rows, made: Sequence[Making], place: Callable[[int, int], str]) -> list[int]:
    """The numbers of the *rows* of which facts could be made, and nothing is wrong with any."""
    good: set[int] = set()
    wrong: set[int] = set()
    for making in made:
        if kept := making.kept(rows):
            some = rows.only(kept)
            _, bad = making.make(some, place, Notes(0))  # what is wrong below is of no interest
            good |= set(some.numbers)
            wrong |= {some.numbers[i] for i in bad}
    return sorted(good - wrong)


def _has_cells(sheet: Sheet) -> bool:
    return any(not is_empty(cell) for row in sheet.rows for cell in row)


def _becomes(made: Sequence[Making]) -> tuple[Becomes, ...]:
    """What each column of the sheet becomes, from left to right."""
    into: dict[int, dict[str, None]] = {}
    for making in made:
        for column, name in making.sources():
            into.setdefault(column, {})[f"{making.table.name}.{name}"] = None
    return tuple(Becomes(column_letters(c + 1), tuple(into[c])) for c in sorted(into))
