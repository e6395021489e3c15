"""Facts in one SQLite file, by the standard library alone.

The layout is that of :mod:`osallisuus.stores.sql`. The settings are those under which an
acknowledged write survives a power cut (write-ahead log and full synchronisation); do not put the
file on a network folder. No other library may open the file while a store of this process has it
open: closing it there would drop SQLite's locks, and acknowledged commits with them.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Collection, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

from osallisuus.errors import StoreError
from osallisuus.model.facts import Table
from osallisuus.model.store import Act, Progress
from osallisuus.stores.adbc import from_sqlite, has_driver
from osallisuus.stores.journal import Columns
from osallisuus.stores.restoring import restored
from osallisuus.stores.sql_database import own_errors
from osallisuus.stores.sqlite_file import fill, make_private, make_tables, new_copy
from osallisuus.stores.sqlite_reading import BUSY_SECONDS, SAFE_TO_READ, SQLiteReader, reason_of
from osallisuus.stores.sqlite_steps import STEPS
from osallisuus.stores.upgrading import Upgraded, upgraded
from osallisuus.time import Clock

__all__ = ["SQLiteStore"]

_SETTINGS: Final = """
PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON; PRAGMA mmap_size = 0;
PRAGMA cache_size = -65536;
"""


class SQLiteStore(SQLiteReader):
    """A store in one file; see the module for its layout and settings."""

    def __init__(
        self,
        path: str,
        clock: Clock,
        *,
        create: bool = True,
        any_version: bool = False,
    ) -> None:
        super().__init__(path, clock)
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

    def set_version(self, version: int) -> None:
        """See :class:`osallisuus.stores.sql_database.SQLDatabase`."""
        self.run(f"PRAGMA user_version = {version:d}")

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
            path, isolation_level=None, cached_statements=256, timeout=BUSY_SECONDS
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
            self.check_version(any_version)
        self.connection.executescript(SAFE_TO_READ + _SETTINGS)
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
        return tables == 0 and self.pragma("application_id") == 0

    def _make(self) -> None:
        """Make the tables of a new file, unless another process has made them meanwhile."""
        if not self._is_blank():
            return
        with self.writing():
            if not self._is_blank():
                return
            make_tables(self.connection)
            self.run("INSERT INTO about VALUES ('secret', ?)", (secrets.token_hex(32),))

    # ---- the database ----------------------------------------------------------------------

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

    def put(self, table: str, columns: Columns, tx: int) -> None:
        """See :class:`osallisuus.stores.sql_database.SQLDatabase`."""
        insert = f"INSERT INTO {table} VALUES ({', '.join('?' * len(columns))}, {tx:d}, NULL)"
        self.connection.executemany(insert, zip(*columns, strict=True))

    def fill(self, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
        """See :class:`osallisuus.stores.sql_database.SQLDatabase`."""
        fill(self.connection, table, rows)

    def clear_bytes(self, tables: Collection[str]) -> tuple[str, ...]:
        """See :class:`osallisuus.stores.sql_database.SQLDatabase`.

        Page splits leave copies that ``secure_delete`` does not see, so the file is written anew;
        what was written before stands in the write-ahead log as well, so that is emptied.
        """
        try:
            self.run("VACUUM")
            busy, *_ = self.run("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except sqlite3.OperationalError as error:
            return (f"the file could not be written anew: {reason_of(error)[0]}",)
        return ("another program is reading the store, so its log was not emptied",) if busy else ()

    @own_errors
    def snapshot(self, target: Path) -> int:
        """See :class:`osallisuus.model.store.Store`."""
        with new_copy(target) as copy:
            self.connection.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")
            query = "SELECT COALESCE(MAX(tx), 0) FROM journal"
            return int(copy.execute(query).fetchone()[0])

    def restore(self, source: Path, act: Act, *, progress: Progress | None = None) -> int:
        """See :class:`osallisuus.model.store.Store`."""
        return restored(self, source, act, progress)

    @own_errors
    def arrow(self, table: Table, *, known_at: int | None = None) -> Any:
        """A table as :func:`osallisuus.model.arrow.read_arrow` gives it, by the ADBC driver."""
        (_, _, file) = self.run("PRAGMA database_list").fetchone()
        return from_sqlite(file, table, self.visible(known_at))
