"""Who counts as a participant for the European Social Fund, and why; its indicators as data.

A participant of a fund is not a participant of a programme (Q22, R14): it is somebody identifiable
on whom the project spends. Who develops it without being employed counts; whoever the project pays
does not, so that pay from the project takes a peer out of the count; nor do visitors of open
services, audiences, and people met in the field, of whom there is no record. A person is one record
in a programme, from the first entry on, however often they come back (Q23, R15).

What a person says of themselves is a trait (``gender``, ``employment``, …); ``no_answer`` says that
they do not want to answer, which is not the same as not having been asked (U22). Results on leaving are
told apart in :mod:`osallisuus.rules.leaving`; where somebody is six months later no fact says.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Literal, TypeAlias

from osallisuus.errors import DefinitionError, did_you_mean
from osallisuus.model.facts import Enrollment, Fact, RoleSpan
from osallisuus.model.stated import Code, Text
from osallisuus.rules.finding import Rows
from osallisuus.rules.tables import tables
from osallisuus.time import Period
from osallisuus.values import frozen

__all__ = [
    "EMPLOYMENT",
    "NO_ANSWER",
    "OPEN",
    "PAID",
    "STAFF",
    "FundRules",
    "Indicator",
    "Reason",
    "Standing",
    "all_fund_rules",
    "entries",
    "fund_rules",
    "standings",
]

STAFF: Final = ("professional", "manager", "key_worker", "job_coach", "project_staff")
"""Roles of those who are employed: who holds one on the day of entry does not count."""

PAID: Final = "paid_by_project"
"""The trait that says ``yes`` of somebody whom the project pays, such as a peer with a wage."""

OPEN: Final = "drop_in"
"""Kind or setting of a group that anybody may visit: its visitors are no participants."""

EMPLOYMENT: Final = "employment"
"""The trait that says where somebody stands on the labour market."""

NO_ANSWER: Final = "no_answer"
"""The value of a trait that somebody does not want to answer."""

Reason: TypeAlias = Literal[
    "took_part", "co_developer", "not_started", "open_service", "paid_by_project", "other_period"
]
"""Why somebody counts (the first two) or does not."""


@frozen(kw_only=True)
class Indicator:
    """A line of the fund's table: people whose *trait* has one of *values*.

    ``verified`` is ``False`` where no public source that we have read confirms the code. *entered*
    are the values of :data:`EMPLOYMENT` on entry of those whom a result is counted of; empty: of all.
    """

    code: str
    verified: bool
    trait: Code
    values: tuple[Code, ...]
    text: Text
    entered: tuple[Code, ...] = ()


@frozen(kw_only=True)
class FundRules:
    """The rules of one period of a fund."""

    name: Code
    title: Text
    source: str
    record: str
    total: str
    total_verified: bool
    indicators: tuple[Indicator, ...]
    results: tuple[Indicator, ...] = ()
    """Indicators of results on leaving: each a trait that is asked within four weeks of it."""

    @property
    def traits(self) -> tuple[Code, ...]:
        """The traits that the indicators ask for, each once, in their order."""
        return tuple(dict.fromkeys(one.trait for one in self.indicators))


@frozen(kw_only=True)
class Standing:
    """Whether one person counts, why, by which fact, and since which day. INTERNAL."""

    person: str
    reason: Reason
    evidence: str
    entered_on: date | None = None
    left_on: date | None = None
    """When they left again, by the fact that decides; ``None`` where they have not."""

    @property
    def counts(self) -> bool:
        """Whether the person is a participant by the fund's rules."""
        return self.reason in ("took_part", "co_developer")


def fund_rules(name: str) -> FundRules:
    """The rules of that name: ``esf_plus`` or ``esf_2014_2020``."""
    known = _all_rules()
    if name not in known:
        raise DefinitionError(
            "no such rules", where=f"rules={name}", remedy=did_you_mean(name, known)
        )
    return known[name]


def all_fund_rules() -> tuple[FundRules, ...]:
    """The rules of every fund that there are, in the order of their file."""
    return tuple(_all_rules().values())


def standings(program: str, facts: Iterable[Fact], *, period: Period) -> tuple[Standing, ...]:
    """Everybody with an enrolment or a role of co-developer in *program*, by id, with the reason.

    They count who enter within *period*. A role that names no programme is held in each. The metric
    :func:`osallisuus.metrics.funders.fund_participants` counts the same people.
    """
    found = entries(program, tables(facts))
    return tuple(_within(found[person], period) for person in sorted(found))


def entries(program: str, rows: Rows) -> Mapping[str, list[Standing]]:
    """Every entry of everybody, by person: enrolments, and roles of co-developer."""
    by_person: dict[str, list[Standing]] = defaultdict(list)
    groups = {group.id: group for group in rows.get("groups", ())}
    row: Enrollment
    for row in rows.get("enrollments", ()):
        if row.program == program:
            group = groups.get(row.group or "")
            is_open = group is not None and OPEN in (group.kind, group.setting)
            by_person[row.person].append(_by_enrollment(row, rows, is_open=is_open))
    for span in rows.get("roles", ()):
        if span.program in (program, None) and span.role == "co_developer":
            by_person[span.person].append(_by_role(span, rows, program))
    return by_person


def _by_enrollment(row: Enrollment, rows: Rows, *, is_open: bool) -> Standing:
    evidence = f"enrollments[{row.id}]"
    reason: Reason = "took_part"
    paid = None if row.started_on is None else _paid(rows, row.person, row.program, row.started_on)
    if row.started_on is None:
        reason = "not_started"
    elif is_open:
        reason = "open_service"
    elif paid is not None:
        reason, evidence = "paid_by_project", paid
    return Standing(
        person=row.person,
        reason=reason,
        evidence=evidence,
        entered_on=row.started_on,
        left_on=row.ended_on,
    )


def _by_role(span: RoleSpan, rows: Rows, program: str) -> Standing:
    paid = _paid(rows, span.person, program, span.starts_on)
    return Standing(
        person=span.person,
        reason="co_developer" if paid is None else "paid_by_project",
        evidence=f"roles[{span.id}]" if paid is None else paid,
        entered_on=span.starts_on,
        left_on=span.ends_on,
    )


def _paid(rows: Rows, person: str, program: str, on: date) -> str | None:
    """The fact that says that the project pays the person on that day."""
    for span in rows.get("roles", ()):
        held = span.starts_on <= on and (span.ends_on is None or on < span.ends_on)
        own = span.person == person and span.program in (program, None)
        if own and span.role in STAFF and held:
            return f"roles[{span.id}]"
    for trait in rows.get("traits", ()):
        own = (trait.person, trait.name, trait.value) == (person, PAID, "yes")
        if own and trait.since <= on:
            return f"traits[{trait.id}]"
    return None


def _within(found: list[Standing], period: Period) -> Standing:
    """One record: the first entry that counts, if it is in the period; else why there is none."""
    entered = [one for one in found if one.counts and one.entered_on is not None]
    if not entered:
        return found[0]
    first = min(entered, key=lambda one: (one.entered_on or date.max, one.evidence))
    if first.entered_on is not None and first.entered_on in period:
        return first
    return Standing(
        person=first.person,
        reason="other_period",
        evidence=first.evidence,
        entered_on=first.entered_on,
    )


@cache
def _all_rules() -> Mapping[str, FundRules]:
    text = Path(__file__).with_name("funders.toml").read_text("utf-8")
    return MappingProxyType({name: _rules(name, one) for name, one in tomllib.loads(text).items()})


def _rules(name: str, table: Mapping[str, Any]) -> FundRules:
    return FundRules(
        name=name,
        title=Text(**table["title"]),
        source=table["source"],
        record=table["record"],
        total=table["total"]["code"],
        total_verified=table["total"]["verified"],
        indicators=tuple(_indicator(one) for one in table["indicators"]),
        results=tuple(_indicator(one) for one in table["results"]),
    )


def _indicator(one: Mapping[str, Any]) -> Indicator:
    return Indicator(
        code=one["code"],
        verified=one["verified"],
        trait=one["trait"],
        values=tuple(one["values"]),
        text=Text(**one["text"]),
        entered=tuple(one.get("entered", ())),
    )
