"""Plain text of at most 96 columns, or of fewer, for a terminal or an e-mail."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from typing import ClassVar, Final

from attrs import evolve, field

from osallisuus.reports.cells import WrittenTable, explaining_table, written_table
from osallisuus.reports.document import (
    Block,
    Chart,
    Document,
    Heading,
    Note,
    Provenance,
    Table,
    Text,
)
from osallisuus.reports.exporter import API_VERSION
from osallisuus.values import frozen
from osallisuus.words import Words

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
        words = Words(document.locale)
        page = _Page(self.width)
        explaining = explaining_table(document)
        parts = list(page.head(document, words))
        for block in document.blocks:
            parts += page.block(block, words, explaining)
        parts.append(page.wrapped(words("document.made_with")))
        return ("\n\n".join(parts) + "\n").encode()


@frozen
class _Page:
    """What fits into lines of *width* signs."""

    width: int

    def head(self, document: Document, words: Words) -> Iterator[str]:
        if document.internal:
            yield self.wrapped(f"*** {words('document.internal')} ***")
        yield self.underlined(document.title, "=")
        if document.profile_note:
            yield self.wrapped(document.profile_note)
        if document.generated is not None:
            moment = words.locale.moment(document.generated)
            yield self.wrapped(words("document.generated", moment=moment))

    def block(self, block: Block, words: Words, explaining: Table | None) -> Iterator[str]:
        match block:
            case Heading(level, text):
                yield self.underlined(text, "-") if level == 1 else self.wrapped(text)
            case Text(paragraphs):
                yield from map(self.wrapped, paragraphs)
            case Note(_, text):
                yield self.wrapped(text, "  | ")
            case Table():
                yield from self.table(written_table(block, words, explain=block is explaining))
            case Chart(_, title, _, _, table):
                # what a drawing shows is said for those who cannot see it; here nobody sees one
                written = written_table(table, words, explain=table is explaining)
                yield from self.table(evolve(written, caption=title))
            case Provenance(rows, title):
                yield self.wrapped(title or words("provenance.title"))
                yield "\n".join(self.wrapped(f"{name}: {value}", "  ") for name, value in rows)

    def table(self, table: WrittenTable) -> Iterator[str]:
        """The caption, the grid and what stands below it."""
        yield self.wrapped(table.caption)
        if table.columns:
            yield self.grid(table)
        below = [self.wrapped(f"[{letter}] {text}") for letter, text in table.footnotes]
        below += [self.wrapped(note) for note in table.notes]
        if below:
            yield "\n".join(below)

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
