"""Many facts out of a generator or a store into a folder, and how much memory it takes at the most.

    python benchmarks/streaming.py --rows 10000000
    python benchmarks/streaming.py --rows 1000000 --formats xes ocel
    python benchmarks/streaming.py --rows 1000000 --formats folder parquet --store postgresql

Each format is written by a process of its own: a tenth people, a tenth sessions and eight tenths
attendance. The event logs are sorted on disk: the attendance of one person lies far apart. With
``--store`` the facts are first put into a store, by another process, and leave by the door of the
register; what a server takes is not in the figure.
It fails where the peak is above 256 MiB, or grows by more than 16 MiB from a tenth of the rows.
"""

from __future__ import annotations

import argparse
import gc
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

MOST, GROWTH = 256, 16
"""MiB: the peak that may not be passed, and what ten times as many rows may add."""
FORMATS = ("folder", "parquet", "arrow", "xes", "ocel")


class Generated:
    """So many facts, made while they are read."""

    locale = "en"

    def __init__(self, rows: int) -> None:
        self.rows_in_all = rows

    def program(self, name: str) -> None:
        return None

    def rows(self, kind: Any) -> Iterator[Any]:
        from osallisuus.model.codec import codec

        name, tenth = kind.table.name, self.rows_in_all // 10
        first = date(2015, 1, 1)
        if name == "people":
            made = ((f"p-{i:08}", (first + timedelta(i % 3000)).isoformat()) for i in range(tenth))
        elif name == "sessions":
            made = (
                (
                    f"s-{i:08}",
                    "g-1",
                    "group_meeting",
                    f"{first + timedelta(i % 3000)}T10:00[Europe/Helsinki]",
                    90,
                    "held",
                    None,
                    None,
                )
                for i in range(tenth)
            )
        elif name == "attendance":
            said = ("present", "present", "excused", "absent")
            made = (
                (f"a-{i:09}", f"s-{i // 8:08}", f"p-{i % tenth:08}", said[i % 4], None, None)
                for i in range(self.rows_in_all - 2 * tenth)
            )
        else:
            return
        load, chunk = codec(name).load, []
        for row in made:
            chunk.append(row)
            if len(chunk) == 10_000:
                yield from load(chunk)
                chunk = []
        yield from load(chunk)


def child(name: str, rows: int, url: str, folder: Path) -> None:
    from osallisuus import plugins

    begin = time.process_time()
    if url:
        from_store(url, name, folder)
    else:
        plugins.load("fact_exporters", name)().write(Generated(rows), folder / "out")
    seconds = time.process_time() - begin
    gc.collect()
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{peak} {seconds:.1f} {size}", flush=True)
    os._exit(0)  # a columnar library may abort while it is taken down, after its work is done


def fill(url: str, rows: int) -> None:
    """Put so many facts into the store, 100,000 in a commit."""
    from itertools import islice

    import osallisuus as osa
    from osallisuus.model.batch import Batch
    from osallisuus.model.facts import TABLES
    from osallisuus.model.store import Act

    source = Generated(rows)
    with osa.open(url, actor="benchmark", purpose="benchmark") as register:
        for name in ("people", "sessions", "attendance"):
            facts = source.rows(TABLES[name].record)
            while part := list(islice(facts, 100_000)):
                register.store.append(Batch({name: part}), Act("benchmark", "benchmark", "made up"))


def from_store(url: str, name: str, folder: Path) -> None:
    import osallisuus as osa

    with osa.open(url, actor="benchmark", purpose="benchmark") as register:
        register.export(name, folder / "out")


def measured(name: str, rows: int, url: str) -> tuple[int, float, int]:
    """Peak memory in MiB, CPU seconds and bytes written."""
    with tempfile.TemporaryDirectory() as folder:
        done = _in_child(rows, url, "--child", name, folder)
    peak, seconds, size = done.split()
    return int(peak), float(seconds), int(size)


def _in_child(rows: int, url: str, *arguments: str) -> str:
    command = [sys.executable, __file__, "--rows", str(rows), "--url", url, *arguments]
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout


@contextmanager
def stored(kind: str | None, rows: int) -> Iterator[str]:
    """The URL of a store with so many facts; without a kind an empty text, for the generator."""
    if kind is None:
        yield ""
    elif kind == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            url = f"sqlite:///{folder}/store.db"
            _in_child(rows, url, "--fill")
            yield url
    else:
        sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
        from tests import postgres

        server = postgres.Server()
        try:
            _in_child(rows, server.url(), "--fill")
            yield server.url()
        finally:
            server.remove()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=500_000)
    parser.add_argument("--formats", nargs="*", default=FORMATS)
    parser.add_argument("--store", choices=("sqlite", "postgresql"))
    parser.add_argument("--child", nargs=2)
    parser.add_argument("--fill", action="store_true")
    parser.add_argument("--url", default="")
    asked = parser.parse_args()
    if asked.fill:
        fill(asked.url, asked.rows)
        return 0
    if asked.child:
        child(asked.child[0], asked.rows, asked.url, Path(asked.child[1]))
    few = {}
    with stored(asked.store, asked.rows // 10) as url:
        for name in asked.formats:
            few[name], _, _ = measured(name, asked.rows // 10, url)
    failed = 0
    with stored(asked.store, asked.rows) as url:
        for name in asked.formats:
            peak, seconds, size = measured(name, asked.rows, url)
            wrong = peak > MOST or peak - few[name] > GROWTH
            failed += wrong
            print(
                f"{name:<8} {asked.rows:>11,} facts  peak {peak} MiB (a tenth: {few[name]} MiB)  "
                f"{seconds:.1f} s CPU  {size / 1e6:.0f} MB{'  TOO MUCH' if wrong else ''}",
                flush=True,
            )
    return min(failed, 1)


if __name__ == "__main__":
    sys.exit(main())
