"""Facts as a fact folder: the library's own exchange format, which an import reads back equal."""

from __future__ import annotations

from itertools import chain
from pathlib import Path
from typing import ClassVar

from osallisuus.ingest.stream import stream_folder
from osallisuus.model.facts import TABLES, KeepApart
from osallisuus.model.leaving import API_VERSION, FactSource

__all__ = ["FolderExporter"]


class FolderExporter:
    """``datapackage.json`` (a Frictionless tabular data package) and one CSV file for each table."""

    api_version: ClassVar[int] = API_VERSION
    name: ClassVar[str] = "folder"
    suffix: ClassVar[str] = ""

    def write(self, facts: FactSource, place: Path) -> None:
        """See :class:`osallisuus.model.leaving.FactExporter`."""
        kinds = [table.record for table in TABLES.values() if table.record is not KeepApart]
        stream_folder(place, chain.from_iterable(facts.rows(kind) for kind in kinds))
