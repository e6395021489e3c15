"""Programmes as FHIR: the interview as a Questionnaire, the ways through it as a PlanDefinition.

What the source of a programme leaves open is not there, and nothing is filled in.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from osallisuus.exporters.fhir.parts import OWN, Json, Release, concept, resource_id, stated
from osallisuus.model.cadence import Cadence, Every, Exactly, Rate
from osallisuus.model.offering import BeforeStart, Interview, SessionPlan
from osallisuus.model.program import Program
from osallisuus.model.questionnaire import EnableWhen, Item, Questionnaire
from osallisuus.model.stated import Locale, each

__all__ = ["definitions", "interview_of", "questionnaire_url"]

_ANSWERS: Final = {
    "boolean": "Boolean",
    "integer": "Integer",
    "decimal": "Decimal",
    "date": "Date",
    "string": "String",
    "choice": "Coding",
}


def definitions(program: Program, release: Release, locale: Locale) -> Iterator[Json]:
    """The Questionnaire of the interview, where it is stated, and the PlanDefinition."""
    questionnaire = interview_of(program)
    if questionnaire is not None:
        yield _questionnaire(program, questionnaire, release, locale)
    yield _plan(program, questionnaire, release, locale)


def interview_of(program: Program | None) -> Questionnaire | None:
    """What is asked in the initial interview; ``None`` where no source says."""
    interview = None if program is None else program.interview
    return interview.questionnaire if isinstance(interview, Interview) else None


def questionnaire_url(program: str) -> str:
    """The canonical name of the interview of the programme of that name."""
    return f"{OWN}interview:{program}"


def _questionnaire(
    program: Program, questionnaire: Questionnaire, release: Release, locale: Locale
) -> Json:
    return stated(
        resourceType="Questionnaire",
        id=resource_id(f"interview.{program.name}"),
        url=questionnaire_url(program.name),
        version=questionnaire.version,
        name=questionnaire.name,
        title=questionnaire.title.label(locale),
        status="active",
        item=[_item(one, questionnaire, release, locale) for one in questionnaire.items],
    )


def _item(item: Item, questionnaire: Questionnaire, release: Release, locale: Locale) -> Json:
    conditions = [_condition(one, questionnaire) for one in item.enable_when]
    options = [
        {
            "valueCoding": {
                "system": f"{OWN}answer:{questionnaire.name}:{item.link_id}",
                "code": option.code,
                "display": option.label.label(locale),
            }
        }
        for option in item.options
    ]
    asked = item.type not in ("group", "display")
    return stated(
        linkId=item.link_id,
        text=item.text.label(locale),
        **_kind(item, release),
        enableWhen=conditions,
        enableBehavior=("all" if item.enable_all else "any") if len(conditions) > 1 else None,
        required=item.required if asked else None,
        repeats=item.repeats if asked else None,
        answerOption=options,
        item=[_item(one, questionnaire, release, locale) for one in item.items],
    )


def _kind(item: Item, release: Release) -> Json:
    if item.type != "choice":
        return {"type": item.type}
    if release.r5:
        return {
            "type": "coding",
            "answerConstraint": "optionsOrString" if item.open else "optionsOnly",
        }
    return {"type": "open-choice" if item.open else "choice"}


def _condition(condition: EnableWhen, questionnaire: Questionnaire) -> Json:
    asked = questionnaire.item(condition.question)
    kind = "Boolean" if condition.operator == "exists" else _ANSWERS[asked.type]
    answer: Any = condition.answer
    if kind == "Coding":
        system = f"{OWN}answer:{questionnaire.name}:{asked.link_id}"
        answer = {"system": system, "code": answer}
    return {
        "question": condition.question,
        "operator": condition.operator,
        f"answer{kind}": answer,
    }


def _plan(
    program: Program, questionnaire: Questionnaire | None, release: Release, locale: Locale
) -> Json:
    actions = list(_actions(program, questionnaire, locale))
    if not release.r5:  # a list in R4B, one concept in R5
        actions = [one | {"code": [one["code"]]} for one in actions]
    return stated(
        resourceType="PlanDefinition",
        id=resource_id(f"plan.{program.name}"),
        url=f"{OWN}program:{program.name}",
        version=program.version,
        name=program.name,
        title=program.label(locale),
        type=concept(
            "http://terminology.hl7.org/CodeSystem/plan-definition-type", "workflow-definition"
        ),
        status="active",
        description=program.summary.label(locale) if program.summary else None,
        action=actions,
    )


def _actions(
    program: Program, questionnaire: Questionnaire | None, locale: Locale
) -> Iterator[Json]:
    """What happens, in the order in which people come to it."""
    if isinstance(program.interview, Interview):
        purpose = program.interview.purpose.label(locale)
        yield stated(
            id="interview",
            code=_code("interview"),
            description=purpose,
            definitionCanonical=None if questionnaire is None else questionnaire_url(program.name),
        )
    before = program.before_start
    if isinstance(before, BeforeStart):
        informs = before.informs_of
        yield stated(
            id="before-start",
            code=_code("before_start"),
            description=informs.label(locale) if informs else None,
            timingTiming=_timing(before.contact_cadence),
        )
    if isinstance(program.sessions, SessionPlan):
        yield stated(
            id="sessions", code=_code("sessions"), timingTiming=_timing(program.sessions.cadence)
        )
    for review in each(program.reviews):
        yield stated(
            id=f"review-{review.point}",
            code=_code(f"review.{review.point}"),
            title=review.label.label(locale),
        )
    for meeting in each(program.meetings):
        yield stated(
            id=resource_id(f"meeting-{meeting.code}".replace("_", "-")),
            code=_code(f"meeting.{meeting.code}"),
            title=meeting.label.label(locale),
            timingTiming=_timing(meeting.cadence),
        )


def _code(code: str) -> Json:
    return concept("action", code)


def _timing(cadence: Cadence | None) -> Json | None:
    """A cadence as FHIR says it; "as needed" has no timing there."""
    units = {"day": "d", "week": "wk", "month": "mo", "year": "a"}
    match cadence:
        case Exactly():
            repeat = {
                "count": cadence.count,
                **(
                    {"duration": cadence.duration, "durationUnit": "min"}
                    if cadence.duration
                    else {}
                ),
                "frequency": 1,
                "period": 1,
                "periodUnit": units[cadence.every],
            }
        case Rate():
            most = {"frequencyMax": cadence.max} if cadence.max > cadence.min else {}
            repeat = {
                "frequency": cadence.min,
                **most,
                "period": 1,
                "periodUnit": units[cadence.per],
            }
        case Every():
            most = {"periodMax": cadence.max} if cadence.max > cadence.min else {}
            repeat = {
                "frequency": 1,
                "period": cadence.min,
                **most,
                "periodUnit": units[cadence.unit],
            }
        case _:
            return None
    return {"repeat": repeat}
