"""Facts as JSON Lines, one fact a line, table after table in the order of their ids."""

import json
from pathlib import Path
from typing import ClassVar

from osallisuus.model.codec import codec
from osallisuus.model.facts import TABLES, KeepApart
from osallisuus.model.leaving import FactSource

__all__ = ["JsonLinesExporter"]


class JsonLinesExporter:
    """Writes every fact that may leave as one line; days and local times are ISO text."""

    api_version: ClassVar[int] = 1
    name: ClassVar[str] = "jsonl"
    suffix: ClassVar[str] = ".jsonl"

    def write(self, facts: FactSource, place: Path) -> None:
        """See :class:`osallisuus.model.leaving.FactExporter`; it holds one fact at a time."""
        with place.open("w", encoding="utf-8", newline="\n") as target:
            for name, table in TABLES.items():
                if table.record is KeepApart:
                    continue  # such judgements never leave; not even their table is named
                for fact in facts.rows(table.record):
                    (row,) = codec(name).dump([fact])
                    stated = zip(table.column_names, row, strict=True)
                    told = {column: value for column, value in stated if value is not None}
                    # in ASCII: half a character in somebody's text then breaks no reader
                    target.write(json.dumps({"fact": name, **told}) + "\n")
