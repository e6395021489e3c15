"""One writer at a time in a folder; a lock that goes with the process that holds it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from osallisuus.errors import StoreBusy

__all__ = ["LOCK", "only_writer"]

LOCK: Final = ".lock"
"""The name of the file; a writer makes it before anything else."""


@contextmanager
def only_writer(place: Path) -> Iterator[None]:
    """Hold the folder *place* for writing; :class:`StoreBusy` while somebody else does.

    The lock is the system's on an open file, so that of a killed process is free at once.
    """
    descriptor = os.open(place / LOCK, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        if not _taken(descriptor):
            raise StoreBusy(
                "another program is writing to the copy",
                where=str(place),
                remedy="try again when it has ended",
            )
        yield
    finally:
        os.close(descriptor)


def _taken(descriptor: int) -> bool:
    """Whether the file could be locked."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):  # the latter on Windows
        return False
    return True
