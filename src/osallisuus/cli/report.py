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
from osallisuus.release import exporter_of

__all__ = ["hidden_note", "report"]


def report(arguments: argparse.Namespace) -> int:
    """``report STORE --program NAME``."""
    # what cannot be written is told before the work: a release is remembered for good
    if arguments.format is not None:
        plugins.load("exporters", arguments.format)
    if arguments.out is not None:
        _refuse_unwritable(Path(arguments.out), arguments)
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
        say_what_matters(release.released, look="--profile internal")
        if arguments.out is None:
            sys.stdout.buffer.write(release.render(arguments.format or "text"))
            return 0
        path = release.save(arguments.out, exporter=arguments.format, overwrite=arguments.overwrite)
    print(path)
    if release.hidden:
        print(hidden_note(release.hidden), file=sys.stderr)
    return 0


def _refuse_unwritable(path: Path, arguments: argparse.Namespace) -> None:
    if arguments.format is None:
        exporter_of(path)
    if not arguments.overwrite and path.exists():
        raise StoreError("the file is there already", where=arguments.out, remedy="--overwrite")
    if not path.parent.is_dir():
        raise StoreError(
            "the file cannot be written: no such file or directory",
            where=arguments.out,
            remedy="make its folder, or choose another place",
        )


def hidden_note(count: int) -> str:
    """How many figures are hidden, and why."""
    return f"{count} {'figure' if count == 1 else 'figures'} hidden to protect people"
