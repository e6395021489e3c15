"""What is told alike of many rows is one line, which still says of which rows."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from osallisuus.cli.folded import folded
from osallisuus.cli.main import main
from osallisuus.errors import Problem


def lines(*places, what="odd"):
    problems = [Problem(what, place) for place in places]
    return [(where, count) for _, where, count in folded(problems, same=lambda one: one.what)]


FOLDED = {
    "one row": (["a.xlsx Lista!3.group"], ["a.xlsx Lista!3.group"]),
    "two rows": (
        ["a.xlsx Lista!3.group", "a.xlsx Lista!9.group"],
        ["a.xlsx Lista!3.group, and 1 more row: 9"],
    ),
    "rows in a row": (
        [f"a.xlsx Lista!{row}" for row in (3, 4, 5, 6, 9, 11, 12)],
        ["a.xlsx Lista!3, and 6 more rows: 4–6, 9, 11–12"],
    ),
    "cells": (["a.xlsx Lista!C7", "a.xlsx Lista!C8"], ["a.xlsx Lista!C7, and 1 more row: 8"]),
    "a file of a folder": (
        ["people.csv:2.id", "people.csv:4.id"],
        ["people.csv:2.id, and 1 more row: 4"],
    ),
    "stored facts": (
        ["groups[g.1].place", "groups[g-2].place", "groups[3].place"],
        ["groups[g.1].place, and 2 more rows: g-2, 3"],
    ),
    "two columns": (["Lista!C7", "Lista!D8"], ["Lista!C7", "Lista!D8"]),
    "two sheets": (["Lista!C7", "Toinen!C8"], ["Lista!C7", "Toinen!C8"]),
    "no row": (["sheet.name", "dates[0]", ""], ["sheet.name", "dates[0]", ""]),
}


@pytest.mark.parametrize("kind", FOLDED)
def test_places_that_differ_in_their_row_are_one_place(kind):
    """The first as it is, the others by their rows; a column or sheet of its own is a line."""
    places, told = FOLDED[kind]
    assert [where for where, _ in lines(*places)] == told


def test_what_differs_in_words_stays_apart():
    """Only the same is folded."""
    problems = [Problem("odd", "Lista!3"), Problem("even", "Lista!4"), Problem("odd", "Lista!5")]
    told = [(one.what, where) for one, where, _ in folded(problems, same=lambda one: one.what)]
    assert told == [("odd", "Lista!3, and 1 more row: 5"), ("even", "Lista!4")]


def test_very_many_rows_are_counted_and_not_all_named():
    """One line stays one that can be read."""
    ((where, count),) = lines(*(f"Lista!{row}" for row in range(1, 201, 2)))
    assert where.startswith("Lista!1, and 99 more rows: 3, 5, ")
    assert (where.endswith(", 41, …"), count) == (True, 100)


@given(st.lists(st.sampled_from(["Lista!{}", "Lista!C{}", "t.csv:{}.a", "t[{}].a"]), max_size=30))
def test_nothing_is_lost(forms):
    """Every problem is counted in one line."""
    assert sum(count for _, count in lines(*(f.format(i) for i, f in enumerate(forms)))) == len(
        forms
    )


@pytest.fixture
def folder(tmp_path):
    """Eighteen people of whom one thing is to be found: an end without its kind."""
    people = "".join(f"p{n},2020-01-01\n" for n in range(18))
    rows = "".join(f"e{n},p{n},wertzu,1,2020-01-02,2020-02-02\n" for n in range(18))
    (tmp_path / "people.csv").write_text(f"id,registered_on\n{people}")
    heads = "id,person,program,program_version,started_on,ended_on\n"
    (tmp_path / "enrollments.csv").write_text(heads + rows)
    return tmp_path


def test_eighteen_findings_alike_are_one_line_and_json_has_them_all(folder, tmp_path, capsys):
    """In import and in check."""
    store = str(tmp_path / "facts.db")
    assert main(["import", str(folder), "--into", store]) == 0
    out = capsys.readouterr().out
    assert "more findings" not in out
    told = [line for line in out.splitlines() if line.startswith("finding")]
    assert len(told) == 1
    assert " @ enrollments.csv:2.ending, and 17 more rows: 3–19 (" in told[0]
    assert main(["check", store, "--json"]) == 0
    findings = json.loads(capsys.readouterr().out)["findings"]
    assert len([one for one in findings if one["where"].endswith(".ending")]) == 18
    assert main(["check", store]) == 0
    assert "e0].ending, and 17 more rows: e1, " in capsys.readouterr().out


def test_eighteen_references_to_nothing_are_one_line(folder, tmp_path, capsys):
    """What is refused is folded as what is found."""
    (folder / "people.csv").write_text("id,registered_on\np0,2020-01-01\n")
    assert main(["import", str(folder), "--into", str(tmp_path / "facts.db")]) == 1
    (told,) = capsys.readouterr().err.splitlines()
    assert " @ enrollments.csv:3.person, and 16 more rows: 4–19 (" in told
