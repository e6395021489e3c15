"""A PostgreSQL store against the bare driver: 300,000 facts in, and out as Arrow.

The server is the one of the tests, without flushing; what is compared is the work of the client. The
bare side has the same table with the same index, and ready tuples.
"""

from __future__ import annotations

import atexit
import sys
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from harness import Comparison
from stores import columns

ROWS = 300_000
_TABLE = """
CREATE TABLE bare (id TEXT COLLATE "C" NOT NULL, person TEXT COLLATE "C" NOT NULL,
    enrollment TEXT COLLATE "C", happened_on DATE NOT NULL, mode TEXT COLLATE "C" NOT NULL,
    tx_from BIGINT NOT NULL, tx_to BIGINT);
CREATE UNIQUE INDEX bare_now ON bare (id) WHERE tx_to IS NULL
"""
COMPARISONS = [
    Comparison(
        "postgresql",
        "300,000 facts into PostgreSQL / executemany",
        "put_in",
        "bare_in",
        0.2,
        rounds=3,
    ),
    Comparison(
        "postgresql", "300,000 rows of PostgreSQL to Arrow / ADBC", "arrow", "adbc", 1.1, rounds=5
    ),
]


def prepare(folder: Path) -> str | None:
    """A server with a database for each contender, and one that is filled."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    try:
        import adbc_driver_postgresql  # noqa: F401

        from tests import postgres

        server = postgres.Server()
    except (ImportError, OSError) as missing:
        return f"{missing} is missing"
    atexit.register(server.remove)
    import psycopg

    with psycopg.connect(server.url(), autocommit=True) as connection:
        for name in ("filled", "ours", "bare"):
            connection.execute(f"CREATE DATABASE {name}")
            (folder / name).write_text(server.url(name))
    _fill((folder / "filled").read_text())
    return None


def _fill(url: str) -> float:
    from osallisuus.model.batch import Batch
    from osallisuus.model.codec import FactColumns
    from osallisuus.model.store import Act
    from osallisuus.stores.postgresql import PostgreSQLStore

    facts = list(FactColumns("contacts", columns(ROWS)))
    with closing(
        PostgreSQLStore.open(url, clock=lambda: datetime(2024, 1, 1, tzinfo=UTC))
    ) as store:
        start = time.process_time()
        commit = store.append(Batch({"contacts": facts}), Act("benchmark", "benchmark", "made up"))
        used = time.process_time() - start
    assert commit.added == ROWS
    return used


def put_in(folder: Path) -> float:
    import psycopg

    url = (folder / "ours").read_text()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP SCHEMA IF EXISTS osallisuus CASCADE")
    return _fill(url)


def bare_in(folder: Path) -> float:
    import psycopg

    rows: list[Any] = list(zip(*columns(ROWS), strict=True))
    with psycopg.connect((folder / "bare").read_text()) as connection:
        connection.execute("DROP TABLE IF EXISTS bare")
        connection.execute(_TABLE)
        start = time.process_time()
        connection.cursor().executemany(
            "INSERT INTO bare VALUES (%s, %s, %s, %s, %s, 1, NULL)", rows
        )
        connection.commit()
        return time.process_time() - start


def arrow(folder: Path) -> float:
    from osallisuus.model.arrow import read_arrow
    from osallisuus.model.facts import TABLES
    from osallisuus.stores.postgresql import PostgreSQLStore

    url = (folder / "filled").read_text()
    with closing(
        PostgreSQLStore.open(url, clock=lambda: datetime(2024, 1, 1, tzinfo=UTC))
    ) as store:
        read_arrow(store, TABLES["people"]).read_all()  # both sides with their modules loaded
        start = time.process_time()
        found = read_arrow(store, TABLES["contacts"]).read_all()
        used = time.process_time() - start
    assert len(found) == ROWS
    return used


def adbc(folder: Path) -> float:
    from adbc_driver_postgresql import dbapi

    query = (
        "SELECT id, person, enrollment, happened_on, mode FROM osallisuus.contacts"
        " WHERE tx_to IS NULL"
    )
    with (
        closing(dbapi.connect((folder / "filled").read_text())) as database,
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
