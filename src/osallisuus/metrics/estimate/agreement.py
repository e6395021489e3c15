"""Whether two ratings of the same units agree: Cohen's (1968) weighted kappa."""

from __future__ import annotations

from osallisuus.metrics.estimate.change import over_units
from osallisuus.metrics.estimate.pairs import Pairs
from osallisuus.metrics.estimate.ratio import Moments
from osallisuus.metrics.estimate.value import Estimate

__all__ = ["agreement"]


def agreement(pairs: Pairs, confidence: float = 0.95) -> Estimate | None:
    """Kappa with quadratic weights of the units of *pairs* that both raters rated.

    ``1 - Σ(x - y)² / E``, with E the same sum over all couples of a first and a second rating
    there are, divided by n; that is 1 for raters who always agree and 0 for raters who agree no
    more than by chance. Jackknife interval over units. ``None`` where nobody was rated twice or
    all ratings are one and the same.
    """
    return over_units(pairs, _kappa, confidence)


def _kappa(moments: Moments) -> float | None:
    by_chance = moments.n * (moments.sxx + moments.syy) - 2 * moments.sx * moments.sy
    if not by_chance:
        return None
    observed = moments.n * (moments.sxx - 2 * moments.sxy + moments.syy)
    return 1 - observed / by_chance
