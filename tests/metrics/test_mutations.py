"""Would the comparison with the naive model notice an error in the SQL? Some 300 are made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from attrs import evolve, field, frozen

from osallisuus.engines.sqlite import SQLiteEngine
from osallisuus.errors import EngineError
from osallisuus.metrics.catalogue import CATALOGUE
from osallisuus.metrics.compile import Settings, table_query
from osallisuus.metrics.engine import Query
from tests.generative.asked_otherwise import combinations, expected_under
from tests.generative.mutants import SHAPES, Mutant, sample
from tests.generative.strategies import FactSet, fact_set, settings_of
from tests.generative.tabulated import comparable, in_memory
from tests.metrics.survivors import EQUIVALENT

SETS = 300
SHARE_CAUGHT = 0.75
METRICS_PER_WORLD = 4
"""How many of the metrics that have a common piece are asked in each world."""


@frozen
class _Asked:
    """One metric in one world: its query, and what the naive model says."""

    settings: Settings
    query: Query
    right: Any


@frozen
class _World:
    """A fact set, its engine, and what the naive model says of it: counted once per metric."""

    facts: FactSet
    engine: SQLiteEngine
    known: dict[str, _Asked] = field(factory=dict)

    @classmethod
    def of(cls, facts: FactSet) -> _World:
        return cls(facts, SQLiteEngine.open(in_memory(facts)))

    def shows(self, mutant: Mutant) -> bool:
        """Whether the mutant's table is another one than the naive model's."""
        return any(self._differs(name, mutant) for name in self._chosen(mutant.metrics))

    def _chosen(self, metrics: Sequence[str]) -> Sequence[str]:
        if len(metrics) <= METRICS_PER_WORLD:
            return metrics
        return Random(f"{self.facts.seed} {metrics}").sample(metrics, METRICS_PER_WORLD)

    def _differs(self, name: str, mutant: Mutant) -> bool:
        asked = self.asked(name)
        sql = mutant.of(asked.query.sql)
        if sql is None:
            return False
        try:
            return self.table(name, evolve(asked.query, sql=sql)) != asked.right
        except EngineError:
            return True

    def asked(self, name: str) -> _Asked:
        """The metric, in a shape and under policies that the world's seed chooses."""
        if name not in self.known:
            chance = Random(f"{self.facts.seed} {name}")
            settings = settings_of(self.facts, name, chance.choice(SHAPES))
            policies = chance.choice(combinations(name)) if chance.random() < 0.6 else {}
            query = table_query(CATALOGUE[name].under(**policies), settings, self.engine)
            last_day = settings.as_of - timedelta(days=1)
            query = evolve(query, params={**query.params, "last_day": last_day})
            right = expected_under(name, self.facts.facts, settings, policies)
            self.known[name] = _Asked(settings, query, right)
        return self.known[name]

    def table(self, name: str, query: Query) -> Any:
        """What the engine answers, in the shape of the naive model."""
        return comparable(name, self.engine.rows(query), self.known[name].settings)


@pytest.fixture(scope="module")
def worlds() -> Iterator[list[_World]]:
    """The rich ones first: they show most, and a mutant is asked only until one shows it."""
    sets = sorted(map(fact_set, range(SETS)), key=lambda world: -len(world.facts))
    made = [_World.of(facts) for facts in sets]
    yield made
    for world in made:
        world.engine.close()


@pytest.fixture(scope="module")
def mutants(worlds: list[_World]) -> list[Mutant]:
    return sample(worlds[-1].engine)


@pytest.mark.parametrize("name", CATALOGUE)
def test_without_a_change_the_tables_are_those_of_the_naive_model(
    name: str, worlds: list[_World], mutants: list[Mutant]
):
    """What is compared is alike as long as nothing is changed, or every mutant would be caught."""
    for world in worlds[::10]:
        asked = world.asked(name)
        assert world.table(name, asked.query) == asked.right, world.facts.seed
    assert any(mutant.metrics == (name,) for mutant in mutants)


def test_every_error_in_the_sql_is_noticed_unless_it_changes_nothing(
    worlds: list[_World], mutants: list[Mutant]
):
    """Of changes of one token each, those that no fact set shows are known as equivalent."""
    survivors = [
        mutant.key for mutant in mutants if not any(world.shows(mutant) for world in worlds)
    ]
    keys = {mutant.key for mutant in mutants}
    assert len(keys) == len(mutants)
    unexplained = [key for key in survivors if key not in EQUIVALENT]
    assert not unexplained, "explain in survivors.py, or find facts that show:\n" + "\n".join(
        unexplained
    )
    outdated = sorted(EQUIVALENT.keys() - set(survivors))
    assert not outdated, "caught, or of no sample any more: take it out of survivors.py"
    assert 1 - len(survivors) / len(mutants) >= SHARE_CAUGHT
