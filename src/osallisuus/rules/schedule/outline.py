"""What sessions are about: the steps of a programme's outline, one session after the other (W18).

A day that is left out takes no step with it: the next session goes on where the last one ended. A
cancelled session keeps its step, since people have been told; the plan then says that the step has
no session, and a person decides.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from attrs import evolve

from osallisuus.model.offering import Step
from osallisuus.rules.schedule.planned import Plan, PlannedSession

__all__ = ["told_by", "with_outline"]


def with_outline(plan: Plan, outline: Iterable[Step]) -> Plan:
    """*plan* with what its sessions are about; the first step of *outline* is that of the first.

    Sessions that were held or cancelled keep what they have.
    """
    steps = tuple(outline)
    kept = {one.place for one in plan.sessions if one.status != "planned"}
    told = {one.place: one for one in told_by(steps, plan.sessions, kept)}
    sessions = tuple(told[one.place] for one in plan.sessions)
    return evolve(plan, outline=steps, sessions=sessions)


def told_by(
    outline: Sequence[Step], sessions: Iterable[PlannedSession], kept: Collection[int]
) -> list[PlannedSession]:
    """*sessions* by their places with their steps of *outline*, but for the places that are kept.

    Sessions beyond the outline are about nothing that is stated.
    """
    ordered = sorted(sessions, key=lambda one: one.place)
    told = [
        one if one.place in kept else evolve(one, title=step.title, theme=step.theme)
        for one, step in zip(ordered, outline, strict=False)
    ]
    return told + ordered[len(told) :]
