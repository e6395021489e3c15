"""A proposed mapping is text to look through: it fits once it is filled in, and repeats no cell."""

from datetime import date

import pytest

from osallisuus.errors import DefinitionError
from osallisuus.ingest.guess import guess_mapping
from osallisuus.ingest.mapping_toml import read_mapping
from tests.ingest.workbooks import CANARY, problems, put, read, workbook

HEADINGS = ["Nimi", "Puhelin", "Aloitti", "Päättyi", "Miten päättyi", "Mistä tuli", "Kengännumero"]
ROWS = [[CANARY, "050", date(2020, 2, 1), "1.5.2020", "Suoritti", "itse", 43.0]]


def filled_in(text):
    """What a person would do with it."""
    text = text.replace('program = { value = "FILL IN" }', 'program = { value = "wertzu" }')
    text = text.replace('kind = { value = "FILL IN" }', 'kind = { value = "weekly" }')
    text = text.replace('starts_on = { value = "FILL IN" }', 'starts_on = { value = "2020-01-01" }')
    text = text.replace('at = "FILL IN"', 'at = "17:00"')
    return text.replace('minutes = { value = "FILL IN" }', "minutes = { value = 120 }")


@pytest.fixture
def path(tmp_path):
    """A list below a merged title, a sheet of marks, and one with nothing like a list."""

    def more(made, sheet):
        sheet.merge_range(0, 0, 0, 3, "Osallistujat 2020")
        put(made, sheet, 2, HEADINGS)
        put(made, sheet, 3, ROWS[0])
        marks = made.add_worksheet("Läsnä")
        put(made, marks, 0, ["Nimi", date(2020, 2, 3), "10.2.2020"])
        put(made, marks, 1, [CANARY, "x", "poissa"])
        made.add_worksheet("Muuta").write(0, 0, CANARY)

    return workbook(tmp_path / "list.xlsx", [], headings=[None], more=more)


def test_a_proposal_is_refused_until_it_is_filled_in(path):
    """What only a person can know says so."""
    with pytest.raises(DefinitionError) as caught:
        read_mapping(guess_mapping(path).encode(), "map.toml")
    keys = {one.where.rpartition(".")[2] for one in caught.value.problems}
    assert keys == {"program", "kind", "starts_on", "minutes", "starts_at"}


def test_a_proposal_that_is_filled_in_fits(path):
    """But for the column that nobody knows, which it names and the plan asks about."""
    text = filled_in(guess_mapping(path))
    assert '# column G, "Kengännumero", is not known' in text
    assert set(problems(path, read_mapping(text.encode(), "map.toml"))) == {"list.xlsx Lista!G3"}
    text = text.replace('ignore = ["Puhelin"]', 'ignore = ["Puhelin", "Kengännumero"]')
    mapped = read(path, read_mapping(text.encode(), "map.toml"))
    assert mapped.batch.problems == ()
    assert {table: len(rows) for table, rows in mapped.batch.rows.items()} == {
        "people": 1, "groups": 1, "enrollments": 1, "sessions": 2, "attendance": 2,
    }  # fmt: skip
    (enrollment,) = mapped.batch.rows["enrollments"]
    assert (enrollment.ending, enrollment.channel) == ("completed", "self")
    assert [one.status for one in mapped.batch.rows["attendance"]] == ["present", "absent"]


def test_a_proposal_makes_pseudonyms_of_names_and_ignores_contacts(path):
    """And says on the line why."""
    text = guess_mapping(path)
    assert 'id = { pseudonym = ["Nimi"] }  # names are never stored; needs --key' in text
    assert 'ignore = ["Puhelin"]  # contacts' in text


def test_a_proposal_repeats_no_cell_but_headings(path):
    """Not in a comment either."""
    assert "anaria" not in guess_mapping(path)
    assert "050" not in guess_mapping(path)


def test_a_list_by_number_needs_no_key(tmp_path):
    """A column of numbers is a pseudonym already."""
    path = workbook(tmp_path / "list.xlsx", [["1", "1.2.2020"]], headings=["Nro", "Aloitti"])
    made = read_mapping(filled_in(guess_mapping(path)).encode(), "map.toml")
    assert not made.needs_key
    assert read(path, made).batch.rows["people"][0].id == "1"


def test_quotation_marks_in_headings_do_no_harm(tmp_path):
    """A heading is a text of TOML, whatever stands in it."""
    headings = ['Aloitti "virallisesti" \\ #1', "Nro"]
    path = workbook(tmp_path / "list.xlsx", [["1.2.2020", "1"]], headings=headings)
    made = read_mapping(filled_in(guess_mapping(path)).encode(), "map.toml")
    assert read(path, made).batch.problems == ()
