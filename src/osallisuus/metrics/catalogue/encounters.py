"""What people outside services talk about with peers. Encounters are counted, never people."""

from osallisuus.metrics.kinds import MultiLabel

__all__ = ["ENCOUNTER_THEMES"]

ENCOUNTER_THEMES = MultiLabel(
    name="encounter_themes",
    unit="case",
    cases="""
SELECT e.peer AS person, e.id AS case_id, e.id AS encounter, e.happened_on AS happened_on,
  t.theme AS label
FROM encounters AS e
LEFT JOIN encounter_themes AS t ON t.encounter = e.id""",
    policies={"no_theme": "unknown"},
    source="E2, M16; V11, V12, Q9",
)
