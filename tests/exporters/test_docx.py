from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from io import BytesIO
from zipfile import ZipFile

import docx
import pytest
from attrs import evolve
from docx.oxml.ns import qn

from osallisuus.errors import PluginError
from osallisuus.exporters.docx import DocxExporter
from osallisuus.reports.document import (
    Chart,
    Document,
    Heading,
    Note,
    Provenance,
    Series,
    Shown,
    Table,
    Text,
)
from osallisuus.words import Words
from tests.exporters.paper import in_order, pages, plain, printed
from tests.exporters.test_pdf import HOSTILE, LOCALES, cells
from tests.reports.sample import SECRET, count, document, hidden, hostile, share


@pytest.fixture(scope="module", params=LOCALES)
def report(request) -> tuple[Document, bytes]:
    """The sample report, internal, in each language, and its Word file."""
    made = document(request.param, internal=True)
    return made, DocxExporter().render(made)


def opened(content: bytes):
    return docx.Document(BytesIO(content))


def parts(content: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(content)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def styled(file, style: str) -> list[str]:
    return [one.text for one in file.paragraphs if one.style.name == style]


def marked(cell: str, marks: str = "abcd") -> str:
    """A cell without the letters of its footnotes, which follow a sign and never a letter."""
    kept = cell.rstrip(marks)
    return kept if kept.endswith((")", "–", "%")) else cell


def test_its_tables_have_the_figures_of_json_cell_by_cell(report):
    made, content = report
    shown = [
        cell.text for table in opened(content).tables for row in table.rows for cell in row.cells
    ]
    assert len(shown) > 60
    assert [marked(cell) for cell in shown] == cells(made)


def test_a_word_processor_prints_the_figures_of_json_in_the_same_order(report, tmp_path):
    made, content = report
    found = pages(printed(content, ".docx", tmp_path))
    assert in_order(cells(made), "\n".join(found)) == []
    words = Words(made.locale)
    for number, page in enumerate(found, start=1):
        for text in (made.title, words("document.internal"), made.profile_note):
            assert plain(text) in plain(page)
        assert f"{number}/{len(found)}" in page


def test_titles_and_captions_are_styles(report):
    made, content = report
    file = opened(content)
    assert styled(file, "Title") == [made.title]
    for level in (1, 2):
        headings = [
            one.text for one in made.blocks if isinstance(one, Heading) and one.level == level
        ]
        assert headings
        assert styled(file, f"Heading {level}") == headings
    expected = []
    words = Words(made.locale)
    for block in made.blocks:
        match block:
            case Table():
                expected.append(block.caption)
            case Chart():
                expected += [block.title, words("chart.table")]
            case Provenance():
                expected.append(block.title or words("provenance.title"))
    assert styled(file, "Caption") == expected


def test_texts_and_notes_are_there(report):
    made, content = report
    file = opened(content)
    texts = [text for block in made.blocks if isinstance(block, Text) for text in block.paragraphs]
    assert styled(file, "Normal") == texts
    notes = [block.text for block in made.blocks if isinstance(block, Note)]
    assert styled(file, "Warning") == notes


def test_each_table_has_a_name_and_a_head_that_is_repeated(report):
    made, content = report
    tables = opened(content).tables
    assert len(tables) == len(list(made.tables))
    for table in tables:
        first, *others = [row._tr for row in table.rows]
        assert first.findall(f".//{qn('w:tblHeader')}")
        assert not any(row.findall(f".//{qn('w:tblHeader')}") for row in others)
        (name,) = table._tbl.tblPr.findall(qn("w:tblCaption"))
        assert name.get(qn("w:val"))
        assert [cell.paragraphs[0].style.name for cell in table.rows[0].cells] == ["Head"] * len(
            table.columns
        )


def test_each_drawing_is_a_picture_that_is_described_in_words(report):
    made, content = report
    charts = [block for block in made.blocks if isinstance(block, Chart)]
    shapes = opened(content).inline_shapes
    assert len(shapes) == len(charts)
    for shape, chart in zip(shapes, charts, strict=True):
        assert shape._inline.docPr.get("title") == chart.title
        assert shape._inline.docPr.get("descr") == chart.description
    pictures = [part for name, part in parts(content).items() if name.endswith(".png")]
    assert len(pictures) == len(charts)
    assert all(len(picture) > 8_000 for picture in pictures)


def test_the_language_is_set_for_every_style_and_the_title_for_the_file(report):
    made, content = report
    language = {"fi": "fi-FI", "sv": "sv-FI", "en": "en-GB"}[made.locale]
    file = opened(content)
    (default,) = file.styles.element.iter(qn("w:lang"))
    assert default.get(qn("w:val")) == language
    assert file.core_properties.language == language
    assert file.core_properties.title == made.title
    assert file.core_properties.author == ""
    assert file.core_properties.comments == ""


def test_what_we_add_stands_in_the_order_that_word_insists_on(report):
    """ISO/IEC 29500-1, 17.3.1.26 and 17.4.60: both are sequences."""
    file = opened(report[1])
    orders = {
        "tblPr": "tblStyle tblW jc tblInd tblBorders tblLayout tblLook tblCaption".split(),
        "pPr": (
            "pStyle keepNext keepLines pBdr shd tabs spacing ind contextualSpacing jc outlineLvl"
        ).split(),
    }
    for part in (file.element, file.styles.element):
        for name, order in orders.items():
            for one in part.iter(qn(f"w:{name}")):
                children = [child.tag.rpartition("}")[2] for child in one]
                known = [child for child in children if child in order]
                assert known == sorted(set(known), key=order.index)


def test_pages_are_a4(report):
    (section,) = opened(report[1]).sections
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)


def test_a_released_report_has_no_stamp():
    assert b"INTERNAL" not in b"".join(parts(DocxExporter().render(document("en"))).values())


def test_equal_reports_give_equal_bytes_in_other_processes_with_other_clocks(tmp_path):
    program = (
        "import hashlib; from tests.reports.sample import document;"
        "from osallisuus.exporters.docx import DocxExporter;"
        "print(hashlib.sha256(DocxExporter().render(document('sv'))).hexdigest())"
    )
    answers = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={"PYTHONHASHSEED": seed, "TZ": zone, "HOME": str(tmp_path)}
            | {"PYTHONPATH": os.pathsep.join([".", *sys.path])},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed, zone in (("1", "UTC"), ("2", "Pacific/Apia"))
    }
    assert len(answers) == 1


def test_no_part_carries_a_date_of_its_own():
    content = DocxExporter().render(document("fi"))
    with ZipFile(BytesIO(content)) as packed:
        assert {one.date_time for one in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    known = opened(content).core_properties
    assert known.created is None
    assert known.modified is None
    timed = evolve(document("fi"), generated=datetime(2025, 3, 3, 9, 5, tzinfo=UTC))
    assert opened(DocxExporter().render(timed)).core_properties.created.isoformat() == (
        "2025-03-03T09:05:00+00:00"
    )


def test_no_digit_of_a_hidden_number_is_in_any_part():
    for part in parts(DocxExporter().render(document("fi"))).values():
        assert str(SECRET).encode() not in part


def test_the_file_does_not_depend_on_what_is_hidden():
    def made(number: int) -> bytes:
        secret = evolve(hidden("b"), value=number, low=number / 2, k=number, n=number)
        rows = (("a", share("a", 28, 41)), ("b", secret), ("b", Shown(secret, "cases")))
        table = Table("t", ("", ""), rows)
        bars = (Series("a", (share("a", 28, 41),)), Series("b", (secret,)))
        blocks = (table, Chart("bars", "c", "d", bars, table))
        return DocxExporter().render(Document(title="x", locale="en", blocks=blocks))

    assert made(1) == made(987_654)


@pytest.mark.parametrize("text", [*HOSTILE, 'PAGE \\* "x"', "{ HYPERLINK x }", "<w:p/>]]>"])
def test_hostile_text_is_shown_literally_and_makes_no_element(text):
    def names(content: bytes) -> set[str]:
        file = opened(content)
        parts = (file.element, file.sections[0].header._element, file.sections[0].footer._element)
        return {one.tag for part in parts for one in part.iter()}

    def fields(content: bytes) -> list[str]:
        footer = opened(content).sections[0].footer._element
        return [one.get(qn("w:instr")) for one in footer.iter(qn("w:fldSimple"))]

    made, harmless = (DocxExporter().render(hostile(slot)) for slot in (text, "x"))
    assert names(made) <= names(harmless)
    assert fields(made) == ["PAGE", "NUMPAGES"]
    file = opened(made)
    shown = [one.text for one in file.paragraphs]
    shown += [cell.text for table in file.tables for row in table.rows for cell in row.cells]
    assert sum(text in one for one in shown) >= 12
    assert not [name for name in parts(made) if "external" in name.lower()]
    assert b'TargetMode="External"' not in b"".join(
        part for name, part in parts(made).items() if name.endswith(".rels")
    )


def test_a_word_without_an_end_stays_on_its_page(tmp_path):
    word = "lastensuojelu" * 25
    table = Table(word, (word, "n"), ((word, count("a", 4321)),), (word,))
    blocks = (Heading(1, word), Note("info", word), table)
    made = Document(title=word, locale="fi", profile_note=word, blocks=blocks)
    found = plain("".join(pages(printed(DocxExporter().render(made), ".docx", tmp_path))))
    assert found.count(word) >= 6
    assert "4321" in found


@pytest.mark.parametrize(
    "text", ["\ud800\x00\x1b[31m\u202e\r\nx\ty", "👩‍👩‍👧 漢字 مرحبا", "", "x" * 400]
)
def test_text_that_cannot_be_shown_does_not_stop_the_report(text):
    opened(DocxExporter().render(hostile(text)))


def test_an_empty_report_and_an_empty_table_can_be_written():
    DocxExporter().render(Document(title="", locale="fi", blocks=()))
    tables = (Table("", (), ()), Table("t", ("a",), ()))
    DocxExporter().render(Document(title="x", locale="fi", blocks=tables))


@pytest.mark.parametrize("module", ["docx", "resvg_py"])
def test_without_the_extra_the_error_names_the_command(module, monkeypatch):
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(PluginError, match=r"pip install 'osallisuus\[docx\]'"):
        DocxExporter().render(document("en"))
