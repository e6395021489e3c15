"""Criteria as conditions on answers: for whom a programme is, and what it does not ask.

A condition is ``Answered`` or ``Elapsed``, or conditions joined by ``AllOf``, ``AnyOf`` and
``Not``. Conditions are data: whether one is met, not met or **unknown** is decided by
:mod:`osallisuus.rules.eligibility`, because an unanswered question is not a "no" (Q2).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import ClassVar, Literal, TypeAlias

from osallisuus.errors import DefinitionError, Problem, did_you_mean
from osallisuus.model.cadence import Unit
from osallisuus.model.questionnaire import (
    ORDERED,
    AnswerValue,
    Item,
    Operator,
    Questionnaire,
    comparison_problems,
)
from osallisuus.model.stated import Code, Modality, Span, Text
from osallisuus.values import frozen

__all__ = [
    "AllOf",
    "Answered",
    "AnyOf",
    "Condition",
    "Criterion",
    "Elapsed",
    "NonCriterion",
    "Not",
    "TargetGroup",
    "criterion_problems",
    "questions_of",
]

_LONGEST = 1_000
"""Of any unit: more than the years of a life, and no calendar runs out of days."""


@frozen(kw_only=True)
class Answered:
    """The answer to ``question`` compares so with ``answer``; ``exists`` compares with a bool."""

    kind: ClassVar[Literal["answered"]] = "answered"
    question: Code
    operator: Operator = "="
    answer: AnswerValue

    def __attrs_post_init__(self) -> None:
        if self.operator == "exists" and not isinstance(self.answer, bool):
            raise DefinitionError("exists compares with true or false", where="answer")
        if self.operator in ORDERED and isinstance(self.answer, bool):
            raise DefinitionError("yes and no have no order", where="operator")


@frozen(kw_only=True)
class Elapsed:
    """So much time has passed since the day that answers ``question``: an age, or time in care.

    ``at_least`` 18 years holds from the eighteenth birthday on, ``less_than`` 30 years up to the
    day before the thirtieth; months and years go by the calendar.
    """

    kind: ClassVar[Literal["elapsed"]] = "elapsed"
    question: Code
    unit: Unit
    at_least: int | None = None
    less_than: int | None = None

    def __attrs_post_init__(self) -> None:
        low, high = self.at_least, self.less_than
        if low is None and high is None:
            raise DefinitionError("no length of time", remedy="give at_least, less_than or both")
        if any(one is not None and not 0 <= one <= _LONGEST for one in (low, high)):
            raise DefinitionError("no such length of time", remedy=f"give 0 to {_LONGEST}")
        if low is not None and high is not None and high <= low:
            raise DefinitionError("no day could meet this", where="less_than", remedy="swap them")


@frozen
class AllOf:
    """Met when each is met, not met when one is not, else unknown."""

    kind: ClassVar[Literal["all"]] = "all"
    of: tuple[Condition, ...]


@frozen
class AnyOf:
    """Met when one is met, not met when none is, else unknown."""

    kind: ClassVar[Literal["any"]] = "any"
    of: tuple[Condition, ...]


@frozen
class Not:
    """Met when the other is not met; unknown stays unknown."""

    kind: ClassVar[Literal["not"]] = "not"
    of: Condition


Condition: TypeAlias = Answered | Elapsed | AllOf | AnyOf | Not


def questions_of(condition: Condition) -> tuple[str, ...]:
    """The ``link_id`` of every question that decides, in the order of reading, each once."""
    if isinstance(condition, Answered | Elapsed):
        return (condition.question,)
    parts = (condition.of,) if isinstance(condition, Not) else condition.of
    return tuple(dict.fromkeys(question for part in parts for question in questions_of(part)))


@frozen(kw_only=True)
class Criterion:
    """Something that a programme asks of those who take part, for as long as it does so.

    ``condition`` is ``None`` where the source states a criterion only in words; then a human judges
    it. A former criterion has the modality ``was`` (W25).
    """

    code: Code
    text: Text
    condition: Condition | None = None
    modality: Modality = "is"
    during: Span | None = None


@frozen(kw_only=True)
class NonCriterion:
    """Something that a programme expressly does not ask, such as abstinence (W13, X11)."""

    code: Code
    text: Text


@frozen(kw_only=True)
class TargetGroup:
    """For whom a programme is: what it asks and what it expressly does not ask.

    To ask for something that is listed as not asked is an error (Q3), by its code as well as by a
    question of that name. A former criterion may stand, since it tells the history.
    """

    text: Text
    criteria: tuple[Criterion, ...] = ()
    non_criteria: tuple[NonCriterion, ...] = ()
    self_described: tuple[Code, ...] = ()
    """Traits that a person may name themselves, for strata only, never to exclude (W22, Y3)."""
    specific_to: Code | None = None
    ground: Text | None = None
    """Why the programme is for one group only (V14)."""

    def __attrs_post_init__(self) -> None:
        free = {each.code for each in self.non_criteria}
        problems = [
            Problem(
                f"{code!r} is expressly not asked by this programme",
                f"criteria[{place}]",
                "take the criterion away, or take it out of non_criteria in a new version",
            )
            for place, criterion in enumerate(self.criteria)
            if criterion.modality != "was"
            for code in _asks(criterion)
            if code in free
        ]
        if problems:
            raise DefinitionError(problems)


def _asks(criterion: Criterion) -> tuple[str, ...]:
    asked = questions_of(criterion.condition) if criterion.condition is not None else ()
    return tuple(dict.fromkeys((criterion.code, *asked)))


def criterion_problems(
    criteria: Iterable[Criterion], questionnaire: Questionnaire
) -> Iterator[Problem]:
    """What keeps *criteria* from being judged by that questionnaire, by the code of each.

    A former criterion whose end is not dated is in force on no day, so nobody has to answer it.
    """
    for criterion in criteria:
        bygone = criterion.modality == "was" and not (criterion.during and criterion.during.last)
        if criterion.condition is not None and not bygone:
            where = f"criteria.{criterion.code}"
            yield from _condition_problems(criterion.condition, where, questionnaire.by_link)


def _condition_problems(
    condition: Condition, where: str, known: Mapping[str, Item]
) -> Iterator[Problem]:
    if isinstance(condition, AllOf | AnyOf):
        for part in condition.of:
            yield from _condition_problems(part, where, known)
    elif isinstance(condition, Not):
        yield from _condition_problems(condition.of, where, known)
    elif condition.question not in known:
        remedy = did_you_mean(condition.question, known)
        yield Problem("the questionnaire does not ask this question", where, remedy)
    elif isinstance(condition, Answered):
        item = known[condition.question]
        yield from comparison_problems(item, condition.operator, condition.answer, where)
    elif known[condition.question].type != "date":
        yield Problem("time passes since a day only", where, "ask for a date")
