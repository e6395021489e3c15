"""Plain text of at most 96 columns, for a terminal or an e-mail."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import ClassVar, Final

from attrs import evolve

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
from osallisuus.words import Words

__all__ = ["TextExporter"]

_WIDTH: Final = 96
_NARROWEST: Final = 8


class TextExporter:
    """Writes a document as UTF-8 text; a chart is its table, since nothing is drawn."""

    api_version: ClassVar[int] = API_VERSION
    name: ClassVar[str] = "text"
    suffix: ClassVar[str] = ".txt"
    media_type: ClassVar[str] = "text/plain; charset=utf-8"

    def render(self, document: Document) -> bytes:
        """*document* as UTF-8 text ending in one line break."""
        words = Words(document.locale)
        explaining = explaining_table(document)
        parts = list(_head(document, words))
        for block in document.blocks:
            parts += _block(block, words, explaining)
        parts.append(words("document.made_with"))
        return ("\n\n".join(parts) + "\n").encode()


def _head(document: Document, words: Words) -> Iterator[str]:
    if document.internal:
        yield f"*** {words('document.internal')} ***"
    yield _underlined(document.title, "=")
    if document.profile_note:
        yield _wrapped(document.profile_note)
    if document.generated is not None:
        yield words("document.generated", moment=words.locale.moment(document.generated))


def _block(block: Block, words: Words, explaining: Table | None) -> Iterator[str]:
    match block:
        case Heading(level, text):
            yield _underlined(text, "-") if level == 1 else _wrapped(text)
        case Text(paragraphs):
            yield from map(_wrapped, paragraphs)
        case Note(_, text):
            yield _wrapped(text, "  | ")
        case Table():
            yield from _table(written_table(block, words, explain=block is explaining))
        case Chart(_, title, _, _, table):
            # what a drawing shows is said for those who cannot see it; here nobody sees one
            written = written_table(table, words, explain=table is explaining)
            yield from _table(evolve(written, caption=title))
        case Provenance(rows, title):
            yield _wrapped(title or words("provenance.title"))
            yield "\n".join(_wrapped(f"{name}: {value}", "  ") for name, value in rows)


def _table(table: WrittenTable) -> Iterator[str]:
    """The caption, the grid and what stands below it."""
    yield _wrapped(table.caption)
    if table.columns:
        yield _grid(table)
    below = [_wrapped(f"[{letter}] {text}") for letter, text in table.footnotes]
    below += [_wrapped(note) for note in table.notes]
    if below:
        yield "\n".join(below)


def _grid(table: WrittenTable) -> str:
    # here, since its import costs more than the rest of the library
    from tabulate import tabulate

    rows = [[_one_line(cell.with_marks) for cell in row] for row in table.rows]
    heads = [_one_line(column) for column in table.columns]
    widths = _column_widths([heads, *rows])
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


def _column_widths(rows: list[list[str]]) -> list[int]:
    """The natural widths, the widest cut down until the whole row fits."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    room = _WIDTH - 2 * (len(widths) - 1)
    while sum(widths) > room and max(widths) > _NARROWEST:
        widths[widths.index(max(widths))] -= 1
    return widths


def _fold(text: str, width: int) -> str:
    return "\n".join(textwrap.wrap(text, max(width, 1))) if len(text) > width else text


def _one_line(text: str) -> str:
    return " ".join(text.split("\n"))


def _underlined(text: str, line: str) -> str:
    folded = _wrapped(text)
    return f"{folded}\n{line * max(map(len, folded.split(chr(10))))}"


def _wrapped(text: str, indent: str = "") -> str:
    """*text* in lines of at most the page's width; its own line breaks stay."""
    lines = [
        textwrap.fill(line, _WIDTH, initial_indent=indent, subsequent_indent=indent)
        for line in text.split("\n")
    ]
    return "\n".join(lines)
