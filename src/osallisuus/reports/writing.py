"""A document in writing: for every output that draws nothing.

What each output owes its readers is settled here once: that a report is internal, under which
rules it was made and when, a chart as the table behind it, the explanation of the hidden mark, the
title of its sources, and who made it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from attrs import evolve

from osallisuus.reports.cells import WrittenTable, explaining_table, written_table
from osallisuus.reports.document import (
    Chart,
    Document,
    Heading,
    Note,
    Provenance,
    Table,
    Text,
)
from osallisuus.values import frozen
from osallisuus.words import Words

__all__ = ["Piece", "Stamp", "Title", "in_writing"]


@frozen
class Stamp:
    """That a report is not for everybody, said before anything else."""

    text: str


@frozen
class Title:
    """What the report is called."""

    text: str


Piece: TypeAlias = Stamp | Title | Heading | Text | Note | WrittenTable | Provenance
"""What is written at one place: all of it texts in the language of the document."""


def in_writing(document: Document) -> Iterator[Piece]:
    """The pieces of *document* in the order in which they are read; nothing is left to be added.

    An output writes each of them in its own way, escapes its texts, and has kept every duty of
    the port (:mod:`osallisuus.reports.exporter`). Who also draws goes through the blocks instead.
    """
    words = Words(document.locale)
    explaining = explaining_table(document)
    if document.internal:
        yield Stamp(words("document.internal"))
    yield Title(document.title)
    if document.profile_note:
        yield Text((document.profile_note,))
    if document.generated is not None:
        moment = words.locale.moment(document.generated)
        yield Text((words("document.generated", moment=moment),))
    for block in document.blocks:
        match block:
            case Table():
                yield written_table(block, words, explain=block is explaining)
            case Chart(_, title, _, _, table):
                # what a drawing shows is said for those who cannot see it; here nobody sees one
                written = written_table(table, words, explain=table is explaining)
                yield evolve(written, caption=title)
            case Provenance(title=title):
                yield evolve(block, title=title or words("provenance.title"))
            case _:
                yield block
    yield Text((words("document.made_with"),))
