"""Planned sessions of a programme, as text, JSON or iCalendar."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path

from attrs import evolve

from osallisuus.calendars.closures import read_closures
from osallisuus.calendars.holidays import finnish_holidays
from osallisuus.calendars.ics import plan_ics
from osallisuus.errors import DefinitionError, StoreError
from osallisuus.register import program_named
from osallisuus.rules.schedule.closures import Closure
from osallisuus.rules.schedule.days import day_of, weekday_of
from osallisuus.rules.schedule.plan import Limits
from osallisuus.rules.schedule.planned import Plan
from osallisuus.rules.schedule.program import plan_program
from osallisuus.rules.schedule.record import plan_record
from osallisuus.rules.schedule.say import plan_text
from osallisuus.rules.schedule.timetable import Timetable
from osallisuus.rules.schedule.why import why
from osallisuus.time import Period, add_months
from osallisuus.words import Words

__all__ = ["plan"]


def plan(arguments: argparse.Namespace) -> int:
    """``plan PROGRAM --start DATE``."""
    if arguments.out is not None and Path(arguments.out).exists():
        raise StoreError("the file is there already", where=arguments.out, remedy="name another")
    words = Words(arguments.locale)
    program = program_named(arguments.program)
    planned = plan_program(
        program,
        arguments.start,
        _timetable(arguments),
        meeting=arguments.meeting,
        ends_on=_end(arguments),
        closures=_closures(arguments),
        series=arguments.series,
    )
    if arguments.why is not None:
        print(why(planned, arguments.why, words))
        return 0
    content = _written(planned, arguments, words)
    if arguments.out is None:
        sys.stdout.buffer.write(content)
        return 0
    with Path(arguments.out).open("xb") as file:
        file.write(content)
    print(arguments.out)
    return 0


def _timetable(arguments: argparse.Namespace) -> Timetable:
    timetable = Timetable(
        on=tuple(day_of(text) for text in _each(arguments.weekday)),
        every=arguments.every,
        at=arguments.at,
        zone=arguments.zone,
        minutes=arguments.minutes,
        break_minutes=arguments.break_minutes,
        room=arguments.room,
        gap=arguments.gap,
        fold=arguments.fold,
    )
    weekdays = tuple(weekday_of(text) for text in _each(arguments.move_to))
    return evolve(timetable, move_to=weekdays) if weekdays else timetable


def _each(texts: Iterable[str]) -> list[str]:
    return [part for text in texts for part in text.split(",")]


def _end(arguments: argparse.Namespace) -> date | None:
    if arguments.months is None:
        until: date | None = arguments.until
        return until
    if not 0 <= arguments.months <= 12 * Limits().years:
        raise DefinitionError(
            "too many months", where="--months", remedy=f"0 to {12 * Limits().years}"
        )
    return add_months(arguments.start, arguments.months)


def _closures(arguments: argparse.Namespace) -> list[Closure]:
    closures: list[Closure] = []
    if arguments.closures is not None:
        closures += read_closures(arguments.closures, arguments.closed)
    if arguments.holidays is not None and 1 < arguments.start.year < 9000:
        # a series may become longer: as far as a plan may go
        span = Period(arguments.start, add_months(arguments.start, 12 * Limits().years))
        closures += finnish_holidays(span, arguments.holidays)
    return closures


def _written(planned: Plan, arguments: argparse.Namespace, words: Words) -> bytes:
    if arguments.format == "ics":
        subject = words("plan.subject") if arguments.subject is None else arguments.subject
        return plan_ics(planned, stamp=datetime.now(UTC), subject=subject)
    if arguments.format == "json":
        record = {"program": arguments.program, "meeting": arguments.meeting} | plan_record(planned)
        return (json.dumps(record, ensure_ascii=False, indent=2) + "\n").encode()
    return plan_text(planned, words).encode()
