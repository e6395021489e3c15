"""Several states: hand examples and honest ends."""

from __future__ import annotations

import pytest

from osallisuus.errors import EngineError
from osallisuus.metrics.estimate.flow import Flow
from osallisuus.metrics.estimate.jackknife import jackknife
from osallisuus.metrics.estimate.multistate import (
    aalen_johansen,
    cumulative_incidence,
    what_follows,
)
from osallisuus.metrics.estimate.proportion import clopper_pearson
from osallisuus.metrics.estimate.robust import robust_aalen_johansen
from osallisuus.metrics.estimate.spells import flow_of
from osallisuus.metrics.estimate.summary import quantile

TEAM = [
    (day, to_state)
    for day, to_state in (
        *((1, "joined"), (2, "joined"), (3, "left"), (3, ""), (4, "joined")),
        *((5, "left"), (6, ""), (6, "left"), (8, "joined"), (12, "")),
    )
]


def _flow(ends: list[tuple[int, str]]) -> Flow:
    return flow_of((str(i), 0, day, "completed", to) for i, (day, to) in enumerate(ends))


def test_joining_the_team_with_leaving_as_a_competing_way_out() -> None:
    """Vector T15 of the domain study: 0.4917, 0.3333 and 0.1750 event-free on day 8."""
    whole = aalen_johansen(_flow(TEAM), ["completed", "joined", "left"], "completed")
    point = whole.at(8)
    assert point is not None
    assert point.p == pytest.approx((0.1750, 0.491667, 0.333333), abs=1e-6)
    joined = cumulative_incidence(_flow(TEAM), "joined").at(8)
    assert joined is not None
    assert joined.value == pytest.approx(0.491667, abs=1e-6)
    assert joined.low is not None
    assert joined.high is not None
    assert 0 < joined.low < joined.value < joined.high < 1


def test_a_way_out_that_nobody_took_has_the_exact_bound_of_all() -> None:
    """41 of 41 completed: nobody left, at most 0.0860 (T6), though one was at risk last."""
    flow = _flow([(day, "joined") for day in range(1, 42)])
    never = cumulative_incidence(flow, "left").at(41)
    always = cumulative_incidence(flow, "joined").at(41)
    exact = clopper_pearson(41, 41)
    assert exact is not None
    assert never is not None
    assert always is not None
    assert (never.value, never.low, never.high) == (0, 0, pytest.approx(1 - exact.low))
    assert (always.value, always.low, always.high) == (1, pytest.approx(exact.low), 1)
    assert always.std_err == 0


def test_a_landmark_counts_only_what_happens_after_it() -> None:
    """From day 4 on five are left: two leave, one joins, two are censored."""
    curve = cumulative_incidence(_flow(TEAM), "left", after=4)
    first, last = curve.at(4), curve.at(12)
    assert curve.at(3) is None
    assert first is not None
    assert last is not None
    assert (first.value, first.at_risk) == (0, 5)
    assert last.value == pytest.approx(1 / 5 + 4 / 5 * 1 / 4)


def test_observed_shares_at_a_landmark_come_from_those_who_can_still_move() -> None:
    """Two clients and one peer on day 2; the one who has left is not among them."""
    flow = flow_of(
        [
            ("a", 0, 1, "client", "left"),
            ("b", 0, 9, "client", ""),
            ("c", 0, 9, "client", ""),
            ("d", 0, 1, "client", "peer"),
            ("d", 1, 9, "peer", ""),
        ]
    )
    whole = aalen_johansen(flow, ["client", "peer", "left"], after=2)
    point = whole.at(2)
    assert point is not None
    assert point.p == pytest.approx((2 / 3, 1 / 3, 0))
    assert point.std_err(0) == pytest.approx((2 / 3 * 1 / 3 / 3) ** 0.5)


def test_a_landmark_on_the_first_day_shows_that_day() -> None:
    """All ten are still there at the end of day 0; the first move is on day 1."""
    curve = cumulative_incidence(_flow(TEAM), "joined", after=0)
    assert [point.day for point in curve.points[:2]] == [0, 1]
    assert (curve.points[0].at_risk, curve.points[0].value) == (10, 0)


def test_a_point_counts_the_arrivals_of_its_day() -> None:
    """One or two who join are counted on their day; who leaves is not."""
    curve = cumulative_incidence(_flow([*TEAM, (4, "joined")]), "joined")
    arrivals = {point.day: point.events for point in curve.points if point.events}
    assert arrivals == {1: 1, 2: 1, 4: 2, 8: 1}


def test_nobody_at_an_observed_start_leaves_the_curve_without_points() -> None:
    """Rule z: undefined with its reason."""
    whole = aalen_johansen(_flow(TEAM), after=40)
    assert (whole.points, whole.notes) == ((), ("nobody_at_risk",))
    assert whole.at(50) is None


def test_stepping_back_is_a_move_like_any_other() -> None:
    """Client -> peer -> client: on day 6 the one person is a client again, for certain counted."""
    flow = flow_of(
        [("a", 0, 3, "client", "peer"), ("a", 3, 6, "peer", "client"), ("a", 6, 9, "client", "")]
    )
    whole = aalen_johansen(flow, start="client")
    shares = [whole.at(day) for day in (0, 3, 6)]
    assert [point.p for point in shares if point] == [(1, 0), (0, 1), (1, 0)]


def test_the_curve_is_cut_by_all_who_can_still_move() -> None:
    """On day 6 four are still at risk, on day 7 two are."""
    whole = aalen_johansen(_flow(TEAM), start="completed")
    assert whole.cut(4).last_day == 6
    assert whole.cut(4).at(6) is not None
    assert whole.cut(4).at(7) is None
    assert whole.cut(4).curve("joined").at(7) is None
    assert whole.curve("joined").cut(4) == whole.cut(4).curve("joined")
    assert whole.cut().last_day == 12


def test_when_all_have_left_the_shares_stand_for_good() -> None:
    """Nobody is censored: the shares of day 2 are those of day 900."""
    whole = aalen_johansen(_flow([(1, "joined"), (2, "left")]), start="completed").cut()
    point = whole.at(900)
    assert whole.closed_on == 2
    assert point is not None
    assert point.p == pytest.approx((0, 0.5, 0.5))


def test_the_day_by_which_a_quarter_has_joined() -> None:
    """Metric R5: a quantile of incidence, by the complement of its curve."""
    curve = cumulative_incidence(_flow(TEAM), "joined").complement()
    assert quantile(curve, 0.25).day == 4
    assert quantile(curve, 0.6).day is None


def test_states_that_the_flow_does_not_know_or_lacks() -> None:
    """A start outside the flow stays where it is; a state left out of the list is refused."""
    curve = aalen_johansen(_flow(TEAM), start="elsewhere").curve("elsewhere")
    point = curve.at(8)
    assert point is not None
    assert (point.value, point.low) == (1, None)
    landmark = aalen_johansen(_flow(TEAM), ["elsewhere", "completed", "joined", "left"], after=3)
    assert landmark.points[0].at_risk == (0, 6, 2, 1)
    with pytest.raises(EngineError, match="'left' is not among"):
        aalen_johansen(_flow(TEAM), ["completed", "joined"])


BACK_AND_FORTH = [
    [("a", 0, 3, "client", "peer"), ("a", 3, 6, "peer", "client"), ("a", 6, 9, "client", "")],
    [("b", 0, 3, "client", "peer"), ("b", 3, 9, "peer", "")],
    [("c", 0, 5, "client", "left")],
    [("d", 0, 9, "client", "")],
    [("e", 4, 9, "client", "peer"), ("e", 9, 12, "peer", "")],
]


def test_what_follows_within_some_days_of_a_landmark() -> None:
    """Peers at the end of day 4 are a and b; a is a client again on day 6."""
    flow = flow_of(spell for own in BACK_AND_FORTH for spell in own)
    later = what_follows(flow, "peer", "client", 4, 3)
    assert later is not None
    assert (later.day, later.value) == (7, 0.5)
    assert later.std_err == pytest.approx((0.5 * 0.5 / 2) ** 0.5)
    before = what_follows(flow, "peer", "client", 4, 1)
    assert before is not None
    assert before.value == 0
    from_origin = what_follows(flow, "client", "peer", -1, 3)
    assert from_origin is not None
    assert (from_origin.day, from_origin.value) == (3, 0.5)
    on_the_first_day = what_follows(flow_of([("a", 0, 0, "in", "out")]), "in", "out", -1, 3)
    assert on_the_first_day is not None
    assert (on_the_first_day.day, on_the_first_day.value) == (3, 1)


def test_a_landmark_without_anybody_or_beyond_the_follow_up_is_undefined() -> None:
    """Nobody is a peer on day 2; nobody is followed after day 12; late entrants do not count."""
    flow = flow_of(spell for own in BACK_AND_FORTH for spell in own)
    assert what_follows(flow, "peer", "client", 2, 3) is None
    assert what_follows(flow, "peer", "client", 4, 9) is None
    assert what_follows(flow_of([("a", 5, 9, "in", "out")]), "in", "out", 3, 3) is None


def test_robust_shares_are_the_same_and_their_errors_by_person() -> None:
    """Each person alone in a part: person a moves twice and counts once."""
    parts = [flow_of(own, ["client", "peer"]) for own in BACK_AND_FORTH]
    states = ["client", "peer", "left"]
    whole = aalen_johansen(sum(parts, Flow()), states, "client")
    robust = robust_aalen_johansen(parts, states, "client")
    assert [point.p for point in robust.points] == [point.p for point in whole.points]
    assert (robust.confidence, robust.notes) == (0.95, ("few_clusters",))
    assert robust_aalen_johansen(parts, states, "client", confidence=0.9).confidence == 0.9
    third = robust.at(3)
    assert third is not None
    # up to the first moves every person has one spell: the binomial error of 2 of 4
    assert third.std_err(1) == pytest.approx((0.5 * 0.5 / 4) ** 0.5)
    sixth, greenwood = robust.at(6), whole.at(6)
    assert sixth is not None
    assert greenwood is not None
    assert abs(sixth.std_err(0) / greenwood.std_err(0) - 1) > 0.02
    assert sum(sum(row) for row in sixth.covariance) == pytest.approx(0)


def test_robust_errors_are_the_limit_of_leaving_persons_out() -> None:
    """With each person there m times, delete-one differs from it by about 1 part in 4 m."""
    parts = [flow_of(own, ["client", "peer"]) for own in BACK_AND_FORTH] * 40
    states = ["client", "peer", "left"]
    total = sum(parts, Flow())
    for start in ("client", None):
        robust = robust_aalen_johansen(parts, states, start).at(7)
        assert robust is not None
        without = []
        for left_out in BACK_AND_FORTH:
            gone = flow_of(left_out, ["client", "peer"])
            rows = dict.fromkeys((row[:3] for row in total.rows), 0)
            rows.update({row[:3]: row[3] for row in total.rows})
            for *key, n in gone.rows:
                rows[tuple(key)] -= n
            rest = Flow.of((*key, n) for key, n in rows.items())
            without += [aalen_johansen(rest, states, start).at(7).p] * 40
        for state in range(3):
            again = jackknife(0.0, [p[state] for p in without])
            assert robust.std_err(state) == pytest.approx(again.std_err, rel=0.01)


def test_a_robust_curve_at_a_landmark_and_with_nobody() -> None:
    """Observed shares have the multinomial error; nobody at the start leaves no points."""
    parts = [flow_of(own, ["client", "peer"]) for own in BACK_AND_FORTH]
    at_four = robust_aalen_johansen(parts, after=4).at(4)
    assert at_four is not None
    assert at_four.p == pytest.approx((3 / 5, 0, 2 / 5))
    assert at_four.std_err(0) == pytest.approx((0.6 * 0.4 / 5) ** 0.5)
    assert robust_aalen_johansen(parts, after=40).notes == ("nobody_at_risk",)
    alone = robust_aalen_johansen(parts[:1], start="client")
    assert alone.notes == ("one_cluster",)
    assert robust_aalen_johansen(parts * 2, start="client").notes == ()


@pytest.mark.parametrize(
    ("people", "notes"),
    [(1, ("one_cluster",)), (2, ("few_clusters",)), (7, ("few_clusters",)), (8, ())],
)
def test_fewer_than_eight_persons_are_few(people: int, notes: tuple[str, ...]) -> None:
    """One shows no variation at all, two to seven show little of it."""
    parts = [flow_of([(str(number), 0, 5, "in", "out")]) for number in range(people)]
    assert robust_aalen_johansen(parts, start="in").notes == notes


def test_where_all_are_followed_the_robust_error_is_that_of_plain_shares() -> None:
    """From day 3 on, with three clients and two peers, to day 8: the multinomial covariance."""
    people = [*BACK_AND_FORTH[:4], [("f", 0, 7, "client", "left")]]
    parts = [flow_of(own, ["client", "peer"]) for own in people]
    curve = robust_aalen_johansen(parts, ["client", "peer", "left"], after=3)
    assert [point.day for point in curve.points] == [3, 5, 6, 7, 9]
    expected = {3: (0.6, 0.4, 0), 5: (0.4, 0.4, 0.2), 6: (0.6, 0.2, 0.2), 7: (0.4, 0.2, 0.4)}
    for point in curve.points[:4]:
        shares = expected[point.day]
        assert point.p == pytest.approx(shares)
        for i, row in enumerate(point.covariance):
            wanted = [(one * (i == j) - one * shares[i]) / 5 for j, one in enumerate(shares)]
            assert row == pytest.approx(wanted)
