"""One Delta table of a published copy, while it is written: see :mod:`osallisuus.sinks.delta`."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any, Final

from osallisuus.extra import library
from osallisuus.model.facts import Table
from osallisuus.model.sink import (
    Known,
    Part,
    Position,
    Published,
    published_columns,
    published_schema,
)
from osallisuus.sinks.columns import (
    batches_of,
    gathered,
    joined,
    outdated,
    summed_up,
    texts,
    write_options,
)
from osallisuus.sinks.manifest import damaged
from osallisuus.whole import flush_folder

__all__ = ["DeltaTable", "deltalake", "paths_of"]

_APPLICATION: Final = "osallisuus"
"""Under this name each commit of a table says up to which commit of the store it is."""
_CHECKPOINT_EVERY: Final = 20
_OTHERWISE: Final = "a table of the copy is not as it was published"
_GONE: Final = "gone_"
"""The column of a merge that says which rows are to go; no table of ours has it."""
_LAST: Final = "_last_checkpoint"
"""The file of the log that names its last checkpoint."""
_ROOM: Final = ".checkpoint"
"""The folder in which a checkpoint is made before it is one of the table."""
_UNFINISHED: Final = re.compile(r".*#\d+|_commit_.*\.tmp")
"""The names of files that a writer was stopped in; Delta's own clearing passes over them."""


def deltalake() -> Any:
    """The library; :class:`PluginError` without the extra ``lakehouse``."""
    return library("deltalake", "lakehouse")


def paths_of(table: Any, folder: Path) -> list[str]:
    """The files of a table as paths: Delta writes a blank in the name of the folder otherwise."""
    return sorted(str(folder / uri.rpartition("/")[2]) for uri in table.file_uris())


class DeltaTable:
    """One Delta table while it is written."""

    def __init__(self, folder: Path, table: Table) -> None:
        self._folder, self._of = folder, table
        self._flushed: set[str] = set()
        self._opened: Any = None
        self._version = 0
        # an older version must stay readable until the manifest names the next
        self._after = {
            "post_commithook_properties": deltalake().PostCommitHookProperties(
                create_checkpoint=False, cleanup_expired_logs=False
            )
        }

    @cached_property
    def _schema(self) -> Any:
        return published_schema(self._of)

    @cached_property
    def _write(self) -> Any:
        return _writing(self._of)

    def version(self) -> int:
        """The version that was written last."""
        return self._version if self._opened is None else int(self._opened.version())

    @property
    def _delta(self) -> Any:
        """The table, opened when it is needed."""
        if self._opened is None:
            self._opened = deltalake().DeltaTable(str(self._folder))
            names = [field.name for field in self._opened.schema().fields]
            if names != self._schema.names or self._opened.version() < self._version:
                raise damaged(self._folder, _OTHERWISE)
        return self._opened

    def settle(self, version: int | None) -> None:
        """Undo what is beyond *version*; with ``None`` nothing is there so far, and it is made."""
        if version is None:
            # what a first writer left when it was stopped may be torn, and nobody was told of it
            shutil.rmtree(self._folder, ignore_errors=True)
        self._opened, self._version = None, version or 0
        self._flushed = self._swept() - self._torn(self._version)
        newest = max(map(_commit_of, self._flushed), default=-1)
        if version is None:
            self._make()
        elif newest < version:
            raise damaged(self._folder, _OTHERWISE)
        elif newest > version:
            self._flushed = set()  # whoever has written it was stopped before that
            self._delta.restore(version, **self._after)
            self._flush()

    def _swept(self) -> set[str]:
        """The files that are there, without those that a writer was stopped in."""
        shutil.rmtree(self._folder / _ROOM, ignore_errors=True)
        inside = set(self._inside())
        unfinished = {file for file in inside if _UNFINISHED.fullmatch(file.rpartition("/")[2])}
        for file in unfinished:
            Path(file).unlink()
        return inside - unfinished

    def _torn(self, version: int) -> set[str]:
        """The commits beyond *version* from the first one on that a power cut has torn: they go.

        Nobody could open the table past it.
        """
        beyond = {_commit_of(file): file for file in self._inside() if _commit_of(file) > version}
        torn = min((number for number, file in beyond.items() if not _is_whole(file)), default=None)
        if torn is None:
            return set()
        gone = {file for number, file in beyond.items() if number >= torn}
        for file in gone:
            Path(file).unlink()
        flush_folder(self._folder / "_delta_log")
        return gone

    def _make(self) -> None:
        self._folder.mkdir(mode=0o700, exist_ok=True)
        harmless = ",".join(summed_up(self._of))
        statistics = (
            {"delta.dataSkippingStatsColumns": harmless}
            if harmless
            else {"delta.dataSkippingNumIndexedCols": "0"}
        )
        kept = dict.fromkeys(
            ("delta.logRetentionDuration", "delta.deletedFileRetentionDuration"),
            "interval 0 days",
        )
        self._opened = deltalake().DeltaTable.create(
            str(self._folder),
            schema=self._schema,
            mode="ignore",
            configuration=statistics | kept | {"delta.enableExpiredLogCleanup": "false"},
            **self._after,
        )
        self._flush()
        flush_folder(self._folder.parent)

    def put(
        self,
        parts: Iterable[Part],
        upto: Position,
        known: Known | None = None,
        *,
        look: bool = True,
    ) -> Published:
        """Write the parts, and take out what they or *known* say is gone, in one commit.

        Unless *look*, every row is new.
        """
        removed: set[str] = set()
        tables = batches_of(self._of, gathered(parts, removed))
        files = paths_of(self._delta, self._folder) if look else []
        if not files:
            return Published(self._append(tables, upto))
        rows = _whole(tables, self._schema)
        fresh, gone = joined(rows.column("id").chunks), texts(removed)
        found = [outdated(self._of, file, fresh, gone, known) for file in files]
        going = {one for ids, _ in found for one in ids.to_pylist()}
        if going:
            self._merge(rows, going, upto)
        elif rows.num_rows:
            self._append([rows], upto)
        return Published(rows.num_rows, sum(count for _, count in found))

    def _append(self, tables: Iterable[Any], upto: Position) -> int:
        """Append the rows, if there are any; how many there were."""
        counted = _Counted(tables)
        first = next(counted, None)
        if first is None:
            return 0
        arrow = library("pyarrow", "lakehouse")
        batches = (batch for rows in chain([first], counted) for batch in rows.to_batches())
        deltalake().write_deltalake(
            self._delta,
            arrow.RecordBatchReader.from_batches(self._schema, batches),
            mode="append",
            writer_properties=self._write,
            commit_properties=_marked(upto),
            **self._after,
        )
        self._written()
        return counted.rows

    def _merge(self, rows: Any, going: set[str], upto: Position) -> None:
        """Put *rows* in the place of those with their ids, and take out the others of *going*."""
        arrow = library("pyarrow", "lakehouse")
        ids = texts(going.difference(rows.column("id").to_pylist()))
        nothing = [arrow.nulls(len(ids), field.type) for field in self._schema]
        empty = arrow.Table.from_arrays(nothing, schema=self._schema)
        gone = empty.set_column(0, self._schema.field(0), ids)
        marks = arrow.chunked_array([[False] * rows.num_rows, [True] * len(ids)], arrow.bool_())
        source = arrow.concat_tables([rows, gone]).append_column(_GONE, marks)
        (
            self._delta.merge(
                source,
                predicate="target.id = source.id",
                source_alias="source",
                target_alias="target",
                # otherwise the least and the greatest id of the source are written into the log
                streamed_exec=True,
                writer_properties=self._write,
                commit_properties=_marked(upto),
                **self._after,
            )
            .when_matched_delete(predicate=f"source.{_GONE}")
            .when_matched_update_all(except_cols=[_GONE])
            .when_not_matched_insert_all(predicate=f"NOT source.{_GONE}", except_cols=[_GONE])
            .execute()
        )
        self._written()

    def _written(self) -> None:
        self._flush()
        if self.version() % _CHECKPOINT_EVERY == 0:
            self._checkpoint()

    def _checkpoint(self) -> None:
        """Write down where the log stands, so that nobody has to read all of it.

        Delta names a checkpoint before it is on the disk, and after a power cut nothing could be
        read past one that is torn. So it is made of a copy of the log, and moved in once it is whole.
        """
        log, room = self._folder / "_delta_log", self._folder / _ROOM
        copied = room / log.name
        shutil.copytree(log, copied, copy_function=shutil.copyfile)
        deltalake().DeltaTable(str(room)).create_checkpoint()
        there = {_LAST, *(file.name for file in log.iterdir())}
        made = [file for file in copied.iterdir() if file.name not in there]
        for file in (*made, copied / _LAST):  # what names the others is the last
            with file.open("rb+") as written:
                os.fsync(written.fileno())
            file.replace(log / file.name)
            flush_folder(log)
        shutil.rmtree(room)
        self._flush()

    def pack(self) -> None:
        """Put the rows into fewer files."""
        if len(paths_of(self._delta, self._folder)) > 1:
            self._delta.optimize.compact(writer_properties=self._write, **self._after)
            self._flush()

    def clear_files(self) -> None:
        """Take away every file that the last version does not name."""
        if self.version():
            self._delta.vacuum(
                retention_hours=0,
                enforce_retention_duration=False,
                dry_run=False,
                full=True,
                **self._after,
            )
            self._flush()
            self._checkpoint()

    def clear_log(self) -> None:
        """Take away the log of the versions before the last."""
        if self.version():
            self._delta.cleanup_metadata()
            self._flush()

    def _inside(self) -> list[str]:
        """The files of the table and of its log."""
        found = []
        for folder in (str(self._folder), f"{self._folder}/_delta_log"):
            if os.path.isdir(folder):  # noqa: PTH112 - this is asked of every table each time
                with os.scandir(folder) as inside:
                    found += [f"{folder}/{one.name}" for one in inside if one.is_file()]
        return found

    def _flush(self) -> None:
        """See that every file that has come since, and every name, is on the disk."""
        for file in self._inside():
            if file not in self._flushed or file.endswith(_LAST):
                with Path(file).open("rb+") as written:
                    os.fsync(written.fileno())
                self._flushed.add(file)
        for folder in (self._folder / "_delta_log", self._folder):
            flush_folder(folder)


def _commit_of(file: str) -> int:
    """The version that a file of the log makes; -1 for another file."""
    name, _, suffix = file.rpartition("/")[2].partition(".")
    return int(name) if suffix == "json" and name.isdecimal() else -1


def _is_whole(file: str) -> bool:
    """Whether a commit of the log can be read."""
    try:
        return all(map(json.loads, Path(file).read_bytes().splitlines() or [b""]))
    except ValueError:
        return False


def _writing(table: Table) -> Any:
    """How Parquet is written, as :func:`~osallisuus.sinks.columns.write_options` says it."""
    delta, options = deltalake(), write_options(table)
    repeated, told = (options[one] or () for one in ("use_dictionary", "write_statistics"))
    columns = {
        column.sql_name: delta.ColumnProperties(
            dictionary_enabled=column.sql_name in repeated,
            statistics_enabled="CHUNK" if column.sql_name in told else "NONE",
        )
        for column in published_columns(table)
    }
    return delta.WriterProperties(
        compression=options["compression"].upper(),
        default_column_properties=delta.ColumnProperties(statistics_enabled="NONE"),
        column_properties=columns,
    )


class _Counted(Iterator[Any]):
    """Tables of rows, counted as they pass."""

    def __init__(self, tables: Iterable[Any]) -> None:
        self._tables = iter(tables)
        self.rows = 0

    def __next__(self) -> Any:
        rows = next(self._tables)
        self.rows += rows.num_rows
        return rows


def _whole(tables: Iterable[Any], schema: Any) -> Any:
    every = list(tables)
    arrow = library("pyarrow", "lakehouse")
    return arrow.concat_tables(every) if every else schema.empty_table()


def _marked(upto: Position) -> Any:
    """What a commit says of itself; two writers of one range cannot both succeed."""
    delta = deltalake()
    return delta.CommitProperties(app_transactions=[delta.Transaction(_APPLICATION, upto.tx)])
