"""How many people there are, wait and begin, and how large communities are."""

from osallisuus.metrics.catalogue.active import ACTIVE
from osallisuus.metrics.kinds import Coverage, Proportion, Rate, Stock

__all__ = ["CASE_LOAD", "COMMUNITY_SIZE", "CONTACT_RATE", "COVERAGE", "ENTRY_RATE"]

COVERAGE = Coverage(
    name="coverage",
    # without a population of a stated source there is no share: COVERAGE.of(1200, "register 2024")
    cases="""
SELECT person, id AS enrollment, group_id, started_on AS starts_on, ended_on AS ends_on
FROM enrollments
WHERE started_on IS NOT NULL""",
    policies={"episodes": "each"},
    source="R2",
)

ENTRY_RATE = Rate(
    name="entry_rate",
    # The open days of every group, and who started in it while it was open.
    cases="""
SELECT NULL AS person, id AS cluster, id AS group_id, starts_on, ends_on, 0 AS events
FROM groups
UNION ALL
SELECT e.person, e.group_id, e.group_id, e.started_on, e.started_on,
  CASE WHEN g.id IS NOT NULL THEN 1 END
FROM enrollments AS e LEFT JOIN groups AS g ON g.id = e.group_id
  AND g.starts_on <= e.started_on AND (g.ends_on IS NULL OR g.ends_on > e.started_on)
WHERE e.started_on IS NOT NULL""",
    policies={"episodes": "each", "outside": "left_out"},
    source="R3",
)

CONTACT_RATE = Rate(
    name="contact_rate",
    per=7,
    # Waiting is from the interview, or the offer where none is recorded, to the start or the end.
    # That somebody was called oftener says that they were harder to reach, not that it helped (V6).
    cases=f"""
WITH spans AS (
  SELECT id, person, COALESCE(interviewed_on, offered_on) AS starts_on,
    COALESCE(started_on, ended_on) AS ends_on
  FROM enrollments
  WHERE COALESCE(interviewed_on, offered_on) IS NOT NULL),
{ACTIVE}
SELECT person, starts_on, ends_on, 0 AS events FROM active
WHERE EXISTS (SELECT 1 FROM contacts)
UNION ALL
SELECT c.person, c.happened_on, c.happened_on, CASE WHEN a.person IS NOT NULL THEN 1 END
FROM contacts AS c LEFT JOIN active AS a ON a.person = c.person
  AND a.starts_on <= c.happened_on AND (a.ends_on IS NULL OR a.ends_on > c.happened_on)
WHERE c.person IN (SELECT person FROM spans)""",
    policies={"waiting": "from_interview", "pauses": "out", "outside": "left_out"},
    source="M4; V6",
)

CASE_LOAD = Stock(
    name="case_load",
    # Each enrolment waits from the offer, and is then active, or paused while any pause lasts.
    cases="""
WITH bounds AS (
  SELECT id, started_on AS day FROM enrollments WHERE started_on IS NOT NULL
  UNION SELECT id, ended_on FROM enrollments WHERE ended_on IS NOT NULL
  UNION SELECT of_id, starts_on FROM pauses
  UNION SELECT of_id, ends_on FROM pauses WHERE ends_on IS NOT NULL),
pieces AS (
  SELECT id, day AS starts_on, LEAD(day) OVER (PARTITION BY id ORDER BY day) AS ends_on
  FROM bounds)
SELECT e.person AS person, e.id AS enrollment, e.group_id AS group_id,
  CASE WHEN EXISTS (
    SELECT 1 FROM pauses AS p WHERE p.of_id = e.id
    AND p.starts_on <= x.starts_on AND (p.ends_on IS NULL OR p.ends_on > x.starts_on))
  THEN 'paused' ELSE 'active' END AS state, x.starts_on AS starts_on, x.ends_on AS ends_on
FROM enrollments AS e JOIN pieces AS x ON x.id = e.id
  AND x.starts_on >= e.started_on AND (e.ended_on IS NULL OR x.starts_on < e.ended_on)
UNION ALL
SELECT person, id, group_id, 'waiting', offered_on, COALESCE(started_on, ended_on)
FROM enrollments
WHERE offered_on IS NOT NULL""",
    policies={"episodes": "each", "pauses": "own_state"},
    source="S5; V21, K25",
)

COMMUNITY_SIZE = Proportion(
    name="community_size",
    unit="case",
    # The limit is one of clients, not of persons (Y19): members who hold a role of staff, or of a
    # visitor, in the community are not counted, unless counted=members.
    cases="""
SELECT NULL AS person, g.id AS case_id, g.id AS group_id, g.starts_on AS happened_on,
  CASE WHEN COUNT(DISTINCT CASE WHEN m.ends_on IS NULL AND (:counted = 'members' OR NOT EXISTS (
    SELECT 1 FROM roles AS r WHERE r.person = m.person AND r.ends_on IS NULL
    AND (r.group_id IS NULL OR r.group_id = g.id)
    AND r.role IN ('professional', 'manager', 'key_worker', 'job_coach', 'project_staff',
      'volunteer', 'student', 'partner_representative'))) THEN m.person END) <= :most
  THEN 1 ELSE 0 END AS hit
FROM groups AS g JOIN memberships AS m ON m.group_id = g.id
WHERE g.ends_on IS NULL
GROUP BY g.id, g.starts_on""",
    params={"most": 50},
    policies={"counted": "clients"},
    choices={"counted": ("clients", "members")},
    source="M20; Y19, T12",
)
