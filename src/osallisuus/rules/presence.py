"""Findings on presence: nobody is longer at a session than it lasts, or there before they start."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from osallisuus.rules.finding import Finding, FindingRule, PlaceOf, Rows

__all__ = ["RULES"]


def _longer_than_the_session(rows: Rows, place: PlaceOf) -> Iterator[Finding]:
    """Minutes at a session are of its minutes; one without a length says nothing."""
    lasted = {
        session.id: session.minutes for session in rows.get("sessions", ()) if session.minutes
    }
    for index, row in enumerate(rows.get("attendance", ())):
        if row.minutes is not None and row.minutes > lasted.get(row.session, row.minutes):
            yield Finding(
                "longer_than_the_session",
                "more minutes are recorded than the session lasted",
                f"{place('attendance', index)}.minutes",
                "correct the minutes of one of the two",
            )


def _never_started(rows: Rows, place: PlaceOf) -> Iterator[Finding]:
    """Whoever is present in a group as a participant has started there, at some time."""
    started: dict[tuple[str, str | None], bool] = {}
    for row in rows.get("enrollments", ()):
        key = row.person, row.group
        started[key] = started.get(key, False) or row.started_on is not None
    members = {(row.person, row.group) for row in rows.get("memberships", ())}
    never = {key for key, has_started in started.items() if not has_started} - members
    if not never:
        return
    group_of = {session.id: session.group for session in rows.get("sessions", ())}
    for index, row in enumerate(rows.get("attendance", ())):
        if row.status == "present" and row.acting_as is None:
            key = row.person, group_of.get(row.session)
            if key in never:
                never.remove(key)  # once for each person and group: the start is what is missing
                yield Finding(
                    "present_and_never_started",
                    "present in a group in which this person's start is not recorded",
                    f"{place('attendance', index)}.person",
                    "record the day on which they started, or correct the attendance",
                )


RULES: Final[tuple[FindingRule, ...]] = (_longer_than_the_session, _never_started)
"""Findings in the facts alone."""
