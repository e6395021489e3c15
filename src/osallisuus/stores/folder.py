"""A fact folder opened as a store: read whole, written back whole. It keeps no history."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from osallisuus.errors import ImportProblem, StoreError
from osallisuus.ingest.folder import Progress, note_of, read_folder, write_folder
from osallisuus.ingest.limits import Limits
from osallisuus.model.batch import Batch
from osallisuus.model.facts import TABLES, Fact
from osallisuus.model.store import STORE_API, Commit, Entry, Publication
from osallisuus.rules.references import undefined_references
from osallisuus.stores.memory import MemoryStore
from osallisuus.time import Clock

__all__ = ["FolderStore"]

F = TypeVar("F", bound=Fact)


class FolderStore:
    """Facts in a folder of CSV files. Earlier revisions are not kept."""

    api_version: ClassVar[int] = STORE_API
    capabilities = frozenset({"durable", "forget"})

    def __init__(self, path: Path, memory: MemoryStore) -> None:
        self.where = str(path)
        self._path = path
        self._memory = memory

    @classmethod
    def open(
        cls,
        place: str,
        *,
        clock: Clock,
        create: bool = True,
        limits: Limits | None = None,
        progress: Progress | None = None,
        **options: Any,
    ) -> FolderStore:
        """Read the folder *place*; a new or empty one is an empty store if *create*."""
        path, memory = Path(place), MemoryStore(clock)
        if create and _is_empty(path):
            return cls(path, memory)
        batch = read_folder(path, limits=limits, **({"progress": progress} if progress else {}))
        problems = [*batch.problems, *undefined_references(batch, memory.known_ids)]
        if problems:
            raise ImportProblem(problems)
        memory.append(batch, actor="folder", reason="read")
        return cls(path, memory)

    def append(self, batch: Batch, *, actor: str, reason: str, key: str | None = None) -> Commit:
        """See :class:`osallisuus.model.store.Store`."""
        changed = self._memory.copy()
        commit = changed.append(batch, actor=actor, reason=reason, key=key)
        if commit.added or commit.revised:
            self._write(changed)
        self._memory = changed
        return commit

    def _write(self, changed: MemoryStore) -> None:
        write_folder(
            self._path,
            {
                name: [fact for part in changed.scan(table.record) for fact in part]
                for name, table in TABLES.items()
            },
            note=note_of(self._path),  # it may say that the facts are made up
        )

    def forget(self, table: str, ids: Collection[str], *, actor: str, reason: str) -> int:
        """See :class:`osallisuus.model.store.Store`; the folder is written anew."""
        changed = self._memory.copy()
        gone = changed.forget(table, ids, actor=actor, reason=reason)
        if gone:
            self._write(changed)
        self._memory = changed
        return gone

    def note(self, operation: str, *, actor: str, reason: str) -> Entry:
        """See :class:`osallisuus.model.store.Store`: a folder refuses."""
        raise StoreError(
            "a folder of CSV files keeps no journal",
            where=self.where,
            remedy="import it into a .db file",
        )

    def scan(
        self, kind: type[F], *, known_at: int | None = None, batch: int = 20_000
    ) -> Iterator[list[F]]:
        """See :class:`osallisuus.model.store.Store`."""
        return self._memory.scan(kind, known_at=known_at, batch=batch)

    def revisions(self, table: str, ids: Collection[str]) -> Iterator[tuple[int, Fact]]:
        """See :class:`osallisuus.model.store.Store`: a folder has only what is there now."""
        return self._memory.revisions(table, ids)

    def known_ids(self, table: str, ids: Collection[str]) -> set[str]:
        """See :class:`osallisuus.model.store.Store`."""
        return self._memory.known_ids(table, ids)

    def head(self) -> int:
        """See :class:`osallisuus.model.store.Store`."""
        return self._memory.head()

    def tx_at(self, moment: datetime) -> int:
        """See :class:`osallisuus.model.store.Store`."""
        return self._memory.tx_at(moment)

    def journal(self) -> Iterator[Entry]:
        """See :class:`osallisuus.model.store.Store`."""
        return iter(())

    def publications(self) -> Iterator[Publication]:
        """See :class:`osallisuus.model.store.Store`: a folder keeps no ledger."""
        return iter(())

    def publish(
        self, content: str, *, tx: int, actor: str, purpose: str, after: int
    ) -> Publication | None:
        """See :class:`osallisuus.model.store.Store`: a folder refuses."""
        raise StoreError(
            "a folder of CSV files keeps no ledger of releases",
            where=self.where,
            remedy="import it into a .db file",
        )

    def close(self) -> None:
        """See :class:`osallisuus.model.store.Store`."""


def _is_empty(path: Path) -> bool:
    try:
        return not path.exists() or (path.is_dir() and not any(path.iterdir()))
    except (OSError, ValueError):
        return False  # reading it will say why
