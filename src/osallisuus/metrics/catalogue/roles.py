"""Roles over time, and when peer work begins. A view of what happened, never a rank (Q7)."""

from osallisuus.metrics.kinds import MultiState, TimeToEvent

__all__ = ["FIRST_PEER_ACTIVITY", "ROLE_OCCUPANCY"]

# Each role is a process of two states of its own (rule K), for everybody who ever started,
# from the day of their first start. Spans of one role that touch or overlap are one spell.
ROLE_OCCUPANCY = MultiState(
    name="role_occupancy",
    held="held",
    cases="""
WITH origins AS (
  SELECT person, MIN(started_on) AS origin FROM enrollments
  WHERE started_on IS NOT NULL GROUP BY person),
spans AS (
  SELECT r.person AS person, r.role AS role, o.origin AS origin, r.id AS id,
    CASE WHEN r.starts_on < o.origin THEN o.origin ELSE r.starts_on END AS starts_on,
    COALESCE(r.ends_on, :as_of) AS ends_on
  FROM roles AS r JOIN origins AS o ON o.person = r.person
  WHERE r.ends_on IS NULL OR (r.ends_on > o.origin AND r.ends_on > r.starts_on)),
marked AS (
  SELECT person, role, origin, id, starts_on, ends_on,
    MAX(ends_on) OVER (PARTITION BY person, role ORDER BY starts_on, id
      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS so_far
  FROM spans),
numbered AS (
  SELECT person, role, origin, starts_on, ends_on,
    SUM(CASE WHEN so_far IS NULL OR so_far < starts_on THEN 1 ELSE 0 END) OVER (
      PARTITION BY person, role ORDER BY starts_on, id
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS island
  FROM marked),
islands AS (
  SELECT person, role, origin, island, MIN(starts_on) AS starts_on, MAX(ends_on) AS ends_on
  FROM numbered GROUP BY person, role, origin, island),
neighbours AS (
  SELECT person, role, origin, island, starts_on, ends_on,
    LEAD(starts_on) OVER (PARTITION BY person, role ORDER BY island) AS next_on
  FROM islands),
known_roles AS (SELECT DISTINCT role FROM islands)
SELECT person, person AS case_id, origin AS happened_on, role AS part,
  days_between(origin, starts_on) AS entry_days,
  days_between(origin, CASE WHEN ends_on < :as_of THEN ends_on ELSE :last_day END) AS days,
  'held' AS from_state, CASE WHEN ends_on < :as_of THEN 'not_held' END AS to_state
FROM neighbours
UNION ALL
SELECT person, person, origin, role, days_between(origin, ends_on),
  days_between(origin, COALESCE(next_on, :last_day)),
  'not_held', CASE WHEN next_on IS NOT NULL THEN 'held' END
FROM neighbours WHERE ends_on < :as_of
UNION ALL
SELECT o.person, o.person, o.origin, k.role, 0,
  days_between(o.origin, COALESCE(MIN(i.starts_on), :last_day)),
  'not_held', CASE WHEN MIN(i.starts_on) IS NOT NULL THEN 'held' END
FROM origins AS o JOIN known_roles AS k ON k.role IS NOT NULL
LEFT JOIN islands AS i ON i.person = o.person AND i.role = k.role
GROUP BY o.person, o.origin, k.role
HAVING MIN(i.starts_on) IS NULL OR MIN(i.starts_on) > o.origin""",
    policies={"concurrent_roles": "separate", "clock": "running"},
    source="P1, M14; X3, X9, Q5, Q7",
)

# Peer work may begin before the training ends (V10), so the clock starts with the group; leaving
# the programme without having begun competes, completing it does not. Where no encounter at all is
# recorded there is nothing to say: missing is not zero.
FIRST_PEER_ACTIVITY = TimeToEvent(
    name="first_peer_activity",
    outcome="active",
    curve=True,
    cases="""
SELECT x.person AS person, x.id AS enrollment, x.group_id AS group_id,
  x.started_on AS happened_on, 0 AS entry_days,
  days_between(x.started_on, CASE
    WHEN x.active_on IS NOT NULL AND (x.gone_on IS NULL OR x.active_on <= x.gone_on)
    THEN x.active_on ELSE COALESCE(x.gone_on, :last_day) END) AS days,
  CASE WHEN x.active_on IS NOT NULL AND (x.gone_on IS NULL OR x.active_on <= x.gone_on)
    THEN 'active' WHEN x.gone_on IS NOT NULL THEN x.ending END AS event
FROM (
  SELECT e.person AS person, e.id AS id, e.group_id AS group_id, e.started_on AS started_on,
    COALESCE(e.ending, 'not_stated') AS ending,
    CASE WHEN e.ending IN ('completed', 'moved_on') THEN NULL ELSE e.ended_on END AS gone_on,
    MIN(m.happened_on) AS active_on
  FROM enrollments AS e
  LEFT JOIN encounters AS m ON m.peer = e.person AND m.happened_on >= e.started_on
  WHERE e.started_on IS NOT NULL AND EXISTS (SELECT 1 FROM encounters)
  GROUP BY e.person, e.id, e.group_id, e.started_on, e.ending, e.ended_on) AS x""",
    policies={"episodes": "each", "clock": "running", "activity": "first_encounter"},
    source="P2, M12; V10, Q6",
)
