"""What it takes: money for each who completes, and hours of work."""

from osallisuus.metrics.kinds import Total, UnitCost

__all__ = ["COST_PER_COMPLETER", "STAFF_HOURS"]

# Gross: also what was spent for all groups together; net: only the lines of a group. The costs of
# a period stand beside the people who began in it; by group they are of the same people.
COST_PER_COMPLETER = UnitCost(
    name="cost_per_completer",
    cases="""
SELECT person, id AS enrollment, group_id, started_on AS happened_on, NULL AS cents,
  days_between(started_on, COALESCE(ended_on, :last_day)) AS days,
  CASE WHEN ended_on IS NOT NULL THEN COALESCE(ending, 'not_stated') END AS event
FROM enrollments
WHERE started_on IS NOT NULL
UNION ALL
SELECT NULL, NULL, group_id, happened_on, cents, NULL, NULL
FROM costs
WHERE :costs = 'gross' OR group_id IS NOT NULL""",
    policies={"costs": "gross", "denominator": "completed", "episodes": "each"},
    choices={"costs": ("gross", "net")},
    source="X1, M36; W23, T9",
)

STAFF_HOURS = Total(
    name="staff_hours",
    measured="hours",
    cases="""
SELECT NULL AS person, id AS case_id, group_id, happened_on,
  CASE WHEN :hours_by = 'head' THEN head ELSE worker_kind END AS label, minutes AS amount
FROM costs
WHERE minutes IS NOT NULL OR worker_kind IS NOT NULL""",
    unit="case",
    policies={"hours_by": "worker_kind"},
    choices={"hours_by": ("worker_kind", "head")},
    source="X1, M36; W20, W29, T9",
)
