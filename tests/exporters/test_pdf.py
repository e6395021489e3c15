from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from io import BytesIO
from itertools import pairwise
from typing import NamedTuple
from urllib.request import OpenerDirector
from xml.etree.ElementTree import SubElement

import outloud
import pikepdf
import pytest
from attrs import evolve

from osallisuus.errors import PluginError
from osallisuus.exporters import pdf as exporter
from osallisuus.exporters.html_page import page_of
from osallisuus.exporters.json import JsonExporter
from osallisuus.exporters.pdf import PdfExporter
from osallisuus.reports.document import Document, Heading, Note, Table, Text
from osallisuus.words import Words
from tests.exporters.paper import in_order, pages, plain, structure
from tests.reports.sample import SECRET, count, document, hidden, hostile, share

LOCALES = ("en", "fi", "sv")
HOSTILE = (
    "<script>alert(1)</script>",
    "'); } @page { content: url(file:///etc/passwd) } /*",
    "</style><img src='file:///etc/passwd'>",
    "\\22 \\0a (]) >> endobj %%EOF",
    "= {{7*7}} &amp; &#60;",
)


@pytest.fixture(scope="module", params=LOCALES)
def report(request) -> tuple[Document, bytes]:
    """The sample report, internal, in each language, and its PDF."""
    made = document(request.param, internal=True)
    return made, PdfExporter().render(made)


def cells(made: Document) -> list[str]:
    """All that stands in the tables of the JSON of a report, cell by cell."""
    texts = []
    for block in json.loads(JsonExporter().render(made))["blocks"]:
        table = block.get("table", block)
        if "columns" in table:
            texts += table["columns"]
            texts += [cell["text"] for row in table["rows"] for cell in row]
    return texts


def opened(content: bytes) -> pikepdf.Pdf:
    return pikepdf.open(BytesIO(content))


class Tag(NamedTuple):
    """A structure element: its kind, its attributes of a table and what is said instead of it."""

    kind: str
    scope: str
    alternative: str
    spoken: str


def tags(content: bytes) -> list[Tag]:
    """Every structure element in reading order."""

    def below(element):
        kids = element.get("/K", [])
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
                scope = kid.get("/A", {}).get("/Scope", "")
                said = (kid.get(name, "") for name in ("/Alt", "/ActualText"))
                yield Tag(str(kid.S)[1:], str(scope)[1:], *map(str, said))
                yield from below(kid)

    with opened(content) as pdf:
        return list(below(pdf.Root.StructTreeRoot))


def test_its_figures_are_those_of_json_in_the_same_order(report):
    made, content = report
    expected = cells(made)
    assert len(expected) > 60
    assert in_order(expected, "\n".join(pages(content))) == []


def test_who_hears_it_hears_the_figures_of_json_in_the_same_order(report):
    """Only what is tagged is read aloud, and in the order of the tags."""
    made, content = report
    said = "".join(re.findall(r'^ *"(.*)"$', structure(content), re.MULTILINE))
    assert in_order(cells(made), said) == []


def test_a_checker_of_pdf_ua_finds_nothing(report, tmp_path):
    place = tmp_path / "report.pdf"
    place.write_bytes(report[1])
    found = outloud.check(str(place), layers=["conformance"])
    assert (found.error, found.errors, found.warnings) == (None, 0, 0)
    passed = [row for row in found.criteria["pdfua1"] if row["status"] == "pass"]
    assert len(passed) >= 13


def test_the_checker_finds_what_is_missing(tmp_path, monkeypatch):
    """Its verdict is worth something: without our additions it complains of heads and margins."""
    monkeypatch.setattr(exporter, "mend_tags", lambda pdf, words: None)
    place = tmp_path / "report.pdf"
    place.write_bytes(PdfExporter().render(document("en")))
    found = outloud.check(str(place), layers=["conformance"])
    assert found.errors > 0
    assert found.warnings > 0


def test_it_says_what_it_is_before_it_is_read(report):
    made, content = report
    with opened(content) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert pdf.Root.Lang == made.locale
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        assert pdf.docinfo.Title == made.title
        assert pdf.open_metadata()["pdfuaid:part"] == "1"
        assert pdf.open_metadata()["dc:title"] == made.title
        headings = [one.text for one in made.blocks if isinstance(one, Heading) and one.level == 1]
        with pdf.open_outline() as outline:
            (title,) = outline.root
            assert title.title == made.title
            assert [one.title for one in title.children] == headings


def test_each_head_says_whether_it_heads_a_column_or_a_row(report):
    scopes = [tag.scope for tag in tags(report[1]) if tag.kind == "TH"]
    assert set(scopes) == {"Column", "Row"}
    assert scopes.count("Column") == sum(len(table.columns) for table in report[0].tables)


def test_each_drawing_is_described_in_words(report):
    charts = [block for block in report[0].blocks if hasattr(block, "series")]
    said = [tag.alternative for tag in tags(report[1]) if tag.kind == "Figure"]
    assert len(said) == len(charts)
    for text, chart in zip(said, charts, strict=True):
        assert chart.title in text
        assert chart.description in text


def test_the_figures_of_each_drawing_have_a_caption_that_says_so(report):
    made, content = report
    charts = [block for block in made.blocks if hasattr(block, "series")]
    heard = [line.strip() for line in structure(content).splitlines()]
    caption = f'"{Words(made.locale)("chart.table")}"'
    assert heard.count(caption) == len(charts)
    places = [number for number, line in enumerate(heard) if line == caption]
    assert all("Caption" in heard[place - 2] for place in places)


def test_headings_leave_out_no_level(report):
    levels = [int(tag.kind[1]) for tag in tags(report[1]) if re.match(r"H\d", tag.kind)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))


def test_the_mark_of_a_missing_number_is_read_as_a_word(report):
    made, content = report
    words = Words(made.locale)
    spoken = [tag.spoken for tag in tags(content) if tag.spoken]
    assert spoken.count(words("mark.hidden_word")) == 4
    assert spoken.count(words("mark.undefined_word")) == 2
    assert len(spoken) == 6


def test_each_page_has_its_title_number_stamp_and_protection_and_none_is_read_twice(report):
    made, content = report
    words = Words(made.locale)
    found = pages(content)
    assert len(found) > 2
    for number, page in enumerate(found, start=1):
        for text in (made.title, words("document.internal"), made.profile_note):
            assert plain(text) in plain(page)
        assert f"{number}/{len(found)}" in page
    heard = structure(content)
    assert heard.count(made.profile_note) == 1
    assert heard.count(words("document.internal")) == 1
    assert f"1/{len(found)}" not in heard


def test_a_released_report_has_no_stamp():
    content = PdfExporter().render(document("en"))
    assert "INTERNAL" not in "".join(pages(content))


def test_a_long_table_says_its_heads_on_each_page_and_a_short_one_stays_whole():
    rows = tuple((f"row {number}", count("a", 1000 + number)) for number in range(80))
    filler = tuple(Text(("filling " * 80,)) for _ in range(2))
    short = Table("Short", ("Kind", "Sum"), rows[:6])
    made = Document(
        title="x", locale="en", blocks=(Table("Long", ("Place", "Number"), rows), *filler, short)
    )
    found = pages(PdfExporter().render(made))
    assert len(found) >= 3
    assert sum("Place Number" in page for page in found if "row 5" in page or "row 7" in page) >= 2
    (whole,) = [page for page in found if "Kind Sum" in page]
    assert all(f"row {number} 1,00{number}" in whole.replace(" ", " ") for number in range(6))


def test_what_folds_on_a_screen_is_open_on_paper():
    text = "".join(pages(PdfExporter().render(document("fi"))))
    assert "Osuuden Wilsonin väli" in text
    assert "4f1c9a0b7d2e6835" in text


def test_equal_reports_give_equal_bytes_in_other_processes_with_other_clocks(tmp_path):
    """Neither the clock nor the environment that others read their date from has a say."""
    program = (
        "import hashlib, sys; from tests.reports.sample import document;"
        "from osallisuus.exporters.pdf import PdfExporter;"
        "print(hashlib.sha256(PdfExporter().render(document('sv'))).hexdigest())"
    )
    path = os.pathsep.join([".", *sys.path])
    answers = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={"PYTHONHASHSEED": seed, "SOURCE_DATE_EPOCH": epoch, "TZ": zone}
            | {"PYTHONPATH": path, "PATH": os.environ["PATH"], "HOME": str(tmp_path)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed, epoch, zone in (("1", "0", "UTC"), ("2", "1700000000", "Pacific/Apia"))
    }
    assert len(answers) == 1


def test_the_time_of_making_stands_in_the_file_only_when_it_is_given():
    made = Document(title="x", locale="en", blocks=())
    with opened(PdfExporter().render(made)) as pdf:
        assert "/CreationDate" not in pdf.docinfo
        assert "/ID" not in pdf.trailer
    timed = evolve(made, generated=datetime(2025, 3, 3, 9, 5, tzinfo=UTC))
    with opened(PdfExporter().render(timed)) as pdf:
        assert str(pdf.docinfo.CreationDate).startswith("D:20250303090500")


def test_no_digit_of_a_hidden_number_is_in_any_text_or_object():
    content = PdfExporter().render(document("fi"))
    assert str(SECRET) not in plain("".join(pages(content)))
    with opened(content) as pdf:
        whole = b"".join(
            one.read_bytes() if isinstance(one, pikepdf.Stream) else one.unparse(resolved=True)
            for one in pdf.objects
            if isinstance(one, pikepdf.Stream | pikepdf.Dictionary | pikepdf.Array)
        )
    texts = re.findall(rb"/(?:Alt|ActualText|Title) ?(\([^)]*\)|<[0-9a-fA-F]*>)", whole)
    assert texts
    assert not any(str(SECRET).encode() in text for text in texts)


def test_the_file_does_not_depend_on_what_is_hidden():
    def made(number: int) -> bytes:
        secret = evolve(hidden("b"), value=number, low=number / 2, k=number, n=number)
        table = Table("t", ("", ""), (("a", share("a", 28, 41)), ("b", secret)))
        return PdfExporter().render(Document(title="x", locale="en", blocks=(table,)))

    assert made(1) == made(987_654)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_literally_and_changes_no_other_page_matter(text):
    content = PdfExporter().render(hostile(text))
    found = "".join(pages(content))
    assert plain(found).count(plain(text)) >= 10
    with opened(content) as pdf:
        assert not {"/JavaScript", "/EmbeddedFiles"} & set(pdf.Root.get("/Names", {}).keys())
        assert "/OpenAction" not in pdf.Root
        assert "root:" not in found


def test_a_word_without_an_end_stays_on_its_page_and_in_its_table():
    word = "lastensuojelu" * 25
    table = Table(word, (word, "n"), ((word, count("a", 4321)),), (word,))
    made = Document(
        title=word,
        locale="fi",
        profile_note=word,
        blocks=(Heading(1, word), Note("info", word), table),
    )
    content = PdfExporter().render(made)
    found = plain("".join(pages(content)))
    assert found.count(word) >= 6
    assert "4321" in found


@pytest.mark.parametrize("text", ["\ud800\x00\x1b[31m\u202e\r\nx", "👩‍👩‍👧 漢字 مرحبا", ""])
def test_text_that_the_font_does_not_have_does_not_stop_the_report(text):
    assert pages(PdfExporter().render(hostile(text)))


def test_an_empty_report_and_an_empty_table_can_be_written():
    PdfExporter().render(Document(title="", locale="fi", blocks=()))
    tables = (Table("", (), ()), Table("t", ("a",), ()))
    PdfExporter().render(Document(title="x", locale="fi", blocks=tables))


@pytest.mark.parametrize("address", ["file:///etc/hostname", "https://x.example/x.png", "x.png"])
def test_nothing_is_fetched_even_if_an_address_slipped_into_the_page(address, monkeypatch):
    """A second wall: our page has no address, and the PDF's maker may not follow any."""
    fetched = []

    def with_picture(made):
        root = page_of(made)
        SubElement(root.find("body"), "img", {"src": address, "alt": "x"})
        return root

    monkeypatch.setattr(exporter, "page_of", with_picture)
    monkeypatch.setattr(OpenerDirector, "open", lambda *asked, **_: fetched.append(asked))
    content = PdfExporter().render(Document(title="x", locale="en", blocks=()))
    assert fetched == []
    with opened(content) as pdf:
        assert not any(page.get_images() for page in pdf.pages)


def test_without_pango_the_error_names_the_packages_that_bring_it(monkeypatch):
    def broken(module, extra):
        raise OSError("cannot load library 'libpango-1.0-0'")

    monkeypatch.setattr(exporter, "library", broken)
    with pytest.raises(PluginError) as found:
        PdfExporter().render(Document(title="x", locale="en", blocks=()))
    assert "apt-get install libpango-1.0-0 libpangoft2-1.0-0" in str(found.value)


def test_without_the_extra_the_error_names_the_command(monkeypatch):
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    with pytest.raises(PluginError, match=r"pip install 'osallisuus\[pdf\]'"):
        PdfExporter().render(Document(title="x", locale="en", blocks=()))
