"""Whom to encourage before a start: offered a place or guidance, and not called of late.

The hardest step is to leave home (V6, V25). A reminder says that somebody waits and when there was
contact; it is no list of risks, holds no score, and is ordered by nothing but the person's id (U5).

Individual guidance has no interview: whoever was offered it waits for it. A community has gone on
before anybody comes and has no day of start; whoever has a place in it waits from the offer on.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from osallisuus.given import given_whole
from osallisuus.model.facts import Contact, Enrollment, Guidance
from osallisuus.rules.finding import Rows
from osallisuus.rules.interviews import interview_that_counts
from osallisuus.values import frozen

__all__ = ["COMMUNITY", "Reminder", "reminders"]

COMMUNITY: Final = "community"
"""The kind of a group that goes on and has no day of start for those who come to it."""


_MOST_DAYS: Final = 36_525


@frozen(kw_only=True)
class Reminder:
    """Somebody who waits for a start, to be called and encouraged.

    What they wait for is an enrolment, or else a case of individual guidance.
    """

    person: str
    enrollment: str | None = None
    guidance: str | None = None
    group: str | None = None
    starts_on: date | None = None
    """When the group starts; ``None`` where that is not known yet, or there is no such day."""
    last_contact: date | None = None
    """The latest contact on record; ``None`` where there is none."""


def reminders(rows: Rows, program: str, *, on: date, days: int) -> tuple[Reminder, ...]:
    """Who, on the day *on*, waits for *program* without contact in the last *days* before the start.

    They have a place or were offered guidance, have neither started nor withdrawn, and nobody has
    been in touch since *days* days before their group starts. Before that day nobody is due yet.
    Where there is no day of start, the last *days* before *on* count. What happened after *on* is
    not looked at. Whoever waits for guidance within an enrolment is there once. The order is by the
    person's id.

    Raises :class:`DefinitionError` for fewer days than 1, or more than a hundred years of them.
    """
    given_whole(days, "days", 1, _MOST_DAYS)
    starts = {
        group.id: group.starts_on for group in rows.get("groups", ()) if group.kind != COMMUNITY
    }
    contacts: dict[str, list[Contact]] = defaultdict(list)
    for contact in rows.get("contacts", ()):
        if contact.happened_on <= on:
            contacts[contact.person].append(contact)
    found = []
    for row in _waiting(rows, program, on):
        start = starts.get(row.group) if row.group is not None else None
        due = (start or on) - timedelta(days)
        last = _last_contact(contacts[row.person], {row.id})
        if due <= on <= (start or on) and (last is None or last < due):
            found.append(
                Reminder(
                    person=row.person,
                    enrollment=row.id,
                    group=row.group,
                    starts_on=start,
                    last_contact=last,
                )
            )
    for case, around in _waiting_for_guidance(rows, program, on):
        last = _last_contact(contacts[case.person], around)
        if last is None or last < on - timedelta(days):
            found.append(Reminder(person=case.person, guidance=case.id, last_contact=last))
    return tuple(
        sorted(found, key=lambda one: (one.person, one.enrollment or "", one.guidance or ""))
    )


def _last_contact(contacts: list[Contact], about: set[str]) -> date | None:
    """The latest contact about one of these enrolments, or about nothing certain."""
    own = [one.happened_on for one in contacts if one.enrollment in (None, *about)]
    return max(own, default=None)


def _waiting(rows: Rows, program: str, on: date) -> Iterator[Enrollment]:
    """Enrolments with a place that have not started: by the latest decision, or by the offer."""
    interviews = defaultdict(list)
    for interview in rows.get("interviews", ()):
        if interview.program == program:
            interviews[interview.person].append(interview)
    row: Enrollment
    for row in rows.get("enrollments", ()):
        if row.program != program or _is_over(row.started_on, row.ended_on, on):
            continue
        interview = interview_that_counts(interviews[row.person], row, by=on)
        if interview is not None:
            has_place = interview.outcome == "place"
        else:
            # a programme without interviews offers a place all the same
            has_place = row.offered_on is not None and row.offered_on <= on
        if has_place:
            yield row


def _waiting_for_guidance(
    rows: Rows, program: str, on: date
) -> Iterator[tuple[Guidance, set[str]]]:
    """Cases offered and not begun, each with its person's enrolments in the programme.

    Nobody is there whose enrolment waits itself.
    """
    waiting = {row.person for row in _waiting(rows, program, on)}
    around: dict[str, set[str]] = defaultdict(set)
    for row in rows.get("enrollments", ()):
        if row.program == program:
            around[row.person].add(row.id)
    case: Guidance
    for case in rows.get("guidance", ()):
        offered = case.offered_on is not None and case.offered_on <= on
        over = _is_over(case.started_on, case.ended_on, on)
        if case.program == program and offered and not over and case.person not in waiting:
            yield case, around[case.person]


def _is_over(started_on: date | None, ended_on: date | None, on: date) -> bool:
    """Whether there is nothing to wait for any more."""
    return any(day is not None and day <= on for day in (started_on, ended_on))
