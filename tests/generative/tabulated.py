"""What the library tabulates, in the shape of the naive model."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from attrs import evolve

from osallisuus.metrics.catalogue import CATALOGUE
from osallisuus.metrics.compile import Settings
from osallisuus.metrics.engine import Engine
from osallisuus.metrics.estimate.flow import Flow
from osallisuus.metrics.measure import measure
from osallisuus.model.batch import Batch
from osallisuus.model.store import Act, Store
from osallisuus.stores.memory import MemoryStore
from tests.generative import naive
from tests.generative.strategies import FactSet, fact_set, settings_of

LONG = os.environ.get("OSALLISUUS_STRESS") == "long"
"""Whether every engine is asked about 2,000 worlds instead of some."""
_EXIT = 1
"""The number by which the table of moves marks the end of a spell."""


def clock() -> datetime:
    return datetime(2022, 1, 1, tzinfo=UTC)


def fill(store: Store, world: FactSet) -> Store:
    """*store* with the world's facts as known earlier, then corrected to those of now."""
    store.append(Batch.of(world.earlier), Act("test", "test", "earlier"))
    store.append(Batch.of(world.facts), Act("test", "test", "now"))
    return store


def in_memory(world: FactSet) -> Store:
    return fill(MemoryStore(clock), world)


def together(seeds: Iterable[int]) -> FactSet:
    """Several worlds as one: their ids are apart, their days are those of the first.

    A large engine answers about many in the time that it needs for one.
    """
    worlds = [fact_set(seed, f"w{seed}_") for seed in seeds]
    return evolve(
        worlds[0],
        earlier=tuple(fact for world in worlds for fact in world.earlier),
        facts=tuple(fact for world in worlds for fact in world.facts),
    )


def agree(
    engine: Engine,
    facts: Collection[Any],
    world: FactSet,
    turn: int,
    *,
    without: Collection[str] = (),
) -> None:
    """Every metric of the catalogue, each asked in the next of the four shapes of settings."""
    for number, name in enumerate(CATALOGUE):
        if name in without:
            continue
        asked = settings_of(world, name, (turn + number) % 4)
        ours, theirs = tabulated(name, engine, asked), expected(name, facts, asked)
        assert ours == theirs, f"{name} of the world {world.seed}"


def comparable(name: str, rows: Iterable[Sequence[Any]], settings: Settings) -> Any:
    """The rows of a small table as a multiset; those of roles as the flows that they mean."""
    if name != "role_occupancy":
        return Counter(tuple(row) for row in rows)
    dims = len(settings.by) + bool(settings.periods)
    moves: dict[tuple[Any, ...], list[tuple[Any, ...]]] = {}
    for row in rows:
        moves.setdefault(tuple(row[: dims + 1]), []).append(tuple(row[dims + 1 :]))
    return {place: flow_of_moves(of_place) for place, of_place in moves.items()}


def flow_of_moves(moves: list[tuple[Any, ...]]) -> Flow:
    """An arrival that no spell follows is a censoring only in a state that can be left."""
    left = {source for what, _, source, _, _ in moves if what == _EXIT}
    return Flow.of(
        (day, source, target, n)
        for what, day, source, target, n in moves
        if what <= _EXIT or source in left
    )


def expected(name: str, facts: Iterable[Any], settings: Settings) -> Any:
    """What the naive model says."""
    if name == "role_occupancy":
        return naive.role_flows(facts, settings)
    return naive.table(name, facts, settings)


def tabulated(name: str, engine: Engine, settings: Settings) -> Any:
    """What the metric's tabulation says, by way of the library's own measurement."""
    tables = measure(CATALOGUE[name], settings, engine).tables
    rows = [
        (*place.strata, *([place.period] if settings.periods else []), *row)
        for place, of_place in tables.items()
        for row in of_place
    ]
    return comparable(name, rows, settings)
