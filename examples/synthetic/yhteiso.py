"""Synthetic facts of Yhteisö: five communities that decide on what is shared.

Published: five communities in Helsinki and Tampere, at most 50 clients in each, both care aims, how
often the forums meet, three reports a year. No figure is published. All else comes from seeded
chance: how many belong, how each takes part, decisions, areas, representatives, ideas, surveys.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from attrs import frozen

import osallisuus as osa
from synthetic.making import Making, on_day

PROGRAM = "yhteiso"
BEGINS, HORIZON = date(2017, 1, 9), date(2018, 12, 19)
COMES = {
    "takes_part": 60,
    "develops": 75,
    "influences": 70,
    "follows": 30,
    "none_now": 5,
    None: 40,
}
"""Ways of taking part, as each says for themselves, and how often of 100 one comes to a meeting."""
MODES = {"takes_part": 35, "develops": 16, "influences": 12, "follows": 17, "none_now": 12, "": 8}
VISITORS = ("student", "volunteer", "partner_representative")
ENDINGS = {"moved_on": (1, 6, 13), "completed": (4, 9, 16), "left": (2, 11, 18)}
"""Of every twenty members three ended in each way, and eleven still belong."""
AREAS, RULES = ("kitchen", "garden", "notice_board", "music"), ("visitors", "quiet_hours")
STARTERS = {"clients": 50, "together": 27, "staff": 23}
ORIGINS = {"clients": 38, "together": 22, "training": 15, "staff": 15, "peers": 10}
REPORTS = tuple(
    date(*day) for day in ((2017, 5, 8), (2017, 9, 6), (2018, 1, 9), (2018, 5, 7), (2018, 9, 5))
)


@frozen
class Place:
    """One community: where it is, how many came to each stage, and its own beginning."""

    city: str
    reached: int
    offered: int
    started: int
    rubric: tuple[float, ...]
    """What the community says of itself in its own words, in each of three springs or autumns."""
    reworded: bool = False


PLACES = (
    Place("Helsinki", 24, 21, 18, (2, 2.5, 3.5)),
    Place("Helsinki", 21, 19, 17, (3, 3, 3.5)),
    Place("Helsinki", 19, 17, 15, (1.5, 2.5, 2.5)),
    Place("Tampere", 22, 19, 16, (2, 3, 4)),
    Place("Tampere", 18, 16, 14, (3, 3.5, 2), reworded=True),
)


@frozen
class Member:
    """Somebody in a community: from when to when, and how they say that they take part."""

    person: str
    starts_on: date
    ends_on: date | None
    modes: tuple[tuple[date, str | None], ...]
    """The day on which each way of taking part begins."""
    staff: str | None = None
    """The role of a worker or visitor; clients have none here."""

    def belongs(self, day: date) -> bool:
        """Whether they are a member that day."""
        return self.starts_on <= day and (self.ends_on is None or day < self.ends_on)

    def comes(self, making: Making, day: date) -> bool:
        """Whether they come to a meeting that day: as often as is their own way."""
        mode = [mode for since, mode in self.modes if since <= day][-1]
        return making.random.randrange(100) < (85 if self.staff else COMES[mode])


def facts(seed: int) -> list[osa.Fact]:
    """All facts, the same for the same *seed*."""
    making = Making(seed, PROGRAM)
    spoken_for: dict[str, list[osa.RoleSpan]] = {"Helsinki": [], "Tampere": []}
    developing: dict[str, list[Member]] = {"Helsinki": [], "Tampere": []}
    for place in PLACES:
        group = _group(making, "community", place.city)
        members = [*_clients(making, place, group), *_workers(making, group)]
        sessions = _meetings(making, group, members)
        _decisions(making, group, sessions, members)
        spoken_for[place.city] += _representatives(making, group, members)
        developing[place.city] += _lasting_clients(members)[-3:]
        for number in range(12):
            raised_on = BEGINS + timedelta(40 + 45 * number)
            making.idea(group, making.pick(ORIGINS), raised_on, HORIZON)
        _surveys(making, group, place)
        _costs(making, group)
    for city, spans in spoken_for.items():
        _representatives_meet(making, city, spans, developing[city])
    _peers(making, developing)
    for day in REPORTS:
        making.observed("report_sent.esf_monitoring", day)
    making.observed("shown_to_community", HORIZON - timedelta(5))
    making.mark_as_synthetic(BEGINS)
    return making.facts


def _group(making: Making, kind: str, city: str) -> str:
    return making.add(
        osa.Group(
            id=making.id("g"),
            program=PROGRAM,
            program_version="1",
            kind=kind,
            place=city,
            setting="ost_unit",
            starts_on=BEGINS,
            capacity=50 if kind == "community" else None,
        )
    ).id


# Who belongs -----------------------------------------------------------------------------------


def _clients(making: Making, place: Place, group: str) -> Iterator[Member]:
    """Everybody to whom the community was offered; yields those who joined."""
    before = sum(one.started for one in PLACES[: PLACES.index(place)])
    for number in range(place.reached):
        from_the_start = number % 3 > 0
        starts_on = BEGINS if from_the_start else making.later(BEGINS, 20, 300)
        reached_on = making.later(starts_on, -50, -30)
        offered_on = making.later(reached_on, 2, 18)
        person = making.person(reached_on)
        started = number < place.started
        ended_on, ending = _end(making, before + number, starts_on)
        if not started:
            was_offered = number < place.offered
            ended_on = making.later(offered_on, 1, 8) if was_offered else None
            ending = "declined" if was_offered else None
        aim = making.pick({"harm_reduction": 38, "rehabilitation": 42, "": 20}) or None
        making.add(
            osa.Enrollment(
                id=making.id("e"),
                person=person,
                program=PROGRAM,
                program_version="1",
                group=group if number < place.offered else None,
                channel="care_plan",
                aim=aim if started else None,
                reached_on=reached_on,
                offered_on=offered_on if number < place.offered else None,
                started_on=starts_on if started else None,
                ended_on=ended_on,
                ending=ending,
            )
        )
        if started:
            making.consent(person, "evaluation", starts_on)
            yield _member(making, group, person, starts_on, ended_on, ending)


def _end(making: Making, number: int, starts_on: date) -> tuple[date | None, str | None]:
    """Most still belong. Others moved on, came to the agreed end, or chose something else."""
    for ending, numbers in ENDINGS.items():
        if number % 20 in numbers:
            return making.later(starts_on, 120, 420), ending
    return None, None


def _member(
    making: Making,
    group: str,
    person: str,
    starts_on: date,
    ends_on: date | None,
    ending: str | None,
) -> Member:
    """One membership for each way of taking part; about a quarter change theirs."""
    modes = [(starts_on, making.pick(MODES) or None)]
    if making.happens(0.25):
        modes.append((making.later(starts_on, 60, 180), making.pick(MODES) or None))
    ends = [since for since, _ in modes[1:]] + [ends_on]
    for (since, mode), until in zip(modes, ends, strict=True):
        how = "moved_on" if ending == "moved_on" else "left" if ending == "left" else "ended"
        making.add(
            osa.Membership(
                id=making.id("b"),
                person=person,
                group=group,
                starts_on=since,
                ends_on=until,
                mode=mode,
                ending=how if until is not None and until == ends_on else None,
            )
        )
    return Member(person, starts_on, ends_on, tuple(modes))


def _workers(making: Making, group: str) -> Iterator[Member]:
    """Two professionals and one visitor belong as well; by their roles they are no clients."""
    for role in ("professional", "professional", making.random.choice(VISITORS)):
        person = making.person(BEGINS)
        making.role(person, role, BEGINS, group=group)
        making.add(osa.Membership(id=making.id("b"), person=person, group=group, starts_on=BEGINS))
        yield Member(person, BEGINS, None, ((BEGINS, None),), staff=role)


def _lasting_clients(members: list[Member]) -> list[Member]:
    """Those who still belong, and are no workers."""
    return [one for one in members if one.ends_on is None and one.staff is None]


# Meetings and decisions ------------------------------------------------------------------------


def _months() -> Iterator[date]:
    """The first day of each month of the two years."""
    return (date(2017 + number // 12, number % 12 + 1, 1) for number in range(24))


def _weekday(first: date, weekday: int, week: int) -> date:
    """The second, third, … such weekday of the month that begins on *first*; Monday is 0."""
    return first + timedelta((weekday - first.weekday()) % 7 + 7 * (week - 1))


def _meetings(making: Making, group: str, members: list[Member]) -> list[osa.Session]:
    """Community meetings once or twice a month, and two days of recreation and development a year."""
    held = []
    for first in _months():
        days = [_weekday(first, 2, 2)]
        if first.month % 3 == 2:
            days.append(_weekday(first, 2, 4))
        for day in days:
            held.append(making.session(group, day, 13, 60, kind="community_meeting"))
        if first.month in (5, 10):
            held.append(
                making.session(group, _weekday(first, 4, 3), 10, 300, kind="development_day")
            )
    seen: set[str] = set()
    for session in held:
        for member in members:
            if member.belongs(on_day(session)):
                # everybody comes to see it once; then it is theirs to say, and nobody is "absent"
                comes = member.person not in seen or member.comes(making, on_day(session))
                seen.add(member.person)
                status = "present" if comes else "excused"
                making.attendance(session, member.person, status, acting_as=member.staff)
    return [one for one in held if one.kind == "community_meeting"]


def _decisions(
    making: Making, group: str, sessions: list[osa.Session], members: list[Member]
) -> None:
    """Rules and areas are decisions of the meeting; holders name the decision on their area."""
    areas = making.shuffled(AREAS)[:3]
    matters = [*(f"area.{name}" for name in areas), *(f"rule.{name}" for name in RULES)]
    matters += [f"rule.{RULES[0]}"]  # a second version of a rule
    holders = making.random.sample(_lasting_clients(members), 6)
    for number, session in enumerate(sessions[1:]):
        matter = matters[number // 2] if number % 2 == 0 and number < 12 else None
        if matter is None and not making.happens(0.7):
            continue
        decided_on = on_day(session)
        carried_out_on = making.later(decided_on, 2, 80) if making.happens(0.85) else None
        decision = making.add(
            osa.Decision(
                id=making.id("d"),
                group=group,
                matter=matter or "shared_matters",
                owner="community_meeting",
                initiated_by=making.pick(STARTERS),
                decided_on=decided_on,
                carried_out_on=carried_out_on
                if carried_out_on and carried_out_on <= HORIZON
                else None,
            )
        )
        if matter is not None and matter.startswith("area."):
            _hold(making, group, decision, [holders.pop(), holders.pop()])


def _hold(making: Making, group: str, area: osa.Decision, holders: list[Member]) -> None:
    """One holder after the other: a term ends, and the area goes on in other hands."""
    first, second = holders
    starts_on = max(making.later(area.decided_on, 1, 10), first.starts_on)
    changes_on = max(making.later(starts_on, 150, 260), second.starts_on)
    ending = making.pick({"term_ended": 70, "stepped_back": 30})
    making.role(
        first.person, "area_holder", starts_on, changes_on, ending, group, decided_by=area.id
    )
    making.role(second.person, "area_holder", changes_on, group=group, decided_by=area.id)


def _representatives(making: Making, group: str, members: list[Member]) -> list[osa.RoleSpan]:
    """Two representatives for a year, then two others."""
    changes_on = date(2018, 1, 15)
    lasting = [one for one in _lasting_clients(members) if one.starts_on <= date(2017, 3, 1)]
    role = "client_representative"
    first = [
        making.role(one.person, role, date(2017, 3, 1), changes_on, "term_ended", group)
        for one in lasting[:2]
    ]
    return first + [making.role(one.person, role, changes_on, group=group) for one in lasting[2:4]]


def _representatives_meet(
    making: Making, city: str, spans: list[osa.RoleSpan], developing: list[Member]
) -> None:
    """Representatives of a city meet every month; co-developers hold a workshop twice a year."""
    group = _group(making, "client_representatives", city)
    for first in _months():
        day = _weekday(first, 3, 1)
        if day < BEGINS:
            day = _weekday(first, 3, 3)
        session = making.session(group, day, 14, 90, kind="client_representatives")
        for span in spans:
            if span.starts_on <= day and (span.ends_on is None or day < span.ends_on):
                status = making.pick({"present": 82, "excused": 18})
                making.attendance(session, span.person, status, acting_as=span.role)
        if first.month in (4, 11):
            workshop = making.session(group, _weekday(first, 3, 3), 12, 180, kind="workshop")
            for member in developing:
                if member.belongs(on_day(workshop)):
                    making.attendance(workshop, member.person, "present", acting_as="co_developer")


def _peers(making: Making, developing: dict[str, list[Member]]) -> None:
    """Who develops the community with staff; some of them become peers or experts."""
    for member in [one for members in developing.values() for one in members]:
        making.role(member.person, "co_developer", member.starts_on)
        if making.happens(0.6):
            since = making.later(member.starts_on, 120, 300)
            making.role(member.person, making.pick({"peer": 70, "expert_by_experience": 30}), since)


# What is seen of it ----------------------------------------------------------------------------


def _surveys(making: Making, group: str, place: Place) -> None:
    """The community's own rubric, and a survey whose forms nobody can link to a person."""
    for wave, value in zip(("y2017", "y2018", "autumn2018"), place.rubric, strict=True):
        day = {"y2017": (2017, 5, 16), "y2018": (2018, 5, 15), "autumn2018": (2018, 11, 20)}[wave]
        # one community words its rubric anew, which begins a new course
        version = "2" if place.reworded and wave == "autumn2018" else "1"
        scores = {
            "together": value,
            "power_shared": max(1.0, value - making.random.choice((0, 0.5))),
        }
        making.assessment(group, "own_rubric", wave, date(*day), scores, version)
    for wave, day, mean in (("start", date(2017, 3, 7), 51), ("end", date(2018, 11, 6), 59)):
        for _ in range(making.random.randint(11, 14)):
            total = float(min(100, max(0, round(making.random.gauss(mean, 14)))))
            making.assessment(group, "client_survey", wave, day, {"total": total})


def _costs(making: Making, group: str) -> None:
    for first in _months():
        if first.month % 3 == 0:
            making.cost(
                group, first, "client_expenses", cents=making.random.randrange(9_000, 30_000, 50)
            )
            making.cost(group, first, "supervision", minutes=360, worker_kind="professional")
            making.cost(group, first, "staff_training", minutes=960, worker_kind="professional")
