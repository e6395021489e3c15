"""All that is recorded of a person, for themselves."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from osallisuus.cli.store import existing
from osallisuus.release import write_whole

__all__ = ["copy"]


def copy(arguments: argparse.Namespace) -> int:
    """``copy STORE PERSON``: Markdown, printed or into a file that only its owner can read."""
    with existing(arguments.store, "own copy") as register:
        text = register.own_copy(arguments.person, locale=arguments.locale)
    if arguments.out is None:
        sys.stdout.write(text)
        return 0
    print(write_whole(Path(arguments.out), text.encode()))
    return 0
