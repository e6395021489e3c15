"""A simulation written as a new fact folder, by the library and by the command line."""

import json

import pytest

import osallisuus as osa
from osallisuus.cli.main import main
from osallisuus.errors import ImportProblem, StoreError
from osallisuus.ingest.folder import read_folder, write_folder
from osallisuus.ingest.stream import stream_folder
from osallisuus.model.batch import Batch
from osallisuus.model.facts import TABLES
from tests.simulate.worlds import SHIPPED, made


def _contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def _simulate(*arguments):
    return main(["simulate", *map(str, arguments)])


@pytest.mark.parametrize("name", ["verna", "kokemusohjaus"])
def test_a_streamed_folder_reads_back_as_the_facts_that_were_written(tmp_path, name):
    """Table by table and in the order of writing, with the number of rows of each."""
    facts = made(name, 60)
    counts = stream_folder(tmp_path / "new", iter(facts), note="made up")
    batch = read_folder(tmp_path / "new")
    assert not batch.problems
    assert {table: list(rows) for table, rows in batch.rows.items()} == dict(Batch.of(facts).rows)
    assert counts == {table: len(rows) for table, rows in batch.rows.items()}
    assert list(counts) == [table for table in TABLES if table in counts]


def test_facts_in_the_order_of_their_ids_make_the_same_bytes_as_the_other_writer(tmp_path):
    """There is one form of a fact folder, whoever writes it; more facts than wait in memory."""
    facts = sorted(made("verna", 350), key=lambda fact: fact.id)
    assert len(facts) > 10_000
    stream_folder(tmp_path / "streamed", facts, note="the same")
    write_folder(tmp_path / "whole", Batch.of(facts).rows, note="the same")
    assert _contents(tmp_path / "streamed") == _contents(tmp_path / "whole")


def test_a_folder_that_is_there_is_refused_and_left_alone(tmp_path):
    """Also an empty one, a file, or a link that leads nowhere; nothing is asked of the facts."""

    def never():
        raise AssertionError
        yield

    folder, file, link = tmp_path / "folder", tmp_path / "file", tmp_path / "link"
    folder.mkdir()
    file.write_text("mine")
    link.symlink_to(tmp_path / "nowhere")
    for place in (folder, file, link):
        with pytest.raises(StoreError, match="there already"):
            stream_folder(place, never())
    assert sorted(one.name for one in tmp_path.iterdir()) == ["file", "folder", "link"]
    assert file.read_text() == "mine"


def test_facts_that_break_off_leave_nothing_behind(tmp_path):
    """The folder appears whole or not at all."""

    def breaking():
        yield from made("wertzu", 40)
        raise ImportProblem("no more")

    with pytest.raises(ImportProblem):
        stream_folder(tmp_path / "new", breaking())
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_is_not_there_is_told(tmp_path):
    """With what to do."""
    with pytest.raises(StoreError, match="no such file or directory") as caught:
        stream_folder(tmp_path / "no" / "new", ())
    assert "make the folder" in str(caught.value)


@pytest.mark.parametrize("name", SHIPPED)
def test_the_command_makes_a_folder_that_check_finds_nothing_in(tmp_path, capsys, name):
    """It says what it is, in its descriptor and by an observation, and check is silent."""
    out = tmp_path / "made"
    assert _simulate(name, "--people", 80, "--seed", 3, "--out", out) == 0
    assert "made-up facts" in capsys.readouterr().out
    descriptor = json.loads((out / "datapackage.json").read_bytes())
    assert descriptor["description"].startswith("SYNTHETIC")
    assert name in descriptor["description"]
    assert main(["check", str(out)]) == 0
    captured = capsys.readouterr()
    assert "finding:" not in captured.out + captured.err
    with osa.open(str(out)) as register:
        assert register.is_synthetic()
    assert all(path.stat().st_mode & 0o077 == 0 for path in out.iterdir())


def test_the_same_seed_and_start_give_the_same_bytes(tmp_path):
    """Whenever it is run; another seed or start gives other ones."""
    runs = {
        "one": ("--seed", 3), "again": ("--seed", 3), "other": ("--seed", 4),
        "later": ("--seed", 3, "--start", "2025-01-01"),
    }  # fmt: skip
    for place, options in runs.items():
        assert _simulate("wertzu", "--people", 30, *options, "--out", tmp_path / place) == 0
    made = {place: _contents(tmp_path / place) for place in runs}
    assert made["one"] == made["again"]
    assert made["one"] != made["other"]
    assert made["one"] != made["later"]


def test_the_command_refuses_what_is_there_and_nobody(tmp_path, capsys):
    """Exit 1, the remedy on stderr, and nothing written."""
    (tmp_path / "there").mkdir()
    assert _simulate("wertzu", "--people", 5, "--seed", 1, "--out", tmp_path / "there") == 1
    assert "name a new folder" in capsys.readouterr().err
    assert _simulate("wertzu", "--people", 0, "--seed", 1, "--out", tmp_path / "none") == 1
    assert "nobody to simulate" in capsys.readouterr().err
    assert _simulate("wertsu", "--people", 5, "--seed", 1, "--out", tmp_path / "none") == 1
    assert "wertzu" in capsys.readouterr().err
    assert [one.name for one in tmp_path.iterdir()] == ["there"]
    assert list((tmp_path / "there").iterdir()) == []
