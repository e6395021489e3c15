"""Plans and facts: planned sessions become records, and what was recorded comes back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from attrs import evolve

from osallisuus.errors import DefinitionError
from osallisuus.model.facts import Attendance, Session
from osallisuus.rules.schedule.planned import Plan, PlannedSession, Status

__all__ = ["to_sessions", "with_sessions"]


def to_sessions(
    plan: Plan, *, group: str, kind: str, earlier: Iterable[Session] = ()
) -> tuple[Session, ...]:
    """The sessions of *plan* as records of *group*, to be stored.

    What a session is about by the plan becomes its planned theme. *earlier* are records that are
    stored already: their themes are kept, and one that was held is given back unchanged. Raises :class:`DefinitionError` where a session has no clock time or length.
    """
    stored = {one.id: one for one in earlier}
    return tuple(_record(one, group, kind, stored.get(one.id)) for one in plan.sessions)


def _record(one: PlannedSession, group: str, kind: str, stored: Session | None) -> Session:
    if stored is not None and one.status == "held":
        return stored
    if one.starts_at is None or one.minutes is None:
        raise DefinitionError(
            "a record of a session needs its clock time and length",
            where=one.id,
            remedy="give Timetable(at=..., minutes=...)",
        )
    if stored is not None:
        changed: dict[str, Any] = {
            "starts_at": one.starts_at,
            "minutes": one.minutes,
            "status": one.status,
            "planned_theme": stored.planned_theme or one.theme,
        }
        return Session(**(stored.describe() | changed))
    return Session(
        id=one.id,
        group=group,
        kind=kind,
        starts_at=one.starts_at,
        minutes=one.minutes,
        status=one.status,
        planned_theme=one.theme,
    )


def with_sessions(
    plan: Plan, sessions: Iterable[Session], attendance: Iterable[Attendance] = ()
) -> Plan:
    """*plan* as its sessions were recorded: when they are, how long, held or cancelled, what about.

    A session for which anybody's attendance is recorded counts as held. Records with other ids are
    no part of the plan; sessions without a record stay as they are planned.
    """
    recorded = {one.id: one for one in sessions}
    attended = {one.session for one in attendance}
    found = (_as_recorded(one, recorded.get(one.id), attended) for one in plan.sessions)
    return evolve(plan, sessions=tuple(sorted(found, key=lambda one: (one.day, one.place))))


def _as_recorded(
    one: PlannedSession, recorded: Session | None, attended: set[str]
) -> PlannedSession:
    if recorded is None:
        return one
    status: Status = "planned"
    if recorded.status == "held" or recorded.id in attended:
        status = "held"
    elif recorded.status == "cancelled":
        status = "cancelled"
    title, theme = one.title, recorded.planned_theme or one.theme
    if theme != one.theme:
        title = None  # it is no longer the step of the outline
    return evolve(
        one,
        title=title,
        theme=theme,
        day=recorded.starts_at.date(),
        starts_at=recorded.starts_at,
        minutes=recorded.minutes,
        status=status,
    )
