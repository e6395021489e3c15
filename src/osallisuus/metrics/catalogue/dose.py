"""How many hours of a programme people have received. Walk-ins count: they were received."""

from osallisuus.metrics.kinds import Cumulative, Distribution

__all__ = ["DOSE", "DOSE_CURVE"]

# The person question: from the person's first start, in all sessions of all groups. Gross hours
# are those of the session, breaks included; net hours are those written down for the person, and
# unknown where nobody wrote them (W20). Being written down twice is being there once.
_RECEIVED = """
origins AS (
  SELECT person, MIN(started_on) AS origin FROM enrollments
  WHERE started_on IS NOT NULL GROUP BY person),
firsts AS (
  SELECT person, origin, id, group_id FROM (
    SELECT e.person AS person, o.origin AS origin, e.id AS id, e.group_id AS group_id,
      ROW_NUMBER() OVER (PARTITION BY e.person ORDER BY e.id) AS rank_
    FROM enrollments AS e JOIN origins AS o ON o.person = e.person AND o.origin = e.started_on
    ) AS ranked WHERE rank_ = 1),
marks AS (
  SELECT session, person, MAX(CASE WHEN status = 'present' THEN 1 ELSE 0 END) AS present,
    MAX(CASE WHEN status = 'present' THEN minutes END) AS minutes
  FROM attendance GROUP BY session, person),
received AS (
  SELECT o.person AS person, days_between(o.origin, s.starts_on) AS days,
    CASE WHEN m.present = 0 THEN 0 WHEN :hours = 'gross' THEN s.minutes ELSE m.minutes END
    AS minutes
  FROM origins AS o JOIN marks AS m ON m.person = o.person
  JOIN sessions AS s ON s.id = m.session AND s.status = 'held' AND s.starts_on >= o.origin
  UNION ALL
  SELECT e.person, days_between(o.origin, s.starts_on), CAST(NULL AS BIGINT)
  FROM enrollments AS e JOIN origins AS o ON o.person = e.person
  JOIN sessions AS s ON s.group_id = e.group_id AND s.status = 'held'
    AND s.starts_on >= e.started_on AND (e.ended_on IS NULL OR s.starts_on <= e.ended_on)
  LEFT JOIN attendance AS a ON a.session = s.id AND a.person = e.person
  WHERE :not_recorded = 'unknown' AND a.session IS NULL AND NOT EXISTS (
    SELECT 1 FROM pauses AS p WHERE p.of_id = e.id
    AND s.starts_on >= p.starts_on AND (p.ends_on IS NULL OR s.starts_on < p.ends_on)))"""

_POLICIES = {"hours": "gross", "not_recorded": "unknown", "episodes": "first"}
_CHOICES = {"hours": ("gross", "net"), "not_recorded": ("unknown", "absent")}

DOSE = Distribution(
    name="dose",
    measured="hours",
    # Day :until is included. Who has not been observed for so long is not known yet, never low.
    cases=f"""
WITH {_RECEIVED},
sums AS (
  SELECT person, SUM(minutes) AS minutes, COUNT(*) AS all_, COUNT(minutes) AS known
  FROM received WHERE days <= :until GROUP BY person)
SELECT f.person AS person, f.id AS enrollment, f.group_id AS group_id, f.origin AS happened_on,
  CASE WHEN days_between(f.origin, :last_day) < :until THEN NULL
    WHEN x.all_ IS NULL THEN 0 WHEN x.known = x.all_ THEN x.minutes END AS amount
FROM firsts AS f LEFT JOIN sums AS x ON x.person = f.person""",
    params={"until": 120},
    policies=_POLICIES,
    choices=_CHOICES,
    source="A2, M8; W20, T9",
)

DOSE_CURVE = Cumulative(
    name="dose_curve",
    measured="hours",
    # Everybody stays observed to the last known day, also after leaving; only where presence was
    # not recorded does nobody know how it went on.
    cases=f"""
WITH {_RECEIVED},
unknown AS (
  SELECT person, MIN(days) AS days FROM received WHERE minutes IS NULL GROUP BY person),
before AS (
  SELECT f.person AS person, MAX(r.days) AS days FROM firsts AS f
  JOIN unknown AS u ON u.person = f.person
  JOIN received AS r ON r.person = f.person AND r.days < u.days
  GROUP BY f.person)
SELECT f.person AS person, f.id AS enrollment, f.group_id AS group_id, f.origin AS happened_on,
  CASE WHEN u.person IS NULL THEN days_between(f.origin, :last_day) ELSE b.days END AS days,
  CAST(NULL AS BIGINT) AS amount
FROM firsts AS f LEFT JOIN unknown AS u ON u.person = f.person
LEFT JOIN before AS b ON b.person = f.person
WHERE u.person IS NULL OR b.person IS NOT NULL
UNION ALL
SELECT f.person, f.id, f.group_id, f.origin, r.days, r.minutes
FROM firsts AS f JOIN received AS r ON r.person = f.person
LEFT JOIN unknown AS u ON u.person = f.person
WHERE r.minutes > 0 AND (u.person IS NULL OR r.days < u.days)""",
    policies=_POLICIES,
    choices=_CHOICES,
    source="A3, M8; Q11",
)
