"""A published copy as a folder of Parquet files for each table, and one manifest written last.

Files are never changed: rows that are outdated go by writing their file anew without them. The
manifest names the files that are the copy, so all tables change in one step.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any, ClassVar, Final

from osallisuus.extra import library
from osallisuus.model.facts import TABLES, Table
from osallisuus.model.sink import PUBLISHED, Known, Part, Published, published_schema
from osallisuus.sinks.columns import (
    batches_of,
    gathered,
    joined,
    outdated,
    rows_of,
    texts,
    write_options,
)
from osallisuus.sinks.folder import FolderSink, Range
from osallisuus.sinks.manifest import Manifest
from osallisuus.whole import flush_folder

__all__ = ["ParquetSink"]

_FILE: Final = re.compile(r"\d+-\d+\.parquet", re.ASCII)


class ParquetSink(FolderSink):
    """Publishes to Parquet files; see the module. Needs the extra ``parquet``."""

    kind: ClassVar[str] = "parquet"

    @staticmethod
    def is_sound(table: str, said: Any) -> bool:
        """See :class:`osallisuus.sinks.folder.FolderSink`."""
        own = re.compile(rf"{table}/{_FILE.pattern}", re.ASCII)
        return isinstance(said, list) and all(
            isinstance(file, str) and own.fullmatch(file) for file in said
        )

    def write(
        self, now: Manifest, told: Range, known: Known | None
    ) -> tuple[Mapping[str, Any], Published]:
        """See :class:`osallisuus.sinks.folder.FolderSink`."""
        made = _Files(self.place, now.generation + 1)
        ids: dict[str, list[Any]] = {}
        removed: dict[str, set[str]] = {}
        new: dict[str, list[str]] = {}
        for name, of_table in groupby(told.parts, key=attrgetter("table")):
            table = TABLES[name]
            parts = gathered(of_table, removed.setdefault(name, set()))
            rows = _with_ids(batches_of(table, parts), ids.setdefault(name, []))
            new.setdefault(name, []).extend(made.put(table, rows))
        written = sum(len(part) for each in ids.values() for part in each)
        taken_out = 0
        tables = dict(now.tables)
        for table in PUBLISHED:
            if told.look or known is not None:
                fresh = joined(ids.get(table.name, ()))
                gone = texts(removed.get(table.name, ()))
                files, count = made.without(table, now.tables, fresh, gone, known)
                tables[table.name] = files
                taken_out += count
            tables[table.name] = [*tables.get(table.name, ()), *new.get(table.name, ())]
        made.flush()
        return {name: files for name, files in tables.items() if files}, Published(
            written, taken_out
        )

    def tidy(self, now: Manifest) -> None:
        """See :class:`osallisuus.sinks.folder.FolderSink`."""
        named = {file for files in now.tables.values() for file in files}
        for table in PUBLISHED:
            folder = self.place / table.name
            if not folder.is_dir():
                continue
            for file in folder.iterdir():
                if _FILE.fullmatch(file.name) and f"{table.name}/{file.name}" not in named:
                    file.unlink()
            flush_folder(folder)

    def clear(self, now: Manifest) -> Mapping[str, Any]:
        """See :class:`osallisuus.sinks.folder.FolderSink`: what is not named goes."""
        self.tidy(now)
        return now.tables

    def pack(self, now: Manifest) -> Mapping[str, Any]:
        """See :class:`osallisuus.sinks.folder.FolderSink`: one file for each table."""
        made = _Files(self.place, now.generation + 1)
        tables = {}
        for name, files in now.tables.items():
            every = (part for file in files for part in _parts(self.place / file, name))
            many = len(files) > 1
            tables[name] = (
                made.put(TABLES[name], batches_of(TABLES[name], every)) if many else files
            )
        made.flush()
        return tables

    def files(self, table: Table) -> list[str]:
        """See :class:`osallisuus.model.sink.Sink`."""
        return [str(self.place / file) for file in self.manifest.tables.get(table.name, ())]


def _with_ids(tables: Iterable[Any], ids: list[Any]) -> Iterator[Any]:
    """The rows, while their ids are gathered."""
    for rows in tables:
        ids.extend(rows.column("id").chunks)
        yield rows


def _parts(file: Path, table: str) -> Iterator[Part]:
    for batch in rows_of(str(file)):
        yield Part(table, batch)


class _Files:
    """The files that one writing makes."""

    def __init__(self, place: Path, generation: int) -> None:
        self._place, self._generation = place, generation
        self._made: list[Path] = []

    def put(self, table: Table, tables: Iterable[Any]) -> list[str]:
        """The name of a new file of these rows, in a list; none of no rows."""
        parquet = library("pyarrow.parquet", "parquet")
        rows = iter(tables)
        first = next(rows, None)
        if first is None:
            return []
        name = f"{table.name}/{self._generation}-{len(self._made)}.parquet"
        file = self._place / name
        file.parent.mkdir(mode=0o700, exist_ok=True)
        os.close(os.open(file, os.O_CREAT | os.O_WRONLY, 0o600))
        self._made.append(file)
        with parquet.ParquetWriter(file, published_schema(table), **write_options(table)) as writer:
            writer.write_table(first)
            for more in rows:
                writer.write_table(more)
        return [name]

    def without(
        self,
        table: Table,
        named: Mapping[str, list[str]],
        fresh: Any,
        removed: Any,
        known: Known | None,
    ) -> tuple[list[str], int]:
        """The files of a table without outdated rows; how many nothing takes the place of."""
        files: list[str] = []
        taken_out = 0
        for file in named.get(table.name, ()):
            path = str(self._place / file)
            going, count = outdated(table, path, fresh, removed, known)
            files += self._rest(table, path, going) if len(going) else [file]
            taken_out += count
        return files, taken_out

    def _rest(self, table: Table, path: str, going: Any) -> list[str]:
        """A new file of the rows of another whose ids are not among those that go."""
        compute = library("pyarrow.compute", "parquet")
        kept = (
            Part(table.name, rows.filter(compute.invert(compute.is_in(rows["id"], going))))
            for rows in rows_of(path)
        )
        return self.put(table, batches_of(table, kept))

    def flush(self) -> None:
        """See that all of it is on the disk, before anything names it."""
        for file in self._made:
            with file.open("rb+") as written:
                os.fsync(written.fileno())
        for folder in sorted({file.parent for file in self._made}):
            flush_folder(folder)
        flush_folder(self._place)
