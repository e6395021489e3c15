"""Laws that hold for any persons, against a slow implementation, person by person in fractions."""

from __future__ import annotations

import random
from fractions import Fraction
from math import sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from osallisuus.metrics.estimate.flow import Flow
from osallisuus.metrics.estimate.multistate import aalen_johansen
from osallisuus.metrics.estimate.spells import Spell, flow_of
from osallisuus.metrics.estimate.survival import kaplan_meier

STATES = ("client", "done", "gone", "peer", "pause")
TRANSIENT = ("client", "peer", "pause")
LAST_DAY = 12


@st.composite
def persons(draw: st.DrawFn, *, entries: int = 3) -> list[list[Spell]]:
    """Up to 14 persons, each with some spells without gaps, some of them of no length."""
    everybody = []
    for number in range(draw(st.integers(1, 14))):
        day = draw(st.integers(0, entries))
        stays = draw(st.lists(st.integers(0, 3), min_size=1, max_size=4))
        states = [draw(st.sampled_from(TRANSIENT))]
        for _ in stays[1:]:
            states.append(draw(st.sampled_from([s for s in TRANSIENT if s != states[-1]])))
        states.append(draw(st.sampled_from(["done", "gone", ""])))
        spells = []
        for stay, here, there in zip(stays, states, states[1:], strict=False):
            spells.append(Spell(f"p{number}", day, day + stay, here, there))
            day += stay
        everybody.append(spells)
    return everybody


def _flow(everybody: list[list[Spell]]) -> Flow:
    return flow_of([spell for own in everybody for spell in own], TRANSIENT)


def _where(own: list[Spell], day: int) -> str | None:
    """The state at the end of *day*; '' once out of sight; None before the entry."""
    if day < own[0].entry:
        return None
    last = own[-1]
    if day >= last.exit:
        return last.to_state
    return next(s.from_state for s in reversed(own) if s.entry <= day < s.exit)


def _before(own: list[Spell], day: int) -> str | None:
    """The state in which a person is at risk on *day*; on day 0 the one at 0-."""
    if day == 0:
        return own[0].from_state if own[0].entry == 0 else None
    return _where(own, day - 1)


def _moves(everybody: list[list[Spell]], day: int) -> list[tuple[str, str]]:
    """From where to where everybody at risk goes on *day*; who stays, or is lost, goes nowhere."""
    found = []
    for own in everybody:
        here = _before(own, day)
        if here not in TRANSIENT:
            continue
        there = _where(own, day)
        if there == "":  # censored on this day, perhaps after moves on the same day
            there = own[-1].from_state
        if there is not None:
            found.append((here, there))
    return found


Matrix = list[list[Fraction]]


def _naive(everybody: list[list[Spell]], start: str) -> dict[int, tuple[list[Fraction], Matrix]]:
    """State probabilities and covariance by day, straight from B.3 of the metric rules."""
    size = range(len(STATES))
    p = [Fraction(state == start) for state in STATES]
    v = [[Fraction(0) for _ in size] for _ in size]
    curve = {}
    for day in range(LAST_DAY + 4):
        moves = _moves(everybody, day)
        d = [[moves.count((a, b)) if a != b else 0 for b in STATES] for a in STATES]
        y = [sum(1 for here, _ in moves if here == state) for state in STATES]
        step = [
            [Fraction(d[h][j], y[h]) if h != j and y[h] else Fraction(0) for j in size]
            for h in size
        ]
        for h in size:
            step[h][h] = 1 - sum(step[h])
        v = [
            [
                sum(step[a][i] * v[a][b] * step[b][j] for a in size for b in size)
                + sum(p[h] ** 2 * _row_covariance(d[h], y[h], h, i, j) for h in size)
                for j in size
            ]
            for i in size
        ]
        p = [sum((p[h] * step[h][j] for h in size), Fraction(0)) for j in size]
        curve[day] = (p, v)
    return curve


def _row_covariance(d: list[int], y: int, h: int, i: int, j: int) -> Fraction:
    """C_h[i][j] of B.3, in its four cases."""
    if not y:
        return Fraction(0)
    out = sum(d)
    if h not in (i, j):
        return Fraction(d[i] * ((y if i == j else 0) - d[j]), y**3)
    if i == j:
        return Fraction(out * (y - out), y**3)
    return Fraction(-d[j if i == h else i] * (y - out), y**3)


@settings(max_examples=60)
@given(persons(), st.sampled_from(TRANSIENT))
def test_probabilities_and_covariances_equal_the_slow_implementation(
    everybody: list[list[Spell]], start: str
) -> None:
    """Ties, late entries, moves back and spells of no length included."""
    whole = aalen_johansen(_flow(everybody), STATES, start)
    for day, (p, v) in _naive(everybody, start).items():
        point = whole.at(day)
        assert point is not None
        assert point.p == pytest.approx([float(x) for x in p], abs=1e-12)
        for row, wanted in zip(point.covariance, v, strict=True):
            assert row == pytest.approx([float(x) for x in wanted], abs=1e-12)


@given(persons())
def test_risk_sets_equal_a_count_of_persons(everybody: list[list[Spell]]) -> None:
    """On every day of the table, for every state that can be left."""
    for step in _flow(everybody).steps():
        if step.day < 0:
            continue
        present = [_before(own, step.day) for own in everybody]
        for state in TRANSIENT:
            assert step.at_risk.get(state, 0) == present.count(state)


@given(persons(), st.randoms(use_true_random=False))
def test_the_order_of_the_records_does_not_matter(
    everybody: list[list[Spell]], chance: random.Random
) -> None:
    """Spells and rows may come in any order."""
    flow = _flow(everybody)
    spells = [spell for own in everybody for spell in own]
    chance.shuffle(spells)
    assert flow_of(spells, TRANSIENT) == flow
    rows = list(flow.rows)
    chance.shuffle(rows)
    assert Flow.of(rows, flow.n_collapsed) == flow


@given(persons(), persons())
def test_the_flows_of_two_groups_add_up_to_the_flow_of_all(
    some: list[list[Spell]], others: list[list[Spell]]
) -> None:
    """The merge law of A.3, on which every engine may rely."""
    others = [[spell._replace(unit=f"o{spell.unit}") for spell in own] for own in others]
    assert _flow(some) + _flow(others) == _flow(some + others)


@given(persons())
def test_shares_add_up_to_one_and_lie_within_their_bounds(
    everybody: list[list[Spell]],
) -> None:
    """From the observed start, on every day, for every state."""
    whole = aalen_johansen(_flow(everybody), STATES)
    for point in whole.points:
        assert sum(point.p) == pytest.approx(1, abs=1e-12)
    for state in STATES:
        for point in whole.curve(state).points:
            low = 0 if point.low is None else point.low
            high = 1 if point.high is None else point.high
            assert 0 <= low <= point.value + 1e-12
            assert point.value - 1e-12 <= high <= 1


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 9), st.booleans()), min_size=1))
def test_with_one_way_out_the_two_estimators_are_one(
    lives: list[tuple[int, int, bool]],
) -> None:
    """Kaplan-Meier is the Aalen-Johansen curve of those still in, point by point."""
    flow = flow_of(
        (
            (str(number), entry, entry + stay, "in", "out" if gone else "")
            for number, (entry, stay, gone) in enumerate(lives)
        ),
        ["in"],
    )
    survival = kaplan_meier(flow, "in")
    staying = aalen_johansen(flow, ("in", "out"), "in").curve("in")
    assert len(survival.points) <= len(staying.points)
    for one, other in zip(survival.points, staying.points, strict=False):
        assert (one.day, one.at_risk) == (other.day, other.at_risk)
        assert one.value == pytest.approx(other.value, abs=1e-12)
        if one.std_err is not None:
            assert (one.std_err, one.low, one.high) == pytest.approx(
                (other.std_err, other.low, other.high), abs=1e-9
            )


@given(st.lists(st.tuples(st.integers(0, 9), st.sampled_from(["done", "gone"])), min_size=1))
def test_when_all_are_closed_the_curve_ends_at_the_plain_share(
    ends: list[tuple[int, str]],
) -> None:
    """Metric C1: with nobody on the way, completion is k of n, with the binomial error."""
    flow = flow_of((str(i), 0, day, "in", to) for i, (day, to) in enumerate(ends))
    point = aalen_johansen(flow, ("in", "done", "gone"), "in").at(LAST_DAY)
    k, n = sum(to == "done" for _, to in ends), len(ends)
    assert point is not None
    assert point.p == pytest.approx((0, k / n, 1 - k / n), abs=1e-12)
    assert point.std_err(1) == pytest.approx(sqrt(k * (n - k) / n**3), abs=1e-7)
