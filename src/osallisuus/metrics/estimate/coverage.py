"""How much of a population was reached, when the population is itself an estimate (metric R2)."""

from __future__ import annotations

from math import exp, hypot, log

from osallisuus.errors import DefinitionError
from osallisuus.metrics.estimate.proportion import wilson
from osallisuus.metrics.estimate.special import normal_quantile, tail
from osallisuus.metrics.estimate.value import Estimate

__all__ = ["coverage"]


def coverage(
    reached: int, population: float, std_err: float = 0.0, confidence: float = 0.95
) -> Estimate | None:
    """*reached* persons per person of the *population*; ``None`` where it is 0.

    A population known from a frame (*std_err* 0) has Wilson's interval. An estimated one has the
    interval on the log scale with variance ``1 / reached + (std_err / population)²``. With
    nobody reached that has no value: the upper bound is then the exact Poisson one times the
    error factor of the population, which is wide on purpose.

    More persons than the population has are shown as they are, note ``outside_population``: the
    population was too small, or people came from elsewhere.
    """
    if reached < 0 or population < 0 or std_err < 0:
        raise DefinitionError(
            "coverage needs a population and an error of 0 or more",
            where="population",
            remedy="give the estimate of its source, with its standard error",
        )
    outside = tail(confidence)
    if not population:
        return None
    value = reached / population
    notes = ("outside_population",) if reached > population else ()
    if not std_err and not notes and population == int(population):
        low, high = wilson(reached, int(population), confidence) or (None, None)
        return Estimate(value, None, low, high, "Wilson")
    z = normal_quantile(1 - outside)
    relative = std_err / population
    if not reached:
        # the exact Poisson bound of nobody: that many expected make nobody as rare as one tail
        high = -log(outside) / population * exp(z * relative)
        return Estimate(value, None, 0.0, high, "Poisson exact, log", notes)
    spread = hypot(reached**-0.5, relative)
    factor = exp(z * spread)
    return Estimate(value, value * spread, value / factor, value * factor, "log normal", notes)
