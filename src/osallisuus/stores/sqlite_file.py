"""A SQLite file as our stores lay it out: its tables, its marks, and who may read it."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

from osallisuus.errors import StoreError
from osallisuus.model.columns import TYPES
from osallisuus.model.facts import TABLES
from osallisuus.stores.sql_database import BOOKS, SCHEMA_VERSION, columns_of, store_tables
from osallisuus.whole import whole

__all__ = ["APPLICATION", "LEDGER", "fill", "make_private", "make_tables", "new_copy", "write_copy"]

APPLICATION: Final = 0x6F73616C
"""The ``application_id``, "osal": tells our files from other SQLite files."""
_TYPES: Final = {"tx": "INTEGER", "moment": "TEXT"} | {
    name: kind.sql for name, kind in TYPES.items()
}
LEDGER: Final = (
    """CREATE TRIGGER releases_in_order BEFORE INSERT ON releases
    WHEN NEW.number <> (SELECT COALESCE(MAX(number), 0) + 1 FROM releases)
    BEGIN SELECT RAISE(ABORT, 'releases are numbered in order'); END""",
    """CREATE TRIGGER releases_stay BEFORE UPDATE ON releases
    BEGIN SELECT RAISE(ABORT, 'a release stays as it was'); END""",
    """CREATE TRIGGER releases_are_kept BEFORE DELETE ON releases
    BEGIN SELECT RAISE(ABORT, 'a release is never taken out'); END""",
)
"""What keeps releases; REPLACE counts as an insert out of order, so its deletes do not matter."""


def make_tables(database: sqlite3.Connection) -> None:
    """Make every table and mark the file as ours, inside the transaction that is open."""
    for statement in (*store_tables(_TYPES, options="STRICT"), *LEDGER):
        database.execute(statement)
    database.execute(f"PRAGMA application_id = {APPLICATION}")
    database.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


def fill(database: sqlite3.Connection, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
    """Write rows of :func:`~osallisuus.stores.sql_database.columns_of` to any table of a store."""
    names = columns_of(table)
    marks = ", ".join("?" * (names.count(",") + 1))
    database.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)


@contextmanager
def new_copy(target: Path) -> Iterator[sqlite3.Connection]:
    """An empty new file to fill; it is at *target* when the block has ended without an error."""
    with whole(target, what="snapshot") as file:
        make_private(str(file))
        with closing(sqlite3.connect(file, isolation_level=None)) as copy:
            yield copy


def write_copy(target: Path, rows: Callable[[str], Iterable[tuple[Any, ...]]]) -> int:
    """Write the *rows* of every table of a store to a new file; the last commit in it.

    *rows* says for a table what stands in :func:`~osallisuus.stores.sql_database.columns_of`.
    """
    reason = ""
    try:
        with new_copy(target) as copy:
            copy.execute("BEGIN")
            make_tables(copy)
            for table in (*BOOKS, *TABLES):
                fill(copy, table, rows(table))
            copy.execute("COMMIT")
            (last,) = copy.execute("SELECT COALESCE(MAX(tx), 0) FROM journal").fetchone()
            return int(last)
    except sqlite3.Error as error:
        reason = error.sqlite_errorname
    raise StoreError(
        f"the snapshot cannot be written: {reason}",
        where=str(target),
        remedy="check its folder and the space there",
    )


def make_private(path: str) -> None:
    """An empty file that only its owner can read, before anything is written to it."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
        return
    except (OSError, ValueError) as error:  # a path may hold a NUL
        reason = getattr(error, "strerror", None) or "not a path"
    raise StoreError(
        f"the store cannot be made: {reason.lower()}", where=path, remedy="check folder and rights"
    )
