"""A published copy as Delta tables: one for each table of facts, for readers of a lakehouse.

Delta has no commit over two tables, so the manifest names the version of each: read so, all
tables change in one step. A version beyond the one that is named is what a writer that was stopped
has left, and is undone before the next is written.

Delta keeps what is written into its log, and on a local disk it acknowledges before anything is
flushed. So the log of these tables tells no value of a person's: no statistics but of harmless
columns, and keys only in the rows of a merge, never in a predicate. New files and folders are
flushed before anything is acknowledged; and what was taken out is cleared from files and log.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from operator import attrgetter
from typing import Any, ClassVar

from osallisuus.errors import StoreBusy, StoreError
from osallisuus.model.facts import Table
from osallisuus.model.sink import PUBLISHED, Known, Published
from osallisuus.sinks.delta_table import DeltaTable, deltalake, paths_of
from osallisuus.sinks.failing import own_errors
from osallisuus.sinks.folder import FolderSink, Range
from osallisuus.sinks.manifest import Manifest

__all__ = ["DeltaSink"]


class DeltaSink(FolderSink):
    """Publishes to Delta tables; see the module. Needs the extra ``lakehouse``."""

    kind: ClassVar[str] = "delta"

    @staticmethod
    def is_sound(table: str, said: Any) -> bool:
        """See :class:`osallisuus.sinks.folder.FolderSink`."""
        return type(said) is int and said >= 0

    def foreign(self) -> tuple[type[Exception], ...]:
        """See :class:`osallisuus.sinks.folder.FolderSink`."""
        return (*super().foreign(), deltalake().exceptions.DeltaError)

    def explained(self, error: Exception) -> StoreError:
        """See :class:`osallisuus.sinks.folder.FolderSink`."""
        if isinstance(error, deltalake().exceptions.CommitFailedError):
            return StoreBusy(
                "another program has written to the copy meanwhile",
                where=self.where,
                remedy="try again when it has ended",
            )
        return super().explained(error)

    # ---- writing ---------------------------------------------------------------------------

    def tidy(self, now: Manifest) -> None:
        """See :class:`osallisuus.sinks.folder.FolderSink`: each table as *now* names it."""
        self._tables: dict[str, DeltaTable] = {}
        for table in PUBLISHED:
            one = self._tables[table.name] = DeltaTable(self.place / table.name, table)
            one.settle(now.tables.get(table.name))

    def write(
        self, now: Manifest, told: Range, known: Known | None
    ) -> tuple[Mapping[str, Any], Published]:
        """See :class:`osallisuus.sinks.folder.FolderSink`."""
        done = [
            self._tables[name].put(of_table, told.upto, look=told.look)
            for name, of_table in groupby(told.parts, key=attrgetter("table"))
        ]
        if known is not None:
            done += [one.put((), told.upto, known) for one in self._tables.values()]
        count = Published(sum(one.rows for one in done), sum(one.removed for one in done))
        return self._versions(), count

    def _versions(self) -> dict[str, int]:
        return {name: one.version() for name, one in self._tables.items()}

    def clear(self, now: Manifest) -> Mapping[str, Any]:
        """See :class:`osallisuus.sinks.folder.FolderSink`: the versions before go too."""
        for one in self._tables.values():
            one.clear_files()
        versions = self._versions()
        # the log before a version may only go when the manifest names that version
        self.say(now, versions, finished=False)
        for one in self._tables.values():
            one.clear_log()
        return versions

    def pack(self, now: Manifest) -> Mapping[str, Any]:
        """See :class:`osallisuus.sinks.folder.FolderSink`."""
        for one in self._tables.values():
            one.pack()
        return self._versions()

    @own_errors
    def files(self, table: Table) -> list[str]:
        """See :class:`osallisuus.model.sink.Sink`: of the version that the manifest names."""
        version = self.manifest.tables.get(table.name)
        if version is None:
            return []
        folder = self.place / table.name
        return paths_of(deltalake().DeltaTable(str(folder), version=version), folder)
