"""What is written to an SQL store: facts, corrections, what is taken back, and the journal of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from osallisuus.model.batch import Batch
from osallisuus.model.facts import TABLES
from osallisuus.model.store import Act, Commit, Entry, Versions
from osallisuus.stores.journal import (
    Columns,
    content_of,
    count_in,
    digest_of_columns,
    mark_of,
    next_entry,
    refuse_erased,
    refuse_other_versions,
    refuse_repeated,
    refuse_unwritable,
    storage_columns,
)
from osallisuus.stores.sql_database import ENTRY, names_of, own_errors
from osallisuus.stores.sql_reading import SQLReading

__all__ = ["SQLWriting"]


class SQLWriting(SQLReading):
    """The part of a store that adds, corrects and takes back; what was known before stays."""

    def append(
        self,
        batch: Batch,
        act: Act,
        *,
        key: str | None = None,
        expect: Versions | None = None,
    ) -> Commit:
        """See :class:`osallisuus.model.store.Store`."""
        facts = {table: batch.rows[table] for table in TABLES if table in batch.rows}
        given = storage_columns(facts, native=self.native)
        refuse_repeated({table: columns[0] for table, columns in given.items()})
        refuse_unwritable(act.actor, act.purpose, act.reason, key)
        return self._append(given, act, key, expect or {})

    @own_errors
    def _append(
        self, given: dict[str, Columns], act: Act, key: str | None, expect: Versions
    ) -> Commit:
        with self.writing():
            total = sum(map(count_in, given.values()))
            if key is not None:
                known = self.run("SELECT tx FROM journal WHERE key = ?", (key,)).fetchone()
                if known:
                    return Commit(known[0], 0, 0, total)
            self._refuse(given, expect)
            tx = self._last()[0] + 1
            added = revised = 0
            written: dict[str, Columns] = {}
            for table, columns in given.items():
                written[table], changed = self._sorted_out(table, columns)
                count = count_in(written[table])
                self._end(table, changed, tx)
                if count:
                    self.put(table, written[table], tx)
                added, revised = added + count - len(changed), revised + len(changed)
            if not added and not revised:
                return Commit(tx - 1, 0, 0, total)
            self.enter("append", act, key=key, counts=(added, revised, 0), written=written)
            return Commit(tx, added, revised, total - added - revised)

    def _refuse(self, given: Mapping[str, Columns], expect: Versions) -> None:
        """Refuse other versions than were expected, and people who were erased."""
        if expect:
            actual = dict.fromkeys(expect, 0)
            for table in {table for table, _ in expect}:
                ids = [one for of, one in expect if of == table]
                found = self._versions(table, ids)
                actual |= {(table, one): tx for one, tx in found.items()}
            refuse_other_versions(expect, actual)
        people = given["people"][0] if "people" in given else ()
        if people and self.run("SELECT 1 FROM erased LIMIT 1").fetchone():
            secret = self.secret()
            marks = [mark_of(one, secret) for one in people]
            query = f"SELECT COUNT(*) FROM erased WHERE {self.among('mark')}"
            refuse_erased(self.run(query, (self.listed(marks),)).fetchone()[0])

    def _sorted_out(self, table: str, given: Columns) -> tuple[Columns, list[str]]:
        """Rows that are new or whose content differs from the current revision; ids of the latter."""
        if not self.run(f"SELECT 1 FROM {table} LIMIT 1").fetchone():
            return given, []
        ids = given[0]
        query = f"SELECT {names_of(table)} FROM {table} WHERE tx_to IS NULL AND {self.among('id')}"
        current = {row[0]: row for row in self.run(query, (self.listed(ids),)).fetchall()}
        rows = zip(*given, strict=True)
        other = [row for row in rows if current.get(row[0]) != row]
        return list(zip(*other, strict=True)), [row[0] for row in other if row[0] in current]

    def _end(self, table: str, ids: Collection[str], tx: int) -> None:
        if ids:
            self.run(
                f"UPDATE {table} SET tx_to = {tx:d} WHERE tx_to IS NULL AND {self.among('id')}",
                (self.listed(ids),),
            )

    def enter(
        self,
        operation: str,
        act: Act,
        *,
        key: str | None = None,
        counts: tuple[int, int, int] = (0, 0, 0),
        written: Mapping[str, Columns] | None = None,
    ) -> Entry:
        """Write the next entry of the journal."""
        texts = {of: self.as_text(of, columns) for of, columns in (written or {}).items()}
        digests = {of: digest_of_columns(columns) for of, columns in texts.items()}
        entry = next_entry(
            self._last(),
            self.clock(),
            operation,
            act,
            key=key,
            counts=counts,
            content=content_of(digests),
        )
        self.put_entry(entry)
        return entry

    def put_entry(self, entry: Entry) -> None:
        """Store an entry of the journal as it is."""
        values = [getattr(entry, name) for name in ENTRY.split(", ")]
        values[1] = self.moment(entry.recorded_at)
        self.run(f"INSERT INTO journal ({ENTRY}) VALUES ({', '.join('?' * len(values))})", values)

    def as_text(self, table: str, columns: Columns) -> Columns:
        """Columns with days as text, as every store digests them."""
        if not (self.native and columns):
            return columns
        types = [column.type.name for column in TABLES[table].columns]
        return [
            _texts(values) if kind == "date" else values
            for kind, values in zip(types, columns, strict=True)
        ]

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

    @own_errors
    def secret(self) -> bytes:
        """What the keyed hashes of this store are made with."""
        (secret,) = self.run("SELECT value FROM about WHERE name = 'secret'").fetchone()
        return self.understood("about", lambda: bytes.fromhex(secret))


def _texts(days: Sequence[date | None]) -> list[str | None]:
    texts = {day: None if day is None else day.isoformat() for day in set(days)}
    return [texts[day] for day in days]
