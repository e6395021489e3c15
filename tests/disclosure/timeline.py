"""A programme that goes on: facts are added, corrected and erased, and it is released each month.

The checker knows nothing of the gate. It looks at the figures that came out, takes from the facts
whom each of them counted at its time, and compares these groups of people with each other.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import combinations
from typing import Any, NamedTuple

import osallisuus as osa
from osallisuus.metrics.figure import Figure
from osallisuus.model import facts as f
from osallisuus.time import add_months

FIRST = date(2021, 1, 4)
STAGES = ("reached", "informed", "interviewed", "offered", "started")
ENDINGS = ("completed", "completed", "completed", "left", "left", "moved_on")


class Published(NamedTuple):
    """A figure that came out, and the episodes that it counted."""

    month: int
    name: tuple[Any, ...]
    group: frozenset[str]


class Programme:
    """Facts that grow month by month, the same for the same seed."""

    def __init__(self, seed: int, people: int = 40, places: int = 3) -> None:
        self.draw = random.Random(seed)
        self.people = people
        self.groups = {
            f"g{i}": f.Group(
                id=f"g{i}", program="wertzu", program_version="1", kind="closed",
                place=f"Place {i}", starts_on=FIRST,
            )
            for i in range(places)
        }  # fmt: skip
        self.count = 0
        self.episodes: dict[str, f.Enrollment] = {}
        self.register = osa.open("memory:", actor="test", purpose="test")
        self.register.add(self.groups.values())

    def month(self, number: int) -> None:
        """What happens in one month: newcomers, endings, late and corrected entries."""
        first = add_months(FIRST, number)
        new: list[f.Fact] = []
        for _ in range(self.draw.choice((0, 1, 2, 3, self.people // 3))):
            new += self._newcomer(first)
        for episode in list(self.episodes.values()):
            if episode.ended_on is None and self.draw.random() < 0.12:
                ended = first + timedelta(self.draw.randint(0, 27))
                last = max(getattr(episode, f"{stage}_on") or FIRST for stage in STAGES)
                ending = self.draw.choice(ENDINGS) if episode.started_on else "declined"
                new.append(_changed(episode, ended_on=max(ended, last), ending=ending))
            elif self.draw.random() < 0.03:  # a correction: it was another group
                new.append(_changed(episode, group=self.draw.choice(list(self.groups))))
        self.add(new)

    def _newcomer(self, first: date) -> Iterator[f.Fact]:
        self.count += 1
        number = self.count
        stage = self.draw.choices(range(len(STAGES)), (1, 1, 1, 1, 12))[0]
        reached = first + timedelta(self.draw.randint(0, 10))
        passed: dict[str, Any] = {
            f"{STAGES[i]}_on": reached + timedelta(i) for i in range(stage + 1)
        }
        yield f.Person(id=f"p{number:03}", registered_on=reached)
        yield f.Enrollment(
            id=f"e{number:03}", person=f"p{number:03}", program="wertzu", program_version="1",
            group=self.draw.choice(list(self.groups)), **passed,
        )  # fmt: skip

    def add(self, facts: Iterable[f.Fact]) -> None:
        """Add or revise facts."""
        new = list(facts)
        self.episodes |= {fact.id: fact for fact in new if isinstance(fact, f.Enrollment)}
        self.groups |= {fact.id: fact for fact in new if isinstance(fact, f.Group)}
        if new:
            self.register.add(new)

    def move_border(self) -> None:
        """One group counts to another place from now on, and always has."""
        group, other = self.draw.sample(list(self.groups.values()), 2)
        self.add([_changed(group, place=other.place)])

    def erase(self) -> None:
        """Take one person out of the store, with everything that was ever known of them."""
        gone = self.draw.choice(list(self.episodes.values()))
        del self.episodes[gone.id]
        assert self.register.erase(gone.person).taken["people"] == 1

    def release(self, month: int, *, profile: Any = "public") -> osa.Release:
        """The evaluation by place, as of the end of a month."""
        report = self.register.report(
            "evaluation", program="wertzu", by=["group.place"], as_of=add_months(FIRST, month + 1)
        )
        return report.release(profile)

    def published(self, month: int, released: osa.Release) -> list[Published]:
        """The groups that were counted in what was published this month for the first time."""
        found = []
        for result in released.released.results:
            for figure in result:
                new = figure.status == "shown" and "as_published" not in figure.notes
                for name, members in self._counted(figure) if new else ():
                    found.append(Published(month, name, frozenset(members)))
        return found

    def _counted(self, figure: Figure) -> Iterator[tuple[tuple[Any, ...], list[str]]]:
        metric, name = figure.provenance.metric, figure.name
        place = figure.strata.get("group.place")
        cut = figure.provenance.as_of
        here = [
            one
            for one in self.episodes.values()
            if place is None or self.groups[one.group or ""].place == place
        ]
        started = [one.id for one in here if one.started_on and one.started_on < cut]
        ended = {
            one.id: one.ending for one in here if one.ended_on is not None and one.ended_on < cut
        }
        if metric == "people_and_episodes":
            yield ("started", place), started
        elif metric == "recruitment_funnel" and name in STAGES:
            yield ("stage", name), [one.id for one in here if self._came(one, name, cut)]
        elif metric == "completion":
            yield ("started", place), started
            if figure.censored is None and "still_open" not in figure.notes:
                yield ("completed", place), [e for e in started if ended.get(e) == "completed"]
                yield ("not completed", place), [e for e in started if ended.get(e) != "completed"]

    def _came(self, episode: f.Enrollment, stage: str, cut: date) -> bool:
        later = STAGES[STAGES.index(stage) :]
        days = [getattr(episode, f"{one}_on") for one in later]
        return any(day is not None and day < cut for day in days)


def _changed(fact: Any, **values: Any) -> Any:
    from attrs import evolve

    return evolve(fact, **values)


def give_away(published: Iterable[Published], threshold: int) -> list[tuple[Published, Published]]:
    """Pairs of published groups, one within the other, that differ by few."""
    known = list(dict.fromkeys(published))
    return [
        (one, other)
        for one, other in combinations(known, 2)
        if (one.group <= other.group or other.group <= one.group)
        and 0 < len(one.group ^ other.group) < threshold
    ]
