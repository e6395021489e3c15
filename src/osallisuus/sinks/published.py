"""A published copy opened as a store: read only, the facts of now."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar, NoReturn, Self, TypeVar

from osallisuus.errors import Problem, StoreError
from osallisuus.extra import library
from osallisuus.model.arrow import arrow_schema
from osallisuus.model.batch import Batch
from osallisuus.model.codec import codec
from osallisuus.model.facts import TABLES, Fact, Table
from osallisuus.model.sink import ANEW, PUBLISHED
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
from osallisuus.sinks.columns import rows_of, texts
from osallisuus.sinks.delta import DeltaSink
from osallisuus.sinks.failing import own_errors
from osallisuus.sinks.folder import FolderSink
from osallisuus.sinks.parquet import ParquetSink
from osallisuus.time import Clock

__all__ = ["DeltaStore", "ParquetStore", "PublishedStore"]

F = TypeVar("F", bound=Fact)


class PublishedStore:
    """Reads a copy as it was when it was opened; what never left the store is not stated here.

    ``files``: engines read :meth:`files` in place. ``arrow``: :meth:`arrow` gives columns.
    ``verify``: every file is there and can be read.
    """

    api_version: ClassVar[int] = STORE_API
    capabilities = frozenset({"files", "arrow", "verify"})
    sink: ClassVar[type[FolderSink]]

    def __init__(self, sink: FolderSink) -> None:
        self.where = sink.where
        self._sink = sink

    @classmethod
    def open(cls, place: str, *, clock: Clock, **options: Any) -> Self:
        """Open the copy at *place*, which must be there; *clock* and *options* say nothing here."""
        return cls(cls.sink.open(place))

    # ---- reading ---------------------------------------------------------------------------

    def files(self, table: Table) -> list[str]:
        """The Parquet files that are the table; none of one without rows."""
        return self._sink.files(table)

    def foreign(self) -> tuple[type[Exception], ...]:
        """The errors of the library that reads the copy."""
        return self._sink.foreign()

    def explained(self, error: Exception) -> StoreError:
        """An error of the system or of that library in our words."""
        if isinstance(error, FileNotFoundError):
            return StoreError(
                "the copy was published anew since it was opened, or a file of it is gone",
                where=self.where,
                remedy="open it again; if that does not help, publish to a new folder",
            )
        return self._sink.explained(error)

    def arrow(self, table: Table, *, known_at: int | None = None) -> Any:
        """A ``pyarrow.RecordBatchReader`` with the columns of ``arrow_schema``, in any order."""
        self._refuse_earlier(known_at)
        arrow = library("pyarrow", "arrow")
        schema = arrow_schema(table)

        def batches() -> Iterator[Any]:
            for file in self.files(table):
                for rows in rows_of(file):
                    yield arrow.record_batch(_columns(rows, schema), schema=schema)

        return arrow.RecordBatchReader.from_batches(schema, batches())

    def scan(
        self, kind: type[F], *, known_at: int | None = None, batch: int = 20_000
    ) -> Iterator[list[F]]:
        """See :class:`osallisuus.model.store.Store`; free texts are not stated."""
        load = codec(kind.table.name, native=True).load
        for rows in self._ordered(kind.table, known_at).to_batches(max_chunksize=batch):
            columns = [column.to_pylist() for column in rows.columns]
            yield load(list(zip(*columns, strict=True)))  # type: ignore[misc]

    @own_errors
    def _ordered(self, table: Table, known_at: int | None) -> Any:
        return self.arrow(table, known_at=known_at).read_all().sort_by("id")

    @own_errors
    def known_ids(self, table: str, ids: Collection[str]) -> set[str]:
        """See :class:`osallisuus.model.store.Store`."""
        compute = library("pyarrow.compute", "arrow")
        wanted = texts(ids)
        return {
            one
            for file in self.files(TABLES[table])
            for rows in rows_of(file, ["id"])
            for one in rows["id"].filter(compute.is_in(rows["id"], wanted)).to_pylist()
        }

    def verify(self) -> tuple[Problem, ...]:
        """Of which tables a file is gone or cannot be read: one problem for each."""
        return tuple(
            Problem(
                "a file of the copy is gone or damaged",
                f"{self.where}, table {table.name}",
                ANEW,
            )
            for table in PUBLISHED
            if not self._is_readable(table)
        )

    def _is_readable(self, table: Table) -> bool:
        damaged: tuple[type[Exception], ...] = (StoreError, OSError, ValueError, *self.foreign())
        try:
            for file in self.files(table):
                deque(rows_of(file), maxlen=0)
        except damaged:
            return False
        return True

    def head(self) -> int:
        """The commit of the store at which the copy stands."""
        return self._sink.position().tx

    def journal(self) -> Iterator[Entry]:
        """See :class:`osallisuus.model.store.Store`: the journal stays with the store."""
        return iter(())

    def publications(self) -> Iterator[Publication]:
        """See :class:`osallisuus.model.store.Store`: the ledger stays with the store."""
        return iter(())

    def unfinished_erasures(self) -> int:
        """See :class:`osallisuus.model.store.Store`: 1 if bytes are still to be cleared."""
        return int(self._sink.unfinished())

    def close(self) -> None:
        """See :class:`osallisuus.model.store.Store`."""
        self._sink.close()

    # ---- what a copy does not do -----------------------------------------------------------

    def append(
        self,
        batch: Batch,
        act: Act,
        *,
        key: str | None = None,
        expect: Versions | None = None,
    ) -> Commit:
        """See :class:`osallisuus.model.store.Store`: refused, as is all other writing."""
        self._refuse_writing()

    def void(
        self, ids: Mapping[str, Collection[str]], act: Act, *, expect: Versions | None = None
    ) -> int:
        """See :meth:`append`."""
        self._refuse_writing()

    def publish(
        self, content: str, *, tx: int, actor: str, purpose: str, after: int
    ) -> Publication | None:
        """See :meth:`append`."""
        self._refuse_writing()

    def forget(self, table: str, ids: Collection[str], act: Act) -> int:
        """See :meth:`append`."""
        self._refuse_writing()

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
        """See :meth:`append`."""
        self._refuse_writing()

    def finish_erasure(self) -> tuple[str, ...]:
        """See :meth:`append`."""
        self._refuse_writing()

    def note(self, operation: str, act: Act) -> Entry:
        """See :meth:`append`."""
        self._refuse_writing()

    def revisions(self, table: str, ids: Collection[str]) -> Iterator[tuple[int, Fact]]:
        """See :class:`osallisuus.model.store.Store`: refused, as is all that asks for history."""
        self._refuse_history()

    def ids_where(self, table: str, column: str, values: Collection[str]) -> set[str]:
        """See :meth:`revisions`."""
        self._refuse_history()

    def ids_with(self, table: str, part: str) -> set[str]:
        """See :meth:`revisions`."""
        self._refuse_history()

    def versions(self, table: str, ids: Collection[str]) -> dict[str, int]:
        """See :meth:`revisions`."""
        self._refuse_history()

    def changes(self, after: int, *, batch: int = 20_000) -> Iterator[Change]:
        """See :meth:`revisions`."""
        self._refuse_history()

    def tx_at(self, moment: datetime) -> int:
        """See :meth:`revisions`."""
        self._refuse_history()

    def snapshot(self, target: Path) -> int:
        """See :meth:`revisions`."""
        self._refuse_history()

    def restore(self, source: Path, act: Act, *, progress: Progress | None = None) -> int:
        """See :meth:`append`."""
        self._refuse_writing()

    def _refuse_earlier(self, known_at: int | None) -> None:
        if known_at is not None:
            self._refuse_history()

    def _refuse_history(self) -> NoReturn:
        raise StoreError(
            "a published copy holds the facts of now, and no history",
            where=self.where,
            remedy="ask the store that it is a copy of",
        )

    def _refuse_writing(self) -> NoReturn:
        raise StoreError(
            "a published copy is only read",
            where=self.where,
            remedy="write to the store that it is a copy of, and sync again",
        )


class ParquetStore(PublishedStore):
    """A copy in Parquet files."""

    sink = ParquetSink


class DeltaStore(PublishedStore):
    """A copy in Delta tables."""

    sink = DeltaSink


def _columns(rows: Any, schema: Any) -> list[Any]:
    """The columns of *schema*, empty where a copy has none."""
    arrow = library("pyarrow", "arrow")
    held = set(rows.schema.names)
    return [
        rows[field.name].cast(field.type)
        if field.name in held
        else arrow.nulls(rows.num_rows, field.type)
        for field in schema
    ]
