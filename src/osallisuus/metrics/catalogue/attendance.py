"""Getting to the first session, and how much of what was offered was received."""

from osallisuus.metrics.kinds import Mean, Proportion

__all__ = ["ATTENDANCE", "FIRST_SESSION"]

# A session counts as offered to a person when it was held, in the person's own group, while the
# person was in the programme; a pause is not an offer (rule P).
_OFFERED = """
FROM enrollments AS e
JOIN sessions AS s ON s.group_id = e.group_id AND s.status = 'held'
  AND s.starts_on >= e.started_on AND (e.ended_on IS NULL OR s.starts_on <= e.ended_on)
LEFT JOIN attendance AS a ON a.session = s.id AND a.person = e.person
WHERE e.started_on IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM pauses AS p WHERE p.of_id = e.id
  AND s.starts_on >= p.starts_on AND (p.ends_on IS NULL OR s.starts_on < p.ends_on))"""

ATTENDANCE = Mean(
    name="attendance",
    share=True,
    cases=f"""
SELECT e.person AS person, e.id AS enrollment, e.group_id AS group_id, s.id AS session,
  s.starts_on AS happened_on,
  CASE WHEN a.status = 'present' THEN 1 WHEN a.status IS NOT NULL THEN 0 END AS amount
{_OFFERED}""",
    policies={"excused": "in", "pauses": "out", "not_recorded": "unknown"},
    source="A1, M8; W20, V7, Q19",
)

FIRST_SESSION = Proportion(
    name="first_session",
    # «vaikeinta on kotoa lähtö» (V25): of those offered a place, who came to one session at least.
    # Nobody is counted as absent before their group has met, or while presence is not recorded.
    cases="""
SELECT e.person AS person, e.id AS enrollment, e.group_id AS group_id,
  e.offered_on AS happened_on,
  CASE WHEN MAX(CASE WHEN a.status = 'present' THEN 1 ELSE 0 END) = 1 THEN 1
    WHEN MAX(CASE WHEN a.status IS NOT NULL THEN 1 ELSE 0 END) = 1
      AND MAX(CASE WHEN e.ended_on IS NULL AND a.status IS NULL AND s.id IS NOT NULL
        THEN 1 ELSE 0 END) = 0 THEN 0
    WHEN e.ended_on IS NOT NULL AND e.ending <> 'transferred' THEN 0 END AS hit
FROM enrollments AS e
LEFT JOIN sessions AS s ON s.group_id = e.group_id AND s.status = 'held'
LEFT JOIN attendance AS a ON a.session = s.id AND a.person = e.person
WHERE e.offered_on IS NOT NULL
GROUP BY e.person, e.id, e.group_id, e.offered_on, e.ended_on, e.ending""",
    policies={"not_recorded": "unknown"},
    source="M3; V25",
)
