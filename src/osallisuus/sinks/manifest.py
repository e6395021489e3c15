"""The manifest of a published copy: the one file that says what the copy is.

It is written last and takes its place in one step. So a copy is what its manifest names, whatever
else a writer that was killed has left in the folder.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from osallisuus.errors import StoreError
from osallisuus.model.sink import PUBLISHED, Position, published_columns
from osallisuus.values import frozen
from osallisuus.whole import flush_folder, write_whole

__all__ = ["MANIFEST", "Manifest", "damaged", "read_manifest", "write_manifest"]

MANIFEST: Final = "osallisuus.json"
"""The name of the file."""
_FORMAT: Final = 1
_DAMAGED: Final = "the manifest of the copy is damaged"


@frozen
class Manifest:
    """What a copy is.

    ``tables`` says of each table what the kind of copy needs: its files, or its version.
    ``generation`` rises with each writing. ``finished``: nothing is left to be cleared. ``exact``:
    no row is of a commit after the position.
    """

    kind: str
    position: Position
    generation: int
    tables: Mapping[str, Any]
    finished: bool
    exact: bool = True


@cache
def _columns() -> str:
    """SHA-256 over the tables and columns that this version of the library publishes."""
    said = [
        [table.name, *([one.sql_name, one.type.name] for one in published_columns(table))]
        for table in PUBLISHED
    ]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def write_manifest(place: Path, manifest: Manifest) -> None:
    """Put the manifest in its place, and see that it is on the disk."""
    content = {
        "osallisuus": "a published copy of facts: pseudonymous, internal",
        "format": _FORMAT,
        "kind": manifest.kind,
        "tx": manifest.position.tx,
        "digest": manifest.position.digest,
        "generation": manifest.generation,
        "finished": manifest.finished,
        "exact": manifest.exact,
        "columns": _columns(),
        "tables": dict(manifest.tables),
    }
    text = json.dumps(content, indent=1) + "\n"
    write_whole(place / MANIFEST, text.encode(), overwrite=True, what="copy")
    flush_folder(place)


def read_manifest(place: Path, kind: str) -> Manifest | None:
    """The manifest of the copy at *place*; ``None`` if there is none.

    Raises :class:`StoreError` for one that is damaged, of another kind or another version.
    """
    file = place / MANIFEST
    content: Any = None
    try:
        content = json.loads(file.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        reason = f"the copy cannot be read: {(error.strerror or type(error).__name__).lower()}"
    except ValueError:  # no JSON, or no UTF-8
        reason = _DAMAGED
    else:
        reason = _mismatch(content, kind)
    if reason:
        raise damaged(file, reason)
    return Manifest(
        kind,
        Position(content["tx"], content["digest"]),
        content["generation"],
        content["tables"],
        content["finished"],
        content["exact"],
    )


def damaged(file: Path, what: str = _DAMAGED) -> StoreError:
    """The typed error for a copy that cannot be used as it is."""
    remedy = "publish the store to a new folder: osallisuus sync STORE SINK"
    return StoreError(what, where=str(file), remedy=remedy)


def _mismatch(content: Any, kind: str) -> str:
    """Why *content* is no manifest of ours for a copy of this kind; empty if it is."""
    if not isinstance(content, dict) or "osallisuus" not in content:
        return "this file is not the manifest of a published copy"
    if content.get("format") != _FORMAT:
        return f"the copy is not of format {_FORMAT}, which this version of osallisuus reads"
    if content.get("kind") != kind:
        return f"the copy is not of kind {kind}"
    if content.get("columns") != _columns():
        return "the copy has the tables of another version of osallisuus"
    kinds = {"tx": int, "digest": str, "generation": int, "tables": dict}
    kinds |= {"finished": bool, "exact": bool}
    right = all(type(content.get(name)) is of for name, of in kinds.items())
    known = {table.name for table in PUBLISHED}
    return "" if right and known.issuperset(content["tables"]) else _DAMAGED
