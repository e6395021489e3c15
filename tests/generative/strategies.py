"""Small worlds of facts, drawn by a seed, in which everything awkward happens often.

Half of the days of a world are a few that its people share, so that ties, same-day events and
days on the border of a period or of ``as_of`` are the rule. They lie around leap days, the ends of
years and months, and the nights on which the clocks change.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from attrs import evolve, frozen

from osallisuus.metrics.compile import Settings
from osallisuus.model import facts as f
from osallisuus.time import Period
from tests.generative.count_facts import with_counts
from tests.generative.more_facts import enriched
from tests.generative.rare_facts import with_rare
from tests.generative.reading_facts import with_readings
from tests.generative.time_facts import with_times

HELSINKI = ZoneInfo("Europe/Helsinki")
PIVOTS = [
    date(2019, 12, 31),
    date(2020, 2, 28),
    date(2020, 2, 29),
    date(2020, 3, 1),
    date(2020, 3, 29),
    date(2020, 5, 31),
    date(2020, 10, 25),
    date(2020, 12, 31),
    date(2021, 1, 1),
]
PROGRAMS = ("wertzu", "verna")
ROLES = ("peer", "expert")
LINKS = {
    "recruitment_funnel": "enrollment.channel",
    "attendance": "session.held_theme",
    "own_attendance": "session.held_theme",
    "role_occupancy": "person.aim",
    "encounter_themes": "encounter.area",
    "reporting_delay": "person.aim",
    "encounter_rate": "person.aim",
    "contact_rate": "person.aim",
    "first_contact": "person.aim",
    "pathways": "person.aim",
    "role_tenure": "role.role",
    "role_pauses": "role.role",
    "next_role": "role.program",
    "linkage": "linkage.place_kind",
}
"""By which stratum besides a person's trait each metric is asked; else by the group's place."""
WITHOUT_TRAITS = ("entry_rate", "group_fill", "group_size", "ideas")
"""Metrics of which only the numerator has persons, so that no trait of theirs splits them."""


@frozen
class FactSet:
    """Facts as now, facts as known at the first commit, and days to ask about."""

    seed: int
    earlier: tuple[f.Fact, ...]
    facts: tuple[f.Fact, ...]
    as_of: date
    bounds: tuple[date, date, date, date]

    @property
    def following(self) -> tuple[Period, ...]:
        """Three periods, each beginning where the one before ends; some may be empty."""
        return tuple(map(Period, self.bounds, self.bounds[1:]))

    @property
    def overlapping(self) -> tuple[Period, ...]:
        """Two periods with days in common, where there are any."""
        first, second, third, last = self.bounds
        return (Period(first, third), Period(second, last))


def settings_of(world: FactSet, metric: str, shape: int) -> Settings:
    """The settings of one of four *shapes*; two worlds in one shape differ in values only."""
    link = LINKS.get(metric, "group.place")
    trait = "person.aim" if metric not in WITHOUT_TRAITS else "group.kind"
    if shape == 0:
        return Settings(as_of=world.as_of, by=(link,), periods=world.following, program=PROGRAMS[0])
    if shape == 1:
        return Settings(as_of=world.as_of, by=(trait,), periods=world.overlapping)
    if shape == 2:
        return Settings(as_of=world.as_of)
    return Settings(as_of=world.as_of, by=tuple(sorted({link, trait})), program=PROGRAMS[1])


def fact_set(seed: int, prefix: str = "") -> FactSet:
    """The world of that *seed*; the ids of its people and everything else begin with *prefix*."""
    return _Maker(Random(seed), prefix).make(seed)


def changed(fact: Any, **values: Any) -> Any:
    """*fact* with other values."""
    return evolve(fact, **values)


def whole(facts: Sequence[f.Fact]) -> list[f.Fact]:
    """*facts* without those that refer to something that is not among them."""
    kept = list(facts)
    while True:
        ids = {fact.id for fact in kept}
        dangling = {fact.id for fact in kept if _refers_outside(fact, ids)}
        if not dangling:
            return kept
        kept = [fact for fact in kept if fact.id not in dangling]


def _refers_outside(fact: f.Fact, ids: Collection[str]) -> bool:
    references = [column.name for column in type(fact).table.columns if column.refers_to]
    return any(getattr(fact, name) not in {None, *ids} for name in references)


class _Maker:
    """Draws the facts of one world."""

    def __init__(self, random: Random, prefix: str) -> None:
        self.random = random
        self.prefix = prefix
        self.count = 0
        pivot = random.choice(PIVOTS)
        self.shared = [pivot, pivot + timedelta(random.randint(-2, 2))]
        self.shared += [pivot + timedelta(random.randint(-30, 200)) for _ in range(3)]
        self.first = pivot - timedelta(40)
        self.as_of = random.choice(self.shared) + timedelta(random.choice([0, 1, 60]))
        self.shared += [self.as_of - timedelta(1), self.as_of]

    def make(self, seed: int) -> FactSet:
        random = self.random
        facts: list[f.Fact] = []
        people = [self.id("p") for _ in range(random.choice([0, 1, 2, 3, 4, 6, 8]))]
        facts += [f.Person(id=person, registered_on=self.first) for person in people]
        facts += [self.trait(person) for person in people for _ in range(self.several(3))]
        groups = [self.group() for _ in range(random.choice([0, 1, 2, 2]))]
        episodes = [
            self.enrollment(person, groups) for person in people for _ in range(self.several(2))
        ]
        spans = [self.role(person) for person in people for _ in range(self.several(3))]
        spans += [
            span for person in people if random.random() < 0.2 for span in self.nested(person)
        ]
        of = [fact.id for fact in (*episodes, *spans)]
        pauses = [self.pause(random.choice(of)) for _ in range(self.several(4)) if of]
        sessions = [self.session(group) for group in groups for _ in range(self.several(6))]
        attendance = [
            self.attendance(session, person)
            for session in sessions
            for person in people
            for _ in range(random.choice([0, 1, 1, 1, 1, 2]))
        ]
        encounters = [self.encounter(person) for person in people for _ in range(self.several(3))]
        themes = [self.theme(encounter) for encounter in encounters for _ in range(self.several(3))]
        for table in (groups, episodes, spans, pauses, sessions, attendance, encounters, themes):
            facts += table if random.random() > 0.03 else []
        facts = with_counts(seed, self.prefix, facts, self.shared)
        facts = enriched(seed, self.prefix, facts, self.shared)
        facts = with_readings(seed, self.prefix, facts, self.shared)
        facts = with_times(seed, self.prefix, facts, self.shared)
        facts = whole(with_rare(seed, self.prefix, facts, self.shared))
        bounds = sorted(random.choice([*self.shared, self.day()]) for _ in range(4))
        if random.random() < 0.2:
            bounds = [date(year, 1, 1) for year in (2019, 2020, 2021, 2022)]
        first, second, third, last = bounds
        return FactSet(
            seed, tuple(self.earlier(facts)), tuple(facts), self.as_of, (first, second, third, last)
        )

    def earlier(self, facts: Sequence[f.Fact]) -> list[f.Fact]:
        """What was known before: some facts not yet, some otherwise."""
        known: list[f.Fact] = []
        for fact in facts:
            chance = self.random.random()
            if isinstance(fact, f.Enrollment) and chance < 0.4:
                known.append(changed(fact, ended_on=self.maybe(), started_on=self.maybe()))
            elif isinstance(fact, f.Attendance) and chance < 0.3:
                known.append(changed(fact, status="excused"))
            elif isinstance(fact, f.RoleSpan) and chance < 0.4:
                known.append(changed(fact, ends_on=None))
            elif not isinstance(fact, (f.EncounterTheme, f.Trait, f.Pause)) or chance < 0.6:
                known.append(fact)
        return whole(known)

    def id(self, kind: str) -> str:
        self.count += 1
        # ids in an order of their own, so that nothing can rely on that of the days
        return f"{self.prefix}{kind}{self.random.randint(10, 99)}-{self.count}"

    def several(self, most: int) -> int:
        return self.random.randint(0, most)

    def day(self) -> date:
        if self.random.random() < 0.6:
            return self.random.choice(self.shared)
        return self.first + timedelta(self.random.randint(0, 260))

    def maybe(self, chance: float = 0.6) -> date | None:
        return self.day() if self.random.random() < chance else None

    def span(self) -> tuple[date, date | None]:
        """From a day to a later one, to the same one, open, or backwards by mistake."""
        starts_on, ends_on = self.day(), self.maybe(0.75)
        backwards = ends_on is not None and ends_on < starts_on
        if backwards and self.random.random() < 0.9:
            starts_on, ends_on = ends_on or starts_on, starts_on
        if self.random.random() < 0.1:
            ends_on = starts_on
        return starts_on, ends_on

    def trait(self, person: str) -> f.Trait:
        name, value = self.random.choice(["aim", "aim", "aim", "other"]), self.random.choice("ab")
        # few days, so that two of a person's answers are often of the same one
        since = self.random.choice([*self.shared[:2], self.as_of])
        return f.Trait(id=self.id("t"), person=person, name=name, value=value, since=since)

    def group(self) -> f.Group:
        return f.Group(
            id=self.id("g"),
            program=self.program(),
            program_version="1",
            # by no chance of its own, so that everything else stays as it was
            kind=("closed", "closed", "closed", "community", "team")[self.count % 5],
            place=self.random.choice(["Oulu", "Oulu", "Espoo", None]),
            starts_on=self.day() - timedelta(self.random.choice([0, 90])),
        )

    def program(self) -> str:
        return self.random.choice((PROGRAMS[0], PROGRAMS[0], PROGRAMS[1]))

    def enrollment(self, person: str, groups: Sequence[f.Group]) -> f.Enrollment:
        days: list[date | None] = [self.maybe(0.5) for _ in range(5)]
        if self.random.random() < 0.8:
            stated = iter(sorted(day for day in days if day is not None))
            days = [None if day is None else next(stated) for day in days]
        if self.random.random() < 0.4:
            days[-1] = self.random.choice(self.shared)
        ended_on = self.maybe()
        if ended_on is not None and self.random.random() < 0.8:
            latest = max((day for day in days if day is not None), default=ended_on)
            ended_on = max(ended_on, latest)
        group = self.random.choice([*groups, *groups, None])
        endings = ["completed", "completed", "left", "died", "moved_on", "transferred", None]
        return f.Enrollment(
            id=self.id("e"),
            person=person,
            program=group.program if group and self.random.random() < 0.9 else self.program(),
            program_version="1",
            group=None if group is None else group.id,
            channel=self.random.choice(["street", "clinic", None]),
            reached_on=days[0],
            informed_on=days[1],
            interviewed_on=days[2],
            offered_on=days[3],
            started_on=days[4],
            ended_on=ended_on,
            ending=self.random.choice(endings),
        )

    def role(self, person: str) -> f.RoleSpan:
        starts_on, ends_on = self.span()
        return f.RoleSpan(
            id=self.id("r"),
            person=person,
            role=self.random.choice((ROLES[0], ROLES[0], *ROLES)),
            program=self.random.choice([None, *PROGRAMS]),
            starts_on=starts_on,
            ends_on=ends_on,
        )

    def nested(self, person: str) -> list[f.RoleSpan]:
        """A long span with two short ones inside, apart from each other."""
        first = self.day() - timedelta(20)
        return [
            changed(
                self.role(person),
                role=ROLES[0],
                program=None,
                starts_on=first + timedelta(begun),
                ends_on=first + timedelta(ended),
            )
            for begun, ended in ((0, 90), (25, 30), (40, 50))
        ]

    def pause(self, of: str) -> f.Pause:
        starts_on, ends_on = self.span()
        return f.Pause(id=self.id("u"), of=of, starts_on=starts_on, ends_on=ends_on)

    def session(self, group: f.Group) -> f.Session:
        day = self.day()
        hour, minute = self.random.choice([(0, 0), (10, 0), (23, 59)])
        return f.Session(
            id=self.id("s"),
            group=group.id,
            kind="meeting",
            starts_at=datetime(day.year, day.month, day.day, hour, minute, tzinfo=HELSINKI),
            minutes=90,
            status=self.random.choice(["held", "held", "held", "held", "planned", "cancelled"]),
            held_theme=self.random.choice(["trust", "home", None]),
        )

    def attendance(self, session: f.Session, person: str) -> f.Attendance:
        status = self.random.choice(["present", "absent", "excused"])
        return f.Attendance(id=self.id("a"), session=session.id, person=person, status=status)

    def encounter(self, peer: str) -> f.Encounter:
        area = self.random.choice(["street", "online", None])
        return f.Encounter(id=self.id("n"), peer=peer, happened_on=self.day(), area=area)

    def theme(self, encounter: f.Encounter) -> f.EncounterTheme:
        theme = self.random.choice(["home", "money", "health"])
        return f.EncounterTheme(id=self.id("h"), encounter=encounter.id, theme=theme)
