"""A list that belongs to one programme says so once: ``--program``, or in the mapping."""

import pytest

import osallisuus as osa
from osallisuus.cli.main import main
from osallisuus.register import program_toml
from tests.ingest.workbooks import MAPPING, workbook

OFFERED = 'program = { value = "wertzu" }\n'
VERSION = 'program_version = { value = "1" }\n'
WITHOUT = MAPPING.replace(OFFERED, "").replace(VERSION, "")


@pytest.fixture
def call(capsys, tmp_path, monkeypatch):
    """Run ``import`` in a folder with a list, and with a mapping of that text."""
    monkeypatch.chdir(tmp_path)
    workbook(tmp_path / "list.xlsx")

    def call(text, *arguments, source="list.xlsx"):
        (tmp_path / "map.toml").write_text(text, "utf-8")
        options = ("--mapping", "map.toml", "--key", "key.txt", "--into", "facts.db")
        code = main(["import", source, *options, *arguments])
        return code, *capsys.readouterr()

    return call


def programs():
    with osa.open("facts.db", actor="test", purpose="test") as opened:
        (cost,) = opened.facts(osa.Cost)
        told = {(one.program, one.program_version) for one in opened.facts(osa.Enrollment)}
        return cost.program, told


def test_program_on_the_command_line_is_that_of_every_fact(call):
    """Its version too, in tables that have one; a mapping then need not name either."""
    assert call(WITHOUT, "--program", "wertzu")[0] == 0
    assert programs() == ("wertzu", {("wertzu", "1")})


def test_a_programme_of_ones_own_is_named_by_its_file(call, tmp_path):
    """As in other commands."""
    own = program_toml("wertzu").decode().replace('name = "wertzu"', 'name = "oma"', 1)
    (tmp_path / "own.toml").write_text(own, "utf-8")
    assert call(WITHOUT, "--program", "own.toml")[0] == 0
    assert programs()[0] == "oma"


def test_a_mapping_that_says_the_same_is_no_conflict(call):
    """And its own version of the programme stays."""
    text = MAPPING.replace(VERSION, 'program_version = { value = "0" }\n')
    assert call(text, "--program", "wertzu")[0] == 0
    assert programs() == ("wertzu", {("wertzu", "0")})


@pytest.mark.parametrize("source", ['{ value = "verna" }', '"Aloitti"', '{ heading = "Aloitti" }'])
def test_a_mapping_that_says_something_else_is_refused(call, tmp_path, source):
    """Another programme, or a column of programmes; each fact of it is told."""
    text = MAPPING.replace(OFFERED, f"program = {source}\n")
    code, out, err = call(text, "--program", "wertzu")
    assert (code, out) == (1, "")
    for fact in (1, 2):
        assert f"map.toml:sheet[0].fact[{fact}].program (leave out one of them" in err
    assert not (tmp_path / "facts.db").exists()


def test_a_mapping_without_a_programme_says_how_to_name_it(call):
    """It is the one thing that a list most often does not hold."""
    code, _, err = call(WITHOUT)
    assert (code, "--program NAME" in err) == (1, True)


def test_an_unknown_programme_is_told_before_anything_is_read(call):
    """With those that are known."""
    code, _, err = call(WITHOUT, "--program", "wertsu")
    assert (code, "wertzu" in err) == (1, True)


def test_a_template_says_its_programme_itself(call, capsys, tmp_path):
    """Another one on the command line is a conflict; the same one is not."""
    main(["template", "verna", "--out", "verna.xlsx"])
    for name, code in (("wertzu", 1), ("verna", 0)):
        assert main(["import", "verna.xlsx", "--program", name, "--plan"]) == code
    assert "the template of another programme @ verna.xlsx" in capsys.readouterr().err


def test_a_folder_takes_no_programme(call, capsys, tmp_path):
    """Its tables say it in a column."""
    (tmp_path / "facts").mkdir()
    (tmp_path / "facts" / "people.csv").write_text("id,registered_on\np1,2020-01-01\n")
    assert main(["import", "facts", "--into", "facts.db", "--program", "wertzu"]) == 1
    assert "--program (leave it out" in capsys.readouterr().err


def test_a_proposal_says_the_programme_that_is_named(call, capsys):
    """Then nothing about it is left to fill in."""
    assert main(["import", "list.xlsx", "--program", "wertzu"]) == 0
    text = capsys.readouterr().out
    assert OFFERED in text
    assert VERSION in text
    assert "FILL IN" not in text.replace("what says FILL IN", "")
