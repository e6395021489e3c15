"""Questions to whoever sits at the terminal; what is secret is never an argument of a command.

A shell keeps what is typed as arguments, and other users of the machine can see it while a command
runs. Where there is no terminal, the same lines are read from stdin.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from osallisuus.errors import StoreError

__all__ = ["agreed", "ask", "ask_many"]


def ask(question: str) -> str:
    """One line of an answer, without spaces around it; empty at the end of the input."""
    if sys.stdin.isatty():
        print(f"{question}: ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip()


def ask_many(question: str) -> Iterator[str]:
    """Lines, up to an empty one."""
    while answer := ask(question):
        yield answer


def agreed(question: str, *, yes: bool) -> bool:
    """Whether somebody said yes to what cannot be undone.

    :class:`StoreError` where nobody can be asked and *yes* was not given.
    """
    if yes:
        return True
    if not sys.stdin.isatty():
        raise StoreError(
            "this cannot be undone, and there is nobody to ask", where="--yes",
            remedy="see with --dry-run what would go, and then give --yes",
        )  # fmt: skip
    return ask(f"{question} [y/N]").lower() in ("y", "yes")
