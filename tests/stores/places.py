"""Stores to test, clocks that stand still, and what a store holds in plain values."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count

from osallisuus.model.batch import Batch
from osallisuus.model.codec import codec
from osallisuus.model.facts import TABLES
from osallisuus.model.store import Act
from osallisuus.stores.folder import FolderStore
from osallisuus.stores.memory import MemoryStore
from osallisuus.stores.postgresql import PostgreSQLStore
from osallisuus.stores.sqlite import SQLiteStore
from tests import postgres

START = datetime(2020, 1, 1, tzinfo=UTC)


def ticking():
    """A clock that is a minute later each time it is asked."""
    minutes = count()
    return lambda: START + timedelta(minutes=next(minutes))


STORES = {
    "memory": MemoryStore,
    "sqlite": SQLiteStore,
    "postgresql": PostgreSQLStore,
    "folder": FolderStore,
}
FULL = ("memory", "sqlite", "postgresql")
"""Those that keep the whole port."""


@cache
def _database(folder):
    return postgres.new_database()


def place_of(name, folder):
    """Where the store of that kind is for those who test in *folder*: always the same."""
    if name == "postgresql":
        return _database(folder)
    return {"sqlite": str(folder / "store.db"), "folder": str(folder / "facts")}.get(name, "")


def open_store(name, folder, clock=None, **options):
    place = place_of(name, folder)
    return closing(STORES[name].open(place, clock=clock or ticking(), **options))


def add(store, *facts, key=None):
    return store.append(Batch.of(facts), Act("tester", "test", "a test"), key=key)


def held(store, known_at=None):
    """Everything in the store, as stored: local times that Python holds equal differ."""
    return {
        name: codec(name).dump(
            [f for part in store.scan(t.record, known_at=known_at) for f in part]
        )
        for name, t in TABLES.items()
    }
