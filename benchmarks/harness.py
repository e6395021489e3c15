"""Runs contenders in turn, each in a fresh process, and compares their CPU time.

A contender is a function ``name(folder)`` of a benchmark's module. The process that runs it tells
how much CPU time it took, either the whole process or only what the function itself did. Rounds
are interleaved, so that a busy machine slows every contender alike; medians are compared.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Comparison:
    """Ours against the best that others offer for the same task; ``goal``, if any, bounds the ratio."""

    name: str
    task: str
    ours: str
    other: str
    goal: float | None
    whole_process: bool = False
    rounds: int = 7


@dataclass(frozen=True)
class Outcome:
    """Median CPU seconds of both and their ratio, with the spread over the rounds."""

    comparison: Comparison
    ours: float
    other: float
    low: float
    high: float

    @property
    def ratio(self) -> float:
        return self.ours / self.other


def compare(comparison: Comparison, folder: Path, rounds: int | None = None) -> Outcome:
    """Run both contenders in turn; the first round only warms the caches."""
    ours: list[float] = []
    other: list[float] = []
    for round_number in range((rounds or comparison.rounds) + 1):
        times = [
            _run(comparison, contender, folder) for contender in (comparison.ours, comparison.other)
        ]
        if round_number:
            ours.append(times[0])
            other.append(times[1])
    ratios = sorted(one / two for one, two in zip(ours, other, strict=True))
    return Outcome(
        comparison, statistics.median(ours), statistics.median(other), ratios[0], ratios[-1]
    )


def _run(comparison: Comparison, contender: str, folder: Path) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = (
        arguments(contender, folder)
        if comparison.whole_process
        else [str(HERE / "run.py"), "--child", comparison.name, contender, str(folder)]
    )
    done = subprocess.run(
        [sys.executable, "-I", *command],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise SystemExit(f"{comparison.name}, {contender}: {done.stderr}")
    if comparison.whole_process:
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return float(done.stdout.split()[-1])


def arguments(contender: str, folder: Path) -> Sequence[str]:
    """What a whole process is asked to run: ``-m module ...`` or a line of Python."""
    words = contender.split() if contender.startswith("-m ") else ["-c", contender]
    return [word.replace("{folder}", str(folder)) for word in words]
