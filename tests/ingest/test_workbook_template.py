"""A template is written from a definition, filled in by anybody, and read back without a mapping."""

import io
import re
import zipfile
from datetime import date, time

import openpyxl
import pytest

from osallisuus import plugins
from osallisuus.ingest.mapped import read_mapped
from osallisuus.ingest.template import Told, template_of, template_workbook
from osallisuus.ingest.template_mapping import template_mapping
from osallisuus.ingest.template_shape import SHEETS, choices, said
from osallisuus.model.stated import LOCALES
from osallisuus.model.vocabulary import vocabulary
from osallisuus.register import program_named

PROGRAMS = sorted(plugins.find("programs"))


@pytest.fixture(params=PROGRAMS)
def program(request):
    return program_named(request.param)


@pytest.mark.parametrize("locale", LOCALES)
def test_an_empty_template_is_read_back_as_nothing(program, locale, tmp_path):
    """It says for which programme it is and in which language, and its mapping fits."""
    path = tmp_path / "t.xlsx"
    path.write_bytes(template_workbook(program, locale))
    assert template_of(path) == Told(program.name, locale)
    mapped = read_mapped(path, template_mapping(program, locale))
    assert (mapped.batch.problems, len(mapped.batch)) == ((), 0)
    assert sum(not sheet.ignored for sheet in mapped.sheets) == len(SHEETS)


def filled(path, program, locale):
    """The template with two people and a session, each list of choices used to its end."""
    book = openpyxl.load_workbook(io.BytesIO(template_workbook(program, locale)))

    def row(key, number, **cells):
        sheet = book[said("sheets", key, locale)]
        headings = [cell.value for cell in sheet[1]]
        for name, value in cells.items():
            sheet.cell(number, headings.index(said("columns", name, locale)) + 1, value)

    row("groups", 2, group="R1", place="Turku", starts_on=date(2020, 1, 7),
        ends_on=date(2020, 5, 31), capacity=12)  # fmt: skip
    endings = list(choices("enrollment_ending", program, locale))
    for number, ending in enumerate(endings, start=2):
        row("people", number, person=f"P{number}", registered_on=date(2020, 1, 1), group="R1",
            started_on="7.1.2020", ended_on=date(2020, 3, 1), ending=ending)  # fmt: skip
    for number, theme in enumerate(choices("theme", program, locale), start=2):
        row("sessions", number, session=f"R1-{number}", group="R1", day=date(2020, 1, 7),
            time=time(17, 0), minutes=120, held_theme=theme,
            session_status=vocabulary("session_status").label("held", locale))  # fmt: skip
    for number, mark in enumerate(choices("attendance_status", program, locale), start=2):
        row("attendance", number, session="R1-2", person=f"P{number}", attendance_status=mark)
    book.save(path)


@pytest.mark.parametrize("locale", LOCALES)
def test_a_template_that_was_filled_in_becomes_facts(program, locale, tmp_path):
    """Every choice of its lists is one code, in the reader's language."""
    path = tmp_path / "t.xlsx"
    filled(path, program, locale)
    told = template_of(path)
    assert told is not None
    rows = read_mapped(path, template_mapping(program, locale)).batch
    assert rows.problems == ()
    enrollments, sessions = rows.rows["enrollments"], rows.rows["sessions"]
    (group,) = rows.rows["groups"]
    assert group.ends_on == date(2020, 6, 1)  # the sheet asks for the last day
    assert [one.ending for one in enrollments] == list(vocabulary("enrollment_ending").codes)
    assert {(one.program, one.program_version) for one in enrollments} == {
        (program.name, program.version)
    }
    assert {one.started_on for one in enrollments} == {date(2020, 1, 7)}
    assert [one.held_theme for one in sessions] == list(choices("theme", program, locale).values())
    assert sessions[0].starts_at.isoformat() == "2020-01-07T17:00:00+02:00"
    assert [one.status for one in rows.rows["attendance"]] == ["present", "excused", "absent"]
    assert rows.rows["groups"][0].kind == program.kinds[0]


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("name", ["theme", "channel", "enrollment_ending", "attendance_status"])
def test_words_of_a_list_tell_its_codes_apart(program, name, locale):
    """Two codes of one word could not be read back."""
    words = choices(name, program, locale)
    assert len({word.casefold() for word in words}) == len(words) == len(set(words.values()))


def test_the_same_template_is_the_same_bytes(program):
    """No clock, author or path stands in it, and nothing in it is a formula or a link."""
    content = template_workbook(program, "fi")
    assert content == template_workbook(program, "fi")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert not any(
        re.search(rb"<f[ >]|<hyperlink|TargetMode=.External", xml) for xml in parts.values()
    )
    assert b"<dc:creator></dc:creator>" in parts["docProps/core.xml"]
    assert parts["docProps/core.xml"].count(b"2000-01-01T00:00:00Z") == 2


def test_choices_and_days_are_checked_where_they_are_written():
    """By the workbook itself: lists for words, spans for days."""
    book = openpyxl.load_workbook(io.BytesIO(template_workbook(program_named("verna"), "fi")))
    people = book["Osallistujat"]
    kinds = {str(one.sqref): one.type for one in people.data_validations.dataValidation}
    headings = {cell.value: cell.column_letter for cell in people[1]}
    assert kinds[f"{headings['Miten päättyi']}2:{headings['Miten päättyi']}1001"] == "list"
    assert kinds[f"{headings['Aloitti']}2:{headings['Aloitti']}1001"] == "date"
    assert [one.title for one in book if one.sheet_state == "hidden"] == ["Valinnat"]


@pytest.mark.parametrize("key", ["printed_list", "printed_form"])
def test_sheets_for_paper_are_made_for_paper(key):
    """Landscape on A4, one page wide, headings repeated, boxes large enough for a pen."""
    book = openpyxl.load_workbook(io.BytesIO(template_workbook(program_named("verna"), "fi")))
    sheet = book[said("sheets", key, "fi")]
    assert sheet.page_setup.orientation == "landscape"
    assert int(sheet.page_setup.paperSize) == 9
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    # one page wide, which goes without saying, and as many high as it takes
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.print_title_rows
    boxes = [cell for row in sheet for cell in row if cell.value == "☐"]
    assert len(boxes) > 10
    assert {cell.font.size for cell in boxes} == {24}


def test_what_is_written_into_a_sheet_for_paper_is_never_read(tmp_path):
    """Names may stand on paper, and some will type them."""
    path = tmp_path / "t.xlsx"
    book = openpyxl.load_workbook(io.BytesIO(template_workbook(program_named("verna"), "fi")))
    book["Tulostettava lista"]["A3"] = "Kanaria Lintunen"
    book.save(path)
    mapped = read_mapped(path, template_mapping(program_named("verna"), "fi"))
    assert (mapped.batch.problems, len(mapped.batch)) == ((), 0)


@pytest.mark.parametrize("name", ["Anna", "anna", "0401234567"])
def test_a_name_in_the_place_of_a_code_is_refused(name, tmp_path):
    """The template asks for a code, and does not take its word for it."""
    path = tmp_path / "t.xlsx"
    book = openpyxl.load_workbook(io.BytesIO(template_workbook(program_named("verna"), "fi")))
    book["Osallistujat"]["A2"], book["Osallistujat"]["B2"] = name, date(2020, 1, 1)
    book.save(path)
    problems = read_mapped(path, template_mapping(program_named("verna"), "fi")).batch.problems
    assert [one.where for one in problems] == ["t.xlsx Osallistujat!A2"]


def test_every_word_of_the_template_is_there_in_three_languages():
    """And no two sheets or columns of one sheet are called alike."""
    for locale in LOCALES:
        names = [said("sheets", key, locale) for key in ("about", "codes", *SHEETS)]
        assert len(set(names)) == len(names)
        for entries in SHEETS.values():
            headings = [said("columns", one.key, locale) for one in entries]
            assert len({one.casefold() for one in headings}) == len(entries)
