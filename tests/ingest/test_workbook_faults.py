"""Cells that a reader of workbooks takes for empty, or takes once of two, are told by their place."""

import re
import zipfile
from datetime import date

import pytest

from osallisuus.errors import ImportProblem
from osallisuus.ingest.workbook import read_sheets
from tests.ingest.test_workbook_outside import SHEET, rewritten
from tests.ingest.test_workbook_sheets import ODS, ods
from tests.ingest.workbooks import HEADINGS, ROWS, problems, put, refused, workbook


@pytest.fixture
def path(tmp_path):
    return tmp_path / "list.xlsx"


def faults(path):
    """The faults of the first sheet."""
    for sheet in read_sheets(path):
        return sheet.faults
    return ()


def with_cell(path, written):
    """A list whose D3, an empty cell of a column that is mapped, is *written* so."""
    workbook(path, [ROWS[0], ["Toinen Ihminen", date(2020, 2, 2), date(2020, 3, 2), 7, None]])
    cell = re.compile(rb'<c r="D3">.*?</c>')
    assert len(cell.findall(zipfile.ZipFile(path).read(SHEET))) == 1
    return rewritten(path, SHEET, lambda xml: cell.sub(written, xml))


WRITTEN = {
    # how the cell is written, and the fault that it has
    b'<c r="D3"><f>A1&amp;B1</f></c>': "unsaved",
    b'<c r="D3"><f>A1</f><v/></c>': "unsaved",
    b'<c r="D3"><f>A1</f><v></v></c>': "unsaved",
    b'<c t="str" r="D3"><f>A1</f></c>': "unsaved",
    b'<c r="D3"><f t="shared" si="0"/></c>': "unsaved",
    b'<c r="D3" t="str"><f>""</f><v></v></c>': "",  # it was worked out, and is an empty text
    b'<c r="D3" t="str"><f>A1</f><v>suoritti</v></c>': "",
    b'<c r="D3"><v></v></c>': "",  # an empty cell
    b'<c r="D3" t="e"><v>#REF!</v></c>': "error",
    b"<c r='D3' t='e'><v>#REF!</v></c>": "error",
    b'<c r="D3" x="&gt;" y=">" t="e"><v>#N/A</v></c>': "error",
    b'<c y="a > b"\n t = "e" r="D3"><v>#N/A</v></c>': "error",
    b'<c t="e"><f>1/0</f><v>#DIV/0!</v></c>': "error",  # its place is the next one of the row
    b'<c r="D3" t="str"><v> t="e" </v></c>': "",
    b'<c r="D3"/><c r="D3" t="str"><v>suoritti</v></c>': "twice",
    b'<c r="D3" t="str"><v>suoritti</v></c><c r="D3"/>': "twice",
}


@pytest.mark.parametrize("written", WRITTEN)
def test_a_cell_is_taken_as_it_is_or_told(path, written):
    """However the attributes of its tag are written, and what stands in them."""
    fault = WRITTEN[written]
    found = faults(with_cell(path, written))
    assert found == (((fault, 3, 4),) if fault else ())


def test_a_formula_without_its_value_is_a_problem_with_a_remedy(path):
    """Most programs save it; a library that writes a workbook does not work it out."""
    found = problems(with_cell(path, b'<c r="D3"><f>A1</f></c>'))
    assert found["list.xlsx Lista!D3"].what == "a formula whose value was not saved"
    assert "spreadsheet program" in found["list.xlsx Lista!D3"].remedy


def test_a_row_of_formulas_without_values_at_the_end_is_told(path):
    """The reader of workbooks does not even know that the row is there."""
    row = b'<row r="4"><c r="A4"><f>A2</f></c></row></sheetData>'
    rewritten(workbook(path), SHEET, lambda xml: xml.replace(b"</sheetData>", row))
    assert set(problems(path)) == {"list.xlsx Lista!A4"}


def test_a_cell_that_stands_twice_is_a_problem(path):
    """Nobody knows which of them is meant."""
    found = problems(with_cell(path, b'<c r="D3"><v>1</v></c><c r="D3"><v>2</v></c>'))
    assert "twice" in found["list.xlsx Lista!D3"].what


def test_a_row_that_comes_again_far_away_is_found(path):
    """Its cells are the same ones, whatever stands between."""
    rows = [[f"Joku {n}", date(2020, 2, 1), None, None, None] for n in range(2000)]
    again = b'<row r="7"><c r="A7" t="str"><v>x</v></c></row></sheetData>'
    rewritten(workbook(path, rows), SHEET, lambda xml: xml.replace(b"</sheetData>", again))
    assert faults(path) == (("twice", 7, 1),)


@pytest.mark.parametrize(
    ("before", "cell", "fault"),
    [(b"", b'<c r="E3"><f>A1</f></c>', "unsaved"), (b'<c r="E3"/>', b'<c r="E3"/>', "twice")],
)
def test_wherever_a_part_is_cut_while_it_is_unpacked_a_fault_is_found(path, before, cell, fault):
    """Nine places of one cell, around the size of what is unpacked at once."""
    workbook(path)
    with zipfile.ZipFile(path) as archive:
        xml = archive.read(SHEET)
    end = b"</row></sheetData>"
    for cut in range(-2, 24, 3):
        filling = 2**16 - cut - xml.index(end) - len(before) - len(b"<!---->")
        wide = before + b"<!--" + b"x" * filling + b"-->" + cell + end
        rewritten(path, SHEET, lambda _, wide=wide: xml.replace(end, wide))
        assert faults(path) == ((fault, 3, 5),)


def test_sheets_of_one_name_are_refused(path):
    """The second would be read as the first once more; case tells no sheets apart."""

    def more(made, sheet):
        put(made, made.add_worksheet("Muu"), 0, HEADINGS)

    for name in (b'name="Lista"', b'name="LISTA"'):
        workbook(path, more=more)
        rewritten(path, "xl/workbook.xml", lambda xml, n=name: xml.replace(b'name="Muu"', n))
        assert "two sheets" in refused(ImportProblem, path).what


def test_sheets_of_one_name_are_refused_in_ods_too(tmp_path):
    """They are two tables of one name there."""
    path = ods(tmp_path / "list.ods", [HEADINGS, *ROWS])
    twice = '</table:table><table:table table:name="Lista"></table:table>'
    with zipfile.ZipFile(path) as archive:
        content = archive.read("content.xml").decode().replace("</table:table>", twice)
    rewritten(path, "content.xml", lambda _: content.encode())
    assert "two sheets" in refused(ImportProblem, path).what


CELLS = {
    'table:formula="of:=[.A1]"': "unsaved",
    'table:formula="of:=[.A1]" office:value-type="float"': "unsaved",
    'table:formula="of:=[.A1]" office:value-type="float" office:value="1"': "",
    'table:formula="of:=&quot;&quot;" office:value-type="string"': "",
    'calcext:value-type="error" table:formula="of:=[.A1]"': "error",
}


@pytest.mark.parametrize("cell", CELLS)
def test_a_cell_of_ods_is_taken_as_it_is_or_told_wherever_it_is_repeated(tmp_path, cell):
    """Like cells are written once, with how often they come."""
    repeated = f'<table:table-cell {cell} table:number-columns-repeated="2"/>'
    row = f'<table:table-row table:number-rows-repeated="2">{repeated}</table:table-row>'
    path = tmp_path / "list.ods"
    ods(path, [])
    rewritten(path, "content.xml", lambda _: ODS.format(row).encode().replace(
        b"xmlns:table=", b'xmlns:of="urn:x" xmlns:table='
    ))  # fmt: skip
    places = [(1, 1), (1, 2), (2, 1), (2, 2)] if CELLS[cell] else []
    assert faults(path) == tuple((CELLS[cell], *place) for place in places)


def test_xml_that_is_not_utf_8_is_not_read(path):
    """What is looked for in its bytes would not be found there."""
    rewritten(workbook(path), SHEET, lambda xml: xml.decode().encode("utf-16"))
    assert "cannot be read" in refused(ImportProblem, path).what
