"""A person's own copy as a document, so that it can be read, printed and carried like any report."""

from __future__ import annotations

from collections.abc import Iterator

from osallisuus.model.stated import Locale
from osallisuus.reports.document import Block, Document, Heading, Text
from osallisuus.rules.copy_told import Said, say_copy
from osallisuus.rules.copying import OwnCopy

__all__ = ["copy_document"]


def copy_document(copy: OwnCopy, *, locale: Locale = "en", version: str = "") -> Document:
    """All that is recorded of one person, for themselves (U11). It is theirs, so not internal."""
    title, *rest = say_copy(copy, locale=locale)
    return Document(
        title=title.lines[0],
        locale=locale,
        blocks=tuple(_blocks(rest)),
        internal=False,
        metadata={"report": "participant_copy", "version": version},
    )


def _blocks(said: list[Said]) -> Iterator[Block]:
    for one in said:
        if one.level:
            yield Heading(one.level - 1, one.lines[0])
        elif one.level is None:
            yield Text(tuple(f"• {line}" for line in one.lines))
        else:
            yield Text(one.lines)
