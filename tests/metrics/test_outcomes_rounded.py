"""What outsiders see of change: drawn from rounded counts and sums, and from nothing else."""

from __future__ import annotations

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from osallisuus.metrics.catalogue.goals import GOAL_ATTAINMENT
from osallisuus.metrics.catalogue.outcomes import (
    outcome_change,
    recovery_star,
    reliable_change,
)
from osallisuus.metrics.catalogue.surveys import esis, survey_change
from osallisuus.metrics.metric import Thinning
from osallisuus.model.scales import Norms

PAIRS = (
    outcome_change(),
    recovery_star(),
    reliable_change(norms=Norms(sd=2, reliability=0.8, source="x", cut_off=9)),
)
COARSE = Thinning({}, threshold=10, base=1000)
"""So coarse that one or two people more change no rounded count."""
FINE = Thinning({}, threshold=10, base=5)

READ = st.integers(0, 20).map(float)
ROWS = st.lists(
    st.tuples(st.just(None), READ, st.none() | READ, st.sampled_from([0, 1, None])),
    min_size=1,
    max_size=6,
    unique=True,
)


def shown(metric, rows, grid):
    """All of a draw that a figure shows: nothing of the counts behind it."""
    draws = metric.draw(rows, confidence=0.95, grid=grid)
    return [evolve(draw, tallies=(), watched=(), open=None) for draw in draws]


def signature(values, base):
    """Values rounded to the base, ties up: what a reader may learn of them."""
    return [(2 * value + base) // (2 * base) for value in values]


def _pair_sums(rows):
    both = [(b, a, n) for _, b, a, _, n in rows if a is not None]
    sums = [
        sum(n * f(b, a) for b, a, n in both)
        for f in (
            lambda b, a: 1,
            lambda b, a: b,
            lambda b, a: a,
            lambda b, a: a - b,
            lambda b, a: b * b,
            lambda b, a: a * a,
            lambda b, a: (a - b) ** 2,
        )
    ]
    alone = [(due, n) for _, _, a, due, n in rows if a is None]
    sums.append(sums[0] + sum(n for due, n in alone if due == 1))
    sums.append(sum(n for due, n in alone if due == 0))
    return sums


@given(keys=ROWS, numbers=st.data())
def test_pairs_with_equal_rounded_tallies_look_alike(keys, numbers):
    """One person more or less in any row changes no byte, unless it changes a rounded tally."""
    n = numbers.draw(st.lists(st.integers(200, 900), min_size=len(keys), max_size=len(keys)))
    more = numbers.draw(st.lists(st.integers(-2, 2), min_size=len(keys), max_size=len(keys)))
    one = [(*key, m) for key, m in zip(keys, n, strict=True)]
    other = [(*key, m + d) for key, m, d in zip(keys, n, more, strict=True)]
    same = signature(_pair_sums(one), 1000) == signature(_pair_sums(other), 1000)
    for metric in PAIRS:
        tallies = [
            [t.n for d in metric.draw(rows, confidence=0.95) for t in d.tallies if not t.additive]
            for rows in (one, other)
        ]
        if same and signature(tallies[0], 1000) == signature(tallies[1], 1000):
            assert shown(metric, one, COARSE) == shown(metric, other, COARSE)


@given(
    values=st.lists(
        st.tuples(st.sampled_from(["before", "after"]), READ), min_size=1, max_size=6, unique=True
    ),
    numbers=st.data(),
)
def test_waves_with_equal_rounded_tallies_look_alike(values, numbers):
    """Forms of two waves, as readings and as sums of ten answers."""
    size = {"min_size": len(values), "max_size": len(values)}
    n = numbers.draw(st.lists(st.integers(200, 900), **size))
    more = numbers.draw(st.lists(st.integers(-2, 2), **size))
    tables = [
        [(wave, value + 20, 10, m) for (wave, value), m in zip(values, counts, strict=True)]
        for counts in (n, [a + b for a, b in zip(n, more, strict=True)])
    ]
    for metric, unit in ((survey_change(), lambda v: v), (esis(), lambda v: 2.5 * (v - 10))):
        sums = [
            [
                sum(m * unit(value) ** power for w, value, _, m in rows if w == wave)
                for wave in ("before", "after")
                for power in (0, 1, 2)
            ]
            + [sum(row[-1] for row in rows)]
            for rows in tables
        ]
        if signature(sums[0], 1000) == signature(sums[1], 1000):
            assert shown(metric, tables[0], COARSE) == shown(metric, tables[1], COARSE)


@given(
    rows=st.lists(
        st.tuples(st.integers(-4, 4), st.integers(1, 9), st.integers(0, 3), st.integers(1, 40)),
        max_size=5,
    )
)
def test_rounded_goal_attainment_shows_counts_of_five_and_two_decimals(rows):
    """No standard error, no digit beyond the second, no count that is not a multiple of five."""
    for draw in shown(GOAL_ATTAINMENT, rows, FINE):
        assert draw.std_err is None
        assert (draw.n or 0) % 5 == 0
        assert (draw.k or 0) % 5 == 0
        for number in (draw.value, draw.low, draw.high):
            assert number is None or round(number, 2) == number


@given(
    rows=st.lists(
        st.tuples(
            st.just(None), READ, st.none() | READ, st.sampled_from([0, 1]), st.integers(1, 40)
        ),
        max_size=6,
    )
)
def test_rounded_pairs_show_counts_of_five_and_two_decimals(rows):
    """Whatever the readings: rounding never fails, and never lets a true count out."""
    for metric in PAIRS:
        for draw in shown(metric, rows, FINE):
            assert draw.std_err is None
            assert (draw.n or 0) % 5 == 0
            assert (draw.k or 0) % 5 == 0
            assert draw.persons is None or draw.persons % 5 == 0
            for number in (draw.value, draw.low, draw.high):
                assert number is None or round(number, 2) == number


def test_a_sum_of_people_who_are_all_alike_tells_of_each_of_them():
    """D.1.3: so does one that two people make up; a spread-out one does not."""

    def behind(pairs):
        rows = [(None, before, after, 1, n) for before, after, n in pairs]
        change = next(
            draw for draw in PAIRS[0].draw(rows, confidence=0.95) if draw.name == "change"
        )
        return {tally.label[0]: tally.largest for tally in change.tallies if tally.additive}

    alike = behind([(5.0, 3.0, 6), (9.0, 7.0, 6)])
    assert alike["change"] == (0, 0, 0)
    assert alike["before"] != (0, 0, 0)
    total, first, second = behind([(5.0, 5.0, 20), (5.0, 15.0, 1), (5.0, 14.0, 1)])["change"]
    assert 10 * (first + second) > 9 * total
