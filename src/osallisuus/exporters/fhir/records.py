"""Facts as FHIR: a folder of ``<Resource>.ndjson``, one resource a line, as bulk data leave.

A person is a Patient without a name, an enrolment an EpisodeOfCare with its pauses, a meeting group
a Group, an interview a QuestionnaireResponse; with them go the Questionnaire and PlanDefinition of
their programmes. What FHIR has no place for stays, and the manifest says so: a role that somebody
holds as an expert by experience is no care.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, ClassVar, Final

from osallisuus.exporters.clean import clean_values
from osallisuus.exporters.fhir.definitions import definitions, interview_of, questionnaire_url
from osallisuus.exporters.fhir.parts import (
    OWN,
    R4B,
    R5,
    Json,
    Release,
    concept,
    identified,
    resource_id,
    stated,
)
from osallisuus.model import facts as records
from osallisuus.model.facts import Answer, Enrollment, Group, Interview, Pause, Person
from osallisuus.model.leaving import API_VERSION, FactSource
from osallisuus.model.questionnaire import Item, Questionnaire

__all__ = ["FhirR4bFacts", "FhirR5Facts"]

_LABEL: Final = {
    "security": [
        {"system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": "R"}
    ]
}


class _FhirFacts:
    """Writes facts as FHIR resources; memory grows with enrolments and answers of interviews."""

    api_version: ClassVar[int] = API_VERSION
    suffix: ClassVar[str] = ""
    release: ClassVar[Release]

    def write(self, facts: FactSource, place: Path) -> None:
        """See :class:`osallisuus.model.leaving.FactExporter`."""
        place.mkdir(mode=0o700)
        made = _Records(facts, self.release)
        kinds = {
            "Patient": made.patients(),
            "Group": made.groups(),
            "EpisodeOfCare": made.episodes(),
            "QuestionnaireResponse": made.responses(),
            "Questionnaire": made.definitions("Questionnaire"),
            "PlanDefinition": made.definitions("PlanDefinition"),
        }
        for name, resources in kinds.items():
            first = next(resources, None)
            if first is None:
                continue
            with (place / f"{name}.ndjson").open("w", encoding="utf-8", newline="\n") as target:
                target.write(_line(first))
                target.writelines(map(_line, resources))


class FhirR4bFacts(_FhirFacts):
    """Writes facts as resources of FHIR R4B, one file for each type."""

    name: ClassVar[str] = "fhir-r4b"
    release: ClassVar[Release] = R4B


class FhirR5Facts(_FhirFacts):
    """Writes facts as resources of FHIR R5, one file for each type."""

    name: ClassVar[str] = "fhir-r5"
    release: ClassVar[Release] = R5


def _line(resource: Json) -> str:
    return json.dumps(clean_values(resource), ensure_ascii=False, separators=(",", ":")) + "\n"


class _Records:
    """The resources of one register."""

    def __init__(self, facts: FactSource, release: Release) -> None:
        self.facts, self.release = facts, release
        self.programs: set[str] = set()

    def patients(self) -> Iterator[Json]:
        """Everybody, by the pseudonym and nothing else."""
        for person in self.facts.rows(Person):
            yield identified("Patient", person.id, system="person") | {"meta": _LABEL}

    def groups(self) -> Iterator[Json]:
        """Groups, with those who took part and from when to when."""
        members: dict[str, list[Json]] = {}
        for one in self.facts.rows(Enrollment):
            if one.group is not None and one.started_on is not None:
                member = {
                    "entity": _patient(one.person),
                    "period": _period(one.started_on, one.ended_on),
                }
                members.setdefault(one.group, []).append(member)
        for group in self.facts.rows(Group):
            self.programs.add(group.program)
            kind: Json = {"actual": True} if not self.release.r5 else {"membership": "enumerated"}
            yield stated(
                **identified("Group", group.id, system="group"),
                meta=_LABEL,
                type="person",
                **kind,
                code=concept("group-kind", group.kind),
                member=members.get(group.id),
            )

    def episodes(self) -> Iterator[Json]:
        """Ways through a programme. What was offered and not taken is cancelled, a word of FHIR."""
        pauses: dict[str, list[Pause]] = {}
        for pause in self.facts.rows(Pause):
            pauses.setdefault(pause.of, []).append(pause)
        for one in self.facts.rows(Enrollment):
            self.programs.add(one.program)
            own = sorted(pauses.get(one.id, ()), key=lambda pause: pause.starts_on)
            paused = any(pause.ends_on is None for pause in own)
            history = [
                {"status": "onhold", "period": _period(pause.starts_on, pause.ends_on)}
                for pause in own
            ]
            yield stated(
                **identified("EpisodeOfCare", one.id, system="enrollment"),
                meta=_LABEL,
                status=_status(one, paused),
                statusHistory=history,
                type=[concept("program", one.program)],
                patient=_patient(one.person),
                period=_period(one.started_on, one.ended_on),
            )

    def responses(self) -> Iterator[Json]:
        """Interviews with their answers, in the order of their questionnaires."""
        answers: dict[str, list[Answer]] = {one.id: [] for one in self.facts.rows(Interview)}
        for answer in self.facts.rows(Answer):
            if answer.form in answers:
                answers[answer.form].append(answer)
        for interview in self.facts.rows(records.Interview):
            self.programs.add(interview.program)
            asked = interview_of(self.facts.program(interview.program))
            yield stated(
                **identified("QuestionnaireResponse", interview.id, system="interview")
                | (
                    {}
                    if self.release.r5
                    else {"identifier": {"system": f"{OWN}interview", "value": interview.id}}
                ),
                meta=_LABEL,
                questionnaire=questionnaire_url(interview.program),
                status="completed",
                subject=_patient(interview.person),
                authored=interview.happened_on.isoformat(),
                item=_items(answers[interview.id], asked),
            )

    def definitions(self, kind: str) -> Iterator[Json]:
        """Those of the installed programmes that the facts name."""
        for name in sorted(self.programs):
            program = self.facts.program(name)
            if program is not None:
                for one in definitions(program, self.release, self.facts.locale):
                    if one["resourceType"] == kind:
                        yield one


def _patient(person: str) -> Json:
    return {"reference": f"Patient/{resource_id(person)}"}


def _period(first: date | None, last: date | None) -> Json:
    """The days as they were recorded."""
    return stated(start=first and first.isoformat(), end=last and last.isoformat())


def _status(one: Enrollment, paused: bool) -> str:
    if one.ending == "declined" or (one.ended_on is not None and one.started_on is None):
        return "cancelled"
    if one.ended_on is not None:
        return "finished"
    if one.started_on is not None:
        return "onhold" if paused else "active"
    return "planned"


def _items(answers: list[Answer], asked: Questionnaire | None) -> list[Json]:
    given: dict[str, list[Json]] = {}
    for answer in answers:
        item = None if asked is None else asked.by_link.get(answer.item)
        value = _value(answer, item, asked)
        if value:
            given.setdefault(answer.item, []).append(value)
    if asked is None:
        return [{"linkId": link, "answer": values} for link, values in given.items()]
    known = _nested(asked.items, given)
    return known + [{"linkId": link, "answer": values} for link, values in given.items()]


def _nested(items: tuple[Item, ...], given: dict[str, list[Json]]) -> list[Json]:
    """The items that have an answer, within their groups; those are taken out of *given*."""
    made = []
    for item in items:
        one = stated(
            linkId=item.link_id,
            answer=given.pop(item.link_id, None),
            item=_nested(item.items, given),
        )
        if len(one) > 1:
            made.append(one)
    return made


def _value(answer: Answer, item: Item | None, asked: Questionnaire | None) -> Json:
    kind = "" if item is None else item.type
    if answer.note is not None:
        return {"valueString": answer.note}
    if answer.number is not None:
        whole = kind == "integer" and answer.number.is_integer()
        return {"valueInteger": int(answer.number)} if whole else {"valueDecimal": answer.number}
    code = answer.code
    if code is None:
        return {}
    if kind == "boolean" and code in ("yes", "no"):
        return {"valueBoolean": code == "yes"}
    if kind == "date" and len(code) == len("20180131"):
        return {"valueDate": f"{code[:4]}-{code[4:6]}-{code[6:]}"}
    of = "" if asked is None else f":{asked.name}"
    coding: dict[str, Any] = {"system": f"{OWN}answer{of}:{answer.item}", "code": code}
    return {"valueCoding": coding}
