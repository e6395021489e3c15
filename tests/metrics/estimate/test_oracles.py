"""Other programs on random data: lifelines, SciPy, statsmodels and greenwood agree with ours."""

from __future__ import annotations

import random

import numpy as np
import pandas as pd
import pytest
from lifelines import KaplanMeierFitter, NelsonAalenFitter
from lifelines.statistics import multivariate_logrank_test
from scipy import stats

from osallisuus.metrics.estimate.agreement import agreement
from osallisuus.metrics.estimate.change import paired_change
from osallisuus.metrics.estimate.logrank import logrank
from osallisuus.metrics.estimate.mean import Sums, mean, mean_difference
from osallisuus.metrics.estimate.multistate import aalen_johansen, cumulative_incidence
from osallisuus.metrics.estimate.order import sample_quantile
from osallisuus.metrics.estimate.pairs import Pairs
from osallisuus.metrics.estimate.proportion import clopper_pearson, newcombe, wilson
from osallisuus.metrics.estimate.rate import garwood, overdispersion
from osallisuus.metrics.estimate.several import holm, two_sided
from osallisuus.metrics.estimate.special import (
    beta_quantile,
    gamma_quantile,
    incomplete_beta,
    incomplete_gamma,
    normal_tail,
    t_quantile,
    t_tail,
)
from osallisuus.metrics.estimate.spells import flow_of
from osallisuus.metrics.estimate.spread import spread
from osallisuus.metrics.estimate.summary import restricted_mean_difference
from osallisuus.metrics.estimate.survival import kaplan_meier, nelson_aalen

SEEDS = range(6)


def _lives(seed: int, *, late: bool = False) -> list[tuple[int, int, bool]]:
    """Entry, exit and event of 60 persons, many of them on the same days."""
    chance = random.Random(seed)
    lives = []
    for _ in range(60):
        entry = chance.randrange(6) if late else 0
        lives.append((entry, entry + chance.randrange(1, 30), chance.random() < 0.6))
    return lives


def _flow(lives: list[tuple[int, int, bool]]):
    return flow_of(
        (str(number), entry, end, "in", "out" if event else "")
        for number, (entry, end, event) in enumerate(lives)
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_survival_equals_lifelines(seed: int) -> None:
    """Share and log-log bounds on every day after the first event."""
    lives = _lives(seed)
    ends, events = [end for _, end, _ in lives], [event for *_, event in lives]
    theirs = KaplanMeierFitter().fit(ends, events)
    bounds = theirs.confidence_interval_survival_function_
    curve = kaplan_meier(_flow(lives))
    compared = 0
    for day, (low, high) in zip(bounds.index, bounds.to_numpy(), strict=True):
        point = curve.at(int(day))
        assert point.value == pytest.approx(theirs.survival_function_.loc[day].iloc[0])
        if 0 < point.value < 1:
            assert (point.low, point.high) == pytest.approx((low, high), rel=1e-9)
            compared += 1
    assert compared > 5


@pytest.mark.parametrize("seed", SEEDS)
def test_survival_with_late_entry_equals_lifelines(seed: int) -> None:
    """Who enters on a day is at risk from the next one on."""
    lives = _lives(seed, late=True)
    entries, ends, events = zip(*lives, strict=True)
    theirs = KaplanMeierFitter().fit(ends, events, entry=entries)
    curve = kaplan_meier(_flow(lives))
    for day in range(1, 25):
        ours = curve.at(day)
        if ours is not None:
            assert ours.value == pytest.approx(theirs.predict(day))


@pytest.mark.parametrize("seed", SEEDS)
def test_cumulative_hazard_equals_lifelines_when_ties_are_counted_its_way(seed: int) -> None:
    """Their default is the tie correction of Fleming and Harrington."""
    lives = _lives(seed)
    ends, events = [end for _, end, _ in lives], [event for *_, event in lives]
    corrected = NelsonAalenFitter().fit(ends, events).cumulative_hazard_
    curve = nelson_aalen(_flow(lives), ties="fleming-harrington")
    counted = NelsonAalenFitter(nelson_aalen_smoothing=False).fit(ends, events).cumulative_hazard_
    plain = nelson_aalen(_flow(lives))
    for day in corrected.index:
        assert curve.at(int(day)).value == pytest.approx(corrected.loc[day].iloc[0])
        assert plain.at(int(day)).value == pytest.approx(counted.loc[day].iloc[0])


@pytest.mark.parametrize("seed", SEEDS)
def test_the_log_rank_of_three_groups_equals_lifelines(seed: int) -> None:
    """Two degrees of freedom, tied events."""
    groups = {name: _lives(seed + 100 * i) for i, name in enumerate("abc", 1)}
    ours = logrank({name: _flow(lives) for name, lives in groups.items()})
    rows = [(end, event, name) for name, lives in groups.items() for _, end, event in lives]
    ends, events, names = zip(*rows, strict=True)
    theirs = multivariate_logrank_test(list(ends), list(names), list(events))
    assert (ours.chi2, ours.df) == (pytest.approx(theirs.test_statistic), 2)


@pytest.mark.parametrize("seed", SEEDS)
def test_shares_and_their_differences_equal_statsmodels(seed: int) -> None:
    """Wilson, Clopper-Pearson and Newcombe at three levels."""
    proportion = pytest.importorskip("statsmodels.stats.proportion")
    chance = random.Random(seed)
    for _ in range(20):
        n, m = chance.randrange(1, 200), chance.randrange(1, 200)
        k, j = chance.randrange(n + 1), chance.randrange(m + 1)
        level = chance.choice([0.8, 0.95, 0.99])
        theirs = proportion.proportion_confint(k, n, 1 - level, "wilson")
        assert wilson(k, n, level) == pytest.approx(theirs, abs=1e-12)
        exact = proportion.proportion_confint(k, n, 1 - level, "beta")
        assert clopper_pearson(k, n, level) == pytest.approx(exact, abs=1e-10)
        other = proportion.confint_proportions_2indep(k, n, j, m, method="newcomb", alpha=1 - level)
        assert newcombe(k, n, j, m, level) == pytest.approx(other, abs=1e-10)


@pytest.mark.parametrize("seed", SEEDS)
def test_means_and_tests_equal_scipy(seed: int) -> None:
    """One sample, two samples by Welch, pairs; bounds and probabilities."""
    chance = random.Random(seed)
    one = [chance.randrange(-40, 90) for _ in range(chance.randrange(3, 20))]
    other = [chance.randrange(-10, 120) for _ in range(chance.randrange(3, 20))]
    ours = mean(Sums.of(one), 0.9)
    theirs = stats.ttest_1samp(one, 0).confidence_interval(0.9)
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high))
    difference = mean_difference(Sums.of(one), Sums.of(other))
    welch = stats.ttest_ind(one, other, equal_var=False)
    bounds = welch.confidence_interval()
    assert (difference.low, difference.high) == pytest.approx((bounds.low, bounds.high))
    assert two_sided(difference.value, difference.std_err, welch.df) == pytest.approx(welch.pvalue)
    after = [x + chance.randrange(-5, 12) for x in one]
    change = paired_change(Pairs.of((x, y, 1) for x, y in zip(one, after, strict=True)))
    pairs = stats.ttest_rel(after, one).confidence_interval()
    assert (change.mean.low, change.mean.high) == pytest.approx((pairs.low, pairs.high))


@pytest.mark.parametrize("seed", SEEDS)
def test_quantile_functions_equal_scipy(seed: int) -> None:
    """At random places, far tails among them."""
    chance = random.Random(seed)
    for _ in range(20):
        p = chance.choice([10 ** -chance.uniform(1, 9), chance.random()])
        a, b = 10 ** chance.uniform(-0.5, 3), 10 ** chance.uniform(-0.5, 3)
        assert beta_quantile(p, a, b) == pytest.approx(stats.beta.ppf(p, a, b), rel=1e-7)
        assert gamma_quantile(p, a) == pytest.approx(stats.gamma.ppf(p, a), rel=1e-7)
        df = max(a, 1)
        assert t_quantile(p, df) == pytest.approx(stats.t.ppf(p, df), rel=1e-7)
        assert t_tail(4 - 8 * p, df) == pytest.approx(stats.t.sf(4 - 8 * p, df))
        x = chance.random()
        assert incomplete_beta(a, b, x) == pytest.approx(stats.beta.cdf(x, a, b), abs=1e-11)
        assert incomplete_gamma(a, a * 2 * x) == pytest.approx(stats.gamma.cdf(a * 2 * x, a))
        assert normal_tail(5 * x) == pytest.approx(stats.norm.sf(5 * x))


@pytest.mark.parametrize("seed", SEEDS)
def test_rates_and_their_dispersion_equal_scipy(seed: int) -> None:
    """Garwood through chi squared quantiles, Pearson's statistic by chisquare."""
    chance = random.Random(seed)
    events, months = chance.randrange(1, 50), chance.uniform(1, 90)
    low, high = stats.chi2.ppf(0.025, 2 * events) / 2, stats.chi2.ppf(0.975, 2 * events + 2) / 2
    assert garwood(events, months) == pytest.approx((low / months, high / months))
    units = [(chance.randrange(12), chance.randrange(1, 9)) for _ in range(7)]
    total, exposure = (sum(column) for column in zip(*units, strict=True))
    expected = [total * x / exposure for _, x in units]
    pearson = stats.chisquare([y for y, _ in units], expected).statistic
    assert overdispersion(units) == pytest.approx(pearson / 6)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_median_and_its_ranks_equal_scipy(seed: int) -> None:
    """The interval of scipy's quantile_test is ours where it has both ends."""
    chance = random.Random(seed)
    numbers = [chance.randrange(30) for _ in range(chance.randrange(8, 60))]
    q = chance.choice([0.25, 0.5, 0.75])
    ours = sample_quantile(((x, 1) for x in numbers), q)
    theirs = stats.quantile_test(numbers, q=0, p=q).confidence_interval(0.95)
    assert (ours.low if ours.low is not None else np.nan) == pytest.approx(theirs.low, nan_ok=True)
    assert (ours.high if ours.high is not None else np.nan) == pytest.approx(
        theirs.high, nan_ok=True
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_spread_kappa_and_holm_equal_statsmodels(seed: int) -> None:
    """τ² and Q of DerSimonian and Laird; quadratic weights; Holm."""
    meta = pytest.importorskip("statsmodels.stats.meta_analysis")
    rater = pytest.importorskip("statsmodels.stats.inter_rater")
    multitest = pytest.importorskip("statsmodels.stats.multitest")
    chance = random.Random(seed)
    groups = [(chance.gauss(0, 2), chance.uniform(0.3, 2)) for _ in range(9)]
    effects = np.array(groups)
    theirs = meta.combine_effects(effects[:, 0], effects[:, 1] ** 2, method_re="dl")
    ours = spread(groups)
    assert ours.sd**2 == pytest.approx(max(0, theirs.tau2))
    assert ours.heterogeneity == pytest.approx(theirs.q)
    if theirs.tau2 > 0:
        assert ours.mean == pytest.approx(theirs.mean_effect_re)
    ratings = [(chance.randrange(4), chance.randrange(4)) for _ in range(30)]
    table = np.zeros((4, 4))
    for x, y in ratings:
        table[x, y] += 1
    kappa = rater.cohens_kappa(table, wt="quadratic").kappa
    assert agreement(Pairs.of((x, y, 1) for x, y in ratings)).value == pytest.approx(kappa)
    values = [chance.random() ** 3 for _ in range(7)]
    assert holm(values) == pytest.approx(multitest.multipletests(values, method="holm")[1])


def _histories(seed: int) -> list[tuple[str, int, int, str, str]]:
    """The spells of 40 persons over 20 days: clients and peers, back and forth, leaving."""
    chance = random.Random(seed)
    spells = []
    for number in range(40):
        day, state = 0, "client"
        while state in ("client", "peer"):
            end = min(day + chance.randrange(1, 8), 20)
            others = [name for name in ("client", "peer", "left") if name != state]
            then = chance.choice(others) if end < 20 else ""
            spells.append((str(number), day, end, state, then))
            day, state = end, then
    return spells


@pytest.mark.parametrize("seed", SEEDS)
def test_probabilities_of_states_that_people_return_to_equal_greenwood(seed: int) -> None:
    """Moves in all directions, by an implementation in another tradition."""
    greenwood = pytest.importorskip("greenwood")
    states = ("client", "peer", "left")
    spells = _histories(seed)
    _, start, stop, state, then = zip(*spells, strict=True)
    event = [name or None for name in then]
    theirs = greenwood.MultiState().fit(start, stop, list(state), event, states=states)
    whole = aalen_johansen(flow_of(spells), states, "client")
    for day, shares in zip(theirs.time_, theirs.occupancy_, strict=True):
        assert whole.at(int(day)).p == pytest.approx(shares, abs=1e-12)


@pytest.mark.parametrize("seed", SEEDS)
def test_incidence_and_restricted_means_equal_greenwood(seed: int) -> None:
    """Two causes with ties: share, error and log-log bounds; the difference of two groups."""
    greenwood = pytest.importorskip("greenwood")
    chance = random.Random(seed)
    lives = [(chance.randrange(1, 15), chance.choice("adx")) for _ in range(50)]
    causes = {"a": "", "d": "done", "x": "gone"}
    ends, kinds = zip(*lives, strict=True)
    flow = flow_of(
        (str(number), 0, end, "in", causes[kind]) for number, (end, kind) in enumerate(lives)
    )
    event = pd.Categorical([causes[kind] or "0" for kind in kinds], ["0", "done", "gone"])
    fit = greenwood.AalenJohansen(conf_type="log-log").fit(greenwood.Surv(list(ends), event))
    table = fit.to_frame(format="pandas")
    compared = 0
    for cause in ("done", "gone"):
        curve = cumulative_incidence(flow, cause)
        for _, row in table[table["cause"] == cause].iterrows():
            point = curve.at(int(row["time"]))
            assert point.value == pytest.approx(row["estimate"], abs=1e-12)
            assert point.std_err == pytest.approx(row["std_error"], abs=1e-9)
            if point.value:
                bounds = (row["conf_low"], row["conf_high"])
                assert (point.low, point.high) == pytest.approx(bounds, abs=1e-9)
                compared += 1
    assert compared > 10
    one, other = _lives(seed), _lives(seed + 50)
    found = restricted_mean_difference(kaplan_meier(_flow(one)), kaplan_meier(_flow(other)), 20)
    rows = [(end, event, name) for lives, name in ((one, 0), (other, 1)) for _, end, event in lives]
    times, events, groups = (list(column) for column in zip(*rows, strict=True))
    theirs = greenwood.rmst_test(greenwood.Surv(times, events), 20, groups)
    assert (found.value, found.std_err) == pytest.approx((theirs.estimate, theirs.se))
