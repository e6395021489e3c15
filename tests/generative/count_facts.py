"""What the metrics of attendance, hours and cadence need, for the random worlds.

Capacities, hours and ends of groups, and sessions of a group while somebody is in it, at which
people are there, away, excused or not written down. By a chance of their own, so that the facts
that a world had already stay as they were.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from attrs import evolve

from osallisuus.model import facts as f

__all__ = ["with_counts"]

_HELSINKI = ZoneInfo("Europe/Helsinki")


def with_counts(
    seed: int, prefix: str, facts: Sequence[f.Fact], days: Sequence[date]
) -> list[f.Fact]:
    """*facts* whose groups may be full or end, with weeks of sessions and hours written down."""
    made = _Maker(Random(f"{seed} counts"), f"{prefix}count-")
    changed = [made.changed(fact, days) for fact in facts]
    episodes = [fact for fact in changed if isinstance(fact, f.Enrollment)]
    added = [one for episode in episodes for one in made.weeks(episode, episodes)]
    return [*changed, *added]


class _Maker:
    def __init__(self, random: Random, prefix: str) -> None:
        self.random, self.prefix = random, prefix
        self.count = 0

    def changed(self, fact: f.Fact, days: Sequence[date]) -> f.Fact:
        random = self.random
        if isinstance(fact, f.Group):
            later = random.choice(days) + timedelta(30)
            ends_on = random.choice([None, None, max(later, fact.starts_on), fact.starts_on])
            return evolve(fact, capacity=random.choice([None, 1, 2, 6]), ends_on=ends_on)
        if isinstance(fact, f.Attendance):
            return self.hours(fact)
        return fact

    def hours(self, mark: f.Attendance) -> f.Attendance:
        return evolve(
            mark,
            minutes=self.random.choice([None, 0, 45, 90, 90]),
            acting_as=self.random.choice([None, None, None, "participant", "professional"]),
        )

    def weeks(self, episode: f.Enrollment, episodes: Sequence[f.Enrollment]) -> Iterator[f.Fact]:
        """Some sessions of the person's group from the start on, some days apart."""
        random = self.random
        first = episode.started_on or episode.offered_on
        if episode.group is None or first is None or random.random() < 0.3:
            return
        day = first + timedelta(random.choice([0, 0, 1, 120]))
        careful = random.random() < 0.6
        for _ in range(random.randint(1, 7)):
            session = f.Session(
                id=self.id("s"),
                group=episode.group,
                kind="meeting",
                starts_at=datetime(day.year, day.month, day.day, 17, 30, tzinfo=_HELSINKI),
                minutes=random.choice([60, 90]),
                status="held",
            )
            yield session
            for one in episodes:
                if one.group == episode.group and (careful or random.random() < 0.7):
                    yield self.mark(session, one.person)
            day += timedelta(random.choice([0, 2, 3, 7]))
        if random.random() < 0.5:
            begun = first + timedelta(random.choice([0, 3, 7]))
            ended = random.choice([None, begun + timedelta(4), begun + timedelta(7)])
            yield f.Pause(id=self.id("u"), of=episode.id, starts_on=begun, ends_on=ended)

    def mark(self, session: f.Session, person: str) -> f.Attendance:
        status = self.random.choice(["present", "absent", "absent", "excused", "excused"])
        mark = f.Attendance(id=self.id("a"), session=session.id, person=person, status=status)
        return self.hours(mark)

    def id(self, kind: str) -> str:
        self.count += 1
        return f"{self.prefix}{kind}{self.random.randint(10, 99)}-{self.count}"
