"""Several states, moves in any direction: Aalen-Johansen from a FLOW table.

State occupation (who is where on day t), competing exits (cumulative incidence) and landmark
questions (what happens after day s) are one recursion (Aalen & Johansen 1978; Andersen, Borgan,
Gill & Keiding 1993, IV.4). Pausing and stepping back are moves like any other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from osallisuus.errors import EngineError, did_you_mean
from osallisuus.metrics.estimate.competing import competing_incidence
from osallisuus.metrics.estimate.curve import Curve, Point
from osallisuus.metrics.estimate.flow import BEFORE_ORIGIN, Flow, Step
from osallisuus.metrics.estimate.states import Covariance, StateCurve, StatePoint

__all__ = ["Start", "aalen_johansen", "cumulative_incidence", "first_shares", "what_follows"]

Start = str | Mapping[str, float] | None
"""Where everybody starts: in one state, in known shares, or (None) as observed."""

_NOBODY = 1e-12
"""A probability at or under this is 0 up to rounding."""


def aalen_johansen(
    flow: Flow,
    states: Sequence[str] | None = None,
    start: Start = None,
    after: int = BEFORE_ORIGIN,
    confidence: float = 0.95,
) -> StateCurve:
    """The probability of each state by day, with the whole covariance matrix.

    Each day ``p <- p (I + ΔA)``, with ``d_hj / Y_h`` off the diagonal, and
    ``V <- (I + ΔA)' V (I + ΔA) + Σ_h p_h² C_h`` with C_h the multinomial covariance of the row h
    (B.3, Greenwood type). A state with nobody at risk keeps what it has.

    *states* gives the order of the vectors, by default by name; it must hold every state of the
    flow. *start* is a state or known shares, taken without error, or ``None``: the shares
    observed at the landmark among those who can still move, with their multinomial error.
    *after* is the landmark: only what happens after that day counts, by default all from 0-.

    With nobody at risk at an empirical start the curve has no points and the note
    ``nobody_at_risk``. An :class:`~osallisuus.errors.EngineError` names an unknown state.
    """
    names = tuple(states) if states is not None else _names(flow, start)
    _check(names, flow, start)
    inside = dict.fromkeys(names, 0)
    for step in flow.steps():
        if step.day > after:
            break
        inside = {name: step.after.get(name, 0) for name in names}
    walk = _Walk(names, flow.transient, confidence)
    if not walk.start(start, inside):
        return walk.result(("nobody_at_risk",))
    opening = max(after, 0)
    steps = [step for step in flow.steps() if step.day > after]
    walk.open(opening, inside, show=not steps or steps[0].day > opening)
    for step in steps:
        walk.advance(step)
    return walk.result(())


def cumulative_incidence(
    flow: Flow,
    cause: str,
    state: str | None = None,
    after: int = BEFORE_ORIGIN,
    confidence: float = 0.95,
) -> Curve:
    """The share that has left *state* by the exit *cause*, by day, other exits competing.

    The Aalen-Johansen curve of *cause* for those who start in *state*, by default the only
    state that can be left. Intervals log-log on the share; a cause that never occurred is 0.
    """
    begin = flow.only_state() if state is None else state
    if set(flow.transient) <= {begin} and cause != begin:
        return competing_incidence(flow, cause, begin, after, confidence)
    names = tuple(sorted({*flow.states, begin, cause}))
    return aalen_johansen(flow, names, begin, after, confidence).curve(cause)


def what_follows(
    flow: Flow, state: str, then: str, day: int, within: int, confidence: float = 0.95
) -> Point | None:
    """The share of those in *state* at the end of *day* who are in *then*, *within* days later.

    The landmark question P3, ``P_hj(s, s + w)``. ``None`` where nobody is in the state on that
    day, or nobody is followed for so long. Its error takes those who come to a state again as
    new ones; where people return use the curve of
    :func:`~osallisuus.metrics.estimate.robust.robust_aalen_johansen` instead.
    """
    names = tuple(sorted({*flow.states, state, then}))
    whole = aalen_johansen(flow, names, state, day, confidence)
    if not whole.points[0].at_risk[names.index(state)]:
        return None
    return whole.cut().curve(then).at(max(day, 0) + within)


def first_shares(start: Start, states: Sequence[str], counts: Sequence[int]) -> list[float] | None:
    """The probabilities that a curve begins with; *counts* are those who can still move.

    ``None`` where they are to be observed and there is nobody.
    """
    if isinstance(start, str):
        return [float(name == start) for name in states]
    if start is not None:
        return [float(start.get(name, 0.0)) for name in states]
    total = sum(counts)
    return [n / total for n in counts] if total else None


class _Walk:
    """The recursion while it runs."""

    def __init__(
        self, states: tuple[str, ...], transient: tuple[str, ...], confidence: float
    ) -> None:
        self.states = states
        self.confidence = confidence
        self.size = range(len(states))
        self.open_states = [i for i in self.size if states[i] in transient]
        self.p = [0.0 for _ in self.size]
        self.v = [[0.0 for _ in self.size] for _ in self.size]
        self.arrived_for_good = 0
        self.informed = 0
        self.points: list[StatePoint] = []
        self.risk: list[tuple[int, int]] = []
        self.closed_on: int | None = None

    def start(self, start: Start, inside: Mapping[str, int]) -> bool:
        """Set the first probabilities; False where an empirical start finds nobody."""
        counts = [inside[self.states[i]] if i in self.open_states else 0 for i in self.size]
        shares = first_shares(start, self.states, counts)
        if shares is None:
            return False
        self.p = shares
        if start is None:
            self.v = _multinomial(self.p, sum(counts))
        return True

    def open(self, day: int, inside: Mapping[str, int], *, show: bool) -> None:
        """The curve before its first step."""
        at_risk = [inside[name] for name in self.states]
        self.risk.append((day - 1, self._carrying(at_risk)))
        if show:
            self._note_informed(at_risk)
            self._add_point(day, at_risk, [0 for _ in self.size])

    def advance(self, step: Step) -> None:
        """One day: p and V take their next value from the day's moves and risk sets."""
        at_risk = [step.at_risk.get(name, 0) for name in self.states]
        self._note_informed(at_risk)
        arrivals = [0 for _ in self.size]
        leaving: dict[int, dict[int, int]] = {}
        for (from_state, to_state), n in step.moves.items():
            h, j = self.states.index(from_state), self.states.index(to_state)
            arrivals[j] += n
            leaving.setdefault(h, {})[j] = n
            if self.p[h] > _NOBODY and j not in self.open_states:
                self.arrived_for_good += n
        if leaving:
            self._move(leaving, at_risk)
        self._add_point(step.day, at_risk, arrivals)
        after = self._carrying([step.after.get(name, 0) for name in self.states])
        self.risk.append((step.day, after))
        still_open = sum(self.p[i] for i in self.open_states)
        if self.closed_on is None and still_open <= _NOBODY:
            self.closed_on = step.day

    def _move(self, leaving: dict[int, dict[int, int]], at_risk: list[int]) -> None:
        matrix = [[float(i == j) for j in self.size] for i in self.size]
        for h, counts in leaving.items():
            for j, n in counts.items():
                matrix[h][j] = n / at_risk[h]
            matrix[h][h] = (at_risk[h] - sum(counts.values())) / at_risk[h]
        self.v = _sandwich(matrix, self.v)
        for h in leaving:
            row = _multinomial(matrix[h], at_risk[h])
            weight = self.p[h] ** 2
            for i in self.size:
                for j in self.size:
                    self.v[i][j] += weight * row[i][j]
        self.p = [sum(self.p[i] * matrix[i][j] for i in self.size) for j in self.size]

    def _carrying(self, at_risk: list[int]) -> int:
        """Units in the states where the curve is and from where it can still move."""
        return sum(at_risk[i] for i in self.open_states if self.p[i] > _NOBODY)

    def _note_informed(self, at_risk: list[int]) -> None:
        """The smallest number of units so far on which the probabilities rest.

        Those who arrived in a final state still count: their outcome is known.
        """
        now = self._carrying(at_risk) + self.arrived_for_good
        self.informed = min(self.informed, now) if self.informed else now

    def _add_point(self, day: int, at_risk: list[int], arrivals: list[int]) -> None:
        covariance: Covariance = tuple(tuple(row) for row in self.v)
        self.points.append(
            StatePoint(
                day, tuple(at_risk), tuple(arrivals), tuple(self.p), covariance, self.informed
            )
        )

    def result(self, notes: tuple[str, ...]) -> StateCurve:
        return StateCurve(
            self.states,
            tuple(self.points),
            tuple(self.risk),
            self.confidence,
            self.closed_on,
            notes=notes,
        )


def _names(flow: Flow, start: Start) -> tuple[str, ...]:
    named = {start} if isinstance(start, str) else set(start or ())
    return tuple(sorted({*flow.states, *named}))


def _check(names: tuple[str, ...], flow: Flow, start: Start) -> None:
    for state in _names(flow, start):
        if state not in names:
            raise EngineError(
                f"the state {state!r} is not among the states of the estimate",
                where="states",
                remedy=did_you_mean(state, names),
            )


def _multinomial(shares: Sequence[float], n: int) -> list[list[float]]:
    """The covariance of observed *shares* of n units: ``(diag(q) - q q') / n``."""
    return [
        [(q * (i == j) - q * r) / n for j, r in enumerate(shares)] for i, q in enumerate(shares)
    ]


def _sandwich(matrix: list[list[float]], inner: list[list[float]]) -> list[list[float]]:
    """``M' V M``."""
    size = range(len(matrix))
    right = [[sum(inner[i][k] * matrix[k][j] for k in size) for j in size] for i in size]
    return [[sum(matrix[k][i] * right[k][j] for k in size) for j in size] for i in size]
