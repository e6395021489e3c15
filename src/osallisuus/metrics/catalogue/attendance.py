"""Getting to the first session, and how much of what was offered was received."""

from osallisuus.metrics.kinds import Mean, Proportion, ScreenedProportion

__all__ = ["ABSENCE_RUN", "ATTENDANCE", "FIRST_SESSION", "OWN_ATTENDANCE"]

# A session counts as offered to a person when it was held, in the person's own group, while the
# person was in the programme; a pause is not an offer (rule P). Who comes without an offer, as
# when dropping in during a pause, has no row here; it counts as received, in the dose. However
# often somebody was written down, it is one offer.
_OFFERS = """
marks AS (
  SELECT session, person, MAX(CASE WHEN status = 'present' THEN 1 ELSE 0 END) AS present,
    MAX(CASE WHEN status = 'excused' THEN 1 ELSE 0 END) AS excused
  FROM attendance GROUP BY session, person),
offers AS (
  SELECT e.person AS person, e.id AS enrollment, e.group_id AS group_id, s.id AS session,
    s.starts_on AS starts_on, m.present AS present
  FROM enrollments AS e
  JOIN sessions AS s ON s.group_id = e.group_id AND s.status = 'held'
    AND s.starts_on >= e.started_on AND (e.ended_on IS NULL OR s.starts_on <= e.ended_on)
  LEFT JOIN marks AS m ON m.session = s.id AND m.person = e.person
  WHERE e.started_on IS NOT NULL AND (:pauses = 'in' OR NOT EXISTS (
    SELECT 1 FROM pauses AS p WHERE p.of_id = e.id
    AND s.starts_on >= p.starts_on AND (p.ends_on IS NULL OR s.starts_on < p.ends_on)))
  AND (:excused = 'in' OR m.present = 1 OR COALESCE(m.excused, 0) = 0))"""

_CHOICES = {
    "excused": ("in", "out"),
    "pauses": ("out", "in"),
    "not_recorded": ("unknown", "absent"),
}
_POLICIES = {"excused": "in", "pauses": "out", "not_recorded": "unknown"}

_ATTENDED = f"""
WITH {_OFFERS}
SELECT person, enrollment, group_id, session, starts_on AS happened_on,
  CASE WHEN present IS NULL AND :not_recorded = 'absent' THEN 0 ELSE present END AS amount
FROM offers"""

ATTENDANCE = Mean(
    name="attendance",
    share=True,
    cases=_ATTENDED,
    policies=_POLICIES,
    choices=_CHOICES,
    source="A1, M8; W20, V7, Q19",
)

OWN_ATTENDANCE = Mean(
    name="own_attendance",
    share=True,
    # another question: not how many of all seats were taken, but how people fared on average
    own=True,
    cases=_ATTENDED,
    policies=_POLICIES,
    choices=_CHOICES,
    source="A1, M8; Q19",
)

FIRST_SESSION = Proportion(
    name="first_session",
    # «vaikeinta on kotoa lähtö» (V25): of those offered a place, who came to one session at least.
    # Nobody is counted as absent before their group has met, or while presence is not recorded.
    # Who has left in a stated way without having been seen has not come. Where no ending is stated
    # the person may have gone on in another group, and who has completed must have come although
    # nobody wrote it down: both stay unknown, unless presence was recorded throughout, or the
    # group had not met before the end. Individual guidance has no group whose sessions could be
    # come to: there, and wherever no group is stated, who started has come.
    cases="""
WITH seen AS (
  SELECT e.id AS id, COUNT(s.id) AS held,
    SUM(CASE WHEN s.id IS NOT NULL AND a.session IS NULL THEN 1 ELSE 0 END) AS not_recorded,
    MAX(CASE WHEN a.status = 'present' THEN 1 ELSE 0 END) AS present
  FROM enrollments AS e
  LEFT JOIN sessions AS s ON s.group_id = e.group_id AND s.status = 'held'
    AND s.starts_on >= e.offered_on AND (e.ended_on IS NULL OR s.starts_on <= e.ended_on)
  LEFT JOIN attendance AS a ON a.session = s.id AND a.person = e.person
  WHERE e.offered_on IS NOT NULL
  GROUP BY e.id)
SELECT e.person AS person, e.id AS enrollment, e.group_id AS group_id,
  e.offered_on AS happened_on,
  CASE WHEN x.present = 1 THEN 1
    WHEN e.group_id IS NULL AND (e.started_on IS NOT NULL OR EXISTS (
      SELECT 1 FROM guidance AS t WHERE t.person = e.person AND t.program = e.program
      AND t.started_on >= e.offered_on
      AND (e.ended_on IS NULL OR t.started_on <= e.ended_on))) THEN 1
    WHEN x.held > 0 AND x.not_recorded = 0 THEN 0
    WHEN x.held > 0 AND :not_recorded = 'absent' THEN 0
    WHEN e.ending IN ('left', 'declined', 'ended_by_organizer', 'moved_on', 'died') THEN 0
    WHEN x.held = 0 AND e.ended_on IS NOT NULL AND e.ending IS NULL THEN 0 END AS hit
FROM enrollments AS e JOIN seen AS x ON x.id = e.id""",
    policies={"no_ending_stated": "unknown", "no_group": "start", "not_recorded": "unknown"},
    choices={"not_recorded": ("unknown", "absent")},
    source="M3; V25, K4",
)

ABSENCE_RUN = ScreenedProportion(
    name="absence_run",
    staff_only=True,
    # Of those who are in the programme: who has missed the last so many offers in a row. Coming
    # ends a run, and so does a pause; who is on one is left out. It is a reason to call, not a mark.
    cases=f"""
WITH {_OFFERS},
came AS (
  SELECT enrollment AS id, MAX(starts_on) AS day FROM offers WHERE present = 1 GROUP BY enrollment),
back AS (
  SELECT of_id AS id, MAX(ends_on) AS day FROM pauses WHERE ends_on IS NOT NULL GROUP BY of_id),
runs AS (
  SELECT o.enrollment AS id, COUNT(*) AS length, COUNT(o.present) AS recorded
  FROM offers AS o
  LEFT JOIN came AS c ON c.id = o.enrollment
  LEFT JOIN back AS b ON b.id = o.enrollment
  WHERE (o.present IS NULL OR o.present = 0)
  AND (c.day IS NULL OR o.starts_on > c.day) AND (b.day IS NULL OR o.starts_on >= b.day)
  GROUP BY o.enrollment)
SELECT e.person AS person, e.id AS enrollment, e.group_id AS group_id,
  e.started_on AS happened_on,
  CASE WHEN r.id IS NULL OR r.length < :run THEN 0
    WHEN r.recorded >= :run OR :not_recorded = 'absent' THEN 1 END AS hit,
  CASE WHEN EXISTS (SELECT 1 FROM pauses AS p WHERE p.of_id = e.id AND p.ends_on IS NULL)
    THEN 1 ELSE 0 END AS denominator_exclusion
FROM enrollments AS e LEFT JOIN runs AS r ON r.id = e.id
WHERE e.started_on IS NOT NULL AND e.ended_on IS NULL""",
    params={"run": 3},
    policies=_POLICIES | {"audience": "staff"},
    choices={name: values for name, values in _CHOICES.items() if name != "pauses"},
    source="A4; Q19",
)
