"""What every address has in common: of a store, and of a copy."""

from __future__ import annotations

from pathlib import Path

__all__ = ["at_home"]


def at_home(path: str) -> str:
    """*path* with the home of its user for ``~/``, which no shell sees behind ``NAME:``."""
    return str(Path(path).expanduser()) if path.startswith("~/") else path
