"""Findings in the four state machines: spans, pauses, talks and linkages that cannot all be so.

Legal is what could have happened, not what a programme would like: every skip, every step back and
every return is legal (Q4).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import pairwise
from typing import Any, Final, TypeAlias

from osallisuus.model.codec import column_of
from osallisuus.rules.finding import Finding, FindingRule, PlaceOf, Rows
from osallisuus.rules.prerequisites import ATTESTED
from osallisuus.rules.tables import next_case

__all__ = ["CONSENT", "RULES"]

CONSENT: Final = "reassignment"
"""Purpose of the consent with which a user of guidance goes on with another guide."""

_Interval: TypeAlias = tuple[date, date, int]
"""First day, day after the last one, and the row."""


def _overlapping(intervals: Iterable[_Interval]) -> Iterator[int]:
    """The rows that begin while an earlier one of the same kind still lasts, a nested one too."""
    latest = date.min
    for start, end, row in sorted(intervals):
        if start < latest:
            yield row
        latest = max(latest, end)


def _roles(rows: Rows, place: PlaceOf) -> Iterator[Finding]:
    """Spans of one role of one person in one context do not overlap; different roles may (Q5)."""
    spans: dict[tuple[Any, ...], list[_Interval]] = defaultdict(list)
    for index, row in enumerate(rows.get("roles", ())):
        key = row.person, row.role, row.program, row.group
        # several areas of responsibility can be held at once; each is of another decision
        key += (row.decided_by,) if row.role == "area_holder" else ()
        spans[key].append((row.starts_on, row.ends_on or date.max, index))
    for same in spans.values():
        for index in _overlapping(same):
            yield Finding(
                "overlapping_roles",
                "another span of the same role is still open",
                f"{place('roles', index)}.starts_on",
                "end the earlier one, or make the two one",
            )


_PAUSED: Final = (
    ("enrollments", "started_on", "ended_on"),
    ("roles", "starts_on", "ends_on"),
    ("guidance", "started_on", "ended_on"),
)


def _pauses(rows: Rows, place: PlaceOf) -> Iterator[Finding]:
    """A pause lies within what it pauses, and no other pause of the same lies in it."""
    if not rows.get("pauses"):
        return
    spans = {
        row.id: (getattr(row, first), getattr(row, last))
        for table, first, last in _PAUSED
        for row in rows.get(table, ())
    }
    own: dict[str, list[_Interval]] = defaultdict(list)
    for index, row in enumerate(rows.get("pauses", ())):
        own[row.of].append((row.starts_on, row.ends_on or date.max, index))
        first, last = spans.get(row.of, (date.min, None))
        early = first is None or row.starts_on < first
        late = last is not None and (row.starts_on >= last or (row.ends_on or last) > last)
        if early or late:
            yield Finding(
                "pause_outside",
                "the pause is not within what it is a pause of",
                f"{place('pauses', index)}.{'starts_on' if early else 'ends_on'}",
                "correct its days; before a start and after an end there is nothing to pause",
            )
    for same in own.values():
        for index in _overlapping(same):
            yield Finding(
                "overlapping_pauses",
                "another pause of the same is still open",
                f"{place('pauses', index)}.starts_on",
                "end the earlier one, or make the two one",
            )


def _talks(rows: Rows, place: PlaceOf) -> Iterator[Finding]:
    """The talks of a guidance case are in their order, and within the case."""
    cases = {case.id: case for case in rows.get("guidance", ())}
    order = {"start": 0, "mid": 1, "final": 2}
    own: dict[str, list[tuple[date, int, int]]] = defaultdict(list)
    for index, row in enumerate(rows.get("reviews", ())):
        own[row.guidance].append((row.happened_on, order[row.point], index))
        case = cases.get(row.guidance)
        ended = case.ended_on if case is not None else None
        # an opening talk may come before the first meeting, a closing talk on the last day
        if ended is not None and row.happened_on > ended:
            yield Finding(
                "talk_after_the_end",
                "the talk is after the end of the guidance",
                f"{place('reviews', index)}.happened_on",
                "correct one of the two days",
            )
    for talks in own.values():
        for (_, one, _), (_, other, index) in pairwise(sorted(talks)):
            if other < one:
                yield Finding(
                    "talks_out_of_order",
                    "an earlier kind of talk is after a later one",
                    f"{place('reviews', index)}.point",
                    "correct the day or the kind of one of them",
                )


def _reassigned(rows: Rows, place: PlaceOf) -> Iterator[Finding]:
    """A case that goes on with another guide has its next case, and the user's consent to it."""
    for index, case in enumerate(rows.get("guidance", ())):
        if case.ending != "reassigned" or case.ended_on is None:
            continue
        following = next_case(case, rows["guidance"])
        if following is None:
            yield Finding(
                "reassigned_to_nobody",
                "the guidance goes on with another guide, but no case follows it",
                f"{place('guidance', index)}.ending",
                "record the case that follows, or how this one ended instead",
            )
        elif not _consented(rows, case.person, following[1].started_on or following[0]):
            yield Finding(
                "reassigned_without_consent",
                "no consent of the user to go on with another guide is recorded",
                f"{place('guidance', index)}.person",
                f"ask, and record a consent with the purpose {CONSENT}",
            )


def _consented(rows: Rows, person: str, on: date) -> bool:
    return any(
        consent.person == person
        and consent.purpose == CONSENT
        and consent.given_on <= on
        and (consent.withdrawn_on is None or on < consent.withdrawn_on)
        for consent in rows.get("consents", ())
    )


_WAY: Final = ("introduced_on", "visited_on", "attached_on")


def _linkages(rows: Rows, place: PlaceOf) -> Iterator[Finding]:
    """A person is introduced to a place, then visits it, then makes it their own; any may be left."""
    for index, row in enumerate(rows.get("linkages", ())):
        dated = [(name, day) for name in _WAY if (day := getattr(row, name)) is not None]
        for (first, one), (second, other) in pairwise(dated):
            if other < one:
                yield Finding(
                    "dates_out_of_order",
                    f"{second} is before {first}",
                    f"{place('linkages', index)}.{second}",
                    "correct one of the two days",
                )


def _attested(rows: Rows, place: PlaceOf) -> Iterator[Finding]:
    """Of lived experience only yes or no is recorded (K2)."""
    traits = rows.get("traits", ())
    # whole columns are asked first, since rows are many
    if set(column_of(traits, "name")).isdisjoint(ATTESTED):
        return
    for index, row in enumerate(traits):
        if row.name in ATTESTED and row.value not in ("yes", "no"):
            yield Finding(
                "attested_with_details",
                "what a person attests says more than yes or no",
                f"{place('traits', index)}.value",
                "record yes or no, and nothing of what was lived",
            )


def _people_met(rows: Rows, place: PlaceOf) -> Iterator[Finding]:
    """Nothing in the answers of an encounter's form can tell who was met (Q9, V16)."""
    encounters = set(column_of(rows.get("encounters", ()), "id"))
    answers = rows.get("answers", ())
    if encounters.isdisjoint(column_of(answers, "form")):
        return
    for index, row in enumerate(answers):
        telling = [name for name in ("note", "number") if getattr(row, name) is not None]
        if row.form in encounters and telling:
            yield Finding(
                "telling_encounter",
                "an answer on an encounter could give away who was met",
                f"{place('answers', index)}.{telling[0]}",
                "keep codes of coarse bands only, and erase this answer",
            )


RULES: Final[tuple[FindingRule, ...]] = (
    _roles,
    _pauses,
    _talks,
    _reassigned,
    _linkages,
    _attested,
    _people_met,
)
"""The rules on the four state machines, and on what must not be told of anybody."""
