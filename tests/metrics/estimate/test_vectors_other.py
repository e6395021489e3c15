"""Proportions, rates, means and special functions against R, SciPy and statsmodels."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from osallisuus.metrics.estimate.mean import Sums, mean, mean_difference, paired_change
from osallisuus.metrics.estimate.proportion import newcombe
from osallisuus.metrics.estimate.rate import garwood
from osallisuus.metrics.estimate.ratio import Moments
from osallisuus.metrics.estimate.special import (
    beta_quantile,
    gamma_quantile,
    normal_quantile,
    t_quantile,
)


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
    one, other = (Sums(len(x), sum(x), sum(v * v for v in x)) for x in (before, after))
    first = mean(one)
    assert same(first.value / 10, expect["mean1"])
    assert same([first.low / 10, first.high / 10], expect["ci1"])
    pairs = sum((Moments.single(x, y) for x, y in zip(before, after, strict=True)), Moments())
    change = paired_change(pairs)
    assert same(change.mean.value / 10, expect["paired_diff"])
    assert same([change.mean.low / 10, change.mean.high / 10], expect["paired_ci"])
    assert same(change.response, expect["srm"])
    assert same(change.effect_size, expect["es"])
    welch = mean_difference(other, one)
    assert same([welch.low / 10, welch.high / 10], expect["welch_ci"])
