"""A fact folder opened as a store: read whole, written back whole. It keeps no history."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from threading import get_ident
from typing import Any, ClassVar, TypeAlias, TypeVar

from osallisuus.errors import ImportProblem, Problem, StoreBusy, StoreError
from osallisuus.ingest.folder import note_of, read_folder, write_folder
from osallisuus.ingest.limits import Limits
from osallisuus.model.batch import Batch
from osallisuus.model.facts import TABLES, Fact
from osallisuus.model.store import (
    STORE_API,
    Act,
    Change,
    Commit,
    Entry,
    Progress,
    Publication,
    Versions,
)
from osallisuus.rules.references import undefined_references
from osallisuus.stores.memory import MemoryStore
from osallisuus.stores.one_thread import one_thread
from osallisuus.time import Clock

__all__ = ["FolderStore"]

F = TypeVar("F", bound=Fact)
T = TypeVar("T")
_Looks: TypeAlias = frozenset[tuple[str, int, int, int]] | None


@one_thread
class FolderStore:
    """Facts in a folder of CSV files. Earlier revisions are not kept."""

    api_version: ClassVar[int] = STORE_API
    capabilities = frozenset({"durable", "void", "forget", "erase"})

    def __init__(
        self, path: Path, clock: Clock, *, limits: Limits | None, progress: Progress | None
    ) -> None:
        self.where = str(path)
        self._path = path
        self._memory = MemoryStore(clock)
        self._limits, self._progress = limits, {"progress": progress} if progress else {}
        self._seen = _looks(path)
        self.thread = get_ident()

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
        path = Path(place)
        store = cls(path, clock, limits=limits, progress=progress)
        if not create and store._seen is None:
            raise StoreError("there is no such folder", where=place, remedy="check the path")
        if not (create and _is_empty(path)):
            store._read()
        return store

    def _read(self) -> None:
        """Take over what the folder holds now; what it holds no more is forgotten."""
        # before it is read: what is changed while it is read is seen at the next look
        seen = _looks(self._path)
        batch = read_folder(self._path, limits=self._limits, **self._progress)
        problems = [*batch.problems, *undefined_references(batch, lambda table, ids: set())]
        if problems:
            raise ImportProblem(problems)
        read, act = self._memory.copy(), Act("folder", "read", "read")
        there = {name: {fact.id for fact in facts} for name, facts in batch.rows.items()}
        for name, table in TABLES.items():
            known = {fact.id for part in read.scan(table.record) for fact in part}
            read.forget(name, known - there.get(name, set()), act)
        # somebody else has written them in again: the folder keeps no list, and it is what holds
        read.readmit(there.get("people", ()))
        read.append(batch, act)
        self._memory, self._seen = read, seen

    def _held(self) -> MemoryStore:
        """What the folder holds, read again where somebody else has changed it meanwhile."""
        if _looks(self._path) != self._seen:
            self._read()
        return self._memory

    def append(
        self,
        batch: Batch,
        act: Act,
        *,
        key: str | None = None,
        expect: Versions | None = None,
    ) -> Commit:
        """See :class:`osallisuus.model.store.Store`."""
        return self._changed(lambda facts: facts.append(batch, act, key=key, expect=expect))

    def _changed(self, change: Callable[[MemoryStore], T]) -> T:
        """What *change* answers; if it changed anything, the folder is written anew first."""
        with _only_writer(self._path):
            held = self._held()
            changed = held.copy()
            done = change(changed)
            if changed.head() != held.head():
                self._write(changed)
                self._seen = _looks(self._path)
            self._memory = changed
        return done

    def _write(self, changed: MemoryStore) -> None:
        write_folder(
            self._path,
            {
                name: [fact for part in changed.scan(table.record) for fact in part]
                for name, table in TABLES.items()
            },
            note=note_of(self._path),  # it may say that the facts are made up
        )

    def void(
        self, ids: Mapping[str, Collection[str]], act: Act, *, expect: Versions | None = None
    ) -> int:
        """See :class:`osallisuus.model.store.Store`."""
        return self._changed(lambda facts: facts.void(ids, act, expect=expect))

    def forget(self, table: str, ids: Collection[str], act: Act) -> int:
        """See :class:`osallisuus.model.store.Store`; the folder is written anew."""
        return self._changed(lambda facts: facts.forget(table, ids, act))

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
        """See :class:`osallisuus.model.store.Store`; the folder is written anew.

        A folder keeps no list of who was erased. This store does not add them again as long as it
        is open; another, or another program, can.
        """
        return self._changed(
            lambda facts: facts.erase(
                person, ids, act, earlier=earlier, renamed=renamed, after=after
            )
        )

    def unfinished_erasures(self) -> int:
        """See :class:`osallisuus.model.store.Store`: the files were written anew."""
        return 0

    def finish_erasure(self) -> tuple[str, ...]:
        """See :class:`osallisuus.model.store.Store`: the files were written anew."""
        return ()

    def note(self, operation: str, act: Act) -> Entry:
        """See :class:`osallisuus.model.store.Store`: a folder refuses."""
        raise _not_kept("no journal", self.where)

    def verify(self) -> tuple[Problem, ...]:
        """See :class:`osallisuus.model.store.Store`: a folder refuses."""
        raise _not_kept("nothing to be verified by", self.where)

    def snapshot(self, target: Path) -> int:
        """See :class:`osallisuus.model.store.Store`: a folder refuses."""
        raise _not_kept("no commits", self.where)

    def restore(self, source: Path, act: Act, *, progress: Progress | None = None) -> int:
        """See :class:`osallisuus.model.store.Store`: a folder refuses."""
        raise _not_kept("no history", self.where)

    def changes(self, after: int, *, batch: int = 20_000) -> Iterator[Change]:
        """See :class:`osallisuus.model.store.Store`: a folder refuses."""
        raise _not_kept("no commits", self.where)

    def ids_where(self, table: str, column: str, values: Collection[str]) -> set[str]:
        """See :class:`osallisuus.model.store.Store`."""
        return self._held().ids_where(table, column, values)

    def ids_with(self, table: str, part: str) -> set[str]:
        """See :class:`osallisuus.model.store.Store`."""
        return self._held().ids_with(table, part)

    def versions(self, table: str, ids: Collection[str]) -> dict[str, int]:
        """See :class:`osallisuus.model.store.Store`."""
        return self._held().versions(table, ids)

    def scan(
        self, kind: type[F], *, known_at: int | None = None, batch: int = 20_000
    ) -> Iterator[list[F]]:
        """See :class:`osallisuus.model.store.Store`."""
        return self._held().scan(kind, known_at=known_at, batch=batch)

    def revisions(self, table: str, ids: Collection[str]) -> Iterator[tuple[int, Fact]]:
        """See :class:`osallisuus.model.store.Store`: a folder has only what is there now."""
        return self._held().revisions(table, ids)

    def known_ids(self, table: str, ids: Collection[str]) -> set[str]:
        """See :class:`osallisuus.model.store.Store`."""
        return self._held().known_ids(table, ids)

    def head(self) -> int:
        """See :class:`osallisuus.model.store.Store`."""
        return self._held().head()

    def tx_at(self, moment: datetime) -> int:
        """See :class:`osallisuus.model.store.Store`."""
        return self._held().tx_at(moment)

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
        raise _not_kept("no ledger of releases", self.where)

    def close(self) -> None:
        """See :class:`osallisuus.model.store.Store`."""


def _not_kept(what: str, where: str) -> StoreError:
    return StoreError(
        f"a folder of CSV files keeps {what}", where=where, remedy="import it into a .db file"
    )


def _looks(path: Path) -> _Looks:
    """By what a change of the folder is seen: each file's name, number, size and time.

    ``None`` where no folder is. A folder that cannot be read looks empty: reading it will say why.
    """
    found = set()
    try:
        for file in path.iterdir():
            with suppress(OSError):  # somebody is replacing it
                told = file.stat()
                found.add((file.name, told.st_ino, told.st_size, told.st_mtime_ns))
    except FileNotFoundError:
        return None
    except (OSError, ValueError):
        pass
    return frozenset(found)


@contextmanager
def _only_writer(path: Path) -> Iterator[None]:
    """Nobody else writes the folder meanwhile; :class:`StoreBusy` while somebody does.

    The lock is the system's on the folder itself, or on that in which it will be made: nothing is
    put into it, and that of a killed process is free at once. Some systems lock no folder.
    """
    place = next((one for one in (path, *path.absolute().parents) if one.is_dir()), path)
    problem: StoreBusy | None = None
    with ExitStack() as held:
        try:
            import fcntl

            descriptor = os.open(place, os.O_RDONLY)
            held.callback(os.close, descriptor)
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            problem = StoreBusy(
                "another program is writing the folder",
                where=str(path),
                remedy="try again when it has ended",
            )
        except (ImportError, OSError):
            pass  # this system, or this disk, locks no folder
        if problem is not None:
            raise problem
        yield


def _is_empty(path: Path) -> bool:
    try:
        return not path.exists() or (path.is_dir() and not any(path.iterdir()))
    except (OSError, ValueError):
        return False  # reading it will say why
