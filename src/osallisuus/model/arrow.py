"""Fact tables as Arrow holds them: for engines and copies outside Python.

One column per column of the table, under its SQL name: days as days, whole numbers of 64 bits,
and everything else as text, local times too (RFC 9557). It is the layout of every published copy,
and what an engine reads that does not read the store in place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from osallisuus.extra import library
from osallisuus.model.codec import codec
from osallisuus.model.columns import Scalar
from osallisuus.model.facts import Table
from osallisuus.model.store import Store

__all__ = ["arrow_batch", "arrow_schema", "read_arrow"]


def arrow_schema(table: Table) -> Any:
    """The ``pyarrow.Schema`` of a fact table; :class:`PluginError` without the extra ``arrow``."""
    arrow = library("pyarrow", "arrow")
    kinds = {"date": arrow.date32(), "integer": arrow.int64(), "number": arrow.float64()}
    return arrow.schema(
        arrow.field(column.sql_name, kinds.get(column.type.name, arrow.string()))
        for column in table.columns
    )


def arrow_batch(table: Table, rows: Sequence[Sequence[Scalar]]) -> Any:
    """A ``pyarrow.RecordBatch`` of native storage tuples (see :func:`codec`)."""
    arrow = library("pyarrow", "arrow")
    schema = arrow_schema(table)
    columns: Iterable[Sequence[Any]] = zip(*rows, strict=True) if rows else [()] * len(schema)
    arrays = [arrow.array(column, kind) for column, kind in zip(columns, schema.types, strict=True)]
    return arrow.record_batch(arrays, schema=schema)


def read_arrow(store: Store, table: Table, *, known_at: int | None = None) -> Any:
    """A ``pyarrow.RecordBatchReader`` over a table, by the store's own way where it has one."""
    if "arrow" in store.capabilities:
        return getattr(store, "arrow")(table, known_at=known_at)  # noqa: B009 - no part of the port
    arrow = library("pyarrow", "arrow")
    dump = codec(table.name, native=True).dump

    def batches() -> Iterator[Any]:
        for facts in store.scan(table.record, known_at=known_at):
            yield arrow_batch(table, dump(facts))

    return arrow.RecordBatchReader.from_batches(arrow_schema(table), batches())
