"""Small workbooks and mappings, and what reading them says."""

from __future__ import annotations

import traceback
from datetime import date

import pytest
import xlsxwriter

from osallisuus.errors import OsallisuusError
from osallisuus.ingest.mapped import read_mapped
from osallisuus.ingest.mapping_toml import read_mapping

KEY = b"0" * 32
CANARY = "Kanaria Lintunen"
HEADINGS = ["Nimi", "Aloitti", "Päättyi", "Miten", "Tunteja"]
ROWS = [
    [CANARY, date(2020, 2, 1), "1.5.2020", "Suoritti", 1.5],
    ["Toinen Ihminen", date(2020, 2, 2), None, None, None],
]
MAPPING = """
dates = ["d.m.yyyy"]
decimal = ","

[[sheet]]
name = "Lista"

[[sheet.fact]]
table = "people"
id = { pseudonym = ["Nimi"] }
registered_on = "Aloitti"

[[sheet.fact]]
table = "enrollments"
id = { join = ["e", "@person"] }
person = { pseudonym = ["Nimi"] }
program = { value = "wertzu" }
program_version = { value = "1" }
started_on = "Aloitti"
ended_on = "Päättyi"
ending = { heading = "Miten", codes = "endings" }

[[sheet.fact]]
table = "costs"
where_filled = "Tunteja"
id = { join = ["c", "@Aloitti"] }
program = { value = "wertzu" }
happened_on = "Aloitti"
head = { value = "staff" }
minutes = { heading = "Tunteja", times = 60 }

[codes.endings]
suoritti = "completed"
"jäi pois" = "left"
"""


def put(workbook, sheet, row, cells):
    """Write a row of cells, days as days."""
    day = workbook.add_format({"num_format": "d.m.yyyy"})
    for column, cell in enumerate(cells):
        if isinstance(cell, date):
            sheet.write_datetime(row, column, cell, day)
        elif cell is not None:
            sheet.write(row, column, cell)


def workbook(path, rows=ROWS, *, headings=HEADINGS, name="Lista", options=None, more=None):
    """A workbook with one list, its headings in the first row; *more* writes what else it has."""
    made = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, **(options or {})})
    sheet = made.add_worksheet(name)
    put(made, sheet, 0, headings)
    for number, row in enumerate(rows, start=1):
        put(made, sheet, number, row)
    if more is not None:
        more(made, sheet)
    made.close()
    return path


def mapping(text=MAPPING, **replaced):
    """A mapping of that text, some of its lines replaced: ``Lista="Other"``."""
    for old, new in replaced.items():
        text = text.replace(old, new)
    return read_mapping(text.encode(), "map.toml")


def read(path, how=None, **options):
    """What the file becomes."""
    return read_mapped(path, how or mapping(), key=KEY, **options)


def problems(path, how=None, **options):
    """The problems of a file by place; none says anything that stands in a cell."""
    try:
        found = read(path, how, **options).batch.problems
    except OsallisuusError as error:
        told = "".join(traceback.format_exception(error))
        found = error.problems
    else:
        told = ""
    assert "anaria" not in told + repr(found)
    assert all(one.remedy for one in found)
    return {one.where: one for one in found}


def refused(kind, path, how=None, **options):
    """The error with which a file is refused whole."""
    with pytest.raises(kind) as caught:
        read(path, how, **options)
    assert "anaria" not in "".join(traceback.format_exception(caught.value))
    return caught.value.problems[0]
