"""100,000 rows of attendance from a fact folder into SQLite, against a bare loop over the CSV.

The bare loop reads the same file with the ``csv`` module and writes it with one ``executemany``
into a table of the same columns, with the same unique index and the same durable settings. It
checks nothing, knows no references and keeps no journal.
"""

from __future__ import annotations

import csv
import sqlite3
import time
from pathlib import Path

from harness import Comparison

COMPARISON = Comparison(
    name="ingest",
    task="100,000 attendance rows into SQLite / csv + executemany",
    ours="ours",
    other="bare",
    goal=3.0,
)
PEOPLE, GROUPS, SESSIONS, ROWS = 1000, 20, 2000, 100_000


def prepare(folder: Path) -> None:
    """A fact folder: 1,000 people, 20 groups, 2,000 sessions, 50 people at each."""
    each = PEOPLE // GROUPS
    tables = {
        "people": ["id,registered_on"]
        + [f"p{i:05},2020-{i % 12 + 1:02}-{i % 28 + 1:02}" for i in range(PEOPLE)],
        "groups": ["id,program,program_version,kind,starts_on"]
        + [f"g{i:02},wertzu,1,weekly,2020-01-01" for i in range(GROUPS)],
        "enrollments": ["id,person,program,program_version,group,started_on"]
        + [f"e{i:05},p{i:05},wertzu,1,g{i // each:02},2020-01-01" for i in range(PEOPLE)],
        "sessions": ["id,group,kind,starts_at,minutes,status"]
        + [
            f"s{i:05},g{i % GROUPS:02},group_meeting,"
            f"2020-{i % 12 + 1:02}-{i % 28 + 1:02}T10:00[Europe/Helsinki],120,held"
            for i in range(SESSIONS)
        ],
        "attendance": ["id,session,person,status,minutes,acting_as"]
        + [
            f"a{i:06},s{i // each:05},p{i // each % GROUPS * each + i % each:05},"
            f"{('present', 'present', 'excused', 'absent')[i * 7 % 4]},,"
            for i in range(ROWS)
        ],
    }
    for name, lines in tables.items():
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def ours(folder: Path) -> float:
    import osallisuus as osa
    from osallisuus.ingest.folder import read_folder

    target = folder / "ours.db"
    target.unlink(missing_ok=True)
    start = time.process_time()
    with osa.open(str(target), actor="benchmark") as register:
        receipt = register.add(read_folder(folder), reason="import")
    used = time.process_time() - start
    assert receipt.added == ROWS + 2 * PEOPLE + GROUPS + SESSIONS
    assert not receipt.findings
    target.unlink()
    return used


def bare(folder: Path) -> float:
    target = folder / "bare.db"
    target.unlink(missing_ok=True)
    start = time.process_time()
    database = sqlite3.connect(target, isolation_level=None)
    database.executescript(
        """
        PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;
        PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY;
        CREATE TABLE attendance (id TEXT NOT NULL, session TEXT NOT NULL, person TEXT NOT NULL,
            status TEXT NOT NULL, minutes INTEGER, acting_as TEXT,
            tx_from INTEGER NOT NULL, tx_to INTEGER) STRICT;
        CREATE UNIQUE INDEX attendance_now ON attendance (id) WHERE tx_to IS NULL;
        """
    )
    with (folder / "attendance.csv").open(encoding="utf-8", newline="") as source:
        rows = csv.reader(source)
        next(rows)
        database.execute("BEGIN IMMEDIATE")
        database.executemany(
            "INSERT INTO attendance VALUES (?, ?, ?, ?, ?, ?, 1, NULL)",
            ((i, s, p, status, m or None, a or None) for i, s, p, status, m, a in rows),
        )
        database.execute("COMMIT")
    database.close()
    used = time.process_time() - start
    target.unlink()
    return used
