"""The log-rank test: do groups have their events at the same pace?"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from osallisuus.metrics.estimate.curve import at_risk_on
from osallisuus.metrics.estimate.flow import Flow
from osallisuus.values import frozen

__all__ = ["LogRank", "logrank"]

_SINGULAR = 1e-12


@frozen
class LogRank:
    """The log-rank statistic over groups; no p-value, since monitoring is no trial."""

    groups: tuple[str, ...]
    observed: tuple[int, ...]
    """Events in each group."""
    expected: tuple[float, ...]
    """Events that each group would have had at the common pace."""
    chi2: float | None
    """``None`` where the groups cannot be compared: fewer than two of them were at risk, or all
    who were had their event on one day."""
    df: int


def logrank(
    flows: Mapping[str, Flow],
    state: str | None = None,
    events: Collection[str] | None = None,
) -> LogRank:
    """Compare the flows of groups; *state* and *events* as in :meth:`Flow.life_table`.

    ``E_g = Σ Y_g d/Y``; hypergeometric covariance ``Σ d (Y-d)/(Y-1) Y_g/Y (1(g=h) - Y_h/Y)``, a
    day with Y = 1 adding none (B.3; Mantel 1966). Groups without expected events are left out
    of the degrees of freedom.
    """
    groups = tuple(flows)
    tables = [flows[group].life_table(state, events) for group in groups]
    risks = [((-1, table[0].at_risk), *((row.day, row.after) for row in table)) for table in tables]
    happened: dict[int, int] = {}
    for table in tables:
        for row in table:
            happened[row.day] = happened.get(row.day, 0) + row.events
    size = range(len(groups))
    expected = [0.0 for _ in size]
    covariance = [[0.0 for _ in size] for _ in size]
    for day in sorted(day for day, d in happened.items() if d):
        at_risk = [at_risk_on(risk, day) for risk in risks]
        d, total = happened[day], sum(at_risk)
        scale = d * (total - d) / (total - 1) if total > 1 else 0.0
        for g in size:
            share = at_risk[g] / total
            expected[g] += d * share
            for h in size:
                covariance[g][h] += scale * share * ((g == h) - at_risk[h] / total)
    observed = tuple(sum(row.events for row in table) for table in tables)
    used = [g for g in size if expected[g] > 0][1:]
    difference = [observed[g] - expected[g] for g in used]
    chi2 = _quadratic_form([[covariance[g][h] for h in used] for g in used], difference)
    return LogRank(groups, observed, tuple(expected), chi2 if used else None, len(used))


def _quadratic_form(matrix: list[list[float]], vector: list[float]) -> float | None:
    """``v' M^-1 v`` of a positive definite M by elimination; ``None`` where M is singular.

    Each step of the elimination splits off one square: the sum of ``v_k² / pivot_k``.
    """
    rows = [list(row) for row in matrix]
    left = list(vector)
    total = 0.0
    for k, pivot_row in enumerate(rows):
        pivot = pivot_row[k]
        if pivot <= _SINGULAR:
            return None
        total += left[k] ** 2 / pivot
        for i in range(k + 1, len(rows)):
            factor = rows[i][k] / pivot
            left[i] -= factor * left[k]
            for j in range(k, len(rows)):
                rows[i][j] -= factor * pivot_row[j]
    return total
