from __future__ import annotations

from attrs import evolve

from osallisuus.exporters.text import TextExporter
from osallisuus.reports.document import Chart, Document, Table
from tests.reports.sample import count, document, hidden, hostile, share


def text(report: Document) -> str:
    return TextExporter().render(report).decode()


def test_no_line_is_longer_than_a_screen_is_wide():
    for locale in ("fi", "sv", "en"):
        assert max(map(len, text(document(locale)).splitlines())) <= 96


def test_a_wide_table_is_folded_until_it_fits():
    cells = tuple("pitkä selitys " * 6 for _ in range(5))
    made = text(Document(title="x", locale="fi", blocks=(Table("t", ("Otsikko",) * 5, (cells,)),)))
    assert max(map(len, made.splitlines())) <= 96
    assert made.count("selitys") == 30


def test_numbers_stand_flush_right_under_their_head():
    rows = (
        ("Helsinki", count("a", 1234)),
        ("Lahti", count("a", 9)),
        ("Kotka", hidden("a", "count")),
    )
    made = text(Document(title="x", locale="en", blocks=(Table("t", ("Place", "Persons"), rows),)))
    lines = [line for line in made.splitlines() if line.startswith(("Place", "Hels", "Lah", "Kot"))]
    assert lines == [
        "Place       Persons",
        "Helsinki      1,234",
        "Lahti             9",
        "Kotka            ··",
    ]


def test_what_looks_like_a_number_in_a_label_is_not_reformatted():
    rows = (("1e3", "007"), ("0x1F", "1.50"))
    made = text(Document(title="x", locale="en", blocks=(Table("t", ("a", "b"), rows),)))
    assert all(word in made for row in rows for word in row)


def test_a_chart_is_its_table_under_its_title_and_no_words_for_a_picture():
    """Nothing is drawn here, so nobody needs to be told what a drawing shows."""
    whole = document("en")
    made = " ".join(text(whole).split())
    charts = [block for block in whole.blocks if isinstance(block, Chart)]
    assert charts
    for chart in charts:
        assert chart.title in made
        assert chart.description not in made
    (chart, *_) = charts
    table = evolve(chart.table, caption="The figures of the chart")
    alone = Document(title="", locale="en", blocks=(evolve(chart, title="Over time", table=table),))
    assert "Over time" in text(alone)
    assert "The figures of the chart" not in text(alone)
    assert "97%" in text(
        Document(title="", locale="en", blocks=(Table("t", ("",), ((share("a", 97, 100),),)),))
    )


def test_no_text_can_steer_the_terminal():
    made = text(hostile("\x1b]0;x\x07\x1b[2J\x9b31m"))
    assert not any((ord(char) < 32 and char != "\n") or 127 <= ord(char) < 160 for char in made)
