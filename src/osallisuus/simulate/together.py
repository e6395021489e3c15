"""Communities and teams: memberships, meetings, decisions, ideas; and what it all costs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

from osallisuus.model.facts import Cost, Decision, Group, Idea, Membership, Session
from osallisuus.model.offering import Meeting
from osallisuus.model.stated import each
from osallisuus.model.vocabulary import vocabulary
from osallisuus.simulate.cohort import Cohort, Member
from osallisuus.simulate.meetings import attend, new_sessions
from osallisuus.simulate.roles import Held

__all__ = ["belong", "hold_meetings", "hold_team_meetings", "raise_ideas", "spend"]

_QUARTER: Final = timedelta(91)
_WORK: Final = ("facilitation", "contact_work", "coordination", "supervision", "staff_training")
"""Heads that are spent in working time; all others are sums of money."""


def belong(cohort: Cohort, group: str, members: Iterable[Member]) -> None:
    """The membership of each; how somebody takes part is theirs to say, and not all say it."""
    modes = vocabulary("membership_mode").codes
    for member in members:
        cohort.add(
            Membership(
                id=cohort.id("b"),
                person=member.person,
                group=group,
                starts_on=member.starts_on,
                ends_on=member.ends_on,
                mode=cohort.chance.one_of(modes) if cohort.chance.happens(0.8) else None,
                ending="moved_on" if member.ending in ("moved_on", "transferred") else "left",
            )
        )


def hold_meetings(
    cohort: Cohort, group: Group, members: list[Member], held: Iterable[Held]
) -> None:
    """Every meeting of a community that has a cadence: by its attendees, or by all members."""
    for meeting in each(cohort.program.meetings):
        attendees = each(meeting.attendees)
        own = [one.member for one in held if one.role in attendees] if attendees else members
        own = _within(own, members)
        sessions = _sessions(cohort, group, meeting)
        attend(cohort, sessions, own)
        if meeting.decides:
            _decide(cohort, group.id, sessions)


def hold_team_meetings(cohort: Cohort, held: list[Held], *, all_join: bool = False) -> None:
    """The meetings that are meant for holders of a role, in a group of their own.

    Joining is an offer: so many take it up as the habits say, or *all_join*.
    """
    for meeting in each(cohort.program.meetings):
        attendees = each(meeting.attendees)
        joining = [
            one.member
            for one in held
            if one.role in attendees
            and (all_join or cohort.chance.happens(cohort.habits.joins_team))
        ]
        if not joining or meeting.cadence is None:
            continue
        first = min(one.starts_on for one in joining)
        kind = "follow_up_team" if meeting.kind == "follow_up_group" else meeting.kind
        group = cohort.add(cohort.new_group(kind, first))
        belong(cohort, group.id, joining)
        attend(cohort, _sessions(cohort, group, meeting), joining)


def raise_ideas(cohort: Cohort, group: Group) -> None:
    """Ideas of a group, from raised to told back; their credit is that of a circle of people."""
    chance, habits = cohort.chance, cohort.habits
    days = (_until(cohort, group) - group.starts_on).days
    if days <= 0:
        return
    origins = vocabulary("idea_origin").codes
    for _ in range(chance.count(min(100.0, habits.ideas_per_year * days / 365))):
        raised_on = chance.later(group.starts_on, 0, days - 1)
        decided_on = chance.later(raised_on, 7, 120)
        decision = chance.pick((("accepted", 6), ("declined", 2), ("later", 2)))
        taken_up = decision == "accepted" and chance.happens(habits.carried_out)
        implemented_on = chance.later(decided_on, 14, 180) if taken_up else None
        lasting = implemented_on is not None and chance.happens(0.5)
        cohort.add(
            Idea(
                id=cohort.id("x"),
                group=group.id,
                origin=chance.one_of(origins),
                raised_on=raised_on,
                decided_on=decided_on,
                decision=decision,
                implemented_on=implemented_on,
                established_on=chance.later(implemented_on, 180, 400)
                if implemented_on is not None and lasting
                else None,
                told_back_on=chance.later(decided_on, 1, 40)
                if chance.happens(habits.told_back)
                else None,
            )
        )


def spend(cohort: Cohort, starts_on: date, ends_on: date) -> None:
    """Each head of costs that the programme states, once a quarter, in money or working time."""
    chance = cohort.chance
    day = starts_on
    while day < min(ends_on, cohort.horizon):
        for head in each(cohort.program.cost_heads):
            work = head.code in _WORK
            free = bool(head.may_be_zero) and chance.happens(0.5)
            cohort.add(
                Cost(
                    id=cohort.id("c"),
                    program=cohort.program.name,
                    group=cohort.group_id,
                    happened_on=day,
                    head=head.code,
                    cents=None if work else 0 if free else 100 * chance.whole(50, 800),
                    minutes=30 * chance.whole(10, 120) if work else None,
                    worker_kind="professional" if work else None,
                )
            )
        day += _QUARTER


def _until(cohort: Cohort, group: Group) -> date:
    return min(group.ends_on or cohort.horizon, cohort.horizon)


def _sessions(cohort: Cohort, group: Group, meeting: Meeting) -> list[Session]:
    sessions = new_sessions(
        cohort, group.id, meeting.kind, meeting.cadence, group.starts_on, _until(cohort, group)
    )
    return [cohort.add(session) for session in sessions]


def _within(holders: list[Member], members: list[Member]) -> list[Member]:
    """Whoever holds a role comes to its meetings while they belong to the community."""
    ends = {member.person: member.ends_on for member in members}
    return [one for one in holders if one.starts_on < ends.get(one.person, one.starts_on)]


def _decide(cohort: Cohort, group: str, sessions: Iterable[Session]) -> None:
    """Decisions of the forum, each in a meeting that was held, on a matter that is the forum's."""
    chance, habits = cohort.chance, cohort.habits
    stated = [(one.matter, one.owner) for one in each(cohort.program.decision_owners)]
    own = [one for one in stated if one[0] != "own_care"]
    own = own or [("shared_matters", "community_meeting")]
    for session in sessions:
        if session.status != "held":
            continue
        for _ in range(chance.count(habits.decisions_per_meeting)):
            matter, owner = chance.one_of(own)
            decided_on = session.starts_at.date()
            carried_out = chance.happens(habits.carried_out)
            cohort.add(
                Decision(
                    id=cohort.id("d"),
                    group=group,
                    matter=matter,
                    owner=owner,
                    initiated_by=chance.one_of(("clients", "staff", "together")),
                    decided_on=decided_on,
                    carried_out_on=chance.later(decided_on, 1, 150) if carried_out else None,
                )
            )
