"""Goal attainment: one person's own goals as one number, beside the goals themselves (K12)."""

from __future__ import annotations

from collections.abc import Iterable
from math import sqrt

from osallisuus.errors import ImportProblem
from osallisuus.model.instruments import REGISTRY
from osallisuus.rules.scoring import NotComputable, Partial, Reason, Score

__all__ = ["CORRELATION", "score_goals", "t_score"]

CORRELATION = 0.30
"""How far the goals of one person are taken to go together (Kiresuk & Sherman 1968)."""


def score_goals(
    goals: Iterable[tuple[int, int | None]], *, correlation: float = CORRELATION
) -> Score | Partial | NotComputable:
    """The T-score of one person's *goals*: their weight, and their level -2 to 2 or ``None``.

    ``T = 50 + 10 Σwx / √((1-c) Σw² + c (Σw)²)`` with the *correlation* c of goals that the method
    assumes (Kiresuk & Sherman 1968); 50 is as expected. Goals without a rating are left out, and
    the score is then partial. Levels of different people are negotiated, so T-scores describe a
    person's own way and are no ranking.

    Raises :class:`ImportProblem` for a level outside -2 to 2 or a weight below 0.
    """
    listed = list(goals)
    if any(weight < 0 or level not in (None, -2, -1, 0, 1, 2) for weight, level in listed):
        raise ImportProblem(
            "a goal has a level outside -2 to 2, or a weight below 0",
            where="goals",
            remedy="rate each goal from -2 to 2; None where it has not been rated",
        )
    rated = [(weight, level) for weight, level in listed if level is not None]
    gas = REGISTRY["gas"]
    total = sum(weight for weight, _ in rated)
    if not total:
        reason: Reason = "no_weight" if rated else "no_answers"
        return NotComputable(
            instrument="gas", scale="t", answered=len(rated), items=len(listed), reason=reason
        )
    squares = sum(weight * weight for weight, _ in rated)
    attained = sum(weight * level for weight, level in rated)
    kind = Score if len(rated) == len(listed) else Partial
    return kind(
        instrument="gas",
        scale="t",
        answered=len(rated),
        items=len(listed),
        license_note=gas.license_note,
        source=gas.source or "",
        value=t_score(attained, squares, total, correlation),
    )


def t_score(attained: int, squares: int, weights: int, correlation: float = CORRELATION) -> float:
    """``50 + 10 Σwx / √((1-c) Σw² + c (Σw)²)`` from these three sums; *weights* is above 0."""
    spread = sqrt((1 - correlation) * squares + correlation * weights * weights)
    return 50 + 10 * attained / spread
