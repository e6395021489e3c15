"""A published copy opened as a store: read only, of now, and read in place by engines."""

import json
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

import osallisuus as osa
from osallisuus import plugins
from osallisuus.cli.main import main
from osallisuus.engines.duckdb import DuckDBEngine
from osallisuus.errors import OsallisuusError, PluginError, StoreError
from osallisuus.ingest.folder import read_folder
from osallisuus.metrics.engine import Query
from osallisuus.model.facts import TABLES, Person
from osallisuus.model.sink import SINK_API
from osallisuus.model.store import STORE_API
from tests.model import made
from tests.sinks.copies import ACT, SINKS, STORES, a_register
from tests.stores.places import add, ticking

EXAMPLE = Path(__file__).parents[2] / "examples" / "wertzu"


@pytest.fixture
def copy(kind, place):
    register = a_register()
    people = [made.one("people", id=f"p{number}") for number in range(5)]
    add(register.store, *people, made.one("observations", id="o1", note="in confidence"))
    register.sync(f"{kind}:{place}")
    with osa.open(f"{kind}:{place}", actor="test", purpose="test") as opened:
        yield opened


def test_both_are_found_by_name(kind):
    assert plugins.load("sinks", kind) is SINKS[kind]
    assert plugins.load("stores", kind) is STORES[kind]
    assert SINKS[kind].api_version == SINK_API
    assert STORES[kind].api_version == STORE_API


def test_facts_come_in_the_order_of_their_ids(copy):
    assert [one.id for one in copy.facts(Person)] == [f"p{number}" for number in range(5)]
    parts = list(copy.store.scan(Person, batch=2))
    assert [len(part) for part in parts] == [2, 2, 1]


@pytest.mark.parametrize("damage", ["gone", "cut", "other bytes"])
def test_a_file_that_is_gone_or_damaged_is_found(copy, kind, place, damage, capsys):
    """By who asks, and by the doctor; and what would help."""
    assert copy.verify() == ()
    (file,) = map(Path, copy.store.files(TABLES["people"]))
    held = file.read_bytes()
    if damage == "gone":
        file.unlink()
    else:
        middle = bytes(255 - one for one in held[4:40])
        file.write_bytes(held[:100] if damage == "cut" else held[:4] + middle + held[40:])
    with osa.open(f"{kind}:{place}", actor="test", purpose="test") as again:
        (problem,) = again.verify()
    assert problem.where.endswith("table people")
    assert "publish anew" in problem.remedy
    assert main(["doctor", f"{kind}:{place}"]) == 1
    assert "gone or damaged" in capsys.readouterr().out


def test_what_never_left_is_not_stated(copy):
    (observation,) = copy.facts(TABLES["observations"].record)
    assert observation.note is None
    assert list(copy.facts(TABLES["keep_apart"].record)) == []


def test_it_knows_its_ids_and_its_commit(copy):
    assert copy.store.known_ids("people", ["p1", "p9"]) == {"p1"}
    assert copy.store.head() == 2
    assert list(copy.journal()) == []


def test_writing_is_refused_with_what_would_help(copy):
    with pytest.raises(StoreError, match="write to the store that it is a copy of"):
        copy.add([made.one("people", id="p9")])
    for write in (
        lambda store: store.void({"people": ["p1"]}, ACT),
        lambda store: store.erase("p1", {"people": ["p1"]}, ACT),
        lambda store: store.forget("people", ["p1"], ACT),
        lambda store: store.publish("{}", tx=1, actor="a", purpose="p", after=0),
    ):
        with pytest.raises(StoreError, match="only read"):
            write(copy.store)


def test_earlier_knowledge_is_refused_with_what_would_help(copy):
    with pytest.raises(OsallisuusError):
        copy.known_at(datetime(2020, 1, 1, tzinfo=UTC))
    with pytest.raises(StoreError, match="ask the store that it is a copy of"):
        list(copy.store.scan(Person, known_at=1))
    with pytest.raises(StoreError, match="holds the facts of now"):
        copy.store.tx_at(datetime(2020, 1, 1, tzinfo=UTC))


def test_a_copy_is_not_published_from_a_copy(copy, tmp_path):
    with pytest.raises(StoreError, match="does not tell what has changed"):
        copy.sync(f"parquet:{tmp_path / 'other'}")


@pytest.mark.parametrize("engine", ["sqlite", "duckdb"])
def test_metrics_over_a_copy_are_those_over_its_store(kind, place, engine):
    """With an engine that reads the files in place, and with one that takes the records."""
    register = a_register()
    register.add(read_folder(EXAMPLE))
    register.sync(f"{kind}:{place}")
    with osa.open(f"{kind}:{place}", actor="test", purpose="test", engine=engine) as copy:
        for metric in ("completion", "attendance", "role_occupancy", "people_and_episodes"):
            assert str(copy.measure(metric)) == str(register.measure(metric))


def test_duckdb_reads_the_files_in_place(kind, place):
    """No fact is made into a record."""
    register = a_register()
    add(register.store, *(made.one("people", id=f"p{number}") for number in range(5)))
    register.sync(f"{kind}:{place}")
    store = STORES[kind].open(str(place), clock=ticking())
    store.scan = store.arrow = None
    with closing(DuckDBEngine.open(store)) as engine:
        query = f"SELECT id FROM {engine.table('people')} ORDER BY id"
        assert engine.rows(Query(query, {})) == [(f"p{number}",) for number in range(5)]


def test_there_must_be_a_copy(kind, tmp_path):
    with pytest.raises(StoreError, match="there is no published copy"):
        osa.open(f"{kind}:{tmp_path}/nowhere", actor="test", purpose="test")


def test_a_folder_of_something_else_is_left_alone(kind, tmp_path):
    (tmp_path / "letters.txt").write_text("Dear all")
    register = a_register()
    add(register.store, made.one("people"))
    with pytest.raises(StoreError, match="something else is in this folder"):
        register.sync(f"{kind}:{tmp_path}")
    assert [file.name for file in tmp_path.iterdir()] == ["letters.txt"]


def test_a_file_is_no_place_for_a_copy(kind, tmp_path):
    (tmp_path / "file").write_text("")
    register = a_register()
    add(register.store, made.one("people"))
    with pytest.raises(StoreError):
        register.sync(f"{kind}:{tmp_path}/file")


def test_a_copy_of_the_other_kind_is_refused(kind, place, copy):
    (other,) = {*SINKS} - {kind}
    with pytest.raises(StoreError, match=f"not of kind {other}"):
        osa.open(f"{other}:{place}", actor="test", purpose="test")


def test_object_storage_is_refused_with_what_would_help(kind):
    with pytest.raises(StoreError, match="folder of this machine"):
        a_register().sync(f"{kind}:s3://bucket/copy")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"format": 2}, "not of format 1"),
        ({"columns": "0"}, "another version"),
        ({"tx": "2"}, "damaged"),
        ({"tables": {"people": ["../../secret.parquet"]}}, "damaged"),
        ({"tables": {"people": ["people/1-0.parquet\n"]}}, "damaged"),
        ({"tables": {"people": -1}}, "damaged"),
        ({"tables": {"nothing": []}}, "damaged"),
    ],
)
def test_a_manifest_that_does_not_fit_is_refused(kind, place, copy, change, words):
    """Nothing it names leads out of the folder."""
    file = place / "osallisuus.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | change))
    with pytest.raises(StoreError, match=words):
        osa.open(f"{kind}:{place}", actor="test", purpose="test")


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[]", b"{}"])
def test_a_damaged_manifest_is_refused(kind, place, copy, content):
    (place / "osallisuus.json").write_bytes(content)
    with pytest.raises(StoreError, match="manifest"):
        osa.open(f"{kind}:{place}", actor="test", purpose="test")


@pytest.mark.parametrize("content", [None, b"", b"PAR1 damaged PAR1"])
def test_a_damaged_file_is_a_typed_error_without_values(kind, place, copy, content):
    """When the copy is read, and when it is written to."""
    for file in (place / "people").rglob("*.parquet"):
        file.unlink() if content is None else file.write_bytes(content)
    with pytest.raises(StoreError) as caught:
        list(copy.store.scan(Person))
    assert caught.value.__context__ is None


def test_a_missing_library_is_named_with_its_extra(place, monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "deltalake", None)
    with pytest.raises(PluginError, match=r"osallisuus\[lakehouse\]"):
        a_register().sync(f"delta:{place}")
