"""Reports as plain lines."""

from typing import ClassVar

from osallisuus.reports.cells import explaining_table, written_table
from osallisuus.reports.document import Document, Heading, Note, Provenance, Text
from osallisuus.words import Words

__all__ = ["Exporter"]


class Exporter:
    """Writes a document as lines, and the cells of a table with bars between them."""

    api_version: ClassVar[int] = 1
    name: ClassVar[str] = "your-plugin"
    suffix: ClassVar[str] = ".txt"
    media_type: ClassVar[str] = "text/plain; charset=utf-8"

    def render(self, document: Document) -> bytes:
        """*document* as UTF-8 text."""
        words, explaining = Words(document.locale), explaining_table(document)
        lines = [words("document.internal")] if document.internal else []
        lines += [document.title, document.profile_note]
        if document.generated is not None:
            moment = words.locale.moment(document.generated)
            lines.append(words("document.generated", moment=moment))
        for block in document.blocks:
            match block:
                case Heading(_, text) | Note(_, text):
                    lines += ["", text]
                case Text(paragraphs):
                    lines += paragraphs
                case Provenance(rows):
                    lines += [f"{name}: {value}" for name, value in rows]
                case _:  # a table, or a chart with its table
                    table = getattr(block, "table", block)
                    written = written_table(table, words, explain=table is explaining)
                    lines += [written.caption, " | ".join(written.columns)]
                    lines += [" | ".join(cell.with_marks for cell in row) for row in written.rows]
                    lines += [f"[{letter}] {text}" for letter, text in written.footnotes]
                    lines += written.notes
        return ("\n".join(lines) + "\n").encode()
