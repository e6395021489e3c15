"""Facts in one SQLite file, by the standard library alone.

The layout is that of :mod:`osallisuus.stores.sql`. The settings are those under which an
acknowledged write survives a power cut (write-ahead log and full synchronisation); do not put the
file on a network folder. No other library may open the file while a store of this process has it
open: closing it there would drop SQLite's locks, and acknowledged commits with them.
"""

from __future__ import annotations

import json
import os
import secrets
import sqlite3
from collections.abc import Collection, Generator, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from osallisuus.errors import Problem, StoreBusy, StoreError
from osallisuus.model.facts import TABLES, Table
from osallisuus.stores.adbc import from_sqlite, has_driver
from osallisuus.stores.sql import SQLStore
from osallisuus.stores.sql_database import SCHEMA_VERSION, other_version, own_errors
from osallisuus.stores.sqlite_file import APPLICATION, make_private, make_tables, new_copy
from osallisuus.stores.sqlite_steps import STEPS
from osallisuus.stores.upgrading import Upgraded, upgraded
from osallisuus.time import Clock

__all__ = ["SQLiteStore"]

_BUSY_SECONDS: Final = 30.0
_SETTINGS: Final = """
PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY;
PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0;
PRAGMA cache_size = -65536;
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


def _reason(error: Exception) -> tuple[str, str]:
    name = getattr(error, "sqlite_errorname", "") or type(error).__name__
    for code, reason in _REASONS.items():
        if name == code or name.startswith(f"{code}_"):  # such as SQLITE_READONLY_DIRECTORY
            return reason
    return f"SQLite says {name}", "see the documentation of SQLite's codes"


class SQLiteStore(SQLStore):
    """A store in one file; see the module for its layout and settings."""

    foreign: tuple[type[Exception], ...] = (sqlite3.Error,)

    def __init__(
        self, path: str, clock: Clock, *, create: bool = True, any_version: bool = False
    ) -> None:
        self.where = path
        self._clock = clock
        self._process = os.getpid()
        if path != ":memory:" and has_driver("sqlite"):
            self.capabilities = self.capabilities | {"arrow"}
        self._open(path, create, any_version)

    @classmethod
    def open(cls, place: str, *, clock: Clock, create: bool = True, **options: Any) -> SQLiteStore:
        """Open the file *place*, or make it if *create*."""
        return cls(place, clock, create=create)

    @classmethod
    def upgrade(cls, place: str, *, clock: Clock, dry_run: bool = False) -> Upgraded:
        """Bring the file *place* to the schema version of this library, or only see what it takes.

        Make a backup first. Raises :class:`~osallisuus.errors.StoreError` where there is no store,
        or one of a newer version.
        """
        with closing(cls(place, clock, create=False, any_version=True)) as store:
            return upgraded(store, STEPS, dry_run=dry_run)

    def version(self) -> int:
        """See :class:`osallisuus.stores.sql_database.SQLDatabase`."""
        return self._pragma("user_version")

    def set_version(self, version: int) -> None:
        """See :class:`osallisuus.stores.sql_database.SQLDatabase`."""
        self.run(f"PRAGMA user_version = {version:d}")

    def explained(self, error: Exception) -> StoreError:
        """See :class:`osallisuus.stores.sql_database.SQLDatabase`."""
        if isinstance(error, OSError):
            text = (error.strerror or type(error).__name__).lower()
            return StoreError(
                f"the store cannot be opened: {text}",
                where=self.where,
                remedy="check the folder and its rights",
            )
        what, remedy = _reason(error)
        kind = StoreBusy if what == _REASONS["SQLITE_BUSY"][0] else StoreError
        return kind(what, where=self.where, remedy=remedy)

    def refuse_fork(self) -> None:
        """Refuse to go on in a child process: its copy of SQLite's locks would mean nothing."""
        if os.getpid() != self._process:
            raise StoreError(
                "a store is not carried over a fork", where=self.where, remedy="open it again"
            )

    # ---- opening ---------------------------------------------------------------------------

    @own_errors
    def _open(self, path: str, create: bool, any_version: bool) -> None:
        file = Path(path)
        if path != ":memory:" and not file.exists():
            if not create:
                raise StoreError(
                    "there is no store", where=path, remedy="import a fact folder into it"
                )
            make_private(path)
        self.connection = sqlite3.connect(
            path, isolation_level=None, cached_statements=256, timeout=_BUSY_SECONDS
        )
        try:
            self._prepare(create, any_version)
        except BaseException:
            self.connection.close()
            raise

    def _prepare(self, create: bool, any_version: bool) -> None:
        # a stranger's file must stay as it is, so nothing is set before this is known
        if self._is_blank():
            if not create:
                raise StoreError(
                    "there is no store", where=self.where, remedy="import a fact folder into it"
                )
        else:
            self._check_version(any_version)
        self.connection.executescript(_SETTINGS)
        (mode,) = self.connection.execute("PRAGMA journal_mode").fetchone()
        if mode != "wal" and self.where != ":memory:":
            raise StoreError(
                "this place does not allow a write-ahead log",
                where=self.where,
                remedy="put the file into a folder of this machine that you may write to",
            )
        self._make()

    def _is_blank(self) -> bool:
        """Whether nothing was ever made in the file, not even by a process that was stopped."""
        (tables,) = self.run("SELECT COUNT(*) FROM sqlite_schema").fetchone()
        return tables == 0 and self._pragma("application_id") == 0

    def _pragma(self, name: str) -> int:
        return int(self.run(f"PRAGMA {name}").fetchone()[0])

    def _make(self) -> None:
        """Make the tables of a new file, unless another process has made them meanwhile."""
        if not self._is_blank():
            return
        with self.writing():
            if not self._is_blank():
                return
            make_tables(self.connection)
            self.run("INSERT INTO about VALUES ('secret', ?)", (secrets.token_hex(32),))

    def _check_version(self, any_version: bool) -> None:
        if self._pragma("application_id") != APPLICATION:
            raise StoreError(
                "this SQLite file is not a store of this library",
                where=self.where,
                remedy="name another file",
            )
        if self.version() != SCHEMA_VERSION and not any_version:
            raise other_version(self.version(), self.where)

    # ---- the database ----------------------------------------------------------------------

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

    @contextmanager
    def writing(self) -> Iterator[None]:
        """See :class:`osallisuus.stores.sql_database.SQLDatabase`: a write lock from the first moment on."""
        database = self.connection
        database.execute("BEGIN IMMEDIATE")
        try:
            yield
            database.execute("COMMIT")
        except BaseException:
            if database.in_transaction:
                database.execute("ROLLBACK")
            raise

    def let_go(self) -> None:
        """See :class:`osallisuus.stores.sql_database.SQLDatabase`."""
        with suppress(AttributeError, sqlite3.Error):  # not open yet, or not any more
            if self.connection.in_transaction:
                self.run("ROLLBACK")

    def put(self, table: str, rows: list[tuple[Any, ...]], tx: int) -> None:
        """See :class:`osallisuus.stores.sql_database.SQLDatabase`."""
        marks = ", ".join("?" * len(TABLES[table].columns))
        self.connection.executemany(f"INSERT INTO {table} VALUES ({marks}, {tx:d}, NULL)", rows)

    def among(self, column: str) -> str:
        """See :class:`osallisuus.stores.sql_database.SQLDatabase`."""
        return f"{column} IN (SELECT value FROM json_each(?))"

    def listed(self, values: Collection[str]) -> str:
        """See :class:`osallisuus.stores.sql_database.SQLDatabase`."""
        return json.dumps(list(values))

    def clear_bytes(self, tables: Collection[str]) -> tuple[str, ...]:
        """See :class:`osallisuus.stores.sql_database.SQLDatabase`.

        Page splits leave copies that ``secure_delete`` does not see, so the file is written anew;
        what was written before stands in the write-ahead log as well, so that is emptied.
        """
        try:
            self.run("VACUUM")
            busy, *_ = self.run("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except sqlite3.OperationalError as error:
            return (f"the file could not be written anew: {_reason(error)[0]}",)
        return ("another program is reading the store, so its log was not emptied",) if busy else ()

    def damage(self) -> Iterator[Problem]:
        """See :class:`osallisuus.stores.sql_database.SQLDatabase`."""
        found = self.run("PRAGMA integrity_check(10)").fetchall()
        if found != [("ok",)]:
            yield Problem("the file is damaged", self.where, "take the last backup")

    @own_errors
    def snapshot(self, target: Path) -> int:
        """See :class:`osallisuus.model.store.Store`."""
        with new_copy(target) as copy:
            self.connection.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")
            query = "SELECT COALESCE(MAX(tx), 0) FROM journal"
            return int(copy.execute(query).fetchone()[0])

    @own_errors
    def arrow(self, table: Table, *, known_at: int | None = None) -> Any:
        """A table as :func:`osallisuus.model.arrow.read_arrow` gives it, by the ADBC driver."""
        (_, _, file) = self.run("PRAGMA database_list").fetchone()
        return from_sqlite(file, table, self.visible(known_at))

    def close(self) -> None:
        """See :class:`osallisuus.model.store.Store`."""
        # in a child process the file stays with its parent
        if os.getpid() == self._process:
            self._close()

    @own_errors
    def _close(self) -> None:
        self.connection.close()
