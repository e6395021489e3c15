"""Meeting people outside services: how often, and about what.

Encounters are counted, never the people met.
"""

from osallisuus.metrics.catalogue.active import ACTIVE
from osallisuus.metrics.kinds import MultiLabel, Rate

__all__ = ["ENCOUNTER_RATE", "ENCOUNTER_THEMES"]

ENCOUNTER_RATE = Rate(
    name="encounter_rate",
    # Active is who holds a role of a peer and is not on a pause of it (V23). Where no encounter at
    # all is recorded there is nothing to say: missing is not zero. Never by the area of an
    # encounter: the days of a peer have no area.
    cases=f"""
WITH spans AS (
  SELECT id, person, starts_on, ends_on FROM roles
  WHERE role IN ('peer', 'peer_facilitator', 'peer_guide', 'lead_peer_guide')),
{ACTIVE}
SELECT person, starts_on, ends_on, 0 AS events FROM active
WHERE EXISTS (SELECT 1 FROM encounters)
UNION ALL
SELECT n.peer, n.happened_on, n.happened_on, CASE WHEN a.person IS NOT NULL THEN 1 END
FROM encounters AS n LEFT JOIN active AS a ON a.person = n.peer
  AND a.starts_on <= n.happened_on AND (a.ends_on IS NULL OR a.ends_on > n.happened_on)""",
    policies={"pauses": "out", "roles": "peer_roles", "outside": "left_out"},
    source="E1, M13; V23, X3",
)

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
