"""The counts behind figures are the same whether a table or single cases are asked."""

from __future__ import annotations

import pytest

from osallisuus.disclosure import gate
from osallisuus.disclosure.cases import Cases
from osallisuus.disclosure.profile import Profile
from osallisuus.disclosure.tallies import REST, rest_of, tallies_of
from osallisuus.engines.sqlite import SQLiteEngine
from osallisuus.metrics.catalogue import CATALOGUE
from osallisuus.metrics.measure import Measurement, measure
from tests.generative.strategies import fact_set, settings_of
from tests.generative.tabulated import in_memory

NOT_COUNTED = {"hidden", "upto", "from"}
"""Marks on either side of a median: they are judged by size and shown nowhere."""


def _differences(measurement: Measurement, threshold: int) -> list[object]:
    """The tallies that a count over single cases does not give."""
    profile = Profile(name="test", threshold=threshold, unsafe=True)
    grids = gate._grids([measurement], profile)
    drawn = [measurement.draws(grid=grids[0])]
    tallies = tallies_of(drawn)
    found: dict[object, int] = {}
    for atom, n in Cases([measurement], grids, tallies).atoms(()):
        for key, weight in atom.items():
            found[key] = found.get(key, 0) + n * weight
    wrong: list[object] = [
        (key, tally.n, found.get(key, 0))
        for key, tally in tallies.items()
        if not tally.additive
        and key[2][0] not in NOT_COUNTED
        and (key[2] != ("unknown",) or measurement.metric.kind != "mean")
        and tally.n != found.get(key, 0)
    ]
    for key, tally in tallies.items():
        if tally.within is not None:
            rest = (key[0], key[1], (*key[2], REST))
            if rest_of(tallies, key)[1] != found.get(rest, 0):
                wrong.append((rest, rest_of(tallies, key)[1], found.get(rest, 0)))
    return wrong


@pytest.mark.parametrize("name", sorted(CATALOGUE))
def test_tallies_equal_counts_of_single_cases(name: str):
    """Restarts, several episodes, dates out of order, day 0, open cases, periods, no stratum."""
    for seed in (*range(20), 33, 46, 72):
        world = fact_set(seed)
        engine = SQLiteEngine.open(in_memory(world))
        for shape in range(4):
            measurement = measure(CATALOGUE[name], settings_of(world, name, shape), engine)
            wrong = _differences(measurement, threshold=1 + seed % 3)
            assert wrong == [], f"world {seed}, shape {shape}"
        engine.close()
