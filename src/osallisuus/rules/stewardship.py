"""Findings on data that people have entrusted to a programme: consents, terms, what may be scored.

What is done for a purpose of its own says so: an assessment of a person whose ``wave`` is the code
of the purpose, such as ``own_assessment`` (W8, W15).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Final

from osallisuus.model.cadence import Length, step
from osallisuus.model.facts import Consent
from osallisuus.model.instruments import REGISTRY
from osallisuus.model.program import Program
from osallisuus.model.stated import each
from osallisuus.rules.finding import Finding, PlaceOf, Rows
from osallisuus.rules.promises import DatedRule

__all__ = ["DATED_RULES"]

_SPANS: Final = (
    ("enrollments", "started_on", "ended_on"),
    ("guidance", "started_on", "ended_on"),
    ("roles", "starts_on", "ends_on"),
)


def _people_of(program: Program, rows: Rows) -> set[str]:
    return {
        row.person
        for table, _, _ in _SPANS
        for row in rows.get(table, ())
        if row.program == program.name
    }


def _consents(program: Program, rows: Rows, place: PlaceOf, on: date) -> Iterator[Finding]:
    """What is done for a purpose that needs consent has the person's consent on that day (W15)."""
    asked = {one.code for one in each(program.data_purposes) if one.needs_consent}
    if not asked:
        return
    given: dict[tuple[str, str], list[Consent]] = defaultdict(list)
    for consent in rows.get("consents", ()):
        given[consent.person, consent.purpose].append(consent)
    people = _people_of(program, rows)
    for index, row in enumerate(rows.get("assessments", ())):
        if row.wave not in asked or row.person not in people:
            continue
        if not any(_holds(one, row.happened_on) for one in given[row.person, row.wave]):
            yield Finding(
                "consent_missing",
                "done for a purpose to which no consent was given on that day",
                place("assessments", index),
                f"take it out, or record the consent that was given, of the purpose {row.wave}",
            )


def _holds(consent: Consent, on: date) -> bool:
    return consent.given_on <= on and (consent.withdrawn_on is None or on < consent.withdrawn_on)


def _terms(program: Program, rows: Rows, place: PlaceOf, on: date) -> Iterator[Finding]:
    """Records are not kept longer than the controller has set: people, and encounters (Q24)."""
    if program.retention is None:
        return
    people = _people_of(program, rows)
    if program.retention.persons is not None:
        last = _last_days(rows)
        for index, row in enumerate(rows.get("people", ())):
            ended = last.get(row.id, row.registered_on)
            if row.id in people and _is_past(ended, program.retention.persons, on):
                yield Finding(
                    "kept_past_its_term",
                    "kept for longer after the last episode than the programme states",
                    place("people", index),
                    f"the term is {program.retention.persons}; erase, or record why it has to stay",
                )
    if program.retention.encounters is not None:
        for index, row in enumerate(rows.get("encounters", ())):
            past = _is_past(row.happened_on, program.retention.encounters, on)
            if row.peer in people and past:
                yield Finding(
                    "kept_past_its_term",
                    "encounters are kept for longer than the programme states; the first of them",
                    place("encounters", index),
                    f"the term is {program.retention.encounters}; erase those that are older",
                )
                return


def _last_days(rows: Rows) -> dict[str, date]:
    """The last day of each person's last span of any kind; the end of time where one is open."""
    last: dict[str, date] = {}
    spans = (*_SPANS, ("memberships", "starts_on", "ends_on"))
    for table, first, end in spans:
        for row in rows.get(table, ()):
            day = getattr(row, end)
            if day is None:
                day = date.max if getattr(row, first) is not None else date.min
            last[row.person] = max(day, last.get(row.person, date.min))
    return last


def _is_past(ended: date, term: Length, on: date) -> bool:
    return ended != date.max and step(ended, term.max, term.unit) < on


def _for_groups_only(program: Program, rows: Rows, place: PlaceOf, on: date) -> Iterator[Finding]:
    """An instrument that may only describe groups gives no score to one person (Q21)."""
    people = _people_of(program, rows)
    own = {one.code for one in each(program.instruments) if one.level == "group"}
    single = {
        row.id: row.instrument
        for row in rows.get("assessments", ())
        if row.person in people and (row.instrument in own or _is_for_groups(row.instrument))
    }
    found: dict[str, list[int]] = defaultdict(list)
    for index, row in enumerate(rows.get("scores", ())):
        if row.assessment in single and row.value is not None:
            found[single[row.assessment]].append(index)
    for indexes in found.values():
        count = "a score" if len(indexes) == 1 else f"{len(indexes)} scores"
        yield Finding(
            "group_instrument_on_person",
            f"{count} of single persons by an instrument that may only describe groups; the first",
            place("scores", indexes[0]),
            "take them out; the answers of a group make the group's mean",
        )


def _is_for_groups(instrument: str) -> bool:
    known = REGISTRY.get(instrument)
    return known is not None and known.allowed_level == "group"


DATED_RULES: Final[tuple[DatedRule, ...]] = (_consents, _terms, _for_groups_only)
"""For :mod:`osallisuus.rules.keeping`."""
