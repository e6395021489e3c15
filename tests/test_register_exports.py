"""Facts as files: whole or not at all, what may not leave stays, and a manifest says so."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import osallisuus as osa
from osallisuus import plugins
from osallisuus.errors import DefinitionError, PluginError, StoreError
from osallisuus.exporters import fact_folder
from osallisuus.ingest.folder import read_folder
from osallisuus.model.leaving import FactExporter

EXAMPLES = Path(__file__).parent.parent / "examples"


@pytest.fixture
def register() -> Iterator[Any]:
    """The facts of an example, one judgement that stays, and one text in somebody's own words."""
    with osa.open("memory:", actor="test", purpose="test") as register:
        register.add(read_folder(EXAMPLES / "wertzu"))
        people = [one.id for one in register.facts(osa.Person)][:2]
        register.add(
            [
                osa.KeepApart(id="k-1", one=people[0], other=people[1], until=date(2030, 1, 1)),
                osa.Observation(
                    id="o-mood",
                    program="wertzu",
                    phase="during",
                    observed_on=date(2018, 1, 8),
                    measure="mood",
                    note="in our own words",
                ),
            ]
        )
        yield register


@pytest.mark.parametrize("name", sorted(plugins.find("fact_exporters")))
def test_every_fact_exporter_keeps_the_port_and_gives_equal_bytes(
    register: Any, name: str, tmp_path: Path
) -> None:
    """Twice the same facts, twice the same bytes; for its owner only; no word in own voice."""
    exporter = plugins.load("fact_exporters", name)
    assert isinstance(exporter(), FactExporter)
    trees = []
    for place in ("one", "two"):
        (tmp_path / place).mkdir()
        told = register.export(name, tmp_path / place / f"facts{exporter.suffix}")
        files = {file.relative_to(tmp_path / place): file for file in told.files}
        assert files
        assert {file.stat().st_mode & 0o777 for file in files.values()} == {0o600}
        trees.append({str(short): file.read_bytes() for short, file in files.items()})
        assert told.rows
        assert b"in our own words" not in b"".join(trees[-1].values())
        assert sorted(one.name for one in (tmp_path / place).iterdir()) == sorted(
            [f"facts{exporter.suffix}", f"facts{exporter.suffix}.manifest.json"]
        )
    assert trees[0] == trees[1]


def test_the_manifest_says_what_was_left_out(register: Any, tmp_path: Path) -> None:
    """By table and count, never a value."""
    register.export("folder", tmp_path / "facts")
    manifest = json.loads((tmp_path / "facts.manifest.json").read_bytes())
    assert manifest["format"] == "folder"
    assert manifest["rows"]["people"] == sum(1 for _ in register.facts(osa.Person))
    assert manifest["left_out"] == [
        {"what": "keep_apart", "why": "never exported"},
        {"what": "free text", "count": 1, "why": "not asked for"},
    ]
    assert "note" not in manifest["fields"]["observations"]
    told = register.export("folder", tmp_path / "with texts", include_free_text=True)
    assert "note" in told.fields["observations"]
    assert told.free_texts == 0
    assert b"in our own words" in (tmp_path / "with texts" / "observations.csv").read_bytes()


def test_nothing_is_overwritten_unasked(register: Any, tmp_path: Path) -> None:
    """What stands there stays; an empty folder and leave to overwrite are leave enough."""
    (tmp_path / "facts").mkdir()
    register.export("folder", tmp_path / "facts")
    with pytest.raises(StoreError, match="there is something already"):
        register.export("folder", tmp_path / "facts")
    register.export("folder", tmp_path / "facts", overwrite=True)
    (tmp_path / "taken").write_text("mine")
    with pytest.raises(StoreError, match="there is something already"):
        register.export("folder", tmp_path / "taken")
    assert (tmp_path / "taken").read_text() == "mine"
    with pytest.raises(StoreError, match="make the folder it is to stand in"):
        register.export("folder", tmp_path / "no" / "facts")


def test_leave_to_overwrite_is_no_leave_to_take_away_what_others_made(
    register: Any, tmp_path: Path
) -> None:
    """Neither a folder of somebody else's nor what has come into one of ours; a link is neither."""
    (tmp_path / "mine" / "photos").mkdir(parents=True)
    (tmp_path / "mine" / "photos" / "a.jpg").write_text("a")
    register.export("folder", tmp_path / "facts")
    (tmp_path / "facts" / "notes").mkdir()
    (tmp_path / "facts" / "notes" / "b.txt").write_text("b")
    register.export("folder", tmp_path / "linked")
    (tmp_path / "linked" / "c").symlink_to(tmp_path / "mine")
    for name in ("mine", "facts", "linked"):
        with pytest.raises(StoreError, match="something that no export has made"):
            register.export("folder", tmp_path / name, overwrite=True)
    assert (tmp_path / "mine" / "photos" / "a.jpg").read_text() == "a"
    assert (tmp_path / "facts" / "notes" / "b.txt").read_text() == "b"
    assert (tmp_path / "linked" / "c" / "photos" / "a.jpg").read_text() == "a"


@pytest.mark.parametrize("inside", [None, "", "{", '"people.csv"', "[1]", '[["people.csv"]]', "{}"])
def test_only_the_names_in_a_folder_say_that_an_export_made_it(
    register: Any, tmp_path: Path, inside: str | None
) -> None:
    """What stands beside the folder is of no help: a power cut can come between the two."""
    register.export("folder", tmp_path / "facts")
    (tmp_path / "facts.manifest.json").unlink()
    register.export("folder", tmp_path / "facts", overwrite=True)
    (tmp_path / "facts" / ".inside.json").unlink()
    if inside is not None:
        (tmp_path / "facts" / ".inside.json").write_text(inside)
    with pytest.raises(StoreError, match="something that no export has made"):
        register.export("folder", tmp_path / "facts", overwrite=True)


def test_an_export_never_takes_the_place_of_the_store_it_reads(tmp_path: Path) -> None:
    """A fact folder that is read as a store would lose what is never exported."""
    with osa.open(str(EXAMPLES / "wertzu"), actor="coordinator") as made:
        made.export("folder", tmp_path / "facts")
    before = (tmp_path / "facts" / "people.csv").read_bytes()
    with (
        osa.open(str(tmp_path / "facts"), actor="coordinator") as register,
        pytest.raises(StoreError, match="the place of the store itself"),
    ):
        register.export("folder", tmp_path / "facts", overwrite=True)
    assert (tmp_path / "facts" / "people.csv").read_bytes() == before


def test_another_language_is_refused_before_anything_is_done(register: Any, tmp_path: Path) -> None:
    """And no plug-in is blamed for it."""
    with pytest.raises(DefinitionError, match="language"):
        register.export("xes", tmp_path / "log.xes", locale="de")
    assert list(tmp_path.iterdir()) == []


def test_a_format_that_breaks_off_leaves_nothing(
    register: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither a half written file nor a manifest; what was there before is untouched."""

    def breaking(self: Any, facts: Any, place: Path) -> None:
        place.write_text("half")
        raise OSError(28, "No space left on device")

    register.export("folder", tmp_path / "facts")
    before = (tmp_path / "facts" / "people.csv").read_bytes()
    monkeypatch.setattr(fact_folder.FolderExporter, "write", breaking)
    with pytest.raises((StoreError, PluginError), match=r"(?i)no space left"):
        register.export("folder", tmp_path / "facts", overwrite=True)
    assert (tmp_path / "facts" / "people.csv").read_bytes() == before
    assert sorted(one.name for one in tmp_path.iterdir()) == ["facts", "facts.manifest.json"]


@pytest.mark.parametrize("place", ["memory:", "facts.db"])
def test_what_is_written_meanwhile_is_in_no_table(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who signs up during an export is wholly in the next one: no half of them is in this."""
    monkeypatch.setattr("osallisuus.register.exports._EVERY", 1)
    where = place if place == "memory:" else str(tmp_path / place)
    day = date(2026, 1, 7)

    def person(number: int) -> list[osa.Fact]:
        return [
            osa.Person(id=f"p{number}", registered_on=day),
            osa.Enrollment(
                id=f"e{number}", person=f"p{number}", program="wertzu", program_version="1",
                started_on=day,
            ),
        ]  # fmt: skip

    with osa.open(where, actor="a", purpose="test") as register:
        register.add(person(1))
        other = osa.open(where, actor="another", purpose="test") if place != "memory:" else register

        def meanwhile(table: str, rows: int) -> None:
            if table == "people":
                other.add(person(2))

        register.export("folder", tmp_path / "first", progress=meanwhile)
        register.export("folder", tmp_path / "second")
        if other is not register:
            other.close()
    for folder, expected in (("first", 1), ("second", 2)):
        batch = read_folder(tmp_path / folder)
        assert [len(batch.rows[table]) for table in ("people", "enrollments")] == [expected] * 2


def test_an_export_is_noted_in_the_journal(tmp_path: Path) -> None:
    """Who took the facts out, and in which format."""
    with osa.open(str(tmp_path / "own.db"), actor="coordinator", purpose="test") as register:
        register.add(read_folder(EXAMPLES / "wertzu"))
        register.export("folder", tmp_path / "facts")
        last = list(register.journal())[-1]
    assert (last.operation, last.reason, last.actor) == ("export", "folder", "coordinator")


def test_what_cannot_be_written_down_does_not_leave(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where a role may only read: no facts are left behind by the export that failed."""
    with osa.open(str(tmp_path / "own.db"), actor="coordinator", purpose="test") as register:
        register.add(read_folder(EXAMPLES / "wertzu"))

        def refused(*_: Any) -> None:
            raise StoreError("the store cannot be written", where="own.db", remedy="")

        monkeypatch.setattr(type(register.store), "note", refused)
        with pytest.raises(StoreError, match="the store cannot be written"):
            register.export("folder", tmp_path / "facts")
    assert [one.name for one in tmp_path.iterdir()] == ["own.db"]


def test_an_extract_holds_what_its_purpose_needs_and_says_so(tmp_path: Path) -> None:
    """U18: the tables that were asked for; purpose, tables and fields are written down."""
    with osa.open(str(tmp_path / "own.db"), actor="coordinator", purpose="test") as register:
        register.add(read_folder(EXAMPLES / "wertzu"))
        asked = ("people", "enrollments")
        told = register.export("folder", tmp_path / "some", tables=asked, purpose="permit 12")
        last = list(register.journal())[-1]
        with pytest.raises(DefinitionError, match=r"no such table @ enrolments .*enrollments"):
            register.export("folder", tmp_path / "none", tables=["enrolments"])
        with pytest.raises(DefinitionError, match="this is no text @ purpose"):
            register.export("folder", tmp_path / "none", purpose="half \ud800")
        assert not (tmp_path / "none").exists()
    assert set(told.rows) == set(asked)
    assert (last.reason, last.purpose) == ("folder: people, enrollments", "permit 12")
    manifest = json.loads((tmp_path / "some.manifest.json").read_bytes())
    assert manifest["purpose"] == "permit 12"
    assert manifest["fields"]["people"][:2] == ["id", "registered_on"]
    assert {"what": "sessions", "count": told.unasked["sessions"], "why": "not asked for"} in (
        manifest["left_out"]
    )
    assert not (tmp_path / "some" / "sessions.csv").exists()


def test_what_stood_there_comes_back_where_the_new_one_cannot_be_put(
    register: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last step fails after the old folder was put aside."""
    register.export("folder", tmp_path / "facts")
    before = (tmp_path / "facts" / "people.csv").read_bytes()
    real = Path.replace

    def failing(self: Path, target: Path) -> Path:
        if target == tmp_path / "facts":
            raise OSError(5, "Input/output error")
        return real(self, target)

    monkeypatch.setattr(Path, "replace", failing)
    with pytest.raises(StoreError, match="input/output error"):
        register.export("folder", tmp_path / "facts", overwrite=True)
    assert (tmp_path / "facts" / "people.csv").read_bytes() == before


def test_a_strangers_manifest_is_not_written_over(register: Any, tmp_path: Path) -> None:
    """It is a file like any other."""
    (tmp_path / "facts.manifest.json").write_text("mine")
    with pytest.raises(StoreError, match="there is something already"):
        register.export("folder", tmp_path / "facts")
    assert (tmp_path / "facts.manifest.json").read_text() == "mine"
