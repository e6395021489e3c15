"""``osallisuus sync``: what it prints, and that it says what leaves."""

import json
from pathlib import Path

import pytest

import osallisuus as osa
from osallisuus.cli.main import main

EXAMPLE = Path(__file__).parents[2] / "examples" / "wertzu"


@pytest.fixture
def store(tmp_path, capsys):
    place = str(tmp_path / "wertzu.db")
    assert main(["import", str(EXAMPLE), "--into", place]) == 0
    capsys.readouterr()
    return place


def test_it_says_how_many_rows_and_that_they_are_internal(store, tmp_path, capsys):
    place = f"parquet:{tmp_path / 'copy'}"
    assert main(["sync", store, place]) == 0
    out, err = capsys.readouterr()
    assert out == "570 rows written, 0 removed: commits 1 to 2\n"
    assert "INTERNAL" in err
    assert main(["sync", store, place, "--compact"]) == 0
    assert capsys.readouterr().out == "nothing has changed since commit 2\n"


@pytest.mark.parametrize("kind", ["parquet", "delta"])
def test_a_store_of_nothing_has_a_copy_of_nothing(kind, tmp_path, capsys):
    """Which can be opened and asked, and which follows the store from then on."""
    store, place = str(tmp_path / "empty.db"), f"{kind}:{tmp_path / 'copy'}"
    osa.open(store, actor="test", purpose="test").close()
    assert main(["sync", store, place]) == 0
    with osa.open(place, actor="test", purpose="test") as copy:
        (figure,) = copy.measure("retention")
        assert figure.reason == "no_cases"
    assert main(["import", str(EXAMPLE), "--into", store]) == 0
    capsys.readouterr()
    assert main(["sync", store, place]) == 0
    assert capsys.readouterr().out.startswith("570 rows written")


def test_looking_first_says_what_would_be_done(store, tmp_path, capsys):
    assert main(["sync", store, f"delta:{tmp_path / 'copy'}", "--dry-run"]) == 0
    assert capsys.readouterr().out.startswith("570 rows would be written")
    assert not (tmp_path / "copy").exists()


def test_json_has_the_same(store, tmp_path, capsys):
    place = f"parquet:{tmp_path / 'copy'}"
    assert main(["sync", store, place, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "internal": True,
        "place": place,
        "published": True,
        "after": 0,
        "upto": 2,
        "rows": 570,
        "removed": 0,
    }


def test_the_journal_says_who_published_and_where(store, tmp_path):
    place = f"parquet:{tmp_path / 'copy'}"
    main(["sync", store, place])
    with osa.open(store, actor="test", purpose="test") as register:
        *_, last = register.journal()
    assert (last.operation, last.actor, last.reason) == ("sync", "command line", place)


@pytest.mark.parametrize("kind", ["parquet", "delta"])
def test_a_copy_that_lacks_a_file_is_not_gone_on_with(store, kind, tmp_path, capsys):
    """Also where nothing has changed, which a job of every night would take for done."""
    place = f"{kind}:{tmp_path / 'copy'}"
    assert main(["sync", store, place]) == 0
    next((tmp_path / "copy" / "people").glob("**/*.parquet")).unlink()
    capsys.readouterr()
    for options in ([], ["--dry-run"], ["--compact"]):
        assert main(["sync", store, place, *options]) == 1
        told = capsys.readouterr()
        assert (told.out, f"{place}, table people" in told.err) == ("", True)


def test_an_address_is_read_as_others_write_it(store, tmp_path, monkeypatch):
    """A scheme in capital letters; and the home of the user, which no shell sees there."""
    monkeypatch.setenv("HOME", str(tmp_path))
    assert main(["sync", store, "Parquet:~/copy"]) == 0
    with osa.open("PARQUET:~/copy") as copy, osa.open(f"SQLite:///{store}") as own:
        assert len(list(copy.facts(osa.Person))) == len(list(own.facts(osa.Person)))
    (tmp_path / "mine.db").write_bytes(b"")
    with osa.open("~/mine.db") as register:
        assert register.store.where == str(tmp_path / "mine.db")


@pytest.mark.parametrize("sink", ["copy", "parquet:", "nothing:copy"])
def test_a_wrong_place_is_told_and_nothing_is_made(store, sink, capsys):
    assert main(["sync", store, sink]) == 1
    assert capsys.readouterr().err
