"""A programme described in the structure of Innokylä."""

from __future__ import annotations

import argparse
import sys

from osallisuus.cli.store import existing
from osallisuus.model.facts import Observation
from osallisuus.register import program_named
from osallisuus.reports.innokyla import innokyla as described
from osallisuus.words import Words

__all__ = ["innokyla"]


def innokyla(arguments: argparse.Namespace) -> int:
    """``innokyla PROGRAM [--store STORE]``: Markdown."""
    observations: list[Observation] = []
    if arguments.store is not None:
        with existing(arguments.store, "describe") as register:
            observations = list(register.facts(Observation))
    program = program_named(arguments.program)
    if observations:  # numbers as somebody wrote them down, which passed no gate
        print(f"*** {Words(arguments.locale)('document.internal')} ***\n")
    sys.stdout.write(described(program, observations, locale=arguments.locale))
    return 0
