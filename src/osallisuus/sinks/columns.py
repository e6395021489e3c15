"""The columns of a published copy: in which form they are written, and which rows are outdated."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import closing
from typing import Any, Final

from osallisuus.extra import library
from osallisuus.model.columns import Column
from osallisuus.model.facts import Table
from osallisuus.model.sink import Known, Part, published_columns, published_schema

__all__ = [
    "batches_of",
    "gathered",
    "joined",
    "outdated",
    "rows_of",
    "summed_up",
    "texts",
    "write_options",
]

_AT_ONCE: Final = 100_000
"""Rows of a row group: enough to be read quickly, few enough to wait in memory."""
_ASKED: Final = 20_000
"""Ids of which a store is asked at once."""


def summed_up(table: Table) -> list[str]:
    """The columns whose least and greatest value a file may tell: no id, and nothing personal."""
    return [column.sql_name for column in published_columns(table) if _is_harmless(column)]


def _is_harmless(column: Column) -> bool:
    return column.field_class == "public" and column.type.name in ("date", "integer", "number")


def write_options(table: Table) -> dict[str, Any]:
    """How ``pyarrow.parquet`` writes the table: small, and without telling values in the footer."""
    # an id of its own stands once in a column; all else stands there often
    often = [one.sql_name for one in published_columns(table) if one.name != "id"]
    return {
        "compression": "zstd",
        "use_dictionary": often or False,
        "write_statistics": summed_up(table) or False,
    }


def batches_of(table: Table, parts: Iterable[Part]) -> Iterator[Any]:
    """The rows of *parts* with the columns of a copy and no others, in tables of many rows."""
    arrow = library("pyarrow", "arrow")
    schema = published_schema(table)
    waiting: list[Any] = []
    count = 0
    for part in parts:
        if part.rows is None or not part.rows.num_rows:
            continue
        waiting.append(part.rows.select(schema.names).cast(schema))
        count += part.rows.num_rows
        if count >= _AT_ONCE:
            yield arrow.Table.from_batches(waiting, schema=schema)
            waiting, count = [], 0
    if waiting:
        yield arrow.Table.from_batches(waiting, schema=schema)


def gathered(parts: Iterable[Part], removed: set[str]) -> Iterator[Part]:
    """The parts, while the ids that they take back are gathered in *removed*."""
    for part in parts:
        removed.update(part.removed)
        yield part


def rows_of(file: str, columns: list[str] | None = None) -> Iterator[Any]:
    """The record batches of a Parquet file, text of whatever layout as plain text."""
    arrow, parquet = library("pyarrow", "arrow"), library("pyarrow.parquet", "arrow")
    with closing(parquet.ParquetFile(file)) as opened:
        for rows in opened.iter_batches(batch_size=_AT_ONCE, columns=columns):
            plain = [
                arrow.field(one.name, arrow.string() if "string" in str(one.type) else one.type)
                for one in rows.schema
            ]
            yield rows.cast(arrow.schema(plain))


def texts(ids: Iterable[str] = ()) -> Any:
    """A ``pyarrow.Array`` of ids."""
    arrow = library("pyarrow", "arrow")
    return arrow.array(list(ids), arrow.string())


def joined(arrays: Iterable[Any]) -> Any:
    """Arrays of ids as one."""
    every = [one for one in arrays if len(one)]
    return library("pyarrow", "arrow").concat_arrays(every) if every else texts()


def outdated(
    table: Table, file: str, fresh: Any, removed: Any, known: Known | None
) -> tuple[Any, int]:
    """The ids of a file whose rows are to go, and how many of them nothing takes the place of.

    *fresh* are the ids of new and revised rows, *removed* those of facts taken back, and *known*
    tells what the store still holds, where something was erased.
    """
    compute = library("pyarrow.compute", "arrow")
    if known is None and not len(fresh) and not len(removed):
        return texts(), 0
    going, taken_out = [], 0
    for batch in rows_of(file, ["id"]):
        ids = batch.column(0)
        gone = removed if known is None else _lacking(table, ids, removed, known)
        found = ids.filter(compute.is_in(ids, value_set=joined([fresh, gone])))
        going.append(found)
        if len(found):
            replaced = compute.is_in(found, value_set=fresh)
            taken_out += len(found) - (compute.sum(replaced).as_py() or 0)
    return joined(going), taken_out


def _lacking(table: Table, ids: Any, removed: Any, known: Known) -> Any:
    """*removed*, and those of *ids* that the store does not hold."""
    lacking: list[str] = removed.to_pylist()
    for start in range(0, len(ids), _ASKED):
        asked: Collection[str] = ids.slice(start, _ASKED).to_pylist()
        lacking += set(asked) - known(table.name, asked)
    return texts(lacking)
