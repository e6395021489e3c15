"""Judging one condition by the answers to a questionnaire, with three values and the evidence.

A condition has leaves, the comparisons on one question each. What a response does to it is the
*state* of every leaf; the verdicts of all its parts follow from the states alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Literal, TypeAlias

from attrs import field

from osallisuus.model.cadence import step
from osallisuus.model.criteria import AllOf, Answered, AnyOf, Condition, Elapsed, Not
from osallisuus.model.questionnaire import Questionnaire
from osallisuus.rules.answers import Response
from osallisuus.rules.conditions import Meets, comparison, days_of
from osallisuus.values import frozen

__all__ = ["Evidence", "Judge", "State", "Verdict", "stretch"]

Verdict: TypeAlias = Literal["met", "not_met", "unknown"]
State: TypeAlias = Literal["met", "not_met", "not_answered", "not_asked"]
"""How a leaf stands: by its answers, or why there are none. Both reasons leave it unknown."""


@frozen
class Evidence:
    """What one part of a condition came to. It holds no answer, and its ``repr`` no verdict."""

    condition: Condition
    verdict: Verdict = field(repr=False)
    state: State | None = field(default=None, repr=False)
    """Of a leaf; ``None`` for all, any and not."""
    of: tuple[Evidence, ...] = field(default=(), repr=False)
    """The parts, in their order."""

    def leaves(self) -> Iterator[Evidence]:
        """The evidence of every single comparison, in the order of reading."""
        if self.state is not None:
            yield self
        for part in self.of:
            yield from part.leaves()


class Judge:
    """A condition made ready for many responses to one questionnaire, on one day."""

    def __init__(self, condition: Condition, questionnaire: Questionnaire, on: date) -> None:
        self._condition = condition
        self._leaves = [
            (leaf.question, _meets(leaf, questionnaire, on)) for leaf in _leaves(condition)
        ]

    def states(self, response: Response) -> tuple[State, ...]:
        """The state of every leaf, in the order of reading."""
        values = response.values
        found: list[State] = []
        for question, meets in self._leaves:
            answers = values.get(question)
            if answers is not None:
                found.append("met" if meets(answers) else "not_met")
            else:
                found.append("not_answered" if question in response.shown else "not_asked")
        return tuple(found)

    def evidence(self, states: tuple[State, ...]) -> Evidence:
        """What the condition and its parts come to."""
        return _evidence(self._condition, iter(states))


def _leaves(condition: Condition) -> Iterator[Answered | Elapsed]:
    if isinstance(condition, Answered | Elapsed):
        yield condition
        return
    for part in (condition.of,) if isinstance(condition, Not) else condition.of:
        yield from _leaves(part)


def _meets(leaf: Answered | Elapsed, questionnaire: Questionnaire, on: date) -> Meets:
    if isinstance(leaf, Answered):
        of_day = questionnaire.item(leaf.question).type == "date"
        return comparison(leaf.operator, leaf.answer, of_day=of_day)
    bounds = [comparison(one.operator, one.answer, of_day=True) for one in days_of(leaf, on)]
    if len(bounds) == 1:
        return bounds[0]
    # where an item repeats, one and the same day has to lie within both
    return lambda values: any(all(bound((day,)) for bound in bounds) for day in values)


def _evidence(condition: Condition, states: Iterator[State]) -> Evidence:
    if isinstance(condition, Answered | Elapsed):
        state = next(states)
        verdict: Verdict = state if state in ("met", "not_met") else "unknown"
        return Evidence(condition, verdict, state)
    if isinstance(condition, Not):
        part = _evidence(condition.of, states)
        return Evidence(condition, _SWAPPED[part.verdict], None, (part,))
    parts = tuple(_evidence(part, states) for part in condition.of)
    return Evidence(condition, _joined(condition, {part.verdict for part in parts}), None, parts)


_SWAPPED: dict[Verdict, Verdict] = {"met": "not_met", "not_met": "met", "unknown": "unknown"}


def _joined(condition: AllOf | AnyOf, verdicts: set[Verdict]) -> Verdict:
    """Strong Kleene: one part may decide, then all must, else nobody knows."""
    decides: Verdict = "not_met" if isinstance(condition, AllOf) else "met"
    if decides in verdicts:
        return decides
    return "unknown" if "unknown" in verdicts else _SWAPPED[decides]


def stretch(condition: Condition, response: Response, on: date) -> tuple[date | None, date | None]:
    """The days from which, and until which, the answers meet *condition* as time goes by.

    It is the stretch of days that holds *on*, or the next one after it. ``None`` for a side on
    which time sets no end, twice where there is no such stretch.
    """
    turns = sorted({day for leaf in _leaves(condition) for day in _turns(leaf, response)})
    starts = [date.min, *turns]
    met = [_is_met(condition, response, day) for day in starts]
    place = max(place for place, start in enumerate(starts) if start <= on)
    while place < len(starts) and not met[place]:
        place += 1
    if place == len(starts):
        return None, None
    first, last = place, place
    while first > 0 and met[first - 1] and starts[first] <= on:
        first -= 1
    while last + 1 < len(starts) and met[last + 1]:
        last += 1
    return (
        starts[first] if first else None,
        starts[last + 1] if last + 1 < len(starts) else None,
    )


def _turns(leaf: Answered | Elapsed, response: Response) -> Iterator[date]:
    """The days on which time alone changes what a leaf comes to."""
    if isinstance(leaf, Elapsed):
        for day in response.values.get(leaf.question, ()):
            for count in (leaf.at_least, leaf.less_than):
                if count is not None:
                    yield step(day, count, leaf.unit)


def _is_met(condition: Condition, response: Response, on: date) -> bool:
    states = tuple(_state(leaf, response, on) for leaf in _leaves(condition))
    return _evidence(condition, iter(states)).verdict == "met"


def _state(leaf: Answered | Elapsed, response: Response, on: date) -> State:
    """As :meth:`Judge.states` has it, for any day: time is added to the answer."""
    answers = response.values.get(leaf.question)
    if answers is None:
        return "not_answered"
    if isinstance(leaf, Elapsed):
        return "met" if any(_has_elapsed(leaf, day, on) for day in answers) else "not_met"
    return "met" if _meets(leaf, response.questionnaire, on)(answers) else "not_met"


def _has_elapsed(leaf: Elapsed, day: date, on: date) -> bool:
    def passed(count: int) -> bool:
        # never beyond the calendar: no answer and no length of time goes so far
        return step(day, count, leaf.unit) <= on

    enough = leaf.at_least is None or passed(leaf.at_least)
    return enough and not (leaf.less_than is not None and passed(leaf.less_than))
