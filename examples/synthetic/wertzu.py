"""Synthetic facts of Wertzu, a training for peer facilitators.

Published: four trainings, 41 took part, 28 graduated; eight weekly sessions of four hours; groups
of one to three before. All else comes from seeded chance: days, places but Tampere, who came when,
how the others left, roles, costs.
"""

from __future__ import annotations

from datetime import date, timedelta

from attrs import frozen

import osallisuus as osa
from synthetic.making import Making, on_day

PROGRAM = "wertzu"
SESSIONS, MINUTES, HOUR = 8, 240, 10


@frozen
class Training:
    """One training: how many came to each stage, and how many graduated."""

    starts_on: date
    place: str
    reached: int
    informed: int
    offered: int
    started: int
    graduated: int


TRAININGS = (
    Training(date(2016, 9, 12), "Tampere", 15, 14, 12, 11, 8),
    Training(date(2017, 2, 6), "Lahti", 15, 14, 12, 10, 7),
    Training(date(2017, 9, 11), "Tampere", 15, 14, 12, 10, 7),
    Training(date(2018, 1, 8), "Lahti", 15, 13, 12, 10, 6),
)
ENDINGS = ("left",) * 13
ASSISTANTS = {2: 0, 3: 1}
"""Which training's graduates assist in which later one, in the same place."""


def facts(seed: int) -> list[osa.Fact]:
    """All facts, the same for the same *seed*."""
    making = Making(seed, PROGRAM)
    endings = making.shuffled(ENDINGS)
    facilitators: list[list[osa.RoleSpan]] = []
    for number, training in enumerate(TRAININGS):
        group, sessions = _group(making, training)
        if number in ASSISTANTS:
            _assist(making, group, sessions, facilitators[ASSISTANTS[number]])
        graduates = _graduates(making, training, group, sessions, endings)
        facilitators.append(_take_up_the_role(making, graduates, on_day(sessions[-1])))
        _costs(making, group, sessions)
        if number == 0:
            for person in graduates[:2]:
                making.role(
                    person, "co_developer", date(2016, 9, 12), date(2018, 3, 1), "term_ended"
                )
    _observations(making)
    return making.facts


def _group(making: Making, training: Training) -> tuple[str, list[osa.Session]]:
    first = training.starts_on
    last = first + timedelta(weeks=SESSIONS - 1)
    group = making.add(
        osa.Group(
            id=making.id("g"),
            program=PROGRAM,
            program_version="1",
            kind="group_training",
            place=training.place,
            setting="ost_unit",
            starts_on=first,
            ends_on=last + timedelta(1),
        )
    ).id
    days = (first + timedelta(weeks=week) for week in range(SESSIONS))
    return group, [making.session(group, day, HOUR, MINUTES) for day in days]


def _graduates(
    making: Making,
    training: Training,
    group: str,
    sessions: list[osa.Session],
    endings: list[str],
) -> list[str]:
    """Everybody who was reached for one training; returns those who graduated."""
    graduates = []
    for number in range(training.reached):
        aim = _aim(making)
        reached_on = making.later(training.starts_on, -75, -40)
        informed_on = making.later(reached_on, 1, 14)
        offered_on = making.later(informed_on, 1, 14)
        person = making.person(reached_on)
        started = number < training.started
        ended_on, ending = _end(making, training, number, offered_on, sessions, endings)
        if number < training.graduated:
            graduates.append(person)
        making.add(
            osa.Enrollment(
                id=making.id("e"),
                person=person,
                program=PROGRAM,
                program_version="1",
                group=group if number < training.offered else None,
                channel="worker",
                aim=aim if started else None,
                reached_on=reached_on,
                informed_on=informed_on if number < training.informed else None,
                offered_on=offered_on if number < training.offered else None,
                started_on=training.starts_on if started else None,
                planned_end_on=on_day(sessions[-1]) if started else None,
                ended_on=ended_on,
                ending=ending,
            )
        )
        if started and ended_on is not None:
            _attend(making, person, sessions, ended_on, graduated=ending == "completed")
            making.consent(person, "evaluation", training.starts_on)
            if aim is not None:
                _trait(making, person, aim, training.starts_on)
    return graduates


def _end(
    making: Making,
    training: Training,
    number: int,
    offered_on: date,
    sessions: list[osa.Session],
    endings: list[str],
) -> tuple[date | None, str | None]:
    """How it ended. Who was offered a place and did not start said no; of others nothing is known."""
    if number < training.graduated:
        return on_day(sessions[-1]), "completed"
    if number < training.started:
        last = sessions[making.random.randrange(SESSIONS - 1)]
        return making.later(on_day(last), 1, 4), endings.pop()
    if number < training.offered:
        return making.later(offered_on, 1, 10), "declined"
    return None, None


def _attend(
    making: Making, person: str, sessions: list[osa.Session], until: date, *, graduated: bool
) -> None:
    weights = {"present": 82 if graduated else 60, "excused": 10, "absent": 8 if graduated else 30}
    for session in sessions:
        if on_day(session) <= until:
            first = session is sessions[0]
            making.attendance(session, person, "present" if first else making.pick(weights))


def _aim(making: Making) -> str | None:
    """Two in three say what they want of their care; nobody has to."""
    aims = {"harm_reduction": 55, "rehabilitation": 45}
    return making.pick(aims) if making.happens(2 / 3) else None


def _trait(making: Making, person: str, aim: str, day: date) -> None:
    making.add(osa.Trait(id=making.id("t"), person=person, name="aim", value=aim, since=day))


def _take_up_the_role(
    making: Making, graduates: list[str], completed_on: date
) -> list[osa.RoleSpan]:
    """Most graduates become peer facilitators, in their own time; some step back later."""
    roles = []
    for person in graduates:
        if not making.happens(0.65):
            continue
        starts_on = making.later(completed_on, 7, 70)
        back_on = making.later(starts_on, 50, 90) if making.happens(0.15) else None
        roles.append(
            making.role(
                person,
                "peer_facilitator",
                starts_on,
                back_on,
                None if back_on is None else "stepped_back",
            )
        )
    return roles


def _assist(
    making: Making, group: str, sessions: list[osa.Session], facilitators: list[osa.RoleSpan]
) -> None:
    """Two who are still peer facilitators come back and help to lead the group."""
    first, last = on_day(sessions[0]), on_day(sessions[-1])
    for span in [span for span in facilitators if span.ends_on is None][:2]:
        ends_on = last + timedelta(1)
        role = "assistant_facilitator"
        making.role(span.person, role, first, ends_on, "term_ended", group)
        for session in sessions:
            status = making.pick({"present": 90, "excused": 10})
            making.attendance(session, span.person, status, acting_as=role)


def _costs(making: Making, group: str, sessions: list[osa.Session]) -> None:
    first, last = on_day(sessions[0]), on_day(sessions[-1])
    making.cost(group, first, "premises", cents=0)  # a room of one's own: no rent, and known
    making.cost(group, first, "materials", cents=making.random.randrange(18_000, 26_000, 50))
    making.cost(group, last, "excursions", cents=making.random.randrange(30_000, 60_000, 50))
    making.cost(group, last, "other", cents=making.random.randrange(4_000, 12_000, 50))
    making.cost(
        group,
        last,
        "facilitation",
        minutes=2 * SESSIONS * MINUTES,
        worker_kind="professional",
    )


def _observations(making: Making) -> None:
    making.add(
        osa.Observation(
            id=making.id("o"),
            program=PROGRAM,
            phase="before",
            observed_on=date(2016, 2, 1),
            measure="group_size",
            low=1,
            high=3,
            unit="clients",
        )
    )
    making.mark_as_synthetic(TRAININGS[0].starts_on)
