"""A document in writing: every piece a reader is owed, in the order in which it is read."""

from __future__ import annotations

from datetime import UTC, datetime

from attrs import evolve

from osallisuus.metrics.figure import Figure
from osallisuus.reports.cells import WrittenTable
from osallisuus.reports.document import (
    Chart,
    Document,
    Heading,
    Note,
    Provenance,
    Series,
    Table,
    Text,
)
from osallisuus.reports.writing import Stamp, Title, in_writing
from tests.metrics.figures import ALL_CLOSED, HIDDEN


def counted(*figures: Figure) -> Table:
    return Table("Completed", ("Place", "Share"), [("Turku", one) for one in figures])


PAGE = Document(
    title="Verna",
    locale="en",
    blocks=(
        Heading(1, "Who took part"),
        Note("info", "A note."),
        counted(ALL_CLOSED),
        Chart("bars", "Places", "Bars by place.", (Series("Turku", (HIDDEN,)),), counted(HIDDEN)),
        Provenance((("As of", "1 January 2019"),)),
    ),
    internal=True,
    generated=datetime(2025, 3, 3, 9, 5, tzinfo=UTC),
)


def test_what_every_output_owes_its_readers_is_there():
    """The stamp before all, the moment of making, each chart as its table, who made it last."""
    pieces = list(in_writing(evolve(PAGE, profile_note="Rounded to 5.")))
    assert [type(piece).__name__ for piece in pieces] == [
        *("Stamp", "Title", "Text", "Text", "Heading", "Note"),
        *("WrittenTable", "WrittenTable", "Provenance", "Text"),
    ]
    assert pieces[:2] == [Stamp("INTERNAL – not for publication"), Title("Verna")]
    assert pieces[2] == Text(("Rounded to 5.",))
    assert pieces[3] == Text(("Made on 3 March 2025 09:05 UTC",))
    assert pieces[-2] == Provenance((("As of", "1 January 2019"),), "Where these figures come from")
    assert pieces[-1] == Text(("Made with osallisuus",))


def test_a_chart_is_its_table_under_the_title_of_the_chart():
    """And the hidden mark is explained below the first table that has one, not before."""
    shown, hidden = (piece for piece in in_writing(PAGE) if isinstance(piece, WrittenTable))
    assert (shown.caption, hidden.caption) == ("Completed", "Places")
    assert [cell.with_marks for cell in shown.rows[0]] == ["Turku", "68% (53–80%)"]
    assert hidden.rows[0][1].text == "··"
    assert shown.below == ()
    assert len(hidden.below) == 1
    assert hidden.below[0].startswith("·· =")


def test_a_released_document_has_no_stamp_and_no_moment_that_nobody_gave():
    plain = Document(title="Verna", locale="fi", blocks=(), internal=False)
    assert list(in_writing(plain)) == [
        Title("Verna"),
        Text(("Laadittu osallisuus-kirjastolla",)),
    ]
