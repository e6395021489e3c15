"""The participants of a fund as a metric, so that their counts pass the disclosure gate.

The rules in words, and why each person counts or does not: :mod:`osallisuus.rules.funders`.
"""

from __future__ import annotations

from osallisuus.metrics.kinds import Count, MultiLabel
from osallisuus.rules.funders import EMPLOYMENT, NO_ANSWER, OPEN, PAID, STAFF, Indicator
from osallisuus.rules.leaving import FOUR_WEEKS

__all__ = ["fund_participants", "fund_results"]

_STAFF = ", ".join(f"'{role}'" for role in STAFF)

_COUNTED = f"""
  SELECT person, began_on, gone_on
  FROM (
    SELECT e.person AS person, e.started_on AS began_on, e.ended_on AS gone_on
    FROM enrollments AS e LEFT JOIN groups AS g ON g.id = e.group_id
    WHERE e.started_on IS NOT NULL
    AND COALESCE(g.kind, '') <> :open AND COALESCE(g.setting, '') <> :open
    UNION ALL
    SELECT r.person, r.starts_on, r.ends_on
    FROM roles AS r WHERE r.role = 'co_developer') AS entries
  WHERE NOT EXISTS (SELECT 1 FROM roles AS s WHERE s.person = entries.person
    AND s.role IN ({_STAFF}) AND s.starts_on <= entries.began_on
    AND (s.ends_on IS NULL OR s.ends_on > entries.began_on))
  AND NOT EXISTS (SELECT 1 FROM traits AS t WHERE t.person = entries.person
    AND t.name = :paid AND t.value = 'yes' AND t.since <= entries.began_on)"""

# an entry is a span of one moment: it is in the period in which it is
_ENTRIES = f"""
SELECT person, MIN(began_on) AS starts_on, MIN(began_on) AS ends_on
FROM ({_COUNTED}) AS counted
GROUP BY person"""

_LEAVING = """
WITH counted AS ({counted}),
gone AS (
  SELECT person, began_on, gone_on FROM (
    SELECT person, MIN(began_on) AS began_on, MAX(gone_on) AS gone_on, COUNT(*) AS entries,
      COUNT(gone_on) AS exits
    FROM counted GROUP BY person) AS all_of
  WHERE exits = entries),
said AS (
  SELECT g.person AS person,
    MAX(CASE WHEN t.value IN ({values}) THEN 1 ELSE 0 END) AS yes,
    MAX(CASE WHEN t.value = 'no' THEN 1 ELSE 0 END) AS no,
    MAX(CASE WHEN t.value = :no_answer THEN 1 ELSE 0 END) AS no_answer
  FROM gone AS g JOIN traits AS t ON t.person = g.person
  WHERE t.name = :trait AND days_between(g.gone_on, t.since) BETWEEN 0 AND :weeks
  GROUP BY g.person),
came AS (
  SELECT person, value FROM (
    SELECT g.person AS person, t.value AS value,
      ROW_NUMBER() OVER (PARTITION BY g.person ORDER BY t.since DESC, t.id DESC) AS from_last
    FROM gone AS g JOIN traits AS t ON t.person = g.person
    WHERE t.name = :employment AND t.since <= g.began_on) AS known
  WHERE from_last = 1)
SELECT g.person AS person, g.person AS case_id, g.gone_on AS happened_on,
  CASE WHEN s.yes = 1 THEN {compared}
    WHEN s.no = 1 THEN 'no'
    WHEN s.no_answer = 1 THEN 'no_answer'
    ELSE 'unknown' END AS label
FROM gone AS g
LEFT JOIN said AS s ON s.person = g.person
LEFT JOIN came AS c ON c.person = g.person"""

_COMPARED = """CASE WHEN c.value IN ({entered}) THEN 'yes'
      WHEN COALESCE(c.value, :no_answer) = :no_answer THEN 'unknown' ELSE 'no' END"""


def fund_participants() -> Count:
    """People who entered a project as its fund counts them: each once in a programme (Q22, Q23).

    Ask it with a programme and one period; by ``person.gender`` and ``person.<trait>`` it gives the
    lines of the fund's table.
    """
    return Count(
        name="fund_participants",
        cases=_ENTRIES,
        params={"open": OPEN, "paid": PAID},
        policies={"entry": "first", "record": "one_per_programme"},
        case_name="records",
        source="M37; Q22, Q23, R14, R15",
    )


def fund_results(indicator: Indicator) -> MultiLabel:
    """People who left a project, by one result on leaving (R22).

    Each has one label: ``yes``, ``no``, ``no_answer`` or ``unknown``; who was not asked, or came in
    a way that nobody recorded, is unknown. Which is which: :mod:`osallisuus.rules.leaving`.
    """
    compared = _COMPARED.format(entered=_quoted(indicator.entered))
    return MultiLabel(
        name="fund_results",
        cases=_LEAVING.format(
            counted=_COUNTED,
            values=_quoted(indicator.values),
            compared=compared if indicator.entered else "'yes'",
        ),
        params={
            "employment": EMPLOYMENT,
            "no_answer": NO_ANSWER,
            "open": OPEN,
            "paid": PAID,
            "trait": indicator.trait,
            "weeks": FOUR_WEEKS.days,
        },
        policies={"exit": "last", "record": "one_per_programme", "window": "four_weeks"},
        source="M37; R15, R22",
    )


def _quoted(codes: tuple[str, ...]) -> str:
    # codes of a definition that comes with the library; a code holds no quotation mark
    return ", ".join(f"'{code}'" for code in codes)
