"""Roles over time, and when peer work begins. A view of what happened, never a rank (Q7)."""

from osallisuus.metrics.catalogue.episodes import days_paused
from osallisuus.metrics.kinds import Mean, MultiState, Paths, TimeToEvent

__all__ = [
    "FIRST_PEER_ACTIVITY",
    "NEXT_ROLE",
    "PATHWAYS",
    "ROLE_OCCUPANCY",
    "ROLE_PAUSES",
    "ROLE_TENURE",
    "TEAM_TRANSITION",
]

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
    policies={"concurrent_roles": "separate", "clock": "running", "cluster": "none"},
    choices={"cluster": ("none", "person")},
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

# How long somebody is in one role, and what comes next: spans of one role of a person that touch
# or overlap are one, under the id of the first. One that ends before it begins is left out.
_HELD = """
WITH spans AS (
  SELECT id, person, role, starts_on, COALESCE(ends_on, :as_of) AS ends_on,
    COALESCE(ends_on, :last_day) AS seen_on, ending
  FROM roles WHERE ends_on IS NULL OR ends_on >= starts_on),
followed AS (
  SELECT id, person, role, starts_on, ends_on, seen_on, ending,
    MAX(ends_on) OVER (PARTITION BY person, role ORDER BY starts_on, ends_on, id
      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS so_far
  FROM spans),
numbered AS (
  SELECT id, person, role, starts_on, ends_on, seen_on, ending,
    SUM(CASE WHEN so_far IS NULL OR so_far < starts_on THEN 1 ELSE 0 END) OVER (
      PARTITION BY person, role ORDER BY starts_on, ends_on, id
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS island
  FROM followed),
members AS (
  SELECT id, person, role, starts_on, ends_on, seen_on, ending,
    FIRST_VALUE(id) OVER (PARTITION BY person, role, island
      ORDER BY starts_on, ends_on, id) AS role_id,
    ROW_NUMBER() OVER (PARTITION BY person, role, island
      ORDER BY ends_on DESC, starts_on DESC, id DESC) AS from_last
  FROM numbered),
held AS (
  SELECT role_id, person, role, MIN(starts_on) AS starts_on,
    CASE WHEN MAX(ends_on) < :as_of THEN MAX(ends_on) END AS ends_on,
    MAX(CASE WHEN from_last = 1 THEN ending END) AS ending
  FROM members GROUP BY role_id, person, role)"""

_ROLE_BREAKS = """
  SELECT m.role_id AS role_id,
    CASE WHEN p.starts_on < m.starts_on THEN m.starts_on ELSE p.starts_on END AS starts_on,
    CASE WHEN p.ends_on < m.seen_on THEN p.ends_on ELSE m.seen_on END AS ends_on
  FROM members AS m JOIN pauses AS p ON p.of_id = m.id"""

ROLE_TENURE = TimeToEvent(
    name="role_tenure",
    cases=f"""{_HELD},
{days_paused("role_id", _ROLE_BREAKS)}
SELECT h.person AS person, h.role_id AS role_id, h.starts_on AS happened_on, 0 AS entry_days,
  days_between(h.starts_on, COALESCE(h.ends_on, :last_day)) AS days,
  CASE WHEN h.ends_on IS NOT NULL THEN COALESCE(h.ending, 'not_stated') END AS event,
  COALESCE(b.paused_days, 0) AS paused_days
FROM held AS h LEFT JOIN paused AS b ON b.role_id = h.role_id""",
    staying="in_role",
    until=(180, 365),
    quantiles=True,
    policies={"concurrent_roles": "separate", "clock": "running", "cluster": "none"},
    choices={"clock": ("running", "stopped"), "cluster": ("none", "person")},
    source="P4, M15; K25, X9",
)

# To pause is a right and no exit (K25); nobody asks why, and nobody's own share is shown.
ROLE_PAUSES = Mean(
    name="role_pauses",
    share=True,
    cases=f"""{_HELD},
{days_paused("role_id", _ROLE_BREAKS)}
SELECT h.person AS person, h.role_id AS role_id, h.starts_on AS happened_on,
  days_between(h.starts_on, COALESCE(h.ends_on, :last_day)) AS possible,
  COALESCE(b.paused_days, 0) AS amount
FROM held AS h LEFT JOIN paused AS b ON b.role_id = h.role_id""",
    policies={"concurrent_roles": "separate"},
    source="P4, M15; K25",
)

# The clock starts when somebody takes up a role. Next is the first other role that begins later,
# and on one day the first by code; stepping back competes, if nothing else was begun by then.
NEXT_ROLE = TimeToEvent(
    name="next_role",
    cases=f"""{_HELD},
nexts AS (
  SELECT h.role_id AS role_id, n.role AS role, n.starts_on AS starts_on,
    ROW_NUMBER() OVER (PARTITION BY h.role_id ORDER BY n.starts_on, n.role, n.role_id) AS place
  FROM held AS h JOIN held AS n ON n.person = h.person AND n.role <> h.role
    AND n.starts_on > h.starts_on)
SELECT h.person AS person, h.role_id AS role_id, h.starts_on AS happened_on, 0 AS entry_days,
  days_between(h.starts_on, CASE
    WHEN n.starts_on <= COALESCE(h.ends_on, :as_of) THEN n.starts_on
    ELSE COALESCE(h.ends_on, :last_day) END) AS days,
  CASE WHEN n.starts_on <= COALESCE(h.ends_on, :as_of) THEN n.role
    WHEN h.ends_on IS NOT NULL THEN COALESCE(h.ending, 'not_stated') END AS event
FROM held AS h LEFT JOIN nexts AS n ON n.role_id = h.role_id AND n.place = 1""",
    policies={"concurrent_roles": "separate", "clock": "running", "cluster": "none"},
    choices={"cluster": ("none", "person")},
    source="P3; X3, X4, Q7",
)

# Whoever completed can join a follow-up group or team that the programme offers; it is no duty.
# Who was in one already on that day has joined on it. A later death competes.
TEAM_TRANSITION = TimeToEvent(
    name="team_transition",
    cases="""
WITH joins AS (
  SELECT e.id AS id, MIN(m.starts_on) AS joined_on
  FROM enrollments AS e
  JOIN memberships AS m ON m.person = e.person AND (m.ends_on IS NULL OR m.ends_on > e.ended_on)
  JOIN groups AS g ON g.id = m.group_id AND g.kind IN ('follow_up_group', 'team')
  WHERE e.ending = 'completed' GROUP BY e.id),
deaths AS (
  SELECT person, MIN(ended_on) AS died_on FROM enrollments WHERE ending = 'died' GROUP BY person)
SELECT person, enrollment, group_id, happened_on, 0 AS entry_days,
  days_between(happened_on, CASE
    WHEN joined_on <= COALESCE(died_on, :as_of) THEN joined_on
    ELSE COALESCE(died_on, :last_day) END) AS days,
  CASE WHEN joined_on <= COALESCE(died_on, :as_of) THEN 'joined'
    WHEN died_on IS NOT NULL THEN 'died' END AS event
FROM (
  SELECT e.person AS person, e.id AS enrollment, e.group_id AS group_id, e.ended_on AS happened_on,
    CASE WHEN j.joined_on < e.ended_on THEN e.ended_on ELSE j.joined_on END AS joined_on,
    CASE WHEN d.died_on >= e.ended_on THEN d.died_on END AS died_on
  FROM enrollments AS e
  LEFT JOIN joins AS j ON j.id = e.id LEFT JOIN deaths AS d ON d.person = e.person
  WHERE e.ending = 'completed' AND e.ended_on >= e.started_on) AS completed""",
    outcome="joined",
    curve=True,
    policies={"denominator": "completed", "clock": "running"},
    source="P2, M11; V25, Q6",
)

# The roles of a person in the order in which they were taken up, each time anew. On one day the
# order of the vocabulary decides, so that the order of rows cannot matter. Whether spans touch is
# asked only of who had a role more than once: nearly nobody, and to sort everybody takes longer.
PATHWAYS = Paths(
    name="pathways",
    cases="""
WITH spans AS (
  SELECT id, person, role, starts_on, COALESCE(ends_on, :as_of) AS ends_on
  FROM roles WHERE ends_on IS NULL OR ends_on >= starts_on),
firsts AS (
  SELECT person, role, MIN(starts_on) AS starts_on, COUNT(*) AS times FROM spans
  GROUP BY person, role),
followed AS (
  SELECT s.person AS person, s.role AS role, s.starts_on AS starts_on,
    MAX(s.ends_on) OVER (PARTITION BY s.person, s.role ORDER BY s.starts_on
      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS so_far
  FROM spans AS s JOIN firsts AS f ON f.person = s.person AND f.role = s.role AND f.times > 1),
begun AS (
  SELECT person, role, starts_on FROM firsts
  UNION ALL
  SELECT person, role, starts_on FROM followed WHERE so_far < starts_on),
taken_up AS (
  SELECT person, role, starts_on,
    FIRST_VALUE(starts_on) OVER (PARTITION BY person ORDER BY starts_on, role) AS origin
  FROM begun)
SELECT person, person AS case_id, origin AS happened_on, starts_on AS came_on, role AS state,
  CASE role WHEN 'client' THEN 1 WHEN 'service_user' THEN 2 WHEN 'participant' THEN 3
    WHEN 'co_developer' THEN 4 WHEN 'peer' THEN 5 WHEN 'peer_facilitator' THEN 6
    WHEN 'peer_guide' THEN 7 WHEN 'lead_peer_guide' THEN 8 WHEN 'expert_by_experience' THEN 9
    WHEN 'user_researcher' THEN 10 WHEN 'client_representative' THEN 11
    WHEN 'area_holder' THEN 12 WHEN 'volunteer' THEN 13 WHEN 'student' THEN 14
    ELSE 15 END AS sequence
FROM taken_up""",
    policies={"concurrent_roles": "by_start", "same_day": "vocabulary"},
    source="P5; X3, X9, Q7",
)
