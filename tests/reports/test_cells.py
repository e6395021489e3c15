from __future__ import annotations

from datetime import date

import pytest
from attrs import evolve

from osallisuus.reports.cells import explaining_table, written_table
from osallisuus.reports.document import Cell, Document, Hidden, Shown, Table
from osallisuus.time import Period
from osallisuus.words import Words
from tests.reports.sample import SECRET, count, hidden, share, undefined

FI, EN = Words("fi"), Words("en")
FIGURE = evolve(share("completed", 28, 41), at_risk=30, censored=0.125)


def written(cell: Cell, words: Words = EN) -> str:
    """The one cell of a table, with its footnote letters."""
    return written_table(Table("", ("",), ((cell,),)), words).rows[0][0].with_marks


def test_a_figure_shows_its_value_with_its_interval():
    assert written(FIGURE, FI) == "68\u00a0% (53–80\u00a0%)"
    assert written(FIGURE, EN) == "68% (53–80%)"


@pytest.mark.parametrize(
    ("view", "text"),
    [
        ("value", "68%"),
        ("interval", "53–80%"),
        ("both", "68% (53–80%)"),
        ("cases", "28 of 41"),
        ("k", "28"),
        ("n", "41"),
        ("persons", "41"),
        ("at_risk", "30"),
        ("censored", "13%"),
    ],
)
def test_each_view_of_a_figure_shows_one_face_of_it(view, text):
    assert written(Shown(FIGURE, view)) == text


def test_a_full_count_has_no_interval_beside_it():
    assert written(count("persons", 1234)) == "1,234"


@pytest.mark.parametrize(
    ("measure", "values", "english", "finnish"),
    [
        ("mean", (3.25, 2.0, 4.5), "3.3 (2.0–4.5)", "3,3 (2,0–4,5)"),
        ("days", (97.5, 90.2, 101.9), "98 days (90–102)", "98 päivää (90–102)"),
        ("days", (1, None, None), "1 day", "1 päivä"),
        ("days", (97, 90, None), "97 days (at least 90)", "97 päivää (vähintään 90)"),
        ("days", (97, None, 99), "97 days (at most 99)", "97 päivää (enintään 99)"),
        ("hours", (12.5, 10.0, 14.0), "12.5 hours (10.0–14.0)", "12,5 tuntia (10,0–14,0)"),
        ("rate", (3.2, 2.5, 4.1), "3.2 per 30 days (2.5–4.1)", "3,2 / 30 päivää (2,5–4,1)"),
        ("money", (1234.5, 900, 1800), "€1,235 (900–1,800)", "1~235~€ (900–1~800)"),
        ("money", (9.5, None, None), "€9.50", "9,50~€"),
        ("change", (1.4, -0.3, 3.1), "+1.4 (−0.3 – +3.1)", "+1,4 (−0,3 – +3,1)"),
        ("change", (0.0, -1.0, 1.0), "0.0 (−1.0 – +1.0)", "0,0 (−1,0 – +1,0)"),
        (
            "difference",
            (-0.05, -0.2, 0.1),
            "−5 percentage points (−20 – +10)",
            "−5 prosenttiyksikköä (−20 – +10)",
        ),
        ("difference", (0.01, None, None), "+1 percentage point", "+1 prosenttiyksikkö"),
        ("hours", (None, 10.0, 14.0), "10.0–14.0 hours", "10,0–14,0 tuntia"),
    ],
)
def test_every_measure_is_written_with_its_unit_digits_and_sign(measure, values, english, finnish):
    value, low, high = values
    figure = evolve(FIGURE, measure=measure, value=value, low=low, high=high)
    assert written(figure) == english
    assert written(figure, FI) == finnish.replace("~", "\u00a0")


@pytest.mark.parametrize("view", ["value", "interval", "cases", "k", "n", "persons", "at_risk"])
def test_a_hidden_figure_is_the_one_mark_in_every_view_and_brings_no_footnote(view):
    table = written_table(Table("", ("",), ((Shown(hidden("completed"), view),),)), EN)
    assert table.rows[0][0].with_marks == "··"
    assert table.footnotes == ()


def test_the_text_of_a_hidden_figure_does_not_depend_on_what_was_hidden():
    others = (evolve(hidden("x"), value=value, k=value, reason="r") for value in (0, 1, SECRET))
    assert {written(figure) for figure in others} == {"··"}


def test_an_undefined_figure_is_a_dash_whose_footnote_says_why():
    table = written_table(Table("", ("",), ((undefined("x", "nobody_at_risk"),),)), EN)
    assert table.rows[0][0].with_marks == "– [a]"
    assert table.footnotes == (("a", "Nobody can be followed as far as this day."),)


def test_a_face_that_a_figure_does_not_have_is_a_dash_with_its_reason():
    table = written_table(Table("", ("",), ((Shown(count("x", 3), "interval"),),)), EN)
    assert table.rows[0][0].text == "–"
    assert table.footnotes == (("a", EN("reason.not_applicable")),)


def test_footnotes_are_lettered_by_first_use_and_shared():
    rows = (
        (share("x", 5, 7, notes=("few_clusters",)),),
        (undefined("x", "no_cases"),),
        (share("x", 4, 7, notes=("few_clusters", "small_numbers")),),
    )
    table = written_table(Table("", ("",), rows), EN)
    assert [row[0].marks for row in table.rows] == [("a",), ("b",), ("a", "c")]
    assert [letter for letter, _ in table.footnotes] == ["a", "b", "c"]


def test_what_is_noted_of_every_row_is_said_once_below_and_marks_none():
    """Fourteen themes need no fourteen marks; the letters of the rest begin at a."""
    rows = (
        ("one", share("x", 5, 7, notes=("few_clusters", "small_numbers"))),
        ("two", share("x", 4, 7, notes=("few_clusters",))),
    )
    table = written_table(Table("", ("", ""), rows, (EN("note.few_clusters"),)), EN)
    assert [row[1].marks for row in table.rows] == [("a",), ()]
    assert table.notes == (EN("note.few_clusters"),)
    assert table.footnotes == (("a", EN("note.small_numbers")),)


def test_what_is_noted_of_one_row_alone_or_of_a_row_without_a_figure_keeps_its_mark():
    """A hidden or undefined figure has no such note, so that the note is not of all rows."""
    noted = share("x", 5, 7, notes=("few_clusters",))
    for rows in (((noted,),), ((noted,), (hidden("x"),)), ((undefined("x", "no_cases"),),) * 2):
        table = written_table(Table("", ("",), rows), EN)
        assert table.rows[0][0].marks == ("a",)
        assert table.notes == ()


def test_footnotes_go_on_after_the_last_letter():
    rows = tuple((undefined("x", f"reason_{number}"),) for number in range(28))
    letters = [letter for letter, _ in written_table(Table("", ("",), rows), EN).footnotes]
    assert letters[24:] == ["y", "z", "aa", "ab"]
    assert len(set(letters)) == 28


def test_plain_values_are_written_by_the_language():
    assert written(12345, FI) == "12\u00a0345"
    assert written(2.5, FI) == "2,5"
    assert written(date(2019, 1, 31), FI) == "31.1.2019"
    assert written(Period(date(2018, 1, 1), date(2019, 1, 1)), FI) == "2018"


def test_a_column_is_numeric_only_when_all_its_cells_are_numbers():
    table = Table("", ("a", "b", "c"), (("x", 1, FIGURE), ("y", "not known", hidden("x"))))
    assert written_table(table, EN).numeric_columns == (False, False, True)


def test_an_empty_cell_does_not_turn_a_column_of_numbers_into_text():
    table = Table("", ("a", "b"), ((1, ""), ("", "")))
    assert written_table(table, EN).numeric_columns == (True, False)


def test_the_hidden_mark_is_explained_below_the_first_table_that_has_one():
    plain = Table("plain", ("",), ((FIGURE,),))
    first = Table("first", ("",), ((hidden("x"),),))
    second = Table("second", ("",), ((hidden("x"),),))
    report = Document(title="", locale="en", blocks=(plain, first, second))
    assert explaining_table(report) is first
    assert explaining_table(Document(title="", locale="en", blocks=(plain,))) is None
    assert written_table(first, EN, explain=True).notes == (EN("mark.hidden_meaning"),)


def test_a_number_that_is_hidden_without_a_figure_is_the_same_mark():
    """As a count in the table of a fund."""
    table = written_table(Table("", ("",), ((Hidden(),),)), EN)
    assert table.rows[0][0].text == "··"
    assert table.rows[0][0].missing
    assert table.footnotes == ()
