"""The facts of a store to a copy for engines, and from then on what has changed."""

from __future__ import annotations

import argparse
import sys

from osallisuus.cli.progress import Progress
from osallisuus.cli.store import existing, refuse_own
from osallisuus.cli.terminal import print_json
from osallisuus.register.sync import Synced

__all__ = ["sync"]


def sync(arguments: argparse.Namespace) -> int:
    """``sync STORE SINK [--compact] [--dry-run] [--json]``: pseudonymous facts, internal."""
    refuse_own(arguments.store, arguments.sink.partition(":")[2] or None)
    with existing(arguments.store, "sync") as register, Progress("publishing") as progress:
        done = register.sync(
            arguments.sink,
            compact=arguments.compact,
            dry_run=arguments.dry_run,
            progress=progress,
        )
    if arguments.json:
        print_json(
            {
                "internal": True,
                "place": arguments.sink,
                "published": not arguments.dry_run,
                "after": done.after,
                "upto": done.upto,
                "rows": done.rows,
                "removed": done.removed,
            }
        )
        return 0
    print(_said(done, dry_run=arguments.dry_run))
    print(
        "INTERNAL: the copy holds pseudonymous facts of persons; free text and keep_apart stay"
        " with the store",
        file=sys.stderr,
    )
    return 0


def _said(done: Synced, *, dry_run: bool) -> str:
    if done.upto == done.after:
        return f"nothing has changed since commit {done.after}"
    rows = "1 row" if done.rows == 1 else f"{done.rows} rows"
    would = "would be " if dry_run else ""
    commits = f"commits {done.after + 1} to {done.upto}"
    return f"{rows} {would}written, {done.removed} {would}removed: {commits}"
