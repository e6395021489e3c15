"""Changing a series: this session, this and the following ones, or all of them.

Whatever was held stays as it was held, and so does what was cancelled: people have been told. Ids
stay too, so attendance that is recorded for a session still belongs to it.
"""

from __future__ import annotations

from datetime import date, time
from typing import Any, Final, Literal, TypeAlias, get_args

from attrs import evolve

from osallisuus.errors import DefinitionError
from osallisuus.given import given_word
from osallisuus.model.stated import Text
from osallisuus.rules.schedule.clock import local_moment
from osallisuus.rules.schedule.closures import closed_days
from osallisuus.rules.schedule.days import OnDay
from osallisuus.rules.schedule.plan import Limits, unfold
from osallisuus.rules.schedule.planned import LeftOut, Plan, PlannedSession, Reason
from osallisuus.rules.schedule.rule import Rule, rule_of
from osallisuus.rules.schedule.timetable import zone_of
from osallisuus.time import Period, add_months
from osallisuus.values import frozen

__all__ = ["Scope", "SessionChange", "edit"]

Scope: TypeAlias = Literal["this", "following", "all"]

_TERMS: Final = ("at", "minutes", "break_minutes", "room", "facilitators")


@frozen(kw_only=True)
class SessionChange:
    """What becomes different; ``None`` leaves it as it is."""

    day: date | None = None
    """Another day, for one session."""
    on: tuple[OnDay, ...] | None = None
    """Other days of the rule, as many as before, for following or all."""
    at: time | None = None
    minutes: int | None = None
    break_minutes: int | None = None
    room: str | None = None
    facilitators: tuple[str, ...] | None = None
    cancelled: bool = False
    why: Text | None = None
    """In a person's own words, for those who ask."""

    @property
    def terms(self) -> dict[str, Any]:
        """The fields of a timetable that change."""
        stated = {name: getattr(self, name) for name in _TERMS}
        return {name: value for name, value in stated.items() if value is not None}


def edit(
    plan: Plan,
    place: int,
    change: SessionChange,
    scope: Scope = "this",
    limits: Limits | None = None,
) -> Plan:
    """*plan* with the session of that *place* changed, or all from there on, or all.

    Following or all are made anew, also where a single one of them had been changed before.
    Raises :class:`DefinitionError` where there is no such session, it was held or cancelled, the
    new day is closed or taken, or the change does not suit the scope.
    """
    given_word(scope, "scope", get_args(Scope))
    session = next((one for one in plan.sessions if one.place == place), None)
    if session is None or plan.rule is None:  # without a rule there are no sessions
        raise DefinitionError("no such session", where=f"place {place}", remedy="see plan.sessions")
    if scope == "this":
        return _replaced(plan, {place: _one(plan, session, change)})
    first = place if scope == "following" else 1
    if change.day is not None:
        raise DefinitionError(
            "one day for several sessions", where="day", remedy="change one, or give other days: on"
        )
    if change.cancelled:
        changed = [one for one in plan.sessions if one.place >= first and one.status == "planned"]
        return _replaced(plan, {one.place: _cancelled(one, change) for one in changed})
    return _again(plan, plan.rule, first, change, limits or Limits())


def _replaced(plan: Plan, changed: dict[int, PlannedSession]) -> Plan:
    sessions = (changed.get(one.place, one) for one in plan.sessions)
    return evolve(plan, sessions=tuple(sorted(sessions, key=lambda one: (one.day, one.place))))


def _cancelled(session: PlannedSession, change: SessionChange) -> PlannedSession:
    reasons = (*session.reasons, Reason("edited", text=change.why))
    return evolve(session, status="cancelled", reasons=reasons)


def _one(plan: Plan, session: PlannedSession, change: SessionChange) -> PlannedSession:
    if session.status != "planned":
        raise DefinitionError(
            f"the session is {session.status} and stays as it is",
            where=session.id,
            remedy="change a session that is planned",
        )
    if change.on is not None:
        raise DefinitionError("days of a rule for one session", where="on", remedy="give its day")
    if change.cancelled:
        return _cancelled(session, change)
    day = change.day or session.day
    if day != session.day:
        _free(plan, session, day)
    # what no timetable may say, no session may be changed to
    lengths = {"minutes": session.minutes, "break_minutes": session.break_minutes}
    evolve(plan.timetable, **(lengths | change.terms))
    terms = change.terms
    at = terms.pop("at", session.starts_at and session.starts_at.time())
    reasons = (*session.reasons, Reason("edited", text=change.why))
    starts_at = session.starts_at
    if at is not None and (day != session.day or "at" in change.terms):
        table = plan.timetable
        starts_at, clock = local_moment(day, at, zone_of(table.zone), table.gap, table.fold)
        reasons += (Reason(clock),) if clock else ()
    return evolve(session, day=day, starts_at=starts_at, reasons=reasons, **terms)


def _free(plan: Plan, session: PlannedSession, day: date) -> None:
    closed = closed_days(plan.closures, Period(day, add_months(day, 1)))
    if day in closed:
        raise DefinitionError("that day is closed", where=f"{day}", remedy="choose another day")
    if any(other.place != session.place for other in plan.on(day)):
        raise DefinitionError(
            "the series has a session on that day", where=f"{day}", remedy="choose another day"
        )


def _again(plan: Plan, rule: Rule, first: int, change: SessionChange, limits: Limits) -> Plan:
    """The plan made again from the place *first* on, by a changed timetable."""
    table = evolve(plan.timetable, **change.terms)
    if change.on is not None:
        if len(change.on) != len(rule.on):
            raise DefinitionError(
                "another number of sessions",
                where="on",
                remedy=f"name {len(rule.on)}; for more or fewer end this plan and make another",
            )
        table = evolve(table, on=change.on)
        # the third session stays the third, also where its new weekday lies before the start
        chosen = rule_of(plan.cadence, plan.starts_on, table)
        rule = evolve(rule, on=chosen.on) if chosen else rule
    kept: dict[int, PlannedSession | LeftOut] = {
        one.place: one for one in plan.sessions if one.place < first or one.status != "planned"
    }
    kept |= {one.place: one for one in plan.left_out if one.place and one.place < first}
    return unfold(evolve(plan, timetable=table, rule=rule), kept, limits)
