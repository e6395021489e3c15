"""Findings: what in the facts deserves a look. A fact is never refused for breaking a rule.

Each finding says what and where, and what would settle it; never a value. Rules that need a table
which is not given say nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise

from osallisuus.errors import did_you_mean
from osallisuus.model.codec import column_of
from osallisuus.model.facts import (
    TABLES,
    Attendance,
    Enrollment,
    Fact,
    Guidance,
    Session,
)
from osallisuus.rules import apart, interviews, legality, own_unit, presence, recording, waiting
from osallisuus.rules.finding import Finding, FindingRule, PlaceOf, Rows
from osallisuus.rules.tables import last_day
from osallisuus.rules.telling_id import is_telling

__all__ = ["check", "place_by_id"]


def place_by_id(rows: Rows) -> PlaceOf:
    """Names a row by its id, or by its number where the id may tell who it is."""

    def place(table: str, index: int) -> str:
        row_id = rows[table][index].id
        # an id that may be a person's name or number is never repeated
        return f"{table}[row {index + 1}]" if is_telling(row_id) else f"{table}[{row_id}]"

    return place


def check(
    rows: Mapping[str, Sequence[Fact]],
    *,
    place: PlaceOf | None = None,
    programs: Collection[str] | None = None,
    on: date | None = None,
) -> Iterator[Finding]:
    """All findings in the facts, rule by rule.

    *place* names a row; by default by its id, or by its number where the id may tell who it is.
    *programs* are the codes of the programmes that are installed; without them none is judged.
    What has ended has done so before the day *on*: by default the day after the last one on which
    something happened.
    How facts keep the words of one programme is asked of :mod:`osallisuus.rules.keeping`.
    """
    where = place or place_by_id(rows)
    for rule in _RULES:
        yield from rule(rows, where)
    last = last_day(rows) if on is None else None
    day = on if last is None else last + timedelta(1)
    if day is not None:
        yield from _still_in_group(rows, where, day)
    if programs is not None:
        yield from _unknown_programs(rows, where, programs)


def _telling_ids(rows: Rows, place: PlaceOf) -> Iterator[Finding]:
    """An id of a person is a pseudonym; ids that the table of people has are counted there."""
    people = set(column_of(rows.get("people", ()), "id"))
    for table, facts in rows.items():
        columns = ["id"] if table == "people" else _columns_of_people(table)
        known = set() if table == "people" else people
        ids = {name: column_of(facts, name) for name in columns}
        telling = {
            value
            for values in ids.values()
            for value in set(values) - known
            if value is not None and is_telling(value)
        }
        if telling:
            index, name = min(
                (index, name)
                for name, values in ids.items()
                for index, value in enumerate(values)
                if value in telling
            )
            count = "1 id looks" if len(telling) == 1 else f"{len(telling)} ids look"
            yield Finding(
                "telling_id",
                f"{count} like a person's name, phone number or personal identity code; the first",
                f"{place(table, index)}.{name}",
                "give people ids that tell nothing, such as p-1, and keep the list elsewhere",
            )


def _columns_of_people(table: str) -> list[str]:
    return [column.name for column in TABLES[table].columns if "people" in column.refers_to]


def _unknown_programs(rows: Rows, place: PlaceOf, programs: Collection[str]) -> Iterator[Finding]:
    """A programme's code is that of an installed programme; once for each table and code."""
    for table, facts in rows.items():
        if not any(column.name == "program" for column in TABLES[table].columns):
            continue
        seen = {None, *programs}
        for index, program in enumerate(column_of(facts, "program")):
            if program not in seen:
                seen.add(program)
                yield Finding(
                    "unknown_program",
                    "no installed programme has this code",
                    f"{place(table, index)}.program",
                    f"{did_you_mean(program, programs)}; or it is your own, defined in a TOML file",
                )


_STAGES = ("reached_on", "informed_on", "interviewed_on", "offered_on", "started_on", "ended_on")


def _enrollment_order(rows: Rows, place: PlaceOf) -> Iterator[Finding]:
    """Stages follow one another; an end has its ending and the other way round."""
    for index, row in enumerate(rows.get("enrollments", ())):
        at = place("enrollments", index)
        dated = [(name, day) for name in _STAGES if (day := getattr(row, name)) is not None]
        for (first, one), (second, other) in pairwise(dated):
            if other < one:
                yield Finding(
                    "dates_out_of_order",
                    f"{second} is before {first}",
                    f"{at}.{second}",
                    "correct one of the two days",
                )
        if (row.ended_on is None) != (row.ending is None):
            missing = "ended_on" if row.ended_on is None else "ending"
            yield Finding(
                "half_an_end",
                "an end needs its day and its kind",
                f"{at}.{missing}",
                "state both, or neither while the person is still in the programme",
            )
        if not dated:
            yield Finding(
                "no_dates", "the enrolment has no date at all", at, "state one stage's day at least"
            )


def _span_order(rows: Rows, place: PlaceOf) -> Iterator[Finding]:
    """No span ends before it starts."""
    spans = (
        ("groups", "starts_on", "ends_on"),
        ("roles", "starts_on", "ends_on"),
        ("pauses", "starts_on", "ends_on"),
        ("memberships", "starts_on", "ends_on"),
        ("guidance", "started_on", "ended_on"),
        ("consents", "given_on", "withdrawn_on"),
        ("ideas", "raised_on", "decided_on"),
    )
    for table, start, end in spans:
        for index, row in enumerate(rows.get(table, ())):
            first, last = getattr(row, start), getattr(row, end)
            if first is not None and last is not None and last < first:
                yield Finding(
                    "dates_out_of_order",
                    f"{end} is before {start}",
                    f"{place(table, index)}.{end}",
                    "correct one of the two days",
                )


def _group_of_program(rows: Rows, place: PlaceOf) -> Iterator[Finding]:
    """An enrolment's group belongs to the enrolment's programme."""
    programs = {group.id: group.program for group in rows.get("groups", ())}
    for index, row in enumerate(rows.get("enrollments", ())):
        if row.group in programs and programs[row.group] != row.program:
            yield Finding(
                "group_of_another_program",
                "the group belongs to another programme",
                f"{place('enrollments', index)}.group",
                "correct the group or the programme",
            )


def _overlapping_episodes(rows: Rows, place: PlaceOf) -> Iterator[Finding]:
    """A person has one open episode of a programme at a time."""
    episodes: dict[tuple[str, str], list[tuple[date, date, int]]] = defaultdict(list)
    for index, row in enumerate(rows.get("enrollments", ())):
        if row.started_on is not None:
            end = row.ended_on or date.max
            episodes[row.person, row.program].append((row.started_on, end, index))
    for spans in episodes.values():
        for (_, end, _), (start, _, index) in pairwise(sorted(spans)):
            if start < end:
                yield Finding(
                    "overlapping_episodes",
                    "another episode of this person in this programme is still open",
                    f"{place('enrollments', index)}.started_on",
                    "end the earlier one, or make the two one",
                )


def _attendance(rows: Rows, place: PlaceOf) -> Iterator[Finding]:
    """Somebody is present at a session that was held, once, in a group of their own."""
    sessions: dict[str, Session] = {session.id: session for session in rows.get("sessions", ())}
    groups = {(row.person, row.group) for row in rows.get("enrollments", ())}
    groups |= {(row.person, row.group) for row in rows.get("memberships", ())}
    if not sessions or not groups:
        return
    held = {key: (session.group, session.status == "held") for key, session in sessions.items()}
    attendance: Sequence[Attendance] = rows.get("attendance", ())
    if _plainly_in_order(attendance, held, groups):
        return
    seen: set[tuple[str, str]] = set()
    row: Attendance
    for index, row in enumerate(attendance):
        key = row.session, row.person
        if key in seen:
            yield Finding(
                "attendance_twice",
                "this person's attendance at this session stands twice",
                place("attendance", index),
                "keep one row",
            )
        seen.add(key)
        if row.session not in held:
            continue
        group, was_held = held[row.session]
        if not was_held and row.status == "present":
            yield Finding(
                "present_at_no_session",
                "present at a session that was not held",
                f"{place('attendance', index)}.status",
                "correct the attendance or the session's status",
            )
        if (row.person, group) not in groups and row.acting_as is None:
            yield Finding(
                "attendance_of_another_group",
                "the person is not enrolled in the session's group",
                f"{place('attendance', index)}.person",
                "enrol the person, or say in acting_as what they came as",
            )


def _plainly_in_order(
    rows: Sequence[Attendance],
    held: Mapping[str, tuple[str, bool]],
    groups: set[tuple[str, str]],
) -> bool:
    """Whether nothing needs a closer look: asked of whole columns, since rows are many."""
    sessions, persons, statuses = (
        column_of(rows, name) for name in ("session", "person", "status")
    )
    group_of = {session: group for session, (group, _) in held.items()}
    return (
        len(set(zip(sessions, persons, strict=True))) == len(rows)
        and not any(
            status == "present" and session in held and not held[session][1]
            for session, status in set(zip(sessions, statuses, strict=True))
        )
        and set(zip(persons, map(group_of.get, sessions), strict=True)) <= groups
    )


def _still_in_group(rows: Rows, place: PlaceOf, on: date) -> Iterator[Finding]:
    """When a group has ended, its enrolments have an ending too: completion is a decision.

    Before its last day has passed, that day is a plan and nobody's ending is missing.
    """
    ended = {row.id for row in rows.get("groups", ()) if row.ends_on and row.ends_on < on}
    row: Enrollment
    for index, row in enumerate(rows.get("enrollments", ())):
        if row.started_on is not None and row.ended_on is None and row.group in ended:
            yield Finding(
                "ending_not_recorded",
                "the group has ended, but how this enrolment ended is not recorded",
                f"{place('enrollments', index)}.ending",
                "record the human decision; attendance does not decide it",
            )


def _open_guidance(rows: Rows, place: PlaceOf) -> Iterator[Finding]:
    """Nobody guides themselves."""
    row: Guidance
    for index, row in enumerate(rows.get("guidance", ())):
        if row.guide == row.person:
            yield Finding(
                "guides_themselves",
                "guide and guided person are the same",
                f"{place('guidance', index)}.guide",
                "correct one of the two",
            )


def _nobody_apart_from_themselves(rows: Rows, place: PlaceOf) -> Iterator[Finding]:
    """A judgement on two people names two people."""
    for index, row in enumerate(rows.get("keep_apart", ())):
        if row.one == row.other:
            yield Finding(
                "one_person",
                "the two people are the same",
                place("keep_apart", index),
                "correct one of them, or remove the row",
            )


_RULES: tuple[FindingRule, ...] = (
    _telling_ids,
    _enrollment_order,
    _span_order,
    _group_of_program,
    _overlapping_episodes,
    _attendance,
    _open_guidance,
    _nobody_apart_from_themselves,
    *legality.RULES,
    *interviews.RULES,
    *waiting.RULES,
    *apart.RULES,
    *recording.RULES,
    *presence.RULES,
    *own_unit.RULES,
)
