"""Planned sessions of a programme, as text, JSON or iCalendar."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from attrs import evolve

from osallisuus.calendars.closures import read_closures
from osallisuus.calendars.holidays import finnish_holidays
from osallisuus.calendars.ics import plan_ics
from osallisuus.errors import DefinitionError, StoreError
from osallisuus.model.files import content_of
from osallisuus.model.program import Program
from osallisuus.register import program_named
from osallisuus.rules.schedule.closures import Closure
from osallisuus.rules.schedule.conflicts import clashes
from osallisuus.rules.schedule.days import day_of, weekday_of
from osallisuus.rules.schedule.plan import Limits
from osallisuus.rules.schedule.planned import Plan, PlannedSession
from osallisuus.rules.schedule.program import other_series, plan_program
from osallisuus.rules.schedule.record import plan_record, recorded_sessions
from osallisuus.rules.schedule.say import plan_text, session_text, theme_text
from osallisuus.rules.schedule.timetable import Timetable
from osallisuus.rules.schedule.why import why
from osallisuus.time import Period, add_months
from osallisuus.whole import write_whole
from osallisuus.words import Words

__all__ = ["plan"]

_LARGEST_PLAN: Final = 20_000_000
"""Bytes: a plan has 10,000 sessions at most, each of them a few hundred bytes."""


def plan(arguments: argparse.Namespace) -> int:
    """``plan PROGRAM --start DATE``."""
    if arguments.out is not None and Path(arguments.out).exists() and not arguments.overwrite:
        raise StoreError("the file is there already", where=arguments.out, remedy="--overwrite")
    words = Words(arguments.locale)
    program = program_named(arguments.program)
    beside = [one for file in arguments.beside for one in _sessions(Path(file))]
    planned = plan_program(
        program,
        arguments.start,
        evolve(_timetable(arguments), taken=tuple(one.day for one in beside)),
        meeting=arguments.meeting,
        ends_on=_end(arguments),
        closures=_closures(arguments),
        series=arguments.series,
    )
    _say_clashes(planned, beside, words)
    if not beside:
        _say_what_may_clash(planned, other_series(program, arguments.meeting))
    if arguments.why is not None:
        print(why(planned, arguments.why, words))
        return 0
    content = _written(planned, program, arguments, words)
    if arguments.out is None:
        sys.stdout.buffer.write(content)
        return 0
    print(write_whole(Path(arguments.out), content, overwrite=arguments.overwrite))
    return 0


def _sessions(file: Path) -> tuple[PlannedSession, ...]:
    """The sessions of a plan that was made with ``--as json``."""
    content = content_of(file, "the other series", most=_LARGEST_PLAN)
    try:
        return recorded_sessions(json.loads(content))
    except (ValueError, RecursionError, DefinitionError):
        pass
    raise DefinitionError(
        "the other series is no plan",
        where=str(file),
        remedy="make it by osallisuus plan ... --as json --out FILE",
    )


def _say_clashes(planned: Plan, beside: Iterable[PlannedSession], words: Words) -> None:
    """Sessions that are at the same time as one of another series: nobody could come to both."""
    for one, other in clashes(planned, beside):
        print(f"at the same time as {other.id}: {session_text(one, words)}", file=sys.stderr)


def _say_what_may_clash(planned: Plan, others: Collection[str]) -> None:
    """That other series were not looked at, where a session was moved from the day of the rule."""
    if others and any(one.day != one.rule_on for one in planned.sessions):
        print(
            f"sessions were moved, and other series not looked at: {', '.join(others)};"
            " --beside FILE keeps clear of one",
            file=sys.stderr,
        )


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


def _written(planned: Plan, program: Program, arguments: argparse.Namespace, words: Words) -> bytes:
    labels = program.heading.labels
    if arguments.format == "ics":
        subject = words("plan.subject") if arguments.subject is None else arguments.subject
        about = {one.id: theme_text(one, words, labels) for one in planned.sessions}
        subjects = {id_: text for id_, text in about.items() if text and arguments.themes}
        return plan_ics(planned, stamp=datetime.now(UTC), subject=subject, subjects=subjects)
    if arguments.format == "json":
        record = {"program": arguments.program, "meeting": arguments.meeting} | plan_record(planned)
        return (json.dumps(record, ensure_ascii=False, indent=2) + "\n").encode()
    return plan_text(planned, words, labels).encode()
