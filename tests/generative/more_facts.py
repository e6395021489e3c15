"""Costs, memberships, contacts, decisions and guidance for the worlds, by a chance of their own.

They come after the facts that a world had already, so that these stay as they were.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

from attrs import evolve

from osallisuus.model import facts as f

__all__ = ["enriched"]


def enriched(seed: int, prefix: str, facts: Sequence[f.Fact], days: Sequence[date]) -> list[f.Fact]:
    """*facts* with care aims and days of registration, and more facts of people and groups."""
    return _More(Random(f"more {seed}"), prefix, facts, days).all()


class _More:
    def __init__(
        self, random: Random, prefix: str, facts: Sequence[f.Fact], days: Sequence[date]
    ) -> None:
        self.random = random
        self.prefix = prefix
        self.facts = facts
        self.days = days
        self.count = 0

    def all(self) -> list[f.Fact]:
        changed = [self.changed(fact) for fact in self.facts]
        people = [fact.id for fact in changed if isinstance(fact, f.Person)]
        groups = [fact for fact in changed if isinstance(fact, f.Group)]
        made: list[f.Fact] = []
        made += [self.cost(groups) for _ in range(self.random.randint(0, 6))]
        for person in people:
            made += [self.contact(person) for _ in range(self.random.randint(0, 2))]
            made += [self.guidance(person, people) for _ in range(self.random.randint(0, 1))]
            if groups:
                made += [self.membership(person, groups) for _ in range(self.random.randint(0, 2))]
        for group in groups:
            made += [self.decision(group) for _ in range(self.random.randint(0, 3))]
        return changed + made

    def changed(self, fact: Any) -> Any:
        if isinstance(fact, f.Person):
            return evolve(fact, registered_on=self.day())
        if isinstance(fact, f.Enrollment):
            return evolve(fact, aim=self.random.choice(["a", "a", "b", "c", None]))
        return fact

    def cost(self, groups: Sequence[f.Group]) -> f.Cost:
        group = self.random.choice([*groups, *groups, None])
        return f.Cost(
            id=self.id("c"),
            program=group.program if group else self.random.choice(["wertzu", "verna"]),
            group=group and group.id,
            happened_on=self.day(),
            head=self.random.choice(["premises", "materials"]),
            cents=self.random.choice([None, 0, 100, 2500]),
            minutes=self.random.choice([None, 0, 60, 90]),
            worker_kind=self.random.choice([None, "professional", "peer"]),
        )

    def contact(self, person: str) -> f.Contact:
        return f.Contact(id=self.id("k"), person=person, happened_on=self.day(), mode="phone")

    def membership(self, person: str, groups: Sequence[f.Group]) -> f.Membership:
        starts_on = self.day() - timedelta(self.random.choice([0, 0, 90, 120]))
        return f.Membership(
            id=self.id("m"),
            person=person,
            group=self.random.choice(groups).id,
            starts_on=starts_on,
            ends_on=self.random.choice([None, None, self.day() + timedelta(40)]),
        )

    def guidance(self, person: str, people: Sequence[str]) -> f.Guidance:
        return f.Guidance(
            id=self.id("d"),
            person=person,
            guide=self.random.choice(people),
            program=self.random.choice(["wertzu", "verna"]),
            offered_on=self.maybe(),
            started_on=self.maybe(),
            planned_end_on=self.day(),
            ended_on=self.maybe(),
            ending=self.random.choice([None, "completed"]),
        )

    def decision(self, group: f.Group) -> f.Decision:
        return f.Decision(
            id=self.id("o"),
            group=group.id,
            matter="shared_matters",
            owner=self.random.choice(["client", "community_meeting"]),
            initiated_by=self.random.choice(["client", "staff"]),
            decided_on=self.day(),
            carried_out_on=self.maybe(),
        )

    def id(self, kind: str) -> str:
        self.count += 1
        return f"{self.prefix}more-{kind}{self.random.randint(10, 99)}-{self.count}"

    def day(self) -> date:
        if self.random.random() < 0.5:
            return self.random.choice(self.days)
        return min(self.days) + timedelta(self.random.randint(-60, 120))

    def maybe(self) -> date | None:
        return self.day() if self.random.random() < 0.6 else None
