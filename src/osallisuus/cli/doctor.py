"""What is weak or broken, and what helps."""

from __future__ import annotations

import argparse

import attrs

from osallisuus.cli.terminal import print_json
from osallisuus.doctor import Ailment, examine_installation, examine_store

__all__ = ["doctor"]

_BAD = ("weak", "broken")


def doctor(arguments: argparse.Namespace) -> int:
    """``doctor [STORE]``; the exit code is 1 where something is weak or broken."""
    found = [*examine_installation()]
    if arguments.store is not None:
        found += examine_store(arguments.store)
    bad = [one for one in found if one.severity in _BAD]
    if arguments.json:
        print_json({"healthy": not bad, "found": [attrs.asdict(one) for one in found]})
    else:
        _print(found)
        print(f"\n{len(bad)} to be mended" if bad else "\nnothing is weak or broken")
    return 1 if bad else 0


def _print(found: list[Ailment]) -> None:
    width = max(len(one.severity) for one in found)
    for one in found:
        print(f"{one.severity:<{width}}  {one}")
