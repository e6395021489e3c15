"""Surveys in waves whose answers are not linked: the means of whole groups, and their difference.

As with the other outcomes, each metric comes from the function of its name.
"""

from __future__ import annotations

from osallisuus.metrics.catalogue.instruments import PARTIAL, asked, scale_of
from osallisuus.metrics.kinds import WaveChange
from osallisuus.model.instruments import REGISTRY
from osallisuus.rules.scoring import FEWEST_FORMS, Missing, needed_answers

__all__ = ["ESIS", "SURVEY_CHANGE", "esis", "survey_change"]

# One form per person and wave, the last one; a form of nobody known stands for itself.
_FORMS = """forms AS (
  SELECT id, person, group_id, happened_on, wave FROM (
    SELECT a.id AS id, COALESCE(a.person, a.id) AS person, a.group_id AS group_id,
      a.happened_on AS happened_on,
      CASE WHEN a.wave = :before THEN 'before' ELSE 'after' END AS wave,
      ROW_NUMBER() OVER (PARTITION BY COALESCE(a.person, a.id), a.wave
        ORDER BY a.happened_on DESC, a.id DESC) AS rank_
    FROM assessments AS a
    WHERE a.instrument = :instrument AND (a.wave = :before OR a.wave = :after)) AS ranked
  WHERE rank_ = 1)"""

_VALUES = f"""
WITH {_FORMS}
SELECT f.person AS person, f.id AS case_id, f.group_id AS group_id, f.happened_on AS happened_on,
  f.wave AS wave, MAX(CASE WHEN s.completeness <> 'not_computable'
    AND (:partial = 'in' OR s.completeness = 'complete') THEN s.value END) AS total,
  1 AS answered
FROM forms AS f LEFT JOIN scores AS s ON s.assessment = f.id AND s.scale = :scale
GROUP BY f.person, f.id, f.group_id, f.happened_on, f.wave"""

# answers on the form's own items only, each once
_SUMS = """
WITH {forms},
points AS (
  SELECT form, item, MAX(number) AS number FROM answers
  WHERE number IN ({points}) AND item IN ({items}) GROUP BY form, item)
SELECT f.person AS person, f.id AS case_id, f.group_id AS group_id, f.happened_on AS happened_on,
  f.wave AS wave, SUM(p.number) AS total, COUNT(p.number) AS answered
FROM forms AS f LEFT JOIN points AS p ON p.form = f.id
GROUP BY f.person, f.id, f.group_id, f.happened_on, f.wave"""


def survey_change(
    instrument: str = "client_survey",
    scale: str = "total",
    *,
    before: str = "start",
    after: str = "end",
) -> WaveChange:
    """The means of two survey waves whose answers are not linked, and their difference (M25)."""
    scale_of(instrument, scale)
    known = REGISTRY.get(instrument)
    groups_only = known is not None and known.allowed_level == "group"
    return WaveChange(
        name="survey_change",
        cases=_VALUES,
        fewest_forms=FEWEST_FORMS if groups_only else 1,
        policies=asked(instrument, scale, before=before, after=after),
        choices=PARTIAL,
        source="M25; Y30",
    )


def esis(*, missing: Missing = "complete", before: str = "start", after: str = "end") -> WaveChange:
    """The mean of the Experiences of Social Inclusion Scale in two waves, for groups only (O4).

    ``100 Σ(x - 1) / 40`` over ten answers 1 to 5, from the facts of ``answers``. *missing* is the
    rule for forms with fewer answers, since the instrument's owner states none: all ten, or at
    least so many, and then the mean of the given answers stands in for the rest. Fewer than five
    forms have no mean.
    """
    instrument = REGISTRY["esis"]
    scale = instrument.scale("total")
    needed = needed_answers(instrument, scale, missing)
    points = instrument.items[0].points
    return WaveChange(
        name="esis",
        cases=_SUMS.format(
            forms=_FORMS,
            points=", ".join(map(str, points)),
            items=", ".join(f"'{item.code}'" for item in instrument.items),
        ),
        scale=scale,
        fewest_answers=needed,
        fewest_forms=FEWEST_FORMS,
        policies={
            "instrument": "esis",
            "before": before,
            "after": after,
            "missing": "all_ten" if needed == len(scale.items) else f"at_least_{needed}",
        },
        source="O4; M27, Q21",
    )


SURVEY_CHANGE = survey_change()
ESIS = esis()
