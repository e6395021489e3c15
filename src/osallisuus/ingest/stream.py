"""Writing a new fact folder from facts as they come, in one pass and little memory.

Rows stand in the order in which they come. A folder that may exist already, or whose rows are to
stand by their ids, is written by :func:`osallisuus.ingest.folder.write_folder`.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from osallisuus.errors import StoreError
from osallisuus.ingest.package import DESCRIPTOR, descriptor_of, written_cells
from osallisuus.model.facts import TABLES, Fact
from osallisuus.whole import whole

__all__ = ["stream_folder"]

_AT_ONCE = 10_000
"""Facts that wait in memory before they are written."""


def stream_folder(
    folder: str | Path, facts: Iterable[Fact], *, note: str = ""
) -> Mapping[str, int]:
    """Write *facts* into the new *folder*; returns the number of rows of each table.

    The folder appears whole or not at all, readable by its owner only. The same facts in the same
    order give the same bytes. Raises :class:`StoreError` where it is there already or cannot be
    written.
    """
    path = Path(folder)
    if path.exists() or path.is_symlink():
        raise StoreError("it is there already", where=str(path), remedy="name a new folder")
    with whole(path, what="folder") as made:
        made.mkdir()
        return _written(made, facts, note)


def _written(path: Path, facts: Iterable[Fact], note: str) -> dict[str, int]:
    with ExitStack() as stack:
        counts = _Tables(path, stack).write(facts)
    path.joinpath(DESCRIPTOR).write_bytes(descriptor_of(counts, note))
    return counts


class _Tables:
    """The open files of a folder, one for each table of which there is a row."""

    def __init__(self, path: Path, stack: ExitStack) -> None:
        self._path, self._stack = path, stack
        self._writers: dict[str, Any] = {}

    def write(self, facts: Iterable[Fact]) -> dict[str, int]:
        counts: Counter[str] = Counter()
        waiting: dict[str, list[Fact]] = {}
        held = 0
        for fact in facts:
            waiting.setdefault(type(fact).table.name, []).append(fact)
            held += 1
            if held == _AT_ONCE:
                counts.update(self._flush(waiting))
                waiting, held = {}, 0
        counts.update(self._flush(waiting))
        return {name: counts[name] for name in TABLES if name in counts}

    def _flush(self, waiting: Mapping[str, list[Fact]]) -> dict[str, int]:
        for name, rows in waiting.items():
            self._writer(name).writerows(written_cells(TABLES[name], rows))
        return {name: len(rows) for name, rows in waiting.items()}

    def _writer(self, name: str) -> Any:
        if name not in self._writers:
            place = self._path / f"{name}.csv"
            file = self._stack.enter_context(place.open("w", encoding="utf-8", newline=""))
            self._writers[name] = csv.writer(file, lineterminator="\n")
            self._writers[name].writerow(TABLES[name].column_names)
        return self._writers[name]
