"""Readings of instruments, exact and rounded: what the kinds about change have in common.

Readings are decimals such as 14 or 62.5. They are added up as whole numbers of *steps*, so that
no order of adding changes a digit. What leaves in rounded form is computed from rounded counts and
sums only: each is rounded from its own true value, and everything shown is worked out from them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import lcm

from attrs import evolve

from osallisuus.metrics.estimate.mean import Sums
from osallisuus.metrics.estimate.value import Estimate
from osallisuus.metrics.kinds.percents import in_hundredths, rounds
from osallisuus.metrics.metric import Draw, Tally, Thinning
from osallisuus.metrics.plain import Measure

__all__ = [
    "amounts",
    "exact",
    "in_units",
    "mean_draw",
    "rounded_sums",
    "steps_of",
    "summed",
]


def exact(reading: float) -> Fraction:
    """A reading as the decimal that it is written as: 0.1 is a tenth."""
    return Fraction(str(reading))


def steps_of(readings: Iterable[Fraction]) -> int:
    """How many steps a unit must be cut into so that every reading is whole."""
    return lcm(1, *(reading.denominator for reading in readings))


def rounded_sums(sums: Sums, steps: int, grid: Thinning | None) -> Sums:
    """*sums* of numbers in *steps*, each rounded in whole units where the *grid* has a base."""
    if grid is None or grid.base is None:
        return sums
    n = grid.rounded(sums.n)
    total = _nearest(sums.total, steps, grid.base)
    squares = _nearest(sums.squares, steps * steps, grid.base)
    # the squares of numbers with this sum cannot be less: rounding must not make them so
    return Sums(n, total, max(squares, -(-total * total // n)) if n else squares)


def _nearest(total: int, unit: int, base: int) -> int:
    """*total* to the nearest multiple of *base* units, ties up."""
    return (2 * total + base * unit) // (2 * base * unit) * base * unit


def summed(numbers: Iterable[tuple[int, int]]) -> Sums:
    """The sums of *numbers*, each with how many people have it."""
    known = list(numbers)
    return Sums(
        sum(n for _, n in known),
        sum(number * n for number, n in known),
        sum(number * number * n for number, n in known),
    )


def in_units(estimate: Estimate | None, steps: int, *notes: str) -> Estimate | None:
    """An *estimate* that was made in *steps*, in the instrument's unit, and with more *notes*."""
    if estimate is None:
        return None

    def unit(value: float | None) -> float | None:
        return None if value is None else value / steps

    return evolve(
        estimate,
        value=estimate.value / steps,
        std_err=unit(estimate.std_err),
        low=unit(estimate.low),
        high=unit(estimate.high),
        notes=(*estimate.notes, *notes),
    )


def amounts(label: str, part: str | None, numbers: Iterable[tuple[int, int]]) -> Tally:
    """A sum of *numbers* (each with how many people have it), for the dominance rule (D.1.3).

    A mean of people who are all alike says it of each of them, and is told as a sum of nothing.
    """
    known = [(number, n) for number, n in numbers if n]
    people = sum(n for _, n in known)
    if len({number for number, _ in known}) < 2:
        return Tally((label, part), people, people, largest=(0, 0, 0), additive=True)
    sizes = sorted(((abs(number), n) for number, n in known), reverse=True)
    first, second = [size for size, n in sizes[:2] for _ in range(min(n, 2))][:2]
    total = sum(size * n for size, n in sizes)
    # in halves, so that a mean of exactly 1 is not taken for "all that was possible"
    top = (2 * total + (total > 0 and 2 * total == people), 2 * first, 2 * second)
    return Tally((label, part), people, people, largest=top, additive=True)


def mean_draw(
    name: str,
    measure: Measure,
    estimate: Estimate | None,
    n: int,
    *,
    method: str,
    tallies: Sequence[Tally],
    grid: Thinning | None = None,
    reason: str = "no_cases",
) -> Draw:
    """The *estimate* over *n* people, or the *reason* why there is none; rounded: two decimals."""
    people = n if grid is None else grid.rounded(n)
    behind = tuple(tallies)
    if estimate is None:
        return Draw(
            name=name, measure=measure, n=people, persons=people, reason=reason, tallies=behind
        )

    shown = in_hundredths(estimate) if rounds(grid) else estimate
    return Draw(
        name=name,
        measure=measure,
        value=shown.value,
        low=shown.low,
        high=shown.high,
        std_err=shown.std_err,
        n=people,
        persons=people,
        method=method,
        notes=estimate.notes,
        tallies=behind,
    )
