"""Publishing 50,000 facts per commit to a copy, against writing the same rows as bare Parquet.

Eight commits of 50,000 rows of attendance, ready as columns. Ours writes each to a copy that holds
what came before: it flushes what it wrote, and keeps the
manifest. The bare loop writes each with ``pyarrow.parquet`` to a file of its own, with all
defaults.
"""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from typing import Any

from harness import Comparison

COMPARISONS = tuple(
    Comparison(
        name="sinks",
        task=f"8 commits of 50,000 facts to a {kind} copy / bare pyarrow Parquet",
        ours=kind,
        other="bare",
        goal=1.4,
        rounds=5,
    )
    for kind in ("parquet", "delta")
)
COMMITS, ROWS = 8, 50_000


def _rows() -> list[Any]:
    import hashlib

    from osallisuus.model.arrow import arrow_batch
    from osallisuus.model.facts import TABLES

    def name(*parts: object) -> str:
        return hashlib.blake2b(repr(parts).encode(), digest_size=16).hexdigest()

    people = [name("person", number) for number in range(5_000)]
    sessions = [name("session", number) for number in range(2_000)]
    statuses = ("present", "present", "excused", "absent")
    return [
        arrow_batch(
            TABLES["attendance"],
            [
                (
                    name("attendance", commit, number),
                    sessions[number % 2_000],
                    people[number * 7 % 5_000],
                    statuses[number % 4],
                    120 if number % 3 else None,
                    None,
                )
                for number in range(ROWS)
            ],
        )
        for commit in range(COMMITS)
    ]


def _published(kind: str, folder: Path) -> float:
    from osallisuus import plugins
    from osallisuus.model.sink import Part, Position

    place = folder / kind
    shutil.rmtree(place, ignore_errors=True)
    rows = _rows()
    sink = plugins.load("sinks", kind).open(str(place), create=True)
    sink.publish(Position(), Position(1, "1"), [])  # the tables themselves are made once
    start = time.process_time()
    for number, batch in enumerate(rows, 1):
        after, upto = Position(number, f"{number}"), Position(number + 1, f"{number + 1}")
        sink.publish(after, upto, [Part("attendance", batch)], added=True)
    return time.process_time() - start


def parquet(folder: Path) -> float:
    return _published("parquet", folder)


def delta(folder: Path) -> float:
    return _published("delta", folder)


def bare(folder: Path) -> float:
    import pyarrow as pa
    import pyarrow.parquet as parquet_files

    place = folder / "bare"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    rows = _rows()
    start = time.process_time()
    for number, batch in enumerate(rows):
        parquet_files.write_table(pa.Table.from_batches([batch]), place / f"{number}.parquet")
    return time.process_time() - start
