"""Made-up facts of a programme as a new fact folder."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from random import Random
from typing import Final

from osallisuus.cli.progress import Progress
from osallisuus.cli.terminal import print_json, print_table
from osallisuus.given import given_whole
from osallisuus.ingest.stream import stream_folder
from osallisuus.model.facts import Enrollment, Fact
from osallisuus.register import program_named
from osallisuus.simulate.world import FIRST_DAY, NOTE
from osallisuus.simulate.world import simulate as simulated

__all__ = ["simulate"]

_MOST_SEED: Final = 10**18
"""Chance knows no sign: a seed and its negative would begin the same facts."""


def simulate(arguments: argparse.Namespace) -> int:
    """``simulate PROGRAM --people N --seed S --out FOLDER``."""
    program = program_named(arguments.program)
    facts = simulated(
        program,
        people=arguments.people,
        random=Random(given_whole(arguments.seed, "--seed", 0, _MOST_SEED)),  # noqa: S311 - made-up facts, no secrets
        starts_on=arguments.start or FIRST_DAY,
    )
    with Progress("simulating", of=f"of {arguments.people:,} people") as progress:
        counts = stream_folder(
            arguments.out, _told(facts, progress), note=NOTE.format(program=program.name)
        )
    if arguments.json:
        print_json({"place": arguments.out, "rows": dict(counts)})
        return 0
    rows = [(table, str(count)) for table, count in counts.items()]
    print_table(("table", "rows"), rows, right=(1,))
    print(f"\n{sum(counts.values())} made-up facts in {arguments.out}")
    return 0


def _told(facts: Iterable[Fact], progress: Progress) -> Iterator[Fact]:
    """The same facts; *progress* is told of how many people they are."""
    done = 0
    for fact in facts:
        if isinstance(fact, Enrollment):
            done += 1
            progress("", done)
        yield fact
