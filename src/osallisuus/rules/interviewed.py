"""Eligibility of one person on a day: how criteria stand, and apart from it what a human decided.

The answers that count are those of the interview that counts: the latest by that day
(:mod:`osallisuus.rules.interviews`). The decision is the interview's outcome with whoever decided
it, and stands beside the criteria: neither follows from the other (Q2).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from attrs import field

from osallisuus.errors import DefinitionError
from osallisuus.model.facts import Fact, Interview
from osallisuus.model.offering import Interview as OfferedInterview
from osallisuus.model.program import Program
from osallisuus.model.stated import Text
from osallisuus.rules.answers import Response, read_response, respond
from osallisuus.rules.eligibility import Eligibility, assess
from osallisuus.rules.tables import tables
from osallisuus.values import frozen

__all__ = ["EligibilityOnDay", "eligibility_on"]


@frozen(kw_only=True)
class EligibilityOnDay:
    """What code can say of one person's criteria on a day, and the human decisions by then.

    ``eligibility`` is ``None`` where the programme states no criteria. ``interviews`` are oldest
    first; each is a decision with its outcome and ``decided_by``.
    """

    program: str
    title: Text
    """What the programme is called."""
    on: date
    eligibility: Eligibility | None = field(repr=False)
    interviews: tuple[Interview, ...] = field(default=(), repr=False)

    @property
    def decision(self) -> Interview | None:
        """The interview that counts, the latest; ``None`` where nobody has decided yet."""
        return self.interviews[-1] if self.interviews else None


def eligibility_on(
    program: Program, facts: Iterable[Fact], *, of: str, on: date
) -> EligibilityOnDay:
    """How the criteria of *program* stand on that day for *of*: the id of a person or an interview.

    Of an interview, its own answers and decision; of a person, those of the latest one by that day.
    Raises :class:`DefinitionError` where the interview is of another programme or a later day, and
    :class:`ImportProblem` where its answers are such as its questionnaire does not offer.
    """
    rows = tables(facts)
    interviews: list[Interview] = list(rows.get("interviews", ()))
    named = [one for one in interviews if one.id == of]
    for one in named:
        _refuse_other(one, program, on)
    held = named or [
        one
        for one in interviews
        if (one.person, one.program) == (of, program.name) and one.happened_on <= on
    ]
    held.sort(key=lambda one: (one.happened_on, one.id))
    eligibility = None
    if program.target is not None:
        response = _response(program, held[-1] if held else None, rows.get("answers", ()))
        eligibility = assess(program.target, response, on=on)
    return EligibilityOnDay(
        program=program.name,
        title=program.title,
        on=on,
        eligibility=eligibility,
        interviews=tuple(held),
    )


def _refuse_other(interview: Interview, program: Program, on: date) -> None:
    if interview.program != program.name:
        raise DefinitionError(
            "this interview is not of this programme",
            where=f"program={program.name}",
            remedy="name the programme of the interview",
        )
    if interview.happened_on > on:
        raise DefinitionError(
            "the interview is after this day", where="on", remedy="name its day or a later one"
        )


def _response(
    program: Program, interview: Interview | None, answers: Iterable[Any]
) -> Response | None:
    """What was answered; ``None`` where the programme does not state what its interview asks."""
    offered = program.interview
    questionnaire = offered.questionnaire if isinstance(offered, OfferedInterview) else None
    if questionnaire is None:
        return None
    if interview is None:
        return respond(questionnaire, {})
    return read_response(questionnaire, interview.id, answers)
