"""A PostgreSQL store against the bare driver and psql: facts in, out as Arrow, and counted in place.

The server is the one of the tests, without flushing; what is compared is the work of the client. The
bare side has the same table with the same index, and ready tuples. Metrics in place are the work of
the server: there the time of its process counts as well as that of the client (Linux), and psql is
given the same SQL with the values in it; the same by the clock follows.
"""

from __future__ import annotations

import atexit
import os
import resource
import shutil
import subprocess
import sys
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from engines import AS_OF, METRICS, _bound, _files, write
from growth import _cpu
from harness import Comparison
from stores import columns

ROWS = 300_000
SIZE = int(os.environ.get("OSALLISUUS_BENCH_POSTGRESQL", "10000"))
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
    Comparison(
        "postgresql",
        f"eight metrics of {SIZE:,} enrolments in PostgreSQL in place / the same SQL in psql",
        "in_place",
        "in_psql",
        1.2,
        rounds=3,
    ),
    Comparison(
        "postgresql", "… by the clock", "in_place_by_clock", "in_psql_by_clock", None, rounds=3
    ),
]


def prepare(folder: Path) -> str | None:
    """A server with a database for each contender, and one that is filled."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    try:
        import adbc_driver_postgresql  # noqa: F401

        if shutil.which("psql") is None:
            return "psql is missing"

        from tests import postgres

        # no parallel workers: their time is not that of the process that answers
        server = postgres.Server(settings={"max_parallel_workers_per_gather": "0"})
    except (ImportError, OSError) as missing:
        return f"{missing} is missing"
    atexit.register(server.remove)
    import psycopg

    with psycopg.connect(server.url(), autocommit=True) as connection:
        for name in ("filled", "ours", "bare", "counted"):
            connection.execute(f"CREATE DATABASE {name}")
            (folder / name).write_text(server.url(name))
    _fill((folder / "filled").read_text())
    _prepare_metrics(folder)
    return None


def _prepare_metrics(folder: Path) -> None:
    """Enrolments with twenty attendances each, and the SQL of the metrics as psql takes it."""
    from psycopg import ClientCursor

    from osallisuus.model.store import Act

    (folder / "facts").mkdir()
    write(folder / "facts", SIZE)
    with _files(folder / "facts") as files, closing(_store(folder / "counted")) as store:
        store.append(files.batch(), Act("benchmark", "benchmark", "made up"))
        store.connection.execute("ANALYZE")
        texts = [
            ClientCursor(store.connection).mogrify(query.sql, query.params)
            for query in _queries(store)
        ]
    (folder / "metrics.sql").write_text(
        "SELECT pg_backend_pid() AS server \\gset\n\\setenv SERVER :server\n"
        "\\o /dev/null\n" + "".join(f"{text};\n" for text in texts) + "\\o\n"
        "\\! cat /proc/$SERVER/stat\n"
    )


def _store(named: Path) -> Any:
    from osallisuus.stores.postgresql import PostgreSQLStore

    return PostgreSQLStore.open(named.read_text(), clock=lambda: datetime(2024, 1, 1, tzinfo=UTC))


def _queries(store: Any) -> list[Any]:
    from osallisuus.engines.postgresql import PostgreSQLEngine
    from osallisuus.metrics.catalogue import CATALOGUE
    from osallisuus.metrics.compile import Settings, table_query

    engine, settings = PostgreSQLEngine.open(store), Settings(as_of=AS_OF)
    return [table_query(_bound(CATALOGUE[name]), settings, engine) for name in METRICS]


def in_place(folder: Path) -> float:
    return _in_place(folder)[0]


def in_place_by_clock(folder: Path) -> float:
    return _in_place(folder)[1]


def _in_place(folder: Path) -> tuple[float, float]:
    from osallisuus.engines.postgresql import PostgreSQLEngine
    from osallisuus.metrics import catalogue  # noqa: F401 - psql is there already as well

    with closing(_store(folder / "counted")) as store:
        begun = time.monotonic()
        server = Path("/proc") / str(store.connection.info.backend_pid)
        start, before = time.process_time(), _cpu(server)
        for query in _queries(store):
            PostgreSQLEngine.open(store).rows(query)
        used = time.process_time() - start + _cpu(server) - before
        return used, time.monotonic() - begun


def in_psql(folder: Path) -> float:
    return _in_psql(folder)[0]


def in_psql_by_clock(folder: Path) -> float:
    return _in_psql(folder)[1]


def _in_psql(folder: Path) -> tuple[float, float]:
    begun = time.monotonic()
    done = subprocess.run(
        ["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-f", folder / "metrics.sql",
         (folder / "counted").read_text()],
        stdout=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    took = time.monotonic() - begun
    client = resource.getrusage(resource.RUSAGE_CHILDREN)
    words = done.stdout.rpartition(")")[2].split()
    server = (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")
    return client.ru_utime + client.ru_stime + server, took


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

    def told(query: str) -> Any:
        with (
            closing(dbapi.connect((folder / "filled").read_text())) as database,
            closing(database.cursor()) as cursor,
        ):
            cursor.execute(query)
            return cursor.fetch_arrow_table()

    told("SELECT 1")
    start = time.process_time()
    found = told(query)  # with its connection, as ours
    used = time.process_time() - start
    assert len(found) == ROWS
    return used
