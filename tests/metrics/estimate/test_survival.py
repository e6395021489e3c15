"""Survival curves: their honest ends."""

from __future__ import annotations

from itertools import permutations
from math import exp, log, sqrt

import pytest

from osallisuus.errors import DefinitionError
from osallisuus.metrics.estimate.curve import at_risk_on, last_day_with, log_log
from osallisuus.metrics.estimate.flow import Flow
from osallisuus.metrics.estimate.logrank import logrank
from osallisuus.metrics.estimate.spells import flow_of
from osallisuus.metrics.estimate.summary import (
    area,
    quantile,
    restricted_mean,
    restricted_mean_difference,
)
from osallisuus.metrics.estimate.survival import kaplan_meier, nelson_aalen


def _flow(*ends: tuple[int, str], entry: int = 0) -> Flow:
    """Persons in one state with the day and the way of their leaving."""
    return flow_of(
        (str(number), entry, day, "in", to_state) for number, (day, to_state) in enumerate(ends)
    )


def test_nothing_has_happened_yet_is_no_certainty() -> None:
    """Five at risk, two censored on day 3, no event: the bound on day 9 is that of three."""
    curve = kaplan_meier(_flow((3, ""), (3, ""), (9, ""), (9, ""), (9, "")))
    first, last = curve.at(0), curve.at(9)
    assert first is not None
    assert last is not None
    assert (first.value, first.high, first.low) == (1, 1, pytest.approx(0.025 ** (1 / 5)))
    assert (last.value, last.high, last.low) == (1, 1, pytest.approx(0.025 ** (1 / 3)))


def test_the_hazard_before_the_first_event_has_an_upper_bound() -> None:
    """The one that belongs to the bound of survival: -log(0.025) / 2."""
    point = nelson_aalen(_flow((3, ""), (5, ""))).at(2)
    assert point is not None
    assert (point.value, point.low) == (0, 0)
    assert point.high == pytest.approx(-log(0.025) / 2)


def test_the_curve_stops_when_an_early_small_risk_set_empties() -> None:
    """Rule l: one early person leaves, later ones enter; the 0 is marked, not hidden."""
    flow = flow_of([("a", 1, 3, "in", "out"), ("b", 5, 9, "in", "out"), ("c", 5, 20, "in", "")])
    curve = kaplan_meier(flow)
    assert curve.points[-1].day == 3
    assert curve.notes == ("risk_set_emptied",)
    point = curve.at(3)
    assert point is not None
    assert (point.value, point.std_err, point.low, point.high) == (0.0, None, None, None)


def test_everybody_gone_is_a_curve_that_is_known_for_good() -> None:
    """Three leave, nobody is censored: no end, and 0 on every later day."""
    curve = kaplan_meier(_flow((1, "x"), (2, "x"), (3, "x"))).cut()
    assert curve.last_day is None
    point = curve.at(400)
    assert point is not None
    assert (point.value, point.at_risk) == (0.0, 0)


def test_a_curve_is_cut_where_too_few_are_at_risk() -> None:
    """At least three at risk until day 4; beyond that the curve has no value."""
    curve = kaplan_meier(_flow((2, "x"), (4, ""), (6, "x"), (9, "x"))).cut(3)
    assert curve.last_day == 4
    assert curve.at(4) is not None
    assert curve.at(5) is None
    assert kaplan_meier(_flow((2, "x"), (4, ""))).cut(3).at(0) is None


def test_a_curve_ends_where_the_last_person_was_seen() -> None:
    """One was still there on day 9 and nobody after it."""
    curve = kaplan_meier(_flow((2, "x"), (9, ""))).cut()
    assert curve.last_day == 9
    assert restricted_mean(curve, 10) is None
    mean = restricted_mean(curve, 9)
    assert mean is not None
    assert mean.value == pytest.approx(2 + 0.5 * 7)


def test_the_number_at_risk_is_that_of_the_day_asked_for() -> None:
    """Between two points the risk set is what the first one left, and nothing happens."""
    curve = kaplan_meier(_flow((2, "x"), (5, "x"), (5, ""), (8, "")))
    wanted = {0: 4, 2: 4, 3: 3, 5: 3, 6: 1, 8: 1, 9: 0}
    assert {day: point.at_risk for day in wanted if (point := curve.at(day))} == wanted


def test_no_event_is_counted_on_a_day_between_two_points() -> None:
    """The event of day 2 is not one of day 3."""
    curve = kaplan_meier(_flow((2, "x"), (5, "x"), (8, "")))
    assert [point.events for day in (2, 3, 5) if (point := curve.at(day))] == [1, 0, 1]


def test_a_curve_that_begins_with_too_few_at_risk_is_not_shown_at_all() -> None:
    """One person from day 1 on and five more from day 4 on: the first days rest on one."""
    early = ("early", 1, 9, "in", "x")
    late = [(str(number), 4, 9, "in", "x") for number in range(5)]
    assert kaplan_meier(flow_of([early, *late])).cut(5).points == ()
    assert kaplan_meier(flow_of(late)).cut(5).last_day is None


@pytest.mark.parametrize(
    ("risk", "minimum", "closed_on", "last"),
    [
        (((0, 9), (4, 5), (7, 4), (8, 0)), 5, None, 7),
        (((0, 9), (4, 5), (7, 0)), 5, 7, None),  # all have gone while there were enough
        (((0, 9), (4, 4), (7, 0)), 5, 7, 4),  # there were too few before
        (((0, 0), (3, 5), (4, 0)), 5, None, 4),  # nobody before day 3 ends nothing
        (((0, 2), (3, 5), (4, 0)), 5, None, -1),
        (((0, 9), (4, 5)), 5, None, None),
        (((0, 0),), 5, None, -1),
        ((), 1, None, -1),
    ],
)
def test_a_curve_may_be_read_while_enough_are_at_risk(
    risk: tuple[tuple[int, int], ...], minimum: int, closed_on: int | None, last: int | None
) -> None:
    """-1: on no day; None: on every one. A pair is a day and how many are left after it."""
    assert last_day_with(risk, minimum, closed_on) == last


def test_a_flow_in_which_nobody_is_gives_a_curve_without_bounds() -> None:
    """Rule z: no person, no interval, and no exception."""
    point = kaplan_meier(Flow(), "in").at(0)
    assert point is not None
    assert (point.at_risk, point.low) == (0, None)


def test_a_quantile_of_a_final_plateau_lasts_until_the_last_day_seen() -> None:
    """Half have left on day 2, the other half was last seen on day 8: the middle is day 5."""
    half = quantile(kaplan_meier(_flow((2, "x"), (8, ""))), 0.5)
    assert half.day == 5
    assert quantile(kaplan_meier(_flow((2, "x"), (8, ""))), 0.75).day is None


def test_a_quantile_is_a_part_between_0_and_1() -> None:
    """50 is not 0.5, and neither the first nor the last of all has a day of its own."""
    for part in (50, 1, 0):
        with pytest.raises(DefinitionError, match="between 0 and 1"):
            quantile(kaplan_meier(_flow((2, "x"))), part)


def test_chosen_events_leave_the_others_censored() -> None:
    """KM of 'joined' alone overstates, as vector T15 says: 1 - S(8) = 0.6667."""
    curve = kaplan_meier(
        _flow(
            *((1, "j"), (2, "j"), (3, "l"), (3, ""), (4, "j")),
            *((5, "l"), (6, ""), (6, "l"), (8, "j"), (12, "")),
        ),
        events={"j"},
    )
    point = curve.complement().at(8)
    assert point is not None
    assert point.value == pytest.approx(2 / 3)
    assert point.low is not None
    assert point.high is not None
    assert point.low < point.value < point.high


def test_the_area_under_survival_is_its_restricted_mean() -> None:
    """Two ways to the same number of days."""
    curve = kaplan_meier(_flow((2, "x"), (5, "x"), (5, ""), (8, "x")))
    mean = restricted_mean(curve, 7)
    assert mean is not None
    assert area(curve, 7) == pytest.approx(mean.value)


def test_a_restricted_mean_has_a_plain_interval_within_its_horizon() -> None:
    """8 days ± 1.96 times its error, but never more than the horizon nor less than 0."""
    days = [(day, "x") for day in (3, 5, 6, 8, 9, 9, 12, 15, 20, 20)]
    mean = restricted_mean(kaplan_meier(_flow(*days)), 10)
    assert mean is not None
    reach = 1.959963984540054 * mean.std_err
    assert mean.value == pytest.approx(8)
    assert (mean.low, mean.high) == pytest.approx((8 - reach, 8 + reach))
    short = restricted_mean(kaplan_meier(_flow((1, "x"), (1, "x"), (9, "x"))), 8)
    long = restricted_mean(kaplan_meier(_flow((1, "x"), (9, "x"), (9, "x"))), 8)
    assert short is not None
    assert long is not None
    assert short.low == 0 < short.high < 8
    assert long.high == 8 > long.low > 0


def test_three_groups_are_compared_with_two_degrees_of_freedom() -> None:
    """Groups with the same persons differ by nothing; a group never at risk does not count."""
    same = _flow((2, "x"), (5, "x"), (7, ""))
    equal = logrank({"a": same, "b": same, "c": same})
    assert (equal.chi2, equal.df) == (pytest.approx(0), 2)
    with_nobody = logrank({"a": same, "b": same, "z": flow_of([])}, state="in")
    assert (with_nobody.chi2, with_nobody.df) == (pytest.approx(0), 1)


def test_one_group_cannot_be_compared() -> None:
    """No second group at risk: the statistic is undefined, not 0."""
    alone = logrank({"a": _flow((2, "x"), (5, ""))})
    assert (alone.chi2, alone.df) == (None, 0)


def test_one_event_is_enough_for_a_log_rank() -> None:
    """One of two persons: E = 1/2, V = 1/4, so that the statistic is 1."""
    result = logrank({"a": _flow((1, "x")), "b": _flow((4, ""))})
    assert result.chi2 == pytest.approx(1)


def test_the_log_rank_of_three_groups_by_hand() -> None:
    """The 2 x 2 covariance of the last two groups, inverted by its determinant."""
    groups = {
        "a": _flow((1, "x"), (4, "x"), (6, "")),
        "b": _flow((2, "x"), (5, "")),
        "c": _flow((3, ""), (4, "x"), (7, "x"), (8, "")),
    }
    # (at risk in a, b, c; events) on the days 1, 2, 4 and 7
    days = [((3, 2, 4), 1), ((2, 2, 4), 1), ((2, 1, 3), 2), ((0, 0, 2), 1)]
    expected = [sum(d * y[g] / sum(y) for y, d in days) for g in range(3)]
    v = [
        [
            sum(
                d * (sum(y) - d) / (sum(y) - 1) * y[g] / sum(y) * ((g == h) - y[h] / sum(y))
                for y, d in days
            )
            for h in (1, 2)
        ]
        for g in (1, 2)
    ]
    one, two = 1 - expected[1], 2 - expected[2]
    determinant = v[0][0] * v[1][1] - v[0][1] * v[1][0]
    squares = one * one * v[1][1] - 2 * one * two * v[0][1] + two * two * v[0][0]
    result = logrank(groups)
    assert result.expected == pytest.approx(expected)
    assert result.observed == (2, 1, 2)
    assert (result.chi2, result.df) == (pytest.approx(squares / determinant), 2)


def test_an_interval_as_wide_as_can_be_has_bounds_of_0_and_1() -> None:
    """An enormous error of a share near 1 overflows nothing."""
    assert log_log(0.999999, 0.5, 0.95) == (0, 1)


def test_the_log_rank_of_two_small_groups_by_hand() -> None:
    """Events on days 1 and 2: E_a = 2/4 + 1/3, V = 1/4 + 2/9."""
    result = logrank({"a": _flow((1, "x"), (4, "")), "b": _flow((2, "x"), (4, ""))})
    assert result.expected[0] == pytest.approx(5 / 6)
    assert result.chi2 == pytest.approx((1 - 5 / 6) ** 2 / (1 / 4 + 2 / 9))


def test_the_difference_of_two_restricted_means_has_both_errors() -> None:
    """Metric Q1: se = √(se_a² + se_b²), and the same horizon for both."""
    one, other = (
        kaplan_meier(_flow((2, "x"), (5, "x"), (9, ""))).cut(),
        kaplan_meier(_flow((1, "x"), (7, ""), (8, "x"))).cut(),
    )
    first, second = restricted_mean(one, 6), restricted_mean(other, 6)
    found = restricted_mean_difference(one, other, 6)
    assert first is not None
    assert second is not None
    assert found is not None
    error = (first.std_err**2 + second.std_err**2) ** 0.5
    assert found.value == pytest.approx(first.value - second.value)
    assert found.std_err == pytest.approx(error)
    assert found.low == pytest.approx(found.value - 1.959963984540054 * error)
    assert found.high == pytest.approx(found.value + 1.959963984540054 * error)
    assert restricted_mean_difference(one, other, 10) is None
    assert restricted_mean_difference(other, one, 10) is None


def test_without_any_event_the_restricted_means_have_no_difference_to_judge() -> None:
    """All stayed in both groups: 0 days, and no interval of no width."""
    still = kaplan_meier(_flow((9, ""), (9, "")))
    found = restricted_mean_difference(still, still, 6)
    assert found is not None
    assert (found.value, found.low, found.notes) == (0, None, ("no_variation",))


def test_the_origin_day_and_a_day_with_two_at_risk_count_in_the_test() -> None:
    """One of four on day 0, then one of two on day 3: E = 1/2 + 1/2, V = 1/4 + 1/4, χ² = 2."""
    result = logrank({"a": _flow((0, "x"), (3, "x")), "b": _flow((1, ""), (5, ""))})
    assert result.observed == (2, 0)
    assert result.expected == pytest.approx((1, 1))
    assert result.chi2 == pytest.approx(2)
    assert result.df == 1


def test_the_order_of_the_groups_changes_no_log_rank() -> None:
    """Whichever of four groups is left out as the one that follows from the others."""
    groups = {
        "a": _flow((1, "x"), (4, "x"), (9, "")),
        "b": _flow((2, "x"), (7, ""), (9, "x")),
        "c": _flow((3, ""), (5, "x"), (8, "x"), (9, "")),
        "d": _flow((6, "x"), (9, "")),
    }
    results = [logrank({name: groups[name] for name in order}) for order in permutations(groups)]
    assert {one.df for one in results} == {3}
    assert [one.chi2 for one in results] == pytest.approx([results[0].chi2] * 24)


def test_a_curve_is_closed_on_the_day_on_which_nobody_is_left() -> None:
    """One of three on day 0, one on day 3, the last on day 5; at risk are 3, then 2, then 1."""
    curve = kaplan_meier(_flow((0, "x"), (3, "x"), (5, "x")))
    assert curve.closed_on == 5
    assert [at_risk_on(curve.risk, day) for day in (0, 1, 3, 4, 5, 6)] == [3, 2, 2, 1, 1, 0]
    assert kaplan_meier(_flow((0, "x"), (3, "x"), (5, ""))).closed_on is None


def test_the_interval_of_a_hazard_is_made_on_the_log_scale() -> None:
    """A = 1/4 + 1/3, with the variance 1/16 + 1/9: times and through exp(z se / A)."""
    point = nelson_aalen(_flow((2, "x"), (4, "x"), (6, ""), (6, ""))).at(4)
    assert point is not None
    hazard, error = 1 / 4 + 1 / 3, sqrt(1 / 16 + 1 / 9)
    assert (point.value, point.std_err) == pytest.approx((hazard, error))
    spread = exp(1.959963984540054 * error / hazard)
    assert (point.low, point.high) == pytest.approx((hazard / spread, hazard * spread))
