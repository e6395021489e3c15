"""Made-up facts of any programme, cohort after cohort, in the memory of one cohort.

::

    from random import Random

    facts = simulate(program, people=200, random=Random(1))

Nothing of it is an estimate: what people do is what the :class:`~osallisuus.simulate.habits.Habits`
say, and where a definition leaves something open, round numbers are made up. The first fact says
so, by the measure ``synthetic_data``, and every report on such facts repeats it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Final

from osallisuus.errors import DefinitionError, LimitError
from osallisuus.model.cadence import Exactly
from osallisuus.model.facts import Fact, Group, Observation, Session
from osallisuus.model.offering import CoDevelopment, Community, SessionPlan
from osallisuus.model.program import Program
from osallisuus.rules.reporting import SENT, SHOWN, due_reports
from osallisuus.simulate.chance import Chance
from osallisuus.simulate.cohort import Cohort, Scene, people_per_cohort
from osallisuus.simulate.guiding import guide, make_guides
from osallisuus.simulate.habits import Habits
from osallisuus.simulate.journey import FIRST_DAYS, come
from osallisuus.simulate.known import known_before
from osallisuus.simulate.meetings import GROUP_SESSION, attend, last_day, new_sessions
from osallisuus.simulate.roles import meet_people, take_roles
from osallisuus.simulate.together import (
    belong,
    hold_meetings,
    hold_team_meetings,
    raise_ideas,
    spend,
)

__all__ = ["FIRST_DAY", "MARKER", "MOST_PEOPLE", "NOTE", "simulate"]

FIRST_DAY: Final = date(2024, 1, 1)
"""The first day of a simulation that names none, so that the same seed gives the same facts."""

MARKER: Final = "synthetic_data"
"""The measure of the observation by which a report knows that the facts are made up."""

NOTE: Final = (
    "SYNTHETIC DATA: no real person is behind any row. Everything was made up by seeded chance from "
    "the definition of the programme {program}; nothing of it says anything about a real one. "
    "observations.csv says so too, by its measure synthetic_data."
)
"""What a folder with such facts says of itself."""

MOST_PEOPLE: Final = 10_000_000
_WORKSHOPS: Final = 3
"""Monthly workshops where a programme of co-development states no number."""


def simulate(
    program: Program,
    *,
    people: int,
    random: Random,
    habits: Habits | None = None,
    starts_on: date = FIRST_DAY,
) -> Iterator[Fact]:
    """The facts of *program* if *people* were reached who did as *habits* say, from *starts_on*.

    Guides come on top of them. The facts are known as of ``starts_on + habits.observed_days``:
    whoever is on the way then has no ending yet. They come cohort after cohort, each fact after
    those that it refers to, and take no more memory for more people. The same *random*, seeded
    alike, gives the same facts in every version of Python.

    Raises :class:`DefinitionError` for a number of people below 1 or a first day outside 1900 to
    8000, and :class:`LimitError` above :data:`MOST_PEOPLE`.
    """
    if people < 1:
        raise DefinitionError("nobody to simulate", where="people", remedy="give 1 or more")
    if people > MOST_PEOPLE:
        raise LimitError(
            f"more than {MOST_PEOPLE} people", where="people", remedy="simulate in parts"
        )
    if not 1900 <= starts_on.year <= 8000:
        raise DefinitionError(
            "too far from our time", where="starts_on", remedy="from 1900 to 8000"
        )
    return _facts(program, people, random, habits or Habits(), starts_on)


def _facts(
    program: Program, people: int, random: Random, habits: Habits, starts_on: date
) -> Iterator[Fact]:
    chance = Chance(random, program.name)
    scene = Scene(program, habits, chance, starts_on + timedelta(habits.observed_days))
    yield _observed(scene, MARKER, starts_on)
    since = starts_on + timedelta(FIRST_DAYS)
    for report in due_reports(program, (), since=since, on=scene.horizon):
        sent_on = max(report.due_on, report.period.ends_on)
        if sent_on < scene.horizon:
            yield _observed(scene, SENT + report.duty.code, sent_on)
    size = people_per_cohort(program, habits)
    cohorts = -(-people // size)
    for number in range(cohorts):
        begins = starts_on + timedelta(FIRST_DAYS + number * habits.intake_days // cohorts)
        cohort = Cohort(scene, begins)
        _live(cohort, min(size, people - number * size))
        yield from known_before(cohort.facts, scene.horizon)
    if program.disclosure.community_first:
        yield _observed(scene, SHOWN, scene.horizon - timedelta(days=1))


def _observed(scene: Scene, measure: str, day: date) -> Observation:
    return Observation(
        id=scene.chance.id("o"),
        program=scene.program.name,
        phase="during",
        observed_on=day,
        measure=measure,
    )


def _live(cohort: Cohort, people: int) -> None:
    """Everything that happens in one cohort of so many people who are reached."""
    program = cohort.program
    ends_on, sessions = _make_group(cohort)
    members = come(cohort, people, ends_on)
    attend(cohort, sessions, members)
    held = take_roles(cohort, members)
    meet_people(cohort, held)
    if "individual_guidance" in program.kinds:
        guides = make_guides(cohort)
        guide(cohort, members, guides)
        hold_team_meetings(cohort, guides, all_join=True)
    group = cohort.group
    if group is not None and isinstance(program.community, Community):
        belong(cohort, group.id, members)
        hold_meetings(cohort, group, members, held)
    else:
        hold_team_meetings(cohort, held)
    if group is not None and isinstance(program.co_development, CoDevelopment):
        raise_ideas(cohort, group)
    until = max((member.ends_on for member in members), default=cohort.starts_on)
    spend(cohort, cohort.starts_on, until if group is None else group.ends_on or cohort.horizon)


def _make_group(cohort: Cohort) -> tuple[date | None, list[Session]]:
    """The group of the cohort with its sessions, and the day on which all complete it together.

    Where people are guided one by one there is no group, and everybody has a day of their own, as
    in a community.
    """
    program, begins = cohort.program, cohort.starts_on
    if isinstance(program.sessions, SessionPlan):
        until = last_day(cohort, program.sessions)
        group = cohort.new_group(program.kinds[0], begins)
        cadence = program.sessions.cadence
        sessions = new_sessions(cohort, group.id, GROUP_SESSION, cadence, begins, until)
    elif isinstance(program.community, Community):
        cohort.group = cohort.add(cohort.new_group("community", begins))
        return None, []
    elif "co_development" in program.kinds:
        until = begins
        group = cohort.new_group(program.kinds[0], begins)
        sessions = new_sessions(cohort, group.id, "workshop", _workshops(program), begins, until)
    else:
        return None, []
    last = sessions[-1].starts_at.date() if sessions else until
    ended = Group(**(group.describe() | {"ends_on": last + timedelta(1)}))
    cohort.group = cohort.add(ended)
    return last, [cohort.add(session) for session in sessions]


def _workshops(program: Program) -> Exactly:
    offered = program.co_development
    stated = offered.workshops if isinstance(offered, CoDevelopment) else None
    return Exactly(stated.count if stated and stated.count else _WORKSHOPS, "month")
