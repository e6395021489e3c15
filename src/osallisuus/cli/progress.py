"""How far a long command is: on stderr, on a terminal, once the work takes over a second."""

from __future__ import annotations

import sys
import time
from threading import Event, Thread
from types import TracebackType
from typing import Any, Final, Self

from osallisuus.cli.terminal import is_rich

__all__ = ["Progress"]

_PATIENCE: Final = 1.0
"""Seconds in which nobody needs to be told anything; also the time between two messages."""


class Progress:
    """Tells whoever waits that work goes on: ``with Progress("importing") as told: ...``.

    A work that counts what it does calls it: ``told("people", 20_000)``. What it says is shown
    once a second by a thread of its own, so that calling it costs next to nothing, and work that
    counts nothing is seen to go on as well. Where stderr is no terminal nothing is said.

    While it runs nothing else may be printed.
    """

    def __init__(self, doing: str, *, of: str = "rows") -> None:
        self._doing, self._of = doing, of
        self._far = ""
        self._done = Event()
        self._thread: Thread | None = None

    def __call__(self, what: str, count: int) -> None:
        """*count* of *what* are done."""
        self._far = f" {what}: {count:,} {self._of}" if what else f" {count:,} {self._of}"

    def __enter__(self) -> Self:
        if sys.stderr.isatty():
            self._thread = Thread(target=self._tell, daemon=True)
            self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._done.set()
        if self._thread is not None:
            self._thread.join()

    def _tell(self) -> None:
        if self._done.wait(_PATIENCE):
            return
        began = time.monotonic()
        shown = _Line() if is_rich(sys.stderr) else _Lines()
        try:
            while True:
                seconds = round(time.monotonic() - began + _PATIENCE)
                shown.show(self._doing + self._far, seconds)
                if self._done.wait(_PATIENCE):
                    return
        finally:
            shown.close()


class _Line:
    """One line that is written over, and gone when the work is done."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.status import Status

        console = Console(file=sys.stderr)
        self._status: Any = Status("", console=console)
        self._status.start()

    def show(self, text: str, seconds: int) -> None:
        from rich.text import Text

        self._status.update(Text(f"{text} ({seconds} s)"))

    def close(self) -> None:
        self._status.stop()


class _Lines:
    """A line each time there is something new, for a terminal that cannot take one back."""

    def __init__(self) -> None:
        self._last = ""

    def show(self, text: str, seconds: int) -> None:
        if text != self._last:
            self._last = text
            print(f"{text} ({seconds} s)", file=sys.stderr, flush=True)

    def close(self) -> None:
        """Nothing has to be taken back."""
