"""What the random worlds would hold too seldom to show an error, by a chance of its own.

Days in another order than that of the stages, ends of roles with a reason, roles that are paused
twice, a return after just a year, a death on the day of completing, many roles of one person, two
first reviews of one guidance, two like sessions on one day, and a community near its limit.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from random import Random

from attrs import evolve

from osallisuus.model import facts as f

__all__ = ["with_rare"]

_ROLES = ("client", "participant", "volunteer", "student", "area_holder", "archivist", "host")
_VISITORS = ("professional", "volunteer", "guest")


def with_rare(
    seed: int, prefix: str, facts: Sequence[f.Fact], days: Sequence[date]
) -> list[f.Fact]:
    """*facts*, some of them changed, and rare ones of the same people and groups."""
    groups = {fact.id: fact for fact in facts if isinstance(fact, f.Group)}
    made = _Maker(Random(f"{seed} rare"), f"{prefix}z", days, groups)
    changed = [made.changed(fact) for fact in facts]
    added = [one for fact in changed for one in made.of(fact)]
    added += made.twins([fact for fact in changed if isinstance(fact, (f.Session, f.Attendance))])
    if groups and made.chance(0.05):
        added += made.community(made.random.choice([*groups]))
    return [*changed, *added]


class _Maker:
    def __init__(
        self, random: Random, prefix: str, days: Sequence[date], groups: dict[str, f.Group]
    ) -> None:
        self.random, self.prefix, self.days, self.groups = random, prefix, days, groups
        self.teams = {group.id for group in groups.values() if group.kind == "team"}
        self.as_of = days[-1]
        self.count = 0

    def id(self, kind: str) -> str:
        self.count += 1
        return f"{self.prefix}{kind}{self.random.randint(10, 99)}-{self.count}"

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def changed(self, fact: f.Fact) -> f.Fact:
        random = self.random
        if isinstance(fact, f.RoleSpan) and fact.ends_on is not None:
            return evolve(fact, ending=random.choice(["stepped_back", "term_ended", None]))
        if isinstance(fact, f.Group):
            return evolve(fact, setting=random.choice(["clinic", "prison", None]))
        if isinstance(fact, f.Enrollment):
            return self.episode(fact)
        return fact

    def episode(self, fact: f.Enrollment) -> f.Enrollment:
        """At times with two stages exchanged, a start as the group ends, or a grace just kept."""
        group = self.groups.get(fact.group or "")
        if self.chance(0.3):
            stages = ("reached_on", "informed_on", "interviewed_on", "offered_on")
            one, other = self.random.sample(stages, 2)
            return evolve(fact, **{one: getattr(fact, other), other: getattr(fact, one)})
        if group is not None and group.ends_on is not None and self.chance(0.2):
            return evolve(fact, started_on=group.ends_on)
        if fact.started_on is not None and fact.ended_on is not None and self.chance(0.2):
            return evolve(fact, planned_end_on=fact.ended_on - timedelta(14))
        return fact

    def of(self, fact: f.Fact) -> Iterator[f.Fact]:
        if isinstance(fact, f.Enrollment):
            yield from self.of_episode(fact)
        elif isinstance(fact, f.RoleSpan):
            yield from self.pauses(fact.id, fact.starts_on, 0.4)
        elif isinstance(fact, f.Guidance) and fact.offered_on is not None and self.chance(0.5):
            begun = fact.started_on or fact.offered_on
            for on in (fact.offered_on, begun + timedelta(1), self.as_of):
                yield f.Review(id=self.id("v"), guidance=fact.id, point="start", happened_on=on)
        elif isinstance(fact, f.Person):
            yield from self.of_person(fact.id)

    def of_episode(self, episode: f.Enrollment) -> Iterator[f.Fact]:
        random = self.random
        if episode.started_on is not None and self.chance(0.1):
            first = self.as_of - timedelta(20)
            yield f.Pause(id=self.id("u"), of=episode.id, starts_on=first, ends_on=self.as_of)
        if episode.started_on is not None and self.chance(0.1):
            ended_on = episode.started_on - timedelta(random.choice([364, 365, 366, 400]))
            yield evolve(
                episode,
                id=self.id("e"),
                **dict.fromkeys(("reached_on", "informed_on", "interviewed_on", "offered_on")),
                started_on=ended_on - timedelta(random.choice([0, 30])),
                ended_on=ended_on,
                ending=random.choice(["completed", "left"]),
            )
        if episode.group in self.teams and episode.started_on is not None and self.chance(0.4):
            yield from self.completed_and_died(episode, episode.group, episode.started_on)

    def completed_and_died(self, episode: f.Enrollment, team: str, first: date) -> Iterator[f.Fact]:
        """A death about the day of completing, and a membership that begins after it by mistake."""
        random = self.random
        done = first + timedelta(5)
        died = done + timedelta(random.choice([-1, 0, 0, 5]))
        yield evolve(episode, id=self.id("e"), ended_on=done, ending="completed")
        yield evolve(episode, id=self.id("e"), ended_on=died, ending="died")
        yield self.membership(episode.person, team, done + timedelta(random.choice([1, 7])))

    def pauses(self, of: str, first: date, share: float) -> Iterator[f.Fact]:
        if self.chance(share):
            for begun, ended in ((1, 6), (4, 9), (12, self.random.choice([14, None]))):
                ends_on = None if ended is None else first + timedelta(ended)
                starts_on = first + timedelta(begun)
                yield f.Pause(id=self.id("u"), of=of, starts_on=starts_on, ends_on=ends_on)

    def of_person(self, person: str) -> Iterator[f.Fact]:
        random = self.random
        for value in random.choices("xyz", k=random.choice([0, 1, 2])):
            since = random.choice(self.days) - timedelta(random.choice([0, 30]))
            yield f.Trait(id=self.id("t"), person=person, name="gender", value=value, since=since)
        if self.chance(0.1):
            first = random.choice(self.days) - timedelta(30)
            for role in random.sample(_ROLES, random.choice([5, 6, 7])):
                starts_on = first + timedelta(random.choice([0, 3, 9]))
                yield f.RoleSpan(id=self.id("r"), person=person, role=role, starts_on=starts_on)

    def membership(self, person: str, group: str, starts_on: date) -> f.Membership:
        return f.Membership(id=self.id("b"), person=person, group=group, starts_on=starts_on)

    def twins(self, facts: Sequence[f.Session | f.Attendance]) -> Iterator[f.Fact]:
        """A second session of the same group on the same day, at which the same is written down."""
        for session in facts:
            if isinstance(session, f.Session) and self.chance(0.1):
                twin = self.id("s")
                yield evolve(session, id=twin)
                for mark in facts:
                    if isinstance(mark, f.Attendance) and mark.session == session.id:
                        yield evolve(mark, id=self.id("a"), session=twin)

    def community(self, group: str) -> Iterator[f.Fact]:
        """Some fifty members, two of them in roles of visitors, here or elsewhere."""
        first = min(self.days)
        people = [self.id("p") for _ in range(self.random.choice([51, 52]))]
        for person in people:
            yield f.Person(id=person, registered_on=first)
            yield self.membership(person, group, first)
        for person in people[:2]:
            yield f.RoleSpan(
                id=self.id("r"),
                person=person,
                role=self.random.choice(_VISITORS),
                group=self.random.choice([None, group, *self.groups]),
                starts_on=first,
            )
