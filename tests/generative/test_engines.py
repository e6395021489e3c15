"""Every engine tabulates what the naive model counts: many worlds in one load, and small ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from osallisuus.engines.duckdb import DuckDBEngine
from osallisuus.engines.postgresql import PostgreSQLEngine
from osallisuus.engines.sqlite import SQLiteEngine
from osallisuus.model.store import Store
from osallisuus.stores.memory import MemoryStore
from osallisuus.stores.postgresql import PostgreSQLStore
from osallisuus.stores.sqlite import SQLiteStore
from tests.generative.strategies import FactSet, fact_set
from tests.generative.tabulated import LONG, agree, clock, fill, together
from tests.postgres import new_database

AT_ONCE = 25
BATCHES = 80 if LONG else 4
"""80 batches are the 2,000 worlds; four see each metric in each of its four shapes."""
ENGINES = {
    "sqlite": SQLiteEngine.open,
    "postgresql": PostgreSQLEngine.open,
    "duckdb": DuckDBEngine.open,
    "duckdb over sqlite": DuckDBEngine.open,
}


def _sqlite() -> Store:
    return SQLiteStore.open(":memory:", clock=clock)


def _postgresql() -> Store:
    return PostgreSQLStore.open(new_database(), clock=clock)


STORES: dict[str, Callable[[], Store]] = {
    "sqlite": _sqlite,
    "postgresql": _postgresql,
    "duckdb": lambda: MemoryStore(clock),
    "duckdb over sqlite": _sqlite,
}


@contextmanager
def _filled(name: str, world: FactSet) -> Iterator[Store]:
    store = fill(STORES[name](), world)
    try:
        yield store
    finally:
        store.close()


@pytest.mark.parametrize("batch", range(BATCHES))
@pytest.mark.parametrize("name", ENGINES)
def test_many_worlds_at_once_are_tabulated_as_the_naive_model_counts(name: str, batch: int):
    """Also as known at the first commit, from the same store."""
    world = together(range(AT_ONCE * batch, AT_ONCE * (batch + 1)))
    with _filled(name, world) as store:
        engine = ENGINES[name](store)
        agree(engine, world.facts, world, batch)
        engine.close()
        if batch % 4 == 1:
            engine = ENGINES[name](store, known_at=1)
            agree(engine, world.earlier, world, batch + 1)
            engine.close()


@pytest.mark.parametrize("seed", range(40 if LONG else 3))
@pytest.mark.parametrize("name", ["postgresql", "duckdb"])
def test_a_small_world_is_tabulated_as_the_naive_model_counts(name: str, seed: int):
    """Sparse tables tell engines apart: sums of nothing, strata that nobody is in, no rows."""
    world = fact_set(seed)
    with _filled(name, world) as store:
        engine = ENGINES[name](store)
        agree(engine, world.facts, world, seed)
        engine.close()


@pytest.mark.parametrize("name", ENGINES)
def test_a_store_of_nothing_is_tabulated_as_the_naive_model_counts(name: str):
    """No rows at all in any table."""
    world = together([1])
    with _filled(name, world) as store:
        engine = ENGINES[name](store, known_at=0)
        agree(engine, (), world, 2)
        engine.close()
