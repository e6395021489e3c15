"""Stores of every earlier schema version are refused until they are upgraded, and then are whole.

The files of ``golden`` were written by the library as it was then.
"""

import signal
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from osallisuus.cli.main import main
from osallisuus.errors import StoreError
from osallisuus.model.facts import TABLES
from osallisuus.model.store import Act
from osallisuus.stores.postgresql import PostgreSQLStore
from osallisuus.stores.sqlite import SQLiteStore
from osallisuus.stores.upgrading import Upgraded
from tests.model import made
from tests.stores.places import add, held, open_store, place_of, ticking

GOLDEN = Path(__file__).parent / "golden"
EVERY = pytest.mark.parametrize("version", [1, 2])


def golden(folder, version):
    """A store of that version, as a file of its own."""
    file = folder / "store.db"
    with closing(sqlite3.connect(file, isolation_level=None)) as database:
        database.executescript((GOLDEN / f"schema_{version}.sql").read_text())
        database.execute("PRAGMA journal_mode = WAL")
    return str(file)


def rows_of(file, table, tx):
    """What the file itself says was known at a commit."""
    names = ", ".join(column.sql_name for column in TABLES[table].columns)
    known = f"tx_from <= {tx} AND (tx_to IS NULL OR tx_to > {tx})"
    with closing(sqlite3.connect(file)) as database:
        return database.execute(f"SELECT {names} FROM {table} WHERE {known} ORDER BY id").fetchall()


def of_file(file, query):
    with closing(sqlite3.connect(file)) as database:
        return database.execute(query).fetchall()


def upgrade(file, **options):
    return SQLiteStore.upgrade(file, clock=ticking(), **options)


@EVERY
def test_an_earlier_version_is_refused_with_the_remedy(tmp_path, version):
    """And left as it is: opening never changes what is in the file."""
    file = golden(tmp_path, version)
    before = of_file(file, "SELECT * FROM journal")
    with pytest.raises(StoreError, match=f"schema version {version}") as caught:
        SQLiteStore.open(file, clock=ticking())
    assert "osallisuus upgrade" in caught.value.problems[0].remedy
    assert of_file(file, "SELECT * FROM journal") == before
    assert of_file(file, "PRAGMA user_version") == [(version,)]


@EVERY
def test_an_upgraded_store_holds_what_it_held_at_every_commit(tmp_path, version):
    """Facts, revisions, journal and ledger; and the chain of its journal holds."""
    file = golden(tmp_path, version)
    (head,) = of_file(file, "SELECT MAX(tx) FROM journal")[0]
    known = {tx: {name: rows_of(file, name, tx) for name in TABLES} for tx in range(head + 1)}
    said = "SELECT tx, recorded_at, actor, operation, reason, key, added, revised FROM journal"
    journal = of_file(file, said)
    assert any(known[head].values())

    assert upgrade(file) == Upgraded(version, 3, head)

    assert of_file(file, f"{said} WHERE tx <= {head}") == journal
    with closing(SQLiteStore.open(file, clock=ticking(), create=False)) as store:
        for tx, tables in known.items():
            assert held(store, tx) == tables
        assert store.verify() == ()
        entries = list(store.journal())
        assert {entry.purpose for entry in entries[:-1]} == {"unnamed"}
        assert (entries[-1].operation, entries[-1].reason) == ("upgrade", f"{version} to 3")
        assert len(list(store.publications())) == version - 1
        assert [entry.removed for entry in entries if entry.operation == "forget"] == [1] * (
            version - 1
        )
        assert add(store, made.one("people", id="new")).tx == head + 2
        assert store.erase("x1", {"people": ["x1"]}, Act("tester", "test", "test")) == 1
        assert store.verify() == ()


@EVERY
def test_a_row_that_is_changed_after_the_upgrade_is_seen(tmp_path, version):
    """The digests made anew are of the rows, not of nothing."""
    file = golden(tmp_path, version)
    upgrade(file)
    with closing(sqlite3.connect(file, isolation_level=None)) as database:
        database.execute("UPDATE answers SET note = 'forged' WHERE tx_to IS NULL")
    with closing(SQLiteStore.open(file, clock=ticking())) as store:
        assert any("rows of this commit" in problem.what for problem in store.verify())


@EVERY
def test_a_dry_run_keeps_nothing(tmp_path, version):
    file = golden(tmp_path, version)
    with closing(sqlite3.connect(file)) as database:
        before = list(database.iterdump())
    (head,) = of_file(file, "SELECT MAX(tx) FROM journal")[0]
    assert upgrade(file, dry_run=True) == Upgraded(version, 3, head)
    with closing(sqlite3.connect(file)) as database:
        assert list(database.iterdump()) == before
    assert of_file(file, "PRAGMA user_version") == [(version,)]


def test_an_upgraded_store_has_the_layout_of_a_new_one(tmp_path):
    """Whatever the version it comes from: the same tables, columns, indexes and triggers."""
    with open_store("sqlite", tmp_path):
        pass
    layouts = [layout(str(tmp_path / "store.db"))]
    for version in (1, 2):
        (tmp_path / str(version)).mkdir()
        file = golden(tmp_path / str(version), version)
        upgrade(file)
        layouts.append(layout(file))
    assert layouts[1] == layouts[0]
    assert layouts[2] == layouts[0]


def layout(file):
    with closing(sqlite3.connect(file)) as database:
        named = "SELECT type, name, tbl_name FROM sqlite_schema WHERE type <> 'table' ORDER BY name"
        tables = database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
        columns = {
            name: database.execute(
                'SELECT name, type, "notnull", pk FROM pragma_table_info(?)', (name,)
            ).fetchall()
            for (name,) in tables
        }
        return database.execute(named).fetchall(), columns


def test_a_store_of_now_needs_nothing(tmp_path):
    for name, kind in (("sqlite", SQLiteStore), ("postgresql", PostgreSQLStore)):
        with open_store(name, tmp_path) as store:
            add(store, made.one("people"))
        done = kind.upgrade(place_of(name, tmp_path), clock=ticking())
        assert done == Upgraded(3, 3, 0)
        with open_store(name, tmp_path) as store:
            assert store.head() == 1


def test_a_newer_store_and_none_are_refused(tmp_path):
    """Nothing that a later library wrote is half understood, in either database."""
    for name, kind in (("sqlite", SQLiteStore), ("postgresql", PostgreSQLStore)):
        place = place_of(name, tmp_path)
        with pytest.raises(StoreError, match="there is no store"):
            kind.upgrade(place, clock=ticking())
        with open_store(name, tmp_path) as store:
            store.set_version(99)
        with pytest.raises(StoreError, match="schema version 99"):
            kind.open(place, clock=ticking())
        with pytest.raises(StoreError, match="schema version 99"):
            kind.upgrade(place, clock=ticking())


def test_of_two_who_upgrade_one_does_it(tmp_path):
    """The other finds a store of the present version."""
    file = golden(tmp_path, 1)
    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(lambda _: upgrade(file), range(2)))
    assert sorted(one.before for one in done) == [1, 3]
    with closing(SQLiteStore.open(file, clock=ticking())) as store:
        assert [entry.operation for entry in store.journal()].count("upgrade") == 1


STOPPED = """
import os, signal, sys
from datetime import UTC, datetime
from osallisuus.stores.sqlite import SQLiteStore
done = 0
class Stopping(SQLiteStore):
    def run(self, sql, values=()):
        global done
        done += 1
        if done == int(sys.argv[2]):
            os.kill(os.getpid(), signal.SIGKILL)
        return super().run(sql, values)
Stopping.upgrade(sys.argv[1], clock=lambda: datetime.now(UTC))
"""


def test_killed_at_any_statement_the_store_is_old_or_new(tmp_path):
    """And the next upgrade goes through. Every third statement stands for them all."""
    at, outcomes = 5, []
    while True:
        folder = tmp_path / str(at)
        folder.mkdir()
        file = golden(folder, 2)
        killed = subprocess.run(
            [sys.executable, "-c", STOPPED, file, str(at)], check=False, timeout=60
        )
        (version,) = of_file(file, "PRAGMA user_version")[0]
        outcomes.append(version)
        upgrade(file)
        with closing(SQLiteStore.open(file, clock=ticking())) as store:
            assert store.verify() == ()
            assert store.head() == 6
        if killed.returncode == 0:
            break
        assert killed.returncode == -signal.SIGKILL
        at += 3
    assert set(outcomes) == {2, 3}
    assert len(outcomes) > 5


def test_the_command_upgrades_and_says_so(tmp_path, capsys):
    file = golden(tmp_path, 2)
    assert main(["check", file]) == 1
    assert main(["upgrade", file, "--dry-run"]) == 0
    assert "Nothing was kept: schema version 2 would become 3." in capsys.readouterr().out
    assert main(["upgrade", file, "--json"]) == 0
    assert '"commits": 5' in capsys.readouterr().out
    assert main(["upgrade", file]) == 0
    assert "Nothing to do" in capsys.readouterr().out
    assert main(["upgrade", str(tmp_path)]) == 1
    assert "nothing to upgrade" in capsys.readouterr().err
