"""Was held what was promised, and did the groups fill?"""

from __future__ import annotations

from attrs import evolve

from osallisuus.errors import DefinitionError, did_you_mean
from osallisuus.metrics.kinds import CadenceHeld, Mean
from osallisuus.model.cadence import Cadence, Rate
from osallisuus.model.program import Program
from osallisuus.model.stated import each

__all__ = [
    "CADENCE_HELD",
    "CADENCE_RECEIVED",
    "GROUP_FILL",
    "GROUP_SIZE",
    "cadence_held",
    "cadence_received",
]

_WEEKLY = Rate(1, 1, "week")
"""What is taken for promised where no programme says."""

CADENCE_HELD = CadenceHeld(
    name="cadence_held",
    unit="case",
    cadence=_WEEKLY,
    # Held is held: a cancelled or planned session is none. Where no programme says what it promises,
    # once a week is taken for it; of a community, or of a team around individual guidance, nobody
    # would have promised that, so they are set aside.
    cases="""
SELECT NULL AS person, id AS case_id, id AS group_id, id AS cluster,
  CASE WHEN :promise = 'once_a_week' AND kind IN ('community', 'team', 'partner_review')
    THEN 'aside' ELSE 'open' END AS what, starts_on, ends_on
FROM groups
UNION ALL
SELECT NULL, group_id, group_id, group_id, 'held', starts_on, starts_on
FROM sessions WHERE status = 'held' AND (:meeting = 'any' OR kind = :meeting)""",
    params={"meeting": "any"},
    policies={"closures": "out", "promise": "once_a_week", "units": "from_start"},
    choices={"closures": ("out", "in")},
    source="F1, M10; V7, V13, K4, K24, Y12",
)

CADENCE_RECEIVED = CadenceHeld(
    name="cadence_received",
    cadence=_WEEKLY,
    # Weeks of a person in a group, from the person's start; a week with a pause is none of them,
    # nor is one in which nobody wrote down whether the person came.
    cases="""
SELECT person, id AS enrollment, group_id, id AS cluster, 'open' AS what,
  started_on AS starts_on, ended_on AS ends_on
FROM enrollments WHERE started_on IS NOT NULL AND group_id IS NOT NULL
UNION ALL
SELECT e.person, e.id, e.group_id, e.id, 'closed', p.starts_on, p.ends_on
FROM enrollments AS e JOIN pauses AS p ON p.of_id = e.id
WHERE e.started_on IS NOT NULL AND e.group_id IS NOT NULL
UNION ALL
SELECT person, enrollment, group_id, enrollment, what, starts_on, starts_on FROM (
  SELECT DISTINCT e.id AS enrollment, s.id AS session, e.person AS person, e.group_id AS group_id,
    CASE WHEN a.session IS NULL THEN 'unknown' ELSE 'held' END AS what, s.starts_on AS starts_on
  FROM enrollments AS e
  JOIN sessions AS s ON s.group_id = e.group_id AND s.status = 'held'
  LEFT JOIN attendance AS a ON a.session = s.id AND a.person = e.person
  WHERE e.started_on IS NOT NULL
  AND (:meeting = 'any' OR s.kind = :meeting)
  AND (a.status = 'present' OR (a.session IS NULL AND :not_recorded = 'unknown'))) AS met""",
    params={"meeting": "any"},
    policies={
        "closures": "out",
        "not_recorded": "unknown",
        "pauses": "out",
        "promise": "once_a_week",
        "units": "from_start",
    },
    choices={"closures": ("out", "in"), "not_recorded": ("unknown", "absent")},
    source="F1, M10; V7",
)

# Only sessions at which anybody was written down; who acts as staff in one does not fill it.
_PRESENT = """
WITH present AS (
  SELECT DISTINCT session, person FROM attendance
  WHERE status = 'present'
  AND (acting_as IS NULL OR acting_as IN ('participant', 'client', 'service_user'))),
met AS (
  SELECT s.id AS id, s.group_id AS group_id, s.starts_on AS starts_on, g.capacity AS capacity,
    CASE WHEN EXISTS (SELECT 1 FROM attendance AS a WHERE a.session = s.id) THEN 0 END AS nobody
  FROM sessions AS s JOIN groups AS g ON g.id = s.group_id
  WHERE s.status = 'held')"""

GROUP_FILL = Mean(
    name="group_fill",
    share=True,
    cases=f"""{_PRESENT}
SELECT NULL AS person, m.group_id AS cluster, m.group_id AS group_id, m.id AS session,
  m.starts_on AS happened_on, CASE WHEN m.capacity IS NULL THEN 0 ELSE m.nobody END AS amount,
  COALESCE(m.capacity, 0) AS possible
FROM met AS m
UNION ALL
SELECT p.person, m.group_id, m.group_id, m.id, m.starts_on, 1, 0
FROM met AS m JOIN present AS p ON p.session = m.id
WHERE m.capacity IS NOT NULL""",
    policies={"not_recorded": "unknown", "walk_ins": "in"},
    source="A5, M9",
)

GROUP_SIZE = Mean(
    name="group_size",
    cases=f"""{_PRESENT}
SELECT NULL AS person, m.group_id AS cluster, m.group_id AS group_id, m.id AS session,
  m.starts_on AS happened_on, m.nobody AS amount, 1 AS possible
FROM met AS m
UNION ALL
SELECT p.person, m.group_id, m.group_id, m.id, m.starts_on, 1, 0
FROM met AS m JOIN present AS p ON p.session = m.id""",
    policies={"not_recorded": "unknown", "walk_ins": "in"},
    source="A5, M9; W24, T8",
)


def cadence_held(program: Program, meeting: str | None = None) -> CadenceHeld:
    """The metric with the cadence that *program* promises for its sessions, or for a *meeting*.

    A meeting is named by its code in the programme; then only sessions of its kind count. Raises
    :class:`DefinitionError` where the programme states no cadence of it.
    """
    return _of(CADENCE_HELD, program, meeting)


def cadence_received(program: Program, meeting: str | None = None) -> CadenceHeld:
    """What single persons received of the cadence that *program* promises; see the other one."""
    return _of(CADENCE_RECEIVED, program, meeting)


def _of(metric: CadenceHeld, program: Program, code: str | None) -> CadenceHeld:
    found = {one.code: one for one in each(program.meetings)}
    if code is not None and code not in found:
        raise DefinitionError(
            "no such meeting", where=f"program {program.name}", remedy=did_you_mean(code, found)
        )
    promised = program.sessions if code is None else found[code]
    cadence: Cadence | None = getattr(promised, "cadence", None)
    if cadence is None:
        raise DefinitionError(
            "the programme states no cadence of it",
            where=f"program {program.name}.{code or 'sessions'}.cadence",
            remedy="state it, or ask a CadenceHeld with a cadence of your own",
        )
    return evolve(
        metric,
        cadence=cadence,
        params={"meeting": "any" if code is None else found[code].kind},
        policies={**metric.policies, "promise": "programme"},
    )
