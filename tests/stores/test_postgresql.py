"""What only the PostgreSQL store promises: manners on a server, errors without secrets, erasure."""

import logging
import os
import signal
import subprocess
import sys
import threading
from contextlib import closing
from datetime import date
from pathlib import Path

import psycopg
import pytest

import osallisuus as osa
from osallisuus.errors import PluginError, StoreBusy, StoreError
from osallisuus.model.facts import TABLES, Person
from osallisuus.model.store import Act
from osallisuus.stores.postgresql import PostgreSQLStore
from tests import postgres
from tests.model import made
from tests.stores.places import add, held, ticking

OWN_SERVER = pytest.mark.skipif(
    postgres.GIVEN in os.environ, reason="looks at the server's own files and roles"
)
WRITER = """
import sys
from datetime import UTC, date, datetime
from osallisuus.model.batch import Batch
from osallisuus.model.facts import Person
from osallisuus.model.store import Act
from osallisuus.stores.postgresql import PostgreSQLStore

url, name, appends = sys.argv[1], sys.argv[2], int(sys.argv[3])
store = PostgreSQLStore.open(url, clock=lambda: datetime.now(UTC))
print("open", flush=True)
sys.stdin.readline()
for number in range(appends):
    ids = [f"{name}.{number}.{i}" for i in range(3)]
    facts = [Person(id=i, registered_on=date(2020, 1, 1)) for i in ids]
    store.append(Batch.of(facts), Act("w", "test", "r"))
    print(number, flush=True)
"""


def writer(url, name, appends):
    """A process that has opened the store and waits for a line to begin."""
    command = [sys.executable, "-c", WRITER, url, name, str(appends)]
    made = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert made.stdout.readline() == "open\n"
    return made


def end(process):
    """How it ended, and how many appends it was still told of."""
    told = len(process.stdout.read().splitlines())
    for stream in (process.stdin, process.stdout):
        stream.close()
    return process.wait(), told


def person(name, day=1):
    return Person(id=name, registered_on=date(2020, 1, day))


def opened(url, **options):
    return closing(PostgreSQLStore.open(url, clock=ticking(), **options))


def ids(store, **options):
    return [fact.id for part in store.scan(Person, **options) for fact in part]


@pytest.fixture
def url():
    return postgres.new_database()


def refused(url, **options):
    with pytest.raises(StoreError) as caught:
        PostgreSQLStore.open(url, clock=ticking(), **options)
    error = caught.value
    assert error.problems[0].remedy
    assert error.__context__ is None
    return str(error)


def test_a_register_opens_it_by_its_url_and_schemas_stand_side_by_side(url):
    """One URL is all that changes; another schema is another store."""
    for schema, count in (("osallisuus", 1), ("trial", 2)):
        with osa.open(url, schema=schema) as register:
            add(register.store, *(person(f"{schema}{number}") for number in range(count)))
    with osa.open(url, create=False) as register:
        assert ids(register.store) == ["osallisuus0"]
    with opened(url, schema="trial") as store:
        assert ids(store) == ["trial0", "trial1"]
    assert "not the name of a schema" in refused(url, schema='x"; DROP SCHEMA osallisuus; --')


def test_the_settings_of_a_session_are_in_force(url):
    """An acknowledged write is on the disk, and waiting ends."""
    with opened(url, timeout=7) as store:
        wanted = {
            "synchronous_commit": "on", "lock_timeout": "7s", "TimeZone": "UTC",
            "application_name": "osallisuus", "search_path": "osallisuus, pg_temp",
        }  # fmt: skip
        for name, value in wanted.items():
            assert store.run(f"SHOW {name}").fetchone()[0].replace('"', "") == value


@OWN_SERVER
def test_settings_under_which_writes_may_be_lost_are_named(url):
    """The quick server of the tests is such a one; it has its checksums."""
    with opened(url) as store:
        named = [problem.what for problem in store.weak_settings()]
        assert named == ["the server has fsync = off", "the server has full_page_writes = off"]
        assert all(problem.remedy for problem in store.weak_settings())


def test_no_statistics_are_gathered_of_ids_and_free_text(url):
    """A deleted person would go on standing in the server's own catalogue."""
    with opened(url) as store:
        add(store, *(made.one("answers", id=f"a{i}", note=f"canary {i}") for i in range(50)))
        store.run("ANALYZE")
        told = store.run("SELECT attname, most_common_vals::text, histogram_bounds::text"
                         " FROM pg_stats WHERE schemaname = 'osallisuus'").fetchall()  # fmt: skip
        assert "canary" not in str(told)
        assert not {"id", "person", "note"} & {row[0] for row in told}
        assert "item" in {row[0] for row in told}


def test_a_scan_of_several_parts_sees_one_moment_and_holds_up_nobody(url):
    """What is written while the parts come is not in them, and the writing does not wait."""
    with opened(url, timeout=2) as store, opened(url, timeout=2) as other:
        add(store, *(person(f"p{number:02}") for number in range(10)))
        parts = store.scan(Person, batch=4)
        first = next(parts)
        state = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        waits = store.run(f"{state} AND state = 'idle in transaction'").fetchone()[0]
        assert waits == 1  # the server keeps what was not fetched yet
        assert add(store, person("p00", 9), person("q")).tx == 2
        assert add(other, person("r")).tx == 3
        rest = [fact for part in parts for fact in part]
        assert [fact.id for fact in [*first, *rest]] == [f"p{number:02}" for number in range(10)]
        assert (first + rest)[0] == person("p00")
        next(store.scan(Person, batch=4))  # left in the middle: its connection is let go
        assert store.run(state).fetchone()[0] <= 3


def test_waiting_for_another_writer_ends(url):
    """``StoreBusy`` after the timeout, nothing stored, and afterwards all is well."""
    with opened(url) as store, opened(url, timeout=0.2) as other:
        with store.writing(), pytest.raises(StoreBusy, match="too long"):
            add(other, person("a"))
        assert add(other, person("a")).tx == 1
        assert ids(store) == ["a"]


def test_processes_write_without_loss_and_without_a_gap(url):
    """Commits are numbered in the order in which they are seen, so a follower misses none."""
    with opened(url) as store:
        writers = [writer(url, name, 60) for name in "abc"]
        for one in writers:  # all of them begin at once
            one.stdin.write("go\n")
            one.stdin.flush()
        seen, after = set(), 0
        while any(one.poll() is None for one in writers):
            head = store.head()
            for change in store.changes(after):
                seen |= {fact.id for fact in change.facts}
            after = head
        for change in store.changes(after):
            seen |= {fact.id for fact in change.facts}
        assert [end(one)[0] for one in writers] == [0, 0, 0]
        assert len(ids(store)) == 3 * 60 * 3
        assert seen == set(ids(store))
        assert store.head() == 180
        assert store.verify() == ()


def test_a_writer_that_is_killed_leaves_whole_appends(url):
    """What it was told is stored is there; at most one more is, whole."""
    with opened(url) as store:
        for kill in range(3):
            one = writer(url, f"w{kill}", 10_000)
            one.stdin.write("go\n")
            one.stdin.flush()
            for _ in range(3 + kill):
                one.stdout.readline()
            one.send_signal(signal.SIGKILL)
            told = 3 + kill + end(one)[1]
            assert add(store, person(f"after{kill}")).added == 1  # no lock is left behind
            stored = [one for one in ids(store) if one.startswith(f"w{kill}.")]
            assert len(stored) % 3 == 0
            assert len(stored) // 3 - told in (0, 1)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_store_is_not_carried_over_a_fork_or_into_a_thread(url):
    """Every call there is refused, and closing it in a child leaves the parent's connection."""
    with opened(url) as store:
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
        told = []

        def look():
            try:
                store.head()
            except StoreError as error:
                told.append(str(error))

        thread = threading.Thread(target=look)
        thread.start()
        thread.join()
        assert "thread" in told[0]
        assert add(store, person("a")).added == 1


# ---- errors ------------------------------------------------------------------------------------


@OWN_SERVER
def test_what_is_wrong_with_an_address_is_said_without_the_address(url, caplog):
    """Each in its own words with its remedy; no password, host or URL in error, log or repr."""
    caplog.set_level(logging.DEBUG)
    server = postgres.server()
    secret = "tEll-Nobody"
    for address, words in {
        server.url(user="locked", password=secret): "does not accept this user and password",
        server.url(user="locked"): "does not accept this user and password",
        server.url("nowhere"): "no database of this name",
        server.url(user="stranger"): "does not accept this user",
        f"postgresql://u:{secret}@127.0.0.1:1/x": "cannot be reached",
        f"postgresql://u:{secret}@nowhere.invalid/x": "cannot be reached",
        f"postgresql://u:{secret}@/x?host=/nowhere-{secret}": "cannot be reached",
        f"postgresql://u:{secret}@h/x?no_such_word=1": "not the address of a database",
        f"postgresql://u:{secret}@[h/x": "not the address of a database",
    }.items():
        message = refused(address)
        assert words in message
        assert secret not in message
        assert str(server.folder) not in message
    assert secret not in caplog.text
    right = server.url(user="locked", password=postgres.PASSWORD)
    assert "there is no store" in refused(right, create=False)


@OWN_SERVER
def test_a_password_is_in_nothing_that_shows_a_store(url):
    """``repr``, ``vars`` and ``where``: what a debugger or a log would print."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("GRANT ALL ON SCHEMA public TO locked")
        name = connection.info.dbname
        connection.execute(f"GRANT CREATE ON DATABASE {name} TO locked")
    with opened(postgres.server().url(name, user="locked", password=postgres.PASSWORD)) as store:
        add(store, person("a"))
        assert postgres.PASSWORD not in f"{store!r} {vars(store)} {store.where}"
        assert postgres.PASSWORD.replace(" ", "%20") not in f"{store!r} {vars(store)}"


def test_another_s_schema_and_no_store_are_told_apart(url):
    """A schema of somebody else is refused and left as it is; ``create=False`` makes nothing."""
    assert "there is no store" in refused(url, create=False)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE SCHEMA theirs")
        connection.execute("CREATE TABLE theirs.notes (x text)")
        schemas = "SELECT count(*) FROM pg_namespace WHERE nspname = 'osallisuus'"
        assert connection.execute(schemas).fetchone() == (0,)
    assert "something else" in refused(url, schema="theirs")


@OWN_SERVER
def test_a_role_that_may_only_read_reads(url):
    """And is told what it may not do, with nothing half done."""
    with opened(url) as store:
        add(store, person("a"))
        store.run("GRANT USAGE ON SCHEMA osallisuus TO reader")
        store.run("GRANT SELECT ON ALL TABLES IN SCHEMA osallisuus TO reader")
    with psycopg.connect(url) as connection:
        as_reader = postgres.server().url(connection.info.dbname, user="reader")
    with opened(as_reader) as store:
        assert ids(store) == ["a"]
        assert store.verify() == ()
        with pytest.raises(StoreError, match="may not do that"):
            add(store, person("b"))
        assert ids(store) == ["a"]
    assert "may not do that" in refused(as_reader, schema="another")


def test_a_session_that_was_ended_says_so(url):
    """The server was stopped, or its administrator has ended the session."""
    with opened(url) as store:
        pid = store.run("SELECT pg_backend_pid()").fetchone()[0]
        with psycopg.connect(url, autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(%s)", (pid,))
        for _ in range(2):
            with pytest.raises(StoreError) as caught:
                add(store, person("a"))
            assert "open the store again" in caught.value.problems[0].remedy
    with opened(url) as store:
        assert ids(store) == []


@pytest.mark.parametrize("encoding", ["LATIN1", "SQL_ASCII"])
def test_a_database_that_cannot_hold_every_character_is_refused(encoding):
    """Before anything is made in it, and not when the first name with a foreign letter comes."""
    strange = postgres.new_database(encoding=encoding)
    assert "not UTF-8" in refused(strange)
    with psycopg.connect(strange) as connection:
        made_there = "SELECT count(*) FROM pg_namespace WHERE nspname = 'osallisuus'"
        assert connection.execute(made_there).fetchone() == (0,)


def test_a_store_of_before_in_such_a_database_is_used_on(monkeypatch):
    """Who has one must be able to read it, to erase in it and to leave it."""
    strange = postgres.new_database(encoding="LATIN1")
    with monkeypatch.context() as before:
        before.setattr(PostgreSQLStore, "_refuse_other_encodings", lambda _: None)
        with opened(strange) as store:
            add(store, person("a"))
    with opened(strange) as store:
        add(store, person("b"))
        assert ids(store) == ["a", "b"]
        assert store.verify() == ()


def test_a_closed_store_is_refused(url, tmp_path):
    with opened(url) as store:
        pass
    for call in (
        store.head,
        lambda: ids(store),
        lambda: add(store),
        lambda: list(store.journal()),
        lambda: store.snapshot(tmp_path / "copy.db"),
    ):
        with pytest.raises(StoreError, match="closed") as caught:
            call()
        assert caught.value.__context__ is None


def test_without_the_extra_the_command_is_named(url, monkeypatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(PluginError, match=r"osallisuus\[postgres\]"):
        PostgreSQLStore.open(url, clock=ticking())


# ---- the ledger and the journal ----------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE releases SET content = ''",
        "UPDATE releases SET number = 9",
        "DELETE FROM releases",
        "TRUNCATE releases",
        "INSERT INTO releases VALUES (5, now(), 0, '', '', '')",
    ],
)
def test_the_server_itself_refuses_every_change_of_a_release(url, change):
    """Also to those who come with another program."""
    with opened(url) as store:
        store.publish("{}", tx=0, actor="a", purpose="p", after=0)
        with pytest.raises(psycopg.errors.RaiseException):
            store.run(change)
        assert [one.number for one in store.publications()] == [1]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE people SET registered_on = '1999-01-01' WHERE id = 'b'",
        "DELETE FROM people WHERE id = 'b'",
        "INSERT INTO people (id, registered_on, tx_from) VALUES ('c', '2020-01-01', 1)",
        "UPDATE journal SET actor = 'somebody' WHERE tx = 1",
        "UPDATE journal SET recorded_at = recorded_at + interval '1 us' WHERE tx = 1",
        "DELETE FROM journal WHERE tx = 1",
    ],
)
def test_what_was_tampered_with_is_found(url, change):
    with opened(url) as store:
        add(store, person("a"), person("b"))
        add(store, person("a", 2))
        assert store.verify() == ()
        store.run(change)
        assert any("journal, commit" in problem.where for problem in store.verify())


def test_a_row_of_no_commit_is_found(url):
    """It would be read as now."""
    with opened(url) as store:
        add(store, person("a"))
        store.run("ALTER TABLE people ALTER tx_from DROP NOT NULL")
        store.run("INSERT INTO people (id, registered_on) VALUES ('c', '2020-01-01')")
        assert ids(store) == ["a", "c"]
        assert [problem.where for problem in store.verify()] == ["table people"]


# ---- erasure -----------------------------------------------------------------------------------


def traces(canary):
    """The files of the server in which the bytes of *canary* stand."""
    return [
        file
        for file in Path(postgres.server().folder).rglob("*")
        if file.is_file() and canary.encode() in file.read_bytes()
    ]


@OWN_SERVER
def test_no_byte_of_an_erased_person_is_left_in_any_file_of_the_server(url):
    """Tables, indexes, catalogue, write-ahead log and server log; the control is found."""
    with opened(url) as store:
        pair = [f"canary{kind}{os.getpid()}" for kind in ("erased", "stays")]
        for turn in range(3):
            add(store, *(made.one("answers", id=one, note=f"{one} {turn}") for one in pair))
            add(store, *(person(one, turn + 1) for one in pair))
        add(store, made.one("answers", id="long", note=f"{pair[0]} " * 1000))
        store.run("CHECKPOINT")
        store.run("ANALYZE")
        assert traces(pair[0])
        assert traces(pair[1])
        own = {"people": [pair[0]], "answers": [pair[0], "long"]}
        assert store.erase(pair[0], own, Act("a", "b", "c")) == 3
        assert store.unfinished_erasures() == 1
        assert store.finish_erasure() == ()
        assert store.unfinished_erasures() == 0
        assert traces(pair[0]) == []
        assert traces(pair[1])
        assert store.verify() == ()


@OWN_SERVER
def test_what_could_not_be_cleared_stays_to_be_done_with_its_reason(url):
    """A reader who still sees the old rows; a role that is not the administrator's."""
    with opened(url, timeout=0.3) as store:
        add(store, *(person(f"p{number:02}") for number in range(10)))
        parts = store.scan(Person, batch=4)
        next(parts)
        store.erase("p00", {"people": ["p00"]}, Act("a", "b", "c"))
        (reason,) = store.finish_erasure()
        assert "others are using them" in reason
        assert store.unfinished_erasures() == 1
        parts.close()
        with psycopg.connect(url, autocommit=True) as old:
            old.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            old.execute("SELECT 1")
            store.erase("p01", {"people": ["p01"]}, Act("a", "b", "c"))
            (reason,) = store.finish_erasure()
        assert "another session still reads" in reason
        assert store.unfinished_erasures() == 2
        assert store.finish_erasure() == ()
        assert store.unfinished_erasures() == 0
    owned = postgres.new_database(owner="owner")
    with opened(owned) as store:
        add(store, person("a"))
        store.erase("a", {"people": ["a"]}, Act("a", "b", "c"))
        (reason,) = store.finish_erasure()
        assert "pg_switch_wal" in reason
        assert store.unfinished_erasures() == 1


# ---- plain rows --------------------------------------------------------------------------------


def test_every_type_comes_back_as_it_went_in(url):
    """Days as days, local times as text, numbers at their limits: as the store in memory has them.

    The columns have PostgreSQL's own types, so others can read them.
    """
    from tests.stores.places import open_store

    facts = [made.one(table) for table in TABLES]
    facts += [
        made.one("answers", id="big", number=1.7976931348623157e308, note="\ufeffé\n\t"),
        made.one("answers", id="small", number=5e-324),
        made.one("costs", id="cents", cents=10**18 - 1),
        Person(id="old", registered_on=date(1900, 1, 1)),
    ]
    with opened(url) as store, open_store("memory", Path()) as memory:
        add(store, *facts)
        add(memory, *facts)
        assert {name: _days_as_text(rows) for name, rows in held(store).items()} == held(memory)
        types = dict(
            store.run(
                "SELECT column_name, data_type FROM information_schema.columns"
                " WHERE table_schema = 'osallisuus' AND table_name = 'costs'"
            ).fetchall()
        )
        assert (types["happened_on"], types["cents"], types["head"]) == ("date", "bigint", "text")


def _days_as_text(rows):
    return [tuple(v.isoformat() if type(v) is date else v for v in row) for row in rows]
