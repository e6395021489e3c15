"""How the time and the memory of eight metrics grow with the number of enrolments.

    python benchmarks/growth.py                                   # DuckDB, 1,000 to 5,000,000
    python benchmarks/growth.py --sizes 100000 1000000 --rounds 3
    python benchmarks/growth.py --engine spark --sizes 1000 100000
    python benchmarks/growth.py --json benchmarks/growth.json     # what docs/make_pictures.py draws

Twenty attendances each, from Parquet files. Each size and round is a process of its own, and the
sizes are interleaved. DuckDB, or the Java of Spark, may use ``--memory`` and has a folder for the
rest. Spark is warm: it was asked about the smallest size before; the CPU time is that of Java, which does the work. The
memory is that of the Python process. The exponent is the slope between two neighbouring
sizes: 1 is proportional growth.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from engines import METRICS, _files, _tables, write

GOAL = 1.05
SIZES = (1_000, 10_000, 100_000, 1_000_000, 5_000_000)


def child(engine: str, memory: str, folder: Path, small: Path) -> tuple[float, int]:
    """CPU seconds of the eight metrics, and the peak memory of this process in MiB."""
    with _files(folder) as store, _files(small) as first:
        used = _by_spark(store, first, memory) if engine == "spark" else _by_duckdb(store, memory)
    return used, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _by_duckdb(store: Any, memory: str) -> float:
    from osallisuus.engines.duckdb import DuckDBEngine

    opened = DuckDBEngine.limited(memory=memory).open(store)
    opened.table("people")
    used: float = _tables(opened, METRICS)[0]
    opened.close()
    return used


def _by_spark(store: Any, first: Any, memory: str) -> float:
    from osallisuus.engines.spark import SparkEngine, local_session

    os.environ["PYSPARK_SUBMIT_ARGS"] = f"--driver-memory {memory.removesuffix('B')} pyspark-shell"
    session = local_session()
    java = Path("/proc") / str(session.sparkContext._gateway.proc.pid)  # noqa: SLF001
    _tables(SparkEngine.over(session).open(first), METRICS)
    before = _cpu(java)
    _tables(SparkEngine.over(session).open(store), METRICS)
    return _cpu(java) - before


def _cpu(process: Path) -> float:
    """CPU seconds of a process so far (Linux)."""
    words = (process / "stat").read_text().rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def measured(
    asked: Sequence[str], sizes: Sequence[int], rounds: int, place: Path
) -> list[dict[str, Any]]:
    """For each size the median CPU seconds, their exponent and the highest peak."""
    times: dict[int, list[float]] = {size: [] for size in sizes}
    peaks = dict.fromkeys(sizes, 0)
    for size in sizes:
        folder = place / str(size)
        if not folder.exists():
            folder.mkdir()
            _in_child("--make", str(size), str(folder))
    for _ in range(rounds):
        for size in sizes:
            folders = [str(place / str(one)) for one in (size, min(sizes))]
            told = _in_child("--child", *asked, *folders).split()
            times[size].append(float(told[-2]))
            peaks[size] = max(peaks[size], int(told[-1]))
    found: list[dict[str, Any]] = []
    for size in sizes:
        used = statistics.median(times[size])
        row = {"enrolments": size, "seconds": round(used, 3), "peak": peaks[size]}
        if found:
            grown = math.log(used / found[-1]["seconds"])
            row["exponent"] = round(grown / math.log(size / found[-1]["enrolments"]), 2)
        found.append(row)
    return found


def _in_child(*arguments: str) -> str:
    command = [sys.executable, __file__, *arguments]
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--engine", choices=("duckdb", "spark"), default="duckdb")
    parser.add_argument("--sizes", nargs="*", type=int, default=SIZES)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--memory", default="8GB", help="how much of it the engine may use")
    parser.add_argument("--data", type=Path, help="a folder in which the files are kept")
    parser.add_argument("--json", type=Path, help="put the figures of this engine here")
    parser.add_argument("--child", nargs=4)
    parser.add_argument("--make", nargs=2)
    asked = parser.parse_args()
    if asked.make:
        write(Path(asked.make[1]), int(asked.make[0]))
        return 0
    if asked.child:
        engine, memory, *folders = asked.child
        print(*child(engine, memory, *map(Path, folders)), flush=True)
        os._exit(0)  # Java and columnar libraries take their time to go down
    with tempfile.TemporaryDirectory() as place:
        given = (asked.engine, asked.memory)
        found = measured(given, asked.sizes, asked.rounds, asked.data or Path(place))
    for row in found:
        told = f"  exponent {row['exponent']:.2f}" if "exponent" in row else ""
        print(f"{row['enrolments']:>11,}  {row['seconds']:.2f} s  {row['peak']} MiB{told}")
    if asked.json:
        held = json.loads(asked.json.read_text()) if asked.json.exists() else {}
        held[asked.engine] = {"measured": date.today().isoformat(), "sizes": found}  # noqa: DTZ011
        asked.json.write_text(json.dumps(held, indent=2) + "\n")
    return int(max(row.get("exponent", 0) for row in found) > GOAL)


if __name__ == "__main__":
    sys.exit(main())
