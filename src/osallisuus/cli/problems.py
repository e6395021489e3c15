"""What is told of a command that was not done, and with which exit code it ends."""

from __future__ import annotations

import os
import sys
from typing import Final

from osallisuus.cli.folded import folded
from osallisuus.cli.terminal import print_problem
from osallisuus.errors import OsallisuusError, Problem

__all__ = ["tell"]

_NOT_DONE: Final = 1
_STOPPED: Final = 130
"""As every shell says of a command that Ctrl-C has stopped: 128 and the number of the signal."""


def tell(error: OsallisuusError | OSError | KeyboardInterrupt) -> int:
    """Say on stderr what *error* is, one line for each problem; gives back the exit code."""
    if isinstance(error, KeyboardInterrupt):
        print("stopped; nothing half done was stored", file=sys.stderr)
        return _STOPPED
    if isinstance(error, OsallisuusError):
        for problem, where, _ in folded(error.problems, same=lambda one: (one.what, one.remedy)):
            print_problem(error.code, str(Problem(problem.what, where, problem.remedy)))
    elif isinstance(error, BrokenPipeError):
        _drop_output()  # whoever read the output has read enough
    else:
        _tell_of_file(error)
    return _NOT_DONE


def _tell_of_file(error: OSError) -> None:
    if error.filename is None:
        _drop_output()
    place = f" @ {error.filename}" if error.filename else ""
    print_problem("error", f"{(error.strerror or type(error).__name__).lower()}{place}")


def _drop_output() -> None:
    """Let what is still buffered for stdout go nowhere: Python would flush it once more at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
