"""Made-up facts written as a fact folder: time per person and memory, for more and more people.

The comparison is with ourselves: ten times as many people should take ten times as long, whatever
their number. ``python benchmarks/simulate.py`` prints the table of docs/simulation.md, with the
memory that a process needs at most.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from random import Random

from harness import Comparison

COMPARISONS = [
    Comparison(
        name="simulate",
        task="10,000 simulated people as a folder / ten times 1,000",
        ours="of_10_000",
        other="ten_times_1_000",
        goal=1.1,
        rounds=5,
    ),
    Comparison(
        name="simulate",
        task="100,000 simulated people as a folder / ten times 10,000",
        ours="of_100_000",
        other="ten_times_10_000",
        goal=1.1,
        rounds=1,
    ),
]
TABLE = [("wertzu", 1_000), ("wertzu", 10_000), ("wertzu", 100_000)]
TABLE += [("verna", 1_000), ("verna", 10_000), ("verna", 100_000)]


def prepare(folder: Path) -> None:
    """Nothing is needed."""


def _written(folder: Path, program: str, people: int, seed: int = 1) -> tuple[float, int]:
    """CPU seconds and rows of one simulation."""
    import osallisuus as osa
    from osallisuus.ingest.stream import stream_folder
    from osallisuus.simulate.world import simulate

    chosen = osa.program(program)
    with tempfile.TemporaryDirectory(dir=folder) as place:
        start = time.process_time()
        facts = simulate(chosen, people=people, random=Random(seed))
        counts = stream_folder(Path(place) / "made", facts)
        return time.process_time() - start, sum(counts.values())


def of_10_000(folder: Path) -> float:
    return _written(folder, "wertzu", 10_000)[0]


def ten_times_1_000(folder: Path) -> float:
    return sum(_written(folder, "wertzu", 1_000, seed)[0] for seed in range(10))


def of_100_000(folder: Path) -> float:
    return _written(folder, "wertzu", 100_000)[0]


def ten_times_10_000(folder: Path) -> float:
    return sum(_written(folder, "wertzu", 10_000, seed)[0] for seed in range(10))


def main() -> int:
    if sys.argv[1:]:
        program, people = sys.argv[1], int(sys.argv[2])
        with tempfile.TemporaryDirectory() as folder:
            seconds, rows = _written(Path(folder), program, people)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            f"| `{program}` | {people:,} | {rows:,} | {seconds:.1f} |"
            f" {1000 * seconds / people:.2f} | {peak:.0f} |",
            flush=True,
        )
        return 0
    print("| programme | people | facts | seconds | ms per person | MB at most |")
    print("| --- | --- | --- | --- | --- | --- |")
    for program, people in TABLE:
        subprocess.run([sys.executable, __file__, program, str(people)], check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
