"""A store against the bare database: a million facts in, out as records and as Arrow, and as of then.

The bare side has the same table with the same indexes and the same durable settings; its rows are
ready tuples. It checks nothing, keeps no journal and no revisions, and knows no record classes.
"""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from harness import Comparison

ROWS = 1_000_000
_SETTINGS = """
PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;
PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY;
"""
_TABLE = """
CREATE TABLE contacts (id TEXT NOT NULL, person TEXT NOT NULL, enrollment TEXT,
    happened_on TEXT NOT NULL, mode TEXT NOT NULL, tx_from INTEGER NOT NULL, tx_to INTEGER) STRICT;
CREATE UNIQUE INDEX contacts_now ON contacts (id) WHERE tx_to IS NULL;
"""


def _compared(task: str, ours: str, other: str, goal: float) -> Comparison:
    return Comparison("stores", task, ours, other, goal, rounds=5)


COMPARISONS = [
    _compared("1,000,000 facts into SQLite / executemany", "put_in", "bare_in", 1.6),
    _compared("1,000,000 records out of SQLite / fetchall", "records", "bare_out", 3.0),
    _compared("1,000,000 rows to Arrow / ADBC directly", "arrow", "adbc", 1.6),
    _compared("records as known at a commit / as known now", "known_at", "records", 1.3),
]


def columns(rows: int = ROWS) -> list[list[Any]]:
    """So many contacts of 50,000 people, column by column."""
    ids = [f"c{i:07}" for i in range(rows)]
    people = [f"p{i % 50_000:05}" for i in range(rows)]
    days = [date(2015, 1, 1) + timedelta(i % 3600) for i in range(rows)]
    modes = [("phone", "visit", "message")[i % 3] for i in range(rows)]
    return [ids, people, [None] * rows, days, modes]


def _clock() -> datetime:
    return datetime(2024, 1, 1, tzinfo=UTC)


def _fill(place: Path) -> float:
    from osallisuus.model.batch import Batch
    from osallisuus.model.codec import FactColumns
    from osallisuus.model.store import Act
    from osallisuus.stores.sqlite import SQLiteStore

    # as records: what somebody who imports the library has in hand
    facts = list(FactColumns("contacts", columns()))
    batch = Batch({"contacts": facts})
    with closing(SQLiteStore.open(str(place), clock=_clock)) as store:
        start = time.process_time()
        commit = store.append(batch, Act("benchmark", "benchmark", "made up"))
        used = time.process_time() - start
    assert commit.added == ROWS
    return used


def prepare(folder: Path) -> str | None:
    """A store with a million contacts of 50,000 people."""
    try:
        import adbc_driver_sqlite  # noqa: F401
        import pyarrow as pa  # noqa: F401
    except ImportError:
        return "adbc-driver-sqlite or pyarrow is missing"
    _fill(folder / "store.db")
    return None


def put_in(folder: Path) -> float:
    target = folder / "in.db"
    used = _fill(target)
    target.unlink()
    return used


def bare_in(folder: Path) -> float:
    target = folder / "bare.db"
    ids, people, none, days, modes = columns()
    rows = list(zip(ids, people, none, [day.isoformat() for day in days], modes, strict=True))
    with closing(sqlite3.connect(target, isolation_level=None)) as database:
        database.executescript(_SETTINGS + _TABLE)
        start = time.process_time()
        database.execute("BEGIN IMMEDIATE")
        database.executemany("INSERT INTO contacts VALUES (?, ?, ?, ?, ?, 1, NULL)", rows)
        database.execute("COMMIT")
        used = time.process_time() - start
    target.unlink()
    return used


def _read(folder: Path, known_at: int | None) -> float:
    from osallisuus.model.facts import Contact
    from osallisuus.stores.sqlite import SQLiteStore

    with closing(SQLiteStore.open(str(folder / "store.db"), clock=_clock)) as store:
        start = time.process_time()
        found = sum(len(part) for part in store.scan(Contact, known_at=known_at))
        used = time.process_time() - start
    assert found == ROWS
    return used


def records(folder: Path) -> float:
    return _read(folder, None)


def known_at(folder: Path) -> float:
    return _read(folder, 1)


def bare_out(folder: Path) -> float:
    query = "SELECT id, person, enrollment, happened_on, mode FROM contacts WHERE tx_to IS NULL"
    with closing(sqlite3.connect(folder / "store.db")) as database:
        start = time.process_time()
        found = database.execute(f"{query} ORDER BY id").fetchall()
        used = time.process_time() - start
    assert len(found) == ROWS
    return used


def arrow(folder: Path) -> float:
    from osallisuus.model.arrow import read_arrow
    from osallisuus.model.facts import TABLES
    from osallisuus.stores.sqlite import SQLiteStore

    with closing(SQLiteStore.open(str(folder / "store.db"), clock=_clock)) as store:
        read_arrow(store, TABLES["people"]).read_all()  # both sides with their modules loaded
        start = time.process_time()
        found = read_arrow(store, TABLES["contacts"]).read_all()
        used = time.process_time() - start
    assert len(found) == ROWS
    return used


def adbc(folder: Path) -> float:
    from adbc_driver_sqlite import dbapi

    query = "SELECT id, person, enrollment, happened_on, mode FROM contacts WHERE tx_to IS NULL"
    with (
        closing(dbapi.connect(str(folder / "store.db"))) as database,
        closing(database.cursor()) as cursor,
    ):
        cursor.execute("SELECT 1")
        cursor.fetch_arrow_table()
        start = time.process_time()
        cursor.execute(query)
        found = cursor.fetch_arrow_table()
        used = time.process_time() - start
    assert len(found) == ROWS
    return used
