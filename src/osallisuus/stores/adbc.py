"""Whole tables as Arrow by the ADBC drivers: many times faster than row by row in Python."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from urllib.parse import quote

from osallisuus.errors import StoreError
from osallisuus.extra import library
from osallisuus.model.arrow import arrow_schema
from osallisuus.model.facts import Table

__all__ = ["from_postgresql", "from_sqlite", "has_driver"]

_FIRST: Final = {"date": "'2000-01-01'", "integer": "0", "number": "0.5"}
"""One value of each type, from which the driver for SQLite guesses what a column holds."""

_BATCHES: Final = {"adbc.sqlite.query.batch_rows": "4096"}
"""More rows than the driver takes at once by itself: each batch costs; few enough for long texts."""
_PRIVATE: Final = "PRAGMA page_size = 65536; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF"
"""The settings of a copy that is written once, read once from end to end and thrown away."""


def has_driver(database: str) -> bool:
    """Whether pyarrow and the ADBC driver for ``sqlite`` or ``postgresql`` are installed."""
    return all(find_spec(name) for name in ("pyarrow", f"adbc_driver_{database}"))


def from_sqlite(file: str, table: Table, visible: str) -> Any:
    """The visible rows of *table* in the store *file*, by way of a private copy.

    The driver has a SQLite of its own, and a second SQLite in one process must never open the
    live file: closing it there would drop the locks of the first.
    """
    driver = library("adbc_driver_sqlite.dbapi", "arrow")

    def batches(schema: Any) -> Iterator[Any]:
        with TemporaryDirectory(prefix="osallisuus-") as folder:
            copy = Path(folder) / "facts.db"
            _copy(file, table, visible, copy)
            yield None
            with driver.connect(str(copy)) as connection, connection.cursor() as cursor:
                cursor.adbc_statement.set_options(**_BATCHES)
                cursor.execute("SELECT * FROM facts")
                skipped = 1
                for batch in cursor.fetch_record_batch():
                    yield batch.slice(skipped).cast(schema)
                    skipped = 0

    return _reader(table, batches)


def _copy(file: str, table: Table, visible: str, copy: Path) -> None:
    names = ", ".join(column.sql_name for column in table.columns)
    first = ", ".join(
        f"{_FIRST.get(column.type.name, chr(39) * 2)} AS {column.sql_name}"
        for column in table.columns
    )
    with closing(sqlite3.connect(copy, isolation_level=None, uri=True, timeout=30)) as database:
        database.executescript(_PRIVATE)
        database.execute("ATTACH ? AS store", (f"file:{quote(file)}?mode=ro",))
        database.execute(
            f"CREATE TABLE facts AS SELECT {first} UNION ALL"
            f" SELECT {names} FROM store.{table.name} WHERE {visible}"
        )


def from_postgresql(url: str, schema: str, table: Table, visible: str) -> Any:
    """The visible rows of *table* in a schema of the database at *url*."""
    driver = library("adbc_driver_postgresql.dbapi", "arrow")
    names = ", ".join(column.sql_name for column in table.columns)
    query = f'SELECT {names} FROM "{schema}".{table.name} WHERE {visible}'

    def batches(expected: Any) -> Iterator[Any]:
        with driver.connect(url) as connection, connection.cursor() as cursor:
            cursor.execute(query)
            yield None
            for batch in cursor.fetch_record_batch():
                yield batch.cast(expected)

    return _reader(table, batches)


def _reader(table: Table, batches: Callable[[Any], Iterator[Any]]) -> Any:
    """A reader over *batches*, which first of all yield nothing once they are ready."""
    arrow = library("pyarrow", "arrow")
    schema = arrow_schema(table)
    rows = _told(batches(schema))
    next(rows)
    return arrow.RecordBatchReader.from_batches(schema, rows)


def _told(batches: Iterator[Any]) -> Iterator[Any]:
    """The same, with an error of the driver as one of ours: its own text may hold an address."""
    driver = library("adbc_driver_manager", "arrow")
    reason = ""
    try:
        yield from batches
    except driver.Error as error:
        reason = getattr(error, "sqlstate", None) or type(error).__name__
    if reason:
        raise StoreError(
            f"the facts could not be read as Arrow: {reason}",
            where="ADBC",
            remedy="try again; without the ADBC driver they are read row by row",
        )
