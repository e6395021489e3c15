"""Made-up programmes to be attacked: sparse, skewed, and the same for the same seed.

A programme is nothing but facts. What is true of them the attackers take from the exact figures,
or count by themselves; the gate is never asked.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import accumulate
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import osallisuus as osa
from osallisuus.model import facts as f
from osallisuus.register import Register

FIRST = date(2021, 1, 4)
AS_OF = date(2022, 1, 1)
STAGES = ("reached", "informed", "interviewed", "offered", "started")
ENDINGS = ("completed", "left", "moved_on", "died", "transferred", "ended_by_organizer")
HELSINKI = ZoneInfo("Europe/Helsinki")


class Maker:
    """Makes facts with ids of its own."""

    def __init__(self, draw: random.Random, program: str = "wertzu") -> None:
        self.draw = draw
        self.program = program
        self.facts: list[f.Fact] = []
        self.count = 0

    def add(self, record: type[f.Fact], **values: Any) -> str:
        """One more fact; its id."""
        self.count += 1
        name = values.pop("id", f"{record.table.name[:2]}{self.count:05}")
        self.facts.append(record(id=name, **values))
        return str(name)

    def skewed(self, n: int) -> list[float]:
        """Cumulative weights by which some of *n* things are crowded and some nearly empty."""
        return list(accumulate(self.draw.random() ** 2 + 0.02 for _ in range(n)))

    def group(self, number: int, places: Sequence[str]) -> str:
        """A group in one of the places; places lie in two regions, each in one of them."""
        place = places[number % len(places)]
        return self.add(
            f.Group,
            id=f"g{number}",
            program=self.program,
            program_version="1",
            kind="closed",
            place=place,
            organization=f"Region {places.index(place) % 2}",
            setting=("outpatient", "residential")[number % 2],
            starts_on=FIRST,
        )

    def person(self, traits: dict[str, str]) -> str:
        """Somebody with traits that were known from the beginning."""
        who = self.add(f.Person, registered_on=FIRST)
        for name, value in traits.items():
            self.add(f.Trait, person=who, name=name, value=value, since=FIRST)
        return who

    def episode(self, person: str, group: str, stage: int, ending: str | None, days: int) -> str:
        """An enrolment that came up to a stage; one that started ended so after so many days."""
        reached = FIRST + timedelta(self.draw.randint(0, 20))
        passed = {f"{STAGES[i]}_on": reached + timedelta(3 * i) for i in range(stage + 1)}
        started = stage == len(STAGES) - 1
        last = reached + timedelta(3 * stage)
        if not started:
            ending = ending and "declined"
        return self.add(
            f.Enrollment,
            person=person,
            program=self.program,
            program_version="1",
            group=group,
            ended_on=last + timedelta(days) if ending else None,
            ending=ending,
            **passed,
        )


def tabular(
    seed: int,
    *,
    places: int,
    endings: int,
    people: int,
    repeats: float = 0.0,
    still: float = 0.0,
    program: str = "wertzu",
) -> list[f.Fact]:
    """People by place, gender and ending: the facts behind tables of up to three ways.

    A share of *repeats* take part twice, and of *still* have not ended.
    """
    made = Maker(random.Random(seed), program)
    draw = made.draw
    names = [f"Place {number}" for number in range(places)]
    groups = [made.group(number, names) for number in range(places + draw.randint(0, 2))]
    where, how = made.skewed(len(groups)), made.skewed(endings)
    gender = made.skewed(2)
    for _ in range(people):
        (value,) = draw.choices(("woman", "man"), cum_weights=gender)
        who = made.person({"gender": value})
        for _ in range(1 + (draw.random() < repeats)):
            (group,) = draw.choices(groups, cum_weights=where)
            (ending,) = draw.choices(ENDINGS[:endings], cum_weights=how)
            if draw.random() < still:
                ending = ""
            stage = len(STAGES) - 1 if draw.random() < 0.8 else draw.randrange(len(STAGES) - 1)
            made.episode(who, group, stage, ending or None, 10 * draw.randint(3, 20))
    return made.facts


class Episode(NamedTuple):
    """One enrolment as it truly was."""

    person: str
    strata: dict[str, str]
    stage: int
    ending: str
    """Empty while it has not ended, or if it never began."""


def episodes_of(facts: Sequence[f.Fact]) -> list[Episode]:
    """The episodes of a programme, read by hand from its facts."""
    groups = {one.id: one for one in facts if isinstance(one, f.Group)}
    traits: dict[str, dict[str, str]] = {}
    for one in facts:
        if isinstance(one, f.Trait):
            traits.setdefault(one.person, {})[f"person.{one.name}"] = one.value
    found = []
    for one in facts:
        if isinstance(one, f.Enrollment):
            group = groups[one.group or ""]
            strata = {
                "group.place": group.place or "",
                "group.organization": group.organization or "",
                "group.setting": group.setting or "",
                **traits.get(one.person, {}),
            }
            stage = max(i for i, name in enumerate(STAGES) if getattr(one, f"{name}_on"))
            ending = one.ending or "" if one.started_on else ""
            found.append(Episode(one.person, strata, stage, ending))
    return found


def register_of(facts: Sequence[f.Fact], place: str = "memory:") -> Register:
    """A new register that holds the facts."""
    register = osa.open(place, actor="test", purpose="attack")
    register.add(facts)
    return register
