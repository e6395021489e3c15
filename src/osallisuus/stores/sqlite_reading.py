"""The file of a SQLite store as whoever only reads it sees it."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Collection, Generator, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, Self

from osallisuus.errors import Problem, StoreBusy, StoreError
from osallisuus.stores.sql import SQLStore
from osallisuus.stores.sql_database import SCHEMA_VERSION, columns_of, other_version, own_errors
from osallisuus.stores.sqlite_file import APPLICATION
from osallisuus.time import Clock

__all__ = ["BUSY_SECONDS", "SAFE_TO_READ", "SQLiteReader", "reason_of"]

BUSY_SECONDS: Final = 30.0
SAFE_TO_READ: Final = """
PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;
"""

_REASONS = {
    "SQLITE_BUSY": ("another program is writing to the store", "try again when it has ended"),
    "SQLITE_NOTADB": ("this is not a SQLite file", "name a file made by this library"),
    "SQLITE_CORRUPT": ("the file is damaged", "take the last backup"),
    "SQLITE_READONLY": ("the store cannot be written", "check the rights to file and folder"),
    "SQLITE_FULL": ("the disk is full", "free some space; nothing was stored"),
    "SQLITE_CANTOPEN": ("the store cannot be opened", "check the folder and its rights"),
    "SQLITE_IOERR": ("the disk failed to read or write", "check the disk; nothing was stored"),
    "ProgrammingError": (
        "the store is closed, or belongs to another thread",
        "open it again, in the thread that uses it",
    ),
}


def reason_of(error: Exception) -> tuple[str, str]:
    """What an error of SQLite says, and what would help."""
    name = getattr(error, "sqlite_errorname", "") or type(error).__name__
    for code, reason in _REASONS.items():
        if name == code or name.startswith(f"{code}_"):  # such as SQLITE_READONLY_DIRECTORY
            return reason
    return f"SQLite says {name}", "see the documentation of SQLite's codes"


class SQLiteReader(SQLStore):
    """A store in a file that is only read, such as a snapshot; a subclass writes too."""

    foreign: tuple[type[Exception], ...] = (sqlite3.Error,)
    connection: sqlite3.Connection

    def __init__(self, path: str, clock: Clock) -> None:
        self.where = path
        self.clock = clock
        self._process = os.getpid()

    @classmethod
    def opened(cls, path: str, clock: Clock) -> Self:
        """The store in that file; not a byte of it is changed, and nobody need be able to."""
        store = cls(path, clock)
        store._open_to_read()
        return store

    @own_errors
    def _open_to_read(self) -> None:
        address = f"{Path(self.where).absolute().as_uri()}?mode=ro"
        self.connection = sqlite3.connect(
            address, uri=True, isolation_level=None, timeout=BUSY_SECONDS
        )
        try:
            self.connection.executescript(SAFE_TO_READ)
            self.check_version(any_version=False)
        except BaseException:
            self.connection.close()
            raise

    def check_version(self, any_version: bool) -> None:
        """Refuse a file that is no store of ours, or unless *any_version* one of another version."""
        if self.pragma("application_id") != APPLICATION:
            raise StoreError(
                "this SQLite file is not a store of this library",
                where=self.where,
                remedy="name another file",
            )
        if self.version() != SCHEMA_VERSION and not any_version:
            raise other_version(self.version(), self.where)

    def pragma(self, name: str) -> int:
        """What SQLite keeps under that name in the file."""
        return int(self.run(f"PRAGMA {name}").fetchone()[0])

    def version(self) -> int:
        """See :class:`osallisuus.stores.sql_database.SQLDatabase`."""
        return self.pragma("user_version")

    def explained(self, error: Exception) -> StoreError:
        """See :class:`osallisuus.stores.sql_database.SQLDatabase`."""
        if isinstance(error, OSError):
            text = (error.strerror or type(error).__name__).lower()
            return StoreError(
                f"the store cannot be opened: {text}",
                where=self.where,
                remedy="check the folder and its rights",
            )
        what, remedy = reason_of(error)
        kind = StoreBusy if what == _REASONS["SQLITE_BUSY"][0] else StoreError
        return kind(what, where=self.where, remedy=remedy)

    def refuse_fork(self) -> None:
        """Refuse to go on in a child process: its copy of SQLite's locks would mean nothing."""
        if os.getpid() != self._process:
            raise StoreError(
                "a store is not carried over a fork", where=self.where, remedy="open it again"
            )

    def run(self, sql: str, values: Sequence[Any] = ()) -> sqlite3.Cursor:
        """See :class:`osallisuus.stores.sql_database.SQLDatabase`."""
        return self.connection.execute(sql, values)

    def stream(
        self, sql: str, values: Sequence[Any], batch: int
    ) -> Generator[list[tuple[Any, ...]], None, None]:
        """See :class:`osallisuus.stores.sql_database.SQLDatabase`."""
        cursor = self.run(sql, values)
        try:
            yield from iter(lambda: cursor.fetchmany(batch), [])
        finally:
            with suppress(sqlite3.ProgrammingError):  # the store was closed before
                cursor.close()

    @own_errors
    def has(self, table: str) -> set[str]:
        """The columns of a table of this file that checks its types; none of anything else.

        A view could run for ever, and a table that checks nothing could hold anything.
        """
        real = "SELECT 1 FROM pragma_table_list WHERE type = 'table' AND strict AND name = ?"
        if not self.run(real, (table,)).fetchone():
            return set()
        return {row[1] for row in self.run(f"PRAGMA table_info({table})").fetchall()}

    def rows(self, table: str) -> Iterator[list[tuple[Any, ...]]]:
        """All rows of any table in parts, in the order in which they were written."""
        names = columns_of(table)
        yield from self._streamed(f"SELECT {names} FROM {table} ORDER BY rowid", (), 20_000)

    def let_go(self) -> None:
        """See :class:`osallisuus.stores.sql_database.SQLDatabase`."""
        with suppress(AttributeError, sqlite3.Error):  # not open yet, or not any more
            if self.connection.in_transaction:
                self.run("ROLLBACK")

    def among(self, column: str) -> str:
        """See :class:`osallisuus.stores.sql_database.SQLDatabase`."""
        return f"{column} IN (SELECT value FROM json_each(?))"

    def listed(self, values: Collection[str]) -> str:
        """See :class:`osallisuus.stores.sql_database.SQLDatabase`."""
        return json.dumps(list(values))

    def damage(self) -> Iterator[Problem]:
        """See :class:`osallisuus.stores.sql_database.SQLDatabase`."""
        found = self.run("PRAGMA integrity_check(10)").fetchall()
        if found != [("ok",)]:
            yield Problem("the file is damaged", self.where, "take the last backup")

    def close(self) -> None:
        """See :class:`osallisuus.model.store.Store`."""
        # in a child process the file stays with its parent
        if os.getpid() == self._process:
            self._close()

    @own_errors
    def _close(self) -> None:
        self.connection.close()
