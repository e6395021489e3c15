"""How many places a group has where it states none itself: as many as its programme says.

A group goes before its programme, and a programme speaks for the groups that began under the very
version of it: what another version says was never said to those who came to them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final, TypeAlias

from attrs import evolve

from osallisuus.model.facts import Group
from osallisuus.model.offering import SessionPlan
from osallisuus.model.program import Program
from osallisuus.rules.finding import Finding, PlaceOf, Rows
from osallisuus.rules.waiting import most_together

__all__ = ["PROGRAM_RULES", "places_of", "with_places"]

_Rule: TypeAlias = Callable[[Program, Rows, PlaceOf], Iterator[Finding]]


def places_of(group: Group, program: Program | None) -> int | None:
    """The places of *group*: its own, else those of a group of *program*; ``None`` = not stated."""
    if group.capacity is not None or program is None:
        return group.capacity
    if (group.program, group.program_version) != (program.name, program.version):
        return None
    return program.sessions.capacity if isinstance(program.sessions, SessionPlan) else None


def with_places(rows: Rows, programs: Mapping[str, Program]) -> Rows:
    """*rows* whose groups have the places of their programme where they state none.

    *programs* are definitions by their name. What stands in the facts is never changed by this.
    """
    groups = [
        evolve(group, capacity=places_of(group, programs.get(group.program)))
        for group in rows.get("groups", ())
    ]
    return {**rows, "groups": groups}


def _more_than_places(program: Program, rows: Rows, place: PlaceOf) -> Iterator[Finding]:
    """No more people take part in a group at once than a group of the programme has places."""
    most = most_together(rows)
    group: Group
    for index, group in enumerate(rows.get("groups", ())):
        places = None if group.capacity is not None else places_of(group, program)
        if places is not None and most[group.id] > places:
            yield Finding(
                "over_capacity",
                "more people took part at once than a group of its programme has places",
                f"{place('groups', index)}.capacity",
                f"the programme says {places}; state how many places this group has, or correct "
                "the starts and ends of its enrolments",
            )


PROGRAM_RULES: Final[tuple[_Rule, ...]] = (_more_than_places,)
"""For :mod:`osallisuus.rules.keeping`."""
