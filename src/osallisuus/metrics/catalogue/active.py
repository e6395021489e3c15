"""Time in which somebody is active, in SQL: overlaps count once, and pauses not at all."""

__all__ = ["ACTIVE"]

ACTIVE = """
bounds AS (
  SELECT person, starts_on AS day FROM spans
  UNION SELECT person, ends_on FROM spans WHERE ends_on IS NOT NULL
  UNION SELECT h.person, p.starts_on FROM spans AS h JOIN pauses AS p ON p.of_id = h.id
  UNION SELECT h.person, p.ends_on FROM spans AS h JOIN pauses AS p ON p.of_id = h.id
  WHERE p.ends_on IS NOT NULL),
pieces AS (
  SELECT person, day AS starts_on, LEAD(day) OVER (PARTITION BY person ORDER BY day) AS ends_on
  FROM bounds),
active AS (
  SELECT DISTINCT x.person AS person, x.starts_on AS starts_on, x.ends_on AS ends_on
  FROM pieces AS x JOIN spans AS h ON h.person = x.person
    AND h.starts_on <= x.starts_on AND (h.ends_on IS NULL OR h.ends_on > x.starts_on)
  WHERE NOT EXISTS (
    SELECT 1 FROM pauses AS p WHERE p.of_id = h.id
    AND p.starts_on <= x.starts_on AND (p.ends_on IS NULL OR p.ends_on > x.starts_on)))"""
"""From ``spans`` (id, person, starts_on, ends_on) to ``active`` (person, starts_on, ends_on).

Between two neighbouring days on which anything of a person begins or ends nothing changes. Such a
piece is active when one of the spans holds it that is not paused; pieces do not overlap.
"""
