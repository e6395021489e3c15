"""Files that only their owner can read."""

from __future__ import annotations

import os
from pathlib import Path

from osallisuus.errors import StoreError

__all__ = ["write_private"]


def write_private(path: Path, text: str) -> None:
    """Make a new file of the mode 0600; one that is there already is left as it is."""
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
    else:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        return
    raise StoreError(
        f"the file cannot be made: {reason}", where=str(path), remedy="name a new file"
    )
