"""A plan of what a programme offers: its sessions, or one of its meetings."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from attrs import evolve

from osallisuus.errors import DefinitionError, did_you_mean
from osallisuus.model.cadence import Cadence
from osallisuus.model.offering import SessionPlan
from osallisuus.model.program import Program
from osallisuus.model.stated import NONE, each
from osallisuus.rules.schedule.closures import Closure
from osallisuus.rules.schedule.outline import with_outline
from osallisuus.rules.schedule.plan import Limits, plan
from osallisuus.rules.schedule.planned import Plan
from osallisuus.rules.schedule.timetable import Timetable
from osallisuus.values import frozen

__all__ = ["Offer", "offer_of", "other_series", "plan_program"]


@frozen
class Offer:
    """What can be planned of a programme: a cadence, and what its source says of the sessions."""

    cadence: Cadence
    sessions: SessionPlan | None = None

    @property
    def break_minutes(self) -> int | None:
        """All breaks together; ``None`` where they, or how long they are, are not stated."""
        breaks = self.sessions.breaks if self.sessions else None
        if breaks is NONE:
            return 0
        lengths = [one.minutes for one in each(breaks)]
        known = [minutes for minutes in lengths if minutes is not None]
        return sum(known) if lengths and len(known) == len(lengths) else None


def offer_of(program: Program, meeting: str | None = None) -> Offer:
    """The sessions of *program*, or its *meeting* of that code.

    Raises :class:`DefinitionError` with what can be planned instead where it states no cadence.
    """
    meetings = {one.code: one for one in each(program.meetings)}
    sessions = program.sessions if isinstance(program.sessions, SessionPlan) else None
    if meeting is not None and meeting not in meetings:
        raise DefinitionError(
            "no such meeting",
            where=f"program {program.name}",
            remedy=did_you_mean(meeting, meetings),
        )
    offered = sessions if meeting is None else meetings[meeting]
    if offered is not None and offered.cadence is not None:
        return Offer(offered.cadence, sessions if meeting is None else None)
    known = [code for code, one in meetings.items() if one.cadence is not None]
    raise DefinitionError(
        "the programme states no cadence of it",
        where=f"program {program.name}.{meeting or 'sessions'}",
        remedy=f"meetings with one: {', '.join(known)}" if known else "state its cadence first",
    )


def other_series(program: Program, meeting: str | None = None) -> tuple[str, ...]:
    """What else of *program* has a cadence: ``sessions``, and meetings by their codes."""
    found = [one.code for one in each(program.meetings) if one.cadence is not None]
    if isinstance(program.sessions, SessionPlan) and program.sessions.cadence is not None:
        found.insert(0, "sessions")
    return tuple(code for code in found if code != (meeting or "sessions"))


def plan_program(
    program: Program,
    start: date,
    timetable: Timetable | None = None,
    *,
    meeting: str | None = None,
    ends_on: date | None = None,
    closures: Iterable[Closure] = (),
    series: str = "",
    limits: Limits | None = None,
) -> Plan:
    """:func:`~osallisuus.rules.schedule.plan.plan` of what *program* offers from *start* on.

    Its breaks and its nominal duration are the programme's, where the *timetable* and *ends_on*
    do not say otherwise. Its outline, where it has one, says what each session is about.
    """
    offer = offer_of(program, meeting)
    timetable = timetable or Timetable()
    if timetable.break_minutes is None:
        timetable = evolve(timetable, break_minutes=offer.break_minutes)
    planned = plan(
        offer.cadence,
        start,
        timetable,
        ends_on=ends_on,
        closures=closures,
        nominal=offer.sessions.nominal_duration if offer.sessions else None,
        series=series,
        limits=limits,
    )
    return with_outline(planned, each(offer.sessions.outline) if offer.sessions else ())
