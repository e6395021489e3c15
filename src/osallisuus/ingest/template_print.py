"""The sheets of the template that are for paper: a list of who was there, and a form.

Both are landscape on A4, one page wide, with the headings on every page and boxes that are large
enough for a pen. Names may be written on paper; nothing of these sheets is ever read back.
"""

from __future__ import annotations

from typing import Any, Final

from osallisuus.ingest.template_shape import choices, said
from osallisuus.model.program import Program
from osallisuus.model.stated import Locale, each
from osallisuus.model.vocabulary import vocabulary

__all__ = ["print_sheets"]

_BOX: Final = "\u2610"
_PEOPLE: Final = 40
_DAYS: Final = 8
_A4: Final = 9
"""The number of the paper A4 in a workbook."""


def print_sheets(workbook: Any, program: Program, locale: Locale) -> None:
    """Add the sheets to print to an XlsxWriter *workbook*."""
    _attendance(workbook, program, locale)
    _form(workbook, program, locale)


def _page(workbook: Any, name: str, title: str) -> Any:
    sheet = workbook.add_worksheet(name)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.4)
    sheet.fit_to_pages(1, 0)
    large = workbook.add_format({"bold": True, "font_size": 16})
    sheet.set_row(0, 28)
    sheet.write_string(0, 0, title, large)
    return sheet


def _attendance(workbook: Any, program: Program, locale: Locale) -> None:
    title = f"{program.title.label(locale)}: {said('sheets', 'attendance', locale)}"
    sheet = _page(workbook, said("sheets", "printed_list", locale), title)
    heading = workbook.add_format({"bold": True, "border": 1, "bg_color": "#E8EEF4"})
    line = workbook.add_format({"border": 1})
    box = workbook.add_format(
        {"border": 1, "font_size": 24, "align": "center", "valign": "vcenter"}
    )
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, _DAYS, 12)
    sheet.write_string(1, 0, said("notes", "on_paper_only", locale), heading)
    for column in range(1, _DAYS + 1):
        sheet.write_blank(1, column, None, heading)
    for row in range(2, _PEOPLE + 2):
        sheet.set_row(row, 30)
        sheet.write_blank(row, 0, None, line)
        for column in range(1, _DAYS + 1):
            sheet.write_string(row, column, _BOX, box)
    sheet.repeat_rows(0, 1)


def _form(workbook: Any, program: Program, locale: Locale) -> None:
    """The form of the programme, such as that of an encounter: where, and what it was about."""
    stated = next((one.label for one in each(program.forms)), None)
    name = said("sheets", "printed_form", locale)
    sheet = _page(workbook, name, name if stated is None else stated.label(locale))
    note = workbook.add_format({"italic": True})
    heading = workbook.add_format({"bold": True, "font_size": 14, "bottom": 1})
    box = workbook.add_format({"font_size": 24, "align": "center", "valign": "vcenter"})
    text = workbook.add_format({"font_size": 14, "valign": "vcenter"})
    sheet.set_column(0, 0, 6)
    sheet.set_column(1, 1, 60)
    sheet.write_string(1, 0, said("notes", "no_name", locale), note)
    sheet.write_string(
        2, 0, f"{said('notes', 'encounter_day', locale)}: ____ . ____ . ______", text
    )
    areas = [term.label(locale) for term in vocabulary("encounter_area").terms]
    row = 4
    for key, words in (("where_met", areas), ("themes", list(choices("theme", program, locale)))):
        sheet.write_string(row, 0, said("notes", key, locale), heading)
        for row, word in enumerate(words, start=row + 1):  # noqa: B020 - goes on below itself
            sheet.set_row(row, 30)
            sheet.write_string(row, 0, _BOX, box)
            sheet.write_string(row, 1, word, text)
        row += 2
    sheet.repeat_rows(0, 2)
