"""Facts in one schema of a PostgreSQL database. Needs the extra ``postgres``.

The layout is that of :mod:`osallisuus.stores.sql` in PostgreSQL's own types. One advisory lock per
writing transaction is taken before the number of a commit is drawn, so a commit is never visible
before an earlier one. Facts come in by COPY and go out by a cursor of the server. An acknowledged
write is on the server's disk, as far as the server is set up so (see ``docs/stores.md``).

The address of a server may hold a password, so it is kept out of every message and ``repr``.
"""

from __future__ import annotations

import os
import re
import secrets
import threading
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from itertools import chain, repeat
from pathlib import Path
from traceback import clear_frames
from typing import Any, Final
from zlib import crc32

from osallisuus.errors import Problem, StoreError
from osallisuus.extra import library
from osallisuus.model.facts import TABLES, Table
from osallisuus.model.store import Act, Progress
from osallisuus.stores.adbc import from_postgresql, has_driver
from osallisuus.stores.journal import Columns
from osallisuus.stores.postgresql_bytes import clear_bytes
from osallisuus.stores.postgresql_errors import explained, not_an_address
from osallisuus.stores.restoring import restored
from osallisuus.stores.sql import SQLStore
from osallisuus.stores.sql_database import (
    SCHEMA_VERSION,
    columns_of,
    names_of,
    other_version,
    own_errors,
    store_tables,
)
from osallisuus.stores.sqlite_file import write_copy
from osallisuus.stores.upgrading import Upgraded, upgraded
from osallisuus.time import Clock

__all__ = ["PostgreSQLStore"]

_BUSY_SECONDS: Final = 30.0
_CONNECT_SECONDS: Final = 10
_SCHEMA: Final = re.compile(r"[a-z][a-z0-9_]{0,62}")
_LOCKS: Final = 0x6F73616C  # "osal": tells our advisory locks from those of others
_TEXT: Final = 'text COLLATE "C"'  # the order of ids is that of their characters, everywhere
_TYPES: Final = dict.fromkeys(("id", "code", "text", "free_text", "local_time"), _TEXT) | {
    "date": "date",
    "integer": "bigint",
    "number": "double precision",
    "tx": "bigint",
    "moment": "timestamptz",
}
_STEPS: Final[Mapping[int, Callable[[SQLStore], None]]] = {}
"""From earlier schema versions; there was none in PostgreSQL."""
_SAFE: Final = {
    "fsync": "set it to on: a power cut may damage the whole database",
    "full_page_writes": "set it to on: a power cut may damage pages",
    "data_checksums": "run pg_checksums --enable while the server is stopped: damage goes unseen",
}
"""Settings that should be on, and what to do."""
_COPIED: Final = {name: kind.removesuffix(' COLLATE "C"') for name, kind in _TYPES.items()}
_LEDGER: Final = (
    """CREATE FUNCTION releases_stay() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'a release stays as it was'; END $$""",
    """CREATE FUNCTION releases_in_order() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE following bigint; BEGIN
    EXECUTE format('SELECT COALESCE(MAX(number), 0) + 1 FROM %I.releases', TG_TABLE_SCHEMA)
    INTO following;
    IF NEW.number <> following THEN RAISE EXCEPTION 'releases are numbered in order'; END IF;
    RETURN NEW; END $$""",
    """CREATE TRIGGER releases_in_order BEFORE INSERT ON releases
    FOR EACH ROW EXECUTE FUNCTION releases_in_order()""",
    """CREATE TRIGGER releases_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON releases
    FOR EACH STATEMENT EXECUTE FUNCTION releases_stay()""",
)


class PostgreSQLStore(SQLStore):
    """A store in one schema of a database; see the module."""

    native = True
    connection: Any
    """The ``psycopg.Connection``, for those who read the tables in place."""

    def __init__(
        self,
        url: str,
        clock: Clock,
        *,
        schema: str,
        create: bool = False,
        any_version: bool = False,
        timeout: float = _BUSY_SECONDS,
    ) -> None:
        psycopg = library("psycopg", "postgres")
        self.foreign = (psycopg.Error,)
        self.where = "postgresql"
        self.schema = _named(schema)
        self.clock = clock
        self._process, self._thread = os.getpid(), threading.get_ident()
        self._connect = _connector(psycopg, url, schema, timeout)
        self._url: Callable[[], str] = lambda: url  # no value that an inspection would show
        if has_driver("postgresql"):
            self.capabilities = self.capabilities | {"arrow"}
        self.connection = None
        self._open(create, any_version)

    @classmethod
    def open(
        cls,
        place: str,
        *,
        clock: Clock,
        create: bool = True,
        schema: str = "osallisuus",
        timeout: float = _BUSY_SECONDS,
        **options: Any,
    ) -> PostgreSQLStore:
        """Open the store in *schema* of the database at the URL *place*, or make it if *create*.

        *timeout*: seconds after which waiting for another writer ends in
        :class:`~osallisuus.errors.StoreBusy`.
        """
        return cls(_url(place), clock, schema=schema, create=create, timeout=timeout)

    @classmethod
    def upgrade(
        cls, place: str, *, clock: Clock, schema: str = "osallisuus", dry_run: bool = False
    ) -> Upgraded:
        """Bring the store to the schema version of this library, or only see what it takes.

        Make a backup first. Raises :class:`~osallisuus.errors.StoreError` where there is no store,
        or one of a newer version.
        """
        with closing(cls(_url(place), clock, schema=schema, any_version=True)) as store:
            return upgraded(store, _STEPS, dry_run=dry_run)

    def explained(self, error: Exception) -> StoreError:
        """See :class:`osallisuus.stores.sql_database.SQLDatabase`."""
        if isinstance(error, OSError):
            reason = error.strerror or type(error).__name__
            return StoreError(
                f"the snapshot cannot be written: {reason.lower()}",
                where=self.where,
                remedy="check its folder and the space there",
            )
        coded = getattr(error, "sqlstate", None) is not None
        if not coded and self._is_closed():
            return StoreError(
                "the store is closed", where=self.where, remedy="open it again where it is used"
            )
        if not coded and self.connection is not None and self.connection.broken:
            return StoreError(
                "the server has ended the connection, or the way to it is cut",
                where=self.where,
                remedy="open the store again when the server runs",
            )
        return explained(error, self.where)

    def _is_closed(self) -> bool:
        """Whether we have closed the connection, and nobody else has cut it."""
        made = self.connection
        return made is not None and made.closed and not made.broken

    def refuse_fork(self) -> None:
        """Refuse to go on in a child process or another thread: they would share one wire."""
        here = os.getpid(), threading.get_ident()
        if here != (self._process, self._thread):
            what = "carried over a fork" if here[0] != self._process else "shared with a thread"
            raise StoreError(f"a store is not {what}", where=self.where, remedy="open it again")

    # ---- opening ---------------------------------------------------------------------------

    @own_errors
    def _open(self, create: bool, any_version: bool) -> None:
        self.connection = self._connect()
        try:
            self.where = f"postgresql, schema {self.schema}"
            if create and self._is_blank():
                self._refuse_other_encodings()
                self._make()
            self._check_version(any_version)
        except BaseException:
            self.connection.close()
            raise

    def _refuse_other_encodings(self) -> None:
        if self.connection.info.parameter_status("server_encoding") != "UTF8":
            raise StoreError(
                "the database cannot hold every character: its encoding is not UTF-8",
                where=self.where,
                remedy="make one with CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0",
            )

    def _is_blank(self) -> bool:
        """Whether nothing is in the schema, or it is not there."""
        query = "SELECT 1 FROM pg_class WHERE relnamespace = to_regnamespace(?) LIMIT 1"
        return self.run(query, (self.schema,)).fetchone() is None

    def _make(self) -> None:
        """Make the tables, unless another process has made them meanwhile."""
        with self.writing():
            if not self._is_blank():
                return
            if not self.run("SELECT to_regnamespace(?)", (self.schema,)).fetchone()[0]:
                self.run(f'CREATE SCHEMA "{self.schema}"')
            every = (*store_tables(_TYPES), *_LEDGER, *_without_statistics())
            self.connection.execute("; ".join(every))  # one journey instead of a hundred
            for named in (("secret", secrets.token_hex(32)), ("version", str(SCHEMA_VERSION))):
                self.run("INSERT INTO about (name, value) VALUES (?, ?)", named)

    def _check_version(self, any_version: bool) -> None:
        if self._is_blank():
            raise StoreError(
                "there is no store", where=self.where, remedy="import a fact folder into it"
            )
        known = "SELECT 1 FROM pg_class WHERE relnamespace = to_regnamespace(?) AND relname = ?"
        found = None
        if self.run(known, (self.schema, "about")).fetchone():
            found = self.run("SELECT value FROM about WHERE name = 'version'").fetchone()
        if found is None:
            raise StoreError(
                "this schema holds something else than a store of this library",
                where=self.where,
                remedy="name another schema: schema='…'",
            )
        if int(found[0]) != SCHEMA_VERSION and not any_version:
            raise other_version(int(found[0]), self.where)

    def version(self) -> int:
        """See :class:`osallisuus.stores.sql_database.SQLDatabase`."""
        return int(self.run("SELECT value FROM about WHERE name = 'version'").fetchone()[0])

    def set_version(self, version: int) -> None:
        """See :class:`osallisuus.stores.sql_database.SQLDatabase`."""
        self.run("UPDATE about SET value = ? WHERE name = 'version'", (str(version),))

    # ---- the database ----------------------------------------------------------------------

    def run(self, sql: str, values: Sequence[Any] = ()) -> Any:
        """See :class:`osallisuus.stores.sql_database.SQLDatabase`."""
        if not values:
            return self.connection.execute(sql, binary=True)
        return self.connection.execute(sql.replace("?", "%s"), values, binary=True)

    def stream(
        self, sql: str, values: Sequence[Any], batch: int
    ) -> Generator[list[tuple[Any, ...]], None, None]:
        """See :class:`osallisuus.stores.sql_database.SQLDatabase`.

        More than one part comes by a connection of its own: its transaction stays open between
        the parts, and writing meanwhile must be its own transaction.
        """
        first = self.run(f"{sql} LIMIT {batch + 1:d}", values).fetchall()
        if len(first) <= batch:
            yield from [first] if first else []
            return
        with self._reading() as apart:
            cursor = apart.cursor("facts", binary=True)
            try:
                cursor.execute(sql.replace("?", "%s") if values else sql, values or None)
                yield from iter(lambda: cursor.fetchmany(batch), [])
            finally:
                if os.getpid() == self._process:  # a child would close that of its parent
                    cursor.close()

    @contextmanager
    def _reading(self) -> Iterator[Any]:
        """A connection of its own that sees the database as it is now until it ends."""
        apart = self._connect()
        try:
            # all rows will be fetched: a plan that has the first one early is of no use
            apart.execute("SET cursor_tuple_fraction = 1")
            apart.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield apart
        finally:
            if os.getpid() == self._process:
                apart.close()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """See :class:`osallisuus.stores.sql_database.SQLDatabase`: one lock for all writers of the schema."""
        with self.connection.transaction():
            lock = crc32(self.schema.encode()) - 2**31
            self.run(f"SELECT pg_advisory_xact_lock({_LOCKS:d}, {lock:d})")
            yield

    def let_go(self) -> None:
        """See :class:`osallisuus.stores.sql_database.SQLDatabase`.

        A wire that was stopped in the middle of a talk is of no use: it is closed.
        """
        made = self.connection
        if made is not None and not made.closed and made.info.transaction_status:
            made.close()

    def put(self, table: str, columns: Columns, tx: int) -> None:
        """See :class:`osallisuus.stores.sql_database.SQLDatabase`."""
        types = [*(_COPIED[column.type.name] for column in TABLES[table].columns), "bigint"]
        copying = f"COPY {table} ({names_of(table)}, tx_from) FROM STDIN (FORMAT BINARY)"
        # not strict: the commit's number comes as often as there are rows
        self._copy_in(copying, zip(*columns, repeat(tx)), types)

    def fill(self, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
        """See :class:`osallisuus.stores.sql_database.SQLDatabase`: the server reads the texts."""
        self._copy_in(f"COPY {table} ({columns_of(table)}) FROM STDIN", rows)

    def _copy_in(
        self, copying: str, rows: Iterable[tuple[Any, ...]], types: Sequence[str] = ()
    ) -> None:
        try:
            with self.connection.cursor() as cursor, cursor.copy(copying) as copy:
                if types:
                    copy.set_types(types)
                write = copy.write_row
                for row in rows:
                    write(row)
        except BaseException as error:
            # Ctrl-C just when the copying is to end leaves it open, and with it the lock of the
            # connection, as long as anything holds it: here the frames of that very Ctrl-C. The
            # transaction would wait for the lock for ever.
            clear_frames(error.__traceback__)
            raise

    def among(self, column: str) -> str:
        """See :class:`osallisuus.stores.sql_database.SQLDatabase`."""
        return f"{column} = ANY(?)"

    def listed(self, values: Collection[str]) -> list[str]:
        """See :class:`osallisuus.stores.sql_database.SQLDatabase`."""
        return list(values)

    def moment(self, moment: datetime) -> datetime:
        """See :class:`osallisuus.stores.sql_database.SQLDatabase`."""
        return moment.astimezone(UTC)

    def read_moment(self, stored: datetime) -> datetime:
        """See :class:`osallisuus.stores.sql_database.SQLDatabase`."""
        return stored.astimezone(UTC)

    def clear_bytes(self, tables: Collection[str]) -> tuple[str, ...]:
        """See :class:`osallisuus.stores.sql_database.SQLDatabase`."""
        return clear_bytes(self.connection, tables, self.foreign)

    def damage(self) -> Iterator[Problem]:
        """See :class:`osallisuus.stores.sql_database.SQLDatabase`: what PostgreSQL has found by checksums."""
        query = "SELECT checksum_failures FROM pg_stat_database WHERE datname = current_database()"
        (failures,) = self.run(query).fetchone() or (0,)
        if failures:
            yield Problem("the database is damaged", self.where, "take the last backup")

    @own_errors
    def weak_settings(self) -> tuple[Problem, ...]:
        """Settings of the server under which an acknowledged write may be lost or damaged."""
        query = f"SELECT name FROM pg_settings WHERE setting = 'off' AND {self.among('name')}"
        found = self.run(f"{query} ORDER BY name", (list(_SAFE),)).fetchall()
        return tuple(
            Problem(f"the server has {name} = off", self.where, _SAFE[name]) for (name,) in found
        )

    # ---- copies ----------------------------------------------------------------------------

    @own_errors
    def snapshot(self, target: Path) -> int:
        """See :class:`osallisuus.model.store.Store`: all of it as of one moment."""
        self.run("SELECT 1")  # a store that was closed is not opened again
        with self._reading() as apart:
            return write_copy(target, partial(_rows_in, apart))

    def restore(self, source: Path, act: Act, *, progress: Progress | None = None) -> int:
        """See :class:`osallisuus.model.store.Store`."""
        return restored(self, source, act, progress)

    @own_errors
    def arrow(self, table: Table, *, known_at: int | None = None) -> Any:
        """A table as :func:`osallisuus.model.arrow.read_arrow` gives it, by the ADBC driver."""
        return from_postgresql(self._url(), self.schema, table, self.visible(known_at))

    def close(self) -> None:
        """See :class:`osallisuus.model.store.Store`."""
        # in a child process the wire stays with its parent
        if os.getpid() == self._process and self.connection is not None:
            self.connection.close()


def _rows_in(connection: Any, table: str) -> Iterator[tuple[Any, ...]]:
    """All rows of a table as a SQLite store writes them, in the order in which they came."""
    names = ", ".join(_as_text(table, name) for name in columns_of(table).split(", "))
    some = " WHERE name <> 'version'" if table == "about" else ""  # a file says it otherwise
    with connection.cursor("facts", binary=True) as cursor:
        order = "tx_from, id" if table in TABLES else 1
        cursor.execute(f"SELECT {names} FROM {table}{some} ORDER BY {order}")
        yield from chain.from_iterable(iter(lambda: cursor.fetchmany(20_000), []))


def _as_text(table: str, name: str) -> str:
    """What selects a column as a SQLite store writes it."""
    if name == "recorded_at":
        written = 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"'
        return f"to_char(recorded_at AT TIME ZONE 'UTC', '{written}')"
    if table in TABLES:
        days = {column.sql_name for column in TABLES[table].columns if column.type.name == "date"}
        return f"to_char({name}, 'YYYY-MM-DD')" if name in days else name
    return name


def _url(place: str) -> str:
    """The whole URL, also of what followed its scheme."""
    return place if re.match("postgres(ql)?://", place) else f"postgresql://{place}"


def _named(schema: str) -> str:
    if not _SCHEMA.fullmatch(schema):
        raise StoreError(
            "this is not the name of a schema",
            where="postgresql",
            remedy="use small letters, digits and _",
        )
    return schema


def _connector(psycopg: Any, url: str, schema: str, timeout: float) -> Callable[[], Any]:
    """What connects to the database; an address that is none is refused at once."""
    given: dict[str, Any] | None = None
    with suppress(psycopg.Error):
        given = psycopg.conninfo.conninfo_to_dict(url)
    if given is None:
        raise not_an_address()
    told = {"application_name": "osallisuus", "connect_timeout": _CONNECT_SECONDS} | given

    def connect() -> Any:
        # statements prepared in the session would not survive a pool of connections
        made = psycopg.connect(**told, autocommit=True, prepare_threshold=None)
        try:
            made.execute(f'SET search_path TO "{schema}", pg_temp')
            made.execute(f"SET lock_timeout = {round(timeout * 1000):d}")
            made.execute("SET TimeZone = 'UTC'")
            # what was acknowledged is on the disk, whatever the server does by default
            made.execute(
                "SELECT set_config('synchronous_commit', 'on', false)"
                " WHERE current_setting('synchronous_commit') = 'off'"
            )
        except BaseException:
            made.close()
            raise
        return made

    return connect


def _without_statistics() -> Iterator[str]:
    """The server gathers no values of what names a person or is in their own words."""
    for table in TABLES.values():
        kept = ", ".join(
            f"ALTER COLUMN {column.sql_name} SET STATISTICS 0"
            for column in table.columns
            if column.type.name in ("id", "free_text")
        )
        yield f"ALTER TABLE {table.name} {kept}"
