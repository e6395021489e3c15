"""Facts as typed columns: a folder of Parquet files, or of Arrow streams, one for each table.

Days are days, whole numbers whole numbers, and codes are dictionaries. A local time becomes two
columns: its moment in UTC, and beside it the name of its zone. The file says what a column means:
its class, its unit, and the table's schema as in a fact folder. Rows are written in groups as they
come, so memory does not grow with the register.

The footer of a Parquet file holds the least and the greatest value of a column. Of a person's
values, and of ids, that would be data in the clear where nobody looks for them: it is left out
(requirement E7).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC
from itertools import chain, islice
from operator import attrgetter
from pathlib import Path
from typing import Any, ClassVar, Final

from osallisuus.extra import library
from osallisuus.ingest.package import descriptor_of
from osallisuus.model.columns import Column
from osallisuus.model.facts import TABLES, Fact, KeepApart, Table
from osallisuus.model.leaving import API_VERSION, FactSource

__all__ = ["ArrowExporter", "ParquetExporter"]

_AT_ONCE: Final = 16384
"""Rows of a group: enough to be read quickly, and few enough to wait in memory."""
_UNITS: Final = {"minutes": "min", "cents": "0.01 EUR", "weight": "1", "capacity": "person"}
_ZONE: Final = "_zone"
"""What the name of a column ends in that holds the zone of a local time."""


class ParquetExporter:
    """Writes a folder of ``<table>.parquet``. Needs the extra ``parquet``.

    Equal facts give equal bytes with one version of pyarrow. Raises
    :class:`~osallisuus.errors.PluginError` without the extra.
    """

    api_version: ClassVar[int] = API_VERSION
    name: ClassVar[str] = "parquet"
    suffix: ClassVar[str] = ""

    def write(self, facts: FactSource, place: Path) -> None:
        """See :class:`osallisuus.model.leaving.FactExporter`."""
        parquet = library("pyarrow.parquet", "parquet")

        def opened(table: Table, schema: Any) -> AbstractContextManager[Any]:
            told = [one.name for one in table.columns if _may_be_summed_up(one)]
            file = place / f"{table.name}.parquet"
            options: dict[str, Any] = {"compression": "zstd", "write_statistics": told or False}
            return parquet.ParquetWriter(file, schema, **options)  # type: ignore[no-any-return]

        _write(facts, place, opened, dictionaries=True)


class ArrowExporter:
    """Writes a folder of ``<table>.arrows``, streams in the Arrow IPC format, codes as plain text.

    Needs the extra ``parquet``, as :class:`ParquetExporter` does, and keeps what that one keeps.
    """

    api_version: ClassVar[int] = API_VERSION
    name: ClassVar[str] = "arrow"
    suffix: ClassVar[str] = ""

    def write(self, facts: FactSource, place: Path) -> None:
        """See :class:`osallisuus.model.leaving.FactExporter`."""
        arrow = library("pyarrow", "parquet")

        def opened(table: Table, schema: Any) -> AbstractContextManager[Any]:
            return arrow.ipc.new_stream(  # type: ignore[no-any-return]
                str(place / f"{table.name}.arrows"), schema
            )

        # a stream may change a dictionary on its way, which not every reader follows
        _write(facts, place, opened, dictionaries=False)


def _write(
    facts: FactSource,
    place: Path,
    opened: Callable[[Table, Any], AbstractContextManager[Any]],
    *,
    dictionaries: bool,
) -> None:
    """Write the batches of every table that has rows."""
    place.mkdir(mode=0o700)
    for table in TABLES.values():
        if table.record is KeepApart:
            continue
        batches = _batches(facts.rows(table.record))
        first = next(batches, None)
        if first is None:
            continue
        schema = _schema(table, dictionaries=dictionaries)
        with opened(table, schema) as writer:
            for batch in chain([first], batches):
                writer.write_batch(_columns(table, schema, batch))


def _batches(rows: Iterable[Fact]) -> Iterator[list[Fact]]:
    left = iter(rows)
    while batch := list(islice(left, _AT_ONCE)):
        yield batch


def _may_be_summed_up(column: Column) -> bool:
    return column.field_class == "public" and column.type.name not in ("id", "local_time")


def _schema(table: Table, *, dictionaries: bool) -> Any:
    arrow = library("pyarrow", "parquet")
    text = arrow.string()
    code = arrow.dictionary(arrow.int32(), text) if dictionaries else text
    kinds = {
        "date": arrow.date32(),
        "integer": arrow.int64(),
        "number": arrow.float64(),
        "local_time": arrow.timestamp("s", "UTC"),
        "code": code,
    }
    fields = []
    for column in table.columns:
        said: dict[str, str] = {"class": column.field_class}
        if column.name in _UNITS:
            said["unit"] = _UNITS[column.name]
        kind = kinds.get(column.type.name, text)
        fields.append(arrow.field(column.name, kind, not column.required, said))
        if column.type.name == "local_time":
            fields.append(arrow.field(column.name + _ZONE, code, not column.required, said))
    return arrow.schema(fields, metadata=_told(table))


def _told(table: Table) -> dict[str, str]:
    """What a fact folder's descriptor says of the table."""
    package = json.loads(descriptor_of(TABLES))
    (own,) = (one for one in package["resources"] if one["name"] == table.name)
    return {
        "osallisuus_schema_version": str(package["osallisuus_schema_version"]),
        "table": table.name,
        "table_schema": json.dumps(own["schema"], ensure_ascii=False, separators=(",", ":")),
    }


def _columns(table: Table, schema: Any, batch: list[Fact]) -> Any:
    arrow = library("pyarrow", "parquet")
    arrays = []
    for column in table.columns:
        values = list(map(attrgetter(column.name), batch))
        if column.type.name == "local_time":
            moments = [one if one is None else one.astimezone(UTC) for one in values]
            zones = [one if one is None else one.tzinfo.key for one in values]
            arrays += [
                arrow.array(moments, schema.field(column.name).type),
                arrow.array(zones, schema.field(column.name + _ZONE).type),
            ]
        else:
            arrays.append(arrow.array(values, schema.field(column.name).type))
    return arrow.record_batch(arrays, schema=schema)
