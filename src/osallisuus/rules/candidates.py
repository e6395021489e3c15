"""Who could be placed in which groups, as the facts have it: what people said of themselves.

A language and the days on which somebody can come are traits, said by the person: ``language`` and
``can_come``. What was said last counts, and of that day all of it. What nobody has said restricts
nobody.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Final

from attrs import evolve

from osallisuus.errors import DefinitionError, Problem, did_you_mean
from osallisuus.model.facts import Group, Trait
from osallisuus.rules.finding import Rows
from osallisuus.rules.open_groups import Candidate, OpenGroup
from osallisuus.rules.tables import grouped
from osallisuus.rules.waiting import people_in

__all__ = ["DAYS", "LANGUAGE", "candidates", "open_groups", "refuse_strangers"]

LANGUAGE: Final = "language"
"""The trait that says in which languages somebody can take part, one fact for each."""

DAYS: Final = "can_come"
"""The trait that says on which days somebody can come, such as ``mon``, one fact for each."""


def open_groups(rows: Rows, groups: Iterable[OpenGroup]) -> tuple[OpenGroup, ...]:
    """*groups* with what the facts know of them: their end, and their capacity as the most.

    Raises :class:`DefinitionError` for a group that is not in the facts.
    """
    known: dict[str, Group] = {group.id: group for group in rows.get("groups", ())}
    asked = tuple(groups)
    if problems := [
        Problem("there is no such group", f"groups.{one.group}", did_you_mean(one.group, known))
        for one in asked
        if one.group not in known
    ]:
        raise DefinitionError(problems)
    return tuple(
        evolve(
            one,
            most=known[one.group].capacity if one.most is None else one.most,
            ends_on=known[one.group].ends_on,
        )
        for one in asked
    )


def candidates(
    rows: Rows,
    people: Collection[str],
    *,
    groups: Collection[str],
    on: date,
    facilitators: Collection[str] = (),
) -> tuple[Candidate, ...]:
    """*people* and *facilitators* with what they have said by that day, and who is in *groups*.

    Whoever has a place in one of *groups* is among them and keeps it, so that nobody new is placed
    with somebody whom they must not meet. Raises :class:`DefinitionError` for somebody who is not
    in the facts, by their number.
    """
    refuse_strangers(rows, people=people, facilitators=facilitators)
    places = {person: group for group in sorted(groups) for person in people_in(rows, group, on)}
    traits = grouped(rows, "traits", "person")
    leading = set(facilitators)
    return tuple(
        _candidate(person, traits[person], on, places.get(person), facilitates=person in leading)
        for person in sorted({*people, *leading, *places})
    )


def refuse_strangers(rows: Rows, **asked: Iterable[str]) -> None:
    """Raise :class:`DefinitionError` for ids that are no person's, each by its number in its list.

    An answer about people who do not exist would be one about the few others.
    """
    known = {person.id for person in rows.get("people", ())}
    if problems := [
        Problem("nobody in the facts", f"{where}[{number}]", "give ids of people")
        for where, people in asked.items()
        for number, person in enumerate(people)
        if person not in known
    ]:
        raise DefinitionError(problems)


def _candidate(
    person: str, traits: Iterable[Trait], on: date, place: str | None, *, facilitates: bool
) -> Candidate:
    said: dict[str, tuple[date, set[str]]] = {}
    for trait in traits:
        if trait.since <= on:
            since, values = said.get(trait.name, (date.min, set()))
            if trait.since > since:
                since, values = trait.since, set()
            if trait.since == since:
                said[trait.name] = since, values | {trait.value}
    told = {name: frozenset(values) for name, (_, values) in said.items()}
    return Candidate(
        person=person,
        languages=told.get(LANGUAGE),
        days=told.get(DAYS),
        # who leads a group leads it, whether or not they once took part
        group=None if facilitates else place,
        facilitates=facilitates,
        traits={name: min(values) for name, values in told.items() if len(values) == 1},
    )
