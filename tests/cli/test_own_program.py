"""Wherever a command takes a programme, it takes the TOML file of one; and gives one to begin with."""

import json
import tomllib

import pytest

import osallisuus as osa
from osallisuus.model.definition import read_program
from osallisuus.programs import VERNA
from tests.test_register_running import PLAIN, facts


@pytest.fixture
def place(tmp_path):
    """A store of the programme that ``circle.toml`` defines."""
    (tmp_path / "circle.toml").write_text(PLAIN, "utf-8")
    with osa.open(str(tmp_path / "circle.db"), actor="a", purpose="p") as register:
        register.add(facts())
    return "circle.db"


PROGRAM = ("--program", "circle.toml")

WAYS = {
    "check": PROGRAM,
    "measure": ("completion", *PROGRAM, "--internal"),
    "report": (*PROGRAM, "--profile", "internal"),
    "site": (*PROGRAM, "--profile", "internal", "--out", "pages"),
    "remind": (*PROGRAM, "--on", "2027-01-10"),
    "fund": (*PROGRAM, "--period", "2027-01-01..2027-06-01", "--internal"),
    "migrate-program": ("--from", "circle.toml", "--to", "circle-2.toml"),
}


@pytest.mark.parametrize("command", WAYS)
def test_every_command_takes_the_file_of_a_programme(call, place, tmp_path, command):
    (tmp_path / "circle-2.toml").write_text(
        PLAIN.replace('version = "1"', 'version = "2"'), "utf-8"
    )
    done = call(command, place, *WAYS[command])
    assert done.code == 0, done.err


def test_a_cadence_of_ones_own_is_measured_on_the_command_line(call, place):
    done = call("measure", place, "cadence_held", *PROGRAM, "--internal", "--json")
    figures = {one["name"]: (one["k"], one["n"]) for one in json.loads(done.out)["figures"]}
    assert figures == {"cadence_held": (3, 3), "below": (0, 3), "above": (0, 3)}

    unknown = call("measure", place, "cadence_held", "--program", "circle", "--internal")
    assert (unknown.code, unknown.out) == (1, "")
    assert "name the TOML file of its definition" in unknown.err


def test_a_report_holds_meetings_against_the_file_it_was_given(call, place, tmp_path):
    (tmp_path / "held.toml").write_text(
        'name = "held"\ntitle = { en = "Held" }\n[[sections]]\nkind = "metric"\n'
        'metric = "cadence_held"\nheading = "taking_part"\nform = "share"\n',
        "utf-8",
    )
    done = call("report", place, *PROGRAM, "--report", "held.toml", "--profile", "internal",
                "--as", "json")  # fmt: skip
    assert done.code == 0, done.err
    assert '"k": 3' in json.dumps(json.loads(done.out))


def test_why_people_count_for_a_fund_is_told_of_a_file_too(call, place):
    done = call("fund", place, *PROGRAM, "--period", "2027-01-01..2027-06-01", "--why")
    assert done.code == 0, done.err
    assert "p7" in done.out


def test_an_old_version_that_is_not_installed_is_asked_for_by_its_file(call, place):
    done = call("migrate-program", place, "--from", "circle@1", "--to", "circle.toml")
    assert done.code == 1
    assert "name the TOML file of the old definition, such as old.toml@1" in done.err


def test_the_text_of_a_shipped_programme_is_one_to_begin_with(call, tmp_path):
    text = call("programs", "verna", "--toml").out
    assert read_program(text, "verna.toml") == VERNA
    (tmp_path / "verna-2.toml").write_text(text.replace('version = "1"', 'version = "2"', 1))
    shown = call("programs", "verna-2.toml").out
    assert shown.startswith("verna version 2, ")
    assert tomllib.loads(call("programs", "verna-2.toml", "--toml").out)["version"] == "2"


def test_without_a_name_there_is_no_text(call):
    done = call("programs", "--toml")
    assert (done.code, done.out) == (1, "")
    assert "no programme is named @ --toml" in done.err
