"""How much the importers take before they refuse."""

from __future__ import annotations

from osallisuus.values import frozen

__all__ = ["Limits"]


@frozen(kw_only=True)
class Limits:
    """Largest sizes of an input. Raise one on purpose: ``Limits(rows=2_000_000)``."""

    rows: int = 500_000
    """Rows of all files together."""
    file_bytes: int = 256 * 2**20
    """Bytes of one file."""
    problems: int = 1000
    """After so many problems the rest is only counted."""
