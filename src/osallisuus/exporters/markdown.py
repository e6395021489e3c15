"""Markdown (CommonMark with tables), for wikis and repositories."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import ClassVar

from osallisuus.reports.cells import WrittenTable
from osallisuus.reports.document import Document, Heading, Note, Provenance, Text
from osallisuus.reports.exporter import API_VERSION
from osallisuus.reports.writing import Piece, Stamp, Title, in_writing

__all__ = ["MarkdownExporter", "escape"]

_SPECIAL = re.compile(r"[\\`*_{}\[\]<>#|~$&@^]")
_LINK = re.compile(r"(?i)(?<=[a-z]):(?=//)|(?<=\bwww)\.")
_LINE_START = re.compile(r"^(\d+(?=[.)](?:\s|$))|(?=[-+=]))")
"""Before what begins a list or underlines a heading: "- x", "===" and "1. x", but no day like "1.2.2025"."""


def escape(text: str) -> str:
    """*text* as one line that Markdown shows literally: no mark-up, no HTML, no link."""
    return _LINE_START.sub(r"\1\\", _inside(text))


def _inside(text: str) -> str:
    """The same where something stands before it on its line, so that it begins nothing."""
    line = " ".join(text.split("\n"))
    line = _SPECIAL.sub(lambda found: f"\\{found[0]}", line)
    return _LINK.sub(lambda found: f"\\{found[0]}", line).strip()


class MarkdownExporter:
    """Writes a document as Markdown; a chart is its table, since nothing is drawn."""

    api_version: ClassVar[int] = API_VERSION
    name: ClassVar[str] = "markdown"
    suffix: ClassVar[str] = ".md"
    media_type: ClassVar[str] = "text/markdown; charset=utf-8"

    def render(self, document: Document) -> bytes:
        """*document* as UTF-8 Markdown ending in one line break."""
        parts = [part for piece in in_writing(document) for part in _parts(piece)]
        return ("\n\n".join(parts) + "\n").encode()


def _parts(piece: Piece) -> Iterator[str]:
    match piece:
        case Stamp(text):
            yield f"> **{escape(text)}**"
        case Title(text):
            yield f"# {_inside(text)}"
        case Heading(level, text):
            yield f"{'#' * (level + 1)} {_inside(text)}"
        case Text(paragraphs):
            yield from map(escape, paragraphs)
        case Note(_, text):
            yield f"> {escape(text)}"
        case WrittenTable():
            yield from _table(piece)
        case Provenance(rows, title):
            yield f"**{escape(title)}**"
            yield "\n".join(f"- {escape(name)}: {_inside(value)}" for name, value in rows)


def _table(table: WrittenTable) -> Iterator[str]:
    yield f"**{escape(table.caption)}**"
    if table.columns:
        rule = ["---:" if numeric else "---" for numeric in table.numeric_columns]
        rows = [[_inside(cell.with_marks) for cell in row] for row in table.rows]
        lines = [[_inside(column) for column in table.columns], rule, *rows]
        yield "\n".join(map(_row, lines))
    yield from map(escape, table.below)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
