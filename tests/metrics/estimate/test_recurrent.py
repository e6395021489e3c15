"""Hours, encounters and episodes that come to a person again and again."""

from __future__ import annotations

from math import exp, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from osallisuus.errors import EngineError
from osallisuus.metrics.estimate.recurrent import Amounts, mean_cumulative

T2 = 4.302652729911275
"""The 0.975 quantile of t with 2 degrees of freedom."""


def _person(last: int, *amounts: tuple[int, int], entry: int = -1) -> Amounts:
    return Amounts.of(
        [
            (entry, "", "seen", 1),
            (last, "seen", "", 1),
            *((day, "seen", "seen", amount) for day, amount in amounts),
        ]
    )


PERSON = st.integers(0, 4).flatmap(
    lambda entry: st.integers(entry + 1, 12).flatmap(
        lambda last: st.tuples(
            st.just(entry),
            st.just(last),
            st.dictionaries(st.integers(entry + 1, last), st.integers(1, 90), max_size=4),
        )
    )
)


def test_three_persons_by_hand() -> None:
    """Day 2: 30 of three; day 5, one no longer seen: 60 of two. M = 10, then 40."""
    curve = mean_cumulative([_person(9, (2, 30)), _person(9, (5, 60)), _person(4)])
    assert [(p.day, p.at_risk, p.events, p.value) for p in curve.points] == [
        (0, 3, 0, 0),
        (2, 3, 30, 10),
        (5, 2, 60, 40),
    ]
    first = [20 / 3, -10 / 3, -10 / 3]
    second = [20 / 3 - 15, -10 / 3 + 15, -10 / 3]
    for point, influence in zip(curve.points[1:], (first, second), strict=True):
        error = sqrt(sum(part**2 for part in influence))
        assert point.std_err == pytest.approx(error)
        assert point.low == pytest.approx(point.value / exp(T2 * error / point.value))
        assert point.high == pytest.approx(point.value * exp(T2 * error / point.value))
    assert curve.notes == ("few_clusters",)


def test_who_has_left_stays_among_those_who_could_receive() -> None:
    """Hours of one of two persons: half of them each, though only one still comes."""
    point = mean_cumulative([_person(30, (1, 60), (20, 60)), _person(30, (1, 60))]).at(25)
    assert point is not None
    assert point.value == 90


def test_on_one_day_amounts_come_first_then_ends_then_entries() -> None:
    """Rule t: the amount of day 5 is shared by the two at risk, not by the one who enters."""
    parts = [_person(5, (5, 12)), _person(9), _person(9, entry=5)]
    point = mean_cumulative(parts).at(5)
    assert point is not None
    assert (point.at_risk, point.value) == (2, 6)


def test_an_amount_on_the_first_day_counts() -> None:
    """An entry on the origin day is at 0-: the first session is on day 0."""
    curve = mean_cumulative([_person(3, (0, 8)), _person(3)])
    assert [(p.day, p.value) for p in curve.points] == [(0, 4)]


def test_before_anything_came_the_upper_bound_is_unknown() -> None:
    """Nothing yet is no certainty, and amounts have no largest value."""
    point = mean_cumulative([_person(9, (2, 30)), _person(9)]).at(1)
    assert point is not None
    assert (point.value, point.low, point.high) == (0, 0, None)


def test_the_same_for_all_has_no_interval() -> None:
    """Two persons with 30 each: no variation to go by."""
    point = mean_cumulative([_person(9, (2, 30)), _person(9, (2, 30))]).at(2)
    assert point is not None
    assert (point.value, point.std_err, point.low, point.high) == (30, 0, None, None)


def test_one_person_has_a_sum_and_no_error() -> None:
    """One cluster shows no variation; nobody at all shows nothing."""
    curve = mean_cumulative([_person(9, (2, 30))])
    point = curve.at(2)
    assert point is not None
    assert (point.value, point.std_err, point.low) == (30, None, None)
    assert curve.notes == ("one_cluster",)
    nobody = mean_cumulative([]).at(0)
    assert nobody is not None
    assert (nobody.value, nobody.at_risk) == (0, 0)
    eight = mean_cumulative([_person(9, (2, i)) for i in range(8)])
    assert eight.notes == ()


def test_the_widest_interval_overflows_nothing() -> None:
    """Two persons and nearly all confidence: from almost 0 to an enormous number."""
    point = mean_cumulative([_person(9, (2, 30)), _person(9)], 1 - 1e-9).at(2)
    assert point is not None
    assert (point.low, point.high) == (15 / exp(500), 15 * exp(500))


def test_the_curve_is_cut_where_too_few_are_observed() -> None:
    """Two are seen until day 4."""
    curve = mean_cumulative([_person(9, (2, 30)), _person(4)]).cut(2)
    assert curve.last_day == 4
    assert curve.at(5) is None


def test_impossible_tables_are_refused() -> None:
    """A negative amount, one for nobody, and two states."""
    with pytest.raises(EngineError, match="negative"):
        _person(9, (2, -1))
    with pytest.raises(EngineError, match="nobody is observed"):
        _person(9, (10, 1))
    with pytest.raises(EngineError, match="nobody is observed"):
        _person(9, (3, 1), entry=3)
    with pytest.raises(EngineError, match="more than one state"):
        Amounts.of([(-1, "", "a", 1), (3, "a", "b", 1), (9, "b", "", 1)])


@given(st.lists(PERSON, min_size=2, max_size=8))
def test_the_curve_equals_a_sum_over_days_and_persons(persons) -> None:
    """Value and robust error, day by day and person by person; grouping changes no value."""
    parts = [_person(last, *own.items(), entry=entry or -1) for entry, last, own in persons]
    curve = mean_cumulative(parts)
    value, influence = 0.0, [0.0] * len(persons)
    for day in range(13):
        seen = [(entry < day or entry == 0) and day <= last for entry, last, _ in persons]
        got = [own.get(day, 0) for _, _, own in persons]
        if any(got):
            step = sum(got) / sum(seen)
            value += step
            influence = [
                u + (g - s * step) / sum(seen) for u, g, s in zip(influence, got, seen, strict=True)
            ]
        point = curve.at(day)
        assert point is not None
        assert point.at_risk == sum(seen)
        assert point.value == pytest.approx(value)
        assert point.std_err == pytest.approx(sqrt(sum(u * u for u in influence)), abs=1e-9)
    halves = [parts[0], sum(parts[2:], parts[1])]
    assert [p.value for p in mean_cumulative(halves).points] == pytest.approx(
        [p.value for p in curve.points]
    )
