"""The participants of a fund as a metric, so that their counts pass the disclosure gate.

The rules in words, and why each person counts or does not: :mod:`osallisuus.rules.funders`.
"""

from __future__ import annotations

from osallisuus.metrics.kinds import Count
from osallisuus.rules.funders import OPEN, PAID, STAFF

__all__ = ["fund_participants"]

_STAFF = ", ".join(f"'{role}'" for role in STAFF)

# an entry is a span of one moment: it is in the period in which it is
_CASES = f"""
SELECT person, MIN(began_on) AS starts_on, MIN(began_on) AS ends_on
FROM (
  SELECT e.person AS person, e.started_on AS began_on
  FROM enrollments AS e LEFT JOIN groups AS g ON g.id = e.group_id
  WHERE e.started_on IS NOT NULL
  AND COALESCE(g.kind, '') <> :open AND COALESCE(g.setting, '') <> :open
  UNION ALL
  SELECT r.person, r.starts_on FROM roles AS r WHERE r.role = 'co_developer') AS entries
WHERE NOT EXISTS (SELECT 1 FROM roles AS s WHERE s.person = entries.person
  AND s.role IN ({_STAFF}) AND s.starts_on <= entries.began_on
  AND (s.ends_on IS NULL OR s.ends_on > entries.began_on))
AND NOT EXISTS (SELECT 1 FROM traits AS t WHERE t.person = entries.person
  AND t.name = :paid AND t.value = 'yes' AND t.since <= entries.began_on)
GROUP BY person"""


def fund_participants() -> Count:
    """People who entered a project as its fund counts them: each once in a programme (Q22, Q23).

    Ask it with a programme and one period; by ``person.gender`` and ``person.<trait>`` it gives the
    lines of the fund's table.
    """
    return Count(
        name="fund_participants",
        cases=_CASES,
        params={"open": OPEN, "paid": PAID},
        policies={"entry": "first", "record": "one_per_programme"},
        case_name="records",
        source="M37; Q22, Q23, R14, R15",
    )
