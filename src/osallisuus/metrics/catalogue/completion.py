"""Staying, leaving and completing. Completion is a recorded human decision (Q12)."""

from osallisuus.metrics.kinds import TimeToEvent

__all__ = ["COMPLETION", "LEAVING", "RETENTION"]

# Days from the start to the end, or to the last day that is known; every ending competes with
# every other (rule X), and a pause is not an ending: the clock keeps running (rule P).
_EPISODES = """
SELECT person, id AS enrollment, group_id, started_on AS happened_on,
  0 AS entry_days, days_between(started_on, COALESCE(ended_on, :last_day)) AS days,
  CASE WHEN ended_on IS NOT NULL THEN COALESCE(ending, 'not_stated') END AS event
FROM enrollments
WHERE started_on IS NOT NULL"""
_POLICIES = {"episodes": "each", "clock": "running"}

RETENTION = TimeToEvent(
    name="retention",
    cases=_EPISODES,
    staying="in_programme",
    policies=_POLICIES,
    source="S1, M7; V21",
)

LEAVING = TimeToEvent(
    name="leaving",
    cases=_EPISODES,
    policies=_POLICIES,
    source="S2, M7",
)

COMPLETION = TimeToEvent(
    name="completion",
    cases=_EPISODES,
    outcome="completed",
    policies=_POLICIES | {"denominator": "started"},
    source="C1, M6; W19, V20, Q12, Q13",
)
