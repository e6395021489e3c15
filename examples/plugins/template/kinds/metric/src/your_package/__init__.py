"""In what share of enrolments a day was set for the end."""

import osallisuus as osa

__all__ = ["METRIC"]

METRIC = osa.Proportion(
    name="your-plugin",
    cases="""
SELECT person, id AS enrollment, group_id, started_on AS happened_on,
  CASE WHEN planned_end_on IS NOT NULL THEN 1 ELSE 0 END AS hit
FROM enrollments
WHERE started_on IS NOT NULL""",
    source="Do those who start know until when?",
)
