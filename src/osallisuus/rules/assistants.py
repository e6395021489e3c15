"""Graduates who could help to facilitate a group, and the hours of those who do (W29, U7).

Completing makes the role possible; taking it up is one's own choice, and somebody decides it
(W5, Q2). The list has no order but that of the ids.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Final, Literal, TypeAlias

from osallisuus.errors import DefinitionError
from osallisuus.model.facts import Cost, Fact
from osallisuus.model.program import Program
from osallisuus.model.stated import Code, each
from osallisuus.rules.guidance import WorkingTime
from osallisuus.rules.progression import open_steps
from osallisuus.rules.tables import tables
from osallisuus.time import Period
from osallisuus.values import frozen

__all__ = ["Assistant", "Readiness", "assistants", "facilitation_hours"]

Readiness: TypeAlias = Literal["holds", "paused", "open", "unknown"]
"""Of the role: held now; on a pause; could be taken up; something that it presupposes is unknown."""

_TASK: Final = "assistant_facilitator"
_KINDS: Final = ("peer", "professional")


@frozen(kw_only=True)
class Assistant:
    """Somebody who completed the programme and holds, or could take up, the role of an assistant."""

    person: str
    role: Code
    readiness: Readiness
    completed_on: date


def assistants(program: Program, facts: Iterable[Fact], *, on: date) -> tuple[Assistant, ...]:
    """Who could be asked to assist on that day: graduates of *program*, by id.

    The role is the one that the programme's staffing names for the task ``assistant_facilitator``.
    Raises :class:`DefinitionError` where it names none: then nobody is to assist.
    """
    roles = [one.role for one in each(program.staffing) if one.task == _TASK]
    if not roles:
        raise DefinitionError(
            f"the programme has nobody with the task {_TASK}",
            where=f"program {program.name}",
            remedy="add it to its staffing, or ask about another programme",
        )
    rows = tables(facts)
    completed: dict[str, date] = {}
    for row in rows.get("enrollments", ()):
        done = row.program == program.name and row.ending == "completed"
        if done and row.ended_on is not None and row.ended_on <= on:
            completed[row.person] = max(row.ended_on, completed.get(row.person, row.ended_on))
    own: defaultdict[str | None, list[Fact]] = defaultdict(list)
    for fact in (fact for table in rows.values() for fact in table):
        own[getattr(fact, "person", None)].append(fact)
    found = []
    for person, day in sorted(completed.items()):
        for step in open_steps(program, [*own[None], *own[person]], person=person, on=on):
            readiness = _readiness(step.state, step.openness)
            if step.role.code in roles and readiness is not None:
                found.append(
                    Assistant(
                        person=person,
                        role=step.role.code,
                        readiness=readiness,
                        completed_on=day,
                    )
                )
    return tuple(found)


def _readiness(state: str, openness: str) -> Readiness | None:
    if state == "active":
        return "holds"
    if state == "paused":
        return "paused"
    if openness == "open":
        return "open"
    return "unknown" if openness == "unknown" else None


def facilitation_hours(
    facts: Iterable[Fact], *, group: str, period: Period
) -> tuple[WorkingTime, ...]:
    """The minutes of facilitating *group* in a period, for peers and for professionals.

    Both stand there in any case: ``None`` where no cost says how long, which is not 0 (W23). Other
    kinds of workers follow where they are recorded. The hours of all groups together are the
    metric ``staff_hours``.
    """
    minutes: dict[str, list[int | None]] = defaultdict(list)
    cost: Cost
    for cost in tables(facts).get("costs", ()):
        if cost.group == group and cost.head == "facilitation" and cost.happened_on in period:
            minutes[cost.worker_kind or ""].append(cost.minutes)
    kinds = [*_KINDS, *sorted(minutes.keys() - {*_KINDS})]
    return tuple(
        WorkingTime(
            head="facilitation",
            worker_kind=kind or None,
            minutes=None
            if None in minutes[kind] or not minutes[kind]
            else sum(one for one in minutes[kind] if one is not None),
        )
        for kind in kinds
    )
