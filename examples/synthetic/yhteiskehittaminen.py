"""Synthetic facts of Yhteiskehittäminen: people with experience and staff develop work together.

Published: that roles are laid aside in workshops, that experts by experience teach staff, that peers
had the idea of a café which became established, the day of a webinar. No figure is published. All
else comes from seeded chance: groups, people, days, ideas and what came of them, ratings.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from attrs import frozen

import osallisuus as osa
from synthetic.making import Making, on_day

PROGRAM = "yhteiskehittaminen"
HORIZON = date(2021, 12, 15)
WORKSHOPS, DAYS_BETWEEN, MINUTES = 8, 28, 180
ROLES = {"client": 34, "peer": 24, "expert_by_experience": 20, "professional": 22}
ORIGINS = {"peers": 30, "clients": 25, "together": 20, "experts": 15, "staff": 10}
LEVELS = {"start": {"peer": 3, "professional": 5}, "end": {"peer": 5, "professional": 6}}
"""Rungs of influence that each side sees: at first staff see more of it than peers do."""
TRAINING = "dependence_and_treatment"
WEBINAR_ON = date(2021, 11, 23)


@frozen
class Circle:
    """One group that develops together: where, and how many came to each stage."""

    starts_on: date
    place: str
    setting: str
    reached: int
    offered: int
    started: int
    stayed: int

    @property
    def last_on(self) -> date:
        """The day of the last workshop."""
        return self.starts_on + timedelta(DAYS_BETWEEN * (WORKSHOPS - 1))


CIRCLES = (
    Circle(date(2021, 2, 2), "Helsinki", "drop_in", 22, 19, 16, 12),
    Circle(date(2021, 2, 10), "Kankaanpää", "group_room", 21, 18, 15, 12),
    Circle(date(2021, 3, 4), "Vantaa", "group_room", 20, 17, 14, 11),
    Circle(date(2021, 3, 16), "Tampere", "ost_unit", 21, 18, 15, 11),
)


def facts(seed: int) -> list[osa.Fact]:
    """All facts, the same for the same *seed*."""
    making = Making(seed, PROGRAM)
    experts: list[str] = []
    for circle in CIRCLES:
        group = _group(making, circle.starts_on, "co_development", circle.place, circle.setting)
        sessions = [
            making.session(group, day, 13, MINUTES, kind="workshop") for day in _days(circle)
        ]
        experts += _people(making, circle, group, sessions)
        _ideas(making, circle, group)
        for wave, day in (("start", circle.starts_on), ("end", circle.last_on)):
            seen = {side: float(level) for side, level in LEVELS[wave].items()}
            if making.happens(0.5):
                seen["peer"] += 1
            making.assessment(group, "rungs_of_influence", wave, day, seen, version="arnstein_1969")
    _teach_staff(making, experts)
    _webinar(making, experts)
    making.mark_as_synthetic(CIRCLES[0].starts_on)
    return making.facts


def _group(making: Making, starts_on: date, kind: str, place: str, setting: str) -> str:
    days = DAYS_BETWEEN * (WORKSHOPS - 1) if kind == "co_development" else 0
    return making.add(
        osa.Group(
            id=making.id("g"),
            program=PROGRAM,
            program_version="1",
            kind=kind,
            place=place,
            setting=setting,
            starts_on=starts_on,
            ends_on=starts_on + timedelta(days + 1),
        )
    ).id


def _days(circle: Circle) -> Iterator[date]:
    return (circle.starts_on + timedelta(DAYS_BETWEEN * number) for number in range(WORKSHOPS))


# The people ------------------------------------------------------------------------------------


def _people(making: Making, circle: Circle, group: str, sessions: list[osa.Session]) -> list[str]:
    """Everybody who was asked to one circle; returns its experts by experience."""
    experts = []
    for number in range(circle.reached):
        reached_on = making.later(circle.starts_on, -60, -35)
        offered_on = making.later(reached_on, 2, 20)
        person = making.person(reached_on)
        started = number < circle.started
        ended_on, ending = _end(making, circle, number, offered_on)
        enrollment = making.add(
            osa.Enrollment(
                id=making.id("e"),
                person=person,
                program=PROGRAM,
                program_version="1",
                group=group if number < circle.offered else None,
                channel=making.pick({"invitation": 60, "peer": 25, "own_initiative": 15}),
                reached_on=reached_on,
                offered_on=offered_on if number < circle.offered else None,
                started_on=circle.starts_on if started else None,
                ended_on=ended_on,
                ending=ending,
            )
        )
        if number < circle.offered and making.happens(0.9):
            making.contact(enrollment, making.later(circle.starts_on, -9, -1), "message")
        if started and ended_on is not None:
            making.consent(person, "evaluation", circle.starts_on)
            _attend(making, person, sessions, ended_on)
            if _roles(making, person, circle, ended_on):
                experts.append(person)
    return experts


def _end(
    making: Making, circle: Circle, number: int, offered_on: date
) -> tuple[date | None, str | None]:
    if number < circle.stayed:
        return circle.last_on, "completed"
    if number < circle.started:
        return making.later(circle.starts_on, 30, 150), "left"
    if number < circle.offered:
        return making.later(offered_on, 1, 10), "declined"
    return None, None


def _attend(making: Making, person: str, sessions: list[osa.Session], until: date) -> None:
    """Who was there. Roles are laid aside at the door: none is written down."""
    for number, session in enumerate(sessions):
        if on_day(session) <= until:
            weights = {"present": 84, "excused": 12, "absent": 4}
            making.attendance(session, person, "present" if number == 0 else making.pick(weights))


def _roles(making: Making, person: str, circle: Circle, ended_on: date) -> bool:
    """The role somebody has outside of the workshops, and where it led; an expert if true."""
    role = making.pick(ROLES)
    if role == "expert_by_experience":
        _expert(making, person, circle.starts_on - timedelta(90))
        if making.happens(0.25):  # employee and expert at once
            making.role(person, "professional", circle.starts_on - timedelta(400))
        return True
    making.role(person, role, circle.starts_on - timedelta(making.random.randint(30, 300)))
    moved_on = making.later(circle.starts_on, 60, 200)
    if role == "client" and moved_on < ended_on and making.happens(0.5):
        making.role(person, "peer", moved_on)
    if role == "peer" and moved_on < ended_on and making.happens(0.4):
        _expert(making, person, moved_on)
        return True
    return False


def _expert(making: Making, person: str, starts_on: date) -> None:
    """In this programme an expert has completed treatment and says so; nothing more is recorded."""
    making.trait(person, "treatment_completed", "yes", starts_on)
    making.role(person, "expert_by_experience", starts_on)


# What comes of it ------------------------------------------------------------------------------


def _ideas(making: Making, circle: Circle, group: str) -> None:
    if circle is CIRCLES[0]:
        making.add(
            osa.Idea(  # the café of the peers
                id=making.id("i"),
                group=group,
                origin="peers",
                raised_on=circle.starts_on,
                decided_on=circle.starts_on + timedelta(28),
                decision="accepted",
                implemented_on=circle.starts_on + timedelta(90),
                established_on=circle.starts_on + timedelta(280),
                told_back_on=circle.starts_on + timedelta(35),
            )
        )
    for day in _days(circle):
        for _ in range(making.random.randint(1, 3)):
            making.idea(group, making.pick(ORIGINS), day, HORIZON)


def _teach_staff(making: Making, experts: list[str]) -> None:
    """Experts by experience teach staff: the training is itself a product of the workshops."""
    teachers = experts[:3]
    for starts_on, learners in ((date(2021, 9, 8), 10), (date(2021, 10, 13), 8)):
        group = _group(making, starts_on, "staff_training", "Tampere", "group_room")
        session = making.session(
            group, starts_on, 9, 360, kind="staff_training",
            planned_theme=TRAINING, held_theme=TRAINING,
        )  # fmt: skip
        for person in teachers:
            making.attendance(session, person, "present", acting_as="expert_by_experience")
        for _ in range(learners):
            learner = making.person(starts_on)
            making.attendance(session, learner, "present", acting_as="professional")


def _webinar(making: Making, experts: list[str]) -> None:
    """Consent to appear in a recording is another thing than taking part, and can be withdrawn."""
    group = _group(making, WEBINAR_ON, "webinar", "Helsinki", "online")
    making.session(group, WEBINAR_ON, 12, 180, kind="webinar")
    for number, person in enumerate(experts[:6]):
        withdrawn_on = WEBINAR_ON + timedelta(14) if number == 0 else None
        making.consent(person, "public_appearance", WEBINAR_ON - timedelta(20), withdrawn_on)
