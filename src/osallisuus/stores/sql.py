"""What our SQL stores have in common: one layout, and the port written once.

One typed table per record class. A row carries the commits between which it was known
(``tx_from``, ``tx_to``), so a correction keeps what was known before it and one ``DELETE`` takes a
person's whole history. A backend says how it connects, how one writer at a time is in, how rows
are written in bulk and read in a stream, and what its errors mean.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from functools import wraps
from itertools import chain, groupby
from operator import itemgetter
from typing import Any, ClassVar, Concatenate, Final, ParamSpec, TypeVar

from attrs import fields

from osallisuus.errors import Problem, StoreError
from osallisuus.model.batch import Batch
from osallisuus.model.codec import codec
from osallisuus.model.facts import TABLES, Fact
from osallisuus.model.store import (
    SOMEONE,
    STORE_API,
    Act,
    Change,
    Commit,
    Entry,
    Publication,
    Versions,
)
from osallisuus.stores.journal import (
    NOBODY,
    chained,
    content_of,
    digest_of_rows,
    mark_of,
    new_names,
    next_entry,
    refuse_erased,
    refuse_later,
    refuse_other_versions,
    refuse_repeated,
    refuse_unwritable,
    replaced_in,
)
from osallisuus.time import Clock

__all__ = [
    "ENTRY",
    "SCHEMA_VERSION",
    "SQLStore",
    "other_version",
    "own_errors",
    "store_tables",
]

F = TypeVar("F", bound=Fact)
S = TypeVar("S", bound="SQLStore")
_P = ParamSpec("_P")
T = TypeVar("T")

ENTRY: Final = ", ".join(attribute.name for attribute in fields(Entry))
"""The columns of the journal, in the order of :class:`~osallisuus.model.store.Entry`."""
_Stored = list[tuple[Any, ...]]


SCHEMA_VERSION: Final = 3
"""1 had no ledger, 2 neither purposes in its journal nor erasure."""


def other_version(version: int, where: str) -> StoreError:
    """The error for a store whose layout is not of :data:`SCHEMA_VERSION`."""
    said = f"the store has schema version {version}, this library reads {SCHEMA_VERSION}"
    if version < SCHEMA_VERSION:
        remedy = "make a backup, then run osallisuus upgrade with the address of the store"
    else:
        remedy = "use the version of osallisuus that wrote it, or a newer one"
    return StoreError(said, where=where, remedy=remedy)


def own_errors(method: Callable[Concatenate[S, _P], T]) -> Callable[Concatenate[S, _P], T]:
    """Turn an error of the database into one of ours, raised outside the ``except`` block."""

    @wraps(method)
    def call(store: S, /, *args: _P.args, **kwargs: _P.kwargs) -> T:
        store.refuse_fork()
        foreign: tuple[type[Exception], ...] = (*store.foreign, OSError)
        try:
            return method(store, *args, **kwargs)
        except foreign as error:
            raised = store.explained(error)
        except UnicodeEncodeError:
            raised = StoreError(
                "a text that was asked for holds half a character",
                where=store.where,
                remedy="write it anew",
            )
        raise raised

    return call


def store_tables(types: Mapping[str, str], *, options: str = "") -> Iterator[str]:
    """The SQL that makes every table of a store: of its own book-keeping, and of the facts.

    *types* are the backend's names of the column types, of a ``moment`` and of a ``tx``.
    """
    text, number = f"{types['text']} NOT NULL", f"{types['integer']} NOT NULL"
    moment, key, named = f"{types['moment']} NOT NULL", "PRIMARY KEY", types["text"]
    own = {
        "journal": f"tx {types['tx']} {key}, recorded_at {moment}, actor {text}, purpose {text},"
        f" operation {text}, reason {text}, key {named} UNIQUE, added {number},"
        f" revised {number}, removed {number}, content {text}, previous {text}, digest {text}",
        # what was ever released
        "releases": f"number {types['tx']} {key}, recorded_at {moment}, tx {number},"
        f" actor {text}, purpose {text}, content {text}",
        # what the store knows of itself, such as its secret
        "about": f"name {named} {key}, value {text}",
        # keyed hashes of who was erased
        "erased": f"mark {named} {key}, finished {number}",
        # commits with rows that are gone
        "lessened": f"tx {types['tx']} {key}",
    }
    for name, columns in own.items():
        yield f"CREATE TABLE {name} ({columns}) {options}"
    for table in TABLES.values():
        columns_of = [
            f"{column.sql_name} {types[column.type.name]}{' NOT NULL' if column.required else ''}"
            for column in table.columns
        ]
        columns_of += [f"tx_from {types['tx']} NOT NULL", f"tx_to {types['tx']}"]
        yield f"CREATE TABLE {table.name} ({', '.join(columns_of)}) {options}"
        yield f"CREATE UNIQUE INDEX {table.name}_now ON {table.name} (id) WHERE tx_to IS NULL"
        if table.joined_by:
            joined = ", ".join(table.column(name).sql_name for name in table.joined_by)
            yield f"CREATE INDEX {table.name}_joined ON {table.name} ({joined})"


class SQLStore:
    """A store in an SQL database; a subclass is one kind of database."""

    api_version: ClassVar[int] = STORE_API
    capabilities: frozenset[str] = frozenset(
        "durable history journal ledger expect void forget erase note changes verify"
        " snapshot sql".split()
    )
    foreign: tuple[type[Exception], ...] = ()
    """The errors of the database's library."""
    native: ClassVar[bool] = False
    """Whether days are stored as days; else as ISO text."""
    where: str
    _clock: Clock

    # ---- what a backend gives --------------------------------------------------------------

    @abstractmethod
    def explained(self, error: Exception) -> StoreError:
        """An error of the database or the system in our words, without a value."""

    @abstractmethod
    def refuse_fork(self) -> None:
        """Refuse to go on in a child process."""

    @abstractmethod
    def run(self, sql: str, values: Sequence[Any] = ()) -> Any:
        """The cursor of one statement; parameters are written ``?``."""

    @abstractmethod
    def stream(self, sql: str, values: Sequence[Any], batch: int) -> Iterator[_Stored]:
        """The rows of a SELECT in parts that follow each other without all being in memory."""

    @abstractmethod
    def writing(self) -> AbstractContextManager[None]:
        """One transaction, all of it or nothing, with no other writer beside it."""

    @abstractmethod
    def put(self, table: str, rows: _Stored, tx: int) -> None:
        """Write many rows as of a commit; there is at least one."""

    @abstractmethod
    def among(self, column: str) -> str:
        """The condition that *column* is one of the list that is the next parameter."""

    @abstractmethod
    def listed(self, values: Collection[str]) -> Any:
        """That list as a parameter."""

    @abstractmethod
    def clear_bytes(self, tables: Collection[str]) -> tuple[str, ...]:
        """Clear what was deleted from those tables from the files.

        What could not be cleared, in words.
        """

    @abstractmethod
    def damage(self) -> Iterator[Problem]:
        """What the database itself finds wrong with its files."""

    @abstractmethod
    def version(self) -> int:
        """The schema version of the store, which need not be ours."""

    @abstractmethod
    def set_version(self, version: int) -> None:
        """Say that the store is of that version now, in the transaction that is open."""

    def moment(self, moment: datetime) -> Any:
        """A moment as it is stored: UTC in one fixed width."""
        return moment.astimezone(UTC).isoformat(timespec="microseconds")

    def read_moment(self, stored: Any) -> datetime:
        """The moment that is stored so."""
        return datetime.fromisoformat(stored)

    # ---- writing ---------------------------------------------------------------------------

    def append(
        self,
        batch: Batch,
        act: Act,
        *,
        key: str | None = None,
        expect: Versions | None = None,
    ) -> Commit:
        """See :class:`osallisuus.model.store.Store`."""
        refuse_repeated(batch)
        refuse_unwritable(act.actor, act.purpose, act.reason, key)
        rows = {
            table: codec(table, native=self.native).dump(batch.rows[table])
            for table in TABLES
            if table in batch.rows
        }
        return self._append(rows, act, key, expect or {})

    @own_errors
    def _append(
        self, rows: dict[str, _Stored], act: Act, key: str | None, expect: Versions
    ) -> Commit:
        with self.writing():
            total = sum(map(len, rows.values()))
            if key is not None:
                known = self.run("SELECT tx FROM journal WHERE key = ?", (key,)).fetchone()
                if known:
                    return Commit(known[0], 0, 0, total)
            self._refuse(rows, expect)
            tx = self._last()[0] + 1
            added = revised = 0
            written: dict[str, _Stored] = {}
            for table, given in rows.items():
                new, changed = self._sorted_out(table, given)
                self._end(table, [row[0] for row in changed], tx)
                if new or changed:
                    self.put(table, new + changed, tx)
                added, revised = added + len(new), revised + len(changed)
                written[table] = new + changed
            if not added and not revised:
                return Commit(tx - 1, 0, 0, total)
            self.enter("append", act, key=key, counts=(added, revised, 0), written=written)
            return Commit(tx, added, revised, total - added - revised)

    def _refuse(self, rows: Mapping[str, _Stored], expect: Versions) -> None:
        """Refuse other versions than were expected, and people who were erased."""
        if expect:
            actual = dict.fromkeys(expect, 0)
            for table in {table for table, _ in expect}:
                ids = [one for of, one in expect if of == table]
                found = self._versions(table, ids)
                actual |= {(table, one): tx for one, tx in found.items()}
            refuse_other_versions(expect, actual)
        if rows.get("people") and self.run("SELECT 1 FROM erased LIMIT 1").fetchone():
            secret = self._secret()
            marks = [mark_of(row[0], secret) for row in rows["people"]]
            query = f"SELECT COUNT(*) FROM erased WHERE {self.among('mark')}"
            refuse_erased(self.run(query, (self.listed(marks),)).fetchone()[0])

    def _sorted_out(self, table: str, rows: _Stored) -> tuple[_Stored, _Stored]:
        """Rows that are new and rows whose content differs from the current revision."""
        if not self.run(f"SELECT 1 FROM {table} LIMIT 1").fetchone():
            return rows, []
        query = f"SELECT {_names(table)} FROM {table} WHERE tx_to IS NULL AND {self.among('id')}"
        found = self.run(query, (self.listed([row[0] for row in rows]),))
        current = {row[0]: row for row in found}
        new = [row for row in rows if row[0] not in current]
        changed = [row for row in rows if row[0] in current and current[row[0]] != row]
        return new, changed

    def _end(self, table: str, ids: Collection[str], tx: int) -> None:
        if ids:
            self.run(
                f"UPDATE {table} SET tx_to = {tx:d} WHERE tx_to IS NULL AND {self.among('id')}",
                (self.listed(ids),),
            )

    def _last(self) -> tuple[int, str]:
        """The number and the digest of the last commit."""
        query = "SELECT tx, digest FROM journal ORDER BY tx DESC LIMIT 1"
        last = self.run(query).fetchone()
        return (last[0], last[1]) if last else (0, "")

    def enter(
        self,
        operation: str,
        act: Act,
        *,
        key: str | None = None,
        counts: tuple[int, int, int] = (0, 0, 0),
        written: Mapping[str, _Stored] | None = None,
    ) -> Entry:
        """Write the next entry of the journal."""
        content = content_of(
            {of: digest_of_rows(self._as_text(of, rows)) for of, rows in (written or {}).items()}
        )
        entry = next_entry(
            self._last(),
            self._clock(),
            operation,
            act,
            key=key,
            counts=counts,
            content=content,
        )
        self.put_entry(entry)
        return entry

    def put_entry(self, entry: Entry) -> None:
        """Store an entry of the journal as it is."""
        values = [getattr(entry, name) for name in ENTRY.split(", ")]
        values[1] = self.moment(entry.recorded_at)
        self.run(f"INSERT INTO journal ({ENTRY}) VALUES ({', '.join('?' * len(values))})", values)

    def _as_text(self, table: str, rows: _Stored) -> _Stored:
        """Stored rows as every store digests them."""
        if not self.native or not rows:
            return rows
        days = [column.type.name == "date" for column in TABLES[table].columns]
        columns = [
            [value and value.isoformat() for value in column] if is_day else column
            for column, is_day in zip(zip(*rows, strict=True), days, strict=True)
        ]
        return list(zip(*columns, strict=True))

    @own_errors
    def void(
        self, ids: Mapping[str, Collection[str]], act: Act, *, expect: Versions | None = None
    ) -> int:
        """See :class:`osallisuus.model.store.Store`."""
        with self.writing():
            self._refuse({}, expect or {})
            tx = self._last()[0] + 1
            known = {table: self._versions(table, ids[table]) for table in TABLES if table in ids}
            gone = sum(map(len, known.values()))
            for table, versions in known.items():
                self._end(table, versions, tx)
            if gone:
                self.enter("void", act, counts=(0, 0, gone))
            return gone

    @own_errors
    def note(self, operation: str, act: Act) -> Entry:
        """See :class:`osallisuus.model.store.Store`."""
        with self.writing():
            return self.enter(operation, act)

    # ---- taking out ------------------------------------------------------------------------

    @own_errors
    def forget(self, table: str, ids: Collection[str], act: Act) -> int:
        """See :class:`osallisuus.model.store.Store`; what was deleted is cleared from the files."""
        with self.writing():
            gone = self._take_out({TABLES[table].name: ids})
            if gone:
                reason = f"{table}: {gone}; {act.reason}"
                told = Act(act.actor, act.purpose, reason)
                self.enter("forget", told, counts=(0, 0, gone))
        if gone:
            self.clear_bytes([table])
        return gone

    @own_errors
    def erase(
        self,
        person: str,
        ids: Mapping[str, Collection[str]],
        act: Act,
        *,
        earlier: Mapping[str, Collection[str]] | None = None,
        renamed: Collection[str] = (),
        after: int | None = None,
    ) -> int:
        """See :class:`osallisuus.model.store.Store`."""
        with self.writing():
            refuse_later(after, self._last()[0])
            gone = self._take_out(ids)
            self._take_out(earlier or {}, "tx_to IS NOT NULL AND")
            written = self._without(person, new_names(renamed), self._last()[0] + 1)
            mark = mark_of(person, self._secret())
            if not self.run("SELECT 1 FROM erased WHERE mark = ?", (mark,)).fetchone():
                self.run("INSERT INTO erased (mark, finished) VALUES (?, 0)", (mark,))
            revised = sum(map(len, written.values()))
            self.enter("erase", act, counts=(0, revised, gone), written=written)
            return gone

    def _take_out(self, ids: Mapping[str, Collection[str]], only: str = "") -> int:
        gone = 0
        for table in TABLES:
            if not ids.get(table):
                continue
            chosen = f"FROM {table} WHERE {only} {self.among('id')}"
            wanted = (self.listed(ids[table]),)
            query = f"SELECT COUNT(DISTINCT id) {chosen}"
            gone += self.run(query, wanted).fetchone()[0]
            self._lessen(f"SELECT DISTINCT tx_from {chosen}", wanted)
            self.run(f"DELETE {chosen}", wanted)
        return gone

    def _without(self, person: str, names: Mapping[str, str], tx: int) -> dict[str, _Stored]:
        """Put someone where *person* is named, and new ids where those of *names* stand.

        The facts of now that this changes, as revised.
        """
        written: dict[str, _Stored] = {}
        stays = False
        for table in TABLES:
            ids: set[str] = set()
            for name, others in replaced_in(table, person, names):
                changed = self._replace(table, TABLES[table].column(name).sql_name, others)
                ids |= changed
                stays = stays or bool(changed and SOMEONE in others.values())
            if not ids:
                continue
            query = f"SELECT {_names(table)} FROM {table} WHERE tx_to IS NULL AND"
            found = self.run(f"{query} {self.among('id')}", (self.listed(ids),)).fetchall()
            if found:
                self._end(table, [row[0] for row in found], tx)
                self.put(table, found, tx)
                written[table] = found
        if stays:
            self._put_someone(tx, written)
        return written

    def _replace(self, table: str, column: str, others: Mapping[str, str]) -> set[str]:
        """Put other ids into a column; the ids of the facts that have one of them now."""
        chosen = f"FROM {table} WHERE {self.among(column)}"
        wanted = (self.listed(others),)
        found = self.run(f"SELECT DISTINCT id, {column} {chosen}", wanted).fetchall()
        if not found:
            return set()
        self._lessen(f"SELECT DISTINCT tx_from {chosen}", wanted)
        for old in sorted({value for _, value in found}):
            self.run(f"UPDATE {table} SET {column} = ? WHERE {column} = ?", (others[old], old))
        return {others[one] if column == "id" else one for one, _ in found}

    def _put_someone(self, tx: int, written: dict[str, _Stored]) -> None:
        """The person without a person to whom what stays refers."""
        if not self._versions("people", [SOMEONE]):
            nobody = codec("people", native=self.native).dump([NOBODY])
            self.put("people", nobody, tx)
            written["people"] = nobody

    def _lessen(self, commits: str, values: Sequence[Any]) -> None:
        """Remember of which commits not every row is there any more."""
        for (tx,) in self.run(commits, values).fetchall():
            if not self.run("SELECT 1 FROM lessened WHERE tx = ?", (tx,)).fetchone():
                self.run("INSERT INTO lessened (tx) VALUES (?)", (tx,))

    def _secret(self) -> bytes:
        """What the keyed hashes of this store are made with."""
        (secret,) = self.run("SELECT value FROM about WHERE name = 'secret'").fetchone()
        return bytes.fromhex(secret)

    @own_errors
    def unfinished_erasures(self) -> int:
        """See :class:`osallisuus.model.store.Store`."""
        (count,) = self.run("SELECT COUNT(*) FROM erased WHERE finished = 0").fetchone()
        return int(count)

    @own_errors
    def finish_erasure(self) -> tuple[str, ...]:
        """See :class:`osallisuus.model.store.Store`."""
        marks = [row[0] for row in self.run("SELECT mark FROM erased WHERE finished = 0")]
        left = self.clear_bytes(TABLES)
        if not left and marks:
            with self.writing():
                self.run(
                    f"UPDATE erased SET finished = 1 WHERE {self.among('mark')}",
                    (self.listed(marks),),
                )
        return left

    # ---- reading ---------------------------------------------------------------------------

    def scan(
        self, kind: type[F], *, known_at: int | None = None, batch: int = 20_000
    ) -> Iterator[list[F]]:
        """See :class:`osallisuus.model.store.Store`."""
        table = kind.table.name
        load = codec(table, native=self.native).load
        query = f"SELECT {_names(table)} FROM {table} WHERE {self.visible(known_at)} ORDER BY id"
        for rows in self._streamed(query, (), batch):
            yield load(rows)  # type: ignore[misc]

    def _streamed(self, sql: str, values: Sequence[Any], batch: int) -> Iterator[_Stored]:
        """The parts of a stream, with our own errors at each step."""
        parts = self._started(sql, values, batch)
        while (part := self._next(parts)) is not None:
            yield part

    @own_errors
    def _started(self, sql: str, values: Sequence[Any], batch: int) -> Iterator[_Stored]:
        return self.stream(sql, values, batch)

    @own_errors
    def _next(self, parts: Iterator[_Stored]) -> _Stored | None:
        return next(parts, None)

    @staticmethod
    def visible(known_at: int | None) -> str:
        """The SQL condition for rows known now, or at a commit."""
        if known_at is None:
            return "tx_to IS NULL"
        return f"tx_from <= {known_at:d} AND (tx_to IS NULL OR tx_to > {known_at:d})"

    def revisions(self, table: str, ids: Collection[str]) -> Iterator[tuple[int, Fact]]:
        """See :class:`osallisuus.model.store.Store`."""
        rows = self._revised(table, ids)
        facts = codec(table, native=self.native).load([row[1:] for row in rows])
        return zip((row[0] for row in rows), facts, strict=True)

    @own_errors
    def _revised(self, table: str, ids: Collection[str]) -> list[Any]:
        query = f"SELECT tx_from, {_names(table)} FROM {TABLES[table].name} WHERE"
        found = self.run(f"{query} {self.among('id')} ORDER BY id, tx_from", (self.listed(ids),))
        return list(found.fetchall())

    @own_errors
    def ids_where(self, table: str, column: str, values: Collection[str]) -> set[str]:
        """See :class:`osallisuus.model.store.Store`."""
        named = TABLES[table].column(column).sql_name
        query = f"SELECT DISTINCT id FROM {table} WHERE {self.among(named)}"
        return {row[0] for row in self.run(query, (self.listed(values),))}

    @own_errors
    def ids_with(self, table: str, part: str) -> set[str]:
        """See :class:`osallisuus.model.store.Store`."""
        query = f"SELECT DISTINCT id FROM {TABLES[table].name} WHERE REPLACE(id, ?, '') <> id"
        return {row[0] for row in self.run(query, (part,))}

    @own_errors
    def versions(self, table: str, ids: Collection[str]) -> dict[str, int]:
        """See :class:`osallisuus.model.store.Store`."""
        return self._versions(table, ids)

    def _versions(self, table: str, ids: Collection[str]) -> dict[str, int]:
        query = f"SELECT id, tx_from FROM {TABLES[table].name} WHERE tx_to IS NULL AND"
        found = self.run(f"{query} {self.among('id')}", (self.listed(ids),))
        return dict(found.fetchall())

    def known_ids(self, table: str, ids: Collection[str]) -> set[str]:
        """See :class:`osallisuus.model.store.Store`."""
        return set(self.versions(table, ids))

    def changes(self, after: int, *, batch: int = 20_000) -> Iterator[Change]:
        """See :class:`osallisuus.model.store.Store`."""
        for table in TABLES:
            load = codec(table, native=self.native).load
            query = (
                f"SELECT {_names(table)} FROM {table}"
                f" WHERE tx_to IS NULL AND tx_from > {after:d} ORDER BY id"
            )
            for rows in self._streamed(query, (), batch):
                yield Change(table, load(rows))
            removed = self._removed(table, after)
            if removed:
                yield Change(table, removed=removed)

    @own_errors
    def _removed(self, table: str, after: int) -> frozenset[str]:
        query = (
            f"SELECT id FROM {table} WHERE tx_to > {after:d} AND tx_from <= {after:d} AND id NOT IN"
            f" (SELECT id FROM {table} WHERE tx_to IS NULL)"
        )
        return frozenset(row[0] for row in self.run(query))

    @own_errors
    def head(self) -> int:
        """See :class:`osallisuus.model.store.Store`."""
        return int(self._last()[0])

    @own_errors
    def tx_at(self, moment: datetime) -> int:
        """See :class:`osallisuus.model.store.Store`."""
        query = "SELECT COALESCE(MAX(tx), 0) FROM journal WHERE recorded_at <= ?"
        return int(self.run(query, (self.moment(moment),)).fetchone()[0])

    def journal(self) -> Iterator[Entry]:
        """See :class:`osallisuus.model.store.Store`."""
        for row in self._journal():
            yield Entry(row[0], self.read_moment(row[1]), *row[2:])

    @own_errors
    def _journal(self) -> Sequence[tuple[Any, ...]]:
        return list(self.run(f"SELECT {ENTRY} FROM journal ORDER BY tx").fetchall())

    # ---- releases --------------------------------------------------------------------------

    def publications(self) -> Iterator[Publication]:
        """See :class:`osallisuus.model.store.Store`."""
        for number, moment, *rest in self._publications():
            yield Publication(number, self.read_moment(moment), *rest)

    @own_errors
    def _publications(self) -> Sequence[tuple[Any, ...]]:
        query = "SELECT number, recorded_at, tx, actor, purpose, content FROM releases"
        return list(self.run(f"{query} ORDER BY number").fetchall())

    @own_errors
    def publish(
        self, content: str, *, tx: int, actor: str, purpose: str, after: int
    ) -> Publication | None:
        """See :class:`osallisuus.model.store.Store`."""
        refuse_unwritable(content, actor, purpose)
        with self.writing():
            query = "SELECT COALESCE(MAX(number), 0) FROM releases"
            if self.run(query).fetchone()[0] != after:
                return None
            moment = self._clock().astimezone(UTC)
            made = Publication(after + 1, moment, tx, actor, purpose, content)
            self.run(
                "INSERT INTO releases (number, recorded_at, tx, actor, purpose, content)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (made.number, self.moment(moment), tx, actor, purpose, content),
            )
            return made

    # ---- proof -----------------------------------------------------------------------------

    def verify(self) -> tuple[Problem, ...]:
        """See :class:`osallisuus.model.store.Store`."""
        entries = list(self.journal())
        return (*self._damage(), *chained(entries), *self._changed_rows(entries))

    @own_errors
    def _damage(self) -> list[Problem]:
        return list(self.damage())

    @own_errors
    def _changed_rows(self, entries: Sequence[Entry]) -> list[Problem]:
        """The commits whose rows are not those that were written, but for what was erased."""
        digests = self.digests()
        # after the rows: an erasure that came in between has said so by now
        lessened = {row[0] for row in self.run("SELECT tx FROM lessened")}
        return [
            Problem(
                "the rows of this commit were changed after they were written",
                f"journal, commit {entry.tx}",
                "compare with a backup of before",
            )
            for entry in entries
            if entry.tx not in lessened and content_of(digests.get(entry.tx, {})) != entry.content
        ]

    def digests(self) -> dict[int, dict[str, str]]:
        """Commit -> table -> the digest of the rows of that commit that are there."""
        digests: dict[int, dict[str, str]] = {}
        for table in TABLES:
            for tx, rows in self._commits_of(table):
                digests.setdefault(tx, {})[table] = digest_of_rows(self._as_text(table, rows))
        return digests

    def _commits_of(self, table: str) -> Iterator[tuple[int, _Stored]]:
        """The rows of a table that each commit wrote."""
        query = f"SELECT tx_from, {_names(table)} FROM {table} ORDER BY tx_from, id"
        every = chain.from_iterable(self.stream(query, (), 20_000))
        for tx, rows in groupby(every, key=itemgetter(0)):
            yield tx, [tuple(row[1:]) for row in rows]


def _names(table: str) -> str:
    return ", ".join(column.sql_name for column in TABLES[table].columns)
