"""How much the importers take before they refuse."""

from __future__ import annotations

from osallisuus.values import frozen

__all__ = ["Limits"]


@frozen(kw_only=True)
class Limits:
    """Largest sizes of an input. Raise one on purpose: ``Limits(rows=2_000_000)``."""

    rows: int = 500_000
    """Rows of all files, or of all sheets of a workbook, together."""
    file_bytes: int = 256 * 2**20
    """Bytes of one file."""
    problems: int = 1000
    """After so many problems the rest is only counted."""
    columns: int = 500
    """Columns of one sheet."""
    unpacked_bytes: int = 512 * 2**20
    """Bytes of all parts of a workbook, counted while they are unpacked."""
    seconds: int = 60
    """Of processor time for reading a workbook, and of waiting for its next rows."""
    memory: int = 1024 * 2**20
    """Bytes of the process that reads a workbook, where the system can hold it to them."""
