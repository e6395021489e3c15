from __future__ import annotations

import csv
import io
from typing import get_args

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from osallisuus.exporters.csv import _MARKS, CsvExporter, ExcelCsvExporter, guard, unguard
from osallisuus.metrics.plain import Measure, Status
from osallisuus.reports.document import Document, Table, clean_text
from osallisuus.words import Words
from tests.metrics.figures import ALL_CLOSED
from tests.reports.sample import document, hidden, hostile, share, undefined

FORMULAS = (
    "=1+1",
    "=cmd|'/c calc'!A0",
    "+1",
    "-1+1",
    "@SUM(1)",
    "\t=1",
    "\r=1",
    "\n=1",
    " =1",
    "\u00a0=1",
    "\uff1d1+1",
    "'=1",
    "''=1",
    "' =1",
    '=HYPERLINK("x")',
    "-",
    "=",
)


def rows(report: Document) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(CsvExporter().render(report).decode(), newline="")))


def one(figure, caption: str = "t") -> dict[str, str]:
    (row,) = rows(Document(title="", locale="fi", blocks=(Table(caption, ("",), ((figure,),)),)))
    return row


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_spreadsheet_takes_a_guarded_text_for_a_formula(formula):
    assert guard(formula).startswith("'")
    assert unguard(guard(formula)) == formula


@given(st.text(st.sampled_from("'=+-@\t\r\n a1\uff1d\u00a0"), max_size=6) | st.text())
def test_guarding_has_an_exact_inverse_and_never_leaves_a_formula(text):
    assert unguard(guard(text)) == text
    assert not guard(text).lstrip().startswith(tuple("=+-@\uff1d\uff0b\uff0d\uff20"))


@pytest.mark.parametrize("text", ["Verna", "it's", "'quoted'", "3 %", "a=b", "(not stated)", ""])
def test_ordinary_text_is_left_alone(text):
    assert guard(text) == text


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_formula_in_any_slot_is_guarded_and_can_be_read_back(formula):
    found = rows(hostile(formula))
    assert found
    for row in found:
        for name, value in row.items():
            number = name in {"value", "low", "high", "k", "n", "at", "persons"}
            assert number or not value.lstrip().startswith(tuple("=+-@\uff1d"))
        assert unguard(row["name"]) == clean_text(formula)
        assert unguard(row["table"]) == clean_text(formula)


def test_numbers_are_for_machines_and_negative_ones_stay_numbers():
    row = one(evolve(share("a", 1, 3), measure="mean", value=-1234.5))
    assert row["value"] == "-1234.5"
    assert float(row["low"]) == share("a", 1, 3).low


def test_a_hidden_figure_is_a_row_with_its_status_and_no_number():
    row = one(hidden("completed", group__place="Kotka"))
    assert row["status"] == "suppressed"
    assert row["name"] == "completed"
    numbers = "value low high k n persons at_risk censored reason notes".split()
    assert {row[name] for name in numbers} == {""}


def test_an_undefined_figure_is_a_row_with_its_reason():
    row = one(undefined("a", "no_cases"))
    assert (row["status"], row["reason"], row["value"]) == ("undefined", "no_cases", "")


def test_every_stratum_has_a_column_and_not_stated_differs_from_not_divided():
    figures = (
        evolve(share("a", 1, 3), strata={"group.place": None}),
        evolve(share("a", 1, 4), strata={"person.gender": "woman"}),
    )
    table = Table("t", ("",), tuple((figure,) for figure in figures))
    first, second = rows(Document(title="", locale="fi", blocks=(table,)))
    assert (first["group.place"], first["person.gender"]) == ("(not stated)", "")
    assert (second["group.place"], second["person.gender"]) == ("", "woman")


def test_a_figure_in_several_cells_and_in_the_chart_is_one_row():
    found = rows(document("fi"))
    keys = [
        tuple(row[name] for name in ("table", "metric", "name", "at", "period", "value"))
        for row in found
        if row["status"] == "shown"
    ]
    assert len(keys) == len(set(keys))


def test_the_file_has_one_head_and_every_row_its_width():
    lines = list(csv.reader(io.StringIO(CsvExporter().render(document("fi")).decode(), newline="")))
    assert {len(line) for line in lines} == {len(lines[0])}
    assert lines[0][:2] == ["table", "metric"]
    assert CsvExporter().render(document("fi")).count(b"\r\n") == len(lines)


# As Excel opens it ------------------------------------------------------------------------------


def for_excel(report: Document) -> list[dict[str, str]]:
    text = ExcelCsvExporter().render(report).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


@pytest.mark.parametrize(("locale", "decimal"), [("fi", ","), ("sv", ","), ("en", ".")])
def test_excel_gets_the_same_rows_with_the_decimal_sign_of_the_language(locale, decimal):
    """Numbers only: a text with a point in it keeps the point, and codes are words."""
    report = document(locale)
    plain, excel = rows(report), for_excel(report)
    assert len(plain) == len(excel)
    numbers = {"value", "low", "high", "censored"}
    same = {"table", "period", "at", "k", "n", "persons", "at_risk", "definition", "as_of"}
    for one, other in zip(plain, excel, strict=True):
        for (name, value), shown in zip(one.items(), other.values(), strict=True):
            if name in numbers | same:
                assert shown == (value.replace(".", decimal) if name in numbers else value)
            else:
                assert bool(shown) == bool(value)
    assert any(decimal in row[Words(locale)("csv.value")] for row in excel)


@pytest.mark.parametrize(
    ("locale", "first", "place"),
    [
        ("fi", ["taulukko", "mittari"], "paikka"),
        ("sv", ["tabell", "mått"], "plats"),
        ("en", ["table", "metric"], "group.place"),
    ],
)
def test_the_columns_are_named_in_the_language_of_the_report(locale, first, place):
    by_place = evolve(share("completed", 28, 41), strata={"group.place": "Helsinki"})
    table = Table("c", ("a", "b"), (("x", by_place),))
    content = ExcelCsvExporter().render(Document(title="t", locale=locale, blocks=[table]))
    heads = content.decode("utf-8-sig").splitlines()[0].split(";")
    assert heads[:2] == first
    assert heads[2].casefold() == place
    assert len(set(heads)) == len(heads)


@pytest.mark.parametrize(
    ("locale", "heads", "cells"),
    [
        ("fi", "mittari mitä suure tila menetelmä",
         ["Ohjelman läpikäyminen", "Käynyt loppuun", "osuus", "näkyvissä",
          "Osuuden Wilsonin väli"]),
        ("sv", "mått vad storhet status metod",
         ["Att slutföra verksamheten", "Slutförde", "andel", "visas", "Wilsons intervall för en andel"]),
        ("en", "metric name measure status method",
         ["Completing the programme", "Completed", "share", "shown", "Wilson interval for a share"]),
    ],
)  # fmt: skip
def test_people_read_words_where_programs_read_codes(locale, heads, cells):
    """The codes are those of the form for programs, which has no language."""
    figures = (evolve(ALL_CLOSED, strata={"group.place": None}), ALL_CLOSED.suppressed())
    report = Document(
        title="t", locale=locale, blocks=[Table("c", ("a",), [(one,) for one in figures])]
    )
    shown, hidden = for_excel(report)
    assert [shown[head] for head in heads.split()] == cells
    assert Words(locale)("cell.not_stated") in shown.values()
    assert Words(locale)("mark.hidden_word") in hidden.values()
    assert "suppressed" not in hidden.values()
    codes = [rows(report)[0][name] for name in "metric name measure status method".split()]
    assert codes == ["completion", "completed", "proportion", "shown", "wilson"]


@pytest.mark.parametrize("locale", ["fi", "sv", "en"])
def test_every_measure_and_status_has_a_word(locale):
    words = Words(locale)
    assert all(f"measure.{measure}" in words for measure in get_args(Measure))
    assert all(f"mark.{_MARKS[status]}_word" in words for status in get_args(Status))


def test_excel_is_told_the_encoding_and_the_parting_sign():
    content = ExcelCsvExporter().render(document("fi"))
    assert content.startswith(b"\xef\xbb\xbftaulukko;mittari;")
    assert content.decode("utf-8-sig").endswith("\r\n")


@pytest.mark.parametrize("formula", [*FORMULAS, "=1;2", "a;b"])
def test_excel_takes_no_text_for_a_formula_or_for_two_cells(formula):
    for row in for_excel(hostile(formula)):
        assert unguard(row["name"]) == clean_text(formula)
        assert not row["table"].lstrip().startswith(tuple("=+-@\uff1d"))


def test_an_internal_file_for_excel_says_so_in_every_row():
    content = ExcelCsvExporter().render(document("fi", internal=True)).decode("utf-8-sig")
    assert all(line.endswith(";INTERNAL") for line in content.splitlines())
