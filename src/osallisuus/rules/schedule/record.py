"""A plan as plain values, for JSON, and its sessions back from them."""

from __future__ import annotations

from datetime import date
from typing import Any

import attrs

from osallisuus.errors import DefinitionError
from osallisuus.model.cadence import Cadence
from osallisuus.model.columns import TYPES
from osallisuus.model.stated import LOCALES, Text
from osallisuus.rules.schedule.planned import LeftOut, Plan, PlannedSession, Reason

__all__ = ["plan_record", "recorded_sessions"]


def plan_record(plan: Plan) -> dict[str, Any]:
    """*plan* as dictionaries, lists, texts and numbers; days and times as the facts write them."""
    last = plan.met[-1].day if plan.met else None
    return {
        "series": plan.series,
        "cadence": _cadence(plan.cadence),
        "starts_on": plan.starts_on.isoformat(),
        "ends_on": plan.ends_on and plan.ends_on.isoformat(),
        "on": [str(day) for day in plan.rule.on] if plan.rule else [],
        "zone": plan.timetable.zone,
        "promised": plan.promised and list(plan.promised),
        "asked": plan.asked,
        "first": plan.met[0].day.isoformat() if plan.met else None,
        "last": last and last.isoformat(),
        "span_days": plan.span_days,
        "nominal_days": plan.nominal_days and list(plan.nominal_days),
        "gross_minutes": plan.gross_minutes,
        "net_minutes": plan.net_minutes,
        "sessions": [_session(one) for one in plan.sessions],
        "left_out": [_left_out(one) for one in plan.left_out],
        "steps_without_session": [_text(one.title) for one in plan.steps_without_session],
    }


def recorded_sessions(record: Any) -> tuple[PlannedSession, ...]:
    """The sessions that :func:`plan_record` wrote: when they are, how long, where, and who leads.

    Raises :class:`DefinitionError` where *record* is not such a record.
    """
    try:
        return tuple(_read_session(record["series"], one) for one in record["sessions"])
    except (TypeError, KeyError, ValueError):
        pass
    raise DefinitionError(
        "this is no plan", where="plan", remedy="make it by osallisuus plan ... --as json"
    )


def _read_session(series: str, one: dict[str, Any]) -> PlannedSession:
    starts_at = one["starts_at"]
    return PlannedSession(
        series=series,
        place=one["place"],
        rule_on=date.fromisoformat(one["rule_on"]),
        day=date.fromisoformat(one["day"]),
        starts_at=starts_at and TYPES["local_time"].read(starts_at),
        minutes=one["minutes"],
        break_minutes=None,
        room=one["room"],
        facilitators=tuple(one["facilitators"]),
        status=one["status"],
        theme=one["theme"],
    )


def _cadence(cadence: Cadence) -> dict[str, Any]:
    return {"kind": cadence.kind, **attrs.asdict(cadence)}


def _session(one: PlannedSession) -> dict[str, Any]:
    return {
        "id": one.id,
        "place": one.place,
        "rule_on": one.rule_on.isoformat(),
        "day": one.day.isoformat(),
        "starts_at": one.starts_at and TYPES["local_time"].write(one.starts_at),
        "minutes": one.minutes,
        "net_minutes": one.net_minutes,
        "room": one.room,
        "facilitators": list(one.facilitators),
        "title": one.title and _text(one.title),
        "theme": one.theme,
        "status": one.status,
        "reasons": [_reason(reason) for reason in one.reasons],
    }


def _left_out(one: LeftOut) -> dict[str, Any]:
    return {
        "place": one.place,
        "starts_on": one.days.starts_on.isoformat(),
        "ends_on": one.days.ends_on.isoformat(),
        "reason": _reason(one.reason),
    }


def _reason(reason: Reason) -> dict[str, Any]:
    closure = reason.closure
    text = closure.reason if closure else reason.text
    return {
        "code": reason.code,
        "policy": closure and closure.policy,
        "holiday": closure and closure.holiday,
        "text": text and _text(text),
    }


def _text(text: Text) -> dict[str, str]:
    return {code: words for code in LOCALES if (words := getattr(text, code))}
