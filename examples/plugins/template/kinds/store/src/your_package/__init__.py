"""A store in one file: every call that wrote is a line of it, and opening plays the lines back.

The same calls at the same moments make the same facts, history, journal and releases, so reading is
that of the store in memory. Put a service of yours in place of the file, or write one method after
the other anew. It cannot erase a person yet: until it can, let it hold nobody real.
"""

import fcntl
import json
import os
from collections.abc import Collection, Mapping
from datetime import datetime
from io import FileIO
from pathlib import Path
from typing import Any, ClassVar, Self

from attrs import asdict
from osallisuus.errors import StoreBusy, StoreError
from osallisuus.model.batch import Batch
from osallisuus.model.codec import codec
from osallisuus.model.store import Act, Commit, Entry
from osallisuus.stores.memory import MemoryStore
from osallisuus.time import Clock
from osallisuus.whole import flush_folder

__all__ = ["Store"]

_FIRST = b'{"store": "your-plugin", "form": 1}\n'


class Store(MemoryStore):
    """Keeps facts and their history in a file; one process has it open at a time."""

    api_version: ClassVar[int] = 2
    capabilities = frozenset(
        ["durable", "history", "journal", "ledger", "expect", "void", "note", "changes"]
    )

    def __init__(self, file: FileIO, clock: Clock) -> None:
        self._file, self._present = file, clock
        self._play()

    @classmethod
    def open(cls, place: str, *, clock: Clock, create: bool = True, **options: Any) -> Self:
        """The store in the file *place*, the text behind ``your-plugin:`` in an address."""
        try:
            # nobody else may read it
            made = os.O_RDWR | (os.O_CREAT if create else 0)
            file = FileIO(place, "r+", opener=lambda path, _: os.open(path, made, 0o600))
            flush_folder(Path(place).absolute().parent)
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or "this is no path"
            problem = StoreError(reason, where=place, remedy="look at the path and its folder")
        else:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return cls(file, clock)
            except BlockingIOError:
                problem = StoreBusy(
                    "another program has it open", where=place, remedy="close it there"
                )
            except (OSError, LookupError, TypeError, ValueError):
                problem = StoreError(
                    "no file of this store", where=place, remedy="name another one"
                )
            file.close()
        raise problem

    def append(self, batch: Batch, act: Act, **named: Any) -> Commit:
        """See :class:`osallisuus.model.store.Store`."""
        rows = {table: codec(table).dump(facts) for table, facts in batch.rows.items()}
        return self._kept("append", rows, (batch, act), named)

    def void(self, ids: Mapping[str, Collection[str]], act: Act, **named: Any) -> int:
        """See :class:`osallisuus.model.store.Store`."""
        return self._kept("void", {of: sorted(one) for of, one in ids.items()}, (ids, act), named)

    def note(self, operation: str, act: Act) -> Entry:
        """See :class:`osallisuus.model.store.Store`."""
        return self._kept("note", operation, (operation, act), {})

    def publish(self, content: str, **named: Any) -> Any:
        """See :class:`osallisuus.model.store.Store`."""
        return self._kept("publish", content, (content,), named)

    def close(self) -> None:
        """See :class:`osallisuus.model.store.Store`."""
        self._file.close()

    def _kept(self, name: str, plain: Any, given: tuple[Any, ...], named: dict[str, Any]) -> Any:
        """Do it in memory, which refuses what must be refused; then on the disk, if it did much."""
        before, self._moment = self._size(), self._present()
        made = getattr(super(), name)(*given, **named)
        if self._size() != before:
            acts = [asdict(one) for one in given if isinstance(one, Act)]
            kept = {key: value for key, value in named.items() if key != "expect"}
            self._add(json.dumps([self._moment.isoformat(), name, plain, acts, kept]) + "\n")
        return made

    def _size(self) -> tuple[int, int]:
        return self.head(), len(list(self.publications()))

    def _add(self, line: str) -> None:
        try:
            self._file.truncate(self._end)
            self._file.seek(self._end)
            written = self._file.write(line.encode())
            os.fsync(self._file)
            if written != len(line.encode()):
                raise OSError
        except (OSError, ValueError):
            if not self._file.closed:
                self._play()  # memory knows what the disk does not
            problem = StoreError(
                "nothing could be written", where="your-plugin", remedy="see the disk"
            )
        else:
            self._end += written
            return
        raise problem

    def _play(self) -> None:
        """Do again what the file tells; a last line without its end was never acknowledged."""
        super().__init__(lambda: self._moment)
        self._file.seek(0)
        content = self._file.read()
        if _FIRST.startswith(content):
            content = _FIRST
            self._file.seek(0)
            self._file.write(content)
        first, *lines = content.splitlines(keepends=True)
        if first != _FIRST:
            raise ValueError(first)
        self._end = len(first)
        for line in lines:
            if line.endswith(b"\n"):
                moment, name, what, acts, named = json.loads(line)
                if name == "append":
                    what = Batch({of: codec(of).load(rows) for of, rows in what.items()})
                self._moment = datetime.fromisoformat(moment)
                getattr(super(), name)(what, *(Act(**one) for one in acts), **named)
                self._end += len(line)
