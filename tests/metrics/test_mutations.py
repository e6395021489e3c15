"""Would the comparison with the naive model notice an error in the SQL? Nearly 250 are made."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from attrs import field, frozen

from osallisuus.engines.sqlite import SQLiteEngine
from osallisuus.errors import EngineError
from osallisuus.metrics.catalogue import CATALOGUE
from osallisuus.metrics.compile import Settings, table_query
from osallisuus.metrics.engine import Query
from tests.generative.mutants import TOTAL, Mutant, sample
from tests.generative.strategies import FactSet, fact_set, settings_of
from tests.generative.tabulated import comparable, expected, in_memory
from tests.metrics.survivors import EQUIVALENT

SETS = 400
FEWEST_CAUGHT = 165


@frozen
class _World:
    """A fact set, its engine, and what the naive model says of it: counted once per question."""

    facts: FactSet
    engine: SQLiteEngine
    known: dict[tuple[str, int], tuple[Settings, Any, Any]] = field(factory=dict)

    @classmethod
    def of(cls, seed: int) -> _World:
        facts = fact_set(seed)
        return cls(facts, SQLiteEngine.open(in_memory(facts)))

    def shows(self, mutant: Mutant) -> bool:
        """Whether the mutant's table is another one than the naive model's."""
        settings, params, right = self._right(mutant.metric, mutant.shape)
        try:
            rows = self.engine.rows(Query(mutant.sql, params))
            return bool(comparable(mutant.metric, rows, settings) != right)
        except EngineError:
            return True

    def _right(self, name: str, shape: int) -> tuple[Settings, Any, Any]:
        if (name, shape) not in self.known:
            settings = settings_of(self.facts, name, shape)
            params = dict(table_query(CATALOGUE[name], settings, self.engine).params)
            params["last_day"] = settings.as_of - timedelta(days=1)
            right = expected(name, self.facts.facts, settings)
            self.known[name, shape] = (settings, params, right)
        return self.known[name, shape]


def test_every_error_in_the_sql_is_noticed_unless_it_changes_nothing():
    """Of 246 changes of one token each, those that no fact set shows are known as equivalent."""
    worlds = [_World.of(seed) for seed in range(SETS)]
    mutants = sample(worlds[0].engine)
    survivors = [
        mutant.key for mutant in mutants if not any(world.shows(mutant) for world in worlds)
    ]
    for world in worlds:
        world.engine.close()
    assert len({mutant.key for mutant in mutants}) == TOTAL
    assert TOTAL - len(survivors) >= FEWEST_CAUGHT
    unexplained = [key for key in survivors if key not in EQUIVALENT]
    assert not unexplained, "explain in survivors.py, or find facts that show:\n" + "\n".join(
        unexplained
    )
    caught = {mutant.key for mutant in mutants} - set(survivors)
    assert not caught & set(EQUIVALENT), "not equivalent: take it out of survivors.py"
