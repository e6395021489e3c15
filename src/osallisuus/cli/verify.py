"""Whether a store is as it was written."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from osallisuus.cli.store import existing
from osallisuus.cli.terminal import print_json
from osallisuus.errors import Problem

__all__ = ["told", "verify"]


def verify(arguments: argparse.Namespace) -> int:
    """``verify STORE``: the chain of the journal, the rows and the files."""
    with existing(arguments.store, "verify") as register:
        problems = register.verify()
    return told(problems, as_json=arguments.json)


def told(problems: Sequence[Problem], *, as_json: bool) -> int:
    """Print what was found; the exit code."""
    if as_json:
        found = [{"what": one.what, "where": one.where, "remedy": one.remedy} for one in problems]
        print_json({"sound": not problems, "problems": found})
    else:
        print("\n".join(map(str, problems)) or "sound: nothing was changed or damaged")
    return 1 if problems else 0
