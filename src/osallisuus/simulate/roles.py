"""Roles as their prerequisites allow, and what peers do in the field.

Roles have no order and nobody has to take one. What a role presupposes is recorded where it is not
known already: what somebody attests as a yes with no details, an agreement of a forum as a decision,
an invitation as a contact.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Final

from osallisuus.model.contradictions import is_of_encounter
from osallisuus.model.facts import (
    Contact,
    Decision,
    Encounter,
    EncounterTheme,
    RoleSpan,
    Trait,
)
from osallisuus.model.offering import Community
from osallisuus.model.roles import Role
from osallisuus.model.stated import each
from osallisuus.rules.community import NOT_CLIENTS
from osallisuus.rules.encounters import encounter_form
from osallisuus.rules.prerequisites import ATTESTED
from osallisuus.simulate.cohort import Cohort, Member
from osallisuus.values import frozen

__all__ = ["GUIDES", "Held", "attest", "meet_people", "take_roles"]

GUIDES: Final = ("peer_guide", "lead_peer_guide")
"""Roles of the team that guides; who is guided does not take them up here."""

_FROM_THE_START: Final = ("participant", "client", "service_user")
"""Roles of those who take part."""
_ENDINGS: Final = {
    "completed": "term_ended",
    "left": "stepped_back",
    "moved_on": "moved_on",
    "transferred": "moved_on",
    "ended_by_organizer": "withdrawn_by_organizer",
}
_MONTH: Final = 30.4


@frozen
class Held:
    """A role, and whoever holds it for that time."""

    role: str
    member: Member


def take_roles(cohort: Cohort, members: Iterable[Member]) -> list[Held]:
    """The roles of *members*: that of everybody who takes part, and those that some take up."""
    offered = [role for role in each(cohort.program.roles) if role.modality == "is"]
    entry = [role.code for role in offered if _is_of_all(role, cohort.program.name)]
    others = [role for role in offered if role.code not in (*entry, *NOT_CLIENTS, *GUIDES)]
    is_client = not {"client", "service_user"}.isdisjoint(entry)
    held: list[Held] = []
    for member in members:
        for code in entry:
            ending = _ENDINGS.get(member.ending or "")
            _span(cohort, member.person, code, member.starts_on, member.ends_on, ending)
        for role in others:
            if cohort.chance.happens(cohort.habits.takes_role):
                held += _take_up(cohort, member, role, is_client=is_client)
    return held


def _is_of_all(role: Role, program: str) -> bool:
    """Whether everybody has the role who takes part, as nothing else is presupposed."""
    needs = {str(one) for one in each(role.prerequisites)}
    return role.code in _FROM_THE_START and needs <= {f"started:{program}"}


def attest(cohort: Cohort, person: str, role: Role, day: date) -> None:
    """Record the yes of *person* to what they attest themselves for *role*."""
    for one in each(role.prerequisites):
        if one.kind in ATTESTED:
            cohort.add(
                Trait(id=cohort.id("t"), person=person, name=one.kind, value="yes", since=day)
            )


def meet_people(cohort: Cohort, held: Iterable[Held]) -> None:
    """Encounters of those who write the programme's form of them, each by their own pace."""
    chance, mean = cohort.chance, cohort.habits.encounters_per_month
    forms = [form for form in each(cohort.program.forms) if is_of_encounter(form)]
    if not forms or mean <= 0:
        return
    form = encounter_form(cohort.program)
    themes = [code for code, _ in form.themes]
    bands = dict(form.bands)
    for one in held:
        pace = mean * 2 * chance.around(0.5, 0.5)
        if one.role != forms[0].author or pace <= 0:
            continue
        for day in _days(cohort, one.member, _MONTH / pace):
            encounter = cohort.add(
                Encounter(
                    id=cohort.id("m"),
                    peer=one.member.person,
                    happened_on=day,
                    **{name: _ticked(cohort, codes) for name, codes in bands.items()},
                )
            )
            for theme in chance.some_of(themes, chance.whole(0, min(3, len(themes)))):
                cohort.add(EncounterTheme(id=cohort.id("h"), encounter=encounter.id, theme=theme))


def _ticked(cohort: Cohort, codes: tuple[str, ...]) -> str | None:
    """One of the bands, or none: everything on the form may be left empty."""
    return cohort.chance.one_of(codes) if cohort.chance.happens(0.8) else None


def _days(cohort: Cohort, member: Member, mean: float) -> Iterator[date]:
    """Days as they come, *mean* days apart, while the role is held and not paused."""
    until = min(member.ends_on, cohort.horizon)
    day = member.starts_on + timedelta(cohort.chance.wait(mean))
    while day < until:
        if member.takes_part_on(day):
            yield day
        day += timedelta(1 + cohort.chance.wait(max(0.0, mean - 1)))


def _take_up(cohort: Cohort, member: Member, role: Role, *, is_client: bool) -> Iterator[Held]:
    chance, kinds = cohort.chance, {one.kind for one in each(role.prerequisites)}
    earliest = _open_from(cohort, member, role, is_client=is_client)
    if earliest is None:
        return
    starts_on = chance.later(earliest, 0, 60)
    if starts_on >= member.ends_on and not ("completed" in kinds or member.completed):
        return
    if starts_on >= member.ends_on and "being_client" in kinds:
        return
    ends_on = starts_on + timedelta(1 + chance.wait(cohort.habits.role_days))
    ending = chance.pick((("stepped_back", 6), ("moved_on", 4)))
    if member.ending == "died":
        ends_on = max(starts_on, min(ends_on, member.ends_on))
    attest(cohort, member.person, role, starts_on)
    decided_by = _agreed(cohort, starts_on) if "agreed_by_forum" in kinds else None
    if "invited" in kinds:
        cohort.add(
            Contact(
                id=cohort.id("k"), person=member.person, happened_on=starts_on, mode="invitation"
            )
        )
    span = _span(cohort, member.person, role.code, starts_on, ends_on, ending, decided_by)
    paused = cohort.pause(span, starts_on, ends_on) if role.may_pause is not False else None
    yield Held(
        role.code,
        Member(
            person=member.person,
            starts_on=starts_on,
            ends_on=ends_on,
            attends=member.attends,
            paused=paused,
        ),
    )


def _open_from(cohort: Cohort, member: Member, role: Role, *, is_client: bool) -> date | None:
    """The first day on which nothing stands in the way; ``None``: something always does."""
    days = [member.starts_on]
    for one in each(role.prerequisites):
        if one.program not in (None, cohort.program.name):
            return None
        if one.kind == "completed":
            if not member.completed:
                return None
            days.append(member.ends_on)
        if one.kind == "being_client" and not is_client:
            return None
        if one.kind == "agreed_by_forum" and cohort.group is None:
            return None
    return max(days)


def _agreed(cohort: Cohort, day: date) -> str:
    """The decision of the forum, on the matter of who does what."""
    owners = {one.matter: one.owner for one in each(cohort.program.decision_owners)}
    assert cohort.group is not None  # noqa: S101 - asked before
    return cohort.add(
        Decision(
            id=cohort.id("d"),
            group=cohort.group.id,
            matter="shared_matters",
            owner=owners.get("shared_matters", "community_meeting"),
            initiated_by="clients",
            decided_on=day,
        )
    ).id


def _span(
    cohort: Cohort,
    person: str,
    role: str,
    starts_on: date,
    ends_on: date,
    ending: str | None,
    decided_by: str | None = None,
) -> str:
    return cohort.add(
        RoleSpan(
            id=cohort.id("r"),
            person=person,
            role=role,
            program=cohort.program.name,
            group=cohort.group_id if isinstance(cohort.program.community, Community) else None,
            starts_on=starts_on,
            ends_on=ends_on,
            ending=ending,
            decided_by=decided_by,
        )
    ).id
