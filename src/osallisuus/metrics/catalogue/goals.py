"""People's own goals: how far they came with them, in their own order of importance (K12)."""

from __future__ import annotations

from osallisuus.metrics.catalogue.instruments import nearest_episode
from osallisuus.metrics.kinds import GoalAttainment, Mean

__all__ = ["GOALS_REACHED", "GOAL_ATTAINMENT"]

# The last rating of each goal, at a place that the person had when the goal was set.
_GOALS = f"""
WITH {nearest_episode("SELECT DISTINCT person, set_on AS at_ FROM goals")},
ratings AS (
  SELECT goal, level FROM (
    SELECT goal, level, ROW_NUMBER() OVER (PARTITION BY goal ORDER BY rated_on DESC, id DESC)
      AS rank_ FROM goal_ratings) AS ranked WHERE rank_ = 1)
SELECT g.person AS person, g.id AS goal, e.enrollment AS enrollment, e.group_id AS group_id,
  g.set_on AS happened_on, {{columns}}
FROM goals AS g
LEFT JOIN ratings AS r ON r.goal = g.id
LEFT JOIN episodes AS e ON e.person = g.person AND e.at_ = g.set_on"""
_GOAL_POLICIES = {"rating": "last", "not_rated": "unknown"}

GOAL_ATTAINMENT = GoalAttainment(
    name="goal_attainment",
    cases=_GOALS.format(columns="g.weight AS weight, r.level AS level"),
    policies=_GOAL_POLICIES,
    source="O3; M29, K12",
)

GOALS_REACHED = Mean(
    name="goals_reached",
    share=True,
    # a goal is reached when it is at the expected level or above; goals cluster by person
    cases=_GOALS.format(
        columns="CASE WHEN r.level >= 0 THEN 1 WHEN r.level IS NOT NULL THEN 0 END AS amount"
    ),
    policies=_GOAL_POLICIES,
    source="O3; M29, K12",
)
