"""The Store port: what keeps facts and their history.

All or nothing per :meth:`Store.append`; a known id with equal content changes nothing, with other
content it is revised and the earlier revision stays readable as known then. A store numbers its
commits 1, 2, 3 …; that number, never a clock, orders what was known. Each commit leaves one
journal entry, chained by digest, without payload and without a person.

A store may also keep a *ledger*: what was ever released of its facts, so that later releases can
be audited together with earlier ones. It is only ever appended to, and no person stands in it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import ClassVar, Protocol, TypeVar

from osallisuus.model.batch import Batch
from osallisuus.model.facts import Fact
from osallisuus.values import frozen

__all__ = ["STORE_API", "Commit", "Entry", "Publication", "Store"]

STORE_API = 1
"""The version of this port; a store plug-in states it as ``api_version``."""

F = TypeVar("F", bound=Fact)


@frozen
class Commit:
    """What one ``append`` did. ``tx`` is 0 when nothing changed in a store without any commit."""

    tx: int
    added: int
    revised: int
    unchanged: int


@frozen
class Entry:
    """One line of the journal. ``digest`` covers the rows written and ``previous``."""

    tx: int
    recorded_at: datetime
    actor: str
    operation: str
    reason: str
    key: str | None
    added: int
    revised: int
    previous: str
    digest: str


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

    ``capabilities`` are words such as ``durable``, ``history`` (:meth:`scan` reads as known at an
    earlier commit), ``journal``, ``ledger`` (:meth:`publish` remembers releases),
    ``forget`` and ``note`` (it has the method of that name). Every method raises only :class:`~osallisuus.errors.StoreError`
    (or, while opening, :class:`~osallisuus.errors.ImportProblem` and
    :class:`~osallisuus.errors.LimitError` where the store is read from text).
    """

    api_version: ClassVar[int]
    capabilities: frozenset[str]

    def append(self, batch: Batch, *, actor: str, reason: str, key: str | None = None) -> Commit:
        """Add and revise facts in one transaction. The same *key* again is a no-op."""
        ...

    def scan(
        self, kind: type[F], *, known_at: int | None = None, batch: int = 20_000
    ) -> Iterator[list[F]]:
        """All facts of one table in the order of their ids, as of a commit or as of now."""
        ...

    def revisions(self, table: str, ids: Collection[str]) -> Iterator[tuple[int, Fact]]:
        """Every revision of those facts after the commit that wrote it; by id, the oldest first.

        A store without ``history`` is not asked.
        """
        ...

    def known_ids(self, table: str, ids: Collection[str]) -> set[str]:
        """Those of *ids* that the table holds now."""
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
        """The ledger: every release, oldest first, numbered 1, 2, 3 …; nothing without one."""
        ...

    def publish(
        self, content: str, *, tx: int, actor: str, purpose: str, after: int
    ) -> Publication | None:
        """Append a release to the ledger, if *after* is still the number of its last one.

        ``None``: another release came first, which this one does not know of yet. Nothing in the
        ledger can be changed or taken out. A store without ``ledger`` refuses.
        """
        ...

    def forget(self, table: str, ids: Collection[str], *, actor: str, reason: str) -> int:
        """Take facts out, with every revision of them; how many facts there were.

        The journal says of which table and how many, and nothing more. Only for facts that no
        other fact refers to. A store without ``forget`` is not asked.
        """
        ...

    def note(self, operation: str, *, actor: str, reason: str) -> Entry:
        """Write into the journal that something was asked, as a commit that changes nothing.

        A store without ``note`` is not asked.
        """
        ...

    def close(self) -> None:
        """Let go of files and connections. Closing twice does nothing."""
        ...
