"""Findings on what a programme promises: meetings, ends, talks, roles and reports.

These rules look at facts on a day, since what is due depends on the day. A promise that was not
kept may have a good reason; nobody's fault is found here, and a person is never named.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from itertools import chain
from typing import Final, TypeAlias

from osallisuus.model.cadence import Cadence
from osallisuus.model.facts import Group, Session
from osallisuus.model.offering import FixedTerm, SessionPlan
from osallisuus.model.program import Program
from osallisuus.model.stated import each
from osallisuus.rules.finding import Finding, PlaceOf, Rows
from osallisuus.rules.guidance import cases_on
from osallisuus.rules.prerequisites import requirement_of
from osallisuus.rules.reporting import SENT, due_reports
from osallisuus.rules.schedule.adherence import adherence
from osallisuus.rules.tables import day_of, grouped
from osallisuus.time import Period

__all__ = ["DATED_RULES", "DatedRule"]

DatedRule: TypeAlias = Callable[[Program, Rows, PlaceOf, date], Iterator[Finding]]
"""A rule that holds facts against a programme's words on a day: what has come before that day."""


def _meetings(program: Program, rows: Rows, place: PlaceOf, on: date) -> Iterator[Finding]:
    """Over all its full weeks (or months, …) a group met as often as was promised (M10).

    A week in which nobody could come may be made up for in another, so only the whole is found; the
    metric ``cadence_held`` tells week from week. A group of which no meeting is recorded says
    nothing, nor does one that keeps another version, whose cadence is not at hand.
    """
    held: dict[str, list[Session]] = defaultdict(list)
    for session in rows.get("sessions", ()):
        if session.status == "held" and day_of(session) < on:
            held[session.group].append(session)
    group: Group
    for index, group in enumerate(rows.get("groups", ())):
        if group.program != program.name or group.program_version != program.version:
            continue
        within = min(group.ends_on or on, on)
        if within <= group.starts_on:
            continue
        for cadence, days in _offered(program, held[group.id]):
            yield from _kept(cadence, days, Period(group.starts_on, within), place("groups", index))


def _offered(program: Program, sessions: Iterable[Session]) -> Iterator[tuple[Cadence, list[date]]]:
    """Each cadence of the programme, and the days on which there was what it promises."""
    meetings = {one.kind: one for one in each(program.meetings)}
    days: dict[str | None, list[date]] = defaultdict(list)
    for session in sessions:
        days[session.kind if session.kind in meetings else None].append(day_of(session))
    for kind in sorted(days, key=str):
        offer = program.sessions if kind is None else meetings[kind]
        cadence = getattr(offer, "cadence", None) if offer else None
        if cadence is not None and (kind is not None or isinstance(offer, SessionPlan)):
            yield cadence, days[kind]


def _kept(cadence: Cadence, days: list[date], within: Period, at: str) -> Iterator[Finding]:
    full = adherence(cadence, days, within).full
    met, least = sum(block.held for block in full), sum(block.low for block in full)
    most = sum(block.high for block in full)
    meetings = "1 meeting" if met == 1 else f"{met} meetings"
    if met < least:
        yield Finding(
            "fewer_meetings_than_promised",
            f"{meetings} in full units of time for which at least {least} are promised",
            at,
            "record those that are missing; holidays and what was agreed together are good reasons",
        )
    elif met > most:
        yield Finding(
            "more_meetings_than_promised",
            f"{meetings} in full units of time for which at most {most} are promised",
            at,
            "nothing to do where it was meant so",
        )


def _ends(program: Program, rows: Rows, place: PlaceOf, on: date) -> Iterator[Finding]:
    """Work for a fixed term has a planned end within the term, and ends by it or plans anew (K15).

    The term is that of the version under which it began; a guidance case names no version.
    """
    term = program.fixed_term
    if not isinstance(term, FixedTerm):
        return
    for table in ("enrollments", "guidance"):
        for index, row in enumerate(rows.get(table, ())):
            if row.program != program.name or row.started_on is None or row.started_on >= on:
                continue
            if getattr(row, "program_version", program.version) != program.version:
                continue
            at = f"{place(table, index)}.planned_end_on"
            planned, is_open = row.planned_end_on, row.ended_on is None or row.ended_on >= on
            if planned is None:
                if is_open and term.planned_end_required:
                    yield Finding(
                        "no_planned_end", "work for a fixed term has no planned end", at,
                        "agree on an end together and record its day",
                    )  # fmt: skip
            elif term.length is not None and planned > term.length.ends(row.started_on)[1]:
                yield Finding(
                    "beyond_its_term", "the planned end is later than the term of the programme",
                    at, f"the term is {term.length}; agree on an earlier day, or correct it",
                )  # fmt: skip
            elif is_open and planned < on:
                yield Finding(
                    "past_its_planned_end", "the planned end has passed and nothing has ended", at,
                    "record how it ended, or agree on a new end together",
                )  # fmt: skip


def _talks(program: Program, rows: Rows, place: PlaceOf, on: date) -> Iterator[Finding]:
    """Talks are held when it is time for them (K23). Whoever ends it themselves owes none (K8)."""
    if not each(program.reviews):
        return
    places = {row.id: index for index, row in enumerate(rows.get("guidance", ()))}
    wanted = ("guidance", "reviews", "roles", "pauses")
    facts = list(chain.from_iterable(rows.get(name, ()) for name in wanted))
    for case in cases_on(program, facts, on=on):
        at = place("guidance", places[case.case.id])
        for talk in case.talks:
            if talk.standing == "due":
                yield Finding(
                    "talk_due", f"it is time for the talk '{talk.point}'", at,
                    "arrange it, or record when it was held",
                )  # fmt: skip
            elif talk.standing == "not_held" and case.state == "closed":
                yield Finding(
                    "talk_not_held", f"closed without the talk '{talk.point}'", at,
                    "record when it was held; if it was not, leave it as it is",
                )  # fmt: skip


_OF_SOMEBODY: Final = ("enrollments", "roles", "contacts", "traits")
"""What prerequisites of roles are read from, beside decisions."""


def _roles(program: Program, rows: Rows, place: PlaceOf, on: date) -> Iterator[Finding]:
    """A role begins when what it presupposes is met; what nobody has recorded is not unmet."""
    needs = {role.code: each(role.prerequisites) for role in each(program.roles)}
    own = {name: grouped(rows, name, "person") for name in _OF_SOMEBODY}
    decisions = list(rows.get("decisions", ()))
    for index, row in enumerate(rows.get("roles", ())):
        if row.program != program.name or row.starts_on >= on or not needs.get(row.role):
            continue
        known: dict[str, list[object]] = {name: own[name][row.person] for name in _OF_SOMEBODY}
        known["decisions"] = decisions
        for one in needs[row.role]:
            found = requirement_of(one, known, role=row.role, person=row.person, on=row.starts_on)
            if found.standing == "not_met":
                yield Finding(
                    "role_before_it_was_open",
                    f"the role began while '{one}' was not met",
                    f"{place('roles', index)}.starts_on",
                    "correct the day, or record what was met by then; the role itself stands",
                )


def _reports(program: Program, rows: Rows, place: PlaceOf, on: date) -> Iterator[Finding]:
    """The last report that is due has been sent (Y25, U22, U23)."""
    days = [row.starts_on for row in rows.get("groups", ()) if row.program == program.name]
    if not days:
        return
    observed = rows.get("observations", ())
    found = due_reports(program, observed, since=min(days), on=on)
    for code, last in {report.duty.code: report for report in found}.items():
        if last.sent_on is None and last.due_on < on:
            yield Finding(
                "report_due",
                f"the report on {last.period} is not recorded as sent",
                f"program {program.name}.reports[{code}]",
                f"send it, and record an observation of the measure {SENT}{code}",
            )


def _versions(program: Program, rows: Rows, place: PlaceOf, on: date) -> Iterator[Finding]:
    """Facts that began under another version than the definition at hand, once for each version."""
    for table in ("groups", "enrollments"):
        seen = {program.version}
        for index, row in enumerate(rows.get(table, ())):
            if row.program == program.name and row.program_version not in seen:
                seen.add(row.program_version)
                yield Finding(
                    "of_another_version",
                    "this began under another version than the one at hand: neither its cadence nor"
                    " its term is judged",
                    f"{place(table, index)}.program_version",
                    "nothing to do: it keeps its version; check with the definition of that version",
                )


DATED_RULES: Final[tuple[DatedRule, ...]] = (
    _meetings,
    _ends,
    _talks,
    _roles,
    _reports,
    _versions,
)
"""For :mod:`osallisuus.rules.keeping`."""
