"""Stores, their published copies, and what stands in either as plain values."""

from contextlib import contextmanager
from pathlib import Path

import pyarrow.parquet

from osallisuus.model.codec import codec
from osallisuus.model.sink import PUBLISHED, published_columns
from osallisuus.model.store import Act
from osallisuus.register import Register
from osallisuus.sinks.delta import DeltaSink
from osallisuus.sinks.parquet import ParquetSink
from osallisuus.sinks.published import DeltaStore, ParquetStore
from osallisuus.stores.memory import MemoryStore
from tests.stores.places import ticking

SINKS = {"parquet": ParquetSink, "delta": DeltaSink}
STORES = {"parquet": ParquetStore, "delta": DeltaStore}
ACT = Act("tester", "test", "a test")


def a_register():
    """A register of nothing, in memory."""
    return Register(MemoryStore(ticking()), actor="tester", purpose="test")


def allowed(store, known_at=None):
    """Table -> what a copy may hold of a store, row by row and as stored."""
    found = {}
    for table in PUBLISHED:
        facts = [one for part in store.scan(table.record, known_at=known_at) for one in part]
        kept = {column.name for column in published_columns(table)}
        rows = codec(table.name).dump(facts)
        names = table.column_names
        found[table.name] = [
            tuple(v if name in kept else None for name, v in zip(names, row, strict=True))
            for row in rows
        ]
    return found


def copied(kind, place):
    """Table -> what the copy holds, read as a store."""
    store = STORES[kind].open(str(place), clock=ticking())
    return allowed(store)


@contextmanager
def sink(kind, place, **options):
    opened = SINKS[kind].open(str(place), **options)
    try:
        yield opened
    finally:
        opened.close()


def bytes_of(folder, *, decoded=True):
    """Every byte of every file below *folder*, its names, and the decoded cells of Parquet."""
    every = []
    for file in sorted(Path(folder).rglob("*")):
        every.append(str(file).encode())
        if file.is_file():
            every.append(file.read_bytes())
            if decoded and file.name.endswith(".parquet"):
                rows = pyarrow.parquet.read_table(file).to_pylist()
                every.append(repr(rows).encode())
    return b"\n".join(every)
