"""Proportions, rates, means and special functions against R, SciPy and statsmodels."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from osallisuus.metrics.estimate.change import paired_change
from osallisuus.metrics.estimate.mean import Sums, mean, mean_difference, welch_df
from osallisuus.metrics.estimate.pairs import Pairs
from osallisuus.metrics.estimate.proportion import newcombe
from osallisuus.metrics.estimate.rate import garwood
from osallisuus.metrics.estimate.reliable import Precision, cut_offs, reliable_change
from osallisuus.metrics.estimate.several import two_sided
from osallisuus.metrics.estimate.special import (
    beta_quantile,
    gamma_quantile,
    normal_quantile,
    t_quantile,
)
from osallisuus.rules.goals import score_goals
from osallisuus.rules.scoring import Score


def test_special_functions_equal_scipy(
    case: Callable[[str], Any], same: Callable[..., bool]
) -> None:
    """Each quantile function is right from probability 1e-6 to 1 - 1e-6."""
    expect = case("special_functions")["expect"]
    functions = {
        "beta_ppf": beta_quantile,
        "gamma_ppf": gamma_quantile,
        "t_ppf": t_quantile,
        "norm_ppf": normal_quantile,
    }
    for name, function in functions.items():
        for *arguments, wanted in expect[name]:
            found = function(*arguments)
            assert abs(found - wanted) <= 1e-9 * abs(wanted), (name, arguments)


def test_newcombe_intervals_equal_statsmodels(
    case: Callable[[str], Any], same: Callable[..., bool]
) -> None:
    """The difference of two shares has the interval of method 10."""
    for row in case("proportion_difference")["expect"]["rows"]:
        ours = newcombe(row["k1"], row["n1"], row["k2"], row["n2"], row["conf"])
        assert same(list(ours), row["newcombe"])


def test_exact_poisson_intervals_equal_r(
    case: Callable[[str], Any], same: Callable[..., bool]
) -> None:
    """A rate has the exact Poisson interval, also with no event."""
    for row in case("poisson_exact")["expect"]["rows"]:
        ours = garwood(row["events"], row["exposure"], row["conf"])
        assert same(list(ours), row["garwood"], 1e-8)


def test_means_and_paired_changes_equal_r(
    case: Callable[[str], Any],
    columns: Callable[[str], dict[str, list[Any]]],
    same: Callable[..., bool],
) -> None:
    """The data have one decimal: counted in tenths they are whole."""
    expect = case("mean_paired")["expect"]
    before, after = ([round(10 * x) for x in column] for column in columns("sleep").values())
    one, other = Sums.of(before), Sums.of(after)
    first = mean(one)
    assert same(first.value / 10, expect["mean1"])
    assert same([first.low / 10, first.high / 10], expect["ci1"])
    change = paired_change(Pairs.of((x, y, 1) for x, y in zip(before, after, strict=True)))
    assert same(change.mean.value / 10, expect["paired_diff"])
    assert same([change.mean.low / 10, change.mean.high / 10], expect["paired_ci"])
    assert same(two_sided(change.mean.value, change.mean.std_err, 9), expect["paired_p"])
    assert same(change.response.value, expect["srm"])
    assert same(change.effect_size.value, expect["es"])
    welch = mean_difference(other, one)
    assert same([welch.low / 10, welch.high / 10], expect["welch_ci"])
    assert same(welch_df(other, one), expect["welch_df"])


def test_goal_attainment_scores_equal_the_formula_in_r(
    case: Callable[[str], Any], same: Callable[..., bool]
) -> None:
    """Any number of goals, weights and assumed correlations."""
    for row in case("gas_t")["expect"]["rows"]:
        outcome = score_goals(zip(row["w"], row["x"], strict=True), correlation=row["rho"])
        assert isinstance(outcome, Score)
        assert same(outcome.value, row["T"])


def test_reliable_change_equals_the_published_example(
    case: Callable[[str], Any], same: Callable[..., bool]
) -> None:
    """Jacobson & Truax 1991: 32.5 to 47.5 is reliable, and short of the cut-off 50."""
    expect = case("rci_jacobson_truax")["expect"]
    precision = Precision(expect["sd_before"], expect["reliability"])
    assert same(precision.error_of_reading, expect["s_e"])
    assert same(precision.error_of_change, expect["s_diff"])
    assert same(precision.index(expect["before"], expect["after"]), expect["rc"])
    cut = expect["cutoffs"]
    ours = cut_offs(cut["clinical_mean"], cut["clinical_sd"], cut["normal_mean"], cut["normal_sd"])
    assert same([ours.a, ours.b, ours.c], [cut["a"], cut["b"], cut["c"]])
    halves = Pairs.of([(round(2 * expect["before"]), round(2 * expect["after"]), 1)])
    found = reliable_change(
        halves, Precision(2 * expect["sd_before"], expect["reliability"]), cut_off=2 * ours.c
    )
    assert (found.improved, found.crossed) == (1, 0)
