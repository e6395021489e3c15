"""Interviews: the human decision on a place. The latest one counts, and all are kept (V4, V5).

What code says of criteria (:mod:`osallisuus.rules.eligibility`) is no decision. A decision is an
:class:`~osallisuus.model.facts.Interview` with its outcome and whoever decided it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

from osallisuus.model.facts import Enrollment, Interview
from osallisuus.rules.finding import Finding, FindingRule, PlaceOf, Rows

__all__ = ["RULES", "interview_that_counts"]


def interview_that_counts(
    interviews: Iterable[Interview], enrollment: Enrollment, *, by: date = date.max
) -> Interview | None:
    """The latest interview of that person for that programme on or before the day *by*.

    One for another group than the enrolment's counts as well: it may have been about any.
    """
    own = (
        one
        for one in interviews
        if (one.person, one.program) == (enrollment.person, enrollment.program)
        and one.happened_on <= by
    )
    return max(own, key=lambda one: (one.happened_on, one.id), default=None)


def _interviewed_again(rows: Rows, place: PlaceOf) -> Iterator[Finding]:
    """Somebody was interviewed twice for the same group, or for no certain one."""
    found: dict[tuple[str, str, str | None], list[tuple[date, str, int]]] = defaultdict(list)
    for index, row in enumerate(rows.get("interviews", ())):
        found[row.person, row.program, row.group].append((row.happened_on, row.id, index))
    for same in found.values():
        for _, _, index in sorted(same)[1:]:
            yield Finding(
                "interviewed_again",
                "a further interview of this person for the same group; all are kept",
                place("interviews", index),
                "nothing to do where it was meant so: the latest one counts",
            )


def _interview_after_start(rows: Rows, place: PlaceOf) -> Iterator[Finding]:
    """An interview comes before the start that it decides on."""
    enrollments = defaultdict(list)
    for row in rows.get("enrollments", ()):
        if row.started_on is not None:
            enrollments[row.person, row.program].append(row)
    earliest: dict[tuple[str, str], date] = {}
    for row in rows.get("interviews", ()):
        key = row.person, row.program
        earliest[key] = min(row.happened_on, earliest.get(key, date.max))
    for index, row in enumerate(rows.get("interviews", ())):
        key = row.person, row.program
        # who was interviewed before any start may be interviewed again later
        begun = [one for one in enrollments[key] if one.started_on < earliest[key]]
        if any(
            row.happened_on <= (one.ended_on or date.max) and row.group in (None, one.group)
            for one in begun
        ):
            yield Finding(
                "interview_after_start",
                "the interview is after the start, and there is no earlier one",
                f"{place('interviews', index)}.happened_on",
                "correct one of the two days, or record the interview that came first",
            )


def _ended_by_nobody(rows: Rows, place: PlaceOf) -> Iterator[Finding]:
    """When an organiser ends somebody's taking part, the record says who decided it (Q2)."""
    for index, row in enumerate(rows.get("enrollments", ())):
        if row.ending == "ended_by_organizer" and row.decided_by is None:
            yield Finding(
                "decided_by_nobody",
                "the organiser ended this enrolment, but who decided it is not recorded",
                f"{place('enrollments', index)}.decided_by",
                "record who decided it, a person or a forum",
            )


RULES: Final[tuple[FindingRule, ...]] = (
    _interviewed_again,
    _interview_after_start,
    _ended_by_nobody,
)
"""Findings in the facts alone."""
