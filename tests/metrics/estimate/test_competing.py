"""The short recursion for one state says what the general one says."""

from __future__ import annotations

from random import Random

import pytest

from osallisuus.metrics.estimate.competing import competing_incidence
from osallisuus.metrics.estimate.curve import at_risk_on
from osallisuus.metrics.estimate.flow import BEFORE_ORIGIN, Flow, FlowRow
from osallisuus.metrics.estimate.multistate import aalen_johansen


def _flow(seed: int) -> Flow:
    """Some people, some of them late under observation, with two ways out and censoring."""
    lots = Random(seed)
    rows: list[FlowRow] = []
    for _ in range(lots.choice([1, 2, 8, 40])):
        entry = lots.choice([BEFORE_ORIGIN, BEFORE_ORIGIN, BEFORE_ORIGIN, 1, 4])
        day = max(entry + 1, 0) + lots.randrange(12)
        n = lots.choice([1, 1, 3])
        rows += [(entry, "", "in", n), (day, "in", lots.choice(["a", "b", ""]), n)]
    return Flow.of(rows)


@pytest.mark.parametrize("after", [BEFORE_ORIGIN, 0, 3])
@pytest.mark.parametrize("seed", range(60))
def test_the_short_recursion_gives_the_points_of_the_general_one(seed: int, after: int):
    """Value, error, bounds and counts, from the origin and from a landmark, also once closed."""
    flow = _flow(seed)
    names = tuple(sorted({*flow.states, "in", "a"}))
    general = aalen_johansen(flow, names, "in", after).curve("a")
    short = competing_incidence(flow, "a", "in", after)
    assert short.closed_on == general.closed_on
    assert short.method == general.method
    assert [point.day for point in short.points] == [point.day for point in general.points]
    for ours, theirs in zip(short.points, general.points, strict=True):
        for own, other in zip(ours, theirs, strict=True):
            undefined = own is None or other is None
            assert own is other if undefined else own == pytest.approx(other, rel=1e-9, abs=1e-11)
    days = range(-3, 18)
    assert [at_risk_on(short.risk, day) for day in days] == [
        at_risk_on(general.risk, day) for day in days
    ]
