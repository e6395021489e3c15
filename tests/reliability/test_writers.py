"""Writers side by side lose nothing and store nothing twice; who must wait too long is told."""

from __future__ import annotations

import os
from collections import Counter
from contextlib import closing
from datetime import date
from random import Random

import pytest

import osallisuus as osa
from osallisuus.errors import StoreBusy, VersionConflict
from osallisuus.model.batch import Batch
from osallisuus.model.store import Act
from tests import postgres
from tests.reliability import writing
from tests.reliability.scale import tried

WRITERS, APPENDS = tried(8, 16), tried(250, 2_500)
ACT = Act("a", "a test", "counted")


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request, tmp_path):
    """The address of a new store."""
    return str(tmp_path / "store.db") if request.param == "sqlite" else postgres.new_database()


def at_once(count, work):
    """Run *work* in that many processes at the same time; what each of them answered."""
    children = []
    for number in range(count):
        reading, end = os.pipe()
        child = os.fork()
        if child == 0:
            code = 1
            try:
                os.write(end, work(number).encode())
                code = 0
            finally:
                os._exit(code)
        os.close(end)
        children.append((child, reading))
    said = []
    for child, reading in children:
        with os.fdopen(reading, "rb") as pipe:
            said.append(pipe.read().decode())
        assert os.waitpid(child, 0)[1] == 0, "a writer failed"
    return said


def test_what_writers_acknowledge_is_what_is_stored(place):
    """Half of them add, half of them read a fact and write it changed: nothing is lost or doubled.

    The people ``counter…`` are registered a day later by each change, so lost changes can be counted.
    All change the same one, and go on to the next before its history is long.
    """
    counters = [f"counter{turn}" for turn in range(0, APPENDS, 50)]
    with osa.open(place, clock=writing.clock()) as register:
        register.add([osa.Person(id=one, registered_on=date(2000, 1, 1)) for one in counters])

    def work(number):
        random = Random(number)
        changed = 0
        with osa.open(place, clock=writing.clock()) as register:
            store = register.store
            for turn in range(APPENDS):
                if number % 2:
                    register.add(
                        [osa.Person(id=f"w{number}-{turn}", registered_on=date(2024, 1, 1))]
                    )
                    continue
                counter = counters[turn // 50]
                while True:
                    seen = store.versions("people", [counter])[counter]
                    ((_, now),) = [
                        one for one in store.revisions("people", [counter]) if one[0] == seen
                    ] or [(0, None)]
                    if now is None:
                        continue
                    later = osa.Person(
                        id=counter,
                        registered_on=date.fromordinal(now.registered_on.toordinal() + 1),
                    )
                    try:
                        store.append(Batch.of([later]), ACT, expect={("people", counter): seen})
                    except VersionConflict:
                        if random.random() < 0.01:
                            os.sched_yield()
                        continue
                    changed += 1
                    break
        return str(changed)

    changed = sum(map(int, at_once(WRITERS, work)))
    with osa.open(place, clock=writing.clock()) as register:
        people = {person.id: person for person in register.facts(osa.Person)}
        last = [people.pop(counter).registered_on for counter in counters]
        days = sum((day - date(2000, 1, 1)).days for day in last)
        assert days == changed == WRITERS // 2 * APPENDS
        wanted = {f"w{n}-{i}" for n in range(1, WRITERS, 2) for i in range(APPENDS)}
        assert set(people) == wanted
        entries = list(register.journal())
        assert [entry.tx for entry in entries] == list(range(1, len(entries) + 1))
        assert len(entries) == 1 + changed + len(wanted)
        assert register.store.verify() == ()


def test_one_of_many_with_the_same_expectation_wins(place):
    """All have seen the same version: one of them writes, the others are told of it."""
    with osa.open(place, clock=writing.clock()) as register:
        register.add([osa.Person(id="p", registered_on=date(2000, 1, 1))])

    def work(number):
        with osa.open(place, clock=writing.clock()) as register:
            new = osa.Person(id="p", registered_on=date(2001, 1, 1 + number))
            try:
                register.store.append(Batch.of([new]), ACT, expect={("people", "p"): 1})
            except VersionConflict:
                return "told"
            return "won"

    assert Counter(at_once(8, work)) == {"won": 1, "told": 7}


def test_who_waits_too_long_is_told_that_the_store_is_busy(tmp_path):
    """A writer that holds the store for longer than the timeout is no reason to wait for ever."""
    place = str(tmp_path / "store.db")
    with (
        closing(osa.open(place, clock=writing.clock()).store) as one,
        closing(osa.open(place, clock=writing.clock()).store) as other,
    ):
        other.connection.execute("PRAGMA busy_timeout = 50")
        with one.writing(), pytest.raises(StoreBusy, match="another program"):
            other.append(Batch.of(writing.batch(0)), ACT)
        other.append(Batch.of(writing.batch(0)), ACT)
