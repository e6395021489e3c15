"""Reports as plain lines."""

from typing import ClassVar

from osallisuus.reports.cells import WrittenTable
from osallisuus.reports.document import Document, Heading, Note, Provenance, Text
from osallisuus.reports.writing import Stamp, Title, in_writing

__all__ = ["Exporter"]


class Exporter:
    """Writes a document as lines, and the cells of a table with bars between them."""

    api_version: ClassVar[int] = 1
    name: ClassVar[str] = "your-plugin"
    suffix: ClassVar[str] = ".txt"
    media_type: ClassVar[str] = "text/plain; charset=utf-8"

    def render(self, document: Document) -> bytes:
        """*document* as UTF-8 text."""
        lines: list[str] = []
        for piece in in_writing(document):
            match piece:
                case Stamp(text) | Title(text) | Heading(_, text) | Note(_, text):
                    lines += ["", text]
                case Text(paragraphs):
                    lines += paragraphs
                case Provenance(rows, title):
                    lines += [title, *(f"{name}: {value}" for name, value in rows)]
                case WrittenTable(caption, columns, rows):
                    lines += [caption, " | ".join(columns)]
                    lines += [" | ".join(cell.with_marks for cell in row) for row in rows]
                    lines += piece.below
        return ("\n".join(lines) + "\n").encode()
