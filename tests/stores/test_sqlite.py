"""What only the SQLite store promises: durability, privacy, and good manners to other files."""

import os
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
import time
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from osallisuus.errors import StoreError
from osallisuus.model.facts import Person
from osallisuus.stores.sqlite import SQLiteStore
from tests.stores.places import add, open_store, ticking

WRITER = """
import sys
from datetime import UTC, date, datetime
from osallisuus.model.batch import Batch
from osallisuus.model.facts import Person
from osallisuus.model.store import Act
from osallisuus.stores.sqlite import SQLiteStore

path, name, appends, size = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
store = SQLiteStore.open(path, clock=lambda: datetime.now(UTC))
print("open", flush=True)
for number in range(appends):
    ids = [f"{name}.{number:05}.{i:05}" for i in range(size)]
    store.append(
        Batch.of([Person(id=i, registered_on=date(2020, 1, 1)) for i in ids]), Act("w", "test", "r")
    )
    print(number, flush=True)
"""


def write(path, name, appends, size):
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path), name, str(appends), str(size)],
        stdout=subprocess.PIPE,
        text=True,
    )


def ids(store):
    return [fact.id for part in store.scan(Person) for fact in part]


def refused(path, **options):
    with pytest.raises(StoreError) as caught:
        SQLiteStore.open(str(path), clock=ticking(), **options)
    assert caught.value.__context__ is None
    assert caught.value.problems[0].remedy
    return str(caught.value)


def test_the_settings_of_a_durable_store_are_in_force(tmp_path):
    """Read back from SQLite itself: write-ahead log, full synchronisation, and the rest."""
    wanted = {
        "journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1,
        "temp_store": 2, "trusted_schema": 0, "cell_size_check": 1, "mmap_size": 0,
        "busy_timeout": 30000,
    }  # fmt: skip
    for _ in range(2):  # a new store, and an old one
        with open_store("sqlite", tmp_path) as store:
            found = {
                name: store.connection.execute(f"PRAGMA {name}").fetchone()[0] for name in wanted
            }
            assert found == wanted


def test_only_the_owner_can_read_the_file(tmp_path):
    """Whatever the umask says, the store and its log are for their owner."""
    old = os.umask(0)
    try:
        with open_store("sqlite", tmp_path) as store:
            add(store, Person(id="p1", registered_on=date(2020, 1, 1)))
            modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()}
    finally:
        os.umask(old)
    assert set(modes.values()) == {0o600}
    assert "store.db-wal" in modes


def test_another_program_s_database_is_left_as_it_is(tmp_path):
    """A SQLite file of somebody else is refused and not a byte of it changes."""
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE theirs (x)")
        other.commit()
    before = path.read_bytes()
    assert "not a store of this library" in refused(path)
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["other.db"]


def test_a_file_that_is_no_database_is_left_as_it_is(tmp_path):
    """A text file under the name of a store is refused and stays."""
    path = tmp_path / "notes.db"
    path.write_text("canary " * 1000)
    message = refused(path)
    assert "not a SQLite file" in message
    assert "canary" not in message
    assert path.read_text() == "canary " * 1000


def test_a_store_of_a_newer_version_is_refused(tmp_path):
    """What a later library wrote is not half understood."""
    with open_store("sqlite", tmp_path):
        pass
    path = tmp_path / "store.db"
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA user_version = 99")
    assert "schema version 99" in refused(path)


def test_a_damaged_file_says_so(tmp_path):
    """Broken pages are an error of ours with a remedy, never an answer."""
    with open_store("sqlite", tmp_path) as store:
        add(store, *(Person(id=f"p{i}", registered_on=date(2020, 1, 1)) for i in range(5000)))
    path = tmp_path / "store.db"
    content = bytearray(path.read_bytes())
    content[20000:] = b"\xa5" * (len(content) - 20000)
    path.write_bytes(content)
    with pytest.raises(StoreError, match="damaged"), open_store("sqlite", tmp_path) as store:
        ids(store)


@pytest.mark.parametrize("value", ["no day", "2020-02-30", "999999-01-01"])
def test_a_value_that_another_program_has_put_there_is_not_quoted(tmp_path, value):
    """Where it cannot be read, the error says which table, and how to find out more."""
    with open_store("sqlite", tmp_path) as store:
        add(store, person := Person(id="p0", registered_on=date(2020, 1, 1)))
        store.run("UPDATE people SET registered_on = ?", (value,))
        calls = (
            lambda: ids(store),
            lambda: list(store.revisions("people", [person.id])),
            lambda: list(store.changes(0)),
        )
        for call in calls:
            with pytest.raises(StoreError, match="table people") as caught:
                call()
            told = f"{caught.value} {caught.value.args} {caught.value.problems!r}"
            assert value not in told
            assert caught.value.__context__ is None


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE journal SET recorded_at = 'no moment'",
        "UPDATE releases SET recorded_at = 'no moment'",
        "UPDATE about SET value = 'no moment' WHERE name = 'secret'",
    ],
)
def test_a_broken_entry_of_the_books_is_not_quoted(tmp_path, change):
    """Nor is one of the store's own books."""
    with open_store("sqlite", tmp_path) as store:
        add(store, Person(id="p0", registered_on=date(2020, 1, 1)))
        store.publish("{}", tx=1, actor="a", purpose="p", after=0)
        store.run("DROP TRIGGER releases_stay")
        store.run(change)
        table = change.split()[1]
        with pytest.raises(StoreError, match=f"table {table}") as caught:
            (list(store.journal()), list(store.publications()), store.secret())
        assert "no moment" not in f"{caught.value} {caught.value.args}"
        assert caught.value.__context__ is None


@pytest.mark.parametrize("place", ["missing/folder/store.db", ".", "a\x00b.db"], ids=repr)
def test_a_place_that_cannot_be_opened_says_so(tmp_path, place):
    """A folder that is not there, or one instead of a file, is an error of ours."""
    refused(f"{tmp_path}/{place}")


def test_a_missing_store_is_not_made_where_it_is_only_to_be_read(tmp_path):
    """``create=False`` finds a store or says that there is none; it leaves no file behind."""
    assert "there is no store" in refused(tmp_path / "store.db", create=False)
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "empty.db").touch()
    assert "there is no store" in refused(tmp_path / "empty.db", create=False)


def test_an_empty_file_becomes_a_store(tmp_path):
    """A process stopped before it made the tables leaves a file that the next one can use."""
    path = tmp_path / "store.db"
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA journal_mode = WAL")  # the first page, and no table
    assert path.stat().st_size
    with open_store("sqlite", tmp_path) as store:
        assert add(store, Person(id="p1", registered_on=date(2020, 1, 1))).added == 1


def test_a_folder_that_cannot_be_written_says_so(tmp_path):
    """Without the right to write, neither a new store nor an old one is opened for appending."""
    home = Path("/tmp" if os.geteuid() == 0 else tmp_path)  # where the rights of others reach
    folder = home / f"read-only-{os.getpid()}"
    folder.mkdir()
    try:
        with open_store("sqlite", folder) as store:
            add(store, Person(id="p1", registered_on=date(2020, 1, 1)))
        (folder / "store.db").chmod(0o444)
        folder.chmod(0o555)
        with AsNobody():
            assert "check" in refused(folder / "new.db")
            assert "check" in refused(folder / "store.db")
    finally:
        folder.chmod(0o755)
        for file in folder.iterdir():
            file.unlink()
        folder.rmdir()


class AsNobody:
    """The superuser may write anywhere, so for a while the tests are somebody else."""

    def __enter__(self):
        self.user = os.geteuid()
        if self.user == 0:
            os.seteuid(65534)

    def __exit__(self, *_):
        if self.user == 0:
            os.seteuid(0)


def test_a_closed_store_and_a_strange_thread_are_refused(tmp_path):
    """Using a store after its end, or from another thread, is an error of ours."""
    with open_store("sqlite", tmp_path) as store:
        caught = []

        def look():
            try:
                store.head()
            except StoreError as error:
                caught.append(str(error))

        thread = threading.Thread(target=look)
        thread.start()
        thread.join()
    assert "another thread" in caught[0]
    for call in (store.head, lambda: ids(store), lambda: add(store), lambda: list(store.journal())):
        with pytest.raises(StoreError, match="closed"):
            call()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_store_is_not_carried_over_a_fork(tmp_path):
    """In a child process every call is refused, and closing there leaves the parent's store."""
    with open_store("sqlite", tmp_path) as store:
        child = os.fork()
        if child == 0:
            refusals = 0
            for call in (store.head, lambda: add(store), lambda: ids(store)):
                try:
                    call()
                except StoreError:
                    refusals += 1
            store.close()
            os._exit(refusals)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 3
        assert add(store, Person(id="p1", registered_on=date(2020, 1, 1))).added == 1


def test_two_processes_write_without_loss(tmp_path):
    """Each append waits for the other's: all facts are there, the commits count without a gap."""
    path = tmp_path / "store.db"
    writers = [write(path, name, 40, 3) for name in "ab"]
    assert [writer.wait(60) for writer in writers] == [0, 0]
    for writer in writers:
        writer.stdout.close()
    with open_store("sqlite", tmp_path) as store:
        assert len(ids(store)) == 2 * 40 * 3
        entries = list(store.journal())
    assert [entry.tx for entry in entries] == list(range(1, 81))
    assert [entry.previous for entry in entries[1:]] == [entry.digest for entry in entries[:-1]]


def test_a_store_being_written_is_read_as_it_was(tmp_path):
    """A reader sees the last commit while another process holds the write lock."""
    with open_store("sqlite", tmp_path) as store, open_store("sqlite", tmp_path) as other:
        add(store, Person(id="p1", registered_on=date(2020, 1, 1)))
        store.connection.execute("BEGIN IMMEDIATE")
        assert ids(other) == ["p1"]
        other.connection.execute("PRAGMA busy_timeout = 20")
        with pytest.raises(StoreError, match="another program is writing"):
            add(other, Person(id="p2", registered_on=date(2020, 1, 1)))
        store.connection.execute("ROLLBACK")
        assert add(other, Person(id="p2", registered_on=date(2020, 1, 1))).added == 1


def test_what_was_acknowledged_survives_a_kill(tmp_path):
    """Killed at different instants: every acknowledged append is whole, no other is there in part."""
    path, size = tmp_path / "store.db", 400
    acknowledged = 0
    for kill in range(8):
        writer = write(path, f"w{kill}", 10_000, size)
        assert writer.stdout.readline() == "open\n"
        time.sleep(0.02 + 0.013 * kill)
        writer.send_signal(signal.SIGKILL)
        told = writer.stdout.read().split("\n")[:-1]  # a line without an end was not told
        writer.wait(30)
        writer.stdout.close()
        with open_store("sqlite", tmp_path) as store:
            stored = [name for name in ids(store) if name.startswith(f"w{kill}.")]
            assert store.connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert len(stored) % size == 0
        assert len(stored) // size in (len(told), len(told) + 1)
        acknowledged += len(told)
    assert acknowledged > 0


def test_a_kill_while_the_tables_are_made_leaves_a_usable_store(tmp_path):
    """The tables are made in one transaction: afterwards there are all of them, or none."""
    for kill in range(4):
        path = tmp_path / f"{kill}.db"
        writer = write(path, "w", 1, 1)
        while not path.exists() and writer.poll() is None:
            pass
        time.sleep(0.001 * kill)
        writer.kill()
        writer.wait(30)
        writer.stdout.close()
        with closing(SQLiteStore.open(str(path), clock=ticking())) as store:
            add(store, Person(id="p1", registered_on=date(2020, 1, 1)))
            assert "p1" in ids(store)
