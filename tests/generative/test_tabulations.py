"""Property: what SQL tabulates is what the naive model counts."""

from __future__ import annotations

from osallisuus.engines.sqlite import SQLiteEngine
from osallisuus.metrics.catalogue import CATALOGUE
from osallisuus.stores.sqlite import SQLiteStore
from tests.generative.strategies import fact_set, settings_of
from tests.generative.tabulated import clock, expected, fill, in_memory, tabulated

SETS = 400


def test_a_staged_copy_is_tabulated_as_the_naive_model_says():
    """Ten metrics over 400 worlds in memory, as known now and as known at the first commit."""
    for seed in range(SETS):
        world = fact_set(seed)
        store = in_memory(world)
        known_at, facts = (1, world.earlier) if seed % 3 == 0 and world.earlier else (None, world.facts)
        engine = SQLiteEngine.open(store, known_at=known_at)
        for number, name in enumerate(CATALOGUE):
            settings = settings_of(world, name, (seed + number) % 4)
            assert tabulated(name, engine, settings) == expected(name, facts, settings), (seed, name)
        engine.close()
