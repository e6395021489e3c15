"""What a folder may be like, and that what is written is read back equal."""

import csv
import json
import os
import stat
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import osallisuus as osa
from osallisuus.errors import StoreError
from osallisuus.ingest.folder import note_of, read_folder, write_folder
from osallisuus.ingest.limits import Limits
from osallisuus.model.facts import TABLES
from tests.full_disk import full_disk
from tests.ingest.folders import GOOD, fill, register
from tests.model import made


def taken(folder):
    batch = read_folder(folder)
    assert batch.problems == ()
    return {name: list(facts) for name, facts in batch.rows.items()}


FORMS = {
    "byte order mark": lambda text: b"\xef\xbb\xbf" + text.encode(),
    "Windows line ends": lambda text: text.replace("\n", "\r\n").encode(),
    "old Mac line ends": lambda text: text.replace("\n", "\r").encode(),
    "no last line end": lambda text: text.rstrip("\n").encode(),
    "empty lines": lambda text: text.replace("\n", "\n\n").encode(),
    "quoted cells": lambda text: "".join(
        ",".join(f'"{cell}"' for cell in line.split(",")) + "\n" for line in text.splitlines()
    ).encode(),
    "columns in another order": lambda text: "".join(
        ",".join(reversed(line.split(","))) + "\n" for line in text.splitlines()
    ).encode(),
}


@pytest.mark.parametrize("form", FORMS)
def test_the_usual_forms_of_csv_are_taken(tmp_path, form):
    """What spreadsheets write is read as the same facts."""
    plain = taken(fill(tmp_path / "plain"))
    other = fill(
        tmp_path / "other",
        **{name.removesuffix(".csv"): FORMS[form](text) for name, text in GOOD.items()},
    )
    assert taken(other) == plain


def test_a_table_of_a_header_alone_is_a_table_without_rows(tmp_path):
    """A header only says that there is nothing yet."""
    folder = fill(tmp_path / "facts", attendance="id,session,person,status\n")
    assert taken(folder)["attendance"] == []


def test_columns_that_need_not_be_there_may_be_missing(tmp_path):
    """A column left out is "not stated" in every row, as is an empty cell."""
    facts = taken(fill(tmp_path / "facts"))
    assert facts["groups"][0].organization is None
    assert facts["enrollments"][0].ended_on is None


def test_other_files_are_none_of_ours(tmp_path):
    """Read-me files, workbooks, hidden files and folders beside the tables are left alone."""
    folder = fill(tmp_path / "facts")
    plain = taken(folder)
    for name in ("readme.txt", "people.xlsx", "people.csv.bak", ".people.csv", "._people.csv"):
        (folder / name).write_text("nothing of ours")
    (folder / "old").mkdir()
    (folder / "old" / "people.csv").write_text("nothing of ours")
    assert taken(folder) == plain


def test_a_file_listed_under_its_name_in_the_folder_is_read(tmp_path):
    """A descriptor that lists what is there, of whatever type, is content with it."""
    folder = fill(tmp_path / "facts")
    (folder / "notes.md").write_text("notes")
    names = [*GOOD, "notes.md"]
    (folder / "datapackage.json").write_text(
        json.dumps({"resources": [{"path": name} for name in names]})
    )
    assert taken(folder)


def test_places_are_the_rows_of_the_file(tmp_path):
    """Each fact stands where a spreadsheet shows it: the header is row 1, empty lines count."""
    batch = read_folder(
        fill(tmp_path / "facts", people="id,registered_on\n\np1,2020-01-01\n\n\np2,2020-01-01\n")
    )
    assert [batch.place("people", i) for i in (0, 1)] == ["people.csv:3", "people.csv:6"]


def test_progress_is_told(tmp_path):
    """The caller hears of every file how many rows are done."""
    heard = []
    read_folder(fill(tmp_path / "facts"), progress=lambda what, rows: heard.append((what, rows)))
    assert heard[:2] == [("people.csv", 3), ("groups.csv", 1)]


def test_findings_stand_where_the_rows_stand(tmp_path):
    """A finding in an imported file is named by its row, and stops nothing."""
    rows = "id,person,program,program_version,group,started_on,ended_on,ending\n"
    rows += "e1,p1,wertzu,1,g1,2020-02-01,2020-01-01,left\n"
    with register(tmp_path) as opened:
        receipt = opened.add(read_folder(fill(tmp_path / "facts", enrollments=rows)))
    assert receipt.added == 8
    assert "enrollments.csv:2.ended_on" in {finding.where for finding in receipt.findings}


@settings(max_examples=8)
@given(made.some_of_each())
def test_what_is_written_is_read_back_equal(facts):
    """Facts of every table come back, with quotes, commas, line breaks and all scripts in them."""
    with tempfile.TemporaryDirectory() as place:
        write_folder(place, facts)
        read = taken(Path(place))
        assert read == {
            name: sorted(rows, key=lambda fact: fact.id) for name, rows in facts.items() if rows
        }


@settings(max_examples=40)
@given(st.lists(made.facts("answers"), min_size=1, unique_by=lambda fact: fact.id))
def test_free_text_is_read_back_equal(answers):
    """Whatever a person wrote is the same after a round trip."""
    with tempfile.TemporaryDirectory() as place:
        write_folder(place, {"answers": answers})
        assert taken(Path(place))["answers"] == sorted(answers, key=lambda fact: fact.id)


def test_a_second_import_of_what_was_exported_adds_nothing(tmp_path):
    """Store, folder and store again hold the same."""
    with register(tmp_path) as opened:
        opened.add(read_folder(fill(tmp_path / "facts")))
        rows = {name: list(opened.facts(table.record)) for name, table in TABLES.items()}
        write_folder(tmp_path / "out", rows)
        receipt = opened.add(read_folder(tmp_path / "out"))
        assert (receipt.added, receipt.revised, receipt.unchanged) == (0, 0, 10)


def test_the_same_facts_give_the_same_bytes(tmp_path):
    """Neither the order of the facts nor what was in the folder changes a byte."""
    facts = [made.one("people", id=f"p{i}") for i in range(5)]
    write_folder(tmp_path / "a", {"people": facts, "groups": [made.one("groups")]}, note="made up")
    write_folder(tmp_path / "b", {"people": facts[:1], "costs": [made.one("costs")]})
    write_folder(
        tmp_path / "b", {"groups": [made.one("groups")], "people": facts[::-1]}, note="made up"
    )
    contents = [
        {file.name: file.read_bytes() for file in (tmp_path / name).iterdir()} for name in "ab"
    ]
    assert contents[0] == contents[1]
    assert set(contents[0]) == {"people.csv", "groups.csv", "datapackage.json"}


def test_written_files_are_for_their_owner_only(tmp_path):
    """No group and no stranger can read what is written, whatever the umask."""
    old = os.umask(0)
    try:
        written = write_folder(tmp_path / "out", {"people": [made.one("people")]})
    finally:
        os.umask(old)
    assert {stat.S_IMODE(file.stat().st_mode) for file in written} == {0o600}
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o700


def test_a_write_that_fails_leaves_what_was_there(tmp_path):
    """When one file cannot be written none is replaced, and nothing half written stays behind."""
    folder = tmp_path / "out"
    write_folder(folder, {"people": [made.one("people")]})
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    (folder / ".groups.csv.new").mkdir()  # where a temporary file has to go
    facts = {"people": [made.one("people", id="p9")], "groups": [made.one("groups")]}
    with pytest.raises(StoreError, match="cannot be written") as caught:
        write_folder(folder, facts)
    assert caught.value.__context__ is None
    (folder / ".groups.csv.new").rmdir()
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before


def test_a_write_that_fails_leaves_no_new_folder(tmp_path):
    """Nor those above it that were made for it; one that was there stays."""
    there = tmp_path / "there"
    there.mkdir()
    with full_disk(0):
        for place in (tmp_path / "new" / "out", there):
            with pytest.raises(StoreError, match="cannot be written") as caught:
                write_folder(place, {"people": [made.one("people")]})
            assert str(place) in str(caught.value)
    assert list(tmp_path.rglob("*")) == [there]


def test_a_link_under_a_temporary_name_is_not_followed(tmp_path):
    """Nobody can have our content written into a file of theirs."""
    target = tmp_path / "theirs"
    target.write_text("theirs")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / ".people.csv.new").symlink_to(target)
    write_folder(tmp_path / "out", {"people": [made.one("people")]})
    assert target.read_text() == "theirs"


def test_a_folder_store_that_cannot_write_keeps_its_facts(tmp_path):
    """When the folder cannot be written the store holds what is on the disk, not more."""
    folder = tmp_path / "facts"
    with osa.open(str(folder), create=True) as opened:
        opened.add([made.one("people")])
        (folder / ".people.csv.new").mkdir()
        with pytest.raises(StoreError):
            opened.add([made.one("people", id="p9")])
        assert [fact.id for fact in opened.facts(osa.Person)] == ["x1"]
        (folder / ".people.csv.new").rmdir()
    with osa.open(str(folder)) as opened:
        assert [fact.id for fact in opened.facts(osa.Person)] == ["x1"]


@pytest.fixture(scope="module")
def frictionless():
    """An independent reader of data packages."""
    return pytest.importorskip("frictionless")


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_an_independent_reader_accepts_the_package(tmp_path, frictionless):
    """frictionless finds the written package valid, with its types, codes, bounds and references."""
    with register(tmp_path) as opened:
        opened.add(read_folder(fill(tmp_path / "facts")))
        rows = {name: list(opened.facts(table.record)) for name, table in TABLES.items()}
    rows |= {"costs": [made.one("costs", cents=0)], "scores": [made.one("scores", value=0.1 + 0.2)]}
    rows |= {"assessments": [made.one("assessments")]}
    write_folder(tmp_path / "out", rows)
    report = frictionless.validate(str(tmp_path / "out" / "datapackage.json"))
    assert report.flatten(["title", "rowNumber", "fieldName", "note"]) == []
    assert report.valid
    assert len(report.tasks) == 8


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize(
    ("table", "column", "cell", "error"),
    [
        ("attendance", "status", "late", "constraint-error"),
        ("attendance", "person", "p9", "foreign-key"),
        ("people", "registered_on", "2020-02-30", "type-error"),
        ("people", "id", "", "constraint-error"),
        ("people", "id", "p2", "primary-key"),
        ("sessions", "minutes", "-1", "constraint-error"),
    ],
)
def test_an_independent_reader_finds_a_bad_cell(tmp_path, frictionless, table, column, cell, error):
    """The descriptor says enough for a stranger's tool to find what we would refuse."""
    batch = read_folder(fill(tmp_path / "facts"))
    write_folder(tmp_path / "out", batch.rows)
    file = tmp_path / "out" / f"{table}.csv"
    with file.open(newline="") as source:
        rows = list(csv.DictReader(source))
    rows[0][column] = cell
    with file.open("w", newline="") as target:
        writer = csv.DictWriter(target, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    report = frictionless.validate(str(tmp_path / "out" / "datapackage.json"))
    assert error in {found for (found,) in report.flatten(["type"])}
    ours = [*read_folder(tmp_path / "out").problems]
    assert ours or error == "foreign-key"


def test_an_empty_package_is_no_mistake(tmp_path):
    """A store without facts can be written and read back."""
    write_folder(tmp_path / "out", {})
    assert taken(tmp_path / "out") == {}


@pytest.mark.parametrize("quote", ["", '"'])
def test_semicolons_separate_where_the_header_has_them(tmp_path, quote):
    """A spreadsheet that writes decimals with a comma separates cells by semicolons."""
    commas = read_folder(fill(tmp_path / "commas"))
    files = {
        name.removesuffix(".csv"): "".join(
            ";".join(f"{quote}{cell}{quote}" for cell in row) + "\r\n"
            for row in csv.reader(text.splitlines())
        )
        for name, text in GOOD.items()
    }
    semicolons = read_folder(fill(tmp_path / "semicolons", **files))
    assert semicolons.problems == ()
    assert {name: list(rows) for name, rows in semicolons.rows.items()} == {
        name: list(rows) for name, rows in commas.rows.items()
    }


def test_a_comma_in_a_cell_between_semicolons_is_a_comma(tmp_path):
    """And lines inside a quoted cell are counted as one row, by the limit as well."""
    groups = "id;program;program_version;kind;place;starts_on\n"
    groups += 'g1;wertzu;1;weekly;"Turku, keskusta";2020-01-01\n'
    folder = fill(tmp_path / "facts", groups=groups)
    (folder / "interviews.csv").write_text(
        "id,person,program,happened_on,outcome,decided_by\ni1,p1,wertzu,2020-01-01,place,w1\n"
    )
    note = '"' + "line\n" * 50 + '"'
    (folder / "answers.csv").write_text(f"id;form;item;note\nn1;i1;mood;{note}\n")
    batch = read_folder(folder, limits=Limits(rows=12))
    assert (batch.problems, batch.rows["groups"][0].place) == ((), "Turku, keskusta")


def test_adding_to_a_folder_keeps_what_it_says_of_itself(tmp_path):
    """The descriptor's description, such as that the facts are made up, outlives an addition."""
    write_folder(tmp_path / "facts", {"people": [made.one("people")]}, note="SYNTHETIC")
    for name in ("p8", "p9"):
        with osa.open(str(tmp_path / "facts")) as opened:
            opened.add([made.one("people", id=name)])
    descriptor = json.loads((tmp_path / "facts" / "datapackage.json").read_text("utf-8"))
    assert descriptor["description"] == "SYNTHETIC"


@pytest.mark.parametrize("content", ["{", "[]", "{}", '{"description": 1}', '{"description": "x"}'])
def test_a_description_is_read_where_there_is_one(tmp_path, content):
    """A descriptor without a description, or that is none, gives no note."""
    (tmp_path / "datapackage.json").write_text(content)
    assert note_of(tmp_path) == ("x" if "x" in content else "")
