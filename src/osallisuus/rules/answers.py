"""Answers to one version of a questionnaire: what was asked, what is missing, what counts.

An item is shown when its own ``enable_when`` says so and every group that it is in is shown: a
group that is not shown hides all below it, whatever their own conditions say. A rule looks only at
items before its own, so one reading from top to bottom decides it all. A question that is not shown
counts as not answered, also for the rules after it (as FHIR has it). Its answers are found and not
counted.

As facts (:class:`~osallisuus.model.facts.Answer`) a yes or no is the code ``yes`` or ``no``, a
number a number, an option its code, a day the code of its ISO basic form (``20180131``), and words
are a note. A fact with none of these says that the question was asked and not answered.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, TypeAlias

from attrs import field

from osallisuus.errors import ImportProblem, Problem, did_you_mean
from osallisuus.model.columns import TYPES, FreeText
from osallisuus.model.facts import Answer
from osallisuus.model.questionnaire import Item, Questionnaire
from osallisuus.rules.conditions import Values, holds
from osallisuus.rules.telling_id import is_telling
from osallisuus.values import frozen

__all__ = ["Given", "Response", "read_response", "respond"]

Given: TypeAlias = Any
"""What is given as the answer to an item: a bool, int, float, date or text, a list or tuple of them
where the item repeats, or ``None`` where nothing was answered."""

_EXPECTED = {
    "boolean": "True or False; yes or no as a code",
    "integer": "a whole number",
    "decimal": "a number",
    "date": "a date; as a code in the form 20180131",
    "string": "text, as a note",
    "text": "text, as a note",
    "choice": "the code of an option",
    "group": "nothing: answer the items in it",
    "display": "nothing: it is a text to read",
}
_LARGEST = 2**53
"""Numbers are kept as floats; beyond this not every whole number is one."""


@frozen(kw_only=True)
class Response:
    """Answers to a questionnaire. Nothing of them is in its ``repr``."""

    questionnaire: Questionnaire = field(repr=False)
    values: Mapping[str, Values] = field(repr=False)
    """``link_id`` -> all answers, of the questions that are shown and answered."""
    shown: tuple[str, ...] = field(repr=False)
    """Every item that is shown, in the order of reading."""
    missing: tuple[str, ...] = field(repr=False)
    """The required questions that are shown and not answered."""
    not_asked: tuple[str, ...] = field(repr=False)
    """Questions that were answered but are not shown; their answers do not count."""

    @property
    def complete(self) -> bool:
        """Whether every required question that is shown has an answer."""
        return not self.missing

    def to_ask(self, wanted: Iterable[str]) -> tuple[str, ...]:
        """The questions that are shown and have no answer, among *wanted* or what shows these.

        In the order of reading. Nothing is to be asked about a question that the answers rule out.
        """
        found: set[str] = set()
        waiting = list(wanted)
        while waiting:
            link = waiting.pop()
            if link in self.shown:
                found.update({link} - self.values.keys())
                continue
            item: Item | None = self.questionnaire.by_link[link]
            while item is not None:
                waiting.extend(rule.question for rule in item.enable_when)
                item = self.questionnaire.above.get(item.link_id)
        return tuple(link for link in self.questionnaire.by_link if link in found)

    def facts(self, form: str) -> tuple[Answer, ...]:
        """The answers that count, as facts on *form*, the id of the interview.

        Each has the id ``form.N``, and ``form.N.M`` where the item repeats, with the item's number
        in the questionnaire: a corrected answer is a revision of the same fact.
        """
        found = []
        for number, (link_id, item) in enumerate(self.questionnaire.by_link.items(), start=1):
            for place, value in enumerate(self.values.get(link_id, ()), start=1):
                name = f"{form}.{number}.{place}" if item.repeats else f"{form}.{number}"
                found.append(Answer(id=name, form=form, item=link_id, **_columns(item, value)))
        return tuple(found)


def respond(questionnaire: Questionnaire, given: Mapping[str, Given]) -> Response:
    """The response that *given* makes: ``link_id`` -> answer.

    Raises :class:`ImportProblem` with every answer that the questionnaire does not offer, by its
    item and never with the answer.
    """
    problems: list[Problem] = []
    values: dict[str, Values] = {}
    for link_id, answer in given.items():
        item = questionnaire.by_link.get(link_id)
        if item is None:
            problems.append(_no_such_item(questionnaire, link_id))
            continue
        answers = tuple(answer) if isinstance(answer, list | tuple) else (answer,)
        _enter(values, item, (one for one in answers if one is not None), problems)
    return _response(questionnaire, values, problems)


def read_response(questionnaire: Questionnaire, form: str, answers: Iterable[Answer]) -> Response:
    """The response that the facts of one *form* make; facts of other forms are passed over.

    Raises :class:`ImportProblem` as :func:`respond` does.
    """
    problems: list[Problem] = []
    given: dict[str, list[Given]] = {}
    for fact in sorted((one for one in answers if one.form == form), key=lambda one: one.id):
        item = questionnaire.by_link.get(fact.item)
        if item is None:
            # the id of the answer tells which one it is, unless it may tell who gave it
            at = "answers[…]" if is_telling(fact.id) else f"answers[{fact.id}]"
            problems.append(_no_such_item(questionnaire, fact.item, f"{at}.item"))
            continue
        stated = [one for one in (fact.code, fact.number, fact.note) if one is not None]
        answer = [_of_fact(item, fact)] if len(stated) == 1 else [_WRONG] if stated else []
        given.setdefault(item.link_id, []).extend(answer)
    values: dict[str, Values] = {}
    for link_id, found in given.items():
        _enter(values, questionnaire.by_link[link_id], iter(found), problems)
    return _response(questionnaire, values, problems)


_WRONG = object()
"""Stands for a fact that cannot be an answer to its item."""


def _no_such_item(questionnaire: Questionnaire, link_id: str, at: str | None = None) -> Problem:
    remedy = did_you_mean(link_id, questionnaire.by_link)
    return Problem("no such item", at or f"{questionnaire.name}.(item)", remedy)


def _enter(
    values: dict[str, Values], item: Item, answers: Iterator[Given], problems: list[Problem]
) -> None:
    found = tuple(_checked(item, answer) for answer in answers)
    if not found:
        return
    if _WRONG in found:
        expected = _EXPECTED[item.type]
        if item.options:
            expected = f"one of {', '.join(option.code for option in item.options)}"
            expected += ", or other words" if item.open else ""
        problems.append(Problem("not an answer to this item", item.link_id, expected))
    elif len(found) > 1 and not item.repeats:
        problems.append(Problem("this item has one answer", item.link_id, "keep one of them"))
    else:
        values[item.link_id] = found


def _checked(item: Item, answer: Given) -> Any:
    """The answer as it is kept, or ``_WRONG``."""
    kind, wanted = item.type, type(answer)
    if kind == "boolean":
        return answer if wanted is bool else _WRONG
    if kind == "integer":
        return answer if wanted is int and abs(answer) <= _LARGEST else _WRONG
    if kind == "date":
        return _as(TYPES["date"].check, answer)
    if kind == "decimal":
        return _as(TYPES["number"].check, answer)
    is_option = wanted is str and any(answer == option.code for option in item.options)
    in_words = item.open or kind in ("string", "text")
    return answer if is_option else _as(TYPES["free_text"].check, answer) if in_words else _WRONG


def _as(check: Any, answer: Given) -> Any:
    try:
        return check(answer)
    except ValueError:
        return _WRONG


def _response(
    questionnaire: Questionnaire, values: dict[str, Values], problems: list[Problem]
) -> Response:
    if problems:
        raise ImportProblem(problems)
    shown: dict[str, Item] = {}
    counted: dict[str, Values] = {}
    _show(questionnaire.items, questionnaire.by_link, values, shown, counted)
    return Response(
        questionnaire=questionnaire,
        values=MappingProxyType(counted),
        shown=tuple(shown),
        missing=tuple(
            name for name, item in shown.items() if item.required and name not in counted
        ),
        not_asked=tuple(
            name for name in questionnaire.by_link if name in values and name not in counted
        ),
    )


def _show(
    items: tuple[Item, ...],
    known: Mapping[str, Item],
    values: Mapping[str, Values],
    shown: dict[str, Item],
    counted: dict[str, Values],
) -> None:
    """Enter what is shown among *items* in *shown*, and what counts in *counted*, in order."""
    for item in items:
        if item.enable_when:
            met = (
                holds(
                    counted.get(rule.question, ()), rule.operator, rule.answer,
                    of_day=known[rule.question].type == "date",
                )
                for rule in item.enable_when
            )  # fmt: skip
            if not (all(met) if item.enable_all else any(met)):
                continue
        shown[item.link_id] = item
        if item.link_id in values:
            counted[item.link_id] = values[item.link_id]
        _show(item.items, known, values, shown, counted)


def _of_fact(item: Item, fact: Answer) -> Given:
    """What the one column of *fact* that is stated means; still to be checked."""
    if fact.note is not None:
        return fact.note
    if fact.number is not None:
        whole = item.type == "integer" and fact.number.is_integer()
        return int(fact.number) if whole else fact.number
    code = fact.code or ""
    if item.type == "boolean":
        return {"yes": True, "no": False}.get(code, _WRONG)
    if item.type == "date":
        return _day(code)
    return code if any(code == option.code for option in item.options) else _WRONG


def _day(code: str) -> Any:
    if len(code) != len("20180131") or not (code.isascii() and code.isdigit()):
        return _WRONG
    return _as(date.fromisoformat, code)


def _columns(item: Item, value: Any) -> dict[str, Any]:
    """The column of an answer's fact that holds *value*."""
    if item.type == "boolean":
        return {"code": "yes" if value else "no"}
    if item.type == "date":
        return {"code": value.strftime("%Y%m%d")}
    if item.type in ("integer", "decimal"):
        return {"number": value}
    return {"note": value} if isinstance(value, FreeText) else {"code": value}
