"""Whom a programme reaches, and where people are lost before the start."""

from osallisuus.metrics.kinds import Count, Funnel

__all__ = ["PEOPLE_AND_EPISODES", "RECRUITMENT_FUNNEL"]

PEOPLE_AND_EPISODES = Count(
    name="people_and_episodes",
    # «osallistui» (W19): somebody who started; persons and episodes are always two numbers
    cases="""
SELECT person, id AS enrollment, group_id, started_on AS starts_on, ended_on AS ends_on
FROM enrollments
WHERE started_on IS NOT NULL""",
    policies={"episodes": "each"},
    source="R1, M5; W19, Q13",
)

RECRUITMENT_FUNNEL = Funnel(
    name="recruitment_funnel",
    stages=("reached", "informed", "interviewed", "offered", "started"),
    cases="""
SELECT person, id AS enrollment, group_id,
  COALESCE(reached_on, informed_on, interviewed_on, offered_on, started_on) AS happened_on,
  reached_on, informed_on, interviewed_on, offered_on, started_on,
  CASE WHEN started_on IS NULL THEN ended_on END AS closed_on
FROM enrollments""",
    policies={"skipped_stages": "imputed", "waiting": "censored"},
    source="R4, M1; V4-V6, 4.2 (1)",
)
