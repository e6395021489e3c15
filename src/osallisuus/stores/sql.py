"""What our SQL stores have in common: one layout, and the port written once.

The layout, and what a backend gives, stand in :mod:`osallisuus.stores.sql_database`. The port is
written in three steps on top of each other, reading, writing and erasing; here it is made whole
with the releases and the proof that nothing was changed behind its back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC
from itertools import chain
from typing import Any

from osallisuus.errors import Problem
from osallisuus.model.facts import TABLES
from osallisuus.model.store import Entry, Publication
from osallisuus.stores.journal import (
    chained,
    content_of,
    digests_of_rows,
    refuse_unwritable,
)
from osallisuus.stores.sql_database import columns_of, names_of, own_errors
from osallisuus.stores.sql_erasing import SQLErasing

__all__ = ["SQLStore"]


class SQLStore(SQLErasing):
    """A store in an SQL database; a subclass is one kind of database."""

    def publications(self) -> Iterator[Publication]:
        """See :class:`osallisuus.model.store.Store`."""
        for number, moment, *rest in self._publications():
            yield Publication(number, self.moment_in("releases", moment), *rest)

    @own_errors
    def _publications(self) -> Sequence[tuple[Any, ...]]:
        query = f"SELECT {columns_of('releases')} FROM releases ORDER BY number"
        return list(self.run(query).fetchall())

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
            moment = self.clock().astimezone(UTC)
            made = Publication(after + 1, moment, tx, actor, purpose, content)
            self.run(
                f"INSERT INTO releases ({columns_of('releases')}) VALUES (?, ?, ?, ?, ?, ?)",
                (made.number, self.moment(moment), tx, actor, purpose, content),
            )
            return made

    def verify(self) -> tuple[Problem, ...]:
        """See :class:`osallisuus.model.store.Store`."""
        entries = list(self.journal())
        rows = (*self._changed_rows(entries), *self._strange_rows())
        return (*self._damage(), *chained(entries), *rows)

    @own_errors
    def _damage(self) -> list[Problem]:
        return list(self.damage())

    @own_errors
    def _changed_rows(self, entries: Sequence[Entry]) -> list[Problem]:
        """The commits whose rows are not those that were written, but for what was erased."""
        digests = self.digests()
        # after the rows: an erasure that came in between has said so by now
        lessened = {row[0] for row in self.run("SELECT tx FROM lessened").fetchall()}
        return [
            Problem(
                "the rows of this commit were changed after they were written",
                f"journal, commit {entry.tx}",
                "compare with a backup of before",
            )
            for entry in entries
            if entry.tx not in lessened and content_of(digests.get(entry.tx, {})) != entry.content
        ]

    @own_errors
    def _strange_rows(self) -> list[Problem]:
        """The tables with a row that no commit of the journal has written, or none has ended."""
        known = "(SELECT tx FROM journal)"
        strange = (
            f"tx_from IS NULL OR tx_from NOT IN {known} OR tx_to NOT IN {known} OR tx_to <= tx_from"
        )
        return [
            Problem(
                "rows are of commits that the journal does not have",
                f"table {table}",
                "compare with a backup of before",
            )
            for table in TABLES
            if self.run(f"SELECT 1 FROM {table} WHERE {strange} LIMIT 1").fetchone()
        ]

    def digests(self) -> dict[int, dict[str, str]]:
        """Commit -> table -> the digest of the rows of that commit that are there."""
        digests: dict[int, dict[str, str]] = {}
        for table in TABLES:
            for tx, digest in digests_of_rows(self._written(table), self._counts(table)).items():
                digests.setdefault(tx, {})[table] = digest
        return digests

    def _counts(self, table: str) -> Counter[int]:
        """How many rows each commit wrote; counted here, since SQLite would sort all of them."""
        counts: Counter[int] = Counter()
        with closing(self.stream(f"SELECT tx_from FROM {table}", (), 20_000)) as parts:
            for rows in parts:
                counts.update(chain.from_iterable(rows))
        return counts

    def _written(self, table: str) -> Iterator[tuple[Any, ...]]:
        """Every row with the commit that wrote it before it, by id, days as text.

        What holds and what was known before come by an index each, so that SQLite does not sort
        them in memory, which a commit may exceed; PostgreSQL may sort them on its disk.
        """
        chosen = f"SELECT tx_from, {names_of(table)} FROM {table} WHERE tx_to IS"
        query = f"{chosen} NULL UNION ALL {chosen} NOT NULL ORDER BY id"
        with closing(self.stream(query, (), 20_000)) as parts:
            for rows in parts:
                commits, *columns = zip(*rows, strict=True)
                yield from zip(commits, *self.as_text(table, columns), strict=True)
