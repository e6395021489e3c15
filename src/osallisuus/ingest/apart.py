"""The other process, in which a workbook from outside is opened, and what becomes of it.

Its script is :mod:`osallisuus.ingest.child`. It may refuse, die or keep silent: each is one of our
errors here, with what would help. What it says on stderr is not listened to, for it may quote the
workbook.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from threading import Timer
from typing import IO, Any, Final, Self

from osallisuus.errors import ImportProblem, LimitError, OsallisuusError
from osallisuus.ingest.limits import Limits

__all__ = ["Apart"]

_LONGEST: Final = 64 * 2**20
"""Bytes of one line: a row of cells of the longest text has fewer."""
_SCRIPT: Final = Path(__file__).with_name("child.py")
_OVER_ITS_TIME: Final = -24
"""How a process ends that used up its processor time: by the signal SIGXCPU."""


_READ: Final[dict[str, Callable[[Any], Any]]] = {
    "d": cache(date.fromisoformat),
    "m": datetime.fromisoformat,
    "t": time.fromisoformat,
    "s": lambda seconds: timedelta(seconds=seconds),
}


def _revived(message: dict[str, Any]) -> Any:
    if "d" in message:  # most of them
        return _READ["d"](message["d"])
    if len(message) == 1:
        ((key, value),) = message.items()
        if key in _READ:
            return _READ[key](value)
    return message


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    assert pipe is not None, "both were asked for"  # noqa: S101 - a promise of subprocess
    return pipe


_MESSAGES: Final = (
    {"sheet", "hidden", "first", "size", "merged", "faults"},
    {"rows"},
    {"end"},
    {"refused"},
)
"""The keys of what the child may say."""


class Apart:
    """The process that reads *file*, as a context; what it says, line by line."""

    def __init__(self, file: Path, limits: Limits) -> None:
        self.file, self.limits, self.late = file, limits, False
        self.last: dict[str, Any] = {}
        """The latest message."""

    def __enter__(self) -> Self:
        self.process: Any = subprocess.Popen(  # noqa: S603 - this Python, our own script
            [sys.executable, "-I", "-S", "-X", "utf8", str(_SCRIPT)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # what a reader says of a broken file may quote it
        )
        self._asked, self._said = _pipe(self.process.stdin), _pipe(self.process.stdout)
        request = {
            "path": str(self.file.resolve()),
            "sys_path": sys.path,
            "memory": self.limits.memory,
            "seconds": self.limits.seconds,
            "unpacked_bytes": self.limits.unpacked_bytes,
        }
        with suppress(OSError):  # a child that is gone already is met when it is read
            self._asked.write(json.dumps(request).encode() + b"\n")
            self._asked.flush()
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        for pipe in (self._asked, self._said):
            with suppress(OSError):
                pipe.close()
        self.process.wait()

    def next(self) -> dict[str, Any]:
        """The next message. Raises what a refusal, a death or a silence of the child means."""
        waiting = Timer(self.limits.seconds, self._too_late)
        waiting.daemon = True
        waiting.start()
        try:
            line = self._said.readline(_LONGEST)
        finally:
            waiting.cancel()
        try:
            message = json.loads(line, object_hook=_revived) if line.endswith(b"\n") else {}
        except (ValueError, RecursionError):
            message = {}
        if not isinstance(message, dict) or message.keys() not in _MESSAGES:
            message = {"refused": self._ending()}
        if "refused" in message:
            raise self._refusal(message["refused"])
        self.last = message
        return self.last

    def _too_late(self) -> None:
        self.late = True
        self.process.kill()

    def _ending(self) -> str:
        """Why there is no further line."""
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(timeout=5)
        if self.late or self.process.returncode == _OVER_ITS_TIME:
            return "seconds"
        return "died"

    def _refusal(self, reason: str) -> OsallisuusError:
        kind, what, remedy = _REFUSALS.get(reason, _REFUSALS["died"])
        most = getattr(self.limits, reason, 0)
        return kind(what.format(most=most), where=self.file.name, remedy=remedy)


_SAVE: Final = "open it in a spreadsheet program and save it as .xlsx again"
_REFUSALS: Final[dict[str, tuple[type[OsallisuusError], str, str]]] = {
    "password": (ImportProblem, "the workbook is protected by a password", "save it without one"),
    "old": (ImportProblem, "this is a workbook of an old format", "save it as .xlsx"),
    "other": (
        ImportProblem,
        "the content is not that of a workbook",
        "check that this is the right file, and that its ending is its own",
    ),
    "unreadable": (ImportProblem, "the workbook cannot be read", _SAVE),
    "entities": (ImportProblem, "the workbook defines XML of its own, as no program does", _SAVE),
    "names": (
        ImportProblem,
        "two sheets of the workbook have one name",
        f"give each its own; or {_SAVE}",
    ),
    "faults": (
        ImportProblem,
        "cells hold an error or not their value, and the workbook does not say of which sheet",
        f"correct such cells as #REF!, or {_SAVE}",
    ),
    "died": (
        ImportProblem,
        "the workbook cannot be read: the process that read it came to an end",
        f"{_SAVE}; if it is that large, raise Limits(memory=...)",
    ),
    "memory": (
        LimitError,
        "the workbook needs more than {most} bytes of memory",
        "split it, or raise Limits(memory=...)",
    ),
    "unpacked_bytes": (
        LimitError,
        "the workbook unpacks to more than {most} bytes",
        "split it, or raise Limits(unpacked_bytes=...)",
    ),
    "seconds": (
        LimitError,
        "the workbook takes longer than {most} seconds to read",
        "split it, or raise Limits(seconds=...)",
    ),
}
