"""Stores to test, clocks that stand still, and what a store holds in plain values."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import count

from osallisuus.model.batch import Batch
from osallisuus.model.codec import codec
from osallisuus.model.facts import TABLES
from osallisuus.stores.folder import FolderStore
from osallisuus.stores.memory import MemoryStore
from osallisuus.stores.sqlite import SQLiteStore

START = datetime(2020, 1, 1, tzinfo=UTC)


def ticking():
    """A clock that is a minute later each time it is asked."""
    minutes = count()
    return lambda: START + timedelta(minutes=next(minutes))


def open_store(name, folder, clock=None, **options):
    kind, place = {
        "memory": (MemoryStore, ""),
        "sqlite": (SQLiteStore, str(folder / "store.db")),
        "folder": (FolderStore, str(folder / "facts")),
    }[name]
    return closing(kind.open(place, clock=clock or ticking(), **options))


def add(store, *facts, key=None):
    return store.append(Batch.of(facts), actor="tester", reason="a test", key=key)


def held(store, known_at=None):
    """Everything in the store, as stored: local times that Python holds equal differ."""
    return {
        name: codec(name).dump(
            [f for part in store.scan(t.record, known_at=known_at) for f in part]
        )
        for name, t in TABLES.items()
    }
