"""How far the data can be trusted: what is missing, and what is not here yet."""

from osallisuus.metrics.kinds import Completeness, Lag

__all__ = ["COMPLETENESS", "REPORTING_DELAY"]

_ENDED = "CASE WHEN ended_on IS NULL THEN NULL WHEN ending IS NULL THEN 0 ELSE 1 END"
_STAGES = ("reached_on", "informed_on", "interviewed_on", "offered_on", "started_on")


def _stage(index: int) -> str:
    """A stage is expected of those who came to a later one."""
    later = ", ".join(_STAGES[index + 1 :])
    known = f"CASE WHEN {_STAGES[index]} IS NULL THEN 0 ELSE 1 END"
    one_later = f"COALESCE({later})" if "," in later else later
    return f"CASE WHEN {one_later} IS NOT NULL THEN {known} END"


def _stated(column: str) -> str:
    return f"CASE WHEN {column} IS NULL THEN 0 ELSE 1 END"


# field, table, person, group, day, and whether it is known: NULL where it does not apply
_FIELDS = (
    *(
        (stage.removesuffix("_on"), "enrollments", "person", "group_id", _STAGES[-1], _stage(index))
        for index, stage in enumerate(_STAGES[:-1])
    ),
    ("channel", "enrollments", "person", "group_id", "started_on", _stated("channel")),
    ("ending", "enrollments", "person", "group_id", "ended_on", _ENDED),
    (
        "role_ending",
        "roles",
        "person",
        "group_id",
        "ends_on",
        _ENDED.replace("ended_on", "ends_on"),
    ),
    ("guidance_ending", "guidance", "person", "NULL", "ended_on", _ENDED),
    ("area", "encounters", "peer", "NULL", "happened_on", _stated("area")),
    ("mode", "encounters", "peer", "NULL", "happened_on", _stated("mode")),
    ("cost", "costs", "NULL", "group_id", "happened_on", _stated("COALESCE(cents, minutes)")),
)

# Presence is expected of everybody who was in the group on the day of a session that was held.
_PRESENCE = """
SELECT e.person AS person, e.group_id AS group_id, s.starts_on AS happened_on,
  'attendance' AS field, CASE WHEN EXISTS (
    SELECT 1 FROM attendance AS a WHERE a.session = s.id AND a.person = e.person)
    THEN 1 ELSE 0 END AS known
FROM enrollments AS e
JOIN sessions AS s ON s.group_id = e.group_id AND s.status = 'held'
  AND s.starts_on >= e.started_on AND (e.ended_on IS NULL OR s.starts_on <= e.ended_on)
WHERE e.started_on IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM pauses AS p WHERE p.of_id = e.id
  AND s.starts_on >= p.starts_on AND (p.ends_on IS NULL OR s.starts_on < p.ends_on))"""
_THEME = """
SELECT NULL, group_id, starts_on, 'theme', CASE WHEN held_theme IS NULL THEN 0 ELSE 1 END
FROM sessions WHERE status = 'held'"""

_MET = " UNION ALL ".join(
    f"SELECT person, {stage} AS day FROM enrollments WHERE {stage} IS NOT NULL" for stage in _STAGES
)

COMPLETENESS = Completeness(
    name="completeness",
    cases="\nUNION ALL".join(
        (
            _PRESENCE,
            _THEME,
            *(
                f"\nSELECT {person}, {group}, {day}, '{field}', {known}\nFROM {table}"
                for field, table, person, group, day, known in _FIELDS
            ),
        )
    ),
    source="D1, M41",
)

REPORTING_DELAY = Lag(
    name="reporting_delay",
    # a person is registered when somebody writes down that they were met for the first time
    cases=f"""
SELECT p.id AS person, f.day AS happened_on, p.registered_on AS recorded_on
FROM people AS p
JOIN (SELECT person, MIN(day) AS day FROM ({_MET}) AS met GROUP BY person) AS f
  ON f.person = p.id
WHERE p.registered_on < :as_of""",
    policies={"recorded": "registered"},
    source="D2",
)
