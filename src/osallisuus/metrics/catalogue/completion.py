"""Staying, leaving and completing. Completion is a recorded human decision (Q12)."""

from osallisuus.metrics.catalogue.episodes import CHOICES, EPISODES, PARAMS, POLICIES
from osallisuus.metrics.kinds import TimeToEvent

__all__ = ["COMPLETION", "DURATION_HELD", "EXPECTED_DAYS", "LEAVING", "ON_TIME", "RETENTION"]

# Days from the start to the end, or to the last day that is known; every ending competes with
# every other (rule X), and a pause is not an ending (rule P).
_STAYS = f"""{EPISODES}
SELECT person, id AS enrollment, group_id, started_on AS happened_on,
  0 AS entry_days, days_between(started_on, COALESCE(ended_on, :last_day)) AS days,
  CASE WHEN ended_on IS NOT NULL THEN COALESCE(ending, 'not_stated') END AS event, paused_days
FROM episodes"""

RETENTION = TimeToEvent(
    name="retention",
    cases=_STAYS,
    staying="in_programme",
    params=PARAMS,
    policies=POLICIES,
    choices=CHOICES,
    source="S1, M7; V21",
)

LEAVING = TimeToEvent(
    name="leaving",
    cases=_STAYS,
    params=PARAMS,
    policies=POLICIES,
    choices=CHOICES,
    source="S2, M7",
)

COMPLETION = TimeToEvent(
    name="completion",
    cases=_STAYS,
    outcome="completed",
    params=PARAMS,
    policies=POLICIES | {"denominator": "started"},
    choices=CHOICES,
    source="C1, M6; W19, V20, Q12, Q13",
)

EXPECTED_DAYS = TimeToEvent(
    name="expected_days",
    cases=_STAYS,
    staying="in_programme",
    until=(90, 180, 365),
    quantiles=True,
    params=PARAMS,
    policies=POLICIES,
    choices=CHOICES,
    source="S3, M7",
)

# The plan of the episode is its own planned end; a pause makes it no longer, unless the clock is
# stopped. Episodes without a planned end are not looked at.
ON_TIME = TimeToEvent(
    name="on_time",
    cases=f"""{EPISODES}
SELECT person, id AS enrollment, group_id, started_on AS happened_on,
  0 AS entry_days, days_between(started_on, COALESCE(ended_on, :last_day)) AS days,
  CASE WHEN ended_on IS NOT NULL THEN COALESCE(ending, 'not_stated') END AS event, paused_days,
  days_between(started_on, planned_end_on) AS plan_days
FROM episodes WHERE planned_end_on IS NOT NULL""",
    outcome="completed",
    within=14,
    params=PARAMS,
    policies=POLICIES | {"denominator": "planned", "grace": "days_14"},
    choices=CHOICES,
    source="C2, M30; K15, K23",
)

# An episode that ends early, however it ends, was shorter than planned; one that is still open
# after the plan and the grace is longer. In between nobody knows yet. A pause is part of the plan.
DURATION_HELD = TimeToEvent(
    name="duration_held",
    cases=f"""{EPISODES}
SELECT person, id AS enrollment, group_id, started_on AS happened_on,
  0 AS entry_days, days_between(started_on, COALESCE(ended_on, :last_day)) AS days,
  CASE WHEN ended_on IS NOT NULL AND days_between(ended_on, planned_end_on) > :grace_days
    THEN 'shorter' WHEN ended_on IS NOT NULL THEN 'as_planned' END AS event, paused_days,
  days_between(started_on, planned_end_on) AS plan_days
FROM episodes WHERE planned_end_on IS NOT NULL""",
    outcome="as_planned",
    within=14,
    params=PARAMS | {"grace_days": 14},
    policies=POLICIES | {"denominator": "planned", "grace": "days_14"},
    choices={name: CHOICES[name] for name in ("episodes", "cluster")},
    source="F2, M30; K15",
)
