"""Groups that a list calls by names, such as "Tampere 1", and the last days that it has of them."""

from datetime import date

import pytest

from osallisuus.errors import DefinitionError
from osallisuus.ingest.mapping_toml import read_mapping
from osallisuus.rules.references import undefined_references
from tests.ingest.workbooks import CANARY, mapping, problems, put, read, workbook

HEADINGS = ["Nimi", "Ryhmä", "Alkoi", "Viimeinen kerta", date(2020, 2, 3), "10.2.2020"]
ROWS = [
    [CANARY, "Tampere 1", date(2020, 1, 1), "31.5.2020", "x", "x"],
    ["Toinen Ihminen", " TAMPERE  1", date(2020, 1, 1), "31.5.2020", "x", None],
    ["Kolmas Ihminen", "Jyväskylä", date(2020, 1, 8), None, "x", "x"],
]
MAPPING = """
dates = ["d.m.yyyy"]

[[sheet]]
name = "Lista"

[[sheet.fact]]
table = "people"
id = { pseudonym = ["Nimi"] }
registered_on = "Alkoi"

[[sheet.fact]]
table = "groups"
id = { heading = "Ryhmä", codes = "groups" }
program = { value = "wertzu" }
program_version = { value = "1" }
kind = { value = "group_training" }
starts_on = "Alkoi"
ends_on = { heading = "Viimeinen kerta", last_day = true }

[[sheet.fact]]
table = "sessions"
over = ["@dates"]
id = { join = ["s", "@Ryhmä", "@heading"], codes = "groups" }
group = { heading = "Ryhmä", codes = "groups" }
kind = { value = "group_session" }
starts_at = { heading = "@heading", at = "17:00" }
minutes = { value = 120 }
status = { value = "held" }

[[sheet.fact]]
table = "attendance"
over = ["@dates"]
id = { join = ["@session", "@person"] }
session = { join = ["s", "@Ryhmä", "@heading"], codes = "groups" }
person = { pseudonym = ["Nimi"] }
status = { heading = "@cell", codes = "marks" }

[codes.groups]
"Tampere 1" = "tampere-1"
"Jyväskylä" = "jyvaskyla-1"

[codes.marks]
x = "present"
"""


@pytest.fixture
def path(tmp_path):
    return workbook(tmp_path / "list.xlsx", ROWS, headings=HEADINGS)


def nowhere(table, ids):
    """A store that holds nothing."""
    return set()


def test_a_list_of_codes_makes_ids_of_the_names_of_groups(path):
    """Of ids, of references and of the parts of joined ids alike: they all find each other."""
    batch = read(path, mapping(MAPPING)).batch
    assert batch.problems == ()
    assert undefined_references(batch, nowhere) == []
    assert {one.id for one in batch.rows["groups"]} == {"tampere-1", "jyvaskyla-1"}
    assert {(one.id, one.group) for one in batch.rows["sessions"]} == {
        ("s-tampere-1-2020-02-03", "tampere-1"),
        ("s-tampere-1-2020-02-10", "tampere-1"),
        ("s-jyvaskyla-1-2020-02-03", "jyvaskyla-1"),
        ("s-jyvaskyla-1-2020-02-10", "jyvaskyla-1"),
    }
    assert len(batch.rows["attendance"]) == 5


def test_people_stay_pseudonyms_beside_codes(path):
    """A list of codes in the same mapping changes nothing of who is who."""
    ids = {one.id for one in read(path, mapping(MAPPING)).batch.rows["people"]}
    assert len(ids) == 3
    assert all(one.startswith("p-") for one in ids)


def test_a_name_that_the_list_of_codes_does_not_have_is_told_by_its_cell(path):
    """Once for a cell, however many facts are made of it."""
    found = problems(path, mapping(MAPPING.replace('"Jyväskylä" = "jyvaskyla-1"', "")))
    assert set(found) == {"list.xlsx Lista!B4"}
    assert "[codes.groups]" in found["list.xlsx Lista!B4"].remedy


def test_without_codes_a_name_is_no_id_and_the_remedy_names_them(path):
    """A space, or a letter that no id has."""
    text = MAPPING.replace('{ heading = "Ryhmä", codes = "groups" }', '"Ryhmä"')
    found = problems(path, mapping(text))
    assert {place for place in found if "B" in place} == {
        f"list.xlsx Lista!B{n}" for n in (2, 3, 4)
    }
    assert "codes = …" in found["list.xlsx Lista!B2"].remedy


def test_join_alone_makes_an_id_of_a_name_with_a_space(tmp_path):
    """Tampere 1 becomes Tampere1, where the letters are those of an id."""
    text = MAPPING.replace('{ heading = "Ryhmä", codes = "groups" }', '{ join = ["@Ryhmä"] }')
    text = text.replace(', codes = "groups"', "")
    path = workbook(tmp_path / "list.xlsx", ROWS[:1], headings=HEADINGS)
    batch = read(path, mapping(text)).batch
    assert [one.id for one in batch.rows["groups"]] == ["Tampere1"]
    assert undefined_references(batch, nowhere) == []


@pytest.mark.parametrize(
    "source",
    ['{ heading = "@sheet", codes = "groups" }', '{ join = ["@sheet"], codes = "groups" }'],
)
def test_a_sheet_for_each_group_is_a_group_by_its_name(tmp_path, source):
    """Its name is looked up like any other word; one that is not there is told."""

    def more(made, sheet):
        put(made, made.add_worksheet("Jyväskylä"), 0, ["Alkoi"])
        put(made, made.worksheets()[1], 1, [date(2020, 1, 8)])

    path = workbook(
        tmp_path / "list.xlsx",
        [[date(2020, 1, 1)]],
        headings=["Alkoi"],
        name="Tampere 1",
        more=more,
    )
    text = f"""
        [[sheet]]
        name = "*"
        [[sheet.fact]]
        table = "groups"
        id = {source}
        program = {{ value = "wertzu" }}
        program_version = {{ value = "1" }}
        kind = {{ value = "group_training" }}
        starts_on = "Alkoi"
        [codes.groups]
        "tampere 1" = "tampere-1"
    """
    assert set(problems(path, mapping(text))) == {"list.xlsx sheet 2!A2"}
    batch = read(path, mapping(text + '"jyväskylä" = "j1"')).batch
    assert [one.id for one in batch.rows["groups"]] == ["tampere-1", "j1"]


def test_codes_stand_for_values_of_any_kind(tmp_path):
    """Also for a text, a number and a day: half a day can be 240 minutes."""
    text = """
        [[sheet]]
        name = "Lista"
        [[sheet.fact]]
        table = "groups"
        id = "Nro"
        program = { value = "wertzu" }
        program_version = { value = "1" }
        kind = { value = "group_training" }
        place = { heading = "Paikka", codes = "places" }
        starts_on = { heading = "Kausi", codes = "seasons" }
        capacity = { heading = "Koko", codes = "sizes" }
        [codes.places]
        tre = "Tampere"
        [codes.seasons]
        "kevät 2020" = "2020-01-07"
        [codes.sizes]
        pieni = "6"
    """
    path = workbook(
        tmp_path / "list.xlsx",
        [["g1", "TRE", "Kevät 2020", "pieni"]],
        headings=["Nro", "Paikka", "Kausi", "Koko"],
    )
    (group,) = read(path, mapping(text)).batch.rows["groups"]
    assert (group.place, group.starts_on, group.capacity) == ("Tampere", date(2020, 1, 7), 6)


WRONG = {
    "a person's id": (
        'id = { pseudonym = ["Nimi"] }',
        'id = { heading = "Kuka", codes = "groups" }',
        "who is who",
    ),
    "a reference to a person": (
        'person = { pseudonym = ["Nimi"] }',
        'person = { heading = "Kuka", codes = "groups" }',
        "who is who",
    ),
    "a pseudonym": (
        'person = { pseudonym = ["Nimi"] }',
        'person = { pseudonym = ["Nimi"], codes = "groups" }',
        "who is who",
    ),
    "a constant": (
        'kind = { value = "group_training" }',
        'kind = { value = "group_training", codes = "marks" }',
        "nothing is looked up",
    ),
    "a join without cells": (
        'id = { join = ["@session", "@person"] }',
        'id = { join = ["@session", "@person"], codes = "marks" }',
        "nothing is looked up",
    ),
    "an id with a space": ('= "tampere-1"', '= "Tampere 1"', "holds what this column cannot"),
    "a last day that began": (
        'starts_on = "Alkoi"',
        'starts_on = { heading = "Alkoi", last_day = true }',
        "the day after the last",
    ),
    "a last day that is none": (
        'ends_on = { heading = "Viimeinen kerta", last_day = true }',
        'ends_on = { value = "2020-05-31", last_day = true }',
        "the day after the last",
    ),
}


@pytest.mark.parametrize("kind", WRONG)
def test_codes_and_last_days_that_would_not_be_heeded_are_refused(kind):
    """With what would work; nothing in a mapping is silently passed over."""
    old, new, what = WRONG[kind]
    assert old in MAPPING
    with pytest.raises(DefinitionError) as caught:
        read_mapping(MAPPING.replace(old, new).encode(), "map.toml")
    assert all(what in one.what and one.remedy for one in caught.value.problems)


def test_a_last_day_of_the_list_is_the_day_before_ends_on(path):
    """A period does not hold its ends_on; without last_day the cell is that day itself."""
    ends = {one.id: one.ends_on for one in read(path, mapping(MAPPING)).batch.rows["groups"]}
    assert ends == {"tampere-1": date(2020, 6, 1), "jyvaskyla-1": None}
    batch = read(path, mapping(MAPPING.replace(", last_day = true", ""))).batch
    assert {one.ends_on for one in batch.rows["groups"]} == {date(2020, 5, 31), None}


def test_a_number_that_is_joined_into_a_persons_id_may_not_be_a_name(tmp_path):
    """The rule for pseudonyms that somebody typed holds for joined ones too."""
    text = MAPPING.replace('id = { pseudonym = ["Nimi"] }', 'id = { join = ["p", "@Kuka"] }')
    text = text[: text.index('[[sheet.fact]]\ntable = "groups"')] + text[text.index("[codes") :]
    rows = [["JussiVirta", date(2020, 1, 1)], ["17", date(2020, 1, 1)]]
    path = workbook(tmp_path / "list.xlsx", rows, headings=["Kuka", "Alkoi"])
    assert set(problems(path, mapping(text))) == {"list.xlsx Lista!A2"}
    assert [one.id for one in read(path, mapping(text)).batch.rows["people"]] == ["p-17"]
