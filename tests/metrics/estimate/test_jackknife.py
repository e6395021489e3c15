"""Leaving out one group of persons at a time."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from osallisuus.metrics.estimate.jackknife import delete_a_group, jackknife
from osallisuus.metrics.estimate.mean import Sums, mean
from osallisuus.metrics.estimate.multistate import aalen_johansen
from osallisuus.metrics.estimate.ratio import Moments, ratio
from osallisuus.metrics.estimate.spells import flow_of
from osallisuus.metrics.estimate.states import StateCurve
from osallisuus.metrics.estimate.summary import expected_stay

GROUPS = st.lists(st.lists(st.integers(-50, 50), min_size=1, max_size=5), min_size=2, max_size=12)


def _mean(sums: Sums) -> float | None:
    estimate = mean(sums)
    return None if estimate is None else estimate.value


def test_three_groups_by_hand() -> None:
    """Without each: 1, 2 and 6; se² = 2/3 (4 + 1 + 9)."""
    estimate = jackknife(2.5, [1, 2, 6])
    assert estimate.std_err == pytest.approx((2 / 3 * 14) ** 0.5)
    assert estimate.high == pytest.approx(2.5 + 4.302652729911 * (2 / 3 * 14) ** 0.5)
    assert (estimate.method, estimate.notes) == ("jackknife t", ("few_clusters",))


def test_a_share_keeps_to_its_span() -> None:
    """0.9 with a large error is taken on the logit scale."""
    estimate = jackknife(0.9, [0.8, 0.9, 1.0], span="share")
    assert estimate.method == "logit jackknife t"
    assert 0 < estimate.low < 0.9 < estimate.high < 1


def test_what_rounding_leaves_of_no_error_is_no_error() -> None:
    """Seven times 0.1 less one of them is not exactly six times it."""
    estimate = jackknife(0.7, [0.1 + 0.2 + 0.4, 0.7, 0.7, 0.7, 0.7, 0.7, 0.7, 0.7])
    assert (estimate.std_err, estimate.low, estimate.notes) == (0, None, ("no_variation",))


@given(GROUPS)
def test_every_group_is_left_out_once_and_nothing_else(groups: list[list[int]]) -> None:
    """The estimates without each group equal those from the list of the other numbers."""
    everything = [sum(sum(one) for one in groups), sum(len(one) for one in groups)]
    without = [
        (everything[0] - sum(one)) / (everything[1] - len(one))
        if everything[1] > len(one)
        else None
        for one in groups
    ]
    found = delete_a_group([Sums.of(one) for one in groups], _mean)
    assert found is not None
    assert found == jackknife(everything[0] / everything[1], without)


def test_one_group_or_none_has_no_interval() -> None:
    """One group shows no variation; none shows nothing."""
    alone = delete_a_group([Sums.of([4, 6])], _mean)
    assert alone is not None
    assert (alone.value, alone.low, alone.notes) == (5, None, ("one_cluster",))
    assert delete_a_group([], _mean) is None
    assert delete_a_group([Sums(), Sums()], _mean) is None


def test_an_estimate_that_one_group_carries_says_so() -> None:
    """Only the second person was offered anything: without that person there is no share."""
    parts = [Moments.single(0, 0), Moments.single(8, 6), Moments.single(0, 0)]

    def share(moments: Moments) -> float | None:
        estimate = ratio(moments)
        return None if estimate is None else estimate.value

    found = delete_a_group(parts, share)
    assert found is not None
    assert (found.value, found.std_err, found.notes) == (0.75, None, ("rests_on_one_cluster",))


def _curve(flow) -> StateCurve:
    return aalen_johansen(flow, ("in", "pause", "out"), "in").cut()


def test_the_expected_stay_of_four_persons_by_hand() -> None:
    """Days in within 10 days: 2 and 3 again after a pause, 5, 10, 10; the mean is 7.5."""
    persons = [
        [
            ("a", 0, 2, "in", "pause"),
            ("a", 2, 7, "pause", "in"),
            ("a", 7, 12, "in", "out"),
        ],
        [("b", 0, 5, "in", "out")],
        [("c", 0, 11, "in", "out")],
        [("d", 0, 11, "in", "")],
    ]
    parts = [flow_of(own) for own in persons]
    stays = [5, 5, 10, 10]
    found = delete_a_group(parts, lambda flow: expected_stay(_curve(flow), "in", 10))
    assert found is not None
    # nobody is lost before day 10, so that the estimate is the plain mean of the persons' days
    plain = mean(Sums.of(stays))
    assert plain is not None
    assert found.value == pytest.approx(plain.value)
    assert found.std_err == pytest.approx(plain.std_err)
    assert (found.low, found.high) == pytest.approx((plain.low, plain.high))


def test_the_stays_in_all_states_add_up_to_the_horizon() -> None:
    """Within 9 days, persons censored and paused among them."""
    flow = flow_of(
        [
            ("a", 0, 4, "in", "pause"),
            ("a", 4, 9, "pause", ""),
            ("b", 0, 6, "in", "out"),
            ("c", 0, 3, "in", ""),
            ("d", 0, 9, "in", ""),
        ]
    )
    stays = [expected_stay(_curve(flow), state, 9) for state in ("in", "pause", "out")]
    assert sum(stays) == pytest.approx(9)
    assert stays[2] == pytest.approx(3 * 1 / 3)
    assert expected_stay(_curve(flow), "in", 10) is None
    assert expected_stay(aalen_johansen(flow_of([])), "in", 10) is None
