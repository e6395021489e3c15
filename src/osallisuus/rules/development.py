"""Co-development on a day: ideas from raised to told back, workshops, and what both sides say.

The credit of an idea is collective: its origin is a circle of people, such as the peers, and no fact
ties it to one of them (X12, Y24, Q17). Whoever raised it is owed an answer, also when the answer
was no. In a role-free session people are recorded without a role (X7). The level of participation
is rated from each side by itself, as one scale for each perspective (X14, M38).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from osallisuus.model.arrangements import StaffTraining
from osallisuus.model.facts import Attendance, Fact, Idea, Session
from osallisuus.model.offering import CoDevelopment
from osallisuus.model.program import Program
from osallisuus.model.stated import Code, each
from osallisuus.rules.finding import Rows
from osallisuus.rules.tables import day_of, program_finder, tables
from osallisuus.values import frozen

__all__ = [
    "CO_DEVELOPMENT",
    "IDEA_STATES",
    "FromBothSides",
    "IdeaOnDay",
    "Taught",
    "Workshops",
    "from_both_sides",
    "idea_state",
    "ideas_on",
    "is_role_free",
    "staff_taught",
    "waiting_to_be_told",
    "workshops_held",
]

IDEA_STATES: Final = (
    "not_raised raised accepted declined later withdrawn decided implemented established"
).split()
"""Every state of an idea. That it was told back stands beside it: a "no" is told back, too."""

CO_DEVELOPMENT: Final = ("workshop", "development_day", "development_workshop", "co_development")
"""Kinds of sessions in which something is developed together, whatever else a programme does."""


@frozen(kw_only=True)
class IdeaOnDay:
    """One idea on one day; ``owed`` = it was decided on and nobody has told those who raised it."""

    idea: Idea
    state: str
    owed: bool

    @property
    def credit(self) -> Code:
        """Whose idea it is: the circle of people in which it was raised, never one person."""
        return self.idea.origin


@frozen(kw_only=True)
class Workshops:
    """Workshops of a programme: how many it names (``None`` = not stated), held and planned."""

    stated: int | None
    held: int
    planned: int


@frozen(kw_only=True)
class Taught:
    """A staff training that came of co-development, as it was held (X5, M39).

    ``seats`` counts presences and ``people`` those behind them, which are fewer where somebody came
    more than once. ``by`` are the roles of those who taught.
    """

    training: StaffTraining
    sessions: int
    minutes: int
    seats: int
    people: int
    by: tuple[Code, ...]


@frozen(kw_only=True)
class FromBothSides:
    """One rating of participation from each perspective that gave one; equal levels agree."""

    group: str | None
    on: date
    levels: tuple[tuple[Code, float], ...]

    @property
    def agree(self) -> bool | None:
        """Whether all sides see the same level; ``None`` where fewer than two have said."""
        seen = {level for _, level in self.levels}
        return len(seen) == 1 if len(self.levels) > 1 else None


def idea_state(idea: Idea, on: date) -> str:
    """How far an idea has come by that day, one of :data:`IDEA_STATES`."""
    for day, state in (
        (idea.established_on, "established"),
        (idea.implemented_on, "implemented"),
        (idea.decided_on, idea.decision or "decided"),
        (idea.raised_on, "raised"),
    ):
        if day is not None and day <= on:
            return state if state in IDEA_STATES else "decided"
    return "not_raised"


def ideas_on(
    facts: Iterable[Fact], *, on: date, origin: str | None = None, program: str | None = None
) -> tuple[IdeaOnDay, ...]:
    """Every idea that had been raised by that day, oldest first; only of one *origin* if given.

    Of one *program* are those of its groups; one of no group may be of any programme, as in the
    metrics.
    """
    rows = tables(facts)
    groups = {group.id: group.program for group in rows.get("groups", ())}
    known = [
        idea
        for idea in rows.get("ideas", ())
        if idea.raised_on <= on
        and origin in (None, idea.origin)
        and (None in (program, idea.group) or groups.get(idea.group) == program)
    ]
    return tuple(
        IdeaOnDay(idea=idea, state=idea_state(idea, on), owed=_is_owed(idea, on))
        for idea in sorted(known, key=lambda idea: (idea.raised_on, idea.id))
    )


def waiting_to_be_told(facts: Iterable[Fact], *, on: date) -> tuple[IdeaOnDay, ...]:
    """The ideas that were decided on and not told back, longest waiting first.

    An idea put off for later is open still, and one that was withdrawn is owed no answer, as in the
    metric ``ideas``.
    """
    owed = [one for one in ideas_on(facts, on=on) if one.owed]
    return tuple(sorted(owed, key=lambda one: (one.idea.decided_on or on, one.idea.id)))


def is_role_free(program: Program, session: Session) -> bool:
    """Whether *program* declares that people lay their roles aside in such a session (X7).

    In a programme that is co-development and nothing else, that is every session, but for those of
    its staff trainings: there it matters that experts by experience teach (X5).
    """
    offered = _co_development(program)
    if offered is None or not offered.role_free:
        return False
    if any(_is_of_training(session, training) for training in each(program.staff_trainings)):
        return False
    kinds = {meeting.kind: meeting.code for meeting in each(program.meetings)}
    together = session.kind in CO_DEVELOPMENT or kinds.get(session.kind) in CO_DEVELOPMENT
    return together or program.kinds == ("co_development",)


def workshops_held(program: Program, facts: Iterable[Fact], *, on: date) -> Workshops:
    """The workshops of *program* by that day, beside the number that it names (W16)."""
    rows = tables(facts)
    program_of = program_finder(rows)
    own = [
        session
        for session in rows.get("sessions", ())
        if session.kind in CO_DEVELOPMENT and program_of(session) == program.name
    ]
    offered = _co_development(program)
    named = offered.workshops if offered is not None else None
    return Workshops(
        stated=named.count if named else None,
        held=sum(1 for one in own if one.status == "held" and day_of(one) <= on),
        planned=sum(1 for one in own if one.status == "planned"),
    )


def staff_taught(program: Program, facts: Iterable[Fact], *, on: date) -> tuple[Taught, ...]:
    """Each staff training of *program* as held by that day, in the programme's order.

    A session belongs to a training whose code is its kind or its theme. Who taught says so in
    ``acting_as``; everybody else who was present was taught.
    """
    rows = tables(facts)
    return tuple(_taught(training, rows, on) for training in each(program.staff_trainings))


def from_both_sides(
    program: Program, facts: Iterable[Fact], *, instrument: str, on: date
) -> tuple[FromBothSides, ...]:
    """Ratings of participation by that day, each perspective of *program* by itself, by day.

    A rating is an assessment of a group with one score for each side, on the scale of the side's
    name; no person stands in it. Levels are steps of the rubric *instrument*, such as the rungs of
    Arnstein (1969), and are never averaged over sides: staff alone rate higher than it looks.
    """
    rows = tables(facts)
    offered = _co_development(program)
    sides = each(offered.perspectives) if offered is not None else ()
    levels = {
        (score.assessment, score.scale): score.value
        for score in rows.get("scores", ())
        if score.scale in sides and score.value is not None
    }
    rated = [
        one
        for one in rows.get("assessments", ())
        if one.instrument == instrument and one.person is None and one.happened_on <= on
    ]
    return tuple(
        FromBothSides(
            group=one.group,
            on=one.happened_on,
            levels=tuple(
                (side, levels[one.id, side]) for side in sides if (one.id, side) in levels
            ),
        )
        for one in sorted(rated, key=lambda one: (one.happened_on, one.id))
    )


def _co_development(program: Program) -> CoDevelopment | None:
    offered = program.co_development
    return offered if isinstance(offered, CoDevelopment) else None


def _is_owed(idea: Idea, on: date) -> bool:
    decided = idea.decided_on is not None and idea.decided_on <= on
    told = idea.told_back_on is not None and idea.told_back_on <= on
    return decided and not told and idea.decision not in ("later", "withdrawn")


def _is_of_training(session: Session, training: StaffTraining) -> bool:
    return training.code in (session.kind, session.held_theme or session.planned_theme)


def _taught(training: StaffTraining, rows: Rows, on: date) -> Taught:
    sessions = [
        one
        for one in rows.get("sessions", ())
        if one.status == "held" and day_of(one) <= on and _is_of_training(one, training)
    ]
    ids = {one.id for one in sessions}
    present: list[Attendance] = [
        one for one in rows.get("attendance", ()) if one.session in ids and one.status == "present"
    ]
    trainers = each(training.trainers)
    learners = [one.person for one in present if one.acting_as not in trainers]
    by = {one.acting_as for one in present if one.acting_as in trainers}
    return Taught(
        training=training,
        sessions=len(sessions),
        minutes=sum(one.minutes for one in sessions),
        seats=len(learners),
        people=len(set(learners)),
        by=tuple(role for role in trainers if role in by),
    )
