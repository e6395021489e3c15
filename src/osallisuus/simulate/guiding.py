"""Individual guidance: cases with their talks, own goals, places shown, and changes of the guide."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

from osallisuus.model.contradictions import beyond_boundaries
from osallisuus.model.facts import (
    Consent,
    Goal,
    GoalRating,
    Guidance,
    Linkage,
    Person,
    Review,
    RoleSpan,
)
from osallisuus.model.roles import Role
from osallisuus.model.stated import each
from osallisuus.model.vocabulary import vocabulary
from osallisuus.rules.guidance import NEAR
from osallisuus.rules.legality import CONSENT
from osallisuus.simulate.cohort import Cohort, Member
from osallisuus.simulate.roles import GUIDES, Held, attest

__all__ = ["guide", "make_guides"]

_FAR: Final = timedelta(365 * 40)
_LEVELS: Final = (("-2", 5), ("-1", 15), ("0", 45), ("1", 25), ("2", 10))
_ENDINGS: Final = {"left": "ended_by_user", "transferred": "moved_on"}


def make_guides(cohort: Cohort) -> list[Held]:
    """The team that guides the people of one cohort; they are not among those who are reached."""
    roles = {role.code: role for role in each(cohort.program.roles)}
    code = next((code for code in GUIDES if code in roles), GUIDES[0])
    starts_on = cohort.starts_on - timedelta(30)
    found = []
    for _ in range(cohort.habits.guides):
        person = cohort.add(Person(id=cohort.id("p"), registered_on=starts_on)).id
        attest(cohort, person, roles.get(code, Role(code=code)), starts_on)
        cohort.add(
            RoleSpan(
                id=cohort.id("r"),
                person=person,
                role=code,
                program=cohort.program.name,
                starts_on=starts_on,
            )
        )
        attends = cohort.chance.around(cohort.habits.attends, cohort.habits.attends_spread)
        member = Member(
            person=person, starts_on=starts_on, ends_on=starts_on + _FAR, attends=attends
        )
        found.append(Held(code, member))
    return found


def guide(cohort: Cohort, members: Iterable[Member], guides: list[Held]) -> None:
    """The case, or two, of each member, with what belongs to it."""
    for member in members:
        cases = _cases(cohort, member, [one.member.person for one in guides])
        for case in cases:
            _talks(cohort, case)
        _goals(cohort, member, cases[0])
        _places(cohort, member)


def _last(member: Member) -> date:
    """The day on which the guidance ended."""
    ended_on = member.enrollment.ended_on if member.enrollment is not None else None
    return ended_on or member.ends_on


def _cases(cohort: Cohort, member: Member, guides: list[str]) -> list[Guidance]:
    chance = cohort.chance
    starts_on, ends_on = member.starts_on, _last(member)
    first = chance.one_of(guides)
    offered_on = member.enrollment.offered_on if member.enrollment is not None else None
    ending = _ENDINGS.get(member.ending or "", member.ending)
    room = (ends_on - starts_on).days
    if room < 8 or len(guides) < 2 or not chance.happens(cohort.habits.changes_guide):
        return [_case(cohort, member, first, offered_on, starts_on, ends_on, ending)]
    changed_on = chance.later(starts_on, 3, room - 3)
    other = chance.one_of([one for one in guides if one != first])
    cohort.add(
        Consent(id=cohort.id("n"), person=member.person, purpose=CONSENT, given_on=changed_on)
    )
    return [
        _case(cohort, member, first, offered_on, starts_on, changed_on, "reassigned"),
        _case(cohort, member, other, changed_on, changed_on, ends_on, ending),
    ]


def _case(
    cohort: Cohort,
    member: Member,
    guide: str,
    offered_on: date | None,
    starts_on: date,
    ends_on: date,
    ending: str | None,
) -> Guidance:
    planned = member.enrollment.planned_end_on if member.enrollment is not None else None
    return cohort.add(
        Guidance(
            id=cohort.id("q"),
            person=member.person,
            guide=guide,
            program=cohort.program.name,
            offered_on=offered_on,
            started_on=starts_on,
            planned_end_on=planned or starts_on + timedelta(cohort.habits.term_days),
            ended_on=ends_on,
            ending=ending,
        )
    )


def _talks(cohort: Cohort, case: Guidance) -> None:
    """Those that the programme has with everybody, each before it is due (K23).

    Whoever ends it themselves has had those that came before; one that is closed has had all.
    """
    chance = cohort.chance
    starts_on, ended_on = case.started_on or case.planned_end_on, case.ended_on or date.max
    term = max(0, (case.planned_end_on - starts_on).days)
    closing = max(0, term - NEAR - chance.whole(1, 10))
    days = {"start": 0, "mid": min(closing, term * 3 // 8), "final": closing}
    is_closed = case.ending not in ("ended_by_user", "moved_on", "reassigned")
    for review in each(cohort.program.reviews):
        day = starts_on + timedelta(days[review.point])
        if is_closed:
            day = min(day, ended_on)
        if day <= ended_on and chance.happens(cohort.habits.talks_held):
            cohort.add(
                Review(id=cohort.id("v"), guidance=case.id, point=review.point, happened_on=day)
            )


def _goals(cohort: Cohort, member: Member, case: Guidance) -> None:
    chance, last = cohort.chance, _last(member)
    forbidden = beyond_boundaries(cohort.program)
    stated = each(cohort.program.goal_domains) or vocabulary("goal_domain").codes
    domains = [code for code in stated if code not in forbidden]
    set_on = chance.later(member.starts_on, 0, 21)
    if set_on >= last or not domains:
        return
    room = (last - set_on).days
    for _ in range(chance.whole(1, cohort.habits.goals)):
        goal = cohort.add(
            Goal(
                id=cohort.id("z"),
                person=member.person,
                guidance=case.id,
                domain=chance.one_of(domains),
                weight=chance.whole(1, 5),
                set_on=set_on,
            )
        )
        for day in (set_on + timedelta(room // 2), last):
            if chance.happens(cohort.habits.goals_rated):
                level = int(chance.pick(_LEVELS))
                cohort.add(GoalRating(id=cohort.id("y"), goal=goal.id, rated_on=day, level=level))


def _places(cohort: Cohort, member: Member) -> None:
    """A place somebody is introduced to, then visits, then makes their own, each for some."""
    chance, share = cohort.chance, cohort.habits.linked
    forbidden = beyond_boundaries(cohort.program)
    kinds = [code for code in vocabulary("place_kind").codes if code not in forbidden]
    days: list[date | None] = [None, None, None]
    day = member.starts_on
    for place in range(3):
        day = chance.later(day, 3, 40)
        if day >= member.ends_on or not chance.happens(share):
            break
        days[place] = day
    if days[0] is not None:
        cohort.add(
            Linkage(
                id=cohort.id("l"),
                person=member.person,
                place_kind=chance.one_of(kinds),
                introduced_on=days[0],
                visited_on=days[1],
                attached_on=days[2],
            )
        )
