"""The delete-a-group jackknife: an interval by cluster for any estimator.

Persons return, hold several roles and change states back and forth, so that spells of one person
are no independent cases. Leaving out one group of persons at a time measures what they share.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import fsum, sqrt
from typing import Any, Protocol, TypeVar

from osallisuus.metrics.estimate.student import Span, student
from osallisuus.metrics.estimate.value import Estimate

__all__ = ["Table", "delete_a_group", "jackknife"]


class Table(Protocol):
    """A small table of whole numbers: those of disjoint persons are merged by ``+`` (A.3)."""

    def __add__(self, other: Any, /) -> Any:
        """The table of the persons of both."""


_ROUNDING = 1e-13
"""A standard error smaller than this part of the estimate is what rounding leaves of 0."""

AnyTable = TypeVar("AnyTable", bound=Table)


def jackknife(
    value: float, without: Sequence[float], confidence: float = 0.95, *, span: Span = "any"
) -> Estimate:
    """*value* with the interval from the estimates *without* each of G groups of persons.

    ``se² = (G-1)/G Σ (θ_g - mean)²``, t with G - 1 degrees of freedom (B.2), on the scale that
    *span* asks for, see :func:`~osallisuus.metrics.estimate.student.student`. Notes:
    ``one_cluster`` (no interval), ``few_clusters``, ``no_variation``.
    """
    groups = len(without)
    if groups < 2:
        return Estimate(value, notes=("one_cluster",))
    middle = fsum(without) / groups
    squares = fsum((theta - middle) ** 2 for theta in without)
    std_err = sqrt((groups - 1) / groups * squares)
    if std_err <= _ROUNDING * abs(middle):
        std_err = 0.0
    return student(value, std_err, groups, confidence, span=span, method="jackknife t")


def delete_a_group(
    parts: Sequence[AnyTable],
    statistic: Callable[[AnyTable], float | None],
    confidence: float = 0.95,
    *,
    span: Span = "any",
) -> Estimate | None:
    """*statistic* of the whole of *parts*, with its jackknife interval over them (B.2).

    Each part is the table of one group of persons, as the replicate key of an engine gives it;
    no person may be in two parts. One part for each person is best where there are few, about a
    hundred parts of equal size where there are many. ``None`` where the statistic of the whole
    is undefined. Where it is undefined without one of the parts, the estimate rests on that part
    and has no interval: note ``rests_on_one_cluster``.
    """
    if not parts:
        return None
    before, after = _running(parts), _running(parts[::-1])[::-1]
    value = statistic(before[-1])
    if value is None:
        return None
    if len(parts) == 1:
        return Estimate(value, notes=("one_cluster",))
    inner = (one + other for one, other in zip(before, after[2:], strict=False))
    without = [statistic(rest) for rest in (after[1], *inner, before[-2])]
    defined = [theta for theta in without if theta is not None]
    if len(defined) < len(parts):
        return Estimate(value, notes=("rests_on_one_cluster",))
    return jackknife(value, defined, confidence, span=span)


def _running(parts: Sequence[AnyTable]) -> list[AnyTable]:
    """The sums of the first one, two, three ... parts."""
    sums = [parts[0]]
    for part in parts[1:]:
        sums.append(sums[-1] + part)
    return sums
