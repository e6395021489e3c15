"""What can be asked of the facts of an example: each question gives rows, cells by column."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

import osallisuus as osa
from osallisuus.model.program import Program
from osallisuus.model.questionnaire import Item, Questionnaire
from osallisuus.model.stated import Text, each
from osallisuus.rules import development, guidance, progression
from osallisuus.rules.answers import respond
from osallisuus.rules.community import community_on, own_course
from osallisuus.rules.eligibility import assess
from osallisuus.rules.reporting import due_reports
from osallisuus.rules.schedule.days import day_of
from osallisuus.rules.schedule.planned import Plan
from osallisuus.rules.schedule.program import plan_program
from osallisuus.rules.schedule.timetable import Timetable
from osallisuus.rules.states import membership_state
from osallisuus.time import Period
from tests.spec.tables import blocks, facts_of, register_of

Row = Mapping[str, object]
Example = Mapping[str, Any]
"""``shows`` requirement ids, ``promise`` and ``why`` in words, ``ask`` one of QUESTIONS, the
``facts``, and the ``outcome``; where the question needs them ``on`` a day and ``of`` whom or what."""


def _facts(program: Program, example: Example) -> list[osa.Fact]:
    return facts_of(example["facts"], program.name)


def _check(program: Program, example: Example) -> Iterable[Row]:
    register = register_of(example["facts"], program.name)
    for finding in register.check(on=example["on"]):
        place = finding.where.partition("[")[2].partition("]")[0].replace(" ", "_")
        yield {"finding": finding.code, "severity": finding.severity, "where": place}


def _criteria(program: Program, example: Example) -> Iterable[Row]:
    """The first block holds answers to the questions that the criteria of the models ask."""
    ((_, lines),) = blocks(example["facts"])
    said = {"yes": True, "no": False, "-": None}
    given = {line["question"]: said.get(line["answer"], line["answer"]) for line in lines}
    for found in assess(program.target, respond(_FORM, given), on=example["on"]):
        yield {
            "criterion": found.code,
            "standing": found.standing,
            "still_to_ask": found.missing,
            "judged_by": "a_human" if found.judged_by_human else None,
        }


_FORM = Questionnaire(
    name="form",
    version="1",
    title=Text(en="A form"),
    items=(
        Item(link_id="gender", text=Text(en="How do you describe your gender?"), type="string"),
        Item(link_id="ost_client", text=Text(en="Are you in care here?"), type="boolean"),
    ),
)


def _steps(program: Program, example: Example) -> Iterable[Row]:
    facts = _facts(program, example)
    for step in progression.open_steps(program, facts, person=example["of"], on=example["on"]):
        yield {
            "role": step.role.code,
            "openness": step.openness,
            "state": step.state,
            "prerequisites": tuple(f"{one.prerequisite}" for one in step.requirements),
            "standing": tuple(one.standing for one in step.requirements),
        }


def _roles(program: Program, example: Example) -> Iterable[Row]:
    facts = _facts(program, example)
    for held in progression.roles_on(facts, on=example["on"], person=example["of"]):
        yield {"role": held.span.role, "state": held.state}


def _way(program: Program, example: Example) -> Iterable[Row]:
    facts = _facts(program, example)
    for way in progression.paths(program, facts, person=example["of"], on=example["on"]):
        for move in way.moves:
            yield {"day": move.day, "role": move.role, "change": move.change}


def _pay(program: Program, example: Example) -> Iterable[Row]:
    for _, lines in blocks(example["facts"]):
        for line in lines:
            pay = progression.pay_of(program, line["role"])
            if pay is None or not each(pay):
                yield line | {"pay": "not_stated" if pay is None else "none", "modality": None}
            for one in each(pay):
                yield line | {"pay": one.kind, "modality": one.modality}


def _plan(program: Program, example: Example) -> Iterable[Row]:
    for number, session in enumerate(_planned(program, example).sessions, 1):
        yield {"session": number, "day": session.day, "minutes": session.minutes}


def _numbers(program: Program, example: Example) -> Iterable[Row]:
    plan = _planned(program, example)
    low, high = plan.promised or (None, None)
    yield {"at_least": low, "at_most": high, "planned": len(plan.sessions) - plan.left_over}


def _planned(program: Program, example: Example) -> Plan:
    ((_, (line,)),) = blocks(example["facts"])
    days = tuple(map(day_of, filter(None, line.get("weekdays", "").split(","))))
    return plan_program(program, date.fromisoformat(line["starts_on"]), Timetable(on=days))


def _talks(program: Program, example: Example) -> Iterable[Row]:
    for case in guidance.cases_on(program, _facts(program, example), on=example["on"]):
        for talk in case.talks:
            yield {
                "case": case.case.id,
                "state": case.state,
                "talk": talk.point,
                "standing": talk.standing,
                "held_on": talk.held_on,
            }


def _cases(program: Program, example: Example) -> Iterable[Row]:
    for case in guidance.cases_on(program, _facts(program, example), on=example["on"]):
        yield {"case": case.case.id, "state": case.state, "days_left": case.days_left}


def _hours(program: Program, example: Example) -> Iterable[Row]:
    period = Period.parse(example["of"])
    for one in guidance.working_time(program, _facts(program, example), period=period):
        yield {"head": one.head, "worker_kind": one.worker_kind, "minutes": one.minutes}


def _members(program: Program, example: Example) -> Iterable[Row]:
    facts = _facts(program, example)
    found = community_on(program, facts, group=example["of"], on=example["on"])
    for mode, count in found.modes:
        yield {"mode": mode, "members": count}


def _memberships(program: Program, example: Example) -> Iterable[Row]:
    for one in _facts(program, example):
        if isinstance(one, osa.Membership):
            yield {"person": one.person, "state": membership_state(one, example["on"])}


def _rules(program: Program, example: Example) -> Iterable[Row]:
    facts = _facts(program, example)
    found = community_on(program, facts, group=example["of"], on=example["on"])
    for what, settled in (("rule", found.rules), ("area", found.areas)):
        for one in settled:
            yield {
                "what": what,
                "name": one.name,
                "decision": one.decision.id,
                "earlier": tuple(former.id for former in one.earlier),
                "held_by": tuple(span.person for span in one.holders),
            }


def _course(program: Program, example: Example) -> Iterable[Row]:
    group, instrument, scale = example["of"].split()
    facts = _facts(program, example)
    found = own_course(facts, group=group, instrument=instrument, scale=scale, on=example["on"])
    yield {
        "community": group,
        "beginning": found.values[0][1],
        "now": found.values[-1][1],
        "shift": found.shift,
    }


def _reports(program: Program, example: Example) -> Iterable[Row]:
    facts = _facts(program, example)
    seen = [one for one in facts if isinstance(one, osa.Observation)]
    since = date.fromisoformat(example["of"])
    for one in due_reports(program, seen, since=since, on=example["on"]):
        yield {
            "report": one.duty.code,
            "on_period": one.period,
            "due_on": one.due_on,
            "sent_on": one.sent_on,
        }


def _ideas(program: Program, example: Example) -> Iterable[Row]:
    for one in development.ideas_on(_facts(program, example), on=example["on"]):
        yield {
            "idea": one.idea.id,
            "credit": one.credit,
            "state": one.state,
            "answer_owed": "yes" if one.owed else "no",
        }


def _taught(program: Program, example: Example) -> Iterable[Row]:
    for one in development.staff_taught(program, _facts(program, example), on=example["on"]):
        yield {
            "training": one.training.code,
            "sessions": one.sessions,
            "seats": one.seats,
            "people": one.people,
            "taught_by": one.by,
        }


def _sides(program: Program, example: Example) -> Iterable[Row]:
    facts = _facts(program, example)
    for one in development.from_both_sides(
        program, facts, instrument=example["of"], on=example["on"]
    ):
        for side, level in one.levels:
            yield {
                "rated_on": one.on,
                "side": side,
                "level": level,
                "agree": "yes" if one.agree else "no",
            }


def _workshops(program: Program, example: Example) -> Iterable[Row]:
    found = development.workshops_held(program, _facts(program, example), on=example["on"])
    yield {"named": found.stated, "held": found.held, "planned": found.planned}


QUESTIONS: Mapping[str, Callable[[Program, Example], Iterable[Row]]] = {
    "check": _check,
    "criteria": _criteria,
    "steps": _steps,
    "roles": _roles,
    "way": _way,
    "pay": _pay,
    "plan": _plan,
    "numbers": _numbers,
    "talks": _talks,
    "cases": _cases,
    "hours": _hours,
    "members": _members,
    "memberships": _memberships,
    "rules": _rules,
    "course": _course,
    "reports": _reports,
    "ideas": _ideas,
    "taught": _taught,
    "sides": _sides,
    "workshops": _workshops,
}
"""What can be asked, besides metrics, which is ``measure``."""
