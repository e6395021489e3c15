"""Findings on the way into a programme: what it promises to those who come, and who decided.

Each rule holds facts against one programme's own definition. Findings say where to look and never
which criterion or answer it is about: that would be an answer of somebody's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Final, TypeAlias

from osallisuus.errors import ImportProblem
from osallisuus.model.facts import Consent, Enrollment
from osallisuus.model.facts import Interview as InterviewFact
from osallisuus.model.offering import BeforeStart, Interview
from osallisuus.model.program import Program
from osallisuus.model.questionnaire import Questionnaire
from osallisuus.model.stated import each
from osallisuus.rules.answers import Response, read_response
from osallisuus.rules.eligibility import assess
from osallisuus.rules.finding import Finding, PlaceOf, Rows
from osallisuus.rules.interviews import interview_that_counts

__all__ = ["PROGRAM_RULES", "VOLUNTARY"]

VOLUNTARY: Final = "voluntary_participation"
"""The purpose of a consent which says that a person, where people are not free to leave, knows what
they come to, may refuse, and that refusing changes nothing in care or sentence (V24, Q20)."""

_Rule: TypeAlias = Callable[[Program, Rows, PlaceOf], Iterator[Finding]]


def _questionnaire(program: Program) -> Questionnaire | None:
    interview = program.interview
    return interview.questionnaire if isinstance(interview, Interview) else None


def _responses(
    program: Program, rows: Rows
) -> Iterator[tuple[int, InterviewFact, Response | ImportProblem]]:
    """Each interview of the programme that has answers, with them or with what is wrong in them."""
    questionnaire = _questionnaire(program)
    if questionnaire is None:
        return
    answers = defaultdict(list)
    for answer in rows.get("answers", ()):
        answers[answer.form].append(answer)
    for index, row in enumerate(rows.get("interviews", ())):
        if row.program != program.name or row.id not in answers:
            continue
        response: Response | ImportProblem
        try:
            response = read_response(questionnaire, row.id, answers[row.id])
        except ImportProblem as error:
            response = error
        yield index, row, response


def _answers(program: Program, rows: Rows, place: PlaceOf) -> Iterator[Finding]:
    """An interview's answers are such as its questionnaire offers, to what it asked."""
    for index, _, response in _responses(program, rows):
        at = place("interviews", index)
        if isinstance(response, ImportProblem):
            for problem in response.problems:
                yield Finding(
                    "answer_not_offered",
                    "an answer that the questionnaire of the interview does not offer",
                    f"{at}, {_of_answer(problem.where)}",
                    problem.remedy,
                )
            continue
        for link_id in response.not_asked:
            yield Finding(
                "answer_not_asked",
                "an answer to a question that was not asked; it does not count",
                f"{at}, item {link_id}",
                "take it away, or correct the answer that hides the question",
            )


def _of_answer(where: str) -> str:
    """An answer to no item of the questionnaire is named by its own id, any other by its item."""
    return where if where.startswith("answers[") else f"item {where}"


def _place_decided(program: Program, rows: Rows, place: PlaceOf) -> Iterator[Finding]:
    """Where a criterion is not met, a place is somebody's decision (Q1, Q2).

    A human may always decide so; what deserves a look is that nobody did.
    """
    if program.target is None:
        return
    responses = {
        row.id: response
        for _, row, response in _responses(program, rows)
        if isinstance(response, Response)
    }
    if not responses:
        return
    for index, row in enumerate(rows.get("enrollments", ())):
        given = row.offered_on or row.started_on
        if row.program != program.name or given is None:
            continue
        interview = interview_that_counts(rows["interviews"], row, by=given)
        if interview is None or interview.outcome == "place" or interview.id not in responses:
            continue
        found = assess(program.target, responses[interview.id], on=given)
        if any(one.standing == "not_met" for one in found):
            yield Finding(
                "place_not_decided",
                "a place was given though a criterion is not met, and no interview decided it",
                f"{place('enrollments', index)}.{'offered_on' if row.offered_on else 'started_on'}",
                "record the decision as an interview with its outcome, or correct the day",
            )


def _informed(program: Program, rows: Rows, place: PlaceOf) -> Iterator[Finding]:
    """Who starts has been told what they come to, where the programme says so (V6)."""
    before = program.before_start
    if not isinstance(before, BeforeStart) or before.informs_of is None:
        return
    for index, row in enumerate(rows.get("enrollments", ())):
        if row.program == program.name and row.started_on is not None and row.informed_on is None:
            yield Finding(
                "not_informed",
                "started without being told beforehand what the group is, as the programme has it",
                f"{place('enrollments', index)}.informed_on",
                "record the day, or tell the person now",
            )


def _voluntary(program: Program, rows: Rows, place: PlaceOf) -> Iterator[Finding]:
    """Where people are not free to leave, taking part is recorded as voluntary (V24, Q20).

    One finding for each group. Why somebody refuses is nowhere recorded.
    """
    restricted = {
        name for one in each(program.settings) if one.restricted for name in (one.code, one.kind)
    }
    if not restricted or "consents" not in rows:
        return
    consents = [row for row in rows["consents"] if row.purpose == VOLUNTARY]
    started: dict[str, list[Enrollment]] = defaultdict(list)
    for row in rows.get("enrollments", ()):
        if row.program == program.name and row.started_on is not None and row.group is not None:
            started[row.group].append(row)
    for index, group in enumerate(rows.get("groups", ())):
        if group.program != program.name or group.setting not in restricted:
            continue
        missing = sum(not _consented(consents, row) for row in started[group.id])
        if missing:
            people = "somebody" if missing == 1 else f"{missing} people"
            yield Finding(
                "not_voluntary_on_record",
                f"{people} started where people are not free to leave, without a record that they"
                " know what they come to and may refuse",
                place("groups", index),
                f"talk it through and record a consent for {VOLUNTARY}",
            )


def _consented(consents: list[Consent], enrollment: Enrollment) -> bool:
    started = enrollment.started_on
    return started is not None and any(
        one.person == enrollment.person
        and one.given_on <= started
        and (one.withdrawn_on is None or one.withdrawn_on > started)
        for one in consents
    )


PROGRAM_RULES: Final[tuple[_Rule, ...]] = (_answers, _place_decided, _informed, _voluntary)
"""Findings against a programme's definition, for :mod:`osallisuus.rules.keeping`."""
