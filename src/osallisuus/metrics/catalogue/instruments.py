"""What the metrics of outcomes share: the period of taking part, the instrument, its waves."""

from __future__ import annotations

from osallisuus.errors import DefinitionError
from osallisuus.model.instruments import REGISTRY
from osallisuus.model.scales import Scale

__all__ = ["PARTIAL", "asked", "nearest_episode", "scale_of"]

PARTIAL = {"partial": ("in", "out")}
"""``partial=out``: scores in which some answers are missing are left out."""

_EPISODES = """begun AS (
  SELECT id, person, group_id, ended_on, planned_end_on, ending,
    COALESCE(started_on, offered_on, interviewed_on, informed_on, reached_on) AS begun_on
  FROM enrollments),
episodes AS (
  SELECT person, at_, enrollment, group_id,
    CASE WHEN ending = 'died' THEN NULL WHEN ended_on IS NOT NULL OR planned_end_on < :as_of
      THEN 1 ELSE 0 END AS due
  FROM (
    SELECT p.person AS person, p.at_ AS at_, b.id AS enrollment, b.group_id AS group_id,
      b.ended_on AS ended_on, b.planned_end_on AS planned_end_on, b.ending AS ending,
      ROW_NUMBER() OVER (PARTITION BY p.person, p.at_ ORDER BY
        CASE WHEN b.begun_on <= p.at_ THEN 0 ELSE 1 END,
        ABS(days_between(b.begun_on, p.at_)), b.id) AS rank_
    FROM ({people}) AS p JOIN begun AS b ON b.person = p.person AND b.begun_on IS NOT NULL)
  AS ranked WHERE rank_ = 1)"""


def nearest_episode(people: str) -> str:
    """Two relations of SQL, ``begun`` and ``episodes``, for the rows person, at_ of *people*.

    Who is read belongs to the period of taking part that began nearest to that day, best before
    it. ``due`` is 1 once that period has ended, by plan or in fact, and 0 before: then a second
    reading is due. Death makes none due: ``NULL``.
    """
    return _EPISODES.format(people=people)


def asked(instrument: str, scale: str, **waves: str) -> dict[str, str]:
    """The policies that say which readings a metric looks at."""
    return {"instrument": instrument, "scale": scale, **waves, "partial": "in"}


def scale_of(instrument: str, scale: str) -> Scale | None:
    """The scale, or ``None`` where the registry does not know the instrument or its scales.

    Raises :class:`DefinitionError` for a scale that a known instrument does not have, or that
    needs a licence.
    """
    known = REGISTRY.get(instrument)
    if known is None or not known.scales or scale == "each":
        return None
    found = known.scale(scale)
    if found.licensed:
        raise DefinitionError(
            f"{instrument} has no {scale} without a licence that allows it",
            where=f"{instrument}.{scale}",
            remedy="read it area by area, as recovery_star does",
        )
    return found
