"""The way in and the way out of one person: reached, informed, interviewed, offered, started, ended.

The stages and their order are the programme's: nobody is interviewed where it states no interview.
Whoever starts something with an end completes it or leaves before, at a hazard that is the same on
every day; so the share that completes is known, also for those who have had no time to do so.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from osallisuus.model.cadence import step
from osallisuus.model.facts import Consent, Contact, Enrollment, Interview, Person, Trait
from osallisuus.model.offering import BeforeStart, Community, FixedTerm
from osallisuus.model.offering import Interview as InterviewPlan
from osallisuus.model.program import Program
from osallisuus.model.stated import each
from osallisuus.rules.admission import VOLUNTARY
from osallisuus.simulate.cohort import Cohort, Member

__all__ = ["FIRST_DAYS", "come", "has_end"]

FIRST_DAYS: Final = 76
"""Days before the start of a group from which its first people can have been reached."""

_BEFORE: Final = (75, 45)
"""Days from being reached to the start, most and least."""
_ROLLING: Final = 60
"""Days over which people start where no group begins on one day."""
_STEPS: Final = {"informed": (1, 12), "interviewed": (1, 10), "offered": (1, 10)}


def has_end(program: Program) -> bool:
    """Whether taking part has an end that can be reached: sessions or a term, stated or not."""
    open_ended = isinstance(program.community, Community) and not program.sessions
    return not open_ended or isinstance(program.fixed_term, FixedTerm)


def come(cohort: Cohort, people: int, ends_on: date | None) -> list[Member]:
    """*people* who are reached; those who start are given back.

    *ends_on* is the day of the last session, on which all who are still there have completed it;
    ``None``: each starts on a day of their own.
    """
    found = (_person(cohort, ends_on) for _ in range(people))
    return [member for member in found if member is not None]


def _person(cohort: Cohort, ends_on: date | None) -> Member | None:
    chance, program = cohort.chance, cohort.program
    starts_on = cohort.starts_on
    if ends_on is None:
        starts_on = chance.later(starts_on, 0, _ROLLING)
    days = _stages(cohort, starts_on)
    person = cohort.add(Person(id=cohort.id("p"), registered_on=days["reached"])).id
    aim = _aim(cohort)
    starts = "offered" in days and chance.happens(cohort.habits.starts)
    ended_on, ending, planned_end_on = None, None, None
    if starts:
        ended_on, ending, planned_end_on = _way_out(cohort, starts_on, ends_on)
    elif "offered" in days:
        ended_on, ending = chance.later(days["offered"], 1, 10), "declined"
    channels = [one.code for one in each(program.channels)]
    enrollment = cohort.add(
        Enrollment(
            id=cohort.id("e"),
            person=person,
            program=program.name,
            program_version=program.version,
            group=cohort.group_id if "offered" in days else None,
            channel=chance.one_of(channels) if channels else None,
            aim=aim if starts else None,
            reached_on=days["reached"],
            informed_on=days.get("informed"),
            interviewed_on=days.get("interviewed"),
            offered_on=days.get("offered"),
            started_on=starts_on if starts else None,
            planned_end_on=planned_end_on,
            ended_on=ended_on,
            ending=ending,
            decided_by=cohort.id("w") if ending in ("completed", "ended_by_organizer") else None,
        )
    )
    _interview(cohort, enrollment)
    _keep_in_touch(cohort, enrollment, starts_on)
    return _started(cohort, enrollment, aim) if starts else None


def _stages(cohort: Cohort, starts_on: date) -> dict[str, date]:
    """The day of each stage that somebody came to; whoever did not come to one came to no later."""
    chance, habits = cohort.chance, cohort.habits
    most, least = _BEFORE
    day = chance.later(starts_on, -most, -least)
    days = {"reached": day}
    asked = isinstance(cohort.program.interview, InterviewPlan)
    for stage, share in (
        ("informed", habits.informed),
        ("interviewed", habits.interviewed if asked else None),
        ("offered", habits.offered),
    ):
        if share is None:
            continue
        if not chance.happens(share):
            break
        day = days[stage] = chance.later(day, *_STEPS[stage])
    return days


def _way_out(
    cohort: Cohort, starts_on: date, ends_on: date | None
) -> tuple[date | None, str | None, date | None]:
    """The day and kind of the end, and the planned end; as they will have been in the end."""
    chance, habits = cohort.chance, cohort.habits
    if not has_end(cohort.program):
        day = starts_on + timedelta(1 + chance.wait(habits.stays_days))
        return day, chance.pick(habits.endings), None
    planned = _planned_end(cohort, starts_on, ends_on)
    left = chance.leaving(habits.completes)
    if left is None:
        return planned, "completed", planned
    days = max(1, (planned - starts_on).days)
    return (
        starts_on + timedelta(1 + int(min(left, 0.999999) * (days - 1))),
        chance.pick(habits.endings),
        planned,
    )


def _planned_end(cohort: Cohort, starts_on: date, ends_on: date | None) -> date:
    """The day on which the sessions end, but no later than the programme's own term."""
    term = cohort.program.fixed_term
    if not isinstance(term, FixedTerm) or term.length is None:
        return ends_on or starts_on + timedelta(cohort.habits.term_days)
    length = term.length
    planned = step(starts_on, cohort.chance.whole(length.min, length.max), length.unit)
    return planned if ends_on is None else min(planned, ends_on)


def _started(cohort: Cohort, enrollment: Enrollment, aim: str | None) -> Member:
    chance, habits = cohort.chance, cohort.habits
    starts_on, ended_on = enrollment.started_on, enrollment.ended_on
    assert starts_on is not None  # noqa: S101 - whoever starts has both days
    assert ended_on is not None  # noqa: S101
    if aim is not None:
        cohort.add(
            Trait(
                id=cohort.id("t"),
                person=enrollment.person,
                name="aim",
                value=aim,
                since=starts_on,
            )
        )
    _consent(cohort, enrollment.person, starts_on)
    # whoever completes it is there on the last day, too
    until = ended_on + timedelta(1) if enrollment.ending == "completed" else ended_on
    return Member(
        person=enrollment.person,
        enrollment=enrollment,
        starts_on=starts_on,
        ends_on=until,
        attends=chance.around(habits.attends, habits.attends_spread),
        paused=cohort.pause(enrollment.id, starts_on, ended_on),
    )


def _aim(cohort: Cohort) -> str | None:
    offered = cohort.program.community
    aims = each(offered.aims) if isinstance(offered, Community) else ()
    if not aims or not cohort.chance.happens(cohort.habits.says_aim):
        return None
    return cohort.chance.one_of(aims)


def _interview(cohort: Cohort, enrollment: Enrollment) -> None:
    if enrollment.interviewed_on is None:
        return
    others = (("not_now", 4), ("other_group", 3), ("declined", 3))
    place = enrollment.offered_on is not None
    cohort.add(
        Interview(
            id=cohort.id("i"),
            person=enrollment.person,
            program=enrollment.program,
            group=enrollment.group,
            happened_on=enrollment.interviewed_on,
            outcome="place" if place else cohort.chance.pick(others),
            decided_by=cohort.id("w"),
        )
    )


def _keep_in_touch(cohort: Cohort, enrollment: Enrollment, starts_on: date) -> None:
    """Contact between the offer and the start, where the programme says that there is (V6)."""
    before, offered_on = cohort.program.before_start, enrollment.offered_on
    if not isinstance(before, BeforeStart) or offered_on is None:
        return
    if not cohort.chance.happens(cohort.habits.in_touch):
        return
    modes = each(before.contact_modes) or each(cohort.program.contact_modes) or ("phone",)
    room = max(1, (starts_on - offered_on).days - 1)
    cohort.add(
        Contact(
            id=cohort.id("k"),
            person=enrollment.person,
            enrollment=enrollment.id,
            happened_on=cohort.chance.later(offered_on, 1, room),
            mode=cohort.chance.one_of(modes),
        )
    )


def _consent(cohort: Cohort, person: str, starts_on: date) -> None:
    chance = cohort.chance
    restricted = {
        name
        for one in each(cohort.program.settings)
        if one.restricted
        for name in (one.code, one.kind)
    }
    if cohort.group is not None and cohort.group.setting in restricted:
        # where people are not free to leave, everybody is told that they may refuse
        cohort.add(Consent(id=cohort.id("n"), person=person, purpose=VOLUNTARY, given_on=starts_on))
    for purpose, share in cohort.habits.consents:
        if chance.happens(share):
            withdrawn = chance.happens(cohort.habits.withdraws)
            cohort.add(
                Consent(
                    id=cohort.id("n"),
                    person=person,
                    purpose=purpose,
                    given_on=starts_on,
                    withdrawn_on=chance.later(starts_on, 10, 200) if withdrawn else None,
                )
            )
