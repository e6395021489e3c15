"""What the library tabulates, in the shape of the naive model."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from osallisuus.engines.sqlite import SQLiteEngine
from osallisuus.metrics.catalogue import CATALOGUE
from osallisuus.metrics.compile import Settings
from osallisuus.metrics.estimate.flow import Flow
from osallisuus.metrics.measure import measure
from osallisuus.model.batch import Batch
from osallisuus.model.store import Store
from osallisuus.stores.memory import MemoryStore
from tests.generative import naive
from tests.generative.strategies import FactSet

_EXIT = 1
"""The number by which the table of moves marks the end of a spell."""


def clock() -> datetime:
    return datetime(2022, 1, 1, tzinfo=UTC)


def fill(store: Store, world: FactSet) -> Store:
    """*store* with the world's facts as known earlier, then corrected to those of now."""
    store.append(Batch.of(world.earlier), actor="test", reason="earlier")
    store.append(Batch.of(world.facts), actor="test", reason="now")
    return store


def in_memory(world: FactSet) -> Store:
    return fill(MemoryStore(clock), world)


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


def tabulated(name: str, engine: SQLiteEngine, settings: Settings) -> Any:
    """What the metric's tabulation says, by way of the library's own measurement."""
    tables = measure(CATALOGUE[name], settings, engine).tables
    rows = [
        (*place.strata, *([place.period] if settings.periods else []), *row)
        for place, of_place in tables.items()
        for row in of_place
    ]
    return comparable(name, rows, settings)
