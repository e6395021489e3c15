"""Facts in memory: the store in which every rule of the port can be read in plain Python."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from typing import Any, ClassVar, TypeVar

from osallisuus.model.batch import Batch
from osallisuus.model.codec import codec
from osallisuus.model.facts import TABLES, Fact
from osallisuus.model.store import STORE_API, Commit, Entry, Publication
from osallisuus.stores.journal import digest, refuse_repeated
from osallisuus.time import Clock

__all__ = ["MemoryStore"]

F = TypeVar("F", bound=Fact)


class MemoryStore:
    """Keeps every revision of every fact in a dictionary, gone when the process ends."""

    api_version: ClassVar[int] = STORE_API
    capabilities = frozenset({"forget", "history", "journal", "ledger", "note"})

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        # table -> id -> [(commit, fact), …], the newest last
        self._revisions: dict[str, dict[str, list[tuple[int, Fact]]]] = {
            name: {} for name in TABLES
        }
        self._entries: list[Entry] = []
        self._publications: list[Publication] = []

    @classmethod
    def open(cls, place: str, *, clock: Clock, **options: Any) -> MemoryStore:
        """A new, empty store; *place* and *options* say nothing here."""
        return cls(clock)

    def copy(self) -> MemoryStore:
        """Another store with the same facts, journal and ledger."""
        other = MemoryStore(self._clock)
        for table, known in self._revisions.items():
            other._revisions[table] = {key: list(history) for key, history in known.items()}
        other._entries = list(self._entries)
        other._publications = list(self._publications)
        return other

    def append(self, batch: Batch, *, actor: str, reason: str, key: str | None = None) -> Commit:
        """See :class:`osallisuus.model.store.Store`."""
        for entry in self._entries:
            if key is not None and entry.key == key:
                return Commit(entry.tx, 0, 0, len(batch))
        refuse_repeated(batch)
        added: dict[str, list[Fact]] = {}
        revised: dict[str, list[Fact]] = {}
        for table, facts in batch.rows.items():
            known, dump = self._revisions[table], codec(table).dump
            for fact in facts:
                history = known.get(fact.id)
                if history is None:
                    added.setdefault(table, []).append(fact)
                # as stored: Python holds two local times equal that stand for one instant
                elif dump([history[-1][1]]) != dump([fact]):
                    revised.setdefault(table, []).append(fact)
        new, changed = _count(added), _count(revised)
        if new or changed:
            self._write(added, revised, actor=actor, reason=reason, key=key)
        return Commit(self.head(), new, changed, len(batch) - new - changed)

    def _write(
        self,
        added: dict[str, list[Fact]],
        revised: dict[str, list[Fact]],
        *,
        actor: str,
        reason: str,
        key: str | None,
    ) -> None:
        written = {
            table: added.get(table, []) + revised.get(table, [])
            for table in TABLES
            if table in added or table in revised
        }
        counts = _count(added), _count(revised)
        entry = self._enter("append", written, counts, actor=actor, reason=reason, key=key)
        for table, facts in written.items():
            for fact in facts:
                self._revisions[table].setdefault(fact.id, []).append((entry.tx, fact))

    def _enter(
        self,
        operation: str,
        written: dict[str, list[Fact]],
        counts: tuple[int, int],
        *,
        actor: str,
        reason: str,
        key: str | None = None,
    ) -> Entry:
        """The next entry of the journal."""
        previous = self._entries[-1].digest if self._entries else ""
        entry = Entry(
            tx=self.head() + 1,
            recorded_at=self._clock().astimezone(UTC),
            actor=actor,
            operation=operation,
            reason=reason,
            key=key,
            added=counts[0],
            revised=counts[1],
            previous=previous,
            digest=digest(previous, written),
        )
        self._entries.append(entry)
        return entry

    def scan(
        self, kind: type[F], *, known_at: int | None = None, batch: int = 20_000
    ) -> Iterator[list[F]]:
        """See :class:`osallisuus.model.store.Store`."""
        known = self._revisions[kind.table.name]
        upto = self.head() if known_at is None else known_at
        part: list[Any] = []
        for fact_id in sorted(known):
            revision = next((fact for tx, fact in reversed(known[fact_id]) if tx <= upto), None)
            if revision is not None:
                part.append(revision)
            if len(part) == batch:
                yield part
                part = []
        if part:
            yield part

    def revisions(self, table: str, ids: Collection[str]) -> Iterator[tuple[int, Fact]]:
        """See :class:`osallisuus.model.store.Store`."""
        for fact_id in sorted(set(ids)):
            yield from self._revisions[table].get(fact_id, ())

    def known_ids(self, table: str, ids: Collection[str]) -> set[str]:
        """See :class:`osallisuus.model.store.Store`."""
        return self._revisions[table].keys() & set(ids)

    def head(self) -> int:
        """See :class:`osallisuus.model.store.Store`."""
        return self._entries[-1].tx if self._entries else 0

    def tx_at(self, moment: datetime) -> int:
        """See :class:`osallisuus.model.store.Store`."""
        return max((entry.tx for entry in self._entries if entry.recorded_at <= moment), default=0)

    def journal(self) -> Iterator[Entry]:
        """See :class:`osallisuus.model.store.Store`."""
        yield from self._entries

    def publications(self) -> Iterator[Publication]:
        """See :class:`osallisuus.model.store.Store`."""
        yield from self._publications

    def publish(
        self, content: str, *, tx: int, actor: str, purpose: str, after: int
    ) -> Publication | None:
        """See :class:`osallisuus.model.store.Store`."""
        number = len(self._publications) + 1
        if number != after + 1:
            return None
        moment = self._clock().astimezone(UTC)
        made = Publication(number, moment, tx, actor, purpose, content)
        self._publications.append(made)
        return made

    def forget(self, table: str, ids: Collection[str], *, actor: str, reason: str) -> int:
        """See :class:`osallisuus.model.store.Store`."""
        known = self._revisions[table]
        gone = known.keys() & set(ids)
        for fact_id in gone:
            del known[fact_id]
        if gone:
            self._enter("forget", {}, (0, 0), actor=actor, reason=f"{table}: {len(gone)}; {reason}")
        return len(gone)

    def note(self, operation: str, *, actor: str, reason: str) -> Entry:
        """See :class:`osallisuus.model.store.Store`."""
        return self._enter(operation, {}, (0, 0), actor=actor, reason=reason)

    def close(self) -> None:
        """See :class:`osallisuus.model.store.Store`."""


def _count(facts: dict[str, list[Fact]]) -> int:
    return sum(map(len, facts.values()))
