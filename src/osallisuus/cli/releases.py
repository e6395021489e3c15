"""What was ever released of a store."""

from __future__ import annotations

import argparse
import sys

from osallisuus.cli.answers import of_line
from osallisuus.cli.store import existing
from osallisuus.cli.terminal import print_json, print_table
from osallisuus.disclosure.gate import Released
from osallisuus.disclosure.ledger import Line
from osallisuus.errors import StoreError

__all__ = ["releases", "say_what_matters"]


def releases(arguments: argparse.Namespace) -> int:
    """``releases STORE``: one line for each release, oldest first."""
    with existing(arguments.store, "releases") as register:
        if "ledger" not in register.store.capabilities:
            raise StoreError(
                "this store remembers no releases",
                where=arguments.store,
                remedy="import it into a .db file",
            )
        lines = list(register.releases())
    if arguments.json:
        print_json({"releases": [of_line(line) for line in lines]})
    elif lines:
        heads = ("number", "moment", "as of", "profile", "by whom, for what", "metrics")
        print_table(heads, [_row(line) for line in lines], right=(0,), bare=True)
    return 0


def _row(line: Line) -> tuple[str, ...]:
    moment = "" if line.moment is None else line.moment.isoformat(timespec="seconds")
    rounding = "" if line.base is None else f", rounded to {line.base}"
    profile = f"{line.profile} (at least {line.threshold}{rounding})"
    names = dict.fromkeys(one.metric.name for one in line.asked)
    days = sorted({one.settings.as_of.isoformat() for one in line.asked})
    who = f"{line.actor}, for {line.purpose}"
    return (f"{line.number}", moment, ", ".join(days), profile, who, ", ".join(names))


def say_what_matters(released: Released) -> None:
    """Tell on stderr that a release is remembered, or not, or that it could not be audited."""
    if released.number is not None:
        remembered = f"release {released.number} of this store, remembered for good"
        print(f"{remembered}; --internal looks without releasing", file=sys.stderr)
    elif released.results and not released.profile.internal:
        print("this store keeps no ledger: later releases will not know of this", file=sys.stderr)
    if not released.audited:
        print("too much to audit at once: nothing new is shown; ask for less", file=sys.stderr)
