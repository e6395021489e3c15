"""A report on one programme."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from osallisuus import plugins
from osallisuus.cli.releases import say_what_matters
from osallisuus.cli.review import print_review
from osallisuus.cli.store import existing
from osallisuus.errors import StoreError

__all__ = ["hidden_note", "report"]


def report(arguments: argparse.Namespace) -> int:
    """``report STORE --program NAME``."""
    if arguments.format is not None:
        plugins.load("exporters", arguments.format)  # a misspelt format is told before the work
    if arguments.out is not None and not arguments.overwrite and Path(arguments.out).exists():
        raise StoreError("the file is there already", where=arguments.out, remedy="--overwrite")
    with existing(arguments.store, "report") as register:
        asked = register.report(
            arguments.report,
            program=arguments.program,
            by=arguments.by,
            periods=arguments.periods,
            as_of=arguments.as_of,
            confidence=arguments.confidence,
            locale=arguments.locale,
        )
        if arguments.review:
            print_review(asked.review(arguments.profile))
            return 0
        release = asked.release(arguments.profile)
        say_what_matters(release.released)
        if arguments.out is None:
            sys.stdout.buffer.write(release.render(arguments.format or "text"))
            return 0
        path = release.save(arguments.out, exporter=arguments.format, overwrite=arguments.overwrite)
    print(path)
    if release.hidden:
        print(hidden_note(release.hidden), file=sys.stderr)
    return 0


def hidden_note(count: int) -> str:
    """How many figures are hidden, and why."""
    return f"{count} {'figure' if count == 1 else 'figures'} hidden to protect people"
