"""What a fact folder holds: the text of its rows, and the descriptor that tells what they are."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from typing import Any, Final

from osallisuus.model.columns import Column
from osallisuus.model.facts import TABLES, Fact, Table

__all__ = ["DESCRIPTOR", "FOLDER_VERSION", "VERSION", "descriptor_of", "written_cells"]

DESCRIPTOR: Final = "datapackage.json"
VERSION: Final = "osallisuus_schema_version"
"""The key of the descriptor under which the version of the folder's form stands."""
FOLDER_VERSION: Final = 1


def written_cells(table: Table, facts: Iterable[Fact]) -> Iterator[list[str]]:
    """The rows of a CSV file with those facts; an empty cell is "not stated"."""
    writers = [(column.name, column.type.write) for column in table.columns]
    for fact in facts:
        values = ((getattr(fact, name), write) for name, write in writers)
        yield ["" if value is None else write(value) for value, write in values]


def descriptor_of(tables: Collection[str], note: str = "") -> bytes:
    """The descriptor of a folder with those *tables*, in their order; *note* is its description."""
    package: dict[str, Any] = {
        "profile": "tabular-data-package",
        "name": "osallisuus-facts",
        VERSION: FOLDER_VERSION,
    }
    if note:
        package["description"] = note
    resources = [_resource(TABLES[name], tables) for name in TABLES if name in tables]
    content = package | {"resources": resources}
    return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode()


def _resource(table: Table, present: Collection[str]) -> dict[str, Any]:
    keys = [
        {
            "fields": [column.name],
            "reference": {"resource": column.refers_to[0], "fields": ["id"]},
        }
        for column in table.columns
        if len(column.refers_to) == 1 and column.refers_to[0] in present
    ]
    schema: dict[str, Any] = {
        "fields": [_field(column) for column in table.columns],
        "missingValues": [""],
        "primaryKey": ["id"],
    }
    if keys:
        schema["foreignKeys"] = keys
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "path": f"{table.name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": schema,
    }


def _field(column: Column) -> dict[str, Any]:
    constraints: dict[str, Any] = {}
    if column.required:
        constraints["required"] = True
    if column.codes:
        constraints["enum"] = list(column.codes)
    if column.smallest is not None:
        constraints["minimum"] = column.smallest
    if column.largest is not None:
        constraints["maximum"] = column.largest
    field: dict[str, Any] = {"name": column.name, "type": column.type.frictionless}
    return field | ({"constraints": constraints} if constraints else {})
