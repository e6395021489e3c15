"""From which size on a SQLite store is counted faster by a private copy in DuckDB.

    python benchmarks/threshold.py 1000 10000 100000

CPU seconds of a single cheap metric, of one that goes through all attendance, and of eight as a
report asks them: by SQLite in place, and by DuckDB with the time for a copy of each. Each engine is
a process of its own; rounds are interleaved and medians are told. It is what ``register/engines.py`` decides by.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from engines import METRICS, _into_sqlite, _tables, write

ASKED = {"people_and_episodes": METRICS[:1], "attendance": ("attendance",), "eight": METRICS}
ROUNDS = 3


def child(engine: str, place: Path) -> list[float]:
    """CPU seconds of each question; every one opens the engine anew, with its modules loaded."""
    from osallisuus import plugins
    from osallisuus.metrics import catalogue, compile  # noqa: F401, A004 - loaded for both
    from osallisuus.stores.sqlite import SQLiteStore

    kind = plugins.load("engines", engine)
    if engine == "duckdb":
        import duckdb
        import pyarrow as pa

        duckdb.connect().register("nothing", pa.table({"a": [1]}))
    found = []
    with closing(SQLiteStore.open(str(place), clock=lambda: datetime.now(UTC))) as store:
        for asked in ASKED.values():
            start = time.process_time()
            with closing(kind.open(store)) as opened:
                _tables(opened, asked)
            found.append(time.process_time() - start)
    return found


def main(sizes: Sequence[int]) -> None:
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            store = Path(folder) / "store.db"
            write(Path(folder), size)
            _into_sqlite(Path(folder), store)
            mebibytes = store.stat().st_size / 2**20
            rounds = [
                [_in_child(engine, store) for engine in ("sqlite", "duckdb")] for _ in range(ROUNDS)
            ]
        for place, asked in enumerate(ASKED):
            one, two = (statistics.median(told[side][place] for told in rounds) for side in (0, 1))
            print(
                f"{size:>9,} enrolments, {mebibytes:6.0f} MiB, {asked:<19}  SQLite {one:.2f} s"
                f"  DuckDB {two:.2f} s  {one / two:.2f} times as long",
                flush=True,
            )


def _in_child(engine: str, store: Path) -> list[float]:
    command = [sys.executable, __file__, "--child", engine, str(store)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return [float(word) for word in done.stdout.splitlines()[-1].split()]


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        print(*child(sys.argv[2], Path(sys.argv[3])))
    else:
        main([int(word) for word in sys.argv[1:]] or [1_000, 10_000, 100_000])
