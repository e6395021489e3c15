"""Three metrics, each one query. What they are called and mean stands in ``cards/``."""

import osallisuus as osa

__all__ = ["MID_REVIEW_HELD", "SESSIONS_CALLED_OFF", "WORKSHOP_SIZE"]

SESSIONS_CALLED_OFF = osa.Proportion(
    name="sessions_called_off",
    unit="case",  # of a session nobody knows a person
    cases="""
SELECT NULL AS person, id AS case_id, group_id, starts_on AS happened_on,
  CASE WHEN status = 'planned' THEN NULL WHEN status = 'cancelled' THEN 1 ELSE 0 END AS hit
FROM sessions""",
    source="Can people rely on the day that they were told?",
)

MID_REVIEW_HELD = osa.Proportion(
    name="mid_review_held",
    cases="""
SELECT g.person AS person, g.started_on AS happened_on,
  CASE WHEN COUNT(r.id) > 0 THEN 1 WHEN g.ended_on IS NULL THEN NULL ELSE 0 END AS hit
FROM guidance AS g
LEFT JOIN reviews AS r ON r.guidance = g.id AND r.point = 'mid'
WHERE g.started_on IS NOT NULL
GROUP BY g.person, g.id, g.started_on, g.ended_on""",
    source="Is there time halfway to ask whether this helps?",
)

WORKSHOP_SIZE = osa.Mean(
    name="workshop_size",
    cases="""
SELECT a.person AS person, s.group_id AS cluster, s.group_id AS group_id,
  s.starts_on AS happened_on, 1 AS amount, 0 AS possible
FROM sessions AS s
JOIN attendance AS a ON a.session = s.id AND a.status = 'present'
WHERE s.kind = 'workshop' AND s.status = 'held' AND (:acting = 'all' OR a.acting_as IS NULL)
UNION ALL
SELECT NULL, group_id, group_id, starts_on, 0, 1 FROM sessions
WHERE kind = 'workshop' AND status = 'held'""",
    policies={"acting": "own"},
    choices={"acting": ("own", "all")},
    source="How many people develop a service together?",
)
