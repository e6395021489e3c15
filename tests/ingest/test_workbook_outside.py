"""A workbook from outside is opened by another process, and whatever it is, one error says it."""

import os
import re
import resource
import struct
import subprocess
import sys
import time
import zipfile
import zlib
from contextlib import suppress

import pytest

from osallisuus.errors import ImportProblem, LimitError, PluginError
from osallisuus.ingest import apart
from osallisuus.ingest import workbook as ingest_workbook
from osallisuus.ingest.limits import Limits
from osallisuus.ingest.workbook import column_letters, read_sheets
from tests.ingest.workbooks import CANARY, MAPPING, mapping, problems, read, refused, workbook


@pytest.fixture
def path(tmp_path):
    return tmp_path / "list.xlsx"


def rewritten(path, part, change):
    """The same workbook with one part changed, or added."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[part] = change(parts.get(part, b""))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


SHEET = "xl/worksheets/sheet1.xml"


def test_a_zip_bomb_is_refused_by_what_it_unpacks_to(path):
    """Counted while it is unpacked, in little memory and time."""
    rewritten(workbook(path), "xl/media/image1.png", lambda _: bytes(64 * 2**20))
    assert path.stat().st_size < 200_000
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.monotonic()
    problem = refused(LimitError, path, limits=Limits(unpacked_bytes=2**20))
    assert "unpacks to more than 1048576" in problem.what
    assert time.monotonic() - start < 5
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000  # kilobytes


def test_a_zip_bomb_that_lies_about_its_size_is_refused(path):
    """What the zip says of a part is not believed."""
    rewritten(workbook(path), "xl/media/image1.png", lambda _: bytes(8 * 2**20))
    content = bytearray(path.read_bytes())
    honest, lie = struct.pack("<I", 8 * 2**20), struct.pack("<I", 100)
    assert content.count(honest) == 2
    path.write_bytes(content.replace(honest, lie))
    read_on = refused((ImportProblem, LimitError), path, limits=Limits(unpacked_bytes=2**20))
    assert read_on.remedy


def test_xml_with_definitions_of_its_own_is_refused(path):
    """Entities that grow when they are read never come to be read."""
    laughs = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
    rewritten(workbook(path), SHEET, lambda xml: xml.replace(b"<worksheet", laughs + b"<worksheet"))
    assert "XML of its own" in refused(ImportProblem, path).what


def test_a_definition_in_the_shared_strings_is_found_too(path):
    """Any part may hold one."""
    laughs = b'<!DOCTYPE x [<!ENTITY a "ha">]>'
    part = "xl/sharedStrings.xml"
    rewritten(workbook(path), part, lambda xml: xml.replace(b"<sst", laughs + b"<sst"))
    assert "XML of its own" in refused(ImportProblem, path).what


def test_a_workbook_that_lies_about_its_size_needs_no_more_memory(path):
    """A dimension of a whole sheet is not believed."""
    rewritten(
        workbook(path),
        SHEET,
        lambda xml: xml.replace(b'<dimension ref="A1:E3"/>', b'<dimension ref="A1:XFD1048576"/>'),
    )
    assert b"XFD1048576" in zipfile.ZipFile(path).read(SHEET)
    assert read(path).batch.problems == ()


def test_a_cell_far_away_ends_the_child_and_not_us(path):
    """Seventeen thousand million cells between two are more than the child may take."""
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    rewritten(workbook(path), SHEET, lambda xml: xml.replace(b"</sheetData>", far))
    problem = refused((ImportProblem, LimitError), path)
    assert "memory" in problem.what + problem.remedy


TRANSITIONAL = (
    b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
)
STRICT = (
    b"http://purl.oclc.org/ooxml/spreadsheetml/main",
    b"http://purl.oclc.org/ooxml/officeDocument/relationships",
)
LINKS = "xl/_rels/workbook.xml.rels"


def strict(content):
    for old, new in zip(TRANSITIONAL, STRICT, strict=True):
        content = content.replace(old, new)
    return content


def with_an_error(path):
    """A list with #REF! in an optional column, D3."""
    return workbook(path, more=lambda _, sheet: sheet.write_formula(2, 3, "=#REF!", None, "#REF!"))


@pytest.mark.parametrize("target", ["worksheets/SHEET1.xml", "./worksheets/sheet1.xml",
                                    "../xl/worksheets/sheet1.xml", "/xl/worksheets/sheet1.xml",
                                    "/XL/worksheets/sheet1.xml"])  # fmt: skip
def test_an_error_is_found_however_its_part_is_named(path, target):
    """Case tells no parts of a package apart, and a name is relative or not."""
    old = b"worksheets/sheet1.xml"
    rewritten(with_an_error(path), LINKS, lambda links: links.replace(old, target.encode()))
    # where the reader of workbooks does not find the part, it refuses the whole file
    assert set(problems(path)) in ({"list.xlsx Lista!D3"}, {"list.xlsx"})


def test_an_error_is_found_in_a_part_that_is_stored_in_capitals(path):
    """Where its link names it in small letters."""
    with zipfile.ZipFile(with_an_error(path)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["xl/worksheets/SHEET1.xml"] = parts.pop(SHEET)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    assert problems(path)["list.xlsx Lista!D3"].what == "an error"


def test_an_error_in_a_part_that_is_two_sheets_is_one_of_both(path):
    """Neither reads it as an empty cell."""
    two = re.compile(rb'<sheet name="Lista"([^>]*)/>')
    twice = rb'<sheet name="Lista"\1/><sheet name="Lista 2" sheetId="9" r:id="rId1"/>'
    rewritten(with_an_error(path), "xl/workbook.xml", lambda book: two.sub(twice, book))
    found = problems(path, mapping(MAPPING.replace('name = "Lista"', 'name = "Lista*"')))
    assert [one.what for one in found.values()] == ["an error", "an error"]


def test_an_error_in_a_sheet_whose_name_is_read_in_two_ways_refuses_the_workbook(path):
    """XML takes a line break in an attribute for a space, and the reader of workbooks does not."""
    with_an_error(path)
    rewritten(path, "xl/workbook.xml", lambda book: book.replace(b'"Lista"', b'"Li\nsta"'))
    problem = refused(ImportProblem, path, mapping(Lista="Li sta"))
    assert "does not say of which sheet" in problem.what


def test_an_error_is_found_in_strict_open_xml(path):
    """The strict form has other namespaces than the transitional one."""
    with_an_error(path)
    for part in ("xl/workbook.xml", LINKS, "_rels/.rels", SHEET, "xl/styles.xml"):
        rewritten(path, part, strict)
    assert problems(path)["list.xlsx Lista!D3"].what == "an error"


def test_an_error_that_no_sheet_claims_refuses_the_workbook(path):
    """It might be of any of them, and would read as an empty cell."""
    with_an_error(path)
    with zipfile.ZipFile(path) as archive:
        sheet = archive.read(SHEET)
    rewritten(workbook(path), "xl/worksheets/sheet9.xml", lambda _: sheet)
    problem = refused(ImportProblem, path)
    assert "does not say of which sheet" in problem.what
    assert "#REF!" in problem.remedy


def test_a_password_is_named(path):
    """An encrypted workbook is a container with another one inside."""
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000)
    path.write_bytes(head + "EncryptedPackage".encode("utf-16-le") + bytes(1000))
    assert "password" in refused(ImportProblem, path).what


def test_an_encrypted_part_is_named_as_well(path):
    """By the flag of a zip."""
    workbook(path)
    content = bytearray(path.read_bytes())
    for sign, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(sign)
        while at >= 0:
            content[at + offset] |= 1
            at = content.find(sign, at + 1)
    path.write_bytes(content)
    assert "password" in refused(ImportProblem, path).what


WRONG = {
    "text": (b"Nimi;Aloitti\n" + CANARY.encode(), "not that of a workbook"),
    "empty": (b"", "not that of a workbook"),
    "old": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), "an old format"),
    "cut zip": (b"PK\x03\x04" + bytes(50), "cannot be read"),
}


@pytest.mark.parametrize("kind", WRONG)
def test_a_file_under_a_false_ending_is_named(path, kind):
    """With what it is not."""
    content, what = WRONG[kind]
    path.write_bytes(content)
    assert what in refused(ImportProblem, path).what


def test_a_zip_of_other_things_is_no_workbook(path):
    """Also where it is a good zip."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("letter.txt", CANARY)
    assert "cannot be read" in refused(ImportProblem, path).what


@pytest.mark.parametrize("name", ["list.pdf", "list", "list.xls"])
def test_another_ending_is_refused(tmp_path, name):
    """With the endings that can be read."""
    (tmp_path / name).write_text("x")
    assert ".xlsx" in refused(ImportProblem, tmp_path / name).remedy


def test_a_workbook_is_no_csv(tmp_path, path):
    """Whatever it is called."""
    workbook(path).rename(tmp_path / "list.csv")
    assert "not CSV" in refused(ImportProblem, tmp_path / "list.csv").what


@pytest.mark.parametrize(
    ("content", "what"),
    [(b"Nimi\n\xe4\n", "not UTF-8"), (b'Nimi\n"open\n', "not CSV")],
)
def test_csv_that_cannot_be_read_is_refused(tmp_path, content, what):
    """By its encoding or its quotation marks."""
    (tmp_path / "list.csv").write_bytes(content)
    with pytest.raises(ImportProblem, match=what):
        [list(sheet.rows) for sheet in read_sheets(tmp_path / "list.csv")]


def test_no_file_is_no_list(tmp_path):
    """A path that leads nowhere, or to a folder."""
    assert "no such file" in refused(ImportProblem, tmp_path / "none.xlsx").what
    (tmp_path / "folder.xlsx").mkdir()
    assert "no such file" in refused(ImportProblem, tmp_path / "folder.xlsx").what


BOUNDS = {
    "rows": (Limits(rows=2), "more than 2 rows"),
    "columns": (Limits(columns=4), "more than 4 columns"),
    "file_bytes": (Limits(file_bytes=100), "larger than 100 bytes"),
}


@pytest.mark.parametrize("bound", BOUNDS)
def test_what_is_over_a_limit_is_refused(path, bound):
    """And the remedy names the limit."""
    limits, what = BOUNDS[bound]
    problem = refused(LimitError, workbook(path), limits=limits)
    assert what in problem.what
    assert bound in problem.remedy


SCRIPTS = {
    "dies": "import os; os._exit(3)",
    "is killed": "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
    "raises": f"raise ValueError('{CANARY}')",
    "says nothing of sense": f"print('{CANARY}')",
    "ends in the middle": "import sys; sys.stdout.write('{\"sheet\": ')",
    "says another thing": "print('[1, 2]')",
    "says half of it": 'print(\'{"sheet": "S"}\')',
}


@pytest.mark.parametrize("kind", SCRIPTS)
def test_a_child_that_does_not_do_its_work_is_one_error(path, kind, tmp_path, monkeypatch):
    """Whatever becomes of it, and nothing of what it printed is repeated."""
    script = tmp_path / "child.py"
    script.write_text(SCRIPTS[kind])
    monkeypatch.setattr(apart, "_SCRIPT", script)
    assert "came to an end" in refused(ImportProblem, workbook(path)).what


def test_a_child_that_hangs_is_ended(path, tmp_path, monkeypatch):
    """After the time that the limits give."""
    script = tmp_path / "child.py"
    script.write_text("import time; time.sleep(60)")
    monkeypatch.setattr(apart, "_SCRIPT", script)
    start = time.monotonic()
    assert (
        "longer than 1 seconds"
        in refused(LimitError, workbook(path), limits=Limits(seconds=1)).what
    )
    assert time.monotonic() - start < 20


def test_a_child_that_computes_for_ever_is_ended_by_the_system(path, tmp_path, monkeypatch):
    """By its processor time."""
    source = apart._SCRIPT.read_text("utf-8")
    script = tmp_path / "child.py"
    script.write_text(
        source.replace(
            "for message in _messages", "while True: pass\n        for message in _messages"
        )
    )
    monkeypatch.setattr(apart, "_SCRIPT", script)
    with pytest.raises(LimitError, match="longer than 1 seconds"):
        read(workbook(path), limits=Limits(seconds=1))


def test_no_child_is_left_behind(path, monkeypatch):
    """Also where the reading is given up in the middle."""
    pids = []
    start = apart.Apart.__enter__

    def noted(self):
        start(self)
        pids.append(self.process.pid)
        return self

    monkeypatch.setattr(apart.Apart, "__enter__", noted)
    sheets = read_sheets(workbook(path))
    next(iter(next(sheets).rows))
    sheets.close()
    problem = refused(LimitError, path, limits=Limits(rows=2))
    assert problem.remedy
    assert len(pids) == 2
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_the_child_imports_nothing_of_ours_and_no_pickle():
    """It is a script of its own, so that it starts quickly and holds nothing."""
    code = (
        "import sys, runpy; runpy.run_path(sys.argv[1], run_name='looked_at');"
        "print([m for m in sys.modules if m.startswith('osallisuus') or 'pickle' in m])"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code, str(apart._SCRIPT)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"


def test_without_the_reader_the_error_says_how_to_get_it(path, monkeypatch):
    """And that CSV needs none."""
    monkeypatch.setattr(ingest_workbook, "find_spec", lambda _: None)
    with pytest.raises(PluginError, match=r"osallisuus\[excel-read\]"):
        read(workbook(path))


@pytest.mark.parametrize(
    ("column", "letters"),
    [(1, "A"), (26, "Z"), (27, "AA"), (702, "ZZ"), (703, "AAA"), (16384, "XFD")],
)
def test_columns_have_the_letters_of_a_spreadsheet(column, letters):
    assert column_letters(column) == letters


def test_broken_workbooks_are_refused_or_read_and_nothing_else(path, tmp_path):
    """Each byte of a part may be wrong: 40 workbooks with a fault somewhere in their sheet."""
    workbook(path)
    whole = path.read_bytes()
    for number in range(40):
        at = zlib.crc32(bytes([number])) % len(whole)
        broken = tmp_path / "broken.xlsx"
        broken.write_bytes(whole[:at] + bytes([whole[at] ^ (number + 1)]) + whole[at + 1 :])
        with suppress(ImportProblem, LimitError):
            read(broken, mapping())
