"""Readings of the same units before and after: change, reliable change, agreement."""

from __future__ import annotations

from math import sqrt
from statistics import mean as plain_mean
from statistics import stdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from osallisuus.errors import DefinitionError, EngineError
from osallisuus.metrics.estimate.agreement import agreement
from osallisuus.metrics.estimate.change import (
    effect_size,
    hedges_correction,
    over_units,
    paired_change,
    standardised_response,
)
from osallisuus.metrics.estimate.jackknife import jackknife
from osallisuus.metrics.estimate.pairs import Pairs
from osallisuus.metrics.estimate.proportion import matched_difference, wilson
from osallisuus.metrics.estimate.ratio import Moments
from osallisuus.metrics.estimate.reliable import Precision, cut_offs, reliable_change

READING = st.none() | st.integers(-5, 5)
ROWS = st.lists(st.tuples(READING, READING, st.integers(0, 3)), max_size=12)
UNITS = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=3, max_size=12)


def _pairs(units: list[tuple[int, int]]) -> Pairs:
    return Pairs.of((x, y, 1) for x, y in units)


def test_missing_readings_are_counted_and_left_out_of_the_change() -> None:
    """Metric O6: 3 of 6 were read twice; 0 is a reading, not a missing one."""
    pairs = Pairs.of([(0, 2, 1), (1, 3, 2), (None, 3, 1), (4, None, 1), (None, None, 1)])
    assert (pairs.eligible, pairs.paired) == (6, 3)
    assert pairs.moments == Moments(3, 2, 8, 2, 6, 22)
    assert pairs.rows == (
        (None, None, 1),
        (None, 3, 1),
        (0, 2, 1),
        (1, 3, 2),
        (4, None, 1),
    )


def test_a_negative_number_of_units_is_refused() -> None:
    """A table of pairs counts; it does not subtract."""
    with pytest.raises(EngineError, match="negative"):
        Pairs.of([(1, 2, -1)])


@given(ROWS, ROWS, st.randoms(use_true_random=False))
def test_tables_of_pairs_add_up_in_any_order(some, others, chance) -> None:
    """The merge law of A.3."""
    whole = some + others
    merged = Pairs.of(some) + Pairs.of(others)
    chance.shuffle(whole)
    assert merged == Pairs.of(whole)
    assert merged.eligible == sum(n for *_, n in whole)


@given(UNITS)
def test_standardised_changes_equal_their_definitions(units: list[tuple[int, int]]) -> None:
    """Response = mean / sd of changes, effect size = mean / sd before; both by leaving one out."""
    change = paired_change(_pairs(units))
    assert change is not None
    changes = [y - x for x, y in units]
    assert change.mean.value == pytest.approx(plain_mean(changes))
    if len(set(changes)) == 1:
        assert change.response is None
        assert change.response_corrected is None
    else:
        wanted = plain_mean(changes) / stdev(changes)
        assert change.response is not None
        assert change.response.value == pytest.approx(wanted)
        factor = 1 - 3 / (4 * (len(units) - 1) - 1)
        assert change.response_corrected == pytest.approx(wanted * factor)
    if len({x for x, _ in units}) == 1:
        assert change.effect_size is None
    else:
        assert change.effect_size is not None
        before = stdev([x for x, _ in units])
        assert change.effect_size.value == pytest.approx(plain_mean(changes) / before)


@given(UNITS.filter(lambda units: len(units) > 4))
def test_the_error_of_the_standardised_response_is_that_of_leaving_units_out(
    units: list[tuple[int, int]],
) -> None:
    """One by one, each as often as it is there."""
    changes = [y - x for x, y in units]
    without = [changes[:i] + changes[i + 1 :] for i in range(len(changes))]
    if any(len(set(rest)) == 1 for rest in without):
        return
    change = paired_change(_pairs(units))
    wanted = jackknife(
        plain_mean(changes) / stdev(changes), [plain_mean(r) / stdev(r) for r in without]
    )
    assert change.response.std_err == pytest.approx(wanted.std_err, rel=1e-6, abs=1e-9)
    assert change.response.low == pytest.approx(wanted.low, rel=1e-6, abs=1e-9)
    assert change.response.notes == wanted.notes


def test_a_statistic_over_units_has_a_95_percent_interval_unless_told_otherwise() -> None:
    """The parts of a paired change can be asked for one by one."""
    pairs = _pairs([(1, 3), (2, 4), (5, 6), (5, 9)])
    change, surer = paired_change(pairs), paired_change(pairs, 0.99)
    assert change is not None
    assert surer is not None
    assert change.response == over_units(pairs, standardised_response)
    assert change.effect_size == over_units(pairs, effect_size)
    assert surer.response == over_units(pairs, standardised_response, 0.99) != change.response
    assert surer.mean != change.mean


def test_the_same_change_for_all_has_no_standardised_response() -> None:
    """Metric O1: sd = 0 leaves it undefined, not infinitely large."""
    change = paired_change(_pairs([(1, 3), (2, 4), (5, 7)]))
    assert change is not None
    assert change.mean.value == 2
    assert change.response is None
    assert change.effect_size is not None
    assert change.effect_size.value == pytest.approx(2 / sqrt(13 / 3))


def test_a_response_that_rests_on_one_unit_has_no_interval() -> None:
    """Without the fourth person nobody differs from anybody."""
    change = paired_change(_pairs([(1, 3), (2, 4), (5, 7), (5, 9)]))
    assert change is not None
    assert change.response is not None
    assert change.response.notes == ("rests_on_one_cluster",)
    assert (change.response.std_err, change.response.low) == (None, None)


def test_two_pairs_have_a_mean_and_nothing_standardised() -> None:
    """B.4: at least three pairs."""
    change = paired_change(_pairs([(1, 3), (2, 5)]))
    assert change is not None
    assert (change.mean.value, change.response, change.effect_size) == (2.5, None, None)
    assert paired_change(Pairs.of([(None, 3, 9)])) is None


def test_the_correction_for_few_pairs_is_that_of_hedges() -> None:
    """n = 10: 1 - 3/35."""
    assert hedges_correction(10) == pytest.approx(1 - 3 / 35)


PRECISION = Precision(sd=5, reliability=0.8)
"""Error of a change √2 · 5 · √0.2 = 3.1623, so that 7 points are reliable and 6 are not."""


def test_changes_within_the_error_of_the_instrument_are_told_apart() -> None:
    """1.96 · 3.1623 = 6.198 points."""
    pairs = Pairs.of([(10, 17, 4), (10, 16, 3), (20, 13, 1), (20, 14, 2), (None, 9, 5)])
    found = reliable_change(pairs, PRECISION)
    assert found is not None
    assert (found.n, found.improved, found.unchanged, found.worse) == (10, 4, 5, 1)
    assert found.crossed is found.crossed_share is None
    for share, k in (
        (found.improved_share, 4),
        (found.unchanged_share, 5),
        (found.worse_share, 1),
    ):
        assert (share.value, share.low, share.high) == (k / 10, *wilson(k, 10))
        assert share.method == "Wilson"
    assert found.net == matched_difference(4, 1, 10)


def test_fewer_points_are_better_where_the_instrument_says_so() -> None:
    """A scale of troubles: the same changes, seen from the other side."""
    pairs = Pairs.of([(10, 17, 4), (20, 13, 1)])
    found = reliable_change(pairs, PRECISION, higher_is_better=False, cut_off=15)
    assert found is not None
    assert (found.improved, found.worse, found.crossed) == (1, 4, 1)


def test_the_confidence_moves_what_is_reliable() -> None:
    """At 90 % 1.645 · 3.1623 = 5.2 points are enough."""
    found = reliable_change(Pairs.of([(10, 16, 3)]), PRECISION, 0.9)
    assert found is not None
    assert found.improved == 3


def test_a_cut_off_is_crossed_by_those_who_improved_and_end_beyond_it() -> None:
    """At the cut-off is not beyond it, before or after."""
    pairs = Pairs.of(
        [
            (10, 20, 1),  # crosses
            (15, 25, 2),  # began at it: crosses
            (5, 15, 4),  # ends at it
            (16, 26, 8),  # was beyond it
            (14, 19, 16),  # no reliable change
        ]
    )
    found = reliable_change(pairs, PRECISION, cut_off=15)
    assert found is not None
    assert (found.improved, found.crossed) == (15, 3)
    assert found.crossed_share is not None
    assert found.crossed_share.value == 3 / 31


def test_nobody_read_twice_has_no_reliable_change() -> None:
    """Rule z."""
    assert reliable_change(Pairs.of([(None, 3, 9)]), PRECISION) is None


@pytest.mark.parametrize(("sd", "reliability"), [(0, 0.8), (-1, 0.8), (5, 1), (5, -0.1)])
def test_an_impossible_precision_is_refused(sd: float, reliability: float) -> None:
    """Both numbers come from a study of the instrument; 1 would make every point reliable."""
    with pytest.raises(DefinitionError, match="standard deviation above 0"):
        Precision(sd, reliability)


def test_cut_offs_lie_towards_the_other_group() -> None:
    """Where the others have lower readings all signs turn."""
    up = cut_offs(40, 5, 60, 10)
    down = cut_offs(60, 10, 40, 5)
    assert (up.a, up.b) == (50, 40)
    assert up.c == pytest.approx((5 * 60 + 10 * 40) / 15)
    assert (down.a, down.b) == (40, 50)
    assert down.c == pytest.approx(up.c)


def test_agreement_of_two_raters_by_hand() -> None:
    """Ratings (1,1) (2,2) (3,2) (4,4): Σ(x-y)² = 1; over all couples 38 / 4 on average."""
    found = agreement(_pairs([(1, 1), (2, 2), (3, 2), (4, 4)]))
    assert found is not None
    chance = sum((x - y) ** 2 for x in (1, 2, 3, 4) for y in (1, 2, 2, 4)) / 4
    assert found.value == pytest.approx(1 - 1 / chance)
    same = agreement(_pairs([(1, 1), (2, 2), (3, 3)]))
    assert same is not None
    assert (same.value, same.std_err) == (1, 0)
    assert agreement(_pairs([(2, 2), (2, 2), (2, 2)])) is None


def test_nobody_who_differs_has_a_net_change_of_0_with_a_width() -> None:
    """Pitfall 8: no Wald interval of no width."""
    found = matched_difference(0, 0, 20)
    assert (found.value, found.std_err) == (0, 0)
    assert found.high == pytest.approx(-found.low)
    assert 0.05 < found.high < 0.15
    everyone = matched_difference(20, 0, 20)
    assert (everyone.value, everyone.high) == (1, 1)
    assert 0.7 < everyone.low < 0.95


def test_the_net_change_has_its_known_error() -> None:
    """12 up, 5 down of 40: √((17 - 49/40) / 1600)."""
    found = matched_difference(12, 5, 40)
    assert found.value == pytest.approx(7 / 40)
    assert found.std_err == pytest.approx(sqrt((17 / 40 - (7 / 40) ** 2) / 40))
    middle, error = 7 / 42, sqrt((18 / 42 - (7 / 42) ** 2) / 42)
    assert found.low == pytest.approx(middle - 1.959963984540054 * error)
    assert found.high == pytest.approx(middle + 1.959963984540054 * error)
    with pytest.raises(EngineError, match="0 <= k <= n"):
        matched_difference(12, 30, 40)
