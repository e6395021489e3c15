"""The files of a fact folder replaced together: all of the new ones are there, or all of the old.

A file system gives a place to one name at a time. So the new files are written beside the old ones,
and then a mark that names them. From the mark on the change is made: whoever comes next, to read or
to write, first puts in place what the mark names. Without a mark nothing has happened.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from osallisuus.errors import StoreError
from osallisuus.ingest.package import DESCRIPTOR
from osallisuus.model.facts import TABLES
from osallisuus.whole import flush_folder, write_new

__all__ = ["finish_replacing", "replace_together"]

_MARK: Final = ".replacing.json"
_FILES: Final = frozenset({DESCRIPTOR, *(f"{name}.csv" for name in TABLES)})


def replace_together(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Make *contents*, by file name, the files of the fact folder; other tables go.

    Raises :class:`OSError` with the files as they were, or, once the mark is set, with a folder that
    :func:`finish_replacing` completes.
    """
    finish_replacing(folder)
    mark = folder / _MARK
    beside = {name: _beside(folder, name) for name in contents}
    named = mark.with_name(f"{_MARK}.new")
    try:
        for name, content in contents.items():
            write_new(beside[name], content)
        write_new(named, json.dumps(sorted(contents)).encode())
        flush_folder(folder)
        named.replace(mark)
    except BaseException:  # Ctrl-C as well
        if not mark.exists():
            for file in (*beside.values(), named):
                file.unlink(missing_ok=True)
        raise
    flush_folder(folder)
    finish_replacing(folder)


def finish_replacing(folder: Path) -> None:
    """Complete a replacement that was stopped after its mark was set; nothing where there is none.

    Raises :class:`StoreError` for a mark that is not ours, and :class:`OSError` where the folder
    cannot be written.
    """
    mark = folder / _MARK
    try:
        text = mark.read_bytes()
    except (OSError, ValueError):
        return  # there is none, or nothing of the folder can be read: whoever reads it says why
    named = _named(text, mark)
    if not all(_beside(folder, name).exists() or (folder / name).exists() for name in named):
        raise StoreError("this is no mark of ours", where=str(mark), remedy="take it away")
    for name in sorted(named):
        with suppress(FileNotFoundError):  # it is in its place already
            _beside(folder, name).replace(folder / name)
    for name in sorted(_FILES - named):
        (folder / name).unlink(missing_ok=True)
    flush_folder(folder)
    mark.unlink(missing_ok=True)
    flush_folder(folder)  # else a power cut could bring the mark back beside other new files


def _named(text: bytes, mark: Path) -> frozenset[str]:
    """The files that a mark names; another one's could name anything."""
    names: object = None
    with suppress(ValueError, RecursionError):
        names = json.loads(text)
    words = isinstance(names, list) and all(isinstance(one, str) for one in names)
    named = frozenset(names) if words and isinstance(names, list) else frozenset()
    # all others go, so the mark must name what every folder of ours has
    if DESCRIPTOR in named and named <= _FILES:
        return named
    raise StoreError("this is no mark of ours", where=str(mark), remedy="take it away")


def _beside(folder: Path, name: str) -> Path:
    return folder / f".{name}.new"
