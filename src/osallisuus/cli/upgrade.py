"""A store of an earlier schema version, brought to the one that this library reads."""

from __future__ import annotations

import argparse

from osallisuus.cli.terminal import print_json
from osallisuus.register import upgrade_store
from osallisuus.words import Words

__all__ = ["upgrade"]


def upgrade(arguments: argparse.Namespace) -> int:
    """``upgrade STORE [--dry-run]``."""
    before, after, commits = upgrade_store(arguments.store, dry_run=arguments.dry_run)
    if arguments.json:
        stored = before != after and not arguments.dry_run
        print_json({"before": before, "after": after, "commits": commits, "stored": stored})
        return 0
    told = "not_stored" if arguments.dry_run else "stored"
    told = "nothing" if before == after else told
    words = Words(arguments.locale)
    print(words(f"upgrade.{told}", before=before, after=after, n=commits))
    return 0
