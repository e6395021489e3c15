"""What is written to an SQL store: facts, corrections, what is taken back, and the journal of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import partial
from typing import Any

from osallisuus.model.batch import Batch
from osallisuus.model.codec import codec
from osallisuus.model.facts import TABLES
from osallisuus.model.store import Act, Commit, Entry, Versions
from osallisuus.stores.journal import (
    content_of,
    digest_of_rows,
    mark_of,
    next_entry,
    refuse_erased,
    refuse_other_versions,
    refuse_repeated,
    refuse_unwritable,
)
from osallisuus.stores.sql_database import ENTRY, Stored, names_of, own_errors
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
        self, rows: dict[str, Stored], act: Act, key: str | None, expect: Versions
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
            written: dict[str, Stored] = {}
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

    def _refuse(self, rows: Mapping[str, Stored], expect: Versions) -> None:
        """Refuse other versions than were expected, and people who were erased."""
        if expect:
            actual = dict.fromkeys(expect, 0)
            for table in {table for table, _ in expect}:
                ids = [one for of, one in expect if of == table]
                found = self._versions(table, ids)
                actual |= {(table, one): tx for one, tx in found.items()}
            refuse_other_versions(expect, actual)
        if rows.get("people") and self.run("SELECT 1 FROM erased LIMIT 1").fetchone():
            secret = self.secret()
            marks = [mark_of(row[0], secret) for row in rows["people"]]
            query = f"SELECT COUNT(*) FROM erased WHERE {self.among('mark')}"
            refuse_erased(self.run(query, (self.listed(marks),)).fetchone()[0])

    def _sorted_out(self, table: str, rows: Stored) -> tuple[Stored, Stored]:
        """Rows that are new and rows whose content differs from the current revision."""
        if not self.run(f"SELECT 1 FROM {table} LIMIT 1").fetchone():
            return rows, []
        query = f"SELECT {names_of(table)} FROM {table} WHERE tx_to IS NULL AND {self.among('id')}"
        found = self.run(query, (self.listed([row[0] for row in rows]),)).fetchall()
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

    def enter(
        self,
        operation: str,
        act: Act,
        *,
        key: str | None = None,
        counts: tuple[int, int, int] = (0, 0, 0),
        written: Mapping[str, Stored] | None = None,
    ) -> Entry:
        """Write the next entry of the journal."""
        digests = {of: self.digest(of, rows) for of, rows in (written or {}).items()}
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

    def digest(self, table: str, rows: Stored) -> str:
        """The digest of rows as every store has it, in which days are text."""
        return (
            digest_of_rows(rows, partial(_days_as_text, table))
            if self.native
            else digest_of_rows(rows)
        )

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
        return bytes.fromhex(secret)


def _days_as_text(table: str, rows: Stored) -> Stored:
    columns: list[Sequence[Any]] = list(zip(*rows, strict=True))
    for index, column in enumerate(TABLES[table].columns):
        if column.type.name == "date":
            texts = {day: day and day.isoformat() for day in set(columns[index])}
            columns[index] = [texts[day] for day in columns[index]]
    return list(zip(*columns, strict=True))
