"""From each earlier schema version of a SQLite store to the next one."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping
from typing import Final

from osallisuus.model.facts import TABLES
from osallisuus.model.store import Act
from osallisuus.stores.journal import content_of, next_entry
from osallisuus.stores.sql import SQLStore
from osallisuus.stores.sqlite_file import LEDGER

__all__ = ["STEPS"]

# The layouts as they were then stay here as they are, whatever becomes of later ones.
_RELEASES: Final = """CREATE TABLE releases (
    number INTEGER PRIMARY KEY, recorded_at TEXT NOT NULL, tx INTEGER NOT NULL,
    actor TEXT NOT NULL, purpose TEXT NOT NULL, content TEXT NOT NULL) STRICT"""
_JOURNAL: Final = """CREATE TABLE journal (
    tx INTEGER PRIMARY KEY, recorded_at TEXT NOT NULL, actor TEXT NOT NULL,
    purpose TEXT NOT NULL, operation TEXT NOT NULL, reason TEXT NOT NULL, key TEXT UNIQUE,
    added INTEGER NOT NULL, revised INTEGER NOT NULL, removed INTEGER NOT NULL,
    content TEXT NOT NULL, previous TEXT NOT NULL, digest TEXT NOT NULL) STRICT"""
_ERASURE: Final = (
    "CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT",
    "CREATE TABLE erased (mark TEXT PRIMARY KEY, finished INTEGER NOT NULL) STRICT",
    "CREATE TABLE lessened (tx INTEGER PRIMARY KEY) STRICT",
)
_FORGOTTEN: Final = re.compile(r"[a-z_]+: (\d+); ")
"""How version 2 said how many facts were forgotten."""


def _add_ledger(store: SQLStore) -> None:
    for statement in (_RELEASES, *LEDGER):
        store.run(statement)


def _add_purposes_and_erasure(store: SQLStore) -> None:
    for statement in _ERASURE:
        store.run(statement)
    store.run("INSERT INTO about VALUES ('secret', ?)", (secrets.token_hex(32),))
    for table in TABLES.values():
        if table.joined_by:  # the first files of version 1 had no such index
            joined = ", ".join(table.column(name).sql_name for name in table.joined_by)
            store.run(f"CREATE INDEX IF NOT EXISTS {table.name}_joined ON {table.name} ({joined})")
        store.run(f"CREATE INDEX {table.name}_before ON {table.name} (id) WHERE tx_to IS NOT NULL")
    _write_journal_anew(store)


def _write_journal_anew(store: SQLStore) -> None:
    """The entries with purposes and counts of what was removed, chained over the rows as they are.

    A digest of version 2 was over the rows in the order of their writing, which nobody knows now.
    """
    before = store.run(
        "SELECT tx, recorded_at, actor, operation, reason, key, added, revised"
        " FROM journal ORDER BY tx"
    ).fetchall()
    store.run("DROP TABLE journal")
    store.run(_JOURNAL)
    digests = store.digests()
    last = 0, ""
    for tx, moment, actor, operation, reason, key, added, revised in before:
        forgotten = _FORGOTTEN.match(reason) if operation == "forget" else None
        entry = next_entry(
            last,
            store.read_moment(moment),
            operation,
            Act(actor, "unnamed", reason),
            key=key,
            counts=(added, revised, int(forgotten[1]) if forgotten else 0),
            content=content_of(digests.get(tx, {})),
        )
        store.put_entry(entry)
        last = entry.tx, entry.digest


STEPS: Final[Mapping[int, Callable[[SQLStore], None]]] = {
    1: _add_ledger,
    2: _add_purposes_and_erasure,
}
"""By the version that a step starts at."""
