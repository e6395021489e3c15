"""The Store port: what keeps facts and their history.

All or nothing per :meth:`Store.append`; a known id with equal content changes nothing, with other
content it is revised and the earlier revision stays readable as known then. A store numbers its
commits 1, 2, 3 …; that number, never a clock, orders what was known, and the number of the commit
that wrote a fact's current revision is the fact's *version*. Each commit leaves one journal entry,
chained by digest, without payload and without a person.

A store may also keep a *ledger*: what was ever released of its facts, so that later releases can
be audited together with earlier ones. It is only ever appended to, and no person stands in it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import ClassVar, Final, Protocol, TypeAlias, TypeVar

from attrs import field

from osallisuus.errors import Problem
from osallisuus.model.batch import Batch
from osallisuus.model.facts import Fact
from osallisuus.values import frozen

__all__ = [
    "SNAPSHOT",
    "SOMEONE",
    "STORE_API",
    "Act",
    "Change",
    "Commit",
    "Entry",
    "Progress",
    "Publication",
    "Store",
    "Versions",
]

STORE_API = 2
"""The version of this port; a store plug-in states it as ``api_version``."""

SNAPSHOT: Final = "name a snapshot, or the .db file of a store"
"""What to do where there is none to take in."""

SOMEONE: Final = "someone"
"""The id that stands where a fact of others named a person who was erased."""

F = TypeVar("F", bound=Fact)

Versions: TypeAlias = Mapping[tuple[str, str], int]
"""Table and id -> the version of that fact; 0: the store does not hold it."""

Progress: TypeAlias = Callable[[str, int], None]
"""Told now and then of long work: a table, and how many of its rows are done."""


@frozen
class Act:
    """Who does something in a store, for what purpose, and what it is in their words."""

    actor: str
    purpose: str
    reason: str


@frozen
class Commit:
    """What one ``append`` did. ``tx`` is 0 when nothing changed in a store without any commit."""

    tx: int
    added: int
    revised: int
    unchanged: int


@frozen
class Entry:
    """One line of the journal.

    ``removed`` counts the facts that were taken back or erased. ``content`` is the digest of the
    rows that were written; ``digest`` covers it, everything else in the entry, and ``previous``,
    the digest of the entry before, empty in the first one. ``operation`` is ``append``, ``void``,
    ``forget``, ``erase``, ``restore`` or what :meth:`Store.note` was asked to write.
    """

    tx: int
    recorded_at: datetime
    actor: str
    purpose: str
    operation: str
    reason: str
    key: str | None
    added: int
    revised: int
    removed: int
    content: str
    previous: str
    digest: str


@frozen
class Change:
    """What is otherwise in one table than at an earlier commit.

    ``facts`` hold now and were written since; the facts ``removed`` held then and were taken back.
    What was erased since is not told.
    """

    table: str
    facts: Sequence[Fact] = ()
    removed: Collection[str] = field(factory=frozenset)


@frozen
class Publication:
    """One line of the ledger: a release of the facts as known at the commit ``tx``.

    ``content`` is JSON text that the store does not look into
    (:mod:`osallisuus.disclosure.ledger`).
    """

    number: int
    recorded_at: datetime
    tx: int
    actor: str
    purpose: str
    content: str


class Store(Protocol):
    """Keeps facts. One store object serves one thread and is not carried over a fork.

    ``capabilities`` are words:

    ==============  ===========================================================================
    ``durable``     an acknowledged write is there after the process ends, or the power
    ``history``     :meth:`scan` reads as known at an earlier commit; :meth:`revisions`
    ``journal``     every commit leaves an entry
    ``ledger``      :meth:`publish` remembers releases; :meth:`publications` tells them
    ``expect``      :meth:`append` and :meth:`void` check versions; :meth:`versions`
    ``void``        :meth:`void` takes facts back
    ``forget``      :meth:`forget` takes facts out with their history
    ``erase``       :meth:`erase` takes a person out, and :meth:`finish_erasure` their bytes;
                    :meth:`ids_where` and :meth:`ids_with` find them
    ``note``        :meth:`note` writes into the journal
    ``changes``     :meth:`changes` tells what is otherwise than at an earlier commit
    ``verify``      :meth:`verify` finds what was tampered with or damaged
    ``snapshot``    :meth:`snapshot` writes a consistent copy
    ``restore``     :meth:`restore` takes one in, into a new store
    ==============  ===========================================================================

    :meth:`append`, :meth:`scan`, :meth:`known_ids`, :meth:`head`, :meth:`tx_at`, :meth:`journal` and
    :meth:`close` are always there. A method without its word is never called, and need not be there.
    Ours declare ``sql``, ``arrow`` and ``files`` besides, for our engines. Every method raises only
    :class:`~osallisuus.errors.StoreError` and its kinds (or, while opening,
    :class:`~osallisuus.errors.ImportProblem` and :class:`~osallisuus.errors.LimitError` where the
    store is read from text).
    """

    api_version: ClassVar[int]
    capabilities: frozenset[str]

    def append(
        self,
        batch: Batch,
        act: Act,
        *,
        key: str | None = None,
        expect: Versions | None = None,
    ) -> Commit:
        """Add and revise facts in one transaction. The same *key* again is a no-op.

        It is answered by the commit of the first time, nothing added or revised, and all of *batch*
        unchanged. Raises :class:`~osallisuus.errors.VersionConflict`, and stores nothing, where a fact of
        *expect* has another version by now.
        """
        ...

    def void(
        self, ids: Mapping[str, Collection[str]], act: Act, *, expect: Versions | None = None
    ) -> int:
        """Take back facts that should never have been stored; how many there were.

        What was known earlier stays readable as known then, and the same id may be added again.
        """
        ...

    def scan(
        self, kind: type[F], *, known_at: int | None = None, batch: int = 20_000
    ) -> Iterator[list[F]]:
        """All facts of one table in the order of their ids, as of a commit or as of now."""
        ...

    def revisions(self, table: str, ids: Collection[str]) -> Iterator[tuple[int, Fact]]:
        """Every revision of those facts after the commit that wrote it; by id, the oldest first."""
        ...

    def ids_where(self, table: str, column: str, values: Collection[str]) -> set[str]:
        """The ids of facts of which any revision has one of *values*, ids, in that column.

        Also those of facts that were taken back: erasing must find what no scan reads any more.
        """
        ...

    def ids_with(self, table: str, part: str) -> set[str]:
        """The ids of facts, also of those that were taken back, in which *part* stands."""
        ...

    def versions(self, table: str, ids: Collection[str]) -> dict[str, int]:
        """The versions of those of *ids* that the table holds now."""
        ...

    def known_ids(self, table: str, ids: Collection[str]) -> set[str]:
        """Those of *ids* that the table holds now."""
        ...

    def changes(self, after: int, *, batch: int = 20_000) -> Iterator[Change]:
        """What is otherwise than at the commit *after*, table by table and in parts."""
        ...

    def head(self) -> int:
        """The last commit; 0 in a new store."""
        ...

    def tx_at(self, moment: datetime) -> int:
        """The last commit recorded at or before *moment*, which must be aware; 0 if none."""
        ...

    def journal(self) -> Iterator[Entry]:
        """Every commit, oldest first."""
        ...

    def publications(self) -> Iterator[Publication]:
        """The ledger: every release, oldest first, numbered 1, 2, 3 …."""
        ...

    def publish(
        self, content: str, *, tx: int, actor: str, purpose: str, after: int
    ) -> Publication | None:
        """Append a release to the ledger, if *after* is still the number of its last one.

        ``None``: another release came first, which this one does not know of yet. Nothing in the
        ledger can be changed or taken out.
        """
        ...

    def forget(self, table: str, ids: Collection[str], act: Act) -> int:
        """Take facts out, with every revision of them; how many facts there were.

        The journal says of which table and how many, and nothing more. Only for facts that no
        other fact refers to.
        """
        ...

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
        """Take those facts out with every revision, and *person* out of all that stays.

        Of the facts *earlier* only the revisions go that do not hold now. The ids *renamed*, of
        facts that stay and of no person, become new random ones, each the same wherever it stands,
        as an id or in a reference, in every revision. With *after*, which is
        the last commit that the caller knows of, :class:`~osallisuus.errors.VersionConflict` and
        nothing erased where there is another by now.

        Whatever revision of another fact names them names :data:`SOMEONE` instead, and a fact that
        holds now has that, or its new id, as a new revision. A person of this id can never be added again: the
        store keeps a keyed hash of the id. All of it is one commit; how many facts were taken out.
        What was written before may stand in the store's files until :meth:`finish_erasure`.
        """
        ...

    def unfinished_erasures(self) -> int:
        """How many persons were erased since the last :meth:`finish_erasure` that succeeded."""
        ...

    def finish_erasure(self) -> tuple[str, ...]:
        """Clear the bytes of what was erased from the store's files.

        What could not be done now, in words, with its reason; nothing if all is done. It may be
        called at any time and again.
        """
        ...

    def note(self, operation: str, act: Act) -> Entry:
        """Write into the journal that something was asked, as a commit that changes nothing."""
        ...

    def verify(self) -> tuple[Problem, ...]:
        """What was tampered with or damaged: the chain of the journal, the rows, the files."""
        ...

    def snapshot(self, target: Path) -> int:
        """Write a consistent copy of everything to a new SQLite file; the commit it holds."""
        ...

    def restore(self, source: Path, act: Act, *, progress: Progress | None = None) -> int:
        """Take in everything of a snapshot, as one commit more; the number of that commit.

        *source* is what :meth:`snapshot` wrote, of any kind of store, or the file of a SQLite store,
        and stays as it is. All that it knows is known here from then on: every revision, the
        journal, the ledger, and who was erased. *progress* hears how many rows of which table are in.
        Raises :class:`~osallisuus.errors.StoreError`, and takes in nothing, where this store holds
        anything already, or *source* is no snapshot, of another schema version, or not as it was
        written.
        """
        ...

    def close(self) -> None:
        """Let go of files and connections. Closing twice does nothing."""
        ...
