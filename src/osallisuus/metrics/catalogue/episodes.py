"""The episodes of taking part, as ONE relation that several metrics read (rules R and P).

The policy ``episodes`` says what becomes of somebody who started a programme more than once:

* ``each``: every enrolment is an episode ("how does an episode go?");
* ``first``: only the first one of a person in a programme ("how does it go for a person?");
* ``merge``: enrolments at most ``gap`` days apart are one episode with a pause between them;
* ``esf``: one record of a person in a programme, with the first start and the latest end, as
  the European Social Fund keeps participants (R15).

With ``clock = stopped`` the days of pauses, and those between merged enrolments, are
``paused_days``; on a day that is in two pauses somebody paused once. With ``running`` they are
not looked for.
"""

__all__ = ["CHOICES", "EPISODES", "PARAMS", "POLICIES", "days_paused"]

POLICIES = {"episodes": "each", "clock": "running", "cluster": "none"}
CHOICES = {
    "episodes": ("each", "first", "merge", "esf"),
    "clock": ("running", "stopped"),
    "cluster": ("none", "person"),
}
PARAMS = {"gap": 28}


def days_paused(key: str, breaks: str) -> str:
    """The common table expressions that end in ``paused``: per *key*, ``paused_days``.

    *breaks* is a SELECT of *key*, ``starts_on`` and ``ends_on``; breaks that overlap, and empty
    ones, are counted by the days that they cover.
    """
    return f"""
breaks AS ({breaks}),
runs AS (
  SELECT {key}, starts_on, ends_on, MAX(ends_on) OVER (PARTITION BY {key}
    ORDER BY starts_on, ends_on ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS so_far
  FROM breaks WHERE ends_on > starts_on),
paused AS (
  SELECT {key}, SUM(CASE
    WHEN so_far IS NULL OR so_far <= starts_on THEN days_between(starts_on, ends_on)
    WHEN so_far < ends_on THEN days_between(so_far, ends_on) ELSE 0 END) AS paused_days
  FROM runs GROUP BY {key})"""


# Nothing but the last SELECT reads a row as long as every enrolment counts by itself and the
# clock runs: the common table expressions before it are then empty.
_BREAKS = """
  SELECT m.episode AS episode,
    CASE WHEN p.starts_on < m.started_on THEN m.started_on ELSE p.starts_on END AS starts_on,
    CASE WHEN p.ends_on < m.seen_on THEN p.ends_on ELSE m.seen_on END AS ends_on
  FROM members AS m JOIN pauses AS p ON p.of_id = m.id WHERE :clock = 'stopped'
  UNION ALL
  SELECT episode, so_far, started_on FROM members
  WHERE :clock = 'stopped' AND place > 1 AND so_far < started_on"""
EPISODES = f"""
WITH spans AS (
  SELECT id, person, program, group_id, started_on, planned_end_on, ended_on, ending,
    COALESCE(ended_on, :as_of) AS until_on, COALESCE(ended_on, :last_day) AS seen_on
  FROM enrollments
  WHERE started_on IS NOT NULL AND (:episodes <> 'each' OR :clock <> 'running')),
followed AS (
  SELECT id, person, program, group_id, started_on, planned_end_on, ended_on, ending, until_on,
    seen_on, MAX(until_on) OVER (PARTITION BY person, program ORDER BY started_on, until_on, id
      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS so_far
  FROM spans),
numbered AS (
  SELECT id, person, program, group_id, started_on, planned_end_on, ended_on, ending, until_on,
    seen_on, so_far, SUM(CASE WHEN so_far IS NULL OR :episodes IN ('each', 'first')
      OR (:episodes = 'merge' AND days_between(so_far, started_on) > :gap) THEN 1 ELSE 0 END)
      OVER (PARTITION BY person, program ORDER BY started_on, until_on, id
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS island
  FROM followed),
members AS (
  SELECT id, person, group_id, started_on, planned_end_on, ended_on, ending, seen_on, so_far,
    FIRST_VALUE(id) OVER (PARTITION BY person, program, island
      ORDER BY started_on, until_on, id) AS episode,
    ROW_NUMBER() OVER (PARTITION BY person, program, island
      ORDER BY started_on, until_on, id) AS place,
    ROW_NUMBER() OVER (PARTITION BY person, program, island ORDER BY until_on DESC,
      CASE WHEN ending = 'completed' THEN 0 ELSE 1 END, started_on DESC, id DESC) AS from_last
  FROM numbered WHERE :episodes <> 'first' OR island = 1),
{days_paused("episode", _BREAKS)},
joined AS (
  SELECT episode AS id, MAX(CASE WHEN place = 1 THEN person END) AS person,
    MAX(CASE WHEN place = 1 THEN group_id END) AS group_id, MIN(started_on) AS started_on,
    MAX(CASE WHEN from_last = 1 THEN planned_end_on END) AS planned_end_on,
    MAX(CASE WHEN from_last = 1 THEN ended_on END) AS ended_on,
    MAX(CASE WHEN from_last = 1 THEN ending END) AS ending
  FROM members GROUP BY episode),
episodes AS (
  SELECT id, person, group_id, started_on, planned_end_on, ended_on, ending, 0 AS paused_days
  FROM enrollments
  WHERE started_on IS NOT NULL AND :episodes = 'each' AND :clock = 'running'
  UNION ALL
  SELECT j.id, j.person, j.group_id, j.started_on, j.planned_end_on, j.ended_on, j.ending,
    COALESCE(b.paused_days, 0)
  FROM joined AS j LEFT JOIN paused AS b ON b.episode = j.id)"""
