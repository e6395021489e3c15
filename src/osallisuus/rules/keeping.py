"""Findings against a programme's own definition: does what happened keep what it says of itself?

As with every finding, nothing is refused: the fact stands, and somebody looks at it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any, Final, TypeAlias

from osallisuus.model.codec import column_of
from osallisuus.model.contradictions import beyond_boundaries
from osallisuus.model.facts import TABLES
from osallisuus.model.offering import CoDevelopment, Community
from osallisuus.model.program import Program
from osallisuus.model.stated import each
from osallisuus.rules import places, promises, stewardship
from osallisuus.rules.admission import PROGRAM_RULES
from osallisuus.rules.community import area_or_rule, size_of
from osallisuus.rules.development import is_role_free
from osallisuus.rules.finding import Finding, PlaceOf, Rows
from osallisuus.rules.findings import place_by_id
from osallisuus.rules.tables import last_day, program_finder

__all__ = ["check_program", "own_rows"]

_Rule: TypeAlias = Callable[[Program, Rows, PlaceOf], Iterator[Finding]]


def check_program(
    program: Program, rows: Rows, *, place: PlaceOf | None = None, on: date | None = None
) -> Iterator[Finding]:
    """All findings in the facts of *program* against its own words, rule by rule.

    *rows* are facts by table; *place* names a row, by default by its id. What is due, or over its
    term, is so on the day *on*: by default the day after the last one on which something happened
    in this programme (:func:`own_rows`), however long others in the store have gone on.
    """
    where = place or place_by_id(rows)
    for rule in _RULES:
        yield from rule(program, rows, where)
    last = last_day(own_rows(program.name, rows)) if on is None else None
    day = on if last is None else last + timedelta(1)
    if day is not None:
        for dated in (*promises.DATED_RULES, *stewardship.DATED_RULES):
            yield from dated(program, rows, where, day)


def own_rows(program: str, rows: Rows) -> Rows:
    """The facts of one programme: those that name it, or that belong to what does.

    What leads to no programme, such as a trait or an encounter, is of the one of its person where
    that is only one. Where the facts name no other programme, all of them are its own.
    """
    with_program = [name for name in rows if "program" in TABLES[name].column_names]
    # whole columns are asked first, since rows are many
    if {one for name in with_program for one in column_of(rows[name], "program")} <= {
        program,
        None,
    }:
        return rows
    program_of = program_finder(rows)
    named = {name: [program_of(row) for row in facts] for name, facts in rows.items()}
    of_people: dict[str | None, set[str]] = defaultdict(set)
    for name, facts in rows.items():
        for row, home in zip(facts, named[name], strict=True):
            if home is not None:
                of_people[_person(row)].add(home)
    only = {program}
    return {
        name: [
            row
            for row, home in zip(facts, named[name], strict=True)
            if home == program or (home is None and of_people.get(_person(row)) == only)
        ]
        for name, facts in rows.items()
    }


def _person(row: Any) -> str | None:
    """Whose fact it is; ``None`` where it is nobody's."""
    return getattr(row, "person", None) or getattr(row, "peer", None)


_SAYING: Final = (
    ("contacts", "mode"),
    ("sessions", "kind"),
    ("sessions", "planned_theme"),
    ("sessions", "held_theme"),
    ("goals", "domain"),
    ("linkages", "place_kind"),
    ("answers", "item"),
    ("costs", "head"),
)
"""Table and column in which something could be recorded that a boundary rules out."""


_BEYOND: Final = (
    "where it did not happen, correct it; where it did, it is kept, and what was done belongs to"
    " somebody whose work it is"
)
_BEYOND_OF_GOALS: Final = (
    "talk with the person about who can help with it; the goal stays as they set it"
)
"""A goal is the person's own: nobody takes it out for them (K12)."""


def _boundaries(program: Program, rows: Rows, place: PlaceOf) -> Iterator[Finding]:
    """Nothing is recorded of what the programme does not do (K6, K14)."""
    forbidden = beyond_boundaries(program)
    if not forbidden:
        return
    program_of = program_finder(rows)
    guided = {case.person for case in rows.get("guidance", ()) if case.program == program.name}
    for table, column in _SAYING:
        for index, row in enumerate(rows.get(table, ())):
            home = program_of(row)
            # a linkage or goal names no programme where it names no case: then its person does
            own = home == program.name or (home is None and getattr(row, "person", None) in guided)
            if own and getattr(row, column) in forbidden:
                yield Finding(
                    "beyond_a_boundary",
                    "this lies beyond a boundary of the programme",
                    f"{place(table, index)}.{column}",
                    _BEYOND_OF_GOALS if table == "goals" else _BEYOND,
                )


def _role_free(program: Program, rows: Rows, place: PlaceOf) -> Iterator[Finding]:
    """Where people lay their roles aside, none is recorded (X7)."""
    if not isinstance(program.co_development, CoDevelopment):
        return
    program_of = program_finder(rows)
    free = {
        session.id
        for session in rows.get("sessions", ())
        if program_of(session) == program.name and is_role_free(program, session)
    }
    for index, row in enumerate(rows.get("attendance", ())):
        if row.session in free and row.acting_as is not None:
            yield Finding(
                "role_in_role_free_session",
                "a role is recorded in a session in which roles are laid aside",
                f"{place('attendance', index)}.acting_as",
                "leave acting_as empty",
            )


def _size(program: Program, rows: Rows, place: PlaceOf) -> Iterator[Finding]:
    """No community has been over the limit of its size, in the unit of the limit (Y19)."""
    if not isinstance(program.community, Community) or program.community.size_limit is None:
        return
    for index, group in enumerate(rows.get("groups", ())):
        if group.program != program.name:
            continue
        own = {
            "memberships": [one for one in rows.get("memberships", ()) if one.group == group.id],
            "roles": [one for one in rows.get("roles", ()) if one.group in (group.id, None)],
        }
        # a community is largest on the first day of some membership, or on the last of some role
        days = {one.starts_on for one in own["memberships"]}
        days |= {one.ends_on for one in own["roles"] if one.ends_on is not None}
        if any(size_of(program, own, group=group.id, on=day).standing == "over" for day in days):
            yield Finding(
                "community_over_its_limit",
                f"the community has had more {program.community.size_limit.unit} than its limit",
                place("groups", index),
                "end memberships that are over, record the roles of staff, or begin a new one",
            )


def _owners(program: Program, rows: Rows, place: PlaceOf) -> Iterator[Finding]:
    """Each matter is decided by whom the programme names: own care by the client (Y16)."""
    owners = {owner.matter: owner.owner for owner in each(program.decision_owners)}
    program_of = program_finder(rows)
    for index, row in enumerate(rows.get("decisions", ())):
        settled = area_or_rule(row.matter)
        matter = row.matter if settled is None else "practices_and_rules"
        owner = owners.get(matter)
        if owner is not None and row.owner != owner and program_of(row) == program.name:
            yield Finding(
                "decided_by_another",
                "the programme gives this matter to somebody else to decide",
                f"{place('decisions', index)}.owner",
                f"in this programme it is for {owner}",
            )


def _areas(program: Program, rows: Rows, place: PlaceOf) -> Iterator[Finding]:
    """Whoever holds an area of responsibility holds one that a forum has agreed on (Y13)."""
    areas = {
        row.id
        for row in rows.get("decisions", ())
        if (settled := area_or_rule(row.matter)) is not None and settled[0] == "area"
    }
    program_of = program_finder(rows)
    for index, row in enumerate(rows.get("roles", ())):
        if (
            row.role == "area_holder"
            and row.decided_by not in areas
            and program_of(row) == program.name
        ):
            yield Finding(
                "area_of_no_decision",
                "the area that is held is not known from a decision of the community",
                f"{place('roles', index)}.decided_by",
                "name the decision on the matter area.<name>, or record it",
            )


_RULES: Final[tuple[_Rule, ...]] = (
    _boundaries,
    _role_free,
    _size,
    _owners,
    _areas,
    *PROGRAM_RULES,
    *places.PROGRAM_RULES,
)
