"""Eligibility in plain words, for the person whom it is about.

It says how each criterion stands and what is not asked, and that a person decides. What other
answers would change it is left out on purpose: it would tell somebody what to say, and what
somebody *is* (a woman, of an age) is no advice to be otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from osallisuus.model.stated import Locale
from osallisuus.rules.eligibility import Assessed, Eligibility
from osallisuus.words import Words

__all__ = ["explain"]


def explain(eligibility: Eligibility, locale: Locale) -> tuple[str, ...]:
    """Paragraphs in Finnish, Swedish or English: an opening, one for each criterion, a closing.

    No answer is repeated. Texts of the programme that are not in that language are shown in the
    nearest one that there is.
    """
    words = Words(locale)
    criteria = (" ".join(_about(eligibility, one, words, locale)) for one in eligibility)
    return (words("eligibility.intro"), *criteria, words("eligibility.closing"))


def _about(eligibility: Eligibility, one: Assessed, words: Words, locale: Locale) -> Iterator[str]:
    key = "judged" if one.judged_by_human else one.standing
    yield words(f"eligibility.{key}", text=one.asked.text.label(locale))
    if to_ask := eligibility.to_ask(one.missing):
        questions = (eligibility.question(link, locale) for link in to_ask)
        quoted = ", ".join(words("eligibility.question", text=text) for text in questions)
        yield words("eligibility.unanswered", questions=quoted)
    met_from, met_until = eligibility.met_days(one.code)
    if met_from is not None and met_from > eligibility.on:
        yield words("eligibility.later", day=words.locale.day(met_from))
    elif met_until is not None:
        last = met_until - timedelta(1)
        yield words("eligibility.until", day=words.locale.day(last))
    if one.asked_until is not None:
        last = one.asked_until - timedelta(1)
        yield words("eligibility.asked_until", day=words.locale.day(last))
