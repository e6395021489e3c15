"""A community on a day: its members in their own ways, its size, decisions, rules and areas.

Members say themselves how they take part, and "not now" is as good a way as any (Y11, Q18). A rule
or an area of responsibility *is* a decision of a forum: one on the matter ``rule.<name>`` or
``area.<name>``. So each has the decision that made it, and a later decision on the same matter is
its next version (Y13). Who holds an area is a role span ``area_holder`` in the community that names
such a decision in ``decided_by``.

Communities are held against their own beginning only, and are never ranked: a community that
starts from less has come as far as another when it has come the same way (Y32, Q15).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Final, Literal, TypeAlias

from osallisuus.errors import DefinitionError
from osallisuus.model.facts import Assessment, Decision, Fact, RoleSpan
from osallisuus.model.offering import Community
from osallisuus.model.program import Program
from osallisuus.model.stated import Code
from osallisuus.rules.finding import Rows
from osallisuus.rules.states import membership_state, role_state
from osallisuus.rules.tables import pauses_of, tables
from osallisuus.values import frozen

__all__ = [
    "NOT_CLIENTS",
    "CommunityOnDay",
    "OwnCourse",
    "Settled",
    "Size",
    "SizeStanding",
    "area_or_rule",
    "community_on",
    "own_course",
    "size_of",
]

NOT_CLIENTS: Final = (
    "professional manager key_worker job_coach project_staff volunteer student "
    "partner_representative"
).split()
"""Members who hold one of these roles in the community are not counted as clients (Y19)."""

SizeStanding: TypeAlias = Literal["within", "over", "not_stated"]
"""Of a community's size against its limit."""


@frozen(kw_only=True)
class Size:
    """How many belong on a day, counted in the unit of the limit, and whether it is kept (Y19)."""

    count: int
    unit: Code
    limit: int | None = None

    @property
    def standing(self) -> SizeStanding:
        """Whether the limit is kept; ``not_stated`` where the programme states none."""
        if self.limit is None:
            return "not_stated"
        return "within" if self.count <= self.limit else "over"


@frozen(kw_only=True)
class Settled:
    """A rule or an area of responsibility: the decision in force, and its earlier versions.

    ``holders`` are the role spans of those who hold an area on the day; nobody is "to be found".
    """

    name: Code
    decision: Decision
    earlier: tuple[Decision, ...] = ()
    holders: tuple[RoleSpan, ...] = ()


@frozen(kw_only=True)
class CommunityOnDay:
    """What a community is on a day. Persons stand in it as role spans only, never in an order.

    ``modes`` counts those who are in ``size`` by their own way of taking part, ``None`` = not said.
    ``decisions`` are those made by that day and ``open_decisions`` those not carried out yet.
    """

    group: str
    on: date
    size: Size
    modes: tuple[tuple[Code | None, int], ...]
    representatives: tuple[RoleSpan, ...]
    decisions: tuple[Decision, ...]
    open_decisions: tuple[Decision, ...]
    rules: tuple[Settled, ...]
    areas: tuple[Settled, ...]


@frozen(kw_only=True)
class OwnCourse:
    """One scale of a community's own rubric over time, beside the community's own beginning.

    ``values`` are the day and value of each assessment, oldest first; the first is the beginning.
    Two courses have no order: comparing them by ``<`` or sorting them is refused with the reason.
    """

    group: str
    instrument: Code
    version: str
    scale: Code
    values: tuple[tuple[date, float], ...]

    @property
    def shift(self) -> float | None:
        """The latest value minus the first; ``None`` where there is only the beginning."""
        return self.values[-1][1] - self.values[0][1] if len(self.values) > 1 else None

    def __lt__(self, other: object) -> bool:
        raise DefinitionError(
            "communities are not ranked: each words its own rubric and is held against its own "
            "beginning",
            where=f"rubric {self.instrument}",
            remedy="read shift, which is the community's own way so far",
        )

    __gt__ = __le__ = __ge__ = __lt__


def community_on(
    program: Program, facts: Iterable[Fact], *, group: str, on: date
) -> CommunityOnDay:
    """What the community *group* of *program* is on that day."""
    rows = tables(facts)
    members = _members(rows, group, on)
    counted = _counted(program, rows, group, on, members)
    own = {members[person] for person in counted}
    modes = Counter(one.mode for one in rows.get("memberships", ()) if one.id in own)
    decisions = [
        one for one in rows.get("decisions", ()) if one.group == group and one.decided_on <= on
    ]
    decisions.sort(key=lambda one: (one.decided_on, one.id))
    return CommunityOnDay(
        group=group,
        on=on,
        size=size_of(program, rows, group=group, on=on),
        modes=tuple(sorted(modes.items(), key=lambda one: one[0] or "")),
        representatives=_in_role(rows, group, "client_representative", on),
        decisions=tuple(decisions),
        open_decisions=tuple(
            one for one in decisions if one.carried_out_on is None or one.carried_out_on > on
        ),
        rules=_settled("rule", decisions, ()),
        areas=_settled("area", decisions, _in_role(rows, group, "area_holder", on)),
    )


def size_of(program: Program, rows: Rows, *, group: str, on: date) -> Size:
    """The size of a community in the unit of its limit, as the metric ``community_size`` counts.

    Persons where the programme states no limit. *rows* are the facts by table.
    """
    offered = program.community
    limit = offered.size_limit if isinstance(offered, Community) else None
    counted = _counted(program, rows, group, on, _members(rows, group, on))
    return Size(
        count=len(counted),
        unit=limit.unit if limit else "persons",
        limit=limit.high if limit else None,
    )


def _counted(
    program: Program, rows: Rows, group: str, on: date, members: Iterable[str]
) -> set[str]:
    """Those of *members* who are of the unit of the limit: of clients, who holds no staff role."""
    offered = program.community
    limit = offered.size_limit if isinstance(offered, Community) else None
    if limit is None or limit.unit != "clients":
        return set(members)
    return set(members) - {
        span.person
        for span in rows.get("roles", ())
        if span.role in NOT_CLIENTS
        and span.group in (group, None)
        and span.starts_on <= on
        and (span.ends_on is None or on < span.ends_on)
    }


def area_or_rule(matter: str) -> tuple[str, Code] | None:
    """``("area", name)`` or ``("rule", name)`` of a decision's matter, else ``None``."""
    kind, dot, name = matter.partition(".")
    return (kind, name) if dot and name and kind in ("area", "rule") else None


def own_course(
    facts: Iterable[Fact], *, group: str, instrument: str, scale: str, on: date
) -> OwnCourse:
    """How *group* has assessed itself by that day, on one scale of the rubric that it words itself.

    Only assessments of the whole community count, and only those in the words of the latest one: a
    rubric that is worded anew begins a new course. Values that could not be computed are left out. Raises :class:`DefinitionError` where the community has not assessed itself by that rubric.
    """
    rows = tables(facts)
    own: list[Assessment] = [
        one
        for one in rows.get("assessments", ())
        if (one.group, one.instrument, one.person) == (group, instrument, None)
        and one.happened_on <= on
    ]
    own.sort(key=lambda one: (one.happened_on, one.id))
    if not own:
        raise DefinitionError(
            "this community has not assessed itself by this rubric",
            where=f"rubric {instrument}",
            remedy="its own first assessment is the beginning; another community's is no measure",
        )
    values = {
        one.assessment: one.value
        for one in rows.get("scores", ())
        if one.scale == scale and one.value is not None
    }
    version = own[-1].instrument_version
    return OwnCourse(
        group=group,
        instrument=instrument,
        version=version,
        scale=scale,
        values=tuple(
            (one.happened_on, values[one.id])
            for one in own
            if one.instrument_version == version and one.id in values
        ),
    )


def _members(rows: Rows, group: str, on: date) -> dict[str, str]:
    """Each member on the day, and the id of their membership; the latest, if there are two."""
    begun = sorted(
        (one for one in rows.get("memberships", ()) if one.group == group),
        key=lambda one: (one.starts_on, one.id),
    )
    return {one.person: one.id for one in begun if membership_state(one, on) == "member"}


def _in_role(rows: Rows, group: str, role: str, on: date) -> tuple[RoleSpan, ...]:
    """Who holds *role* in the community on that day, whether on a pause or not, by id."""
    return tuple(
        span
        for span in rows.get("roles", ())
        if span.role == role
        and span.group == group
        and role_state(span, on, pauses_of(rows, span.id)) in ("active", "paused")
    )


def _settled(
    kind: str, decisions: list[Decision], holders: tuple[RoleSpan, ...]
) -> tuple[Settled, ...]:
    versions: dict[Code, list[Decision]] = {}
    for decision in decisions:
        found = area_or_rule(decision.matter)
        if found is not None and found[0] == kind:
            versions.setdefault(found[1], []).append(decision)
    return tuple(
        Settled(
            name=name,
            decision=made[-1],
            earlier=tuple(made[:-1]),
            holders=tuple(span for span in holders if span.decided_by in {one.id for one in made}),
        )
        for name, made in sorted(versions.items())
    )
