"""Goal attainment: one person's goals as one T-score (Kiresuk & Sherman 1968), metric O3."""

from __future__ import annotations

from collections.abc import Iterable
from math import sqrt

from osallisuus.errors import EngineError

__all__ = ["LEVELS", "goal_attainment"]

LEVELS = (-2, -1, 0, 1, 2)
"""From much less than expected over as expected (0) to much more than expected."""


def goal_attainment(goals: Iterable[tuple[int, int]], rho: float = 0.30) -> float | None:
    """The T-score of one person's *goals*, each a level from -2 to 2 and its weight.

    ``T = 50 + 10 Σwx / √((1-rho) Σw² + rho (Σw)²)`` with the correlation *rho* of goals that the
    method assumes (B.4); 50 means that the goals are reached as expected on the whole. ``None`` where
    the weights sum to 0 or there is no goal. Levels are an order treated as distances: print the
    share of goals at or above 0 beside it.

    An :class:`~osallisuus.errors.EngineError` says when a level or a weight is impossible.
    """
    rated = list(goals)
    if any(level not in LEVELS or weight < 0 for level, weight in rated):
        raise EngineError(
            "a goal has a level outside -2 to 2 or a negative weight",
            where="goal ratings",
            remedy="rate each goal from -2 to 2; leave one without a rating out and list it",
        )
    total = sum(weight for _, weight in rated)
    if not total:
        return None
    squares = sum(weight * weight for _, weight in rated)
    attained = sum(level * weight for level, weight in rated)
    return 50 + 10 * attained / sqrt((1 - rho) * squares + rho * total * total)
