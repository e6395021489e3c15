"""SQLite against memory: after any sequence of calls the two hold the same, at every commit."""

import shutil
import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from tests.model import made
from tests.stores.places import add, held, open_store, ticking

FACTS = st.one_of(*map(made.facts, ("people", "sessions", "answers", "enrollments")))
BATCHES = st.lists(FACTS, max_size=4, unique_by=lambda fact: (fact.table.name, fact.id))
KEYS = st.none() | st.sampled_from(["monday", "tuesday"])


class StoresAgree(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.clock = ticking()
        self.given = []
        self.memory = open_store("memory", self.folder).thing
        self.sqlite = open_store("sqlite", self.folder).thing

    def teardown(self):
        self.sqlite.close()
        shutil.rmtree(self.folder)

    @rule(facts=BATCHES, key=KEYS)
    def append(self, facts, key):
        self.given += facts
        assert add(self.memory, *facts, key=key) == add(self.sqlite, *facts, key=key)

    @rule(data=st.data())
    def revise(self, data):
        if self.given:
            old = data.draw(st.sampled_from(self.given))
            new = data.draw(made.facts(old.table.name))
            revised = type(old)(**(new.describe() | {"id": old.id}))
            assert add(self.memory, revised) == add(self.sqlite, revised)

    @rule()
    def reopen(self):
        self.sqlite.close()
        self.sqlite = open_store("sqlite", self.folder, self.clock).thing

    @rule(data=st.data())
    def look_back(self, data):
        tx = data.draw(st.integers(0, self.memory.head()))
        assert held(self.sqlite, tx) == held(self.memory, tx)

    @invariant()
    def they_agree(self):
        assert held(self.sqlite) == held(self.memory)
        assert [entry.digest for entry in self.sqlite.journal()] == [
            entry.digest for entry in self.memory.journal()
        ]


StoresAgree.TestCase.settings = settings(max_examples=20, stateful_step_count=12, deadline=None)
TestStoresAgree = StoresAgree.TestCase
