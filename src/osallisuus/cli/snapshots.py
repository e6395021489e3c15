"""A store as one file with all that it knows, and back into a store of any kind."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from osallisuus.cli.progress import Progress
from osallisuus.cli.store import existing, refuse_own
from osallisuus.cli.terminal import print_json
from osallisuus.errors import StoreError
from osallisuus.model.store import SNAPSHOT
from osallisuus.register import open_register
from osallisuus.whole import refuse_missing

__all__ = ["restore", "snapshot"]


def snapshot(arguments: argparse.Namespace) -> int:
    """``snapshot STORE FILE [--json]``: everything, for its owner's eyes only."""
    refuse_own(arguments.store, arguments.file)
    with (
        existing(arguments.store, arguments.purpose, arguments.actor) as register,
        Progress("writing the snapshot"),
    ):
        commit = register.snapshot(arguments.file)
    if arguments.json:
        print_json({"internal": True, "place": arguments.file, "commit": commit})
        return 0
    print(f"everything up to commit {commit} is in {arguments.file}")
    print(
        "INTERNAL: it holds all that the store holds, free text and keep_apart included",
        file=sys.stderr,
    )
    return 0


def restore(arguments: argparse.Namespace) -> int:
    """``restore FILE STORE [--json]``: all of it or nothing, into a store that is new."""
    refuse_missing(Path(arguments.file), SNAPSHOT)  # before a store is made
    with (
        open_register(
            arguments.store, actor=arguments.actor, purpose=arguments.purpose
        ) as register,
        Progress("restoring") as progress,
    ):
        if "durable" not in register.store.capabilities:
            raise StoreError(
                "what is restored there is gone when this command ends",
                remedy="name a new .db file, or an address of PostgreSQL",
            )
        commit = register.restore(arguments.file, progress=progress)
    if arguments.json:
        print_json({"commit": commit})  # no address: it may hold a password
        return 0
    print(f"all of {arguments.file} is restored, and written down as commit {commit}")
    print(
        "From now on write and release in one of the two only: neither hears of the other."
        " An erasure is for both, as long as both are kept.",
        file=sys.stderr,
    )
    return 0
