"""A proposed mapping is text to look through: it fits once it is filled in, and repeats no cell."""

from datetime import date

import pytest

from osallisuus.errors import DefinitionError
from osallisuus.ingest.guess import guess_mapping
from osallisuus.ingest.mapping_toml import read_mapping
from osallisuus.register import program_named
from osallisuus.rules.references import undefined_references
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
    assert all("FILL IN still stands" in one.what for one in caught.value.problems)


def test_what_is_left_to_fill_in_is_told_once_with_its_line(path):
    """As that, and not as a wrong value."""
    text = guess_mapping(path, program=program_named("wertzu"))
    with pytest.raises(DefinitionError) as caught:
        read_mapping(text.encode(), "map.toml", program_named("wertzu"))
    lines = text.splitlines()
    numbers = [int(one.what.rpartition(" ")[2]) for one in caught.value.problems]
    assert [number for number, line in enumerate(lines, 1) if '"FILL IN"' in line] == numbers
    assert len({one.where for one in caught.value.problems}) == len(numbers) == 3
    for problem, number in zip(caught.value.problems, numbers, strict=True):
        assert lines[number - 1].startswith(problem.where.rpartition(".")[2])


def test_a_heading_and_a_pseudonym_can_be_left_open_too():
    """Wherever the words stand, their place is told."""
    text = """
    [[sheet]]
    name = "Lista"
    [[sheet.fact]]
    table = "people"
    id = { pseudonym = ["FILL IN"] }
    registered_on = "FILL IN" # not "FILL IN"
    """
    with pytest.raises(DefinitionError) as caught:
        read_mapping(text.encode(), "map.toml")
    assert [(one.where, one.what) for one in caught.value.problems] == [
        ("map.toml:sheet[0].fact[0].id.pseudonym[0]", "FILL IN still stands in line 6"),
        ("map.toml:sheet[0].fact[0].registered_on", "FILL IN still stands in line 7"),
    ]


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


def test_a_group_in_a_sheet_of_marks_is_the_group_of_its_sessions(tmp_path):
    """By a list of codes that is still to be written, for the proposal repeats no cell."""
    rows = [["A", "Tampere 1", "x"], ["B", "Tampere 1", "x"], ["C", "Jyväskylä", "x"]]
    path = workbook(tmp_path / "list.xlsx", rows, headings=["Nimi", "Ryhmä", date(2020, 2, 3)])
    text = guess_mapping(path, program=program_named("wertzu"))
    assert "Jyväskylä" not in text
    text = filled_in(text).replace('starts_on = { value = "FILL IN" }', "")
    assert set(problems(path, read_mapping(text.encode(), "map.toml"))) == {"list.xlsx Lista!B4"}
    text = text.replace("[codes.groups]", '[codes.groups]\n"Jyväskylä" = "jyvaskyla-1"')
    batch = read(path, read_mapping(text.encode(), "map.toml")).batch
    assert batch.problems == ()
    missing = undefined_references(batch, lambda table, ids: set())
    assert {one.what for one in missing} == {"no row of people defines this id"}  # nor any other
    assert {one.group for one in batch.rows["sessions"]} == {"tampere-1", "jyvaskyla-1"}


def test_a_sheet_of_groups_is_one_and_its_last_day_is_said(tmp_path):
    """A sheet that knows groups and no people makes groups, also for the other sheets."""

    def more(made, sheet):
        people = made.add_worksheet("Ihmiset")
        put(made, people, 0, ["Nro", "Ryhmä", "Aloitti"])
        put(made, people, 1, [1, "Tampere 1", date(2020, 2, 1)])
        marks = made.add_worksheet("Läsnä")
        put(made, marks, 0, ["Nro", "Ryhmä", date(2020, 2, 3)])
        put(made, marks, 1, [1, "Tampere 1", "x"])

    headings = ["Ryhmä", "Paikkakunta", "Alkoi", "Päättyi"]
    rows = [["Tampere 1", "Tampere", date(2020, 1, 1), date(2020, 5, 31)]]
    path = workbook(tmp_path / "list.xlsx", rows, headings=headings, more=more)
    text = guess_mapping(path, program=program_named("wertzu"))
    assert "a group ends on the day after its last one" in text
    assert text.count('table = "groups"') == 1
    text = filled_in(text)
    batch = read(path, read_mapping(text.encode(), "map.toml")).batch
    assert batch.problems == ()
    (group,), (enrollment,) = batch.rows["groups"], batch.rows["enrollments"]
    assert (group.id, group.place, group.ends_on) == ("tampere-1", "Tampere", date(2020, 6, 1))
    assert enrollment.group == "tampere-1"


COSTS = [
    ("Ryhmä", "Alkamispäivä", "Päättymispäivä", "Kulut (€)", "Ohjaaja"),
    ("Ryhmän nimi", "Aloituspäivä", "Viimeinen päivä", "Kustannukset", "Ryhmän ohjaajat"),
    ("Grupp", "Startdag", "Slutdag", "Kostnader (€)", "Ledare"),
    ("Group", "First day", "Last day", "Costs", "Instructor's name"),
]


@pytest.mark.parametrize("headings", COSTS, ids=lambda one: one[3])
def test_a_sheet_of_groups_with_its_costs_needs_nothing_filled_in(tmp_path, headings):
    """Days, costs and who leads are known by their headings in each language."""
    rows = [
        ["Tampere 1", date(2020, 1, 1), date(2020, 5, 31), "1\u00a0234,50", CANARY],
        ["Lahti 1", date(2020, 2, 1), date(2020, 6, 30), None, CANARY],
    ]
    path = workbook(tmp_path / "list.xlsx", rows, headings=headings)
    text = guess_mapping(path, program=program_named("wertzu"))
    assert f'ignore = ["{headings[4]}"]  # names of those who work' in text
    assert '"FILL IN"' not in text
    text = text.replace("[codes.groups]", '[codes.groups]\n"Lahti 1" = "lahti-1"')
    batch = read(path, read_mapping(text.encode(), "map.toml")).batch
    assert batch.problems == ()
    assert [one.starts_on for one in batch.rows["groups"]] == [date(2020, 1, 1), date(2020, 2, 1)]
    (cost,) = batch.rows["costs"]
    assert (cost.group, cost.cents, cost.happened_on) == ("tampere-1", 123450, date(2020, 1, 1))


def test_where_days_stand_that_nobody_knows_the_question_is_which(tmp_path):
    """And not which day is that of all groups."""
    rows = [["Tampere 1", date(2020, 1, 1), date(2020, 5, 31)]]
    path = workbook(tmp_path / "list.xlsx", rows, headings=["Ryhmä", "Kausi A", "Kausi B"])
    text = guess_mapping(path, program=program_named("wertzu"))
    assert "of all groups here" not in text
    asked = '{ heading = "FILL IN" }  # which column has the first day: "Kausi A", "Kausi B"'
    assert f"starts_on = {asked}" in text
    text = text.replace("FILL IN", "Kausi A")  # the other one is left to be ignored or used
    assert set(problems(path, read_mapping(text.encode(), "map.toml"))) == {"list.xlsx Lista!C1"}


def test_a_group_that_no_sheet_tells_of_is_left_for_later(tmp_path):
    """An enrolment would name a group that nobody defines."""
    path = workbook(tmp_path / "list.xlsx", [["A", "Tampere 1", date(2020, 1, 1)]],
                    headings=["Nimi", "Ryhmä", "Aloitti"])  # fmt: skip
    assert '\n# group = { heading = "Ryhmä", codes = "groups" }' in guess_mapping(path)


def test_every_column_is_used_or_named_as_unused(tmp_path):
    """So that nobody wonders where a column went."""
    headings = ["Nimi", "Nro", "Paikkakunta", "Aloitti", "Alkupvm", "Ikä"]
    rows = [["A", 1, "Tampere", date(2020, 1, 1), date(2020, 1, 1), 40]]
    path = workbook(tmp_path / "list.xlsx", rows, headings=headings)
    text = guess_mapping(path)
    for letter, heading in (("B", "Nro"), ("C", "Paikkakunta"), ("E", "Alkupvm"), ("F", "Ikä")):
        assert f'# column {letter}, "{heading}", is not ' in text
    assert 'started_on = "Aloitti"' in text
