"""Judgements on who must not share a group: answered with yes or no, and gone when they are past.

A judgement is about two people and is nobody's to read (Q1, requirement R4). The only question is
whether a whole proposed group is workable. The answer has no reason and names nobody; a group that
is over its capacity gets the same "no". What an asker can still learn, and what limits it, stands
in ``docs/groups.md``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Final

from osallisuus.errors import DisclosureError
from osallisuus.model.facts import Enrollment, Group, KeepApart
from osallisuus.model.store import Entry
from osallisuus.rules.finding import Finding, FindingRule, PlaceOf, Rows
from osallisuus.rules.waiting import people_in

__all__ = [
    "ASKED",
    "LEAST",
    "MOST_QUESTIONS",
    "RULES",
    "can_share",
    "is_past",
    "past_judgements",
    "refuse_few",
    "refuse_further",
    "refuse_past",
]

ASKED: Final = "can_share"
"""The operation under which the journal keeps questions about a proposed group."""

LEAST: Final = 5
"""So many people a proposed group has at least: asked of two, "no" would name both."""

MOST_QUESTIONS: Final = 10
"""So many questions about groups a store answers in a year, where it remembers what was asked."""

_YEAR: Final = timedelta(days=365)


def can_share(
    rows: Rows, group: str, people: Collection[str] = (), *, on: date, least: int = LEAST
) -> bool:
    """Whether *group* with *people* added, as a whole, is workable on that day.

    The whole group is asked about: who takes part in it or has a place in it counts in any case,
    so that nobody can be left out to find out. It is workable if it keeps its capacity and no
    judgement that still stands. *least* can be raised, never lowered under :data:`LEAST`.

    Raises :class:`DisclosureError` for a group of fewer than *least*, and for a day after which
    its people have changed (:func:`refuse_past`); ``KeyError`` where *rows* have no such group.
    """
    refuse_past(rows, (group,), on=on)
    asked: Group = {one.id: one for one in rows.get("groups", ())}[group]
    proposed = people_in(rows, group, on) | set(people)
    refuse_few(len(proposed), "the proposed group", least)
    fits = asked.capacity is None or len(proposed) <= asked.capacity
    ends = {group: asked.ends_on}
    return fits and not any(
        judgement.one in proposed
        and judgement.other in proposed
        and judgement.one != judgement.other
        and judgement.group in (None, group)
        and not is_past(judgement, ends, on=on)
        for judgement in rows.get("keep_apart", ())
    )


def refuse_few(count: int, where: str, least: int = LEAST) -> None:
    """Raise :class:`DisclosureError` where fewer people are asked about than an answer can hide."""
    if count < max(least, LEAST):
        raise DisclosureError(
            "too few people to ask about: the answer would name them",
            where=where,
            remedy=f"ask about {max(least, LEAST)} people or more together",
        )


def refuse_further(journal: Iterable[Entry], most: int = MOST_QUESTIONS) -> None:
    """Raise :class:`DisclosureError` where *most* questions were asked in a year.

    All groups are counted together, since a judgement may hold in all of them. The year is the one
    up to the last entry of the journal: there is no other clock here.
    """
    last, moments = None, []
    for entry in journal:
        last = entry.recorded_at
        if entry.operation == ASKED:
            moments.append(last)
    asked = sum(last is not None and last - moment < _YEAR for moment in moments)
    if asked >= most:
        raise DisclosureError(
            f"groups have been asked about {asked} times in a year:"
            " further answers would add up to names",
            where="the journal",
            remedy="let form_groups propose one that is workable, and talk it over with colleagues",
        )


def refuse_past(rows: Rows, groups: Collection[str], *, on: date) -> None:
    """Raise :class:`DisclosureError` for a day after which somebody came into a group or left it.

    Asked about day after day of the past, a group would lose one member after the other until the
    answer turns.
    """
    row: Enrollment
    for row in rows.get("enrollments", ()):
        days = (row.offered_on, row.started_on, row.ended_on)
        if row.group in groups and any(day is not None and day > on for day in days):
            raise DisclosureError(
                "the people of the group have changed after that day: the answers for many days"
                " would add up to names",
                where="on",
                remedy="ask about a day on which its people are those of all later days",
            )


def is_past(judgement: KeepApart, ends: Mapping[str, date | None], *, on: date) -> bool:
    """Whether a judgement has died: its last day has come, or its group has ended.

    *ends* holds the last day of each group; ``None`` = it has not ended.
    """
    end = ends.get(judgement.group) if judgement.group is not None else None
    return judgement.until <= on or (end is not None and end <= on)


def past_judgements(rows: Rows, *, on: date) -> tuple[str, ...]:
    """The ids of the judgements that have died by that day, in their order: to be erased."""
    ends = {group.id: group.ends_on for group in rows.get("groups", ())}
    found: Iterable[KeepApart] = rows.get("keep_apart", ())
    return tuple(sorted(one.id for one in found if is_past(one, ends, on=on)))


def _outlived(rows: Rows, place: PlaceOf) -> Iterator[Finding]:
    """A judgement dies with its group. They are counted and never told apart."""
    ends = {group.id: group.ends_on for group in rows.get("groups", ())}
    judgement: KeepApart
    outlived = 0
    for judgement in rows.get("keep_apart", ()):
        end = ends.get(judgement.group) if judgement.group is not None else None
        outlived += end is not None and end < judgement.until
    if outlived:
        count = "1 judgement is" if outlived == 1 else f"{outlived} judgements are"
        yield Finding(
            "judgement_outlived_its_group",
            f"{count} still kept for a group that has ended",
            "keep_apart",
            "erase what is past: register.erase_judgements(on=...)",
        )


RULES: Final[tuple[FindingRule, ...]] = (_outlived,)
"""Findings in the facts alone."""
