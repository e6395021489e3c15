"""Who has a say: how many members are heard, and who decides."""

from osallisuus.metrics.kinds import MultiLabel, Proportion, TimeToEvent

__all__ = ["BREADTH_OF_VOICE", "DECISIONS", "DECISIONS_CARRIED_OUT"]

# Communities and decisions belong to a programme through their group. A contact of any kind or a session is a member's own choice, and so is none (Y11). Who has been
# a member for less than the window and was not in touch is not known yet.
BREADTH_OF_VOICE = Proportion(
    name="breadth_of_voice",
    # the latest contact is within the window if any of them is
    cases="""
WITH latest AS (SELECT person, MAX(happened_on) AS day FROM contacts GROUP BY person)
SELECT m.person AS person, m.group_id AS group_id, m.starts_on AS happened_on,
  CASE WHEN l.day >= m.starts_on AND days_between(l.day, :last_day) < :window THEN 1
    WHEN EXISTS (
      SELECT 1 FROM attendance AS a JOIN sessions AS s ON s.id = a.session
      WHERE a.person = m.person AND a.status = 'present' AND s.group_id = m.group_id
      AND s.starts_on >= m.starts_on AND days_between(s.starts_on, :last_day) < :window)
    THEN 1
    WHEN days_between(m.starts_on, :last_day) >= :window THEN 0 END AS hit
FROM memberships AS m JOIN groups AS g ON g.id = m.group_id
LEFT JOIN latest AS l ON l.person = m.person
WHERE m.ends_on IS NULL""",
    params={"window": 90},
    policies={"window": "days_90"},
    source="I2, M21; Y11",
)

DECISIONS = MultiLabel(
    name="decisions",
    unit="case",
    cases="""
SELECT d.id AS person, d.id AS case_id, d.group_id AS group_id, d.decided_on AS happened_on,
  CASE WHEN :decisions_by = 'owner' THEN d.owner ELSE d.initiated_by END AS label
FROM decisions AS d JOIN groups AS g ON g.id = d.group_id""",
    policies={"decisions_by": "owner"},
    choices={"decisions_by": ("owner", "initiator")},
    source="M19; Y8, Y12, Y16",
)

# What is not carried out yet is not "no": it may still be.
DECISIONS_CARRIED_OUT = TimeToEvent(
    name="decisions_carried_out",
    unit="case",
    outcome="carried_out",
    curve=True,
    cases="""
SELECT d.id AS person, d.id AS case_id, d.group_id AS group_id, d.decided_on AS happened_on,
  0 AS entry_days, days_between(d.decided_on, COALESCE(d.carried_out_on, :last_day)) AS days,
  CASE WHEN d.carried_out_on IS NOT NULL THEN 'carried_out' END AS event
FROM decisions AS d JOIN groups AS g ON g.id = d.group_id""",
    policies={"not_yet": "censored"},
    source="M19; Y12",
)
