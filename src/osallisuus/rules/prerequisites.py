"""What a role presupposes, and which fact says that it is met.

Nothing recorded is *unknown*, never "no". What has no place of its own among the facts is read from
one place, and from that only:

==============================  ================================================================
a prerequisite                  is met on a day when
==============================  ================================================================
``started:P``, ``completed:P``  an enrolment in P has started, or has ended as completed
``being_client``                a role span ``client`` or ``service_user`` is held, paused or not
``agreed_by_forum``             a span of this role names a decision made by then in ``decided_by``
``invited``                     a contact of the mode ``invitation`` was made
the attested ones               a trait of that name, said by the person, has the value ``yes``
==============================  ================================================================

The attested ones are ``lived_experience_attested``, ``coping_experience_attested`` and
``treatment_completed``. Only the yes is recorded, with no details (K2).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, Final, Literal, TypeAlias

from osallisuus.model.facts import Enrollment
from osallisuus.model.roles import Prerequisite
from osallisuus.rules.finding import Rows
from osallisuus.values import frozen

__all__ = ["ATTESTED", "Requirement", "Standing", "requirement_of"]

Standing: TypeAlias = Literal["met", "not_met", "unknown"]
"""Of one prerequisite. Unknown means that nothing is recorded."""

ATTESTED: Final = (
    "lived_experience_attested",
    "coping_experience_attested",
    "treatment_completed",
)
"""Prerequisites that a person attests themselves, by a trait of that name: ``yes`` or ``no``."""

_CLIENT: Final = ("client", "service_user")
_STAGES: Final = ("reached_on", "informed_on", "interviewed_on", "offered_on", "started_on")

_Said: TypeAlias = tuple[bool, date, str]
"""What a fact says of a prerequisite, since when, and the place of the fact."""


@frozen(kw_only=True)
class Requirement:
    """One prerequisite of a role, whether it is met, and the fact that says so.

    ``evidence`` is a place such as ``enrollments[e1]``; ``None`` = not recorded.
    """

    prerequisite: Prerequisite
    standing: Standing
    evidence: str | None = None


def requirement_of(
    prerequisite: Prerequisite, rows: Rows, *, role: str, person: str, on: date
) -> Requirement:
    """How *prerequisite* of *role* stands for *person* on that day.

    The evidence is the first fact that meets it, else the last one that says that it is not met.
    """
    said = list(_said(prerequisite, rows, role, person, on))
    yes = sorted((day, place) for is_met, day, place in said if is_met)
    no = sorted((day, place) for is_met, day, place in said if not is_met)
    if yes:
        return Requirement(prerequisite=prerequisite, standing="met", evidence=yes[0][1])
    if no:
        return Requirement(prerequisite=prerequisite, standing="not_met", evidence=no[-1][1])
    return Requirement(prerequisite=prerequisite, standing="unknown")


def _said(
    prerequisite: Prerequisite, rows: Rows, role: str, person: str, on: date
) -> Iterator[_Said]:
    match prerequisite.kind:
        case "started" | "completed":
            return _by_enrollments(prerequisite, _own(rows, "enrollments", person), on)
        case "being_client":
            return _by_roles(_own(rows, "roles", person), on)
        case "agreed_by_forum":
            return _by_decisions(rows, role, person, on)
        case "invited":
            return _by_contacts(_own(rows, "contacts", person), on)
        case _:
            return _by_traits(prerequisite.kind, _own(rows, "traits", person), on)


def _own(rows: Rows, table: str, person: str) -> list[Any]:
    return [fact for fact in rows.get(table, ()) if fact.person == person]


def _by_enrollments(
    prerequisite: Prerequisite, rows: list[Enrollment], on: date
) -> Iterator[_Said]:
    for row in rows:
        days = [day for name in _STAGES if (day := getattr(row, name)) is not None]
        first = min(days, default=None)
        if row.program != prerequisite.program or first is None or first > on:
            continue
        if prerequisite.kind == "started":
            reached, is_met = row.started_on, True
        else:
            reached, is_met = row.ended_on, row.ending == "completed"
        come = reached is not None and reached <= on
        yield come and is_met, reached if come and reached else first, f"enrollments[{row.id}]"


def _by_roles(rows: list[Any], on: date) -> Iterator[_Said]:
    for row in rows:
        if row.role in _CLIENT and row.starts_on <= on:
            yield row.ends_on is None or on < row.ends_on, row.starts_on, f"roles[{row.id}]"


def _by_decisions(rows: Rows, role: str, person: str, on: date) -> Iterator[_Said]:
    """A decision names nobody; the span that it led to names the decision, even in advance."""
    named = {span.decided_by for span in _own(rows, "roles", person) if span.role == role}
    for decision in rows.get("decisions", ()):
        if decision.id in named and decision.decided_on <= on:
            yield True, decision.decided_on, f"decisions[{decision.id}]"


def _by_contacts(rows: list[Any], on: date) -> Iterator[_Said]:
    for row in rows:
        if row.mode == "invitation" and row.happened_on <= on:
            yield True, row.happened_on, f"contacts[{row.id}]"


def _by_traits(name: str, rows: list[Any], on: date) -> Iterator[_Said]:
    """The last thing that the person said; yes and no on one day say nothing together."""
    own = [row for row in rows if row.name == name and row.since <= on]
    last = [row for row in own if row.since == max(row.since for row in own)]
    values = {row.value for row in last}
    if values in ({"yes"}, {"no"}):
        yield from ((row.value == "yes", row.since, f"traits[{row.id}]") for row in last)
