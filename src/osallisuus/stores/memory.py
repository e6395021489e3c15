"""Facts in memory: the store in which every rule of the port can be read in plain Python."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from threading import get_ident
from typing import Any, ClassVar, TypeAlias, TypeVar

from attrs import evolve

from osallisuus.errors import Problem
from osallisuus.model.batch import Batch
from osallisuus.model.codec import codec, column_of
from osallisuus.model.facts import TABLES, Fact
from osallisuus.model.store import (
    SOMEONE,
    STORE_API,
    Act,
    Change,
    Commit,
    Entry,
    Progress,
    Publication,
    Versions,
)
from osallisuus.stores.journal import (
    NOBODY,
    chained,
    content_of,
    digest_of_columns,
    mark_of,
    new_names,
    next_entry,
    refuse_erased,
    refuse_full,
    refuse_later,
    refuse_other_versions,
    refuse_repeated,
    refuse_unwritable,
    replaced_in,
    storage_columns,
)
from osallisuus.stores.one_thread import one_thread
from osallisuus.time import Clock

__all__ = ["MemoryStore"]

F = TypeVar("F", bound=Fact)
_Facts: TypeAlias = dict[str, list[Fact]]
_History: TypeAlias = list[tuple[int, Fact | None]]
"""The commits that wrote a fact, each with what it wrote; ``None``: it was taken back."""
_Histories: TypeAlias = dict[str, dict[str, _History]]
"""Table -> id -> the history that it is to have; none: it is to be gone."""


@one_thread
class MemoryStore:
    """Keeps every revision of every fact in a dictionary, gone when the process ends."""

    api_version: ClassVar[int] = STORE_API
    capabilities = frozenset(
        "history journal ledger expect void forget erase note changes verify snapshot restore".split()
    )

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.thread = get_ident()
        self._tables: dict[str, dict[str, _History]] = {name: {} for name in TABLES}
        self._entries: list[Entry] = []
        self._publications: list[Publication] = []
        self._secret = secrets.token_bytes(32)
        self._erased: set[str] = set()

    @classmethod
    def open(cls, place: str, *, clock: Clock, **options: Any) -> MemoryStore:
        """A new, empty store; *place* and *options* say nothing here."""
        return cls(clock)

    def copy(self) -> MemoryStore:
        """Another store with the same facts, journal and ledger."""
        other = MemoryStore(self._clock)
        for table, known in self._tables.items():
            other._tables[table] = {key: list(history) for key, history in known.items()}
        other._entries = list(self._entries)
        other._publications = list(self._publications)
        other._secret, other._erased = self._secret, set(self._erased)
        return other

    def readmit(self, people: Collection[str]) -> None:
        """Know no more that these people were erased, for a store that keeps its facts elsewhere."""
        if self._erased:
            self._erased -= {mark_of(one, self._secret) for one in people}

    def append(
        self,
        batch: Batch,
        act: Act,
        *,
        key: str | None = None,
        expect: Versions | None = None,
    ) -> Commit:
        """See :class:`osallisuus.model.store.Store`."""
        for entry in self._entries:
            if key is not None and entry.key == key:
                return Commit(entry.tx, 0, 0, len(batch))
        refuse_repeated({of: column_of(rows, "id") for of, rows in batch.rows.items()})
        refuse_unwritable(act.actor, act.purpose, act.reason, key)
        self._refuse_other_versions(expect)
        people = (mark_of(one.id, self._secret) for one in batch.rows.get("people", ()))
        refuse_erased(len(self._erased.intersection(people)))
        added: _Facts = {}
        revised: _Facts = {}
        for table, facts in batch.rows.items():
            dump = codec(table).dump
            for fact in facts:
                now = self._now(table, fact.id)
                if now is None:
                    added.setdefault(table, []).append(fact)
                # as stored: Python holds two local times equal that stand for one instant
                elif dump([now]) != dump([fact]):
                    revised.setdefault(table, []).append(fact)
        new, changed = _count(added), _count(revised)
        if new or changed:
            written = {of: added.get(of, []) + revised.get(of, []) for of in TABLES}
            self._write("append", written, act, (new, changed, 0), key=key)
        return Commit(self.head(), new, changed, len(batch) - new - changed)

    def _refuse_other_versions(self, expect: Versions | None) -> None:
        expect = expect or {}
        actual = {(of, one): self.versions(of, [one]).get(one, 0) for of, one in expect}
        refuse_other_versions(expect, actual)

    def _write(
        self,
        operation: str,
        written: _Facts,
        act: Act,
        counts: tuple[int, int, int],
        *,
        key: str | None = None,
        changed: _Histories | None = None,
        erased: Collection[str] = (),
    ) -> Entry:
        """The next entry of the journal, and the facts that it writes.

        *changed* are histories that are otherwise before the facts are written, and *erased* the
        marks of who goes.
        """
        entry = next_entry(
            (self.head(), self._entries[-1].digest if self._entries else ""),
            self._clock(),
            operation,
            act,
            key=key,
            counts=counts,
            content=content_of(
                {of: digest_of_columns(each) for of, each in storage_columns(written).items()}
            ),
        )
        histories = changed or {}
        for table, facts in written.items():
            following, known = histories.setdefault(table, {}), self._tables[table]
            for fact in facts:
                before = following.get(fact.id, known.get(fact.id, []))
                following[fact.id] = [*before, (entry.tx, fact)]
        try:
            self._put(entry, histories, erased)
        except BaseException:  # Ctrl-C may come between any two steps: then all are taken again
            self._put(entry, histories, erased)
            raise
        return entry

    def _put(self, entry: Entry, histories: _Histories, erased: Collection[str]) -> None:
        """All that a commit changes, and nothing else does; a second time it changes nothing."""
        for table, changed in histories.items():
            known = self._tables[table]
            for one, history in changed.items():
                if history:
                    known[one] = history
                else:
                    known.pop(one, None)
        self._erased.update(erased)
        self._entries[entry.tx - 1 :] = [entry]

    def void(
        self, ids: Mapping[str, Collection[str]], act: Act, *, expect: Versions | None = None
    ) -> int:
        """See :class:`osallisuus.model.store.Store`."""
        self._refuse_other_versions(expect)
        known = {table: self.known_ids(table, of) for table, of in ids.items()}
        gone = _count(known)
        if gone:
            taken = self.head() + 1, None
            changed: _Histories = {
                table: {one: [*self._tables[table][one], taken] for one in of}
                for table, of in known.items()
            }
            self._write("void", {}, act, (0, 0, gone), changed=changed)
        return gone

    def _now(self, table: str, fact_id: str, upto: int | None = None) -> Fact | None:
        """The revision of a fact that holds now, or held at a commit."""
        history = self._tables[table].get(fact_id, ())
        for tx, fact in reversed(history):
            if upto is None or tx <= upto:
                return fact
        return None

    def scan(
        self, kind: type[F], *, known_at: int | None = None, batch: int = 20_000
    ) -> Iterator[list[F]]:
        """See :class:`osallisuus.model.store.Store`."""
        table = kind.table.name
        part: list[Any] = []
        for fact_id in sorted(self._tables[table]):
            revision = self._now(table, fact_id, known_at)
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
            for tx, fact in self._tables[table].get(fact_id, ()):
                if fact is not None:
                    yield tx, fact

    def ids_where(self, table: str, column: str, values: Collection[str]) -> set[str]:
        """See :class:`osallisuus.model.store.Store`."""
        wanted = set(values)
        return {
            one
            for one, history in self._tables[table].items()
            if any(getattr(fact, column) in wanted for _, fact in history if fact is not None)
        }

    def ids_with(self, table: str, part: str) -> set[str]:
        """See :class:`osallisuus.model.store.Store`."""
        return {one for one in self._tables[table] if part in one}

    def versions(self, table: str, ids: Collection[str]) -> dict[str, int]:
        """See :class:`osallisuus.model.store.Store`."""
        known = self._tables[table]
        return {one: known[one][-1][0] for one in set(ids) & known.keys() if known[one][-1][1]}

    def known_ids(self, table: str, ids: Collection[str]) -> set[str]:
        """See :class:`osallisuus.model.store.Store`."""
        return set(self.versions(table, ids))

    def changes(self, after: int, *, batch: int = 20_000) -> Iterator[Change]:
        """See :class:`osallisuus.model.store.Store`."""
        for table, known in self._tables.items():
            last = (history[-1] for _, history in sorted(known.items()))
            new = [fact for tx, fact in last if tx > after and fact is not None]
            for start in range(0, len(new), batch):
                yield Change(table, new[start : start + batch])
            removed = frozenset(
                one
                for one, history in known.items()
                if history[-1][1] is None and self._now(table, one, after) is not None
            )
            if removed:
                yield Change(table, removed=removed)

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
        refuse_unwritable(content, actor, purpose)
        number = len(self._publications) + 1
        if number != after + 1:
            return None
        moment = self._clock().astimezone(UTC)
        made = Publication(number, moment, tx, actor, purpose, content)
        self._publications.append(made)
        return made

    def forget(self, table: str, ids: Collection[str], act: Act) -> int:
        """See :class:`osallisuus.model.store.Store`."""
        changed = self._without_history({table: ids})
        gone = _count(changed)
        if gone:
            told = evolve(act, reason=f"{table}: {gone}; {act.reason}")
            self._write("forget", {}, told, (0, 0, gone), changed=changed)
        return gone

    def _without_history(self, ids: Mapping[str, Collection[str]]) -> _Histories:
        return {
            table: {one: [] for one in self._tables[table].keys() & set(of)}
            for table, of in ids.items()
        }

    def _without_earlier(self, changed: _Histories, ids: Mapping[str, Collection[str]]) -> None:
        for table, of in ids.items():
            known, following = self._tables[table], changed.setdefault(table, {})
            for one in known.keys() & set(of) - following.keys():
                now = known[one][-1]
                following[one] = [] if now[1] is None else [now]

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
        refuse_later(after, self.head())
        changed = self._without_history(ids)
        gone = _count(changed)
        self._without_earlier(changed, earlier or {})
        names = new_names(renamed)
        written: _Facts = {}
        stays = False
        for table, known in self._tables.items():
            replaced = dict(replaced_in(table, person, names))
            following = changed.setdefault(table, {})
            for one in known:
                history = following.get(one, known[one])
                without = [(tx, _without(replaced, fact)) for tx, fact in history]
                if without == history:
                    continue
                following[one] = []
                following[replaced.get("id", {}).get(one, one)] = without
                stays = stays or any(_names_someone(replaced, fact) for _, fact in without)
                if without[-1][1] is not None:
                    written.setdefault(table, []).append(without[-1][1])
        if stays and not self.versions("people", [SOMEONE]):
            written["people"] = [NOBODY]
        ordered = {table: written[table] for table in TABLES if table in written}
        counts = 0, _count(written), gone
        mark = mark_of(person, self._secret)
        self._write("erase", ordered, act, counts, changed=changed, erased=[mark])
        return gone

    def unfinished_erasures(self) -> int:
        """See :class:`osallisuus.model.store.Store`: nothing is in a file."""
        return 0

    def finish_erasure(self) -> tuple[str, ...]:
        """See :class:`osallisuus.model.store.Store`: nothing is in a file."""
        return ()

    def note(self, operation: str, act: Act) -> Entry:
        """See :class:`osallisuus.model.store.Store`."""
        return self._write(operation, {}, act, (0, 0, 0))

    def verify(self) -> tuple[Problem, ...]:
        """See :class:`osallisuus.model.store.Store`."""
        return tuple(chained(self._entries))

    def snapshot(self, target: Path) -> int:
        """See :class:`osallisuus.model.store.Store`."""
        from osallisuus.stores import memory_rows  # only here is it written to a file

        books = {
            "journal": memory_rows.entered(self._entries),
            "releases": memory_rows.entered(self._publications),
            "about": [("secret", self._secret.hex())],
            "erased": [(mark, 1) for mark in sorted(self._erased)],
        }
        return memory_rows.write(target, books, self._tables, self._entries)

    def restore(self, source: Path, act: Act, *, progress: Progress | None = None) -> int:
        """See :class:`osallisuus.model.store.Store`."""
        from osallisuus.stores.memory_rows import histories_in
        from osallisuus.stores.restoring import opened_snapshot, rows_in

        new = MemoryStore(self._clock)
        refuse_full(bool(self._entries or self._publications))
        with opened_snapshot(source, self._clock) as taken:
            new._entries, new._publications = list(taken.journal()), list(taken.publications())
            new._secret = taken.secret()
            new._erased = {mark for mark, _ in rows_in(taken, "erased", progress)}
            for table in TABLES:
                new._tables[table] = histories_in(table, list(rows_in(taken, table, progress)))
        new._write("restore", {}, act, (0, 0, 0))
        # in one step, which Ctrl-C does not halve
        vars(self).update(vars(new))
        return self.head()

    def close(self) -> None:
        """See :class:`osallisuus.model.store.Store`."""


def _without(replaced: Mapping[str, Mapping[str, str]], fact: Fact | None) -> Fact | None:
    """The fact with other ids in some columns."""
    if fact is None:
        return None
    other = {
        column: ids[value]
        for column, ids in replaced.items()
        if (value := getattr(fact, column)) in ids
    }
    return type(fact)(**(fact.describe() | other)) if other else fact


def _names_someone(replaced: Mapping[str, Mapping[str, str]], fact: Fact | None) -> bool:
    return fact is not None and any(
        getattr(fact, column) == SOMEONE
        for column, ids in replaced.items()
        if SOMEONE in ids.values()
    )


def _count(facts: Mapping[str, Collection[Any]]) -> int:
    return sum(map(len, facts.values()))
