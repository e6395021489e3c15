"""Whom to encourage before a group starts: interviewed, offered a place, and not called of late.

The hardest step is to leave home (V6, V25). A reminder says that somebody waits and when there was
contact; it is no list of risks, holds no score, and is ordered by nothing but the person's id (U5).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta

from osallisuus.errors import DefinitionError
from osallisuus.model.facts import Enrollment
from osallisuus.rules.finding import Rows
from osallisuus.rules.interviews import interview_that_counts
from osallisuus.values import frozen

__all__ = ["Reminder", "reminders"]


@frozen(kw_only=True)
class Reminder:
    """Somebody who waits for the start of a group, to be called and encouraged."""

    person: str
    enrollment: str
    group: str | None
    starts_on: date | None
    """When the group starts; ``None`` where that is not known yet."""
    last_contact: date | None
    """The latest contact on record; ``None`` where there is none."""


def reminders(rows: Rows, program: str, *, on: date, days: int) -> tuple[Reminder, ...]:
    """Who, on the day *on*, waits for *program* without contact in the last *days* before the start.

    They were interviewed, have a place, have neither started nor withdrawn, and nobody has been in
    touch since *days* days before their group starts. Before that day nobody is due yet. Where the
    start is not known, the last *days* before *on* count. What happened after *on* is not looked
    at. The order is by the person's id.

    Raises :class:`DefinitionError` for fewer days than 1.
    """
    if days < 1:
        raise DefinitionError("not a number of days", where="days", remedy="give 1 or more")
    starts = {group.id: group.starts_on for group in rows.get("groups", ())}
    contacts = defaultdict(list)
    for contact in rows.get("contacts", ()):
        if contact.happened_on <= on:
            contacts[contact.person].append(contact)
    found = []
    for row in _waiting(rows, program, on):
        start = starts.get(row.group) if row.group is not None else None
        due = (start or on) - timedelta(days)
        if not due <= on <= (start or on):
            continue
        own = [one.happened_on for one in contacts[row.person] if one.enrollment in (None, row.id)]
        last = max(own, default=None)
        if last is None or last < due:
            found.append(
                Reminder(
                    person=row.person,
                    enrollment=row.id,
                    group=row.group,
                    starts_on=start,
                    last_contact=last,
                )
            )
    return tuple(sorted(found, key=lambda one: (one.person, one.enrollment)))


def _waiting(rows: Rows, program: str, on: date) -> Iterator[Enrollment]:
    """Enrolments with a place, by a decision of which the latest counts, that have not started."""
    interviews = defaultdict(list)
    for interview in rows.get("interviews", ()):
        if interview.program == program:
            interviews[interview.person].append(interview)
    row: Enrollment
    for row in rows.get("enrollments", ()):
        over = any(day is not None and day <= on for day in (row.started_on, row.ended_on))
        if row.program != program or over:
            continue
        interview = interview_that_counts(interviews[row.person], row, by=on)
        if interview is not None:
            has_place = interview.outcome == "place"
        else:
            steps = (row.interviewed_on, row.offered_on)
            has_place = all(day is not None and day <= on for day in steps)
        if has_place:
            yield row
