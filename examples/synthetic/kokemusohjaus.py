"""Synthetic facts of Kokemusohjaus: one to one with a guide who has lived through it.

Published: the months of two pilots, the talks of a case, the meetings of the guides, that work is
for a fixed term, that a guide may pause. No figure is published. All else comes from seeded chance:
how many people and guides, the length of the term, days, goals, places, working hours.
"""

from __future__ import annotations

from datetime import date, timedelta

from attrs import evolve, frozen

import osallisuus as osa
from synthetic.making import Making, known, on_day

PROGRAM = "kokemusohjaus"
BEGINS, ENDS = date(2013, 12, 2), date(2015, 5, 29)
GUIDES = 6
PAUSES = {
    1: (date(2014, 3, 10), date(2014, 5, 5)),
    4: (date(2014, 9, 1), date(2014, 10, 27)),
    2: (date(2015, 2, 16), date(2015, 3, 16)),
}
"""Which guide pauses, and when: as long as they need, and nobody asks why."""
MOVED = {date(2013, 12, 23): date(2014, 1, 2), date(2014, 12, 22): date(2015, 1, 2)}
"""Team meetings before Christmas, and the days on which they were held instead."""
DOMAINS = ("studies", "working_life", "everyday_life", "relationships", "health", "leisure")
PLACES = {"clubhouse": 35, "peer_association": 30, "third_sector": 20, "drop_in": 15}


@frozen
class Pilot:
    """One pilot: when people began, for how long, and how many came to each stage."""

    starts_on: date
    intake_days: int
    terms: tuple[int, ...]
    """Days that a case may be agreed to last; the source leaves the term open."""
    reached: int
    offered: int
    started: int
    completed: int
    moved_on: int


PILOTS = (
    Pilot(date(2013, 12, 2), 190, (91, 119, 147, 182), 54, 45, 38, 27, 3),
    Pilot(date(2014, 12, 1), 45, (84, 98, 112, 126), 46, 38, 32, 23, 3),
)


@frozen
class Guide:
    """Somebody who guides, and the pause they took, if any."""

    person: str
    role: osa.RoleSpan
    pause: tuple[date, date] | None

    def pauses(self, day: date) -> bool:
        """Whether they are on a pause that day."""
        return self.pause is not None and self.pause[0] <= day < self.pause[1]


def facts(seed: int) -> list[osa.Fact]:
    """All facts, the same for the same *seed*."""
    making = Making(seed, PROGRAM)
    guides = [_guide(making, "peer_guide", PAUSES.get(number)) for number in range(GUIDES)]
    lead = _guide(making, "lead_peer_guide", None)
    making.role(making.person(BEGINS), "user_researcher", BEGINS)
    for pilot in PILOTS:
        for number in range(pilot.reached):
            _person(making, pilot, number, guides)
    _team(making, [*guides, lead])
    _working_time(making)
    making.mark_as_synthetic(BEGINS)
    return making.facts


def _guide(making: Making, role: str, pause: tuple[date, date] | None) -> Guide:
    """A guide attests that there is lived experience, and coping; nothing more is recorded."""
    starts_on = BEGINS - timedelta(28)
    person = making.person(starts_on)
    for attested in ("lived_experience_attested", "coping_experience_attested"):
        making.trait(person, attested, "yes", starts_on)
    span = making.role(person, role, starts_on)
    if pause is not None:
        making.add(osa.Pause(id=making.id("u"), of=span.id, starts_on=pause[0], ends_on=pause[1]))
    return Guide(person, span, pause)


# The people who are guided ---------------------------------------------------------------------


def _person(making: Making, pilot: Pilot, number: int, guides: list[Guide]) -> None:
    """Somebody who was reached, their way to guidance, and their case."""
    started_on = making.later(pilot.starts_on, 0, pilot.intake_days)
    offered_on = making.later(started_on, -18, -4)
    reached_on = making.later(offered_on, -24, -4)
    person = making.person(reached_on)
    started, was_offered = number < pilot.started, number < pilot.offered
    planned_end_on = started_on + timedelta(making.random.choice(pilot.terms))
    ended_on, ending = _end(making, pilot, number, (offered_on, started_on, planned_end_on))
    enrollment = making.add(
        osa.Enrollment(
            id=making.id("e"),
            person=person,
            program=PROGRAM,
            program_version="1",
            channel="partner",
            reached_on=reached_on,
            offered_on=offered_on if was_offered else None,
            started_on=started_on if started else None,
            planned_end_on=planned_end_on if started else None,
            ended_on=ended_on,
            ending=ending,
        )
    )
    if was_offered and making.happens(0.8):
        making.contact(enrollment, making.later(offered_on, 1, 3), "phone")
    if started and ended_on is not None:
        given_on = making.later(started_on, 0, 7)
        withdrawn_on = making.later(given_on, 30, 90) if making.happens(0.05) else None
        making.consent(person, "evaluation", given_on, withdrawn_on)
        _case(making, enrollment, offered_on, guides)


def _end(
    making: Making, pilot: Pilot, number: int, days: tuple[date, date, date]
) -> tuple[date | None, str | None]:
    """How it ended. Whoever ends it themselves needs no reason, and none has a place."""
    offered_on, started_on, planned_end_on = days
    if number < pilot.completed:
        return making.later(planned_end_on, -6, 0), "completed"
    if number < pilot.started:
        ending = "moved_on" if number < pilot.completed + pilot.moved_on else "left"
        return making.later(started_on, 20, (planned_end_on - started_on).days - 20), ending
    if number < pilot.offered:
        return making.later(offered_on, 1, 4), "declined"
    return None, None


def _case(
    making: Making, enrollment: osa.Enrollment, offered_on: date, guides: list[Guide]
) -> None:
    """One case; or two, where the guide pauses and the person wants to go on with another."""
    started_on, ended_on = known(enrollment.started_on), known(enrollment.ended_on)
    guide = making.random.choice([one for one in guides if not one.pauses(started_on)])
    ending = {"left": "ended_by_user"}.get(enrollment.ending or "", enrollment.ending)
    whole = osa.Guidance(
        id=making.id("q"),
        person=enrollment.person,
        guide=guide.person,
        program=PROGRAM,
        offered_on=offered_on,
        started_on=started_on,
        planned_end_on=known(enrollment.planned_end_on),
        ended_on=ended_on,
        ending=ending,
    )
    cases = [whole]
    pause_on = guide.pause[0] if guide.pause else None
    if pause_on and started_on + timedelta(14) < pause_on < ended_on - timedelta(60):
        asked_on = pause_on - timedelta(5)
        if making.happens(0.7):
            making.consent(enrollment.person, "reassignment", asked_on)
            other = making.random.choice([one for one in guides if not one.pauses(pause_on)])
            following = evolve(
                whole,
                id=making.id("q"),
                guide=other.person,
                offered_on=pause_on,
                started_on=pause_on,
            )
            cases = [evolve(whole, ended_on=pause_on, ending="reassigned"), following]
    talks = {}
    for case in cases:
        making.add(case)
        talks |= _talks(making, case)
    _goals(making, cases[0], talks)
    _link(making, enrollment.person, started_on, ended_on)


def _talks(making: Making, case: osa.Guidance) -> dict[str, date]:
    """The talks until the case ended, each when it was time for it."""
    started_on, ended_on = known(case.started_on), known(case.ended_on)
    middle = started_on + (case.planned_end_on - started_on) * 9 // 20
    days = {
        "start": making.later(started_on, 0, 5),
        "mid": making.later(middle, -7, 7),
        "final": making.later(case.planned_end_on, -21, -7),
    }
    held = {point: day for point, day in days.items() if day <= ended_on}
    for point, day in held.items():
        making.add(osa.Review(id=making.id("v"), guidance=case.id, point=point, happened_on=day))
    return held


def _goals(making: Making, case: osa.Guidance, talks: dict[str, date]) -> None:
    """One to three goals of the person's own, with their own weights, and how far they came."""
    for domain in making.shuffled(DOMAINS)[: making.random.randint(1, 3)]:
        goal = making.add(
            osa.Goal(
                id=making.id("z"),
                person=case.person,
                guidance=case.id,
                domain=domain,
                weight=making.random.randint(1, 5),
                set_on=min(talks["start"], known(case.ended_on)),
            )
        )
        for point, levels in (
            ("mid", {"-2": 10, "-1": 45, "0": 35, "1": 10}),
            ("final", {"-2": 4, "-1": 18, "0": 42, "1": 26, "2": 10}),
        ):
            if point in talks:
                making.add(
                    osa.GoalRating(
                        id=making.id("y"),
                        goal=goal.id,
                        rated_on=talks[point],
                        level=int(making.pick(levels)),
                    )
                )


def _link(making: Making, person: str, started_on: date, ended_on: date) -> None:
    """A place that somebody was introduced to, visited, or made their own: each for some."""
    introduced_on = making.later(started_on, 10, 40)
    visited_on = making.later(introduced_on, 3, 25)
    attached_on = making.later(visited_on, 14, 50)
    if introduced_on > ended_on or not making.happens(0.75):
        return
    visited = visited_on <= ended_on and making.happens(0.8)
    making.add(
        osa.Linkage(
            id=making.id("l"),
            person=person,
            place_kind=making.pick(PLACES),
            introduced_on=introduced_on,
            visited_on=visited_on if visited else None,
            attached_on=attached_on
            if visited and attached_on <= ended_on and making.happens(0.7)
            else None,
        )
    )


# The guides together ---------------------------------------------------------------------------


def _team(making: Making, guides: list[Guide]) -> None:
    """A team meeting every week, supervision every month, now and then a meeting with partners."""
    team, supervised, partners = (
        making.add(
            osa.Group(
                id=making.id("g"),
                program=PROGRAM,
                program_version="1",
                kind=kind,
                place="Lahti",
                starts_on=BEGINS,
                ends_on=ENDS + timedelta(1),
            )
        ).id
        for kind in ("team", "supervision", "partner_review")
    )
    monday = BEGINS
    while monday <= ENDS:
        moved_to = MOVED.get(monday)
        session = making.session(team, monday, 9, 90, kind="team", held=moved_to is None)
        if moved_to is not None:
            session = making.session(team, moved_to, 9, 90, kind="team")
        _attend(making, session, guides)
        if monday.day <= 7:
            day = monday + timedelta(2)
            _attend(making, making.session(supervised, day, 13, 120, kind="supervision"), guides)
            if monday.month % 4 == 0:
                day = monday + timedelta(3)
                making.session(partners, day, 14, 60, kind="partner_review")
        monday += timedelta(7)


def _attend(making: Making, session: osa.Session, guides: list[Guide]) -> None:
    for guide in guides:
        if not guide.pauses(on_day(session)):
            status = making.pick({"present": 88, "excused": 12})
            making.attendance(session, guide.person, status, acting_as=guide.role.role)


def _working_time(making: Making) -> None:
    """Hours of all guides together by kind of work, each month: where time goes, and no more."""
    for number in range(18):
        day = date(2013 + (11 + number) // 12, (11 + number) % 12 + 1, 28)
        for head, hours, worker_kind in (
            ("contact_work", 150, "peer_guide"),
            ("coordination", 40, "peer_guide"),
            ("supervision", 2, "professional"),
        ):
            minutes = 60 * hours if hours < 10 else 30 * making.random.randint(hours, 2 * hours)
            making.cost(None, day, head, minutes=minutes, worker_kind=worker_kind)
