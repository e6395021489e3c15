"""A mapping is judged whole before a cell is read; it never stores a name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from osallisuus.errors import DefinitionError, StoreError
from osallisuus.ingest.mapping import is_personal
from osallisuus.ingest.mapping_toml import load_mapping, read_mapping
from osallisuus.ingest.pseudonyms import new_key, pseudonym, read_key, write_key
from tests.ingest.workbooks import KEY, MAPPING, mapping


def wrong(text):
    """The problems of a mapping by the key they are about."""
    with pytest.raises(DefinitionError) as caught:
        read_mapping(text.encode(), "map.toml")
    return {one.where.removeprefix("map.toml:"): one for one in caught.value.problems}


def spoiled(old, new):
    assert old in MAPPING
    return wrong(MAPPING.replace(old, new))


def test_the_good_mapping_is_good():
    """What the other tests spoil: one sheet, three facts, and pseudonyms."""
    made = mapping()
    assert [fact.table for fact in made.sheet[0].fact] == ["people", "enrollments", "costs"]
    assert made.needs_key
    assert made.sheet[0].headings == ("Aloitti", "Nimi", "Päättyi", "Miten", "Tunteja")


PERSON, START, ENDING = (
    'person = { pseudonym = ["Nimi"] }',
    'started_on = "Aloitti"',
    'codes = "endings"',
)
SPOILED = {
    "a name as an id": (PERSON, 'person = "Nimi"', "sheet[0].fact[1].person"),
    "a name as a code": (START, f'{START}\nchannel = "Sähköposti"', "sheet[0].fact[1].channel"),
    "a name in an id": ('join = ["e", "@person"]', 'join = ["e", "@Nimi"]', "sheet[0].fact[1].id"),
    "an unknown key": ("dates = [", "daets = [", "daets"),
    "an unknown table": ('table = "people"', 'table = "persons"', "sheet[0].fact[0].table"),
    "an unknown column": (START, 'started = "Aloitti"', "sheet[0].fact[1].started"),
    "a column left out": ('program_version = { value = "1" }\n', "", "sheet[0].fact[1].program_version"),
    "two sources": (PERSON, 'person = { pseudonym = ["Nimi"], value = "p1" }', "sheet[0].fact[1].person"),
    "no source": (PERSON, 'person = { empty = "p1" }', "sheet[0].fact[1].person"),
    "a bad value": ('value = "1" }', 'value = " " }', "sheet[0].fact[1].program_version"),
    "an unknown list": (ENDING, 'codes = "ending"', "sheet[0].fact[1].ending"),
    "a code that is none": ('"completed"', '"compleet"', "sheet[0].fact[1].ending"),
    "a list that is none": ('suoritti = "completed"', "suoritti = 1", "codes.endings"),
    "a word twice": ('"jäi pois"', '"Suoritti "', "codes.endings"),
    "a joined day": (START, 'started_on = { join = ["a"] }', "sheet[0].fact[1].started_on"),
    "a part that is not there": ('"@person"', '"@group"', "sheet[0].fact[1].id"),
    "a mark over nothing": (START, 'started_on = "@cell"', "sheet[0].fact[1].started_on"),
    "a multiplied day": (START, 'started_on = { heading = "Aloitti", times = 2 }', "sheet[0].fact[1].started_on"),
    "no format": ('"d.m.yyyy"', '"d.m.yy"', "dates[0]"),
    "no zone": ('decimal = ","', 'zone = "Helsinki"', "zone"),
    "no clock": (START, 'started_on = { heading = "Aloitti", at = "soon" }', "sheet[0].fact[1].started_on"),
    "a sheet without a name": ('name = "Lista"', "", "sheet[0].name"),
}  # fmt: skip


@pytest.mark.parametrize("kind", SPOILED)
def test_what_is_wrong_with_a_mapping_is_told_by_its_key(kind):
    """With what would help."""
    old, new, key = SPOILED[kind]
    found = spoiled(old, new)
    assert set(found) == {key}
    assert found[key].remedy


@pytest.mark.parametrize("codes", ["5", "[]", '"endings"', "true"])
def test_codes_that_are_no_lists_are_refused(codes):
    """They are not passed over, also where no column asks for them."""
    text = MAPPING[: MAPPING.index("[codes")].replace(ENDING, 'empty = "left"')
    found = wrong(f"codes = {codes}\n{text}")
    assert set(found) == {"codes"}
    assert "[codes." in found["codes"].remedy


def test_everything_wrong_with_a_mapping_is_told_at_once():
    """Also in several facts."""
    text = MAPPING.replace(PERSON, 'person = "Nimi"').replace('"completed"', '"compleet"')
    assert set(wrong(text.replace('table = "people"', 'table = "persons"'))) == {
        "sheet[0].fact[1].person", "sheet[0].fact[1].ending", "sheet[0].fact[0].table",
    }  # fmt: skip


@pytest.mark.parametrize("text", ["[[sheet", "sheet = 1", "", "sheet = []", "[[sheet]]\nfact = 1"])
def test_what_is_no_mapping_is_refused(text):
    """With one error of ours."""
    assert wrong(text)


def test_a_mapping_that_cannot_be_read_is_refused(tmp_path):
    """No file, or no text."""
    with pytest.raises(DefinitionError, match="cannot be read"):
        load_mapping(tmp_path / "none.toml")
    (tmp_path / "map.toml").write_bytes(b"\xff")
    with pytest.raises(DefinitionError, match="not UTF-8"):
        load_mapping(tmp_path / "map.toml")


@pytest.mark.parametrize(
    "heading",
    ["Nimi", "Etunimi", "Osallistujan nimi", "Puhelinnumero", "puh", "Sähköposti", "E-mail", "HETU",
     "Osoite", "Last name", "Förnamn", "Telefon", "E-post", "Mobile", "Henkilötunnus"],
)  # fmt: skip
def test_headings_of_names_and_contacts_are_known(heading):
    """In Finnish, Swedish and English."""
    assert is_personal(heading)


@pytest.mark.parametrize(
    "heading", ["Ryhmän nimi", "Aloitti", "Nro", "Group name", "Tunnus", "Puhui"]
)
def test_other_headings_are_not(heading):
    """The name of a group is nobody's."""
    assert not is_personal(heading)


@given(st.lists(st.text("aåäöÅÄÖßéžŠ'- ", max_size=20), min_size=1, max_size=3))
def test_a_pseudonym_is_the_same_for_the_same_name(parts):
    """Without case and repeated spaces, and it tells nothing."""
    spaced = [f"  {part.upper().lower()} " for part in parts]
    if not any(part.strip() for part in spaced):
        with pytest.raises(ValueError):
            pseudonym(KEY, spaced)
        return
    made = pseudonym(KEY, spaced)
    assert made == pseudonym(KEY, [part.upper() for part in spaced])
    assert len(made) == 18
    assert made != pseudonym(b"1" * 32, spaced)


def test_parts_of_a_pseudonym_are_kept_apart():
    """So that no two people share one by where their names are cut."""
    assert pseudonym(KEY, ["ab", "c"]) != pseudonym(KEY, ["a", "bc"])
    assert pseudonym(KEY, ["Ä"]) == pseudonym(KEY, ["A\u0308"])


def test_a_key_is_kept_and_read_again(tmp_path):
    """By its owner only, and never written over."""
    key, path = new_key(), tmp_path / "avain"
    write_key(path, key)
    assert read_key(path) == key
    assert path.stat().st_mode & 0o077 == 0
    assert new_key() != key
    with pytest.raises(StoreError):
        write_key(path, key)
    with pytest.raises(StoreError, match="cannot be read"):
        read_key(tmp_path / "other")
    (tmp_path / "short").write_text("1234")
    with pytest.raises(StoreError, match="32 characters"):
        read_key(tmp_path / "short")
