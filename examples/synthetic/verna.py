"""Synthetic facts of Verna, a training for women who meet people outside services as peers.

Published: 38 started, 29 completed; one or two sessions a week for four months; the years; themes;
group rooms in Helsinki and the open prison of Vanaja. All else comes from seeded chance: the number
and size of the groups, days, stages before the start, pauses, roles, encounters, the team.
"""

from __future__ import annotations

from datetime import date, timedelta

from attrs import frozen
from dateutil.relativedelta import relativedelta

import osallisuus as osa
from synthetic.making import Making, on_day

PROGRAM = "verna"
HORIZON = date(2014, 12, 20)
THEMES = (
    "self_esteem",
    "parenthood",
    "relationship",
    "violence",
    "child_protection",
    "substances",
    "pregnancy",
    "values",
    "sexual_health",
    "problem_solving",
    "failure",
)
TALK = dict(zip(THEMES, (9, 6, 8, 7, 7, 16, 2, 2, 4, 4, 3), strict=True)) | {
    "housing": 12,
    "services": 12,
    "health": 8,
}
"""What peers and those they meet talk about, and how often, in this made-up field."""
HOLIDAYS = {(1, 1), (1, 6), (5, 1), (12, 6), (12, 24), (12, 25), (12, 26)}
"""Month and day of the public holidays that a session may meet: it is cancelled then."""


@frozen
class Training:
    """One group: where it met, how many came to each stage, and how many went through it."""

    starts_on: date
    place: str
    setting: str
    reached: int
    informed: int
    interviewed: int
    offered: int
    started: int
    completed: int

    @property
    def ends_on(self) -> date:
        """Four calendar months later; this day is not in the group any more."""
        return self.starts_on + relativedelta(months=4)


HELSINKI_ROOMS = ("Helsinki", "group_room")
VANAJA = ("Vanaja", "open_prison")
TRAININGS = (
    Training(date(2011, 9, 5), *HELSINKI_ROOMS, 14, 13, 11, 10, 9, 7),
    Training(date(2012, 2, 6), *HELSINKI_ROOMS, 14, 12, 11, 10, 8, 6),
    Training(date(2012, 9, 3), *HELSINKI_ROOMS, 14, 12, 11, 10, 7, 5),
    Training(date(2013, 2, 4), *HELSINKI_ROOMS, 14, 12, 11, 10, 7, 6),
    Training(date(2013, 9, 2), *VANAJA, 14, 12, 11, 9, 7, 5),
)
TEAM_STARTS_ON = date(2012, 1, 17)


@frozen
class Woman:
    """Somebody who started: her enrolment, and whether she went through the group."""

    enrollment: osa.Enrollment
    completed: bool

    @property
    def person(self) -> str:
        """Her id."""
        return self.enrollment.person

    @property
    def started_on(self) -> date:
        """The day of her first session."""
        return _known(self.enrollment.started_on)

    @property
    def ended_on(self) -> date:
        """The day on which she completed or left."""
        return _known(self.enrollment.ended_on)


def facts(seed: int) -> list[osa.Fact]:
    """All facts, the same for the same *seed*."""
    making = Making(seed, PROGRAM)
    workers = [making.id("w") for _ in range(3)]
    women: list[Woman] = []
    for training in TRAININGS:
        group, sessions = _group(making, training)
        women += _women(making, training, group, sessions, workers)
        _costs(making, training, group, sessions)
    for woman in women:
        _consents(making, woman)
        _peer_work(making, woman)
    _team(making, [woman for woman in women if woman.completed])
    making.mark_as_synthetic(TRAININGS[0].starts_on)
    _voluntary(making, women)
    return making.facts


# The group -------------------------------------------------------------------------------------


def _group(making: Making, training: Training) -> tuple[str, list[osa.Session]]:
    group = making.add(
        osa.Group(
            id=making.id("g"),
            program=PROGRAM,
            program_version="1",
            kind="group_training",
            place=training.place,
            setting=training.setting,
            starts_on=training.starts_on,
            ends_on=training.ends_on,
        )
    ).id
    return group, _sessions(making, training, group)


def _sessions(making: Making, training: Training, group: str) -> list[osa.Session]:
    """Each Tuesday, and in about half of the weeks on Thursday too. Themes may change on the day."""
    sessions: list[osa.Session] = []
    monday = training.starts_on
    while monday < training.ends_on:
        days = [monday + timedelta(1)]
        if making.happens(0.5):
            days.append(monday + timedelta(3))
        for day in days:
            if day < training.ends_on:
                planned = THEMES[len(sessions) % len(THEMES)]
                other = making.random.choice(THEMES)
                sessions.append(
                    making.session(
                        group,
                        day,
                        13,
                        120,
                        kind="outing" if len(sessions) % 9 == 8 else "group_session",
                        held=(day.month, day.day) not in HOLIDAYS and not making.happens(0.02),
                        planned_theme=planned,
                        held_theme=other if making.happens(0.2) else planned,
                    )
                )
        monday += timedelta(weeks=1)
    return sessions


def _women(
    making: Making,
    training: Training,
    group: str,
    sessions: list[osa.Session],
    workers: list[str],
) -> list[Woman]:
    """Everybody who was reached for one group; returns those who started."""
    held = [session for session in sessions if session.status == "held"]
    women = []
    for number in range(training.reached):
        enrollment = making.add(_enrollment(making, training, group, held, number))
        _before_the_start(making, training, enrollment, workers)
        if enrollment.started_on is not None:
            woman = Woman(enrollment, number < training.completed)
            _during_the_group(making, woman, held, pauses=number == 1)
            women.append(woman)
    return women


def _enrollment(
    making: Making, training: Training, group: str, held: list[osa.Session], number: int
) -> osa.Enrollment:
    reached_on = making.later(training.starts_on, -90, -50)
    informed_on = making.later(reached_on, 1, 12)
    # many are told of the group on the day of the interview, some before
    interviewed_on = informed_on if making.happens(0.5) else making.later(informed_on, 1, 12)
    offered_on = making.later(interviewed_on, 1, 7)
    offered, started = number < training.offered, number < training.started
    started_on = on_day(held[1 if making.happens(0.15) else 0]) if started else None
    ended_on, ending = _end(making, training, held, number, interviewed_on)
    return osa.Enrollment(
        id=making.id("e"),
        person=making.person(reached_on),
        program=PROGRAM,
        program_version="1",
        group=group if offered else None,
        channel=making.pick({"partner": 60, "peer": 40}),
        reached_on=reached_on,
        informed_on=informed_on if number < training.informed else None,
        interviewed_on=interviewed_on if number < training.interviewed else None,
        offered_on=offered_on if offered else None,
        started_on=started_on,
        planned_end_on=training.ends_on if started else None,
        ended_on=ended_on,
        ending=ending,
    )


def _end(
    making: Making,
    training: Training,
    held: list[osa.Session],
    number: int,
    interviewed_on: date,
) -> tuple[date | None, str | None]:
    """How it ended, if it did. The hardest part is to leave home: some never came to the group."""
    if number < training.completed:
        return on_day(held[-1]), "completed"
    if number < training.started:
        return making.later(on_day(held[making.random.randrange(1, len(held) - 2)]), 1, 4), "left"
    if number < training.offered:
        return making.later(training.starts_on, 0, 10), "declined"
    if number < training.interviewed:
        return interviewed_on, "declined"
    return None, None


def _before_the_start(
    making: Making, training: Training, enrollment: osa.Enrollment, workers: list[str]
) -> None:
    """The interview, and phone calls between it and the start; never what was said."""
    day = enrollment.interviewed_on
    if day is None:
        return
    if enrollment.offered_on is not None:
        outcome = "place"
    else:
        outcome = "not_now" if enrollment.ending is None else "declined"
    making.add(
        osa.Interview(
            id=making.id("i"),
            person=enrollment.person,
            program=PROGRAM,
            group=enrollment.group,
            happened_on=day,
            outcome=outcome,
            decided_by=making.random.choice(workers),
        )
    )
    if enrollment.offered_on is not None:
        day = making.later(enrollment.offered_on, 2, 8)
        while day < training.starts_on:
            _contact(making, enrollment, day)
            day = making.later(day, 5, 12)


def _contact(making: Making, enrollment: osa.Enrollment, day: date) -> None:
    making.add(
        osa.Contact(
            id=making.id("k"),
            person=enrollment.person,
            enrollment=enrollment.id,
            happened_on=day,
            mode=making.pick({"phone": 80, "message": 20}),
        )
    )


def _during_the_group(
    making: Making, woman: Woman, held: list[osa.Session], *, pauses: bool
) -> None:
    pause: tuple[date, date] | None = None
    if pauses:
        first = making.later(woman.started_on, 30, 60)
        pause = (first, first + timedelta(weeks=making.random.randint(1, 3)))
        making.add(
            osa.Pause(
                id=making.id("u"), of=woman.enrollment.id, starts_on=pause[0], ends_on=pause[1]
            )
        )
    weights = {"present": 80 if woman.completed else 55, "excused": 10, "absent": 10}
    for session in held:
        day = on_day(session)
        if not woman.started_on <= day <= woman.ended_on:
            continue
        if pause is None or not pause[0] <= day < pause[1]:
            first_time = day == woman.started_on
            making.attendance(
                session, woman.person, "present" if first_time else making.pick(weights)
            )
    _keep_in_touch(making, woman)


def _keep_in_touch(making: Making, woman: Woman) -> None:
    """Contact on other days than group days, too: Wednesdays and Fridays."""
    day = woman.started_on
    while day < woman.ended_on:
        if day.weekday() in (2, 4) and making.happens(0.15):
            _contact(making, woman.enrollment, day)
        day += timedelta(1)


def _costs(making: Making, training: Training, group: str, sessions: list[osa.Session]) -> None:
    for session in sessions:
        if session.status == "held" and session.kind == "outing":
            cents = making.random.randrange(8_000, 22_000, 50)
            making.cost(group, on_day(session), "excursions", cents=cents)
    last = training.ends_on - timedelta(1)
    making.cost(group, last, "activities", cents=making.random.randrange(20_000, 45_000, 50))
    for head, least, most in (("contact_work", 1_800, 3_600), ("coordination", 2_400, 4_200)):
        minutes = making.random.randrange(least, most, 30)
        making.cost(group, last, head, minutes=minutes, worker_kind="professional")


# Afterwards, and alongside ---------------------------------------------------------------------


def _consents(making: Making, woman: Woman) -> None:
    making.consent(woman.person, "evaluation", woman.started_on)
    if making.happens(0.3):
        withdrawn_on = making.later(woman.started_on, 30, 200) if making.happens(0.2) else None
        making.consent(woman.person, "research", woman.started_on, withdrawn_on)


def _voluntary(making: Making, women: list[Woman]) -> None:
    """In the open prison each woman was told that she may refuse, which the source leaves open."""
    _, setting = VANAJA
    groups = {
        fact.id for fact in making.facts if isinstance(fact, osa.Group) and fact.setting == setting
    }
    for woman in women:
        if woman.enrollment.group in groups:
            told_on = _known(woman.enrollment.informed_on)
            making.consent(woman.person, "voluntary_participation", told_on)


def _peer_work(making: Making, woman: Woman) -> None:
    """Peer work begins after the group, and of course before it has ended, too (V10)."""
    if not making.happens(0.85 if woman.completed else 0.3):
        return
    early = not woman.completed or making.happens(0.5)
    if early:
        days = (woman.ended_on - woman.started_on).days
        starts_on = making.later(woman.started_on, days // 3, max(days // 3, days - 10))
    else:
        starts_on = making.later(woman.ended_on, 1, 45)
    ends_on = making.later(starts_on, 120, 700) if making.happens(0.4) else None
    if not woman.completed:
        ends_on = making.later(woman.ended_on, 0, 30)
    if ends_on is not None and ends_on >= HORIZON:
        ends_on = None
    ending = None
    if ends_on is not None:
        ending = making.pick({"stepped_back": 60, "moved_on": 40})
    span = making.role(woman.person, "peer", starts_on, ends_on, ending)
    if ends_on is None and making.happens(0.25):
        first = making.later(starts_on, 60, 150)
        making.add(
            osa.Pause(
                id=making.id("u"),
                of=span.id,
                starts_on=first,
                ends_on=making.later(first, 20, 60),
            )
        )
    _encounters(making, span)


def _encounters(making: Making, span: osa.RoleSpan) -> None:
    """One form for each; of the other person only broad classes, and often not even those."""
    until = min(span.ends_on or HORIZON, HORIZON)
    pace = making.random.randint(20, 70)
    day = making.later(span.starts_on, 0, 20)
    while day < until:
        mode = making.pick({"face_to_face": 75, "phone": 15, "online": 10})
        places = {"street": 35, "home": 25, "meeting_place": 25, "services": 15}
        area = {"face_to_face": making.pick(places), "phone": None, "online": "online"}[mode]
        ages = {"under_25": 20, "from_25_to_39": 50, "from_40_to_54": 30}
        encounter = making.add(
            osa.Encounter(
                id=making.id("m"),
                peer=span.person,
                happened_on=day,
                area=area,
                mode=mode,
                age_band=making.pick(ages) if making.happens(0.8) else None,
                gender=making.pick({"woman": 80, "man": 20}) if making.happens(0.9) else None,
            )
        )
        named = {making.pick(TALK) for _ in range(making.random.choice((0, 1, 1, 2, 2, 3)))}
        for theme in sorted(named):
            making.add(osa.EncounterTheme(id=making.id("h"), encounter=encounter.id, theme=theme))
        day = making.later(day, 1, pace)


def _team(making: Making, completers: list[Woman]) -> None:
    """The follow-up team meets every one or two weeks; joining is an offer, never a duty."""
    group = making.add(
        osa.Group(
            id=making.id("g"),
            program=PROGRAM,
            program_version="1",
            kind="follow_up_team",
            place="Helsinki",
            setting="group_room",
            starts_on=TEAM_STARTS_ON,
        )
    ).id
    members = [_membership(making, woman, group) for woman in completers if making.happens(0.6)]
    day = TEAM_STARTS_ON
    while day < HORIZON:
        held = (day.month, day.day) not in HOLIDAYS and not making.happens(0.03)
        session = making.session(group, day, 17, 90, kind="follow_up_group", held=held)
        for member in members if held else []:
            if member.starts_on <= day and (member.ends_on is None or day < member.ends_on):
                status = making.pick({"present": 65, "excused": 20, "absent": 15})
                making.attendance(session, member.person, status)
        day += timedelta(weeks=making.random.choice((1, 2)))


def _membership(making: Making, woman: Woman, group: str) -> osa.Membership:
    starts_on = making.later(woman.ended_on, 7, 60)
    ends_on: date | None = making.later(starts_on, 90, 600) if making.happens(0.45) else None
    if ends_on is not None and ends_on >= HORIZON:
        ends_on = None
    return making.add(
        osa.Membership(
            id=making.id("b"),
            person=woman.person,
            group=group,
            starts_on=starts_on,
            ends_on=ends_on,
            mode="takes_part",
            ending=None if ends_on is None else making.pick({"left": 50, "moved_on": 50}),
        )
    )


def _known(day: date | None) -> date:
    if day is None:
        raise ValueError("everybody who started has a first and a last day")
    return day
