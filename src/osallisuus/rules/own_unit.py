"""Findings where somebody guides in the unit in which they are, or were, a client (Q5).

It is not forbidden, and roles at the same time are normal; that the unit has talked it through is
a decision of the unit on the matter ``guiding_in_own_unit``, after which nothing is found.

A unit is a group, or all groups of one organization in one place. Somebody is a client of it by a
membership or by the role of a client there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Final, TypeAlias

from osallisuus.model.facts import Group, Guidance, Membership, RoleSpan
from osallisuus.rules.finding import Finding, FindingRule, PlaceOf, Rows
from osallisuus.values import frozen

__all__ = ["AGREED", "CLIENTS", "GUIDES", "RULES"]

AGREED: Final = "guiding_in_own_unit"
"""Matter of the decision with which a unit agrees on it."""

CLIENTS: Final = ("client", "patient", "service_user")
"""Roles of those who are cared for."""

GUIDES: Final = ("peer_guide", "lead_peer_guide")
"""Roles of those who guide."""

_Unit: TypeAlias = tuple[str, ...]


@frozen
class _Tie:
    """From when to when somebody is a client of a unit; ``None`` = still."""

    unit: _Unit
    starts_on: date
    ends_on: date | None

    def overlaps(self, first: date, last: date | None) -> bool:
        return self.starts_on <= (last or date.max) and first <= (self.ends_on or date.max)


def _own_unit(rows: Rows, place: PlaceOf) -> Iterator[Finding]:
    """Guiding in one's own unit is talked through, and the unit's decision is on record."""
    units = {group.id: _unit(group) for group in rows.get("groups", ())}
    ties = _ties(rows, units)
    if not ties:
        return
    agreed = {
        units[one.group]
        for one in rows.get("decisions", ())
        if one.matter == AGREED and one.group in units
    }
    span: RoleSpan
    for index, span in enumerate(rows.get("roles", ())):
        if span.role not in GUIDES or span.group not in units:
            continue
        if _was_client(ties[span.person], {units[span.group]} - agreed, span.ends_on):
            yield _finding(f"{place('roles', index)}.group")
    case: Guidance
    for index, case in enumerate(rows.get("guidance", ())):
        first = case.offered_on or case.started_on
        if first is None:
            continue
        theirs = {one.unit for one in ties[case.person] if one.overlaps(first, case.ended_on)}
        if _was_client(ties[case.guide], theirs - agreed, case.ended_on):
            yield _finding(f"{place('guidance', index)}.guide")


def _finding(where: str) -> Finding:
    return Finding(
        "guides_in_own_unit",
        "somebody guides in the unit where they are or were a client",
        where,
        f"nothing to do where all agree to it: record the unit's decision on the matter {AGREED},"
        " and see that neither side reads the other's records",
    )


def _unit(group: Group) -> _Unit:
    """Groups of one organization in one place are one unit; what is not stated joins nothing."""
    if group.organization is not None and group.place is not None:
        return group.organization, group.place
    return (group.id,)


def _ties(rows: Rows, units: dict[str, _Unit]) -> defaultdict[str, list[_Tie]]:
    found: defaultdict[str, list[_Tie]] = defaultdict(list)
    spans: list[Membership | RoleSpan] = [
        *rows.get("memberships", ()),
        *(one for one in rows.get("roles", ()) if one.role in CLIENTS),
    ]
    for span in spans:
        unit = units.get(span.group or "")
        if unit is not None:
            found[span.person].append(_Tie(unit, span.starts_on, span.ends_on))
    return found


def _was_client(ties: list[_Tie], units: set[_Unit], last: date | None) -> bool:
    """Whether somebody has been a client of one of *units* by the *last* day of guiding."""
    return any(one.unit in units and one.starts_on <= (last or date.max) for one in ties)


RULES: Final[tuple[FindingRule, ...]] = (_own_unit,)
"""Findings in the facts alone."""
