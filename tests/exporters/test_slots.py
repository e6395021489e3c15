"""A formula of anybody's is a text, in every slot of what a spreadsheet opens."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from attrs import evolve

from osallisuus.exporters.csv import ExcelCsvExporter, unguard
from osallisuus.exporters.xlsx import XlsxExporter
from osallisuus.reports.document import Chart, Document, clean_text
from tests.exporters.sheets import by_openpyxl, converted
from tests.exporters.slots import SLOTS, filled, signs, slotted
from tests.exporters.strings import FORMULAS, MARKUP

LONG = os.environ.get("OSALLISUUS_BROWSER") == "long"
SOME = FORMULAS if LONG else FORMULAS[::8]
"""Each way to begin one, and each thing to do; a large workbook takes LibreOffice minutes."""
UNSEEN = {"organization", "footer", "key", "value", "method"}
"""Slots that a workbook has no place for."""
DRAWN = {"axis", "series", "panel", "part", "role", "chart", "description"}
"""Those of its drawings, whose texts stand in other parts of the file."""
ONCE = {"title", "profile"}
"""Those that a report has one of."""
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_LINK = "{http://www.w3.org/1999/xlink}href"


def all_of_them() -> Document:
    """One report with every formula in every slot, block after block; with drawings of one only."""
    report = slotted()
    undrawn = tuple(block for block in report.blocks if not isinstance(block, Chart))
    first, *rest = SOME
    blocks = [block for text in rest for block in filled(undrawn, text)]
    return evolve(filled(report, first), blocks=(*filled(report.blocks, first), *blocks))


def read(place: Path) -> tuple[list[str], list[str], list[str]]:
    """The texts of the cells, the formulas and the links of a flat OpenDocument sheet."""
    root = ET.parse(place).getroot()
    cells = list(root.iter(f"{_TABLE}table-cell"))
    texts = [
        "\n".join("".join(line.itertext()) for line in cell)
        for cell in cells
        if cell.get(f"{_OFFICE}value-type") == "string"
    ]
    formulas = [cell.get(f"{_TABLE}formula", "") for cell in root.iter(f"{_TABLE}table-cell")]
    links = [one.get(_LINK, "") for one in root.iter() if one.tag.endswith("}a")]
    return texts, [one for one in formulas if one], links


def plain(text: str) -> str:
    """Without blanks, which a spreadsheet may fold, and as it can be shown."""
    return re.sub(r"\s+", "", clean_text(text))


def test_libreoffice_shows_every_formula_of_every_slot_of_a_workbook_as_text(tmp_path):
    made = XlsxExporter().render(all_of_them())
    texts, formulas, links = read(converted(made, tmp_path, "fods", "xlsx"))
    assert (formulas, links) == ([], [])
    shown = {plain(text) for text in texts}
    everything = "\x00".join(shown)
    for slot in set(SLOTS) - UNSEEN - DRAWN:
        there = SOME[:1] if slot in ONCE else SOME
        lost = [text for text in there if plain(f"{text}⟦{slot}⟧") not in everything]
        assert lost == [], slot


def test_libreoffice_takes_no_formula_of_a_list_for_excel_even_where_it_looks_for_them(tmp_path):
    made = ExcelCsvExporter().render(all_of_them())
    looking = "fods:OpenDocument Spreadsheet Flat XML"
    reading = "CSV:59,34,76,1,,0,false,true,false,false,false,0,true"
    texts, formulas, links = read(converted(made, tmp_path, looking, "csv", reading))
    assert (formulas, links) == ([], [])
    told = {plain(unguard(text)) for text in texts}
    assert {plain(f"{text}⟦caption⟧") for text in SOME} <= told


def test_libreoffice_would_have_found_a_formula_in_a_list(tmp_path):
    """The test above can fail: so read, what nobody guarded is worked out."""
    reading = "CSV:59,34,76,1,,0,false,true,false,false,false,0,true"
    place = converted(b"a;b\n=1+1;x\n", tmp_path, "fods", "csv", reading)
    assert read(place)[1] == ["of:=1+1"]


@pytest.mark.parametrize("text", [MARKUP[0], *FORMULAS[:3]])
def test_every_slot_that_a_workbook_has_a_place_for_is_in_it(text):
    sheets = by_openpyxl(XlsxExporter().render(filled(slotted(), text)))
    cells: list[Any] = [value for rows in sheets.values() for row in rows for value in row]
    found = signs(" ".join(str(value) for value in cells))
    assert found >= set(SLOTS) - UNSEEN - DRAWN
