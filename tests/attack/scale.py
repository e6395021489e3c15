"""How much is attacked: a part of it whenever the tests run, ten times as much before a release."""

from __future__ import annotations

import os

__all__ = ["LONG", "part_of"]

LONG = os.environ.get("OSALLISUUS_ATTACK") == "long"
"""Set by ``./dev attack``."""


def part_of(usual: int, long: int, part: int, parts: int, *, first: int = 0) -> range:
    """The seeds of one of several equal parts."""
    each = (long if LONG else usual) // parts
    return range(first + part * each, first + (part + 1) * each)
