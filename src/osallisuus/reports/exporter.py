"""The port for report exporters: a document in, bytes out."""

from __future__ import annotations

from typing import ClassVar, Final, Protocol, runtime_checkable

from osallisuus.reports.document import Document

__all__ = ["API_VERSION", "Exporter"]

API_VERSION: Final = 1
"""The version of this port. It changes only when an exporter written for it could break."""


@runtime_checkable
class Exporter(Protocol):
    """Writes a document in one format.

    An exporter is made without arguments, keeps no state, reads no clock, file or environment and
    gives equal bytes for equal documents. It shows a suppressed figure as the one hidden mark, or
    as a missing value with its status in formats for machines, and escapes every text.
    """

    api_version: ClassVar[int]
    name: ClassVar[str]
    """What users write after ``--as``; the name of the entry point."""
    suffix: ClassVar[str]
    """The file name's ending, with its dot. A file that has it is written by this exporter without
    ``--as``, unless one of ours, or another one, has it too."""
    media_type: ClassVar[str]

    def render(self, document: Document) -> bytes:
        """*document* as the bytes of one file."""
        ...
