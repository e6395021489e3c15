"""What a reader of several releases takes for the same count, or for one within another."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import pytest
from attrs import evolve

from osallisuus.disclosure.counts import Count
from osallisuus.disclosure.earlier import Named, increments, series_of
from osallisuus.disclosure.tallies import REST
from osallisuus.metrics.measure import Measurement, Place
from osallisuus.metrics.metric import Tally
from osallisuus.time import Period, split_periods
from tests.disclosure.test_gate import AS_OF, World

WHOLE = Tally(("started",), 30)
PART = Tally(("completed", 30), 20, within=("started",))


@pytest.fixture(scope="module")
def asked() -> list[Measurement]:
    """Two plain questions, one of states and one of a curve."""
    return World().ask("completion", "people_and_episodes", "role_occupancy", "team_transition")


def test_wholes_may_be_nested_anywhere_and_parts_within_their_metric_and_place(
    asked: list[Measurement],
) -> None:
    """A curve and states are followed by themselves only; so are moves between states."""
    plain, other, states, curve = asked
    place = Place(("Oulu",))

    def groups(measurement: Measurement, tally: Tally) -> frozenset[Hashable]:
        return Named.of(measurement, place, tally).groups

    assert "whole" in groups(plain, WHOLE)
    assert "whole" not in groups(plain, PART)
    assert len(groups(plain, PART) & groups(other, PART)) == 1  # of the same place
    assert len(groups(plain, PART) & groups(plain, evolve(PART, label=("completed", 60)))) == 2
    assert groups(plain, PART).isdisjoint(Named.of(other, Place(), PART).groups)
    for alone in (states, curve):
        assert len(groups(alone, WHOLE)) == 1
        assert groups(alone, WHOLE).isdisjoint(groups(plain, WHOLE))
    assert len(groups(plain, Tally(("between", "a"), 30))) == 1
    named = Named.of(plain, place, PART)
    assert named.series == (series_of(plain, place), PART.label)
    assert named.rest() == Named((named.series, REST), frozenset())


def test_a_period_belongs_to_what_a_figure_is_of() -> None:
    """The third quarter is another figure than the second, whatever its number is."""
    (year,) = World().ask("completion")
    quarters = split_periods("quarterly", Period.parse("2021-01-01..2022-01-01"))
    divided = evolve(year, settings=evolve(year.settings, periods=quarters))
    assert series_of(divided, Place((), 1)) != series_of(divided, Place((), 2))
    later = evolve(year, settings=evolve(year.settings, periods=quarters[1:]))
    assert series_of(divided, Place((), 1)) == series_of(later, Place((), 0))
    assert series_of(year, Place()) == series_of(
        evolve(year, settings=evolve(year.settings, as_of=AS_OF.replace(month=6))), Place()
    )


SAME = Named("series", frozenset({"a"}))
NESTED = Named("other", frozenset({"a", "b"}))
STRANGE = Named("third", frozenset({"c"}))
THEN = Count("then", {0: 1, 1: 1}, 20, released=True)


@pytest.mark.parametrize(
    ("members", "n", "there", "shown", "found"),
    [
        ({0: 1, 1: 1, 2: 1}, 23, SAME, True, [({2: 1}, 3)]),  # three joined
        ({0: 1, 1: 1, 2: 1}, 23, SAME, False, [({2: 1}, 3)]),  # though it is hidden now
        ({0: 1, 2: 1}, 19, SAME, True, [({2: 1}, 3), ({1: 1}, 4)]),  # and four left
        ({0: 1, 2: 1}, 19, NESTED, True, []),  # neither is within the other
        ({0: 1, 1: 1, 2: 1}, 23, NESTED, True, [({2: 1}, 3)]),
        ({0: 1, 1: 1, 2: 1}, 23, NESTED, False, []),  # what is hidden cannot be subtracted
        ({0: 1, 1: 1, 2: 1}, 23, STRANGE, True, []),  # nobody knows that it is within the other
        ({0: 1, 1: 1}, 20, SAME, True, []),
        ({0: 1, 1: 1, 3: 1}, 25, SAME, True, []),  # five are not few
        ({0: 1, 1: 1, 3: 1}, 25, NESTED, True, []),
        ({0: 2, 1: 1}, 36, SAME, True, []),  # the sixteen are counted twice
        ({0: 1, 1: 2}, 24, SAME, True, [({1: 1}, 4)]),
    ],
)
def test_the_few_by_whom_counts_differ_are_secret(
    members: dict[int, int], n: int, there: Named, shown: bool, found: list[Any]
) -> None:
    """Sixteen, four, three and five people are in the atoms; five are not few."""
    new = Count("now", members, n)
    made = increments(
        [THEN], [new], {"now"} if shown else (), {"now": there, "then": SAME},
        {0: 16, 1: 4, 2: 3, 3: 5}, 5,
    )  # fmt: skip
    assert [(one.members, one.value) for one in made] == found
    assert all(one.sensitive for one in made)
    assert not increments(
        [evolve(THEN, released=False)], [new], {"now"}, {"now": there, "then": SAME},
        {0: 16, 1: 4, 2: 3, 3: 5}, 5,
    )  # fmt: skip
