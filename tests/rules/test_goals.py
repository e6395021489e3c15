"""Goal attainment of one person."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from osallisuus.errors import ImportProblem
from osallisuus.rules.goals import score_goals
from osallisuus.rules.scoring import NotComputable, Partial, Score

GOALS = st.lists(st.tuples(st.integers(0, 100), st.sampled_from([None, -2, -1, 0, 1, 2])))


@pytest.mark.parametrize(
    ("goals", "t"),
    [
        ([(1, 1), (1, 1), (1, 0)], 59.1287),
        ([(1, -1), (1, -1), (1, -1)], 36.3069),
        ([(3, 1), (1, 0), (2, 2)], 65.4228),
        ([(5, 0), (1, 0)], 50),
        ([(1, 2)], 70),
        ([(9, -2)], 30),
    ],
)
def test_the_t_score_has_its_published_values(goals, t):
    """Vector T14 of the domain analysis."""
    outcome = score_goals(goals)
    assert isinstance(outcome, Score)
    assert outcome.value == pytest.approx(t, abs=5e-5)


def test_a_goal_without_a_rating_is_not_a_0():
    """It is left out, and the score says that it is partial."""
    outcome = score_goals([(1, 2), (1, None)])
    assert isinstance(outcome, Partial)
    assert (outcome.value, outcome.answered, outcome.items) == (70, 1, 2)


@pytest.mark.parametrize(
    ("goals", "reason"),
    [([], "no_answers"), ([(1, None)], "no_answers"), ([(0, 2), (0, 1)], "no_weight")],
)
def test_without_rated_goals_of_some_weight_there_is_no_score(goals, reason):
    """The weights are below the line: with 0 there is nothing to divide by (rule Z)."""
    outcome = score_goals(goals)
    assert isinstance(outcome, NotComputable)
    assert outcome.reason == reason


@pytest.mark.parametrize("goal", [(1, 3), (1, -3), (-1, 0)])
def test_levels_beyond_2_and_weights_below_0_are_refused(goal):
    """Nothing is cut to fit."""
    with pytest.raises(ImportProblem):
        score_goals([goal])


@given(GOALS, st.integers(2, 9))
def test_only_the_proportions_of_the_weights_matter_and_mirrored_levels_mirror_it(goals, factor):
    """``T`` is 50 plus a ratio of two sums that both grow with the weights, odd in the levels."""
    outcome = score_goals(goals)
    heavier = score_goals((weight * factor, level) for weight, level in goals)
    mirrored = score_goals((weight, None if level is None else -level) for weight, level in goals)
    if isinstance(outcome, NotComputable):
        assert heavier.reason == mirrored.reason == outcome.reason
    else:
        assert heavier.value == pytest.approx(outcome.value)
        assert mirrored.value == pytest.approx(100 - outcome.value)


@pytest.mark.parametrize("level", [-2, -1, 1, 2])
def test_a_single_goal_moves_ten_points_a_level_whatever_its_weight(level):
    """Its weight cancels."""
    assert score_goals([(7, level)]).value == pytest.approx(50 + 10 * level)
