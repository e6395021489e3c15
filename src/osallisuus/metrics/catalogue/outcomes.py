"""What changed for people: two readings of the same person, never of two crowds.

Every metric here comes from a function of the same name, which is the one way to ask of another
instrument, scale or wave: ``outcome_change("barc10", before="intake", after="six_months")``. The
metric that is registered is what the function gives without arguments. What was chosen is a
policy of the metric, printed with every figure.
"""

from __future__ import annotations

from osallisuus.errors import DefinitionError
from osallisuus.metrics.catalogue.instruments import PARTIAL, asked, nearest_episode, scale_of
from osallisuus.metrics.kinds import PairedChange, ReliableChange, ScreenedProportion
from osallisuus.model.instruments import REGISTRY
from osallisuus.model.scales import Better, Norms

__all__ = [
    "FOLLOW_UP",
    "OUTCOME_CHANGE",
    "OUTCOME_PHASES",
    "RECOVERY_STAR",
    "RELIABLE_CHANGE",
    "follow_up",
    "outcome_change",
    "outcome_phases",
    "recovery_star",
    "reliable_change",
]

_OPEN = {"entry": "open"}
_CHOICES = {"entry": ("open", "by_score"), **PARTIAL}
"""``entry=by_score``: people came in because of a high (or low) reading. ``partial=out``: scores
with missing answers are left out."""

# A reading is a score with a value; each person is read once before and once after: first and
# last. Both must be of one version of the instrument, in which the way of rating is named too.
_READINGS = """readings AS (
  SELECT a.person AS person, a.wave AS wave, a.instrument_version AS version,
    a.happened_on AS happened_on, s.id AS id, s.scale AS scale, s.value AS value
  FROM assessments AS a JOIN scores AS s ON s.assessment = a.id
  WHERE a.instrument = :instrument AND a.person IS NOT NULL AND s.value IS NOT NULL
    AND (s.scale = :scale OR (:scale = 'each' AND s.scale <> 'total'))
    AND s.completeness <> 'not_computable' AND (:partial = 'in' OR s.completeness = 'complete')),
firsts AS (
  SELECT person, scale, version, happened_on, value FROM (
    SELECT person, scale, version, happened_on, value, ROW_NUMBER() OVER (
      PARTITION BY person, scale ORDER BY happened_on, id) AS rank_
    FROM readings WHERE wave = :before) AS ranked WHERE rank_ = 1)"""

_LATER = """{name} AS (
  SELECT person, scale, value FROM (
    SELECT f.person AS person, f.scale AS scale, r.value AS value, ROW_NUMBER() OVER (
      PARTITION BY f.person, f.scale ORDER BY r.happened_on DESC, r.id DESC) AS rank_
    FROM firsts AS f JOIN readings AS r ON r.person = f.person AND r.scale = f.scale
      AND r.version = f.version AND r.wave = :{name} AND r.happened_on >= f.happened_on)
  AS ranked WHERE rank_ = 1)"""

_READ = "SELECT DISTINCT person, happened_on AS at_ FROM firsts"
# nobody without a known period of taking part is said to have missed anything
_DUE = "CASE WHEN e.person IS NULL THEN 0 ELSE e.due END AS due"
_PLACE = "f.person AS person, e.enrollment AS enrollment, e.group_id AS group_id"
_WHERE_READ = "LEFT JOIN episodes AS e ON e.person = f.person AND e.at_ = f.happened_on"

_PAIRS = f"""
WITH {_READINGS},
{_LATER.format(name="after")},
{nearest_episode(_READ)}
SELECT {_PLACE}, f.happened_on AS happened_on,
  CASE WHEN :scale = 'each' THEN f.scale END AS part, f.value AS before, l.value AS after, {_DUE}
FROM firsts AS f
LEFT JOIN after AS l ON l.person = f.person AND l.scale = f.scale
{_WHERE_READ}"""

# the same people in every phase: who lacks one reading is in none of the changes
_PHASES = f"""
WITH {_READINGS},
{_LATER.format(name="during")},
{_LATER.format(name="after")},
{nearest_episode(_READ)},
phases AS (
  SELECT {_PLACE}, f.happened_on AS happened_on, f.value AS value, {_DUE},
    CASE WHEN l.value IS NOT NULL THEN m.value END AS during,
    CASE WHEN m.value IS NOT NULL THEN l.value END AS after
  FROM firsts AS f
  LEFT JOIN during AS m ON m.person = f.person AND m.scale = f.scale
  LEFT JOIN after AS l ON l.person = f.person AND l.scale = f.scale
  {_WHERE_READ})
SELECT person, enrollment, group_id, happened_on, 'middle' AS part, value AS before,
  during AS after, due FROM phases
UNION ALL
SELECT person, enrollment, group_id, happened_on, 'last', value, after, due FROM phases"""

_FOLLOWED = f"""
WITH {_READINGS},
{_LATER.format(name="after")},
{nearest_episode(_READ)}
SELECT {_PLACE}, f.happened_on AS happened_on,
  CASE WHEN l.value IS NOT NULL THEN 1 WHEN e.due = 1 THEN 0 END AS hit,
  CASE WHEN e.person IS NOT NULL AND e.due IS NULL THEN 1 ELSE 0 END AS denominator_exception
FROM firsts AS f
LEFT JOIN after AS l ON l.person = f.person AND l.scale = f.scale
{_WHERE_READ}"""


def outcome_change(
    instrument: str = "audit", scale: str = "total", *, before: str = "start", after: str = "end"
) -> PairedChange:
    """How much the readings of the same people changed from one wave to another (O1)."""
    _refuse_groups_only(instrument)
    lowest, highest = _ends(instrument, scale)
    return PairedChange(
        name="outcome_change",
        cases=_PAIRS,
        lowest=lowest,
        highest=highest,
        policies=asked(instrument, scale, before=before, after=after) | _OPEN,
        choices=_CHOICES,
        source="O1; M25, M26",
    )


def outcome_phases(
    instrument: str = "audit",
    scale: str = "total",
    *,
    before: str = "start",
    during: str = "mid",
    after: str = "end",
) -> PairedChange:
    """The change up to a middle wave and up to the last one, of the people who are in all three."""
    _refuse_groups_only(instrument)
    return PairedChange(
        name="outcome_phases",
        cases=_PHASES,
        standardised=False,
        policies=asked(instrument, scale, before=before, during=during, after=after) | _OPEN,
        choices=_CHOICES,
        source="O1, E.5; M25",
    )


def reliable_change(
    instrument: str = "audit",
    scale: str = "total",
    *,
    norms: Norms | None = None,
    better: Better | None = None,
    before: str = "start",
    after: str = "end",
) -> ReliableChange:
    """Who changed by more than the instrument's own inaccuracy explains (O2).

    *norms* are the published standard deviation and reliability with their source; without them
    every figure is undefined. Raises :class:`DefinitionError` for an instrument that may describe
    groups only, and where nobody says which way is for the better, or *better* says another way
    than the instrument does.
    """
    _refuse_groups_only(instrument)
    found = scale_of(instrument, scale)
    direction = better or (found.better if found else None)
    if direction is None:
        raise DefinitionError(
            "it is not known which way is for the better",
            where=f"reliable_change: {instrument}.{scale}",
            remedy='say better="higher" or better="lower"',
        )
    if found is not None and found.better not in (None, direction):
        raise DefinitionError(
            f"of this instrument {found.better} is for the better",
            where=f"reliable_change: {instrument}.{scale}",
            remedy="leave better out",
        )
    lowest, highest = _ends(instrument, scale)
    return ReliableChange(
        name="reliable_change",
        cases=_PAIRS,
        norms=norms,
        better=direction,
        lowest=lowest,
        highest=highest,
        policies=asked(instrument, scale, before=before, after=after) | _OPEN,
        choices=_CHOICES,
        source="O2; M28",
    )


def recovery_star(*, before: str = "start", after: str = "end") -> PairedChange:
    """The profile of the ten areas before and after, and the moves between stages (O5).

    Area by area, and never one number over all: the areas are no sum, and no area is a goal of
    everybody. Readings of two versions, or of two ways of rating, are no pair.
    """
    area = REGISTRY["recovery_star"].scale("area_1")
    return PairedChange(
        name="recovery_star",
        cases=_PAIRS,
        stages=tuple(band.low for band in area.bands),
        standardised=False,
        policies=asked("recovery_star", "each", before=before, after=after) | _OPEN,
        choices=_CHOICES,
        source="O5; M26, Y31",
    )


def follow_up(
    instrument: str = "audit", scale: str = "total", *, before: str = "start", after: str = "end"
) -> ScreenedProportion:
    """How many of those whose second reading is due have one (O6).

    Who died before it is an exception: no second reading was missed.
    """
    _refuse_groups_only(instrument)
    return ScreenedProportion(
        name="follow_up",
        cases=_FOLLOWED,
        policies=asked(instrument, scale, before=before, after=after) | {"due": "when_ended"},
        choices=PARTIAL,
        source="O6",
    )


def _refuse_groups_only(instrument: str) -> None:
    known = REGISTRY.get(instrument)
    if known is not None and known.allowed_level == "group":
        raise DefinitionError(
            f"{instrument} may describe groups only: nobody's change is read from it",
            where=instrument,
            remedy="compare the means of groups, as esis and survey_change do",
        )


def _ends(instrument: str, scale: str) -> tuple[int | None, int | None]:
    found = scale_of(instrument, scale)
    return (None, None) if found is None else found.range


OUTCOME_CHANGE = outcome_change()
OUTCOME_PHASES = outcome_phases()
RELIABLE_CHANGE = reliable_change()
RECOVERY_STAR = recovery_star()
FOLLOW_UP = follow_up()
