"""What would change a criterion: the smallest sets of other answers with which it would be met.

A condition is turned into ways to meet it. A way is a set of comparisons, each on the answers to
one question, among them those that keep the questions shown: an answer to a question that is not
asked does not count. Ways whose comparisons no single answer could meet are dropped. What a way
costs is the questions whose answers would have to be given or be other ones.

This is for whoever reads a result and for those who write criteria. It is not shown to a person as
a hint of what to answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import reduce
from itertools import product
from typing import Any, Final, TypeAlias

from osallisuus.model.columns import FreeText
from osallisuus.model.criteria import AllOf, Answered, AnyOf, Condition, Elapsed, Not
from osallisuus.model.questionnaire import Item
from osallisuus.rules.answers import Response
from osallisuus.rules.conditions import INVERSE, days_of, holds
from osallisuus.values import frozen

__all__ = ["MOST_KEPT", "Change", "nearest_changes", "possible_answer"]

MOST_KEPT: Final = 64
"""Ways that are followed at a time, the cheapest first. Within it, no smaller set is overlooked."""

_Way: TypeAlias = frozenset[Answered]


@frozen
class Change:
    """Another answer to one question: what it would have to be, all of it at once."""

    question: str
    comparisons: tuple[Answered, ...]


def nearest_changes(
    condition: Condition, response: Response, *, on: date, most: int = 3
) -> tuple[tuple[Change, ...], ...]:
    """At most *most* sets of changes, each of which would make *condition* met, smallest first.

    No set holds all questions of another one. Empty where it is met already, and where no other
    answers would do.
    """
    seen = _Scene(response, on)
    ways = [way for way in seen.ways(condition, wanted=True) if seen.is_possible(way)]
    costs = {way: seen.cost(way) for way in ways}
    if not all(costs.values()):
        return ()
    kept = [way for way in ways if not any(costs[other] < costs[way] for other in ways)]
    sets = dict.fromkeys(seen.changes(way) for way in sorted(kept, key=seen.rank))
    return tuple(sets)[:most]


def possible_answer(item: Item, comparisons: Iterable[Answered]) -> Any:
    """One answer to *item* that meets all *comparisons*; ``None`` where there is none."""
    wanted = list(comparisons)
    for candidate in _candidates(item, wanted):
        if all(_meets(item, (candidate,), one) for one in wanted):
            return candidate
    return None


def _meets(item: Item, values: tuple[Any, ...], wanted: Answered) -> bool:
    return holds(values, wanted.operator, wanted.answer, of_day=item.type == "date")


def _candidates(item: Item, wanted: list[Answered]) -> Iterator[Any]:
    """Answers of which one meets all that is wanted, if any answer does."""
    named = [one.answer for one in wanted if one.operator != "exists"]
    if item.type == "boolean":
        yield from (True, False)
    elif item.type == "date":
        days = sorted(date.fromisoformat(str(one)) for one in named) or [date(2000, 1, 1)]
        for day, by in product(days, (0, 1, -1)):
            if date.min < day < date.max:
                yield day + timedelta(by)
    elif item.type in ("integer", "decimal"):
        numbers = sorted(int(one) for one in named) or [0]
        steps = (0, 1, -1) if item.type == "integer" else (0, 0.5, -0.5)
        yield from (number + by for number, by in product(numbers, steps))
    else:
        yield from (option.code for option in item.options)
        if item.type != "choice" or item.open:
            yield from (FreeText(str(one)) for one in named)
            yield FreeText("…" + "".join(str(one) for one in named))


class _Scene:
    """One response on one day, and the ways to meet conditions from there."""

    def __init__(self, response: Response, on: date) -> None:
        self._values, self._on = response.values, on
        self._items = response.questionnaire.by_link
        self._places = {name: place for place, name in enumerate(self._items)}
        self._above = response.questionnaire.above

    def ways(self, condition: Condition, *, wanted: bool) -> list[_Way]:
        """Ways in which *condition* comes out as *wanted*."""
        if isinstance(condition, Not):
            return self.ways(condition.of, wanted=not wanted)
        if isinstance(condition, AllOf | AnyOf):
            parts = [self.ways(part, wanted=wanted) for part in condition.of]
            return self._joined(parts, all_of=isinstance(condition, AllOf) == wanted)
        if isinstance(condition, Elapsed):
            days = [self._answer(day, wanted=wanted) for day in days_of(condition, self._on)]
            return self._joined(days, all_of=wanted)
        return self._answer(condition, wanted=wanted)

    def _answer(self, wish: Answered, *, wanted: bool) -> list[_Way]:
        """The comparison itself, or its inverse, and what makes its question shown."""
        if wish.operator == "exists":
            # an answer can be given; that there never will be one, nobody can say
            given = Answered(question=wish.question, operator="exists", answer=True)
            return self._with_shown(given) if wish.answer is wanted else []
        if not wanted:
            inverse = INVERSE[wish.operator]
            wish = Answered(question=wish.question, operator=inverse, answer=wish.answer)
        return self._with_shown(wish)

    def _with_shown(self, wish: Answered) -> list[_Way]:
        return self._joined([[frozenset([wish])], self._shown(wish.question)], all_of=True)

    def _shown(self, question: str) -> list[_Way]:
        """Ways in which *question* and every group that it is in are shown."""
        parts = []
        item: Item | None = self._items[question]
        while item is not None:
            if item.enable_when:
                rules = [
                    self._rule(Answered(question=r.question, operator=r.operator, answer=r.answer))
                    for r in item.enable_when
                ]
                parts.append(self._joined(rules, all_of=item.enable_all))
            item = self._above.get(item.link_id)
        return self._joined(parts, all_of=True)

    def _rule(self, wish: Answered) -> list[_Way]:
        if wish.operator == "exists" and not wish.answer:
            # an answer that was given cannot be taken back; that there is none can stay so
            return [frozenset([wish])] if wish.question not in self._values else []
        return self._with_shown(wish)

    def _joined(self, parts: list[list[_Way]], *, all_of: bool) -> list[_Way]:
        if not all_of:
            return self._cheapest(way for part in parts for way in part)
        return reduce(
            lambda some, more: self._cheapest(
                both for one, other in product(some, more) if self.is_possible(both := one | other)
            ),
            parts,
            [frozenset()],
        )

    def _cheapest(self, ways: Iterable[_Way]) -> list[_Way]:
        return sorted(dict.fromkeys(ways), key=self.rank)[:MOST_KEPT]

    def is_possible(self, way: _Way) -> bool:
        """Whether for each question that changes there is an answer that meets all of it."""
        return all(
            possible_answer(self._items[question], self._about(way, question)) is not None
            for question in self.cost(way)
        )

    def cost(self, way: _Way) -> frozenset[str]:
        """The questions whose answers would have to be given or be other ones."""
        return frozenset(
            wish.question
            for wish in way
            if not _meets(self._items[wish.question], self._values.get(wish.question, ()), wish)
        )

    def rank(self, way: _Way) -> tuple[Any, ...]:
        """The cheapest first, then by the order of reading."""
        cost = sorted(self._places[question] for question in self.cost(way))
        rest = sorted((self._places[w.question], w.operator, str(w.answer)) for w in way)
        return len(cost), cost, len(rest), rest

    def changes(self, way: _Way) -> tuple[Change, ...]:
        """The way as changes, in the order of reading."""
        questions = sorted(self.cost(way), key=self._places.__getitem__)
        return tuple(Change(question, self._about(way, question)) for question in questions)

    def _about(self, way: _Way, question: str) -> tuple[Answered, ...]:
        own = [wish for wish in way if wish.question == question]
        return tuple(sorted(own, key=lambda wish: (wish.operator, str(wish.answer))))
