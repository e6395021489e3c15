"""Interviews, teams, ideas, places and returns for the random worlds, by a chance of their own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

from attrs import evolve

from osallisuus.model import facts as f

__all__ = ["with_times"]


def with_times(
    seed: int, prefix: str, facts: Sequence[f.Fact], days: Sequence[date]
) -> list[f.Fact]:
    """*facts* and what people come back to, join, introduce, propose and decide."""
    made = _Maker(Random(f"{seed} times"), f"{prefix}x", days)
    people = [fact.id for fact in facts if isinstance(fact, f.Person)]
    groups = [fact for fact in facts if isinstance(fact, f.Group)]
    teams = [evolve(group, kind=made.random.choice(["team", group.kind])) for group in groups]
    changed: dict[str, Any] = {team.id: team for team in teams}
    added: list[f.Fact] = []
    changed |= {fact.id: made.planned(fact) for fact in facts if isinstance(fact, f.Enrollment)}
    for fact in facts:
        if isinstance(fact, f.Enrollment):
            added += made.returns(changed[fact.id], teams)
        if isinstance(fact, f.Guidance):
            added += made.reviews(fact)
    for person in people:
        added += made.of_person(person, teams)
    added += [made.idea(teams) for _ in range(made.random.randint(0, 6))]
    return [*(changed.get(fact.id, fact) for fact in facts), *added]


class _Maker:
    def __init__(self, random: Random, prefix: str, days: Sequence[date]) -> None:
        self.random, self.prefix, self.days = random, prefix, days
        self.count = 0

    def id(self, kind: str) -> str:
        self.count += 1
        return f"{self.prefix}{kind}{self.random.randint(10, 99)}-{self.count}"

    def day(self) -> date:
        return self.random.choice(self.days) + timedelta(self.random.choice([0, 0, 0, 1, 20, -9]))

    def maybe(self, chance: float = 0.5) -> date | None:
        return self.day() if self.random.random() < chance else None

    def planned(self, episode: f.Enrollment) -> f.Enrollment:
        """At times with a plan that ends about two weeks from the end."""
        if episode.ended_on is None or self.random.random() < 0.6:
            return episode
        days = self.random.choice([-15, -14, -13, 0, 13, 14, 15])
        return evolve(episode, planned_end_on=episode.ended_on + timedelta(days))

    def returns(self, episode: f.Enrollment, teams: Sequence[f.Group]) -> Iterator[f.Fact]:
        """At times the same programme again soon after, a team, pauses that touch or overlap."""
        random = self.random
        if episode.ended_on is not None and random.random() < 0.4:
            begun = episode.ended_on + timedelta(random.choice([-3, 0, 0, 1, 28, 29, 365, 366]))
            ended = None if random.random() < 0.3 else begun + timedelta(random.choice([0, 5, 40]))
            yield evolve(
                episode,
                id=self.id("e"),
                reached_on=None,
                informed_on=None,
                interviewed_on=None,
                offered_on=None,
                started_on=begun,
                ended_on=ended,
                ending=None if ended is None else random.choice(["completed", "left", None]),
            )
        if episode.ending == "completed" and episode.ended_on is not None and teams:
            begun = episode.ended_on + timedelta(random.choice([-20, -1, 0, 3]))
            yield f.Membership(
                id=self.id("b"),
                person=episode.person,
                group=random.choice(teams).id,
                starts_on=begun,
                ends_on=random.choice([None, episode.ended_on, begun + timedelta(30)]),
            )
        if episode.started_on is not None and random.random() < 0.3:
            first = episode.started_on + timedelta(random.choice([-2, 0, 3]))
            for begun, ended in (
                (0, 6),
                (4, random.choice([5, 9])),
                (20, random.choice([21, None])),
            ):
                yield f.Pause(
                    id=self.id("u"),
                    of=episode.id,
                    starts_on=first + timedelta(begun),
                    ends_on=None if ended is None else first + timedelta(ended),
                )

    def reviews(self, guidance: f.Guidance) -> Iterator[f.Fact]:
        for point in ("start", "mid"):
            if self.random.random() < 0.5:
                yield f.Review(
                    id=self.id("v"), guidance=guidance.id, point=point, happened_on=self.day()
                )

    def of_person(self, person: str, teams: Sequence[f.Group]) -> Iterator[f.Fact]:
        random = self.random
        for _ in range(random.choice([0, 0, 1, 2])):
            yield f.Interview(
                id=self.id("i"),
                person=person,
                program=random.choice(["wertzu", "verna"]),
                group=random.choice([*(team.id for team in teams), None]),
                happened_on=self.day(),
                outcome=random.choice(["place", "place", "other_group", "not_now", "declined"]),
                decided_by="w",
            )
        for _ in range(random.choice([0, 0, 1, 2])):
            yield f.Linkage(
                id=self.id("l"),
                person=person,
                place_kind=random.choice(["clubhouse", "office"]),
                introduced_on=self.maybe(0.8),
                visited_on=self.maybe(),
                attached_on=self.maybe(0.3),
            )
        for team in teams:
            if random.random() < 0.3:
                yield f.Membership(
                    id=self.id("b"),
                    person=person,
                    group=team.id,
                    starts_on=self.day(),
                    ends_on=self.maybe(0.3),
                )

    def idea(self, teams: Sequence[f.Group]) -> f.Idea:
        random = self.random
        decided_on = self.maybe(0.7)
        decisions = ["accepted", "accepted", "declined", "later", "withdrawn", None]
        return f.Idea(
            id=self.id("y"),
            group=random.choice([*(team.id for team in teams), None]),
            origin=random.choice(["clients", "together"]),
            raised_on=self.day(),
            decided_on=decided_on,
            decision=None if decided_on is None else random.choice(decisions),
            implemented_on=self.maybe(),
            told_back_on=self.maybe(),
        )
