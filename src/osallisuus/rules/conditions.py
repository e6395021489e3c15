"""Comparing answers: what a rule or a criterion asks of the answers to one question.

A question may have several answers (an item that repeats). One of them is enough for ``=`` and for
an order; ``!=`` wants that none of them is equal. Without an answer nothing but "does not exist"
holds. Days are compared with ISO days.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, Final, TypeAlias

from osallisuus.model.cadence import Unit, step
from osallisuus.model.criteria import Answered, Elapsed
from osallisuus.model.questionnaire import AnswerValue, Operator

__all__ = ["INVERSE", "Meets", "Values", "comparison", "days_of", "holds"]

Values: TypeAlias = tuple[Any, ...]
"""All answers to one question: yes or no, numbers, days, codes of options, or texts."""

Meets: TypeAlias = Callable[[Values], bool]

INVERSE: Final[dict[Operator, Operator]] = {
    "=": "!=",
    "!=": "=",
    ">": "<=",
    "<=": ">",
    "<": ">=",
    ">=": "<",
}
"""The operator that holds of one answer when the other does not."""


def comparison(operator: Operator, answer: AnswerValue, *, of_day: bool) -> Meets:
    """A function that tells whether answers, of which there is at least one, compare so.

    *of_day*: the answers are days, and *answer* is an ISO day.
    """
    wanted: Any = answer
    if operator == "exists":
        return lambda values: bool(wanted)
    if of_day:
        wanted = date.fromisoformat(str(answer))
    tests: dict[Operator, Meets] = {
        "=": lambda values: wanted in values,
        "!=": lambda values: wanted not in values,
        ">": lambda values: max(values) > wanted,
        ">=": lambda values: max(values) >= wanted,
        "<": lambda values: min(values) < wanted,
        "<=": lambda values: min(values) <= wanted,
    }
    return tests[operator]


def holds(values: Values, operator: Operator, answer: AnswerValue, *, of_day: bool) -> bool:
    """Whether *values*, which may be none, compare so."""
    if not values:
        return operator == "exists" and answer is False
    return comparison(operator, answer, of_day=of_day)(values)


def days_of(condition: Elapsed, on: date) -> tuple[Answered, ...]:
    """What a condition on elapsed time asks, on one day, of the day that was answered.

    >>> adult = Elapsed(question="born_on", unit="year", at_least=18)
    >>> days_of(adult, date(2026, 2, 28))[0].answer
    '2008-02-29'
    """
    found = []
    if condition.at_least is not None:
        last = _latest_start(on, condition.at_least, condition.unit)
        found.append(_answered(condition, "<=", last))
    if condition.less_than is not None:
        last = _latest_start(on, condition.less_than, condition.unit)
        found.append(_answered(condition, ">", last))
    return tuple(found)


def _answered(condition: Elapsed, operator: Operator, day: date) -> Answered:
    return Answered(question=condition.question, operator=operator, answer=day.isoformat())


def _latest_start(on: date, count: int, unit: Unit) -> date:
    """The latest day from which *count* units have passed by *on*.

    A step of months ends on the last day of a shorter month, so the steps of several days may end
    on the same one: eighteen years from 28 and from 29 February 2008 both do on 28 February 2026.
    """
    day = step(on, -count, unit)
    while step(day + timedelta(1), count, unit) <= on:
        day += timedelta(1)
    return day
