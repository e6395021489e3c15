"""Many facts out of a generator into a folder, and how much memory it takes at the most.

    python benchmarks/streaming.py --rows 10000000
    python benchmarks/streaming.py --rows 1000000 --formats xes ocel

Each format is written by a process of its own: a tenth people, a tenth sessions and eight tenths
attendance. The event logs are sorted on disk: the attendance of one person lies far apart.
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


def child(name: str, rows: int, folder: Path) -> None:
    from osallisuus import plugins

    begin = time.process_time()
    plugins.load("fact_exporters", name)().write(Generated(rows), folder / "out")
    seconds = time.process_time() - begin
    gc.collect()
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{peak} {seconds:.1f} {size}", flush=True)
    os._exit(0)  # a columnar library may abort while it is taken down, after its work is done


def measured(name: str, rows: int) -> tuple[int, float, int]:
    """Peak memory in MiB, CPU seconds and bytes written."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, __file__, "--rows", str(rows), "--child", name, folder]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    peak, seconds, size = done.stdout.split()
    return int(peak), float(seconds), int(size)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=500_000)
    parser.add_argument("--formats", nargs="*", default=FORMATS)
    parser.add_argument("--child", nargs=2)
    arguments = parser.parse_args()
    if arguments.child:
        child(arguments.child[0], arguments.rows, Path(arguments.child[1]))
    failed = 0
    for name in arguments.formats:
        few, _, _ = measured(name, arguments.rows // 10)
        peak, seconds, size = measured(name, arguments.rows)
        wrong = peak > MOST or peak - few > GROWTH
        failed += wrong
        print(
            f"{name:<8} {arguments.rows:>11,} facts  peak {peak} MiB (a tenth: {few} MiB)  "
            f"{seconds:.1f} s CPU  {size / 1e6:.0f} MB{'  TOO MUCH' if wrong else ''}",
            flush=True,
        )
    return min(failed, 1)


if __name__ == "__main__":
    sys.exit(main())
