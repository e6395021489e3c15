"""Waiting for a place, the first meeting, and coming back."""

from osallisuus.metrics.catalogue.reach import earliest
from osallisuus.metrics.kinds import Steps, TimeToEvent

__all__ = ["COMING_BACK", "FIRST_CONTACT", "WAITING_TIME"]

# Who withdrew before starting did not wait any longer (rule X); who still waits is censored, and
# never left out of a mean (R5). A start that is dated before the origin is out of order.
_REFERRED = earliest("reached_on", "informed_on", "interviewed_on", "offered_on")
WAITING_TIME = TimeToEvent(
    name="waiting_time",
    cases=f"""
SELECT person, enrollment, group_id, happened_on, 0 AS entry_days,
  days_between(happened_on, COALESCE(started_on, ended_on, :last_day)) AS days,
  CASE WHEN started_on IS NOT NULL THEN 'started'
    WHEN ended_on IS NOT NULL THEN COALESCE(ending, 'not_stated') END AS event
FROM (
  SELECT person, id AS enrollment, group_id, started_on, ended_on, ending,
    CASE WHEN :origin = 'offer' THEN offered_on ELSE {_REFERRED} END AS happened_on
  FROM enrollments) AS waits
WHERE happened_on IS NOT NULL""",
    outcome="started",
    quantiles=True,
    until=(90,),
    policies={"origin": "offer", "waiting": "censored"},
    choices={"origin": ("offer", "referral")},
    source="R5, M3; V6, V25",
)

FIRST_CONTACT = TimeToEvent(
    name="first_contact",
    # from the offer of guidance to the first meeting: its start, or an opening talk before that
    cases="""
SELECT person, happened_on, 0 AS entry_days,
  days_between(happened_on, COALESCE(met_on, ended_on, :last_day)) AS days,
  CASE WHEN met_on IS NOT NULL THEN 'met'
    WHEN ended_on IS NOT NULL THEN COALESCE(ending, 'not_stated') END AS event
FROM (
  SELECT g.person AS person, g.offered_on AS happened_on, g.ended_on AS ended_on,
    g.ending AS ending, CASE WHEN MIN(r.happened_on) < g.started_on THEN MIN(r.happened_on)
      ELSE COALESCE(g.started_on, MIN(r.happened_on)) END AS met_on
  FROM guidance AS g LEFT JOIN reviews AS r ON r.guidance = g.id AND r.point = 'start'
    AND r.happened_on >= g.offered_on
  WHERE g.offered_on IS NOT NULL
  GROUP BY g.id, g.person, g.offered_on, g.started_on, g.ended_on, g.ending) AS offers""",
    outcome="met",
    quantiles=True,
    policies={"waiting": "censored"},
    source="M31; K18, K23",
)

# Two clocks: from the end of an episode, unless another one was going on, to the next one in any
# programme that is looked at; and from the start of a pause to going on, with which the end of the
# episode competes. Nobody comes back from death, so an episode that ended with it is no origin.
COMING_BACK = Steps(
    name="coming_back",
    steps=("new_episode", "after_pause"),
    within={"new_episode": 365, "after_pause": 90},
    cases="""
WITH started AS (
  SELECT id, person, group_id, started_on, ended_on, ending FROM enrollments
  WHERE started_on IS NOT NULL),
next_starts AS (
  SELECT e.id AS id, MIN(n.started_on) AS back_on
  FROM started AS e JOIN started AS n ON n.person = e.person AND n.id <> e.id
    AND n.started_on >= e.ended_on
  GROUP BY e.id)
SELECT e.person AS person, e.id AS enrollment, e.group_id AS group_id, e.ended_on AS happened_on,
  'new_episode' AS step, days_between(e.ended_on, COALESCE(n.back_on, :last_day)) AS days,
  CASE WHEN n.back_on IS NOT NULL THEN 'reached' END AS event
FROM started AS e LEFT JOIN next_starts AS n ON n.id = e.id
WHERE e.ended_on >= e.started_on AND COALESCE(e.ending, 'not_stated') <> 'died'
  AND NOT EXISTS (SELECT 1 FROM started AS o WHERE o.person = e.person AND o.id <> e.id
    AND o.started_on < e.ended_on AND (o.ended_on IS NULL OR o.ended_on > e.ended_on))
UNION ALL
SELECT e.person, e.id, e.group_id, p.starts_on, 'after_pause',
  days_between(p.starts_on, CASE
    WHEN p.ends_on < COALESCE(e.ended_on, :as_of) THEN p.ends_on
    ELSE COALESCE(e.ended_on, :last_day) END),
  CASE WHEN p.ends_on < COALESCE(e.ended_on, :as_of) THEN 'reached'
    WHEN e.ended_on IS NOT NULL THEN COALESCE(e.ending, 'not_stated') END
FROM started AS e JOIN pauses AS p ON p.of_id = e.id
WHERE p.starts_on >= e.started_on AND (e.ended_on IS NULL OR p.starts_on < e.ended_on)""",
    policies={"episodes": "each", "cluster": "none"},
    choices={"cluster": ("none", "person")},
    source="S4, M15; K25, V21",
)
