from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from attrs import evolve

from osallisuus.exporters.html import HtmlExporter
from osallisuus.reports.document import Document, Heading, Table, Text, clean_text
from tests.exporters.strings import MARKUP
from tests.reports.sample import count, document, hidden, hostile, undefined


class Page(HTMLParser):
    """Every tag with its attributes, and every text outside the style sheet."""

    def __init__(self, source: bytes) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.closed: list[str] = []
        self.feed(source.decode())
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        self.closed.append(tag)

    def handle_data(self, data):
        self.texts.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self.tags]


@pytest.fixture(scope="module")
def page() -> Page:
    return Page(HtmlExporter().render(document("fi")))


@pytest.mark.parametrize("text", MARKUP)
def test_hostile_text_in_any_slot_makes_no_element_and_no_attribute(text):
    made, harmless = (Page(HtmlExporter().render(hostile(slot))) for slot in (text, "x"))
    assert sorted(set(made.names) - {"br"}) == sorted(set(harmless.names))
    attributes = {name for _, found in made.tags for name in found}
    assert attributes <= {name for _, found in harmless.tags for name in found}
    assert "script" not in made.names


@pytest.mark.parametrize("text", MARKUP)
def test_hostile_text_is_shown_literally(text):
    made = Page(HtmlExporter().render(hostile(text)))
    assert made.texts.count(clean_text(text)) >= 12


def test_the_page_says_its_language_and_has_one_title_and_one_first_heading(page):
    assert page.all("html") == [{"lang": "fi"}]
    assert page.names.count("title") >= 1
    assert page.names.count("h1") == 1


def test_the_page_has_landmarks_and_a_skip_link_that_comes_first(page):
    for landmark in ("header", "main", "footer", "nav"):
        assert page.names.count(landmark) == 1
    body = page.names.index("body")
    assert page.tags[body + 1] == ("a", {"class": "skip", "href": "#content"})
    assert page.all("main") == [{"id": "content"}]


def test_headings_never_skip_a_level(page):
    levels = [int(name[1]) for name in page.names if re.fullmatch(r"h\d", name)]
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_every_table_has_a_caption_and_heads_for_its_columns_and_rows(page):
    assert page.names.count("table") == page.names.count("caption") == 6
    assert all(head.get("scope") in {"col", "row"} for head in page.all("th"))
    assert {"col", "row"} == {head.get("scope") for head in page.all("th")}


def test_every_id_is_there_once_and_every_reference_has_its_id(page):
    ids = [found["id"] for _, found in page.tags if "id" in found]
    references = [
        name for _, found in page.tags for name in (found.get("aria-labelledby") or "").split()
    ] + [(found.get("href") or "#")[1:] for found in page.all("a")]
    assert len(ids) == len(set(ids))
    assert set(references) <= set(ids)


def test_every_chart_has_its_figures_as_a_table_below(page):
    assert page.names.count("svg") == page.names.count("figure") == 4
    inside = page.names[page.names.index("figure") :]
    assert inside.index("svg") < inside.index("table")


def test_the_page_forbids_scripts_and_fetches_and_needs_none(page):
    policy = next(found for found in page.all("meta") if "http-equiv" in found)
    assert policy["http-equiv"] == "Content-Security-Policy"
    for rule in ("default-src 'none'", "base-uri 'none'", "form-action 'none'"):
        assert rule in (policy["content"] or "")
    assert not {"script", "link", "img", "iframe", "object", "form"} & set(page.names)


def test_no_address_of_any_kind_is_in_the_page():
    source = HtmlExporter().render(document("en", internal=True)).decode()
    assert "://" not in source
    assert "url(" not in source
    assert not re.search(r"(src|srcset|action|poster)\s*=", source)
    assert not re.search(r'href="[^#]', source)


def test_a_hidden_cell_is_a_mark_with_a_word_for_those_who_listen():
    table = Table("t", ("a",), ((count("x", 3),), (hidden("x"),)))
    source = HtmlExporter().render(Document(title="", locale="en", blocks=(table,))).decode()
    assert '<span aria-hidden="true" title="hidden">··</span>' in source
    assert '<span class="unseen">hidden</span>' in source


def test_an_undefined_cell_leads_to_its_reason_by_a_letter():
    table = Table("t", ("a", "b"), (("x", undefined("x", "no_cases")),))
    source = HtmlExporter().render(Document(title="", locale="en", blocks=(table,))).decode()
    assert "<sup>a</sup></td>" in source
    assert "<sup>a</sup> There are no cases to count." in source


def test_a_report_with_few_sections_has_no_list_of_contents():
    blocks = (Heading(1, "a"), Heading(1, "b"))
    assert (
        "<nav" not in HtmlExporter().render(Document(title="", locale="fi", blocks=blocks)).decode()
    )


def test_a_released_page_has_no_stamp_and_an_internal_one_has_it_before_the_title():
    released = HtmlExporter().render(document("fi")).decode()
    internal = HtmlExporter().render(document("fi", internal=True)).decode()
    assert 'class="stamp"' not in released
    assert internal.index("SISÄINEN") < internal.index("<h1")


def test_metadata_cannot_take_over_a_name_that_browsers_obey():
    report = evolve(document("fi"), metadata={"viewport": "x", "referrer": "unsafe-url"})
    names = [found.get("name") for found in Page(HtmlExporter().render(report)).all("meta")]
    assert names.count("viewport") == names.count("referrer") == 1
    assert "osallisuus:viewport" in names


def test_lines_that_begin_with_a_dot_are_a_list_between_the_others():
    blocks = (Text(("before", "• a\nb", "• <b>", "after")),)
    source = HtmlExporter().render(Document(title="", locale="fi", blocks=blocks)).decode()
    assert (
        '<p>before</p><ul class="listed"><li>a<br>b</li><li>&lt;b&gt;</li></ul><p>after</p>'
        in source
    )


def test_a_report_of_one_page_is_set_closer_and_others_are_not():
    one = evolve(document("fi"), metadata={"pages": "one"})
    assert b'<main id="content" class="brief">' in HtmlExporter().render(one)
    assert b"<body>" in HtmlExporter().render(document("fi"))


def test_line_breaks_of_a_text_stay():
    report = Document(title="", locale="fi", blocks=(Text(("a\nb",)),))
    assert "<p>a<br>b</p>" in HtmlExporter().render(report).decode()


@pytest.mark.parametrize(
    ("text", "together"),
    [
        ("from 7–19 % of them", ["7–19 %"]),
        (
            "1\u00a0234,5–2\u00a0345,5\u00a0% and −3 – +4",
            ["1\u00a0234,5–2\u00a0345,5\u00a0%", "−3 – +4"],
        ),
        ("first line 1–2\n3–4 last", ["1–2", "3–4"]),
        ("the years–long way, p-1–x and 7 % – a share", []),
    ],
)
def test_a_range_stays_on_one_line(text, together):
    """In a paragraph, a remark below a table and a cell of words; all else reads as before."""
    table = Table("c", ("a", "b"), (("x", text), ("y", "words")), notes=(text,))
    made = Document(title="t", locale="en", blocks=(Text((text,)), table), internal=False)
    source = HtmlExporter().render(made)
    spans = re.findall(r'<span class="range">([^<]*)</span>', source.decode())
    assert spans == 3 * together
    said = "".join(Page(source).texts).replace("\n", "")
    assert said.count(text.replace("\n", "")) == 3
    assert ".range { white-space: nowrap; }" in source.decode()
