"""Questionnaires in the shape of FHIR.

A questionnaire is a tree of items; each has a ``link_id`` and may be shown only when earlier
answers ask for it (``enable_when``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cached_property
from typing import Final, Literal, TypeAlias

from osallisuus.errors import DefinitionError, Problem, did_you_mean
from osallisuus.model.stated import Code, Text
from osallisuus.values import frozen

__all__ = [
    "ORDERED",
    "AnswerValue",
    "EnableWhen",
    "Item",
    "ItemType",
    "Operator",
    "Option",
    "Questionnaire",
    "comparison_problems",
]

ItemType: TypeAlias = Literal[
    "group", "display", "boolean", "integer", "decimal", "date", "string", "text", "choice"
]
Operator: TypeAlias = Literal["exists", "=", "!=", ">", "<", ">=", "<="]
AnswerValue: TypeAlias = bool | int | str
"""What an answer is compared with: a yes or no, a number, a code or an ISO day."""

ORDERED: Final = (">", "<", ">=", "<=")
"""Operators that need an order; numbers and days have one."""

_SILENT = ("group", "display")
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
        for name in ("required", "repeats"):
            if getattr(self, name) and self.type in _SILENT:
                problems.append(Problem("nothing to answer here", name, "leave it out"))
        if problems:
            raise DefinitionError(problems)


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
        every = frozenset(item.link_id for item in self.walk())
        problems = list(_item_problems(self.items, "items", {}, every))
        if problems:
            raise DefinitionError(problems)

    def walk(self) -> Iterator[Item]:
        """Every item in the order of reading, groups before what they hold."""
        waiting = list(reversed(self.items))
        while waiting:
            item = waiting.pop()
            yield item
            waiting.extend(reversed(item.items))

    @cached_property
    def by_link(self) -> Mapping[str, Item]:
        """Every item by its ``link_id``, in the order of reading."""
        return {item.link_id: item for item in self.walk()}

    @cached_property
    def above(self) -> Mapping[str, Item]:
        """The group that an item is in, by the item's ``link_id``; not of items at the top."""
        return {inner.link_id: item for item in self.walk() for inner in item.items}

    def item(self, link_id: str) -> Item:
        """The item of that ``link_id``; a :class:`DefinitionError` names the nearest if none."""
        if link_id not in self.by_link:
            raise DefinitionError(
                "no such item", where=self.name, remedy=did_you_mean(link_id, self.by_link)
            )
        return self.by_link[link_id]


def _item_problems(
    items: tuple[Item, ...], path: str, before: dict[str, Item], every: frozenset[str]
) -> Iterator[Problem]:
    """Problems among *items*; those that stand before are entered in *before* on the way.

    *every* are the ``link_id`` values of the whole questionnaire.
    """
    for place, item in enumerate(items):
        where = f"{path}[{place}]"
        if item.link_id in before:
            yield Problem("this link_id is used twice", f"{where}.link_id", "give each its own")
        for number, rule in enumerate(item.enable_when):
            at = f"{where}.enable_when[{number}]"
            if rule.question in every and rule.question not in before:
                # so none can wait for itself, nor two for each other
                yield Problem(
                    "this looks at an item that does not stand before it",
                    f"{at}.question",
                    "put that item first; conditions may not go round in a circle",
                )
            else:
                yield from _rule_problems(rule, at, before)
        before[item.link_id] = item
        yield from _item_problems(item.items, f"{where}.items", before, every)


def _rule_problems(rule: EnableWhen, where: str, before: dict[str, Item]) -> Iterator[Problem]:
    item = before.get(rule.question)
    if item is None:
        yield Problem(
            "no such item before this one", f"{where}.question", did_you_mean(rule.question, before)
        )
        return
    yield from comparison_problems(item, rule.operator, rule.answer, where)


def comparison_problems(
    item: Item, operator: Operator, answer: AnswerValue, where: str
) -> Iterator[Problem]:
    """What keeps an answer to *item* from being compared with *answer* so."""
    expected = (bool,) if operator == "exists" else _COMPARABLE.get(item.type, ())
    if type(answer) not in expected or item.type in _SILENT:
        yield Problem("that item is never answered so", f"{where}.answer", f"it is a {item.type}")
    elif operator in ORDERED and item.type not in ("integer", "decimal", "date"):
        yield Problem("its answers have no order", f"{where}.operator", "use = or !=")
    elif item.type == "date" and isinstance(answer, str) and not _is_day(answer):
        yield Problem("not a day", f"{where}.answer", "write it as 2018-01-31")
    codes = [option.code for option in item.options]
    closed = item.type == "choice" and not item.open
    if closed and isinstance(answer, str) and answer not in codes:
        yield Problem("not an option of that item", f"{where}.answer", did_you_mean(answer, codes))


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
