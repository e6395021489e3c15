"""Questionnaires in the shape of FHIR, and criteria as conditions on their answers.

A questionnaire is a tree of items; each has a ``link_id`` and may be shown only when earlier
answers ask for it (``enable_when``). A condition is ``Answered``, or conditions joined by ``AllOf``,
``AnyOf`` and ``Not``. Conditions are data: whether one is met, not met or **unknown** is decided
elsewhere, with three values, because an unanswered question is not a "no" (Q2).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal, TypeAlias

from osallisuus.errors import DefinitionError, Problem, did_you_mean
from osallisuus.model.stated import Code, Modality, Span, Text
from osallisuus.values import frozen

__all__ = [
    "AllOf",
    "AnswerValue",
    "Answered",
    "AnyOf",
    "Condition",
    "Criterion",
    "EnableWhen",
    "Item",
    "ItemType",
    "NonCriterion",
    "Not",
    "Operator",
    "Option",
    "Questionnaire",
    "TargetGroup",
    "questions_of",
]

ItemType: TypeAlias = Literal[
    "group", "display", "boolean", "integer", "decimal", "date", "string", "text", "choice"
]
Operator: TypeAlias = Literal["exists", "=", "!=", ">", "<", ">=", "<="]
AnswerValue: TypeAlias = bool | int | str
"""What an answer is compared with: a yes or no, a number, a code or an ISO day."""

_ORDERED = (">", "<", ">=", "<=")
_COMPARABLE: dict[str, tuple[type, ...]] = {
    "boolean": (bool,),
    "integer": (int,),
    "decimal": (int,),
    "date": (str,),
    "string": (str,),
    "choice": (str,),
}


@frozen
class Option:
    """One of the answers that a choice offers."""

    code: Code
    label: Text


@frozen
class EnableWhen:
    """Show an item only when the answer to another one compares so."""

    question: Code
    operator: Operator
    answer: AnswerValue


@frozen(kw_only=True)
class Item:
    """A question, a group of items, or a text to read.

    ``options`` belong to a choice, ``items`` to a group. ``open`` lets a choice be answered in
    other words. ``enable_all`` asks for all of ``enable_when``, else any one is enough.
    """

    link_id: Code
    text: Text
    type: ItemType
    required: bool = False
    repeats: bool = False
    open: bool = False
    options: tuple[Option, ...] = ()
    enable_when: tuple[EnableWhen, ...] = ()
    enable_all: bool = True
    items: tuple[Item, ...] = ()

    def __attrs_post_init__(self) -> None:
        problems = []
        if (self.type == "choice") != bool(self.options):
            problems.append(Problem("only a choice has options", "options", "and each needs some"))
        if (self.type == "group") != bool(self.items):
            problems.append(Problem("only a group has items", "items", "and each needs some"))
        if self.required and self.type in ("group", "display"):
            problems.append(Problem("nothing to answer here", "required", "leave it out"))
        if problems:
            raise DefinitionError(problems)


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
        if self.operator in _ORDERED and isinstance(self.answer, bool):
            raise DefinitionError("yes and no have no order", where="operator")


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


Condition: TypeAlias = Answered | AllOf | AnyOf | Not


def questions_of(condition: Condition) -> tuple[str, ...]:
    """The ``link_id`` of every question that decides, in the order of reading, each once."""
    if isinstance(condition, Answered):
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


@frozen(kw_only=True)
class Questionnaire:
    """A named, versioned tree of items with unique ``link_id`` values.

    A condition of ``enable_when`` may only look at an item that stands before it, and only compare
    it with something that its answer can be.
    """

    name: Code
    version: str
    title: Text
    items: tuple[Item, ...]

    def __attrs_post_init__(self) -> None:
        problems = list(_item_problems(self.items, "items", {}))
        if problems:
            raise DefinitionError(problems)

    def walk(self) -> Iterator[Item]:
        """Every item in the order of reading, groups before what they hold."""
        waiting = list(reversed(self.items))
        while waiting:
            item = waiting.pop()
            yield item
            waiting.extend(reversed(item.items))

    def item(self, link_id: str) -> Item:
        """The item of that ``link_id``; a :class:`DefinitionError` names the nearest if none."""
        known = {item.link_id: item for item in self.walk()}
        if link_id not in known:
            raise DefinitionError(
                "no such item", where=self.name, remedy=did_you_mean(link_id, known)
            )
        return known[link_id]


def _item_problems(
    items: tuple[Item, ...], path: str, before: dict[str, Item]
) -> Iterator[Problem]:
    """Problems among *items*; those that stand before are entered in *before* on the way."""
    for place, item in enumerate(items):
        where = f"{path}[{place}]"
        if item.link_id in before:
            yield Problem("this link_id is used twice", f"{where}.link_id", "give each its own")
        for number, rule in enumerate(item.enable_when):
            yield from _rule_problems(rule, f"{where}.enable_when[{number}]", before)
        before[item.link_id] = item
        yield from _item_problems(item.items, f"{where}.items", before)


def _rule_problems(rule: EnableWhen, where: str, before: dict[str, Item]) -> Iterator[Problem]:
    item = before.get(rule.question)
    if item is None:
        yield Problem(
            "no such item before this one", f"{where}.question", did_you_mean(rule.question, before)
        )
        return
    expected = (bool,) if rule.operator == "exists" else _COMPARABLE.get(item.type, ())
    if type(rule.answer) not in expected:
        yield Problem("that item is never answered so", f"{where}.answer", f"it is a {item.type}")
    codes = [option.code for option in item.options]
    chosen = item.type == "choice" and not item.open and isinstance(rule.answer, str)
    if chosen and rule.answer not in codes:
        yield Problem(
            "not an option of that item", f"{where}.answer", did_you_mean(str(rule.answer), codes)
        )
