from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from osallisuus.exporters.markdown import MarkdownExporter, escape
from osallisuus.reports.document import Chart, Document, Heading, Provenance, Table, clean_text
from tests.reports.sample import document, hostile

markdown_it = pytest.importorskip("markdown_it", reason="reads Markdown as strangers do")

HOSTILE = (
    "a|b",
    "<script>alert(1)</script>",
    "<!-- x -->",
    "[x](javascript:alert(1))",
    "![x](data:x)",
    "**x** _y_ ~~z~~ `w`",
    "# x",
    "- x",
    "+ x",
    "* x",
    "1. x",
    "12) x",
    "> x",
    "---",
    "===",
    "a\n\n# b",
    "&lt;b&gt; &amp;",
    "back\\slash \\| pipe",
    "https://x.example www.x.example a@x.example",
    "<https://x.example>",
    "    code",
    "```\ncode",
    "[^1]: x",
    "[x]: y",
    "| --- |",
)


def tokens(text: str) -> Iterator[object]:
    parser = markdown_it.MarkdownIt("commonmark").enable(["table", "strikethrough"])
    for token in parser.parse(text):
        yield token
        yield from token.children or ()


def plain(text: str) -> str:
    return "".join(token.content for token in tokens(text) if token.type == "text")


@pytest.mark.parametrize("text", HOSTILE)
def test_an_escaped_text_is_shown_literally(text):
    assert plain(escape(text)) == " ".join(text.split("\n")).strip()


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("17.3.2024 alkaen", "17.3.2024 alkaen"),
        ("12.5 %", "12.5 %"),
        ("1. x", "1\\. x"),
        ("12) x", "12\\) x"),
        ("4.", "4\\."),
        ("5-8", "5-8"),
        ("- x", "\\- x"),
    ],
)
def test_a_number_is_escaped_only_where_it_would_begin_a_list(text, written):
    assert escape(text) == written


def test_what_stands_in_the_middle_of_a_line_is_left_readable():
    """In a cell, a heading or after a name, "1. x" begins no list."""
    blocks = (
        Heading(1, "1. x"),
        Table("t", ("2. x",), (("3. x",),)),
        Provenance((("4. x", "5. x"),), "t"),
    )
    made = MarkdownExporter().render(Document(title="6. x", locale="en", blocks=blocks)).decode()
    assert "## 1. x" in made
    assert "| 2. x |" in made
    assert "| 3. x |" in made
    assert "- 4\\. x: 5. x" in made
    assert not {"ordered_list_open"} & {token.type for token in tokens(made)}


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_in_any_slot_brings_no_markup_of_its_own(text):
    kinds = {token.type for token in tokens(MarkdownExporter().render(hostile(text)).decode())}
    harmless = {token.type for token in tokens(MarkdownExporter().render(hostile("x")).decode())}
    assert kinds <= harmless
    assert not kinds & {"html_inline", "html_block", "link_open", "image", "code_block", "fence"}


@pytest.mark.parametrize("text", HOSTILE)
def test_a_table_keeps_its_shape_whatever_stands_in_it(text):
    table = Table("t", ("a", text, "c"), ((text, text, text), ("x", "y", "z")))
    made = MarkdownExporter().render(Document(title="x", locale="en", blocks=(table,))).decode()
    kinds = [token.type for token in tokens(made)]
    assert (kinds.count("th_open"), kinds.count("td_open")) == (3, 6)


@given(st.text())
def test_escaping_never_loses_a_letter_or_adds_a_line(text):
    made = escape(clean_text(text))
    assert "\n" not in made
    letters = [char for char in text if char.isalpha()]
    assert [char for char in made if char.isalpha()] == letters


def test_headings_stand_below_the_title_of_the_report():
    made = MarkdownExporter().render(document("fi")).decode()
    levels = [token.tag for token in tokens(made) if getattr(token, "type", "") == "heading_open"]
    assert levels.count("h1") == 1
    assert set(levels) == {"h1", "h2", "h3"}


def test_number_columns_are_flush_right():
    assert "| --- | ---: | ---: |" in MarkdownExporter().render(document("fi")).decode()


def test_a_chart_is_its_table_and_no_words_for_a_picture():
    """Nothing is drawn here either."""
    whole = document("en")
    made = MarkdownExporter().render(whole).decode()
    charts = [block for block in whole.blocks if isinstance(block, Chart)]
    assert charts
    for chart in charts:
        assert f"**{escape(chart.title)}**" in made
        assert escape(chart.description) not in made
