"""Which roles are open to a person, which are held, and the ways that roles have gone.

Roles stand in the order of the programme's definition, which is no rank, and there is no score, no
goal for everybody and no share of a way (Q7). Whoever pauses, steps back or comes back finds the
same steps open as before: no rule looks at how a role ended (Q4, Q8). Nothing here decides: who
grants a role is a human, and the person has to want it (Q2).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final, Literal, TypeAlias

from osallisuus.model.arrangements import Compensation
from osallisuus.model.facts import Fact, RoleSpan
from osallisuus.model.program import Program
from osallisuus.model.roles import Role
from osallisuus.model.stated import NONE, Absent, Code, Listed, each
from osallisuus.rules.finding import Rows
from osallisuus.rules.prerequisites import Requirement, requirement_of
from osallisuus.rules.states import role_state
from osallisuus.rules.tables import grouped, pauses_of, tables
from osallisuus.values import frozen

__all__ = [
    "Change",
    "HeldRole",
    "Move",
    "Openness",
    "Path",
    "RoleStep",
    "RolesOnDay",
    "moves",
    "open_steps",
    "paths",
    "pay_of",
    "roles_of",
    "roles_on",
]

Openness: TypeAlias = Literal["open", "not_open", "unknown", "not_stated", "not_offered"]
"""Of one role: all prerequisites met; one not met; one unknown; the source says nothing of any;
the role is a plan or a wish and cannot be taken up yet."""

Change: TypeAlias = Literal["began", "paused", "resumed", "ended"]
"""What happens to one span of a role on one day."""

_STAFF: Final = ("professional", "key_worker", "manager", "job_coach", "project_staff")


@frozen(kw_only=True)
class HeldRole:
    """One span of a role, and its state on a day (:mod:`osallisuus.rules.states`)."""

    span: RoleSpan
    state: str


@frozen(kw_only=True)
class RoleStep:
    """One role of a programme as it stands for one person on one day.

    ``held`` are the person's spans of it that have begun, oldest first; paused and ended ones are
    among them. ``compensation`` is what is paid for it: none, not stated (``None``), or each pay
    with its modality.
    """

    role: Role
    requirements: tuple[Requirement, ...] = ()
    held: tuple[HeldRole, ...] = ()
    compensation: Listed[Compensation] = None

    @property
    def openness(self) -> Openness:
        """Whether the role is open. Holding, pausing or ending it changes nothing of that."""
        if self.role.modality != "is":
            return "not_offered"
        if self.role.prerequisites is None:
            return "not_stated"
        standings = {requirement.standing for requirement in self.requirements}
        if "not_met" in standings:
            return "not_open"
        return "unknown" if "unknown" in standings else "open"

    @property
    def state(self) -> str:
        """Active in any span, else paused in any, else as the last one ended, else not begun."""
        states = [one.state for one in self.held]
        current = [state for state in ("active", "paused") if state in states]
        return (current or states[-1:] or ["not_begun"])[0]


@frozen(kw_only=True)
class Move:
    """One change of one role on one day; ``ending`` where it ended, in neutral words."""

    day: date
    role: Code
    change: Change
    span: str
    ending: str | None = None


@frozen(kw_only=True)
class Path:
    """A way of roles that the programme names, and the person's moves in those roles by day.

    Moves go in any direction; where the person "stands" on the way is not a question (X3).
    """

    roles: tuple[Code, ...]
    moves: tuple[Move, ...]


@frozen(kw_only=True)
class RolesOnDay:
    """All roles of one person on a day, in the words of one programme.

    ``steps`` are the programme's roles, open or not, with what is held of them; ``elsewhere`` are
    the spans beyond it, oldest first; ``paths`` the ways that it names, as a view.
    """

    on: date
    steps: tuple[RoleStep, ...]
    elsewhere: tuple[HeldRole, ...]
    paths: tuple[Path, ...]


def roles_of(program: Program, facts: Iterable[Fact], *, person: str, on: date) -> RolesOnDay:
    """What :func:`open_steps`, :func:`roles_on` and :func:`paths` say of *person*, in one value."""
    known = tuple(facts)
    steps = open_steps(program, known, person=person, on=on)
    within = {one.span.id for step in steps for one in step.held}
    begun = roles_on(known, on=on, person=person)
    return RolesOnDay(
        on=on,
        steps=steps,
        elsewhere=tuple(one for one in begun if one.span.id not in within),
        paths=paths(program, known, person=person, on=on),
    )


def open_steps(
    program: Program, facts: Iterable[Fact], *, person: str, on: date
) -> tuple[RoleStep, ...]:
    """Every role of *program* as it stands for *person* on that day, in the programme's order.

    Of *facts* only those of the person are read, and the decisions that their role spans name.
    """
    rows = tables(facts)
    begun = _begun(rows, person, on)
    return tuple(
        RoleStep(
            role=role,
            requirements=tuple(
                requirement_of(one, rows, role=role.code, person=person, on=on)
                for one in each(role.prerequisites)
            ),
            held=tuple(
                one
                for one in begun
                if one.span.role == role.code and one.span.program in (program.name, None)
            ),
            compensation=pay_of(program, role.code),
        )
        for role in each(program.roles)
    )


def roles_on(facts: Iterable[Fact], *, on: date, person: str | None = None) -> tuple[HeldRole, ...]:
    """Every role that *person*, or anybody, has held by that day, in any programme (U8).

    Oldest first. Any number may be active at once (Q5), a pause has no reason, and ended ones
    stay: stepping back is a normal end.
    """
    return _begun(tables(facts), person, on)


def moves(facts: Iterable[Fact], *, person: str, on: date) -> tuple[Move, ...]:
    """What *person* did with their roles up to that day, by day: begun, paused, resumed, ended."""
    rows = tables(facts)
    found = [move for one in _begun(rows, person, on) for move in _moves(one.span, rows)]
    order: tuple[Change, ...] = ("ended", "began", "paused", "resumed")
    return tuple(
        sorted(
            (move for move in found if move.day <= on),
            key=lambda move: (move.day, order.index(move.change), move.role, move.span),
        )
    )


def paths(program: Program, facts: Iterable[Fact], *, person: str, on: date) -> tuple[Path, ...]:
    """The ways of roles that *program* names, each with the person's moves in its roles.

    Spans of other programmes count, since such a way leads through several. No way is stated, no
    view: nothing is made up for a programme that names none.
    """
    done = moves(facts, person=person, on=on)
    return tuple(
        Path(roles=way, moves=tuple(move for move in done if move.role in way))
        for way in each(program.role_paths)
    )


def pay_of(program: Program, role: str) -> Listed[Compensation]:
    """What *program* pays for a role: ``NONE``, ``None`` (not stated), or each pay it names.

    Each has its modality, since a pay may be a goal and no fact (K27). That nothing is paid is said
    of taking part (W30, Y33) and not of the work of staff (Y27).
    """
    if program.compensation is NONE and role in _STAFF:
        return None
    if program.compensation is None or isinstance(program.compensation, Absent):
        return program.compensation
    return tuple(pay for pay in program.compensation if pay.role == role) or None


def _begun(rows: Rows, person: str | None, on: date) -> tuple[HeldRole, ...]:
    spans: list[RoleSpan] = [
        span
        for span in rows.get("roles", ())
        if person in (None, span.person) and span.starts_on <= on
    ]
    spans.sort(key=lambda span: (span.starts_on, span.ends_on or date.max, span.id))
    pauses = grouped(rows, "pauses", "of")
    return tuple(HeldRole(span=span, state=role_state(span, on, pauses[span.id])) for span in spans)


def _moves(span: RoleSpan, rows: Rows) -> Iterator[Move]:
    yield Move(day=span.starts_on, role=span.role, change="began", span=span.id)
    last = span.ends_on or date.max
    for pause in pauses_of(rows, span.id):
        if span.starts_on <= pause.starts_on < last:
            yield Move(day=pause.starts_on, role=span.role, change="paused", span=span.id)
            # whoever ends a role while on a pause does not resume it first
            if pause.ends_on is not None and pause.ends_on < last:
                yield Move(day=pause.ends_on, role=span.role, change="resumed", span=span.id)
    if span.ends_on is not None:
        yield Move(
            day=span.ends_on, role=span.role, change="ended", span=span.id, ending=span.ending
        )
