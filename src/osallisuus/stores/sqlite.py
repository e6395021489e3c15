"""Facts in one SQLite file, by the standard library alone.

One typed table per record class. A row carries the commits between which it was known
(``tx_from``, ``tx_to``), so a correction keeps what was known before it and one ``DELETE`` would
take a person's whole history. The settings are those under which an acknowledged write survives
a power cut (write-ahead log and full synchronisation); do not put the file on a network folder.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import Any, ClassVar, Concatenate, ParamSpec, TypeVar

from osallisuus.errors import StoreError
from osallisuus.model.batch import Batch
from osallisuus.model.codec import codec
from osallisuus.model.columns import Scalar
from osallisuus.model.facts import TABLES, Fact, Table
from osallisuus.model.store import STORE_API, Commit, Entry, Publication
from osallisuus.stores.journal import digest_rows, refuse_repeated
from osallisuus.time import Clock

__all__ = ["SQLiteStore"]

F = TypeVar("F", bound=Fact)
_P = ParamSpec("_P")
T = TypeVar("T")

_SCHEMA_VERSION = 2
"""1 had no ledger; it is added when such a file is opened."""
_APPLICATION = 0x6F73616C  # "osal": tells our files from other SQLite files
_SETTINGS = """
PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 30000;
PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY;
PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0;
PRAGMA cache_size = -65536;
"""
_JOURNAL = """
CREATE TABLE journal (
    tx INTEGER PRIMARY KEY, recorded_at TEXT NOT NULL, actor TEXT NOT NULL,
    operation TEXT NOT NULL, reason TEXT NOT NULL, key TEXT UNIQUE,
    added INTEGER NOT NULL, revised INTEGER NOT NULL,
    previous TEXT NOT NULL, digest TEXT NOT NULL) STRICT;
"""

_LEDGER = (
    """CREATE TABLE releases (
    number INTEGER PRIMARY KEY, recorded_at TEXT NOT NULL, tx INTEGER NOT NULL,
    actor TEXT NOT NULL, purpose TEXT NOT NULL, content TEXT NOT NULL) STRICT""",
    """CREATE TRIGGER releases_in_order BEFORE INSERT ON releases
    WHEN NEW.number <> (SELECT COALESCE(MAX(number), 0) + 1 FROM releases)
    BEGIN SELECT RAISE(ABORT, 'releases are numbered in order'); END""",
    """CREATE TRIGGER releases_stay BEFORE UPDATE ON releases
    BEGIN SELECT RAISE(ABORT, 'a release stays as it was'); END""",
    """CREATE TRIGGER releases_are_kept BEFORE DELETE ON releases
    BEGIN SELECT RAISE(ABORT, 'a release is never taken out'); END""",
)
"""The table of releases; REPLACE counts as an insert out of order, so its deletes do not matter."""

_Rows = list[tuple[Scalar, ...]]


def _own_errors(
    method: Callable[Concatenate[SQLiteStore, _P], T],
) -> Callable[Concatenate[SQLiteStore, _P], T]:
    """Turn an error of SQLite into one of ours, raised outside the ``except`` block."""

    @wraps(method)
    def call(store: SQLiteStore, /, *args: _P.args, **kwargs: _P.kwargs) -> T:
        store.refuse_fork()
        try:
            return method(store, *args, **kwargs)
        except sqlite3.Error as error:
            reason = _reason(error)
        except OSError as error:
            text = (error.strerror or type(error).__name__).lower()
            reason = f"the store cannot be opened: {text}", "check the folder and its rights"
        raise StoreError(reason[0], where=store.where, remedy=reason[1])

    return call


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


def _reason(error: sqlite3.Error) -> tuple[str, str]:
    name = getattr(error, "sqlite_errorname", "") or type(error).__name__
    for code, reason in _REASONS.items():
        if name == code or name.startswith(f"{code}_"):  # such as SQLITE_READONLY_DIRECTORY
            return reason
    return f"SQLite says {name}", "see the documentation of SQLite's codes"


def _create_table(table: Table) -> str:
    """The SQL that makes a fact table with its commit columns and indexes."""
    columns = [
        f"{column.sql_name} {column.type.sql}{' NOT NULL' if column.required else ''}"
        for column in table.columns
    ]
    columns += ["tx_from INTEGER NOT NULL", "tx_to INTEGER"]
    joined = ", ".join(table.column(name).sql_name for name in table.joined_by)
    return (
        f"CREATE TABLE {table.name} ({', '.join(columns)}) STRICT;"
        f"CREATE UNIQUE INDEX {table.name}_now ON {table.name} (id) WHERE tx_to IS NULL"
        + (f";CREATE INDEX {table.name}_joined ON {table.name} ({joined})" if joined else "")
    )


class SQLiteStore:
    """A store in one file; see the module for its layout and settings."""

    api_version: ClassVar[int] = STORE_API
    capabilities = frozenset({"durable", "forget", "history", "journal", "ledger", "note", "sql"})

    def __init__(self, path: str, clock: Clock, *, create: bool = True) -> None:
        self.where = path
        self._clock = clock
        self._process = os.getpid()
        self._open(path, create)

    @classmethod
    def open(cls, place: str, *, clock: Clock, create: bool = True, **options: Any) -> SQLiteStore:
        """Open the file *place*, or make it if *create*."""
        return cls(place, clock, create=create)

    def refuse_fork(self) -> None:
        """Refuse to go on in a child process: its copy of SQLite's locks would mean nothing."""
        if os.getpid() != self._process:
            raise StoreError(
                "a store is not carried over a fork", where=self.where, remedy="open it again"
            )

    @_own_errors
    def _open(self, path: str, create: bool) -> None:
        file = Path(path)
        if path != ":memory:" and not file.exists():
            if not create:
                raise StoreError(
                    "there is no store", where=path, remedy="import a fact folder into it"
                )
            _make_private(path)
        self.connection = sqlite3.connect(path, isolation_level=None, cached_statements=256)
        try:
            self._prepare(create)
        except BaseException:
            self.connection.close()
            raise

    def _prepare(self, create: bool) -> None:
        self.connection.execute("PRAGMA busy_timeout = 30000")
        # a stranger's file must stay as it is, so nothing is set before this is known
        if self._is_blank():
            if not create:
                raise StoreError(
                    "there is no store", where=self.where, remedy="import a fact folder into it"
                )
        else:
            self._check_version()
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
        query = "SELECT COUNT(*) FROM sqlite_schema"
        (tables,) = self.connection.execute(query).fetchone()
        return tables == 0 and self._pragma("application_id") == 0

    def _pragma(self, name: str) -> int:
        return int(self.connection.execute(f"PRAGMA {name}").fetchone()[0])

    def _make(self) -> None:
        """Make the tables that are missing, unless another process has made them meanwhile."""
        if self._missing() == ():
            return
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            for statement in self._missing():
                self.connection.execute(statement)
            self.connection.execute(f"PRAGMA application_id = {_APPLICATION}")
            self.connection.execute(f"PRAGMA user_version = {_SCHEMA_VERSION}")
            self.connection.execute("COMMIT")
        except BaseException:
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")
            raise

    def _missing(self) -> tuple[str, ...]:
        """The statements that make what this version of the schema has and the file has not."""
        if self._is_blank():
            tables = ";".join(_create_table(table) for table in TABLES.values())
            return (*f"{_JOURNAL};{tables}".split(";"), *_LEDGER)
        return _LEDGER if self._pragma("user_version") == 1 else ()

    def _check_version(self) -> None:
        application, version = self._pragma("application_id"), self._pragma("user_version")
        if application == _APPLICATION and 1 <= version <= _SCHEMA_VERSION:
            return
        if application != _APPLICATION:
            raise StoreError(
                "this SQLite file is not a store of this library",
                where=self.where,
                remedy="name another file",
            )
        raise StoreError(
            f"the store has schema version {version}, this library reads {_SCHEMA_VERSION}",
            where=self.where,
            remedy="use the version of osallisuus that wrote it, or a newer one",
        )

    def append(self, batch: Batch, *, actor: str, reason: str, key: str | None = None) -> Commit:
        """See :class:`osallisuus.model.store.Store`."""
        refuse_repeated(batch)
        tuples = {
            table: codec(table).dump(batch.rows[table]) for table in TABLES if table in batch.rows
        }
        return self._append(tuples, actor, reason, key)

    @_own_errors
    def _append(self, tuples: dict[str, _Rows], actor: str, reason: str, key: str | None) -> Commit:
        return self._at_once(lambda: self._write(tuples, actor, reason, key))

    def _at_once(self, change: Callable[[], T]) -> T:
        """Make a change in one transaction: all of it or nothing."""
        database = self.connection
        database.execute("BEGIN IMMEDIATE")
        try:
            done = change()
            database.execute("COMMIT")
        except BaseException:
            if database.in_transaction:
                database.execute("ROLLBACK")
            raise
        return done

    def _write(self, tuples: dict[str, _Rows], actor: str, reason: str, key: str | None) -> Commit:
        total = sum(map(len, tuples.values()))
        known = self.connection.execute("SELECT tx FROM journal WHERE key = ?", (key,)).fetchone()
        if known:
            return Commit(known[0], 0, 0, total)
        tx, _ = self._next()
        added = revised = 0
        written: dict[str, _Rows] = {}
        for table, rows in tuples.items():
            new, changed = self._sorted_out(table, rows)
            self._put(table, new, changed, tx)
            added += len(new)
            revised += len(changed)
            if new or changed:
                written[table] = new + changed
        if not written:
            return Commit(tx - 1, 0, 0, total)
        self._enter("append", actor, reason, key, (added, revised), written)
        return Commit(tx, added, revised, total - added - revised)

    def _next(self) -> tuple[int, str]:
        """The number of the next commit, and the digest that it follows."""
        last = self.connection.execute(
            "SELECT tx, digest FROM journal ORDER BY tx DESC LIMIT 1"
        ).fetchone()
        return (last[0] + 1, last[1]) if last else (1, "")

    def _enter(
        self,
        operation: str,
        actor: str,
        reason: str,
        key: str | None = None,
        counts: tuple[int, int] = (0, 0),
        written: dict[str, _Rows] | None = None,
    ) -> Entry:
        """Write the next entry of the journal."""
        tx, previous = self._next()
        moment = self._clock().astimezone(UTC)
        chained = previous, digest_rows(previous, written or {})
        entry = Entry(tx, moment, actor, operation, reason, key, *counts, *chained)
        self.connection.execute(
            "INSERT INTO journal VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(tx, moment.isoformat(timespec="microseconds"), actor, operation, reason, key),
                *(*counts, *chained),
            ),
        )
        return entry

    @_own_errors
    def forget(self, table: str, ids: Collection[str], *, actor: str, reason: str) -> int:
        """See :class:`osallisuus.model.store.Store`; the bytes are overwritten, the log emptied."""
        chosen = f"FROM {TABLES[table].name} WHERE id IN (SELECT value FROM json_each(?))"
        wanted = (json.dumps(sorted(ids)),)

        def take_out() -> int:
            (gone,) = self.connection.execute(
                f"SELECT COUNT(DISTINCT id) {chosen}", wanted
            ).fetchone()
            if gone:
                self.connection.execute(f"DELETE {chosen}", wanted)
                self._enter("forget", actor, f"{table}: {gone}; {reason}")
            return int(gone)

        gone = self._at_once(take_out)
        if gone:
            # what was written before stands in the write-ahead log as well
            self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return gone

    @_own_errors
    def note(self, operation: str, *, actor: str, reason: str) -> Entry:
        """See :class:`osallisuus.model.store.Store`."""
        return self._at_once(lambda: self._enter(operation, actor, reason))

    def _sorted_out(self, table: str, rows: _Rows) -> tuple[_Rows, _Rows]:
        """Rows that are new and rows whose content differs from the current revision."""
        if not self.connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone():
            return rows, []
        current = {row[0]: row for row in self._current(table, [row[0] for row in rows])}
        new = [row for row in rows if row[0] not in current]
        changed = [row for row in rows if row[0] in current and current[row[0]] != row]
        return new, changed

    def _current(self, table: str, ids: Collection[Scalar]) -> Iterator[tuple[Scalar, ...]]:
        wanted = json.dumps(list(ids))
        yield from self.connection.execute(
            f"SELECT {_names(table)} FROM {table} "
            "WHERE tx_to IS NULL AND id IN (SELECT value FROM json_each(?))",
            (wanted,),
        )

    def _put(self, table: str, new: _Rows, changed: _Rows, tx: int) -> None:
        marks = ", ".join("?" for _ in TABLES[table].columns)
        self.connection.executemany(
            f"UPDATE {table} SET tx_to = {tx} WHERE id = ? AND tx_to IS NULL",
            [(row[0],) for row in changed],
        )
        self.connection.executemany(
            f"INSERT INTO {table} VALUES ({marks}, {tx}, NULL)", new + changed
        )

    def scan(
        self, kind: type[F], *, known_at: int | None = None, batch: int = 20_000
    ) -> Iterator[list[F]]:
        """See :class:`osallisuus.model.store.Store`."""
        table = kind.table.name
        load = codec(table).load
        cursor = self._select(table, known_at)
        while rows := self._fetch(cursor, batch):
            yield load(rows)  # type: ignore[misc]

    @_own_errors
    def _select(self, table: str, known_at: int | None) -> sqlite3.Cursor:
        return self.connection.execute(
            f"SELECT {_names(table)} FROM {table} WHERE {self.visible(known_at)} ORDER BY id"
        )

    @_own_errors
    def _fetch(self, cursor: sqlite3.Cursor, batch: int) -> list[Any]:
        return cursor.fetchmany(batch)

    @staticmethod
    def visible(known_at: int | None) -> str:
        """The SQL condition for rows known now, or at a commit."""
        if known_at is None:
            return "tx_to IS NULL"
        return f"tx_from <= {known_at:d} AND (tx_to IS NULL OR tx_to > {known_at:d})"

    def revisions(self, table: str, ids: Collection[str]) -> Iterator[tuple[int, Fact]]:
        """See :class:`osallisuus.model.store.Store`."""
        rows = self._revised(table, ids)
        facts = codec(table).load([row[1:] for row in rows])
        return zip((row[0] for row in rows), facts, strict=True)

    @_own_errors
    def _revised(self, table: str, ids: Collection[str]) -> list[Any]:
        return self.connection.execute(
            f"SELECT tx_from, {_names(table)} FROM {TABLES[table].name} "
            "WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id, tx_from",
            (json.dumps(sorted(ids)),),
        ).fetchall()

    @_own_errors
    def known_ids(self, table: str, ids: Collection[str]) -> set[str]:
        """See :class:`osallisuus.model.store.Store`."""
        found = self.connection.execute(
            f"SELECT id FROM {TABLES[table].name} "
            "WHERE tx_to IS NULL AND id IN (SELECT value FROM json_each(?))",
            (json.dumps(sorted(ids)),),
        )
        return {row[0] for row in found}

    @_own_errors
    def head(self) -> int:
        """See :class:`osallisuus.model.store.Store`."""
        (tx,) = self.connection.execute("SELECT COALESCE(MAX(tx), 0) FROM journal").fetchone()
        return int(tx)

    @_own_errors
    def tx_at(self, moment: datetime) -> int:
        """See :class:`osallisuus.model.store.Store`."""
        instant = moment.astimezone(UTC).isoformat(timespec="microseconds")
        (tx,) = self.connection.execute(
            "SELECT COALESCE(MAX(tx), 0) FROM journal WHERE recorded_at <= ?", (instant,)
        ).fetchone()
        return int(tx)

    def journal(self) -> Iterator[Entry]:
        """See :class:`osallisuus.model.store.Store`."""
        for row in self._journal():
            yield Entry(row[0], datetime.fromisoformat(row[1]), *row[2:])

    @_own_errors
    def _journal(self) -> Sequence[tuple[Any, ...]]:
        return self.connection.execute(
            "SELECT tx, recorded_at, actor, operation, reason, key, added, revised, previous,"
            " digest FROM journal ORDER BY tx"
        ).fetchall()

    def publications(self) -> Iterator[Publication]:
        """See :class:`osallisuus.model.store.Store`."""
        for number, moment, *rest in self._publications():
            yield Publication(number, datetime.fromisoformat(moment), *rest)

    @_own_errors
    def _publications(self) -> Sequence[tuple[Any, ...]]:
        return self.connection.execute(
            "SELECT number, recorded_at, tx, actor, purpose, content FROM releases ORDER BY number"
        ).fetchall()

    @_own_errors
    def publish(
        self, content: str, *, tx: int, actor: str, purpose: str, after: int
    ) -> Publication | None:
        """See :class:`osallisuus.model.store.Store`."""
        database = self.connection
        database.execute("BEGIN IMMEDIATE")
        try:
            query = "SELECT COALESCE(MAX(number), 0) FROM releases"
            if database.execute(query).fetchone()[0] != after:
                database.execute("ROLLBACK")
                return None
            moment = self._clock().astimezone(UTC)
            made = Publication(after + 1, moment, tx, actor, purpose, content)
            written = moment.isoformat(timespec="microseconds")
            database.execute(
                "INSERT INTO releases VALUES (?, ?, ?, ?, ?, ?)",
                (made.number, written, tx, actor, purpose, content),
            )
            database.execute("COMMIT")
        except BaseException:
            if database.in_transaction:
                database.execute("ROLLBACK")
            raise
        return made

    def close(self) -> None:
        """See :class:`osallisuus.model.store.Store`."""
        # in a child process the file stays with its parent
        if os.getpid() == self._process:
            self.connection.close()


def _names(table: str) -> str:
    return ", ".join(column.sql_name for column in TABLES[table].columns)


def _make_private(path: str) -> None:
    """An empty file that only its owner can read, before anything is written to it."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
        return
    except (OSError, ValueError) as error:  # a path may hold a NUL
        reason = getattr(error, "strerror", None) or "not a path"
    raise StoreError(
        f"the store cannot be made: {reason.lower()}", where=path, remedy="check folder and rights"
    )
