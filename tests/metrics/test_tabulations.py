"""The small tables: each is what its metric declares, and tables of people apart add up.

The merge law (metric rules A.3): the table of all is the sum of the tables of disjoint persons, or
of disjoint groups where a metric counts what groups do. Nothing else is needed to count on many
machines, or to add a second file.
"""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from osallisuus.engines.sqlite import SQLiteEngine
from osallisuus.metrics.catalogue import CATALOGUE
from osallisuus.metrics.compile import Settings, table_query
from osallisuus.metrics.measure import measure
from osallisuus.metrics.tabulate import Tabulation
from osallisuus.model import facts as f
from osallisuus.model.batch import Batch
from osallisuus.model.store import Act
from osallisuus.stores.memory import MemoryStore
from tests.generative import naive
from tests.generative.strategies import FactSet, fact_set, settings_of
from tests.generative.tabulated import clock

BY_GROUP = {
    "cadence_held",
    "community_size",
    "entry_rate",
    "group_fill",
    "group_size",
}
"""Metrics that count what groups do: they merge over groups."""
WHOLE: dict[str, type[f.Fact]] = {
    "encounter_rate": f.Encounter,
    "first_peer_activity": f.Encounter,
    "contact_rate": f.Contact,
}
"""Metrics that ask something of all facts at once: whether anybody wrote down an encounter or a
contact. Their tables merge where all parts know the same of it; so do those of role_occupancy,
which follows everybody through each role that anybody has held."""


OF_MEETINGS = ("theme",)
"""Keys of rows that count meetings, which a table split by person has in each of its parts."""


def _open(facts: list[f.Fact]) -> SQLiteEngine:
    store = MemoryStore(clock)
    store.append(Batch.of(facts), Act("test", "test", "test"))
    return SQLiteEngine.open(store)


def _tables(name: str, engine: SQLiteEngine, asked: Settings) -> dict[Any, list[Any]]:
    return measure(CATALOGUE[name], asked, engine).tables


def _parts(tables: dict[Any, list[Any]]) -> set[Any]:
    return {row[0] for rows in tables.values() for row in rows}


def _split(world: FactSet, name: str, seed: int) -> list[list[f.Fact]]:
    """Two parts of the facts by whose they are, and all of them.

    What belongs to the place where all meet is in both parts, what belongs to nobody in the first.
    """
    owner = _Owner(world.facts, "group" if name in BY_GROUP else "person")
    random = Random(seed)
    side: dict[str | None, bool] = {None: True}
    first, second = [], []
    for fact in world.facts:
        whose = owner.of(fact)
        if whose == _EVERYBODY:
            first.append(fact)
            second.append(fact)
        elif side.setdefault(whose, random.random() < 0.5):
            first.append(fact)
        else:
            second.append(fact)
    return [first, second, list(world.facts)]


_EVERYBODY = "(everybody)"


class _Owner:
    """Whose a fact is: the person's, or the group's, that it names itself or by what it is of."""

    def __init__(self, facts: tuple[f.Fact, ...], kind: str) -> None:
        self._by_id = {fact.id: fact for fact in facts}
        self._kind = kind
        shared = (f.Group, f.Session) if kind == "person" else (f.Person, f.RoleSpan, f.Trait)
        self._shared: tuple[type[f.Fact], ...] = shared

    def of(self, fact: Any) -> str | None:
        if isinstance(fact, self._shared):
            return _EVERYBODY
        if isinstance(fact, f.Group if self._kind == "group" else f.Person):
            return str(fact.id)
        for name in (self._kind, "peer") if self._kind == "person" else (self._kind,):
            if hasattr(fact, name):
                return getattr(fact, name)  # type: ignore[no-any-return]
        for name in ("of", "encounter", "assessment", "goal", "guidance", "session", "form"):
            other = self._by_id.get(getattr(fact, name, None) or "")
            if other is not None:
                return self.of(other)
        return None


@pytest.mark.parametrize("name", CATALOGUE)
def test_a_table_has_the_columns_that_its_metric_declares(name: str):
    """Keys first, then measures: a reader of the table needs to know nothing else."""
    world = fact_set(1)
    engine = _open(list(world.facts))
    for shape in range(4):
        asked = settings_of(world, name, shape)
        metric = CATALOGUE[name]
        query = table_query(metric, asked, engine)
        params = {**query.params, "last_day": world.as_of}
        sql = f"SELECT * FROM ({query.sql})"
        values = {
            key: getattr(value, "isoformat", lambda v=value: v)() for key, value in params.items()
        }
        described = engine._connection.execute(sql, values).description
        dims = len(asked.by) + bool(asked.periods)
        columns = tuple(column[0] for column in described)[dims:]
        # where the engine's rows are counted on arrival, the number of equal ones comes last
        assert (*columns, *("n",) * query.counted) == metric.tabulation.columns
    engine.close()


@pytest.mark.parametrize("name", CATALOGUE)
@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 10**9), shape=st.integers(0, 3))
def test_tables_of_disjoint_parts_add_up(name: str, seed: int, shape: int):
    """Any world, any split, any question: table(A and B) = table(A) + table(B)."""
    world = fact_set(seed)
    asked = settings_of(world, name, shape)
    parts = _split(world, name, seed)
    known = [naive.world(part, asked.as_of, asked.program) for part in parts]
    if name in WHOLE and not all(
        any(one.happened_on < asked.as_of for one in of_part[WHOLE[name]]) for of_part in known
    ):
        return
    engines = [_open(part) for part in parts]
    one, other, whole = (_tables(name, engine, asked) for engine in engines)
    if name == "role_occupancy" and not _parts(one) == _parts(other) == _parts(whole):
        return
    tabulation = CATALOGUE[name].tabulation
    for place in {*one, *other, *whole}:
        merged = tabulation.merge(one.get(place, ()), other.get(place, ()))
        assert _counted(tabulation, merged) == _counted(
            tabulation, tabulation.merge(whole.get(place, ()))
        ), place
    for engine in engines:
        engine.close()


def _counted(tabulation: Tabulation, rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Without rows that count nobody."""
    width = len(tabulation.keys)
    return [
        row
        for row in rows
        if any(row[width : width + len(tabulation.measures)]) and row[0] not in OF_MEETINGS
    ]
