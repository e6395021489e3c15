"""Facts in LMDB: four small databases in one folder, each in the order of its keys.

==============  ==============================  ===============================================
database        key                             value
==============  ==============================  ===============================================
``facts``       table, id, commit               the storage tuple as JSON; empty: taken back
``journal``     commit                          the entry as JSON
``keys``        hash of the key of an append    its commit
``ledger``      number                          the publication as JSON
==============  ==============================  ===============================================

Nothing is ever changed or deleted, so what holds at a commit is the last revision up to it, and a
scan needs no lock. An append is one transaction of LMDB.
"""

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar, Self, TypeVar

import lmdb
from attrs import asdict
from osallisuus.errors import StoreError
from osallisuus.model.batch import Batch
from osallisuus.model.codec import codec
from osallisuus.model.facts import Fact
from osallisuus.model.store import Act, Commit, Entry, Publication, Versions
from osallisuus.stores.journal import (
    content_of,
    digest_of_columns,
    next_entry,
    refuse_other_versions,
    refuse_repeated,
    refuse_unwritable,
)
from osallisuus.time import Clock

__all__ = ["LmdbStore"]

F = TypeVar("F", bound=Fact)
_ROOM = 1 << 36
"""How large the file may grow, in bytes; it takes no more than it needs."""
_DATABASES = ("facts", "journal", "keys", "ledger")


class LmdbStore:
    """Keeps every revision of every fact in a folder of LMDB. It cannot erase a person."""

    api_version: ClassVar[int] = 2
    capabilities = frozenset(["durable", "history", "journal", "ledger", "expect", "void", "note"])

    def __init__(self, environment: Any, clock: Clock) -> None:
        self._environment, self._clock = environment, clock
        self._of = {name: environment.open_db(name.encode()) for name in _DATABASES}

    @classmethod
    def open(cls, place: str, *, clock: Clock, create: bool = True, **options: Any) -> Self:
        """The store in the folder *place*, which is made where there is none if *create*."""
        path = Path(place)
        if not create and not path.is_dir():
            raise StoreError("there is no such folder", where=place, remedy="check the address")
        with _told():
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
            made = lmdb.open(place, map_size=_ROOM, max_dbs=len(_DATABASES), mode=0o600)
            return cls(made, clock)

    def append(
        self, batch: Batch, act: Act, *, key: str | None = None, expect: Versions | None = None
    ) -> Commit:
        """See :class:`osallisuus.model.store.Store`."""
        refuse_repeated({table: [fact.id for fact in facts] for table, facts in batch.rows.items()})
        refuse_unwritable(act.actor, act.purpose, act.reason, key)
        with self._writing() as txn:
            if key is not None and (known := txn.get(_hash(key), db=self._of["keys"])):
                return Commit(int.from_bytes(known), 0, 0, len(batch))
            self._refuse_others(txn, expect)
            written: dict[str, list[tuple[Any, ...]]] = {}
            added = revised = 0
            for table, facts in batch.rows.items():
                for row in codec(table).dump(facts):
                    _, now = self._last(txn, table, str(row[0]))
                    if now is not None and json.loads(now) == list(row):
                        continue
                    added, revised = added + (now is None), revised + (now is not None)
                    written.setdefault(table, []).append(row)
            if written:
                entry = self._entry(txn, "append", act, (added, revised, 0), written, key)
                for table, rows in written.items():
                    for row in rows:
                        self._put(txn, table, str(row[0]), entry.tx, json.dumps(row).encode())
            return Commit(self._head(txn), added, revised, len(batch) - added - revised)

    def void(
        self, ids: Mapping[str, Collection[str]], act: Act, *, expect: Versions | None = None
    ) -> int:
        """See :class:`osallisuus.model.store.Store`."""
        with self._writing() as txn:
            self._refuse_others(txn, expect)
            gone = [(table, one) for table, of in ids.items() for one in self._held(txn, table, of)]
            if gone:
                tx = self._entry(txn, "void", act, (0, 0, len(gone))).tx
                for table, one in gone:
                    self._put(txn, table, one, tx, b"")
            return len(gone)

    def note(self, operation: str, act: Act) -> Entry:
        """See :class:`osallisuus.model.store.Store`."""
        with self._writing() as txn:
            return self._entry(txn, operation, act, (0, 0, 0))

    def scan(
        self, kind: type[F], *, known_at: int | None = None, batch: int = 20_000
    ) -> Iterator[list[F]]:
        """See :class:`osallisuus.model.store.Store`; each part is read by itself."""
        upto = self.head() if known_at is None else known_at
        after = _prefix(kind.table.name)
        load: Any = codec(kind.table.name).load
        while True:
            rows, after = self._part(kind.table.name, after, upto, batch)
            if rows:
                yield load(rows)
            if len(rows) < batch:
                return

    def _part(self, table: str, after: bytes, upto: int, size: int) -> tuple[list[Any], bytes]:
        """Up to *size* rows of the ids behind the key *after*, and the key to go on from."""
        rows: list[Any] = []
        with self._reading() as txn:
            cursor = txn.cursor(db=self._of["facts"])
            found = cursor.set_range(after)
            while found and cursor.key().startswith(_prefix(table)) and len(rows) < size:
                whole, last = cursor.key()[:-8], b""
                while found and cursor.key()[:-8] == whole:  # every revision of one fact
                    if int.from_bytes(cursor.key()[-8:]) <= upto:
                        last = cursor.value()
                    found = cursor.next()
                after = whole + b"\xff" * 8
                if last:
                    rows.append(json.loads(last))
        return rows, after

    def revisions(self, table: str, ids: Collection[str]) -> Iterator[tuple[int, Fact]]:
        """See :class:`osallisuus.model.store.Store`."""
        for one in sorted(set(ids)):
            with self._reading() as txn:
                found = [(tx, row) for tx, row in self._revisions(txn, table, one) if row]
            for tx, row in found:
                yield tx, codec(table).load([json.loads(row)])[0]

    def versions(self, table: str, ids: Collection[str]) -> dict[str, int]:
        """See :class:`osallisuus.model.store.Store`."""
        with self._reading() as txn:
            return self._held(txn, table, ids)

    def known_ids(self, table: str, ids: Collection[str]) -> set[str]:
        """See :class:`osallisuus.model.store.Store`."""
        return set(self.versions(table, ids))

    def head(self) -> int:
        """See :class:`osallisuus.model.store.Store`."""
        with self._reading() as txn:
            return self._head(txn)

    def tx_at(self, moment: datetime) -> int:
        """See :class:`osallisuus.model.store.Store`."""
        return max((one.tx for one in self.journal() if one.recorded_at <= moment), default=0)

    def journal(self) -> Iterator[Entry]:
        """See :class:`osallisuus.model.store.Store`."""
        with self._reading() as txn:
            told = [value for _, value in txn.cursor(db=self._of["journal"])]
        yield from (Entry(**_parsed(value)) for value in told)

    def publications(self) -> Iterator[Publication]:
        """See :class:`osallisuus.model.store.Store`."""
        with self._reading() as txn:
            told = [value for _, value in txn.cursor(db=self._of["ledger"])]
        yield from (Publication(**_parsed(value)) for value in told)

    def publish(
        self, content: str, *, tx: int, actor: str, purpose: str, after: int
    ) -> Publication | None:
        """See :class:`osallisuus.model.store.Store`."""
        refuse_unwritable(content, actor, purpose)
        with self._writing() as txn:
            if txn.stat(self._of["ledger"])["entries"] != after:
                return None
            moment = self._clock().astimezone(UTC)
            made = Publication(after + 1, moment, tx, actor, purpose, content)
            txn.put(_number(made.number), _written(made), db=self._of["ledger"])
            return made

    def close(self) -> None:
        """See :class:`osallisuus.model.store.Store`."""
        self._environment.close()

    # Inside a transaction ------------------------------------------------------------------------

    @contextmanager
    def _reading(self) -> Iterator[Any]:
        with _told(), self._environment.begin() as txn:
            yield txn

    @contextmanager
    def _writing(self) -> Iterator[Any]:
        with _told(), self._environment.begin(write=True) as txn:
            yield txn

    def _entry(
        self,
        txn: Any,
        operation: str,
        act: Act,
        counts: tuple[int, int, int],
        written: Mapping[str, Any] | None = None,
        key: str | None = None,
    ) -> Entry:
        """The next entry of the journal; *counts* are added, revised and removed."""
        cursor = txn.cursor(db=self._of["journal"])
        last = Entry(**_parsed(cursor.value())) if cursor.last() else None
        digests = {
            table: digest_of_columns(list(zip(*rows, strict=True)))
            for table, rows in (written or {}).items()
        }
        entry = next_entry(
            (last.tx, last.digest) if last else (0, ""),
            self._clock(),
            operation,
            act,
            key=key,
            counts=counts,
            content=content_of(digests),
        )
        txn.put(_number(entry.tx), _written(entry), db=self._of["journal"])
        if key is not None:
            txn.put(_hash(key), _number(entry.tx), db=self._of["keys"])
        return entry

    def _head(self, txn: Any) -> int:
        cursor = txn.cursor(db=self._of["journal"])
        return int.from_bytes(cursor.key()) if cursor.last() else 0

    def _put(self, txn: Any, table: str, one: str, tx: int, row: bytes) -> None:
        txn.put(_prefix(table, one) + _number(tx), row, db=self._of["facts"])

    def _revisions(self, txn: Any, table: str, one: str) -> Iterator[tuple[int, bytes]]:
        prefix = _prefix(table, one)
        cursor = txn.cursor(db=self._of["facts"])
        found = cursor.set_range(prefix)
        while found and cursor.key().startswith(prefix):
            yield int.from_bytes(cursor.key()[-8:]), cursor.value()
            found = cursor.next()

    def _last(self, txn: Any, table: str, one: str) -> tuple[int, bytes | None]:
        """The commit and the row of what holds now; no row where nothing does."""
        *_, (tx, row) = [(0, b""), *self._revisions(txn, table, one)]
        return tx, row or None

    def _held(self, txn: Any, table: str, ids: Collection[str]) -> dict[str, int]:
        last = {one: self._last(txn, table, one) for one in set(ids)}
        return {one: tx for one, (tx, row) in last.items() if row is not None}

    def _refuse_others(self, txn: Any, expect: Versions | None) -> None:
        expect = expect or {}
        actual = {(of, one): self._held(txn, of, [one]).get(one, 0) for of, one in expect}
        refuse_other_versions(expect, actual)


@contextmanager
def _told() -> Iterator[None]:
    """An error of LMDB or of the disk as one of ours."""
    try:
        yield
        return
    except lmdb.Error as error:
        what = type(error).__name__  # its text may name a path
    except OSError as error:
        what = error.strerror or type(error).__name__
    raise StoreError(
        f"LMDB: {what}", where="lmdb", remedy="check the folder, the disk and who else uses it"
    )


def _prefix(*names: str) -> bytes:
    # NUL is below every sign of an id, so "a" stands before "a.1" as it does by code point
    return b"".join(name.encode() + b"\0" for name in names)


def _number(number: int) -> bytes:
    return number.to_bytes(8)


def _hash(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()  # a key of LMDB has at most 511 bytes


def _written(told: Entry | Publication) -> bytes:
    return json.dumps(asdict(told), default=datetime.isoformat).encode()


def _parsed(value: bytes) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(value)
    return told | {"recorded_at": datetime.fromisoformat(told["recorded_at"])}
