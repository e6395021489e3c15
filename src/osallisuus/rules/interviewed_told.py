"""Eligibility on a day in words, for those who interview. INTERNAL: it is about one person.

What the person reads themselves is :mod:`osallisuus.rules.explained`. Here the evidence stands item
by item, and what other answers would change; what was answered is repeated in neither.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from osallisuus.model.criteria import Answered, questions_of
from osallisuus.model.facts import Interview
from osallisuus.model.questionnaire import Item, Questionnaire
from osallisuus.model.stated import Locale
from osallisuus.model.vocabulary import vocabulary
from osallisuus.rules.eligibility import Assessed, Eligibility
from osallisuus.rules.interviewed import EligibilityOnDay
from osallisuus.rules.nearest import Change
from osallisuus.words import Words

__all__ = ["tell_eligibility"]

_COMPARED: Final = {
    "=": "is",
    "!=": "is_not",
    "<": "less",
    "<=": "at_most",
    ">": "more",
    ">=": "at_least",
    "exists": "answered",
}
"""Operator -> the word for it."""

_OF_DAYS: Final = {"<": "before", "<=": "up_to", ">": "after", ">=": "from"}
"""The same of days, where it is another word."""


def tell_eligibility(found: EligibilityOnDay, *, locale: Locale = "en") -> str:
    """Each criterion with its evidence, what is missing and what would change it; then decisions."""
    teller = _Teller(found, locale)
    return "\n".join([teller.words("document.internal"), "", *teller.lines()])


class _Teller:
    """Tells one person's eligibility in one language."""

    def __init__(self, found: EligibilityOnDay, locale: Locale) -> None:
        self.found = found
        self.locale = locale
        self.words = Words(locale)

    def lines(self) -> Iterator[str]:
        words, eligibility = self.words, self.found.eligibility
        day = words.locale.day(self.found.on)
        yield words("view.criteria.title", program=self.found.title.label(self.locale), day=day)
        if eligibility is None:
            yield words("view.criteria.none")
        else:
            yield from self._criteria(eligibility)
        yield ""
        if not self.found.interviews:
            yield words("view.criteria.undecided")
            return
        yield words("view.criteria.decisions")
        yield from (f"  {self._decision(one)}" for one in self.found.interviews)

    def _criteria(self, eligibility: Eligibility) -> Iterator[str]:
        words = self.words
        if eligibility.response is None:
            yield words("view.criteria.no_questions")
        for one in eligibility:
            key = "judged" if one.judged_by_human else one.standing
            yield ""
            yield words(f"view.criteria.{key}", text=one.asked.text.label(self.locale))
            yield from (f"  {line}" for line in self._why(eligibility, one))
        if to_ask := eligibility.missing:
            yield ""
            questions = ", ".join(self._quoted(eligibility, link) for link in to_ask)
            yield words("view.criteria.to_ask", questions=questions)

    def _why(self, eligibility: Eligibility, one: Assessed) -> Iterator[str]:
        words = self.words
        if one.evidence is not None:
            for leaf in one.evidence.leaves():
                (link_id,) = questions_of(leaf.condition)
                question = self._quoted(eligibility, link_id)
                yield f"- {words(f'view.criteria.leaf.{leaf.state}', question=question)}"
        yield from self._days(eligibility, one)
        if eligibility.response is not None:
            form = eligibility.response.questionnaire
            for way in eligibility.nearest(one.code):
                changes = "; ".join(self._change(form, change) for change in way)
                yield words("view.criteria.change", changes=changes)

    def _days(self, eligibility: Eligibility, one: Assessed) -> Iterator[str]:
        met_from, met_until = eligibility.met_days(one.code)
        if met_from is not None and met_from > eligibility.on:
            yield self.words("view.criteria.later", day=self.words.locale.day(met_from))
        elif met_until is not None:
            yield self.words("view.criteria.until", day=self._last(met_until))
        if one.asked_until is not None:
            yield self.words("eligibility.asked_until", day=self._last(one.asked_until))

    def _last(self, until: date) -> str:
        return self.words.locale.day(until - timedelta(1))

    def _quoted(self, eligibility: Eligibility, link_id: str) -> str:
        text = eligibility.question(link_id, self.locale)
        return self.words("eligibility.question", text=text)

    def _change(self, form: Questionnaire, change: Change) -> str:
        item = form.item(change.question)
        question = self.words("eligibility.question", text=item.text.label(self.locale))
        answers = ", ".join(self._answer(item, wish) for wish in change.comparisons)
        return self.words("view.criteria.asked", question=question, answers=answers)

    def _answer(self, item: Item, wish: Answered) -> str:
        operator, answer = _COMPARED[wish.operator], str(wish.answer)
        if item.type == "date" and wish.operator != "exists":
            operator = _OF_DAYS.get(wish.operator, operator)
            answer = self.words.locale.day(date.fromisoformat(answer))
        elif item.type == "boolean":
            answer = self.words(f"view.form.{'yes' if wish.answer else 'no'}")
        for option in item.options:
            if option.code == wish.answer:
                answer = option.label.label(self.locale)
        return self.words(f"view.criteria.{operator}", answer=answer)

    def _decision(self, interview: Interview) -> str:
        return self.words(
            "view.criteria.decision",
            day=self.words.locale.day(interview.happened_on),
            outcome=vocabulary("interview_outcome").label(interview.outcome, self.locale),
            who=interview.decided_by,
            interview=interview.id,
        )
