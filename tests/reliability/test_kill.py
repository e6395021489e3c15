"""A writer that is killed at any moment loses nothing that it acknowledged, and leaves no half.

The writer is a fork of the test, so that one kill costs no start of Python. It says the number of
each batch when it is stored; it is killed with ``SIGKILL`` while it writes. And who erases somebody
from a server and is killed leaves them there, or gone and still to be cleared from the files.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from random import Random

import psycopg
import pytest

import osallisuus as osa
from osallisuus.doctor import examine_store
from osallisuus.stores.postgresql import PostgreSQLStore
from tests import postgres
from tests.reliability import writing
from tests.reliability.scale import tried

KILLS = {"sqlite": tried(500, 5_000), "postgresql": tried(200, 2_000)}
SERVER_KILLS = tried(20, 200)
ERASURE_KILLS = tried(3, 40)
_TOGETHER = 25
"""Kills of one store, which grows from one to the next."""


@pytest.fixture(params=KILLS)
def places(request, tmp_path):
    """Addresses of new stores of one kind, and how many kills they are to stand."""
    names = count()

    def new():
        if request.param == "sqlite":
            return str(tmp_path / f"{next(names)}.db")
        return postgres.new_database()

    return new, KILLS[request.param]


def started(place: str, first: int) -> tuple[int, int]:
    """A writer in a process of its own, and where it says what it has stored."""
    reading, end = os.pipe()
    child = os.fork()
    if child == 0:
        with suppress(BaseException), told(end):
            os.close(reading)
            with osa.open(place, clock=writing.clock()) as register:
                os.write(end, b"open\n")
                for number in writing.acknowledged(register, first, 1_000_000):
                    os.write(end, b"%d\n" % number)
        os._exit(1)
    os.close(end)
    return child, reading


@contextmanager
def told(end: int) -> Iterator[None]:
    """Why a writer ends by itself goes to whoever waits for it."""
    try:
        yield
    except BaseException as error:
        os.write(end, f"{type(error).__name__}: {error}".encode())
        raise


def until(reading: int, batches: int) -> bytes:
    """What a writer says until it is open and has stored so many batches."""
    said = b""
    while said.count(b"\n") <= batches:
        part = os.read(reading, 65_536)
        assert part, f"the writer ended by itself: {said.decode()}"
        said += part
    return said


def ended(child: int, reading: int) -> bytes:
    """What a writer said before it was killed, or ended by itself."""
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    with os.fdopen(reading, "rb") as pipe:
        return pipe.read()


def killed(place: str, first: int, random: Random) -> list[int]:
    """The batches that a writer acknowledged before it was killed: a moment after some of them."""
    child, reading = started(place, first)
    said = until(reading, random.randint(0, 5))
    time.sleep(random.choice((0, random.uniform(0, 0.005))))
    said += ended(child, reading)
    return [int(line) for line in said.split(b"\n")[1:-1]]


def test_a_killed_writer_loses_nothing_and_leaves_no_half(places):
    """After each kill the store opens without repair and holds every acknowledged batch whole."""
    new, kills = places
    random = Random(5)
    acknowledged = 0
    for _ in range(kills // _TOGETHER):
        place = new()
        stored: set[int] = set()
        for _ in range(_TOGETHER):
            said = killed(place, max(stored, default=-1) + 1, random)
            with osa.open(place, clock=writing.clock()) as register:
                found = writing.whole_batches(register)
            assert stored <= found, "what was there before is gone"
            assert set(said) <= found, "an acknowledged batch is lost"
            acknowledged += len(said)
            stored = found
        with osa.open(place, clock=writing.clock()) as register:
            assert register.verify() == ()
    assert acknowledged > kills


def test_a_batch_that_was_not_acknowledged_can_be_stored_again(places):
    """Whoever does not know whether it was stored gives the same key again: it is stored once."""
    place = places[0]()
    random = Random(6)
    first = 0
    for _ in range(10):
        killed(place, first, random)
        with osa.open(place, clock=writing.clock()) as register:
            list(writing.acknowledged(register, 0, first + 3))
            found = writing.whole_batches(register)
        assert set(range(first + 3)) <= found
        first = max(found) + 1


def test_a_server_that_is_stopped_at_once_loses_nothing_and_leaves_no_half():
    """A durable PostgreSQL that is stopped in the midst of its work has all that it acknowledged."""
    server = postgres.Server(durable=True)
    try:
        place = server.url()
        random = Random(7)
        stored: set[int] = set()
        for _ in range(SERVER_KILLS):
            first = max(stored, default=-1) + 1
            child, reading = started(place, first)
            said = until(reading, random.randint(0, 5))
            time.sleep(random.choice((0, random.uniform(0, 0.005))))
            server.stop(signal.SIGQUIT)
            said += ended(child, reading)
            server.start()
            with osa.open(place, clock=writing.clock()) as register:
                found = writing.whole_batches(register)
            assert stored <= found
            assert {int(line) for line in said.split(b"\n")[1:-1]} <= found
            stored = found
        with osa.open(place, clock=writing.clock()) as register:
            assert register.verify() == ()
    finally:
        server.remove()


def die(*_: object, **__: object) -> None:
    """Kill this process."""
    os.kill(os.getpid(), signal.SIGKILL)


def dying_after(store: PostgreSQLStore, name: str) -> None:
    """A method of the store that ends in a kill."""
    method = getattr(store, name)
    setattr(store, name, lambda *args, **options: die(method(*args, **options)))


def dying_in_the_midst(store: PostgreSQLStore) -> None:
    """Clearing that is killed when some of the tables are written anew."""
    clear = store.clear_bytes
    store.clear_bytes = lambda tables: die(clear(list(tables)[:3]))


STAGES = {
    "before the commit": lambda store: setattr(store, "enter", die),
    "after the commit": lambda store: dying_after(store, "erase"),
    "in the midst of the tables": dying_in_the_midst,
    "after the bytes": lambda store: dying_after(store, "clear_bytes"),
    "at the end": lambda store: dying_after(store, "finish_erasure"),
}


def erasing(place: str, person: str, prepare: Callable[[PostgreSQLStore], None]) -> int:
    """A process that erases somebody after something was done to its store."""
    child = os.fork()
    if child == 0:
        with suppress(BaseException), osa.open(place, clock=writing.clock()) as register:
            prepare(register.store)
            register.erase(person)
        os._exit(0)
    return child


def left_by_a_kill(place: str, number: int) -> tuple[bool, int]:
    """Whether the person was there and how much was owed; the same call has finished it.

    What is left is whole, and the doctor names it.
    """
    with osa.open(place, clock=writing.clock()) as register:
        there = number in writing.whole_batches(register)
        owed = register.store.unfinished_erasures()
        told = {one.code: one.severity for one in examine_store(place)}["erasure"]
        assert told == ("weak" if owed else "fine")
        assert not (there and owed), "what is owed says that they are gone"
        again = register.erase(f"b{number}")
        assert again.found is there
        assert again.pending == ()
        assert again.kept == 0
        assert number not in writing.whole_batches(register)
        assert register.store.unfinished_erasures() == 0
        assert register.verify() == ()
    return there, owed


def until_the_server_knows(place: str) -> None:
    """Wait until it has ended what a client that was killed had asked it."""
    query = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'osallisuus'"
    query += " AND datname = current_database() AND pid <> pg_backend_pid()"
    with psycopg.connect(place, autocommit=True) as connection:
        while connection.execute(query).fetchone() != (0,):
            time.sleep(0.02)


@pytest.fixture(scope="module")
def people():
    """A server's store with some batches in it, of which each test erases another person."""
    place = postgres.new_database()
    with osa.open(place, clock=writing.clock()) as register:
        list(writing.acknowledged(register, 0, 50))
    return place


@pytest.mark.parametrize("stage", STAGES)
def test_an_erasure_on_a_server_that_is_killed_is_finished_by_the_same_call(stage, people):
    """At every stage: never half, never forgotten, and finished only when it says so."""
    number = list(STAGES).index(stage)
    child = erasing(people, f"b{number}", STAGES[stage])
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    there, owed = left_by_a_kill(people, number)
    assert there is (stage == "before the commit")
    assert owed == (0 if stage in ("before the commit", "at the end") else 1)


def test_an_erasure_on_a_server_is_whole_or_owed_whenever_it_is_killed(people):
    """Also at a moment that nobody has chosen: killed from outside, a part of a second later."""
    random = Random(8)
    for number in range(10, 10 + ERASURE_KILLS):
        child = erasing(people, f"b{number}", lambda store: None)
        time.sleep(random.uniform(0, 1))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        until_the_server_knows(people)
        left_by_a_kill(people, number)
