"""Writes docs/facts_tables.md from the record classes; ``--check`` says whether it is current."""

from __future__ import annotations

import sys
from pathlib import Path

from osallisuus.model.columns import Column
from osallisuus.model.facts import TABLES, Table

TARGET = Path(__file__).with_name("facts_tables.md")


def _kind(column: Column) -> str:
    if column.codes:
        return "one of " + ", ".join(f"`{code}`" for code in column.codes)
    if column.refers_to:
        return "id in " + " or ".join(f"`{table}`" for table in column.refers_to)
    words = {"local_time": "local time with zone", "free_text": "free text, never exported"}
    text = words.get(column.type.name, column.type.name)
    if column.smallest is not None:
        upto = f" to {column.largest}" if column.largest is not None else " or more"
        text += f", {column.smallest}{upto}"
    return text


def _section(table: Table) -> str:
    first = (table.record.__doc__ or "").strip().splitlines()[0]
    rows = [
        f"| `{column.name}`{'' if column.required else ' ?'} | {_kind(column)} |"
        for column in table.columns
    ]
    name = table.record.__name__
    head = f"## `{table.name}.csv` ({name})\n\n{first}\n\n| column | holds |\n| --- | --- |\n"
    return head + "\n".join(rows) + "\n"


def main() -> int:
    """Write the file, or compare it."""
    text = "\n".join(_section(table) for table in TABLES.values())
    if "--check" in sys.argv:
        return int(TARGET.read_text("utf-8") != text)
    TARGET.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
