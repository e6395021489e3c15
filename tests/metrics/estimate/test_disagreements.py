"""Where other programs say something else than ours, and why ours stays as it is.

Each test shows the disagreement; when a new version of the other program ends it, the test fails
and can go, together with its line in docs/estimators.md.
"""

from __future__ import annotations

import warnings

import pandas as pd
import pytest
from lifelines import AalenJohansenFitter, KaplanMeierFitter, NelsonAalenFitter
from lifelines.utils import restricted_mean_survival_time

from osallisuus.metrics.estimate.multistate import cumulative_incidence
from osallisuus.metrics.estimate.proportion import newcombe
from osallisuus.metrics.estimate.spells import flow_of
from osallisuus.metrics.estimate.summary import quantile, restricted_mean
from osallisuus.metrics.estimate.survival import kaplan_meier, nelson_aalen

CAUSES = ("", "done", "gone")


def _flow(times: list[int], causes: list[int]):
    return flow_of(
        (str(number), 0, time, "in", CAUSES[cause])
        for number, (time, cause) in enumerate(zip(times, causes, strict=True))
    )


def _lifelines_incidence(times: list[int], causes: list[int], seed: int = 1):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says that it breaks the ties
        return AalenJohansenFitter(seed=seed).fit(times, causes, event_of_interest=1)


def test_lifelines_breaks_ties_between_causes_by_chance() -> None:
    """Our share is one number; theirs depends on the seed of a random jitter.

    Of 12 persons two are done on day 3, one is gone and three are lost; of the six left on day
    5 two are done and one is gone.
    """
    times = [3] * 6 + [5] * 6
    causes = [1, 1, 2, 0, 0, 0, 1, 1, 2, 0, 0, 0]
    theirs = {
        round(float(_lifelines_incidence(times, causes, seed).cumulative_density_.iloc[-1, 0]), 9)
        for seed in (1, 2, 3, 4)
    }
    ours = cumulative_incidence(_flow(times, causes), "done").at(5)
    assert ours.value == pytest.approx(2 / 12 + 9 / 12 * 2 / 6)
    assert len(theirs) > 1


def test_lifelines_drops_an_event_at_the_first_time() -> None:
    """Days 0 and 1 have an event of four persons: 0.5, where they say 0.25."""
    times, causes = [0, 1, 2, 3], [1, 1, 2, 0]
    theirs = float(_lifelines_incidence(times, causes).cumulative_density_.iloc[-1, 0])
    assert cumulative_incidence(_flow(times, causes), "done").at(3).value == pytest.approx(0.5)
    assert theirs == pytest.approx(0.25)


def test_lifelines_swaps_the_labels_of_the_bounds_of_an_incidence() -> None:
    """The column called lower holds the upper bound."""
    times = list(range(1, 21))
    fitted = _lifelines_incidence(times, [1, 2] * 10)
    interval = fitted.confidence_interval_.loc[10.0]
    lower = interval[next(name for name in interval.index if "lower" in name)]
    upper = interval[next(name for name in interval.index if "upper" in name)]
    point = cumulative_incidence(_flow(times, [1, 2] * 10), "done").at(10)
    assert point.low < point.value < point.high
    assert lower > upper


def test_lifelines_takes_the_spread_of_persons_for_that_of_the_restricted_mean() -> None:
    """Its variance is that of min(T, τ), about n times the squared error of the mean."""
    times = [2, 3, 3, 5, 8, 9, 9, 10, 12, 15]
    fitted = KaplanMeierFitter().fit(times)
    mean, variance = restricted_mean_survival_time(fitted, t=10, return_variance=True)
    ours = restricted_mean(kaplan_meier(_flow(times, [1] * 10)), 10)
    assert mean == pytest.approx(ours.value)
    assert variance / ours.std_err**2 == pytest.approx(len(times), rel=0.02)


def test_lifelines_takes_the_left_end_of_a_plateau_for_the_median() -> None:
    """Where half are gone from day 2 to day 3 R and we say 2.5, they say 2."""
    times = [1, 2, 3, 4]
    assert quantile(kaplan_meier(_flow(times, [1] * 4)), 0.5).day == 2.5
    assert KaplanMeierFitter().fit(times).median_survival_time_ == 2


def test_lifelines_corrects_ties_in_the_cumulative_hazard_by_default() -> None:
    """1/3 + 1/2 for two events of three, where the counting process and R say 2/3."""
    times = [2, 2, 5]
    theirs = NelsonAalenFitter().fit(times).cumulative_hazard_.loc[2.0].iloc[0]
    flow = _flow(times, [1, 1, 1])
    assert theirs == pytest.approx(1 / 3 + 1 / 2)
    assert nelson_aalen(flow).at(2).value == pytest.approx(2 / 3)
    assert nelson_aalen(flow, ties="fleming-harrington").at(2).value == pytest.approx(theirs)


def test_others_are_certain_before_the_first_event() -> None:
    """R and lifelines say [1, 1] of five persons so far; ours is the exact binomial bound."""
    times, causes = [4, 6, 7, 8, 9], [0, 0, 1, 1, 0]
    theirs = KaplanMeierFitter().fit(times, causes).confidence_interval_survival_function_
    point = kaplan_meier(_flow(times, causes)).at(0)
    assert list(theirs.loc[0.0]) == [1, 1]
    assert (point.low, point.high) == (pytest.approx(0.025 ** (1 / 5)), 1)


def test_statsmodels_has_no_score_interval_for_some_small_tables() -> None:
    """9 of 10 against 3 of 10 raises; Newcombe's interval is there for every table."""
    proportion = pytest.importorskip("statsmodels.stats.proportion")
    with pytest.raises(ValueError, match=r"f\(a\) and f\(b\)"):
        proportion.confint_proportions_2indep(9, 10, 3, 10, method="score", compare="diff")
    assert newcombe(9, 10, 3, 10) is not None


def test_greenwood_has_a_plain_interval_that_leaves_0_to_1() -> None:
    """Its default for an incidence; ours is log-log and stays inside."""
    greenwood = pytest.importorskip("greenwood")
    times = list(range(1, 21))
    causes = [1] + [0] * 19
    event = pd.Categorical([CAUSES[c] or "0" for c in causes], ["0", "done", "gone"])
    table = greenwood.AalenJohansen().fit(greenwood.Surv(times, event)).to_frame(format="pandas")
    theirs = table[table["cause"] == "done"].iloc[0]
    point = cumulative_incidence(_flow(times, causes), "done").at(1)
    assert theirs["estimate"] == pytest.approx(point.value)
    assert theirs["conf_low"] <= 0 < point.low
