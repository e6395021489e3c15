"""Whatever is asked of a store, in whatever order, it answers as the store in memory does.

The store in memory is the model: every rule of the port can be read in it in plain Python. With
``OSALLISUUS_STRESS=long`` the walks are longer and more. At the end of a run it is said how many
steps were taken.
"""

import os
import shutil
import sqlite3
import tempfile
from collections import Counter
from contextlib import closing
from datetime import timedelta
from itertools import count
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import ClassVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from osallisuus.errors import StoreError
from osallisuus.ingest.folder import read_folder
from osallisuus.model.batch import Batch
from osallisuus.model.codec import codec
from osallisuus.model.facts import TABLES, Person
from osallisuus.model.store import Act
from osallisuus.register import Register
from osallisuus.stores.memory import MemoryStore
from osallisuus.stores.sqlite import SQLiteStore
from tests.model import made
from tests.stores.places import START, held, open_store

LONG = os.environ.get("OSALLISUUS_STRESS") == "long"
PEOPLE = [f"p{number}" for number in range(5)]
WHO = st.sampled_from(PEOPLE)
IDS = st.sampled_from(["x0", "x1", "x2", "x3"])
NAMING = {
    "traits": {"person": WHO},
    "enrollments": {"person": WHO, "decided_by": WHO | st.none()},
    "guidance": {"person": WHO, "guide": WHO},
    "encounters": {"peer": WHO},
}
"""Tables whose facts name people, by their columns that do."""


@st.composite
def facts(draw):
    """A fact whose id others have too, and of people who are few."""
    table = draw(st.sampled_from(["people", "sessions", "answers", *NAMING]))
    given = draw(made.facts(table)).describe()
    given["id"] = draw(WHO if table == "people" else IDS)
    given |= {name: draw(whom) for name, whom in NAMING.get(table, {}).items()}
    return TABLES[table].record(**given)


BATCHES = st.lists(facts(), max_size=5, unique_by=lambda fact: (fact.table.name, fact.id))
KEYS = st.none() | st.sampled_from(["monday", "tuesday"])
ACT = Act("tester", "test", "a test")
GOLDEN = Path(__file__).parent / "golden"
_numbers = count()


class StoresAgree(RuleBasedStateMachine):
    """One step is done in every store; the outcomes are compared, errors included."""

    others = ("sqlite", "postgresql")
    beginnings = (0,)
    """The schema versions of the stores with which a walk may begin; 0: a new one."""
    clearing = 30
    """Commits between two clearings: a server writes over its log of some hundred megabytes."""
    steps: ClassVar[Counter] = Counter()
    """How many steps were taken, by the machine that took them."""

    def __init__(self):
        super().__init__()
        memory = Path("/dev/shm")  # what the disk keeps is tested elsewhere, and slowly
        self.folder = Path(tempfile.mkdtemp(dir=memory if memory.is_dir() else None))
        self.schema = f"walk_{os.getpid()}_{next(_numbers)}"
        self.now = START
        self.exported = self.cleared = self.moved = 0
        self.memory = open_store("memory", self.folder, lambda: self.now).thing
        self.stores = {name: self.opened(name) for name in self.others}

    def opened(self, name):
        own = {"schema": self.schema} if name == "postgresql" else {}
        place = Path(tempfile.gettempdir()) if name == "postgresql" else self.folder
        return open_store(name, place, lambda: self.now, **own).thing

    def teardown(self):
        try:
            self.they_hold_the_same()
        finally:
            for name, store in self.stores.items():
                if name == "postgresql":
                    store.run(f"DROP SCHEMA {self.schema} CASCADE")
                store.close()
            shutil.rmtree(self.folder)

    def alike(self, work):
        """What *work* makes of the model, having seen that every store makes the same."""
        self.now += timedelta(minutes=1)
        chance = next(_numbers)
        expected = outcome(work, self.memory, chance)
        for name, store in self.stores.items():
            assert outcome(work, store, chance) == expected, name
        return expected

    @initialize(data=st.data())
    def begin(self, data):
        """Perhaps with a store of an earlier schema version, which was upgraded."""
        version = data.draw(st.sampled_from(self.beginnings))
        if version:
            self.stores["sqlite"].close()
            file = self.folder / "store.db"
            for one in self.folder.glob("store.db*"):
                one.unlink()
            with closing(sqlite3.connect(file, isolation_level=None)) as database:
                database.executescript((GOLDEN / f"schema_{version}.sql").read_text())
            SQLiteStore.upgrade(str(file), clock=lambda: self.now)
            self.stores["sqlite"] = self.opened("sqlite")
            self.memory = model_of(self.stores["sqlite"], lambda: self.now)

    @rule(batch=BATCHES, key=KEYS)
    def append(self, batch, key):
        self.alike(lambda store: store.append(Batch.of(batch), ACT, key=key))

    @rule(batch=BATCHES.filter(bool), late=st.booleans())
    def append_what_was_read(self, batch, late):
        """A writer who has read the facts before, perhaps an earlier version of one of them."""
        read = {
            (fact.table.name, fact.id): self.memory.versions(fact.table.name, [fact.id]).get(
                fact.id, 0
            )
            for fact in batch
        }
        if late:
            read[next(iter(read))] += 1
        self.alike(lambda store: store.append(Batch.of(batch), ACT, expect=read))

    @rule(ids=st.lists(IDS | WHO, max_size=3), tables=st.sets(st.sampled_from(list(TABLES))))
    def void(self, ids, tables):
        chosen = dict.fromkeys(sorted(tables | {"answers", "people"}), ids)
        self.alike(lambda store: store.void(chosen, ACT))

    @rule(person=WHO, renamed=st.sets(IDS, max_size=2), late=st.none() | st.booleans())
    def erase(self, person, renamed, late):
        """With ids that say whose they were; and by one who has perhaps not seen the last commit."""
        own, earlier = {"people": {person}}, {}
        for table in ("traits", "enrollments", "guidance"):
            every = [f for part in self.memory.scan(TABLES[table].record) for f in part]
            own[table] = {fact.id for fact in every if fact.person == person}
            once = self.alike(lambda store, of=table: store.ids_where(of, "person", [person]))
            now = {fact.id for fact in every} - own[table]
            own[table] |= once - now  # taken back since
            earlier[table] = once & now
        after = None if late is None else self.memory.head() - late
        named = renamed.difference(*own.values())  # only of facts that stay
        self.alike(
            lambda store: store.erase(person, own, ACT, earlier=earlier, renamed=named, after=after)
        )

    @precondition(lambda self: self.memory.head() >= self.cleared + self.clearing)
    @rule()
    def finish_erasure(self):
        self.cleared = self.memory.head()
        self.alike(lambda store: (store.finish_erasure(), store.unfinished_erasures()))

    @rule(ids=st.lists(IDS, max_size=2))
    def forget(self, ids):
        self.alike(lambda store: store.forget("answers", ids, ACT))

    @rule()
    def note(self):
        self.alike(lambda store: store.note("looked", ACT))

    @rule(after=st.integers(0, 3))
    def publish(self, after):
        told = {"tx": 1, "actor": "a", "purpose": "p", "after": after}
        self.alike(lambda store: store.publish("{}", **told))

    @rule()
    def reopen(self):
        for name, store in self.stores.items():
            store.close()
            self.stores[name] = self.opened(name)

    @rule(data=st.data())
    def look_back(self, data):
        tx = data.draw(st.integers(0, self.memory.head()))
        self.alike(lambda store: held(store, tx))
        self.alike(lambda store: told_changes(store, tx))

    @rule(ids=st.lists(IDS | WHO, max_size=4), table=st.sampled_from(["people", *NAMING]))
    def look_up(self, ids, table):
        self.alike(lambda store: (store.versions(table, ids), store.known_ids(table, ids)))
        self.alike(
            lambda store: [
                (tx, codec(table).dump([fact])) for tx, fact in store.revisions(table, ids)
            ]
        )

    @rule(minutes=st.integers(0, 60))
    def ask_the_time(self, minutes):
        self.alike(lambda store: store.tx_at(START + timedelta(minutes=minutes)))

    @rule()
    def snapshot(self):
        for name, store in {"memory": self.memory, **self.stores}.items():
            target = self.folder / f"snapshot-{next(_numbers)}.db"
            assert store.snapshot(target) == self.memory.head(), name
            with closing(SQLiteStore.open(str(target), clock=lambda: self.now)) as copy:
                assert list(copy.journal()) == list(self.memory.journal()), name
                assert list(copy.publications()) == list(self.memory.publications()), name
                assert held(copy) == held(self.memory), name
                assert copy.verify() == (), name

    @precondition(lambda self: self.memory.head() >= self.moved + 15)
    @rule(data=st.data())
    def move(self, data):
        """Every store goes on as a new one, which knows what one of them knew."""
        self.moved = self.memory.head()
        target = self.folder / f"snapshot-{next(_numbers)}.db"
        source = data.draw(st.sampled_from(["memory", *self.others]))
        {"memory": self.memory, **self.stores}[source].snapshot(target)
        for name, store in self.stores.items():
            if name == "postgresql":
                store.run(f"DROP SCHEMA {self.schema} CASCADE")
            store.close()
            for one in self.folder.glob("store.db*"):
                one.unlink()
        self.stores = {name: self.opened(name) for name in self.others}
        self.memory = open_store("memory", self.folder, lambda: self.now).thing
        self.alike(lambda store: store.restore(target, ACT))
        self.they_hold_the_same()

    @precondition(lambda self: self.memory.head() > self.exported + 5)
    @rule()
    def export_and_import(self):
        """The same bytes leave every store, and coming back they change nothing anywhere."""
        number = next(_numbers)
        self.now += timedelta(minutes=1)
        written = {}
        for name, store in {"memory": self.memory, **self.stores}.items():
            place = self.folder / f"{name}-{number}"
            Register(store, actor="a", purpose="p").export("folder", place, include_free_text=True)
            written[name] = {file.name: file.read_bytes() for file in place.iterdir()}
            assert written[name] == written["memory"], name
        self.exported = self.memory.head()
        batch = read_folder(self.folder / f"memory-{number}")
        assert batch.problems == ()
        with open_store("memory", self.folder) as new:
            new.append(batch, ACT)
            assert held(new) == held(self.memory) | {"keep_apart": []}
        again = self.alike(lambda store: store.append(batch, ACT))
        assert (again.added, again.revised, again.unchanged) == (0, 0, len(batch))

    @rule()
    def they_hold_the_same(self):
        self.alike(held)
        self.alike(lambda store: store.verify())
        self.alike(lambda store: list(store.publications()))

    @invariant()
    def their_journals_are_the_same(self):
        self.steps[type(self).__name__] += 1
        expected = list(self.memory.journal())
        for name, store in self.stores.items():
            assert list(store.journal()) == expected, name


def outcome(work, store, chance):
    """What *work* makes of a store; the new ids of an erasure are the same in every store."""
    random = Random(chance)
    drawn = SimpleNamespace(token_hex=lambda size: random.randbytes(size).hex())
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("osallisuus.stores.journal.secrets", drawn)
            return work(store)
    except StoreError as error:
        return type(error), error.problems[0].what


def model_of(store, clock):
    """A store in memory that knows what *store* knew at each of its commits."""
    model, known = MemoryStore(clock), {}
    model._entries, model._publications = list(store.journal()), list(store.publications())
    for tx in range(1, store.head() + 1):
        now = {
            (name, fact.id): fact
            for name, table in TABLES.items()
            for part in store.scan(table.record, known_at=tx)
            for fact in part
        }
        for key in sorted(known.keys() | now.keys()):
            (name, one), fact = key, now.get(key)
            if as_stored(name, fact) != as_stored(name, known.get(key)):
                model._tables[name].setdefault(one, []).append((tx, fact))
        known = now
    return model


def as_stored(table, fact):
    return codec(table).dump([] if fact is None else [fact])


def told_changes(store, after):
    """What has changed, whatever the parts in which it is told."""
    told = {}
    for change in store.changes(after, batch=2):
        rows, removed = told.setdefault(change.table, ([], set()))
        rows += codec(change.table).dump(change.facts)
        removed |= set(change.removed)
    return told


class SQLiteAgrees(StoresAgree):
    """The same without a server, many more steps; also from stores of earlier versions on."""

    others = ("sqlite",)
    beginnings = (0, 0, 1, 2)
    clearing = 0


def walked(machine, walks, steps, record_property):
    """Take that many walks of that many steps."""
    machine.steps.clear()
    run_state_machine_as_test(
        machine,
        settings=settings(max_examples=walks, stateful_step_count=steps, deadline=None),
    )
    record_property(f"steps {machine.__name__}", machine.steps[machine.__name__])


def test_every_store_answers_as_the_model(record_property):
    walked(StoresAgree, *((200, 200) if LONG else (10, 60)), record_property)


def test_a_store_without_a_server_answers_as_the_model(record_property):
    walked(SQLiteAgrees, *((800, 200) if LONG else (95, 100)), record_property)


def test_the_model_holds_what_was_given():
    """The walks do not compare empty stores: people, facts and erasures come and stay."""
    with open_store("memory", Path()) as store:
        store.append(Batch.of([made.one("people", id="p0"), made.one("people", id="p1")]), ACT)
        store.erase("p0", {"people": {"p0"}}, ACT)
        assert [fact.id for part in store.scan(Person) for fact in part] == ["p1"]
