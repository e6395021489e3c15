"""Made-up facts of a programme as a new fact folder."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterable, Iterator
from random import Random

from osallisuus.ingest.stream import stream_folder
from osallisuus.model.facts import Enrollment, Fact
from osallisuus.register import program_named
from osallisuus.simulate.world import FIRST_DAY, NOTE
from osallisuus.simulate.world import simulate as simulated

__all__ = ["simulate"]


def simulate(arguments: argparse.Namespace) -> int:
    """``simulate PROGRAM --people N --seed S --out FOLDER``."""
    program = program_named(arguments.program)
    facts = simulated(
        program,
        people=arguments.people,
        random=Random(arguments.seed),  # noqa: S311 - made-up facts, no secrets
        starts_on=arguments.start or FIRST_DAY,
    )
    counts = stream_folder(
        arguments.out, _told(facts, arguments.people), note=NOTE.format(program=program.name)
    )
    print(f"{'table':<18}{'rows':>9}")
    for table, rows in counts.items():
        print(f"{table:<18}{rows:>9}")
    print(f"\n{sum(counts.values())} made-up facts in {arguments.out}")
    return 0


def _told(facts: Iterable[Fact], people: int) -> Iterator[Fact]:
    """The same facts; a terminal is told once a second of how many people they are."""
    said, done = time.monotonic(), 0
    for fact in facts:
        if isinstance(fact, Enrollment):
            done += 1
            now = time.monotonic()
            if sys.stderr.isatty() and now - said > 1:
                said = now
                print(f"{done} of {people} people", file=sys.stderr, flush=True)
        yield fact
