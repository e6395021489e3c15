"""Writing a new fact folder from facts as they come, in one pass and little memory.

Rows stand in the order in which they come. A folder that may exist already, or whose rows are to
stand by their ids, is written by :func:`osallisuus.ingest.folder.write_folder`.
"""

from __future__ import annotations

import csv
import io
import os
import shutil
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from osallisuus.errors import StoreError
from osallisuus.ingest.package import DESCRIPTOR, descriptor_of, written_cells
from osallisuus.model.facts import TABLES, Fact

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
    temporary = path.with_name(f".{path.name}.new")
    try:
        temporary.mkdir(mode=0o700)
    except OSError as error:
        raise _unwritable(error, path) from None
    try:
        counts = _written(temporary, facts, note)
        temporary.rename(path)
    except OSError as error:
        raise _unwritable(error, path) from None
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return counts


def _unwritable(error: OSError, path: Path) -> StoreError:
    reason = (error.strerror or type(error).__name__).lower()
    remedy = "make the folder it is to stand in, or take away what an earlier try has left"
    return StoreError(f"the folder cannot be written: {reason}", where=str(path), remedy=remedy)


def _written(path: Path, facts: Iterable[Fact], note: str) -> dict[str, int]:
    with ExitStack() as stack:
        counts = _Tables(path, stack).write(facts)
    descriptor = _new(path / DESCRIPTOR)
    with os.fdopen(descriptor, "wb") as target:
        target.write(descriptor_of(counts, note))
        target.flush()
        os.fsync(target.fileno())
    return counts


def _new(file: Path) -> int:
    return os.open(file, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600)


class _Tables:
    """The open files of a folder, one for each table of which there is a row."""

    def __init__(self, path: Path, stack: ExitStack) -> None:
        self._path, self._stack = path, stack
        self._files: dict[str, io.TextIOWrapper] = {}
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
        for file in self._files.values():
            file.flush()
            os.fsync(file.fileno())
        return {name: counts[name] for name in TABLES if name in counts}

    def _flush(self, waiting: Mapping[str, list[Fact]]) -> dict[str, int]:
        for name, rows in waiting.items():
            self._writer(name).writerows(written_cells(TABLES[name], rows))
        return {name: len(rows) for name, rows in waiting.items()}

    def _writer(self, name: str) -> Any:
        if name not in self._writers:
            descriptor = _new(self._path / f"{name}.csv")
            file = self._stack.enter_context(
                os.fdopen(descriptor, "w", encoding="utf-8", newline="")
            )
            self._files[name] = file
            self._writers[name] = csv.writer(file, lineterminator="\n")
            self._writers[name].writerow(TABLES[name].column_names)
        return self._writers[name]
