"""Plain text of at most 96 columns, or of fewer, for a terminal or an e-mail."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from typing import ClassVar, Final

from attrs import field

from osallisuus.reports.cells import WrittenTable
from osallisuus.reports.document import Document, Heading, Note, Provenance, Text
from osallisuus.reports.exporter import API_VERSION
from osallisuus.reports.writing import Piece, Stamp, Title, in_writing
from osallisuus.values import frozen

__all__ = ["TextExporter"]

_WIDTH: Final = 96
_NARROWEST: Final = 8
"""Signs of a column that is not cut down any further."""


def _at_most_a_page(width: int) -> int:
    return min(width, _WIDTH)


@frozen
class TextExporter:
    """Writes a document as UTF-8 text; a chart is its table, since nothing is drawn.

    *width* is that of a page in signs; one that is wider than a page is not used.
    """

    api_version: ClassVar[int] = API_VERSION
    name: ClassVar[str] = "text"
    suffix: ClassVar[str] = ".txt"
    media_type: ClassVar[str] = "text/plain; charset=utf-8"

    width: int = field(default=_WIDTH, converter=_at_most_a_page)

    def render(self, document: Document) -> bytes:
        """*document* as UTF-8 text ending in one line break."""
        page = _Page(self.width)
        parts = [part for piece in in_writing(document) for part in page.parts(piece)]
        return ("\n\n".join(parts) + "\n").encode()


@frozen
class _Page:
    """What fits into lines of *width* signs."""

    width: int

    def parts(self, piece: Piece) -> Iterator[str]:
        match piece:
            case Stamp(text):
                yield self.wrapped(f"*** {text} ***")
            case Title(text):
                yield self.underlined(text, "=")
            case Heading(level, text):
                yield self.underlined(text, "-") if level == 1 else self.wrapped(text)
            case Text(paragraphs):
                yield from map(self.wrapped, paragraphs)
            case Note(_, text):
                yield self.wrapped(text, "  | ")
            case WrittenTable():
                yield from self.table(piece)
            case Provenance(rows, title):
                yield self.wrapped(title)
                yield "\n".join(self.wrapped(f"{name}: {value}", "  ") for name, value in rows)

    def table(self, table: WrittenTable) -> Iterator[str]:
        """The caption, the grid and what stands below it."""
        yield self.wrapped(table.caption)
        if table.columns:
            yield self.grid(table)
        if table.below:
            yield "\n".join(map(self.wrapped, table.below))

    def grid(self, table: WrittenTable) -> str:
        # here, since its import costs more than the rest of the library
        from tabulate import tabulate

        rows = [[_one_line(cell.with_marks) for cell in row] for row in table.rows]
        heads = [_one_line(column) for column in table.columns]
        widths = self.column_widths([heads, *rows])
        if sum(widths) + 2 * (len(widths) - 1) > self.width:
            return self.listed(heads, rows)
        grid = tabulate(
            [[_fold(text, width) for text, width in zip(row, widths, strict=True)] for row in rows],
            headers=[_fold(text, width) for text, width in zip(heads, widths, strict=True)],
            tablefmt="simple",
            disable_numparse=True,
            colalign=["right" if numeric else "left" for numeric in table.numeric_columns]
            if rows
            else None,
        )
        return "\n".join(line.rstrip() for line in grid.splitlines())

    def listed(self, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
        """A table that does not fit as a grid: row by row, each cell after its column's name."""
        return "\n\n".join(
            "\n".join(
                self.wrapped(f"{head}: {text}" if head else text, "  " if number else "")
                for number, (head, text) in enumerate(zip(heads, row, strict=True))
                if text
            )
            for row in rows
        )

    def column_widths(self, rows: list[list[str]]) -> list[int]:
        """The natural widths, the widest cut down until the whole row fits."""
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        room = self.width - 2 * (len(widths) - 1)
        while sum(widths) > room and max(widths) > _NARROWEST:
            widths[widths.index(max(widths))] -= 1
        return widths

    def underlined(self, text: str, line: str) -> str:
        folded = self.wrapped(text)
        return f"{folded}\n{line * max(map(len, folded.split(chr(10))))}"

    def wrapped(self, text: str, indent: str = "") -> str:
        """*text* in lines of at most the page's width; its own line breaks stay."""
        lines = [
            textwrap.fill(line, self.width, initial_indent=indent, subsequent_indent=indent)
            for line in text.split("\n")
        ]
        return "\n".join(lines)


def _fold(text: str, width: int) -> str:
    return "\n".join(textwrap.wrap(text, max(width, 1))) if len(text) > width else text


def _one_line(text: str) -> str:
    return " ".join(text.split("\n"))
