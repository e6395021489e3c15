"""Whatever is asked of a store, in whatever order, it answers as the store in memory does.

The store in memory is the model: every rule of the port can be read in it in plain Python. With
``OSALLISUUS_STRESS=long`` the walks are longer and more.
"""

import os
import shutil
import tempfile
from contextlib import closing
from datetime import timedelta
from itertools import count
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from osallisuus.errors import StoreError
from osallisuus.model.batch import Batch
from osallisuus.model.codec import codec
from osallisuus.model.facts import TABLES, Person
from osallisuus.model.store import Act
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
_numbers = count()


class StoresAgree(RuleBasedStateMachine):
    """One step is done in every store; the outcomes are compared, errors included."""

    others = ("sqlite", "postgresql")

    def __init__(self):
        super().__init__()
        memory = Path("/dev/shm")  # what the disk keeps is tested elsewhere, and slowly
        self.folder = Path(tempfile.mkdtemp(dir=memory if memory.is_dir() else None))
        self.schema = f"walk_{os.getpid()}_{next(_numbers)}"
        self.now = START
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
        expected = outcome(work, self.memory)
        for name, store in self.stores.items():
            assert outcome(work, store) == expected, name
        return expected

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

    @rule(person=WHO)
    def erase(self, person):
        own, earlier = {"people": {person}}, {}
        for table in ("traits", "enrollments", "guidance"):
            every = [f for part in self.memory.scan(TABLES[table].record) for f in part]
            own[table] = {fact.id for fact in every if fact.person == person}
            once = self.alike(lambda store, of=table: store.ids_where(of, "person", [person]))
            now = {fact.id for fact in every} - own[table]
            own[table] |= once - now  # taken back since
            earlier[table] = once & now
        self.alike(lambda store: store.erase(person, own, ACT, earlier=earlier))

    @rule()
    def finish_erasure(self):
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
        for name, store in self.stores.items():
            target = self.folder / f"snapshot-{next(_numbers)}.db"
            assert store.snapshot(target) == self.memory.head(), name
            with closing(SQLiteStore.open(str(target), clock=lambda: self.now)) as copy:
                assert list(copy.journal()) == list(self.memory.journal()), name
                assert list(copy.publications()) == list(self.memory.publications()), name
                assert held(copy) == held(self.memory), name
                assert copy.verify() == (), name

    @rule()
    def they_hold_the_same(self):
        self.alike(held)
        self.alike(lambda store: store.verify())
        self.alike(lambda store: list(store.publications()))

    @invariant()
    def their_journals_are_the_same(self):
        expected = list(self.memory.journal())
        for name, store in self.stores.items():
            assert list(store.journal()) == expected, name


def outcome(work, store):
    try:
        return work(store)
    except StoreError as error:
        return type(error), error.problems[0].what


def told_changes(store, after):
    """What has changed, whatever the parts in which it is told."""
    told = {}
    for change in store.changes(after, batch=2):
        rows, removed = told.setdefault(change.table, ([], set()))
        rows += codec(change.table).dump(change.facts)
        removed |= set(change.removed)
    return told


class SQLiteAgrees(StoresAgree):
    """The same without a server, many more steps."""

    others = ("sqlite",)


StoresAgree.TestCase.settings = settings(
    max_examples=200 if LONG else 8, stateful_step_count=50 if LONG else 20, deadline=None
)
SQLiteAgrees.TestCase.settings = settings(
    max_examples=1_000 if LONG else 30, stateful_step_count=200 if LONG else 40, deadline=None
)
TestStoresAgree = StoresAgree.TestCase
TestSQLiteAgrees = SQLiteAgrees.TestCase


def test_the_model_holds_what_was_given():
    """The walks do not compare empty stores: people, facts and erasures come and stay."""
    with open_store("memory", Path()) as store:
        store.append(Batch.of([made.one("people", id="p0"), made.one("people", id="p1")]), ACT)
        store.erase("p0", {"people": {"p0"}}, ACT)
        assert [fact.id for part in store.scan(Person) for fact in part] == ["p1"]
