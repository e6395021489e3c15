"""State probabilities with errors by person, for people who come back to a state.

The Greenwood type of error in :mod:`~osallisuus.metrics.estimate.multistate` takes the next move
as independent of the earlier ones, and every spell as another case. Where people return, or have
several episodes, the error is taken from how much each person moves the estimate.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attrs import evolve

from osallisuus.metrics.estimate.flow import BEFORE_ORIGIN, Flow, Step
from osallisuus.metrics.estimate.multistate import Start, aalen_johansen, first_shares
from osallisuus.metrics.estimate.states import Covariance, StateCurve
from osallisuus.metrics.estimate.student import FEWEST_CLUSTERS

__all__ = ["robust_aalen_johansen"]


def robust_aalen_johansen(
    parts: Sequence[Flow],
    states: Sequence[str] | None = None,
    start: Start = None,
    after: int = BEFORE_ORIGIN,
    confidence: float = 0.95,
) -> StateCurve:
    """The Aalen-Johansen curve of all *parts* with the covariance of the infinitesimal jackknife.

    Each part is the flow of one person, or of one group of persons; everything else is as in
    :func:`~osallisuus.metrics.estimate.multistate.aalen_johansen`. The influence U of each part
    g is carried along, ``U_g <- U_g (I + ΔA) + Σ_h p_h (ΔN_gh - Y_gh ΔA_h) / Y_h``, and the
    covariance is ``Σ_g U_g' U_g``: the limit of leaving parts out one by one, as R's survfit has
    it by id.

    Notes: ``few_clusters`` for fewer than eight parts, ``one_cluster`` for fewer than two, which
    show no error at all.
    """
    whole = sum(parts, Flow())
    curve = aalen_johansen(whole, states, start, after, confidence)
    if not curve.points:
        return curve
    index = {name: i for i, name in enumerate(curve.states)}
    followed = [_Part(part, after, index) for part in parts]
    open_states = [index[name] for name in whole.transient]
    shares = _start(followed, start, curve.states, open_states)
    steps = [step for step in whole.steps() if step.day > after]
    covariance = _covariance(followed)
    opening = len(curve.points) - len(steps)
    points = [evolve(point, covariance=covariance) for point in curve.points[:opening]]
    for step, point in zip(steps, curve.points[opening:], strict=True):
        if step.moves:
            for part in followed:
                part.move(step, shares)
            covariance = _covariance(followed)
        for part in followed:
            part.go_on(step.day)
        points.append(evolve(point, covariance=covariance))
        shares = list(point.p)
    notes = curve.notes
    if len(parts) < FEWEST_CLUSTERS:
        notes += ("one_cluster" if len(parts) < 2 else "few_clusters",)
    return evolve(curve, points=tuple(points), notes=notes)


class _Part:
    """One part while the days go by: who of it is where, and how much it moves the estimate."""

    def __init__(self, flow: Flow, after: int, index: Mapping[str, int]) -> None:
        self.steps = {step.day: step for step in flow.steps()}
        self.index = index
        self.inside = [0 for _ in index]
        self.influence = [0.0 for _ in index]
        for day in sorted(self.steps):
            if day <= after:
                self.go_on(day)

    def move(self, step: Step, shares: Sequence[float]) -> None:
        """Take the moves that all parts make on one day into the influence of this one."""
        own = self.steps.get(step.day)
        change = [0.0 for _ in self.index]
        for (origin, target), n in step.moves.items():
            h, j = self.index[origin], self.index[target]
            moved = own.moves.get((origin, target), 0) if own else 0
            at_risk = step.at_risk[origin]
            hazard = n / at_risk
            weight = self.influence[h] * hazard
            weight += shares[h] * (moved - self.inside[h] * hazard) / at_risk
            change[j] += weight
            change[h] -= weight
        self.influence = [u + du for u, du in zip(self.influence, change, strict=True)]

    def go_on(self, day: int) -> None:
        """Bring those inside to the end of *day*."""
        if day in self.steps:
            for name, n in self.steps[day].after.items():
                self.inside[self.index[name]] = n


def _start(
    parts: Sequence[_Part], start: Start, states: Sequence[str], open_states: Sequence[int]
) -> list[float]:
    """The first probabilities, and the influence of each part on them where they are observed."""
    counts = [0 for _ in states]
    for part in parts:
        for i in open_states:
            counts[i] += part.inside[i]
    shares = first_shares(start, states, counts) or [0.0 for _ in states]
    if start is None:
        for part in parts:
            own = sum(part.inside[i] for i in open_states)
            for i in open_states:
                part.influence[i] = (part.inside[i] - shares[i] * own) / sum(counts)
    return shares


def _covariance(parts: Sequence[_Part]) -> Covariance:
    size = range(len(parts[0].influence))
    return tuple(
        tuple(sum(part.influence[i] * part.influence[j] for part in parts) for j in size)
        for i in size
    )
