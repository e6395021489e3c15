"""What is read of an SQL store: facts now and then, what has changed, and the journal."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import closing
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

from osallisuus.errors import StoreError
from osallisuus.model.codec import codec
from osallisuus.model.facts import TABLES, Fact
from osallisuus.model.store import Change, Entry
from osallisuus.stores.sql_database import ENTRY, SQLDatabase, Stored, names_of, own_errors

__all__ = ["SQLReading"]

F = TypeVar("F", bound=Fact)
T = TypeVar("T")


class SQLReading(SQLDatabase):
    """The part of a store that changes nothing."""

    def scan(
        self, kind: type[F], *, known_at: int | None = None, batch: int = 20_000
    ) -> Iterator[list[F]]:
        """See :class:`osallisuus.model.store.Store`."""
        table = kind.table.name
        chosen = f"SELECT {names_of(table)} FROM {table} WHERE"
        query = f"{chosen} {self.visible(known_at)} ORDER BY id"
        if known_at is not None:
            # what still holds comes in the order of its index, so that only the rest is sorted: a
            # sort of all would be held in memory, since no file of ours may show it
            query = (
                f"{chosen} tx_to IS NULL AND tx_from <= {known_at:d}"
                f" UNION ALL {chosen} tx_from <= {known_at:d} AND tx_to > {known_at:d} ORDER BY id"
            )
        for rows in self._streamed(query, (), batch):
            yield self._loaded(table, rows)

    def _loaded(self, table: str, rows: Stored) -> list[Any]:
        """The facts that those rows are, unless another program has put something else there."""
        return self.understood(table, lambda: codec(table, native=self.native).load(rows))

    def moment_in(self, table: str, stored: Any) -> datetime:
        """The moment that is stored so in one of the store's own books."""
        return self.understood(table, lambda: self.read_moment(stored))

    def understood(self, table: str, read: Callable[[], T]) -> T:
        """What *read* makes of values in *table*; :class:`StoreError` where it cannot."""
        try:
            return read()
        except (OverflowError, TypeError, ValueError):  # the text of which may be the value
            pass
        raise StoreError(
            "a value cannot be read: another program has changed it",
            where=f"{self.where}, table {table}",
            remedy="compare with a backup of before",
        )

    def _streamed(self, sql: str, values: Sequence[Any], batch: int) -> Iterator[Stored]:
        """The parts of a stream, with our own errors at each step."""
        with closing(self.stream(sql, values, batch)) as parts:
            # no loop of our own: from Python 3.12 on Ctrl-C at its very end would leave it all open
            yield from iter(partial(self._next, parts), None)

    @own_errors
    def _next(self, parts: Iterator[Stored]) -> Stored | None:
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
        facts = self._loaded(table, [row[1:] for row in rows])
        return zip((row[0] for row in rows), facts, strict=True)

    @own_errors
    def _revised(self, table: str, ids: Collection[str]) -> list[Any]:
        query = f"SELECT tx_from, {names_of(table)} FROM {TABLES[table].name} WHERE"
        wanted = self.listed(ids)
        found = self.run(f"{query} {self.ever_among()} ORDER BY id, tx_from", (wanted, wanted))
        return list(found.fetchall())

    @own_errors
    def ids_where(self, table: str, column: str, values: Collection[str]) -> set[str]:
        """See :class:`osallisuus.model.store.Store`."""
        named = TABLES[table].column(column).sql_name
        query = f"SELECT DISTINCT id FROM {table} WHERE {self.among(named)}"
        return {row[0] for row in self.run(query, (self.listed(values),)).fetchall()}

    @own_errors
    def ids_with(self, table: str, part: str) -> set[str]:
        """See :class:`osallisuus.model.store.Store`."""
        query = f"SELECT DISTINCT id FROM {TABLES[table].name} WHERE REPLACE(id, ?, '') <> id"
        return {row[0] for row in self.run(query, (part,)).fetchall()}

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
            query = (
                f"SELECT {names_of(table)} FROM {table}"
                f" WHERE tx_to IS NULL AND tx_from > {after:d} ORDER BY id"
            )
            for rows in self._streamed(query, (), batch):
                yield Change(table, self._loaded(table, rows))
            removed = self._removed(table, after)
            if removed:
                yield Change(table, removed=removed)

    @own_errors
    def _removed(self, table: str, after: int) -> frozenset[str]:
        query = (
            f"SELECT id FROM {table} WHERE tx_to > {after:d} AND tx_from <= {after:d} AND id NOT IN"
            f" (SELECT id FROM {table} WHERE tx_to IS NULL)"
        )
        return frozenset(row[0] for row in self.run(query).fetchall())

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
            yield Entry(row[0], self.moment_in("journal", row[1]), *row[2:])

    @own_errors
    def _journal(self) -> Sequence[tuple[Any, ...]]:
        return list(self.run(f"SELECT {ENTRY} FROM journal ORDER BY tx").fetchall())

    def _last(self) -> tuple[int, str]:
        """The number and the digest of the last commit."""
        query = "SELECT tx, digest FROM journal ORDER BY tx DESC LIMIT 1"
        last = self.run(query).fetchone()
        return (last[0], last[1]) if last else (0, "")
