"""Copies of a store: a snapshot with all history, and whole tables as Arrow; neither harms it."""

import gc
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import pytest

import osallisuus as osa
from osallisuus.errors import StoreError
from osallisuus.model.arrow import arrow_batch, arrow_schema, read_arrow
from osallisuus.model.codec import codec
from osallisuus.model.facts import TABLES
from osallisuus.model.store import Act
from osallisuus.stores.sqlite import SQLiteStore
from tests import postgres
from tests.model import made
from tests.stores.places import FULL, STORES, add, held, open_store, ticking

KEPT = pytest.mark.parametrize("name", ["sqlite", "postgresql"])
ALL = pytest.mark.parametrize("name", FULL)
EVERY = pytest.mark.parametrize("name", STORES)
ACT = Act("tester", "test", "a test")

VISITOR = """
import sqlite3, sys
database = sqlite3.connect(sys.argv[1])
print(database.execute("SELECT COUNT(*) FROM people").fetchone()[0])
database.close()
"""


def lived(store):
    """A store with facts of every table, revisions, what was taken back and erased, a release."""
    add(store, *(made.one(table) for table in TABLES), key="first")
    add(store, made.one("answers", note="other words"), made.one("people", id="x2"))
    add(store, made.one("people", id="x3"), made.one("people", id="x4"))
    store.void({"people": ["x3"]}, ACT)
    store.erase("x4", {"people": ["x4"]}, ACT)
    store.publish('{"a": 1}', tx=2, actor="a", purpose="p", after=0)
    return store


@ALL
def test_a_snapshot_is_a_store_with_all_that_the_first_one_knows(name, tmp_path):
    """Facts of every commit, journal, ledger and who may not come back; and it goes on by itself."""
    with open_store(name, tmp_path) as store:
        lived(store)
        target = tmp_path / "snapshot.db"
        assert store.snapshot(target) == store.head()
        assert stat.S_IMODE(target.stat().st_mode) == 0o600
        with closing(SQLiteStore.open(str(target), clock=ticking(), create=False)) as copy:
            assert list(copy.journal()) == list(store.journal())
            assert list(copy.publications()) == list(store.publications())
            for tx in range(store.head() + 1):
                assert as_text(held(copy, tx)) == as_text(held(store, tx))
            assert copy.verify() == ()
            with pytest.raises(StoreError, match="were erased"):
                add(copy, made.one("people", id="x4"))
            assert add(copy, made.one("people", id="x5")).tx == store.head() + 1
        assert store.verify() == ()


def as_text(tables):
    return {name: codec(name).dump(codec(name).load(rows)) for name, rows in tables.items()}


@ALL
def test_a_snapshot_takes_nobody_s_place(name, tmp_path):
    """A file that is there stays as it is; where none can be made, nothing is left behind."""
    with open_store(name, tmp_path) as store:
        lived(store)
        taken = tmp_path / "taken.db"
        taken.write_text("mine")
        for target in (taken, tmp_path / "missing" / "snapshot.db"):
            with pytest.raises(StoreError) as caught:
                store.snapshot(target)
            assert caught.value.problems[0].remedy
        assert taken.read_text() == "mine"
        assert not [file for file in tmp_path.iterdir() if "snapshot" in file.name]
        assert add(store, made.one("people", id="x9")).added == 1


@pytest.mark.parametrize("into", FULL)
@ALL
def test_a_store_moves_with_all_that_it_knows(name, into, tmp_path):
    """From any kind to any kind: history, journal, ledger, who was erased; and it goes on."""
    (tmp_path / "old").mkdir()
    (tmp_path / "new").mkdir()
    with open_store(name, tmp_path / "old") as old, open_store(into, tmp_path / "new") as new:
        lived(old).snapshot(tmp_path / "snapshot.db")
        told = []
        tx = new.restore(tmp_path / "snapshot.db", ACT, progress=lambda *rows: told.append(rows))
        assert tx == new.head() == old.head() + 1
        assert list(new.journal())[:-1] == list(old.journal())
        assert list(new.publications()) == list(old.publications())
        for tx in range(old.head() + 1):
            assert as_text(held(new, tx)) == as_text(held(old, tx))
        assert list(new.revisions("people", ["x2", "x3"])) == list(
            old.revisions("people", ["x2", "x3"])
        )
        assert new.verify() == ()
        assert new.unfinished_erasures() == 0
        assert ("people", 3) in told
        with pytest.raises(StoreError, match="were erased"):
            add(new, made.one("people", id="x4"))
        for store in (old, new):
            assert add(store, made.one("people", id="x3")).added == 1
            assert store.publish("{}", tx=1, actor="a", purpose="p", after=1).number == 2
        assert new.verify() == ()


@ALL
def test_the_live_file_of_a_store_is_taken_in_and_stays_as_it_is(name, tmp_path):
    """While somebody has it open; and a backup that nobody may write to, from such a folder."""
    (tmp_path / "new").mkdir()
    (tmp_path / "again").mkdir()
    with open_store("sqlite", tmp_path) as live:
        lived(live)
        with open_store(name, tmp_path / "new") as new:
            new.restore(Path(live.where), ACT)
            assert held(new) == held(live)
        assert keeps_what_it_acknowledges(live, lambda: None)
        backup = tmp_path / "backup.db"
        live.snapshot(backup)
        backup.chmod(0o400)
        before = backup.read_bytes()
        with open_store(name, tmp_path / "again") as new:
            new.restore(backup, ACT)
            assert held(new) == held(live)
        assert backup.read_bytes() == before
        assert [one.name for one in tmp_path.glob("backup*")] == ["backup.db"]


@ALL
def test_what_cannot_be_taken_in_is_told_and_leaves_a_new_store(name, tmp_path):
    """A folder, no database, another's database, a damaged file, an earlier and a later version."""
    good = tmp_path / "good.db"
    with open_store("sqlite", tmp_path) as store:
        lived(store).snapshot(good)
    (tmp_path / "folder").mkdir()
    (tmp_path / "text.db").write_text("not a database, and long enough to be looked at" * 20)
    with closing(sqlite3.connect(tmp_path / "foreign.db")) as database:
        database.execute("CREATE TABLE facts (id)")
    for version in (2, 9):
        shutil.copyfile(good, tmp_path / f"version{version}.db")
        with closing(sqlite3.connect(tmp_path / f"version{version}.db")) as database:
            database.execute(f"PRAGMA user_version = {version}")
    content = bytearray(good.read_bytes())
    content[4096 * 8 : 4096 * 8 + 2048] = b"\xff" * 2048
    (tmp_path / "damaged.db").write_bytes(content)
    flipped = good.read_bytes().replace(b"observations_now ON o", b"observations_now ON \x98")
    assert flipped != good.read_bytes()
    (tmp_path / "flipped.db").write_bytes(flipped)
    said = {
        "flipped.db": "damaged",
        f"{'a' * 300}.db": "there is no such file",
        "missing.db": "there is no such file",
        "folder": "there is no such file",
        "text.db": "this is not a SQLite file",
        "foreign.db": "is not a store of this library",
        "version2.db": "schema version 2",
        "version9.db": "schema version 9",
        "damaged.db": "not as it was written|damaged",
    }
    (tmp_path / "new").mkdir()
    with open_store(name, tmp_path / "new") as new:
        for source, words in said.items():
            with pytest.raises(StoreError, match=words) as refused:
                new.restore(tmp_path / source, ACT)
            assert refused.value.problems[0].remedy
            assert refused.value.problems[0].where == str(tmp_path / source)
            assert (new.head(), list(new.publications())) == (0, [])
        new.restore(good, ACT)
        with pytest.raises(StoreError, match="holds something already"):
            new.restore(good, ACT)


@pytest.mark.parametrize(
    ("where", "sql"),
    [
        ("journal, commit 1", "UPDATE journal SET reason = 'kanarialintu' WHERE tx = 1"),
        ("table journal", "UPDATE journal SET recorded_at = 'kanarialintu' WHERE tx = 1"),
        ("table answers", "DROP TABLE answers"),
        ("table people", "ALTER TABLE people DROP COLUMN registered_on"),
        ("table about", "DELETE FROM about"),
        ("table about", "UPDATE about SET value = 'kanarialintu'"),
        ("table releases", "UPDATE releases SET recorded_at = 'kanarialintu'"),
        ("table releases", "UPDATE releases SET number = 7"),
        ("table about", "UPDATE about SET value = hex(zeroblob(100))"),
        ("table journal", "UPDATE journal SET recorded_at = '0001-01-01T00:00:00+23:00'"),
        ("table people", "INSERT INTO people VALUES ('kanarialintu', '2020-01-01', 0, NULL)"),
        ("table people", "INSERT INTO people VALUES ('kanarialintu', '2020-01-01', 99, NULL)"),
        ("table people", "UPDATE people SET tx_to = 99"),
        ("table people", "DELETE FROM journal"),
        (
            "table journal",
            (
                "ALTER TABLE journal RENAME TO old; CREATE TABLE journal AS"
                " SELECT * FROM old; UPDATE journal SET tx = 'kanarialintu' WHERE tx = 1"
            ),
        ),
        # never run: the journal would not end
        (
            "table journal",
            (
                "ALTER TABLE journal RENAME TO old; CREATE VIEW journal AS WITH RECURSIVE"
                " c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT old.* FROM old, c"
            ),
        ),
        # hidden from the proof as if it had been erased
        (
            "table people",
            (
                "INSERT OR IGNORE INTO lessened VALUES (1);"
                " UPDATE people SET registered_on = 'kanarialintu' WHERE tx_from = 1"
            ),
        ),
    ],
)
def test_a_snapshot_that_somebody_changed_says_where_and_nothing_of_it(where, sql, tmp_path):
    """In every kind of store alike, before anything is taken in."""
    with open_store("sqlite", tmp_path) as store:
        lived(store).snapshot(tmp_path / "changed.db")
    with closing(sqlite3.connect(tmp_path / "changed.db")) as database:
        database.executescript(f"DROP TRIGGER releases_stay; {sql}")
    for name in FULL:
        (tmp_path / name).mkdir()
        with open_store(name, tmp_path / name) as new:
            with pytest.raises(StoreError, match="not as it was written") as refused:
                new.restore(tmp_path / "changed.db", ACT)
            assert where in [one.where for one in refused.value.problems]
            error = refused.value
            assert "kanarialintu" not in f"{error!r} {error.args} {error.__context__!r}"
            assert new.head() == 0


@ALL
def test_a_store_that_has_only_released_takes_in_nothing(name, tmp_path):
    """Its ledger would be another's."""
    with open_store("sqlite", tmp_path) as store:
        lived(store).snapshot(tmp_path / "good.db")
    (tmp_path / "new").mkdir()
    with open_store(name, tmp_path / "new") as new:
        new.publish("{}", tx=0, actor="a", purpose="p", after=0)
        with pytest.raises(StoreError, match="holds something already"):
            new.restore(tmp_path / "good.db", ACT)


def test_a_copy_for_engines_goes_on_from_the_store_that_was_restored(tmp_path):
    """It is of the same history: what is published is the one commit more, and what comes then."""
    place = f"parquet:{tmp_path / 'copy'}"
    with osa.open(str(tmp_path / "old.db")) as old:
        old.add([made.one("people", id="a")])
        old.sync(place)
        old.snapshot(tmp_path / "snapshot.db")
    with osa.open(postgres.new_database()) as new:
        new.restore(tmp_path / "snapshot.db")
        new.add([made.one("people", id="b")])
        assert new.sync(place).rows == 1
    with osa.open(place) as copy:
        assert {one.id for one in copy.facts(osa.Person)} == {"a", "b"}


@EVERY
def test_every_table_comes_as_arrow_alike(name, tmp_path):
    """Now and as known before, also where a column is empty in thousands of rows."""
    many = [made.one("answers", id=f"a{number:05}", note=None) for number in range(3000)]
    many.append(made.one("answers", id="b", note="ä;\n🙂", number=5e-324))
    with open_store("memory", tmp_path) as model, open_store(name, tmp_path) as store:
        for one in (model, store):
            add(one, *(made.one(table) for table in TABLES), *many)
            if "history" in one.capabilities:
                add(one, made.one("costs", cents=10**18 - 1), made.one("people", id="x2"))
        for tx in (None, 1) if "history" in store.capabilities else (None,):
            source = model if "history" in store.capabilities else store
            for table in TABLES.values():
                facts = [f for part in source.scan(table.record, known_at=tx) for f in part]
                expected = arrow_batch(table, codec(table.name, native=True).dump(facts))
                found = read_arrow(store, table, known_at=tx).read_all().sort_by("id")
                assert found.schema == arrow_schema(table)
                assert found.to_pylist() == expected.to_pylist()


@KEPT
def test_the_stores_bring_arrow_by_themselves(name, tmp_path):
    """With the drivers of the extra installed they do not go row by row."""
    with open_store(name, tmp_path) as store:
        assert "arrow" in store.capabilities
        assert read_arrow(store, TABLES["people"]).read_all().num_rows == 0


def test_nothing_of_a_copy_stays_behind(tmp_path, monkeypatch):
    """Read to its end, left in the middle or never begun: the private folder goes."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    (tmp_path / "store").mkdir()
    with open_store("sqlite", tmp_path / "store") as store:
        add(store, *(made.one("people", id=f"p{number:05}") for number in range(3000)))
        reader = read_arrow(store, TABLES["people"])
        (folder,) = tmp_path.glob("osallisuus-*")
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert reader.read_all().num_rows == 3000
        started = read_arrow(store, TABLES["people"])
        started.read_next_batch()
        never = read_arrow(store, TABLES["people"])
        del reader, started, never
        gc.collect()
        assert list(tmp_path.glob("osallisuus-*")) == []


def keeps_what_it_acknowledges(store, meanwhile):
    """Whether an append is there for others, when one of them came and went during *meanwhile*.

    Closing a file drops every lock that this process has on it. A visitor then takes itself for
    the last one and deletes the write-ahead log; what is committed to it later is lost in silence.
    """
    before = visited(store)
    meanwhile()
    visited(store)
    assert add(store, made.one("people", id=f"new{before}")).added == 1
    return visited(store) == before + 1


def visited(store):
    """How many people another process sees."""
    command = [sys.executable, "-c", VISITOR, store.where]
    return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def test_copies_do_not_drop_the_locks_of_the_store(tmp_path):
    """Snapshot, Arrow and a second store of ours on the same file leave them as they are."""
    with open_store("sqlite", tmp_path) as store:
        lived(store)
        assert keeps_what_it_acknowledges(
            store, lambda: read_arrow(store, TABLES["people"]).read_all()
        )
        assert keeps_what_it_acknowledges(store, lambda: store.snapshot(tmp_path / "copy.db"))
        assert keeps_what_it_acknowledges(store, open_store("sqlite", tmp_path).thing.close)


@pytest.mark.skipif(os.name == "nt", reason="this system's locks are of handles, not processes")
def test_the_trap_is_real(tmp_path):
    """The control: to read the live file in this process by any other way loses what follows."""
    with open_store("sqlite", tmp_path) as store:
        lived(store)
        assert not keeps_what_it_acknowledges(store, lambda: Path(store.where).read_bytes())


def test_all_journals_are_one(tmp_path):
    """The same work at the same times leaves the same entries, digests included, everywhere."""
    journals = []
    for name in FULL:
        with open_store(name, tmp_path, ticking()) as store:
            journals.append(list(lived(store).journal()))
    assert len(journals[0]) == 5
    assert journals[1] == journals[0]
    assert journals[2] == journals[0]
