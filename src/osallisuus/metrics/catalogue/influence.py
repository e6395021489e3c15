"""What becomes of ideas, and of introductions to places that a person can make their own."""

from osallisuus.metrics.catalogue.reach import earliest
from osallisuus.metrics.kinds import Funnel, Steps

__all__ = ["IDEAS", "LINKAGE"]

# The credit of an idea is collective: cases are ideas, never people (X12, Y24). An idea that is
# not decided on yet is open, and one that is put off for later is open still; declining and
# withdrawing compete with being taken up. Telling back is owed to every idea that was decided on.
IDEAS = Steps(
    name="ideas",
    unit="case",
    steps=("decided", "accepted", "implemented", "told_back"),
    cases="""
WITH known AS (
  SELECT id, group_id, COALESCE(group_id, id) AS forum, raised_on, decided_on, implemented_on,
    told_back_on, CASE WHEN decided_on IS NULL THEN 'open' WHEN decision = 'accepted' THEN 'accepted'
      WHEN decision = 'later' THEN 'open' ELSE COALESCE(decision, 'not_stated') END AS decision
  FROM ideas)
SELECT id AS case_id, id AS idea, group_id, forum AS cluster, raised_on AS happened_on, 'decided' AS step,
  days_between(raised_on, COALESCE(decided_on, :last_day)) AS days,
  CASE WHEN decided_on IS NULL THEN NULL WHEN decision = 'withdrawn' THEN 'withdrawn'
    ELSE 'reached' END AS event
FROM known
UNION ALL
SELECT id, id, group_id, forum, raised_on, 'accepted',
  days_between(raised_on, CASE WHEN decision = 'open' THEN :last_day ELSE decided_on END),
  CASE decision WHEN 'open' THEN NULL WHEN 'accepted' THEN 'reached' ELSE decision END
FROM known
UNION ALL
SELECT id, id, group_id, forum, raised_on, 'implemented',
  days_between(decided_on, COALESCE(implemented_on, :last_day)),
  CASE WHEN implemented_on IS NOT NULL THEN 'reached' END
FROM known WHERE decision = 'accepted'
UNION ALL
SELECT id, id, group_id, forum, raised_on, 'told_back',
  days_between(decided_on, COALESCE(told_back_on, :last_day)),
  CASE WHEN told_back_on IS NOT NULL THEN 'reached' END
FROM known WHERE decision NOT IN ('open', 'withdrawn')""",
    policies={"origin": "collective", "put_off": "open", "cluster": "none"},
    choices={"cluster": ("none", "forum")},
    source="I1, M18; X12, Y24, W1",
)

# The person says what is an attachment; nothing says that somebody will not come any more.
LINKAGE = Funnel(
    name="linkage",
    stages=("introduced", "visited", "attached"),
    # NULLIF: unknown, and yet a day
    cases=f"""
SELECT person, id AS linkage, {earliest("introduced_on", "visited_on", "attached_on")}
  AS happened_on, introduced_on, visited_on, attached_on, NULLIF(introduced_on, introduced_on)
  AS closed_on
FROM linkages""",
    policies={"skipped_stages": "imputed", "waiting": "censored"},
    source="M34; K11",
)
