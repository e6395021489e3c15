"""A cohort: the people who come at about the same time, and the group that they form.

It is the unit of a simulation: everything that is made up refers to nothing outside its cohort, so
that any number of them can follow one another in the memory of one.
"""

from __future__ import annotations

from datetime import date
from typing import TypeVar

from osallisuus.model.facts import Enrollment, Fact, Group, Pause
from osallisuus.model.offering import Community, SessionPlan
from osallisuus.model.program import Program
from osallisuus.model.stated import each
from osallisuus.simulate.chance import Chance
from osallisuus.simulate.habits import Habits
from osallisuus.values import frozen

__all__ = ["Cohort", "Member", "Scene", "people_per_cohort"]

F = TypeVar("F", bound=Fact)


@frozen
class Scene:
    """What all cohorts of one simulation have in common."""

    program: Program
    habits: Habits
    chance: Chance
    horizon: date
    """The first day of which nothing is known."""


@frozen(kw_only=True)
class Member:
    """Somebody who takes part in something from one day up to another, and their own habits.

    ``enrollment`` is the episode as it will have been in the end; ``None`` where somebody comes to
    meetings in a role.
    """

    person: str
    starts_on: date
    ends_on: date
    attends: float
    """The share of sessions at which this person is."""
    paused: tuple[date, date] | None = None
    enrollment: Enrollment | None = None

    @property
    def ending(self) -> str | None:
        """How the episode will have ended."""
        return None if self.enrollment is None else self.enrollment.ending

    @property
    def completed(self) -> bool:
        """Whether somebody will have decided that they completed it."""
        return self.ending == "completed"

    def takes_part_on(self, day: date) -> bool:
        """Whether they are there on that day and not on a pause."""
        if self.paused is not None and self.paused[0] <= day < self.paused[1]:
            return False
        return self.starts_on <= day < self.ends_on


class Cohort:
    """One cohort in the making: its days, its group, and the facts so far in their order."""

    def __init__(self, scene: Scene, starts_on: date) -> None:
        self.program, self.habits = scene.program, scene.habits
        self.chance, self.horizon = scene.chance, scene.horizon
        self.starts_on = starts_on
        """The day on which the group, or the first people, begin."""
        self.group: Group | None = None
        self.facts: list[Fact] = []

    def add(self, fact: F) -> F:
        """Keep *fact*, and hand it back."""
        self.facts.append(fact)
        return fact

    def id(self, prefix: str) -> str:
        """A new id."""
        return self.chance.id(prefix)

    @property
    def group_id(self) -> str | None:
        """The id of the group; ``None`` where the programme works without one."""
        return None if self.group is None else self.group.id

    def new_group(self, kind: str, starts_on: date) -> Group:
        """A group of this programme, in a place and setting that it states; not added yet."""
        places = self.habits.places or tuple(str(place) for place in each(self.program.places))
        # nobody is put where people are not free to leave and nothing says how they can refuse
        settings = [one.kind for one in each(self.program.settings) if not one.lacks_safeguards]
        return Group(
            id=self.id("g"),
            program=self.program.name,
            program_version=self.program.version,
            kind=kind,
            place=self.chance.one_of(places) if places else None,
            setting=self.chance.one_of(settings) if settings else None,
            starts_on=starts_on,
        )

    def pause(self, of: str, first: date, last: date) -> tuple[date, date] | None:
        """A pause within what lasts from *first* to *last*, for some; nobody is asked why."""
        room = (last - first).days
        if room < 3 or not self.chance.happens(self.habits.pauses):
            return None
        starts_on = self.chance.later(first, 1, room - 2)
        ends_on = min(last, self.chance.later(starts_on, 14, 45))
        self.add(Pause(id=self.id("u"), of=of, starts_on=starts_on, ends_on=ends_on))
        return starts_on, ends_on


def people_per_cohort(program: Program, habits: Habits) -> int:
    """How many are reached for one group: never more than it has places, or a community room for."""
    if not isinstance(program.community, Community):
        sessions = program.sessions
        places = sessions.capacity if isinstance(sessions, SessionPlan) else None
        return habits.per_group if places is None else min(habits.per_group, places)
    limit = program.community.size_limit
    if limit is None or limit.high is None:
        return habits.per_community
    return max(1, min(habits.per_community, limit.high))
