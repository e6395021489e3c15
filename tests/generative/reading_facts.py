"""Readings of instruments, survey forms and own goals for the random worlds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from random import Random

from attrs import evolve

from osallisuus.model import facts as f

WAVES = ("start", "start", "mid", "mid", "end", "end", "end", "later")
VALUES = (0.0, 7.0, 8.0, 12.5, 20.0, 40.0)


def with_readings(
    seed: int, prefix: str, facts: Sequence[f.Fact], days: Sequence[date]
) -> list[f.Fact]:
    """*facts* with readings of the people in them, twice in a wave and out of order at times."""
    made = _Maker(Random(f"{seed} readings"), f"{prefix}o", days)
    people = [fact.id for fact in facts if isinstance(fact, f.Person)]
    groups = [fact.id for fact in facts if isinstance(fact, f.Group)]
    guidance = [fact for fact in facts if isinstance(fact, f.Guidance)]
    added: list[f.Fact] = []
    for person in people:
        added += made.readings(person, groups)
        added += made.goals(person, [one.id for one in guidance if one.person == person])
    for _ in range(made.random.choice([0, 0, 2, 7])):
        added += made.form("esis", None, groups)
        added += made.form("client_survey", None, groups)
    return [*(made.planned(fact) for fact in facts), *added]


class _Maker:
    def __init__(self, random: Random, prefix: str, days: Sequence[date]) -> None:
        self.random, self.prefix, self.days = random, prefix, days
        self.count = 0

    def id(self, kind: str) -> str:
        self.count += 1
        return f"{self.prefix}{kind}{self.random.randint(10, 99)}-{self.count}"

    def planned(self, fact: f.Fact) -> f.Fact:
        """An enrolment with, at times, a day on which it is planned to end."""
        if isinstance(fact, f.Enrollment) and self.random.random() < 0.4:
            return evolve(fact, planned_end_on=self.random.choice(self.days))
        return fact

    def readings(self, person: str, groups: Sequence[str]) -> Iterator[f.Fact]:
        for _ in range(self.random.choice([0, 3, 5, 8])):
            yield from self.form("audit", person, groups)
        for _ in range(self.random.choice([0, 2, 4])):
            yield from self.form("recovery_star", person, groups)
        for _ in range(self.random.choice([0, 1, 3])):
            yield from self.form("esis", person, groups)
            yield from self.form("client_survey", person, groups)

    def form(self, instrument: str, person: str | None, groups: Sequence[str]) -> Iterator[f.Fact]:
        random = self.random
        form = f.Assessment(
            id=self.id("m"),
            person=person,
            group=random.choice([*groups, None]),
            instrument=instrument,
            instrument_version=random.choice(["1"] * 6 + ["2"]),
            wave=random.choice(WAVES),
            happened_on=random.choice(self.days),
        )
        yield form
        if instrument == "esis":
            for item in range(1, 11):
                for _ in range(random.choice([0, *[1] * 30, 2])):
                    number = random.choice([1, 2, 3, 3, 5, 5, 9] if item == 4 else [1, 3, 5])
                    yield f.Answer(
                        id=self.id("w"), form=form.id, item=f"item_{item}", number=number
                    )
            return
        scales = ["area_1", "area_2", "total"] if instrument == "recovery_star" else ["total"]
        for scale in scales:
            for _ in range(random.choice([0, *[1] * 12, 2])):
                how = random.choice(["complete"] * 5 + ["partial", "not_computable"])
                value = None if how == "not_computable" else random.choice(VALUES)
                yield f.Score(
                    id=self.id("v"),
                    assessment=form.id,
                    scale=scale,
                    value=value,
                    completeness=how,
                )

    def goals(self, person: str, guidance: Sequence[str]) -> Iterator[f.Fact]:
        random = self.random
        for _ in range(random.choice([0, 1, 3])):
            goal = f.Goal(
                id=self.id("k"),
                person=person,
                guidance=random.choice([None, *guidance]),
                domain=random.choice(["home", "work"]),
                weight=random.choice([0, 1, 1, 2]),
                set_on=random.choice(self.days),
            )
            yield goal
            for _ in range(random.choice([0, 1, 1, 2])):
                yield f.GoalRating(
                    id=self.id("l"),
                    goal=goal.id,
                    rated_on=random.choice(self.days),
                    level=random.choice([-2, -1, 0, 1, 2]),
                )
