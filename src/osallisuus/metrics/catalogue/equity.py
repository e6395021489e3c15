"""Whether a programme serves people alike, whoever they are and wherever they meet."""

from attrs import evolve

from osallisuus.metrics.kinds import Gap, Spread

__all__ = ["EQUITY_GAP", "SPREAD", "equity_gap"]

# Each arm against all others; who has not said is an arm. A trait is what a person has said of
# themselves last.
EQUITY_GAP = Gap(
    name="equity_gap",
    cases="""
SELECT e.person AS person, e.id AS enrollment, e.group_id AS group_id,
  e.started_on AS happened_on,
  CASE WHEN :arm = 'aim' THEN e.aim WHEN :arm = 'channel' THEN e.channel
    WHEN :arm = 'place' THEN g.place WHEN :arm = 'setting' THEN g.setting
    WHEN :arm = 'trait' THEN t.value END AS arm,
  days_between(e.started_on, COALESCE(e.ended_on, :last_day)) AS days,
  CASE WHEN e.ended_on IS NOT NULL THEN COALESCE(e.ending, 'not_stated') END AS event
FROM enrollments AS e
LEFT JOIN groups AS g ON g.id = e.group_id
LEFT JOIN (
  SELECT person, value, ROW_NUMBER() OVER (
    PARTITION BY person ORDER BY since DESC, id DESC) AS newest
  FROM traits WHERE name = :trait) AS t ON t.person = e.person AND t.newest = 1
WHERE e.started_on IS NOT NULL""",
    params={"trait": "gender"},
    policies={"arm": "aim", "denominator": "started", "episodes": "each"},
    choices={"arm": ("aim", "channel", "place", "setting", "trait")},
    source="Q1, M40; Y3, W22",
)


def equity_gap(trait: str) -> Gap:
    """The equity gap by what people have said of themselves, such as ``gender``."""
    metric: Gap = evolve(EQUITY_GAP.under(arm="trait"), params={"trait": trait})
    return metric


SPREAD = Spread(
    name="spread",
    cases="""
SELECT person, id AS enrollment, group_id, started_on AS happened_on, group_id AS cluster,
  CASE WHEN ended_on IS NULL THEN NULL WHEN ending = 'completed' THEN 1 ELSE 0 END AS hit
FROM enrollments
WHERE started_on IS NOT NULL""",
    policies={"denominator": "started", "episodes": "each", "open_groups": "out"},
    source="Q2",
)
