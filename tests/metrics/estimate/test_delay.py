"""How late facts are written down."""

from __future__ import annotations

from math import exp, log, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from osallisuus.errors import EngineError
from osallisuus.metrics.estimate.curve import at_risk_on
from osallisuus.metrics.estimate.delay import completeness, nowcast, reporting_delay
from osallisuus.metrics.estimate.special import normal_quantile
from osallisuus.metrics.estimate.summary import quantile
from osallisuus.metrics.estimate.value import Estimate

OLD = [(100, 0, 10), (100, 5, 5), (100, 30, 5)]


def test_old_periods_alone_give_the_plain_shares() -> None:
    """Everything is in: 10, 15 and 20 of 20, with the binomial error."""
    curve = reporting_delay(OLD)
    assert [(p.day, p.at_risk, p.events) for p in curve.points] == [
        (0, 10, 10),
        (5, 15, 5),
        (30, 20, 5),
    ]
    assert [p.value for p in curve.points] == pytest.approx([0.5, 0.75, 1])
    assert [p.std_err for p in curve.points] == pytest.approx(
        [sqrt(0.5 * 0.5 / 20), sqrt(0.75 * 0.25 / 20), 0]
    )
    assert curve.points[2].low == pytest.approx(0.025 ** (1 / 20))
    assert curve.points[2].high == 1
    half = quantile(curve.complement(), 0.6)
    assert half.day == 5


def test_young_periods_count_only_for_delays_that_they_could_show() -> None:
    """Ten days old: 30 more rows at once say much on 5 days and nothing on 30."""
    curve = reporting_delay([*OLD, (10, 0, 30), (10, 5, 10)])
    # N(30) = 20 old rows, N(5) = 15 old and 40 young ones, of which 15 took 5 days
    assert [(p.day, p.at_risk, p.events) for p in curve.points] == [
        (0, 40, 40),
        (5, 55, 15),
        (30, 20, 5),
    ]
    assert [p.value for p in curve.points] == pytest.approx([0.75 * 40 / 55, 0.75, 1])
    error = 0.75 * 40 / 55 * sqrt(5 / (20 * 15) + 15 / (55 * 40))
    assert curve.points[0].std_err == pytest.approx(error)
    spread = normal_quantile(0.975) * error / (-curve.points[0].value * log(0.75 * 40 / 55))
    assert curve.points[0].low == pytest.approx(curve.points[0].value ** exp(spread))


def test_what_is_late_is_not_taken_for_what_is_lost() -> None:
    """The plain share of a delay under 5 days would be 40 of 60; of all there will be, 0.545."""
    curve = reporting_delay([*OLD, (10, 0, 30), (10, 5, 10)])
    point = curve.at(4)
    assert point is not None
    assert point.value == pytest.approx(0.545454545)
    assert curve.at(900).value == 1


def test_a_row_later_than_its_whole_period_could_show_is_left_out() -> None:
    """Of a month that ended 3 days ago only its first days can have a delay of 20."""
    assert reporting_delay([*OLD, (3, 20, 4)]) == reporting_delay(OLD)
    assert reporting_delay([*OLD, (20, 20, 4)]) != reporting_delay(OLD)


def test_the_share_is_of_those_within_the_longest_delay() -> None:
    """Within 10 days: 10 of 15 at once."""
    curve = reporting_delay(OLD, longest=5)
    assert [p.value for p in curve.points] == pytest.approx([2 / 3, 1])
    assert reporting_delay(OLD, longest=4).points[0].value == 1


def test_where_a_risk_set_empties_the_curve_begins_there() -> None:
    """The one old period has a single row, 50 days late: of shorter delays nothing is known."""
    curve = reporting_delay([(100, 50, 1), (10, 2, 6), (10, 4, 6)])
    assert [p.day for p in curve.points] == [50]
    assert curve.notes == ("risk_set_emptied",)
    assert curve.at(10) is None
    assert completeness(curve, 0, 9) is None
    assert reporting_delay(OLD).notes == ()
    assert reporting_delay([]).points == ()
    assert completeness(reporting_delay([]), 0, 9) is None


@given(
    st.lists(
        st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(0, 5)), min_size=1, max_size=25
    )
)
def test_the_curve_equals_its_definition_delay_by_delay(rows: list[tuple[int, int, int]]) -> None:
    """F(d) = Π (1 - n(u) / N(u)) over longer delays, summed row by row."""
    curve = reporting_delay(rows)
    for point in curve.points:
        value = 1.0
        for u in range(point.day + 1, 10):
            same = sum(n for age, delay, n in rows if delay == u <= age)
            upto = sum(n for age, delay, n in rows if delay <= u <= age)
            value *= 1 - same / upto if same else 1
        assert point.value == pytest.approx(value)
        assert 0 < point.value <= 1
        assert point.low <= point.value <= point.high


def test_how_much_of_a_month_is_in_is_the_mean_over_its_days() -> None:
    """Days 3 to 6 old: two at 0.5, two at 0.75; the bounds likewise."""
    curve = reporting_delay(OLD)
    found = completeness(curve, 3, 6)
    first, second = curve.points[:2]
    assert found is not None
    assert found.value == pytest.approx(0.625)
    assert found.std_err == pytest.approx((first.std_err + second.std_err) / 2)
    assert found.low == pytest.approx((first.low + second.low) / 2)
    assert found.high == pytest.approx((first.high + second.high) / 2)


def test_of_days_younger_than_any_delay_nothing_is_in() -> None:
    """The shortest delay is 2 days: the days of today and yesterday are empty."""
    curve = reporting_delay([(50, 2, 5), (50, 4, 5)])
    found = completeness(curve, 0, 3)
    assert found is not None
    assert found.value == pytest.approx((0 + 0 + 0.5 + 0.5) / 4)


def test_a_period_may_be_one_day() -> None:
    """As much is in as the curve says for its age."""
    curve = reporting_delay(OLD)
    found = completeness(curve, 6, 6)
    assert found is not None
    assert (found.value, found.low) == (curve.at(6).value, curve.at(6).low)
    assert completeness(curve, 0, 0).value == curve.at(0).value


@pytest.mark.parametrize("ages", [(-1, 3), (4, 3)])
def test_ages_are_days_from_the_youngest_to_the_oldest(ages: tuple[int, int]) -> None:
    """A day that has not come is no part of a period to be read."""
    with pytest.raises(EngineError, match="ages of 0 days"):
        completeness(reporting_delay(OLD), *ages)


def test_a_nowcast_fills_up_what_is_still_to_come() -> None:
    """50 rows are in of a period 80 % complete: 62.5, on the log scale."""
    found = nowcast(50, Estimate(0.8, 0.05))
    assert found is not None
    spread = sqrt(0.2 / 50 + (0.05 / 0.8) ** 2)
    assert found.value == pytest.approx(62.5)
    assert found.std_err == pytest.approx(62.5 * spread)
    assert found.high == pytest.approx(62.5 * exp(normal_quantile(0.975) * spread))
    assert found.low == pytest.approx(62.5 / exp(normal_quantile(0.975) * spread))


def test_a_nowcast_is_never_less_than_what_is_in() -> None:
    """Nearly complete: the lower bound is the count itself."""
    found = nowcast(50, Estimate(0.99, 0.05))
    assert found is not None
    assert found.low == 50
    whole = nowcast(50, Estimate(1.0, None))
    assert whole is not None
    assert (whole.value, whole.low, whole.high) == (50, 50, 50)


def test_nothing_in_yet_cannot_be_filled_up() -> None:
    """Rule z."""
    assert nowcast(0, Estimate(0.8, 0.05)) is None
    assert nowcast(5, Estimate(0.0)) is None


@pytest.mark.parametrize("row", [(5, -1, 2), (5, 1, -2)])
def test_a_negative_delay_or_number_is_refused(row: tuple[int, int, int]) -> None:
    """Written down before it happened: a finding, not a delay."""
    with pytest.raises(EngineError, match="negative"):
        reporting_delay([row])


def test_the_risk_set_of_a_point_is_that_of_its_day() -> None:
    """The table under a curve of delays says the same numbers as its points."""
    curve = reporting_delay([*OLD, (10, 0, 30), (10, 5, 10)])
    assert [at_risk_on(curve.risk, point.day) for point in curve.points] == [40, 55, 20]


def test_a_period_older_than_the_longest_delay_is_in_for_certain() -> None:
    """Each of its days is 30 days old or more: no chance is left in the estimate itself."""
    found = completeness(reporting_delay(OLD), 30, 60)
    assert found is not None
    assert (found.value, found.std_err, found.high) == (1, 0, 1)
    assert found.low == pytest.approx(0.025 ** (1 / 20))
