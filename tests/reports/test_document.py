from __future__ import annotations

from unicodedata import category

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from osallisuus.errors import DefinitionError
from osallisuus.reports.document import (
    Chart,
    Document,
    Heading,
    Note,
    Series,
    Shown,
    Table,
    clean_text,
)
from tests.reports.sample import document, hidden, share


def test_a_suppressed_figure_enters_a_table_without_any_number():
    careless = hidden("completed")
    table = Table("t", ("a", "b", "c"), (("x", careless, Shown(careless, "interval")),))
    (figure,) = table.figures
    assert figure == careless.suppressed()
    assert figure.value is figure.low is figure.k is figure.at_risk is None


def test_a_suppressed_figure_enters_a_chart_without_any_number():
    series = Series("x", (hidden("completed"),))
    assert series.figures == (hidden("completed").suppressed(),)


def test_a_figure_shown_in_several_cells_is_one_figure():
    figure = share("completed", 28, 41)
    other = share("left", 5, 41)
    table = Table("t", ("", "", ""), (("x", figure, Shown(figure, "cases")), ("y", other, "")))
    assert table.figures == (figure, other)


def test_a_row_that_does_not_fit_its_columns_is_refused_with_its_place():
    with pytest.raises(DefinitionError, match="2 cells under 1 columns @ table row 2"):
        Table("t", ("a",), (("x",), ("y", 1)))


@pytest.mark.parametrize("level", [0, 4])
def test_a_heading_of_no_level_is_refused(level):
    with pytest.raises(DefinitionError, match="no such level"):
        Heading(level, "x")


def test_an_unknown_kind_of_note_or_chart_is_refused_with_the_nearest():
    with pytest.raises(DefinitionError, match="did you mean 'warning'"):
        Note("warnin", "x")  # type: ignore[arg-type]
    with pytest.raises(DefinitionError, match="did you mean 'bars'"):
        Chart("bar", "", "", (), Table("", (), ()))  # type: ignore[arg-type]


def test_a_bar_stands_for_exactly_one_figure():
    two = Series("x", (share("a", 1, 2), share("b", 1, 2)))
    with pytest.raises(DefinitionError, match="exactly one figure"):
        Chart("bars", "", "", (two,), Table("", (), ()))


def test_a_point_of_a_curve_needs_its_day():
    line = Series("x", (share("a", 1, 2),))
    with pytest.raises(DefinitionError, match="no day"):
        Chart("curve", "", "", (line,), Table("", (), ()))


def test_a_document_is_internal_until_somebody_says_otherwise():
    assert Document(title="x", locale="fi", blocks=()).internal


def test_equal_reports_are_equal_values():
    assert document("fi") == document("fi")
    assert evolve(document("fi"), title="x") != document("fi")


@given(st.text(st.characters(exclude_categories=())))
def test_cleaned_text_can_always_be_written_and_is_clean(text):
    cleaned = clean_text(text)
    cleaned.encode()
    assert clean_text(cleaned) == cleaned
    unprintable = [char for char in cleaned if category(char) in {"Cc", "Cs", "Zl", "Zp"}]
    assert set(unprintable) <= {"\t", "\n"}


def test_ordinary_text_and_its_line_breaks_stay_as_they_are():
    text = "Äiti & <tytär>: 3 %\n\t”vertaisuus” 👩‍🦰 – naiset"
    assert clean_text(text) == text


def test_direction_overrides_cannot_turn_a_text_around():
    assert clean_text("abc\u202ecba") == "abc\ufffdcba"
