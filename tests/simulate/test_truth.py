"""Known truth: figures of simulated facts come out at the habits that were put in."""

from math import sqrt
from statistics import fmean, stdev

import osallisuus as osa
from osallisuus.simulate.habits import Habits
from tests.simulate.worlds import bare, made

SEEDS = 30
YOUNG = Habits(
    completes=0.6, intake_days=180, observed_days=266, informed=1, offered=1, starts=1, pauses=0,
    consents=(),
)  # fmt: skip
"""Four months of which the last groups have had days, and only the first ones the whole."""


def _completion(seed):
    facts = made(bare(), 240, seed, YOUNG)
    with osa.open("memory:") as register:
        register.add(facts)
        figure = register.measure("completion").figure("completed")
    started = [one for one in facts if isinstance(one, osa.Enrollment) and one.started_on]
    completed = sum(one.ending == "completed" for one in started)
    ended = sum(one.ended_on is not None for one in started)
    return figure, completed / len(started), completed / ended


def test_completion_is_unbiased_and_both_plain_ratios_are_not():
    """True completion 0.600, most people still on the way: ours is on it, the ratios far below."""
    found = [_completion(seed) for seed in range(SEEDS)]
    ours = [figure.value for figure, _, _ in found]
    error = stdev(ours) / sqrt(SEEDS)
    assert error < 0.015
    assert abs(fmean(ours) - 0.6) < 3 * error
    assert sum(figure.low <= 0.6 <= figure.high for figure, _, _ in found) >= 0.85 * SEEDS
    assert fmean(of_started for _, of_started, _ in found) < 0.4
    assert fmean(of_ended for _, _, of_ended in found) < 0.53


def test_those_who_do_not_complete_leave_at_one_hazard():
    """At half the time the square root of those who will complete are still there."""
    facts = made(bare(), 4000, 1, Habits(completes=0.36, observed_days=3000))
    days = [
        ((one.planned_end_on - one.started_on).days, (one.ended_on - one.started_on).days)
        for one in facts
        if isinstance(one, osa.Enrollment) and one.started_on
    ]
    assert len(days) > 2000
    still = sum(ended > planned / 2 for planned, ended in days) / len(days)
    assert abs(still - 0.6) < 4 * sqrt(0.24 / len(days))


def test_completing_is_a_recorded_decision_and_so_is_an_end_by_the_organiser():
    """Both name who decided, by an id that says nothing; an own choice is nobody's decision."""
    for one in made(bare(), 400, 1):
        if isinstance(one, osa.Enrollment) and one.ending is not None:
            decided = one.ending in ("completed", "ended_by_organizer")
            assert (one.decided_by is not None) == decided
