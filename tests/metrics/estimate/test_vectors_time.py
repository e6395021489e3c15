"""Time-to-event estimators against R: every point, standard error, bound and quantile."""

from __future__ import annotations

from collections.abc import Callable
from math import exp
from typing import Any

import pytest
from attrs import evolve

from osallisuus.metrics.estimate.curve import Curve, Point
from osallisuus.metrics.estimate.flow import Flow
from osallisuus.metrics.estimate.jackknife import delete_a_group
from osallisuus.metrics.estimate.logrank import logrank
from osallisuus.metrics.estimate.multistate import aalen_johansen, cumulative_incidence
from osallisuus.metrics.estimate.recurrent import Amounts, mean_cumulative
from osallisuus.metrics.estimate.robust import robust_aalen_johansen
from osallisuus.metrics.estimate.special import normal_quantile
from osallisuus.metrics.estimate.spells import flow_of
from osallisuus.metrics.estimate.summary import quantile, restricted_mean
from osallisuus.metrics.estimate.survival import kaplan_meier, nelson_aalen

KM_CASES = {
    "km_waltons_all": 1,
    "km_waltons_miR-137": 1,
    "km_waltons_control": 1,
    "km_mac_lefttrunc": 1000,
    "km_plateau": 1,
    "km_oneevent": 1,
    "km_tie_event_cens": 1,
}
"""Each case with the number that makes its times whole."""


@pytest.fixture(params=KM_CASES)
def km(
    request: pytest.FixtureRequest, case: Callable[[str], Any], flow_from: Callable[..., Flow]
) -> tuple[Any, Flow, int]:
    """A Kaplan-Meier case, its flow and its scale."""
    one = case(request.param)
    scale = KM_CASES[request.param]
    where = one.get("args", {}).get("where", {})
    return one["expect"], flow_from(one["dataset"], scale, **where), scale


def _points(curve: Curve, times: list[float], scale: int) -> list[Any]:
    return [curve.at(round(time * scale)) for time in times]


def test_survival_risk_sets_and_standard_errors_equal_r(
    km: tuple[Any, Flow, int], same: Callable[..., bool]
) -> None:
    """Survival, numbers at risk and Greenwood errors are those of survfit."""
    expect, flow, scale = km
    points = _points(kaplan_meier(flow), expect["times"], scale)
    assert [point.at_risk for point in points] == expect["n_risk"]
    assert same([point.value for point in points], expect["surv"])
    assert same([point.std_err for point in points], expect["std_err"])


def test_log_log_bounds_equal_r_once_an_event_has_happened(
    km: tuple[Any, Flow, int], same: Callable[..., bool]
) -> None:
    """Before the first event R answers [1, 1]; ours is the exact binomial bound, tested apart."""
    expect, flow, scale = km
    bounds = expect["ci_loglog"]
    points = _points(kaplan_meier(flow), expect["times"], scale)
    compared = 0
    for point, low, high in zip(points, bounds["lower"], bounds["upper"], strict=True):
        if point.value < 1:
            assert same(point.low, low)
            assert same(point.high, high)
            compared += 1
    assert compared


@pytest.mark.parametrize("scale_of_bounds", ["log", "plain"])
def test_the_other_bounds_of_r_follow_from_our_shares_and_errors(
    km: tuple[Any, Flow, int], same: Callable[..., bool], scale_of_bounds: str
) -> None:
    """R's log and plain intervals, which we do not offer, and the quantiles that follow."""
    expect, flow, scale = km
    z = normal_quantile(0.975)

    def bounded(point: Point) -> Point:
        if point.std_err is None:
            return point
        reach, share = z * point.std_err, point.value
        if scale_of_bounds == "log":
            low, high = share * exp(-reach / share), share * exp(reach / share)
        else:
            low, high = share - reach, share + reach
        return point._replace(low=max(0.0, low), high=min(1.0, high))

    curve = kaplan_meier(flow)
    curve = evolve(curve, points=tuple(map(bounded, curve.points)))
    points = _points(curve, expect["times"], scale)
    assert same([point.low for point in points], expect[f"ci_{scale_of_bounds}"]["lower"])
    assert same([point.high for point in points], expect[f"ci_{scale_of_bounds}"]["upper"])
    wanted = expect[f"quantiles_{scale_of_bounds}"]
    found = [quantile(curve, q) for q in wanted["p"]]
    for ours, theirs in (("day", "time"), ("low", "lower"), ("high", "upper")):
        days = [getattr(one, ours) for one in found]
        assert same([None if day is None else day / scale for day in days], wanted[theirs])


def test_quantiles_and_their_bounds_equal_r(
    km: tuple[Any, Flow, int], same: Callable[..., bool]
) -> None:
    """Quantiles follow the midpoint rule; what is not reached is None."""
    expect, flow, scale = km
    wanted = expect["quantiles_loglog"]
    found = [quantile(kaplan_meier(flow), q) for q in wanted["p"]]
    for ours, theirs in (("day", "time"), ("low", "lower"), ("high", "upper")):
        days = [getattr(one, ours) for one in found]
        assert same([None if day is None else day / scale for day in days], wanted[theirs])


def test_cumulative_hazards_equal_r(km: tuple[Any, Flow, int], same: Callable[..., bool]) -> None:
    """Both ways to count ties give the cumulative hazard of survfit."""
    expect, flow, scale = km
    points = _points(nelson_aalen(flow), expect["times"], scale)
    assert same([point.value for point in points], expect["nelson_aalen"]["cumhaz"])
    assert same([point.std_err for point in points], expect["nelson_aalen"]["std_err_poisson"])
    tied = _points(nelson_aalen(flow, ties="fleming-harrington"), expect["times"], scale)
    assert same([point.value for point in tied], expect["fleming_harrington_ties"]["cumhaz"])


def test_restricted_means_and_their_errors_equal_r(
    km: tuple[Any, Flow, int], same: Callable[..., bool]
) -> None:
    """The mean up to a horizon has the error of the estimate, not of min(T, tau)."""
    expect, flow, scale = km
    for wanted in expect["rmst"]:
        mean = restricted_mean(kaplan_meier(flow), round(wanted["tau"] * scale))
        assert same([mean.value / scale, mean.std_err / scale], [wanted["rmst"], wanted["se"]])


def test_numbers_at_risk_and_of_events_equal_r(km: tuple[Any, Flow, int]) -> None:
    """The flow counts the persons and the events of the data set."""
    expect, flow, _ = km
    assert (flow.entered, flow.moved) == (expect["n"], expect["events"])


def test_the_log_rank_statistic_equals_r(
    case: Callable[[str], Any], flow_from: Callable[..., Flow], same: Callable[..., bool]
) -> None:
    """Observed, expected and chi squared are those of survdiff."""
    expect = case("logrank_waltons")["expect"]
    groups = {name: flow_from("waltons", group=name) for name in ("control", "miR-137")}
    ours = logrank(groups)
    assert same(ours.chi2, expect["chisq"])
    assert ours.df == expect["df"]
    assert list(ours.observed) == expect["observed"]
    assert same(list(ours.expected), expect["expected"])


def test_incidence_of_competing_causes_with_late_entry_equals_etm(
    case: Callable[[str], Any], flow_from: Callable[..., Flow], same: Callable[..., bool]
) -> None:
    """Each cause has its share and error; the rest is still event-free."""
    expect = case("cif_abortion_g0")["expect"]
    flow = flow_from("abortion", group=0)
    for cause in ("1", "2", "3"):
        curve = cumulative_incidence(flow, cause)
        points = [curve.at(day) for day in expect["times"]]
        assert same([point.value for point in points], expect[f"cause{cause}"]["cif"])
        assert same([point.std_err for point in points], expect[f"cause{cause}"]["se"])
    staying = aalen_johansen(flow, start="in").curve("in")
    assert same([staying.at(day).value for day in expect["times"]], expect["surv"])


@pytest.mark.parametrize(("name", "scale"), [("aj_sir_s0", 2), ("aj_tiny", 1)])
def test_transition_probabilities_and_errors_equal_etm(
    name: str,
    scale: int,
    case: Callable[[str], Any],
    flow_from: Callable[..., Flow],
    same: Callable[..., bool],
) -> None:
    """Backward moves, ties and arrivals without a later spell are handled."""
    one = case(name)
    flow = flow_from(one["dataset"], scale)
    for pair, wanted in one["expect"]["p"].items():
        whole = aalen_johansen(flow, start=pair[0], after=one["args"]["s"])
        index = whole.states.index(pair[1])
        points = [whole.at(day * scale) for day in one["expect"]["times"]]
        assert same([point.p[index] for point in points], wanted)
        assert same([point.std_err(index) for point in points], one["expect"]["se"][pair])


def test_state_occupation_from_known_shares_equals_r(
    case: Callable[[str], Any], flow_from: Callable[..., Flow], same: Callable[..., bool]
) -> None:
    """R's survfit takes the shares at the start as known, which a given start means here."""
    expect = case("occupancy_sir")["expect"]
    start = dict(zip("012", expect["p0"], strict=True))
    whole = aalen_johansen(flow_from("sir_cont", 2), start=start)
    points = [whole.at(day * 2) for day in expect["times"]]
    assert same([list(point.p) for point in points], expect["p"])


def _persons(columns: Callable[[str], dict[str, list[Any]]]) -> list[Flow]:
    """The flow of each person of sir_cont, in half days."""
    spells: dict[str, list[tuple[str, int, int, str, str]]] = {}
    for person, entry, leaving, *moves in zip(*columns("sir_cont").values(), strict=True):
        spell = (str(person), round(entry * 2), round(leaving * 2), *map(str, moves))
        spells.setdefault(str(person), []).append(spell)
    return [flow_of(own, transient="01") for own in spells.values()]


def test_robust_errors_equal_those_that_r_clusters_by_person(
    case: Callable[[str], Any],
    columns: Callable[[str], dict[str, list[Any]]],
    same: Callable[..., bool],
) -> None:
    """Persons come back to a state: R's infinitesimal jackknife by id, to nine digits."""
    expect = case("occupancy_sir")["expect"]
    start = dict(zip("012", expect["p0"], strict=True))
    whole = robust_aalen_johansen(_persons(columns), "012", start)
    for day, p, errors in zip(
        expect["times"],
        expect["p"],
        expect["se_infinitesimal_jackknife_p0_fixed"],
        strict=True,
    ):
        point = whole.at(day * 2)
        assert same(list(point.p), p)
        assert same([point.std_err(index) for index in range(3)], errors)


def test_leaving_persons_out_one_by_one_gives_nearly_the_same_error(
    case: Callable[[str], Any], columns: Callable[[str], dict[str, list[Any]]]
) -> None:
    """Delete-one over 747 persons: within 0.5 % of R's infinitesimal jackknife by id, day 10."""
    expect = case("occupancy_sir")["expect"]
    start = dict(zip("012", expect["p0"], strict=True))
    until = [Flow.of(row for row in flow.rows if row[0] <= 20) for flow in _persons(columns)]
    found = delete_a_group(until, lambda flow: aalen_johansen(flow, "012", start).at(20).p[1])
    index = expect["times"].index(10)
    wanted = expect["se_infinitesimal_jackknife_p0_fixed"][index][1]
    assert found.std_err == pytest.approx(wanted, rel=0.005)
    assert found.value == pytest.approx(expect["p"][index][1])


def test_mean_cumulative_events_and_their_robust_errors_equal_r(
    case: Callable[[str], Any],
    columns: Callable[[str], dict[str, list[Any]]],
    same: Callable[..., bool],
) -> None:
    """Times in hundredths of a day; one valve seat has rows that overlap, and counts twice."""
    rows: dict[int, list[tuple[int, str, str, int]]] = {}
    for valve, entry, end, event in zip(*columns("valveSeat").values(), strict=True):
        own = rows.setdefault(valve, [])
        own.append((round(entry * 100) or -1, "", "in", 1))
        own.append((round(end * 100), "in", "", 1))
        own.append((round(end * 100), "in", "in", event))
    expect = case("mcf_valveSeat")["expect"]
    curve = mean_cumulative([Amounts.of(own) for own in rows.values()])
    points = [curve.at(day * 100) for day in expect["times"]]
    assert [point.at_risk for point in points] == expect["n_risk"]
    assert same([point.value for point in points], expect["mcf"])
    assert same([point.std_err for point in points], expect["robust_se"])


def test_state_occupation_starts_from_the_observed_shares(
    case: Callable[[str], Any], flow_from: Callable[..., Flow], same: Callable[..., bool]
) -> None:
    """Without a given start the shares at 0- are estimated, with their own error."""
    expect = case("occupancy_sir")["expect"]
    whole = aalen_johansen(flow_from("sir_cont", 2))
    assert same([list(whole.at(day * 2).p) for day in expect["times"]], expect["p"])
    share, n = expect["p0"][0], sum(whole.at(0).at_risk)
    assert same(whole.at(0).std_err(0), (share * (1 - share) / n) ** 0.5)


def test_the_flow_table_equals_its_definition(
    case: Callable[[str], Any], flow_from: Callable[..., Flow]
) -> None:
    """Rows, entries at 0- and censorings on arrival stand as the definition says."""
    rows = flow_from("tiny_ms").rows
    expected = [
        tuple(-1 if cell == "0-" else cell for cell in row)
        for row in case("flow_tiny")["expect"]["rows"]
    ]
    assert list(rows) == expected
