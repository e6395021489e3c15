"""The DuckDB engine: over the files of a published copy, or a private copy of any store.

Columns are counted much faster than rows in place, so a register takes this engine by itself where
its extra is there and the facts are many. A table is read when it is first asked for, and of it
only what SQL may read: no free text, and nothing of who must not share a group. What does not fit
into memory goes to a folder that only its owner can read; closing the engine takes it away.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar, Final, TypeVar

from osallisuus.errors import EngineError
from osallisuus.extra import library
from osallisuus.metrics.engine import ENGINE_API, Dialect, EngineKind, Query, With
from osallisuus.metrics.relations import logical_columns
from osallisuus.model.arrow import read_arrow
from osallisuus.model.facts import TABLES, Table
from osallisuus.model.store import Store

__all__ = ["DUCKDB", "DuckDBEngine"]

T = TypeVar("T")

DUCKDB: Final = Dialect(
    name="duckdb",
    days="(CAST({b} AS DATE) - CAST({a} AS DATE))",
    day="CAST(substr({a}, 1, 10) AS DATE)",
    mark="${}",
)
_PARAMETER: Final = re.compile(r"\$([a-z][a-z0-9_]*)")
_SETTINGS: Final = {
    # nothing is fetched, and nothing that others keep for DuckDB is read
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_persistent_secrets": "false",
}
_AT_ONCE: Final = 250_000
"""Rows that are copied at a time."""
_MEMORY: Final = "let the engine have more memory: DuckDBEngine.limited(memory='8GB')"
_FILES: Final = "see osallisuus verify for what is wrong with a published copy"
_DISK: Final = (
    f"check the files and the free space; {_FILES}; DuckDBEngine.limited(spill=...) names a folder"
)
_SQL: Final = "check the metric's SQL"
_REASONS: Final = {
    "InvalidInputException": ("a file is damaged, or a value does not fit", f"{_FILES}; {_SQL}"),
    "OutOfMemoryException": ("the memory that it may use is not enough", _MEMORY),
    "IOException": ("a file cannot be read, or written", _DISK),
    "InterruptException": ("it was interrupted", "ask again"),
}
_BEFORE_ANY_ROW: Final = ("BinderException", "CatalogException", "ParserException")
"""Errors about the text alone: they name tables and columns."""


class DuckDBEngine:
    """Answers queries by DuckDB. Needs the extra ``duckdb``."""

    api_version: ClassVar[int] = ENGINE_API
    dialect = DUCKDB

    def __init__(
        self,
        store: Store,
        *,
        known_at: int | None = None,
        memory: str | None = None,
        threads: int | None = None,
        spill: str | Path | None = None,
    ) -> None:
        self._store, self._known_at = store, known_at
        self._in_files = "files" in store.capabilities
        if self._in_files and known_at is not None:
            raise EngineError(
                "a published copy holds the facts of now only",
                where="known_at",
                remedy="ask the store that it was made from",
            )
        duckdb = library("duckdb", "duckdb")
        self._foreign = (duckdb.Error, library("pyarrow", "duckdb").ArrowException)
        if known_at is None and "history" in store.capabilities:
            self._known_at = store.head()  # tables that are read later are of the same commit
        self._read: set[str] = set()
        self._held = ExitStack()
        folder = self._held.enter_context(_private_folder(spill))
        limits = {"memory_limit": memory, "threads": threads, "temp_directory": folder}
        settings = _SETTINGS | {name: value for name, value in limits.items() if value is not None}
        try:
            self._connection = _tried(
                lambda: duckdb.connect(":memory:", config=settings), self._foreign, _unusable
            )
        except EngineError:
            self._held.close()
            raise
        self._held.callback(self._connection.close)

    @classmethod
    def open(cls, store: Store, *, known_at: int | None = None) -> DuckDBEngine:
        """See :class:`osallisuus.metrics.engine.EngineKind`."""
        return cls(store, known_at=known_at)

    @classmethod
    def limited(
        cls,
        *,
        memory: str | None = None,
        threads: int | None = None,
        spill: str | Path | None = None,
    ) -> EngineKind:
        """This engine within limits: ``osa.open(place, engine=DuckDBEngine.limited(memory="2GB"))``.

        *memory* is a size such as ``2GB`` (DuckDB's own limit is 80 % of the machine's), *threads*
        how many may work at once, *spill* a folder in which to make the private one for what does
        not fit.
        """
        return With(cls, {"memory": memory, "threads": threads, "spill": spill})

    def table(self, name: str) -> str:
        """See :class:`osallisuus.metrics.engine.Engine`; a table is read when it is asked for."""
        if name not in self._read:
            _tried(lambda: self._take_in(TABLES[name]), self._foreign, _unread)
            self._read.add(name)
        return f"main.{name}"

    def _take_in(self, table: Table) -> None:
        columns = ", ".join(column.sql_name for column in logical_columns(table))
        if not columns:
            raise EngineError(
                "who is in this table is never counted",
                where=table.name,
                remedy="such judgements die with their group; ask something else",
            )
        files: Sequence[str | Path] = ()
        if self._in_files:
            files = getattr(self._store, "files")(table)  # noqa: B009 - no part of the port
        if files:
            listed = ", ".join("'" + str(file).replace("'", "''") + "'" for file in files)
            source = f"read_parquet([{listed}], hive_partitioning = false)"
            self._connection.execute(
                f"CREATE VIEW main.{table.name} AS SELECT {columns} FROM {source}"
            )
            return
        reader = read_arrow(self._store, table, known_at=self._known_at)
        made = f"CREATE TABLE main.{table.name} AS SELECT {columns} FROM read_"
        self._take(reader.schema.empty_table(), made)
        # not the reader itself: DuckDB would read it in a thread of its own, and stores have one
        for part in _parts(reader):
            self._take(part, f"INSERT INTO main.{table.name} SELECT {columns} FROM read_")

    def _take(self, rows: Any, sql: str) -> None:
        self._connection.register("read_", rows)
        try:
            self._connection.execute(sql)
        finally:
            self._connection.unregister("read_")

    def rows(self, query: Query) -> list[tuple[Any, ...]]:
        """See :class:`osallisuus.metrics.engine.Engine`."""
        # DuckDB refuses a value that the text does not name
        wanted = set(_PARAMETER.findall(query.sql))
        named = {name: value for name, value in query.params.items() if name in wanted}
        return _tried(
            lambda: self._connection.execute(query.sql, named).fetchall(), self._foreign, _explained
        )

    def close(self) -> None:
        """See :class:`osallisuus.metrics.engine.Engine`."""
        self._held.close()


def _parts(reader: Any) -> Iterator[Any]:
    """The batches of an Arrow reader, together as tables of many rows."""
    arrow = library("pyarrow", "duckdb")
    held: list[Any] = []
    for batch in reader:
        held.append(batch)
        if sum(one.num_rows for one in held) >= _AT_ONCE:
            yield arrow.Table.from_batches(held)
            held = []
    if held:
        yield arrow.Table.from_batches(held)


def _tried(
    work: Callable[[], T],
    foreign: type[Exception] | tuple[type[Exception], ...],
    explained: Callable[[Exception], EngineError],
) -> T:
    """What *work* gives; a foreign error in it as one of ours, outside the ``except`` block."""
    try:
        return work()
    except foreign as error:
        raised = explained(error)
    raise raised


def _explained(error: Exception) -> EngineError:
    name = type(error).__name__
    if name in _BEFORE_ANY_ROW:
        what, remedy = str(error).split("\n", 1)[0], _SQL
    else:
        what, remedy = _REASONS.get(name, (name, _SQL))
    return EngineError(f"DuckDB: {what}", where="duckdb", remedy=remedy)


def _unread(error: Exception) -> EngineError:
    name = type(error).__name__
    what, remedy = _REASONS.get(name, (f"the facts cannot be read: {name}", "check the store"))
    return EngineError(f"DuckDB: {what}", where="duckdb", remedy=remedy)


def _private_folder(spill: str | Path | None) -> TemporaryDirectory[str]:
    return _tried(
        lambda: TemporaryDirectory(prefix="osallisuus-", dir=spill),
        OSError,
        lambda _: _unwritable(),
    )


def _unwritable() -> EngineError:
    return EngineError("DuckDB has no folder to spill to", where="spill", remedy=_DISK)


def _unusable(error: Exception) -> EngineError:
    remedy = "write a size such as '2GB', and at least one thread"
    return EngineError("DuckDB cannot work within this", where="memory, threads", remedy=remedy)
