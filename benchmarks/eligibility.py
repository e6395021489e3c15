"""100,000 interviews against 20 criteria with full evidence, against a loop written by hand.

The loop knows these 20 criteria by heart, walks over dicts of answers and keeps one of three values
for each criterion and nothing else: no evidence, no missing questions, no days. Both begin with
answers that have been read. The second comparison also has the library check the answers against
the questionnaire, with what is shown and what is missing.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from harness import Comparison

COMPARISONS = [
    Comparison(
        name="eligibility",
        task="100,000 interviews by 20 criteria with evidence / a loop by hand without",
        ours="ours",
        other="by_hand",
        goal=10.0,
        rounds=5,
    ),
    Comparison(
        name="eligibility",
        task="the same with every answer checked against the questionnaire / the same loop",
        ours="with_answers",
        other="by_hand",
        goal=None,
        rounds=5,
    ),
]
INTERVIEWS = 100_000
ON = date(2026, 3, 1)
EIGHTEEN = date(2008, 3, 1)


def prepare(folder: Path) -> None:
    """Nothing is needed."""


def _given() -> Iterator[dict[str, Any]]:
    """Answers to ten questions; about one in six has none."""
    for n in range(INTERVIEWS):
        given: dict[str, Any] = {}
        for q in range(8):
            if (n * 7 + q * 13) % 6:
                given[f"yes{q}"] = (n >> q) % 2 == 0
        if n % 6 != 3:
            given["gender"] = "woman" if n % 3 else "man"
        if n % 6 != 5:
            given["born_on"] = date(1990, 1, 1) + timedelta(n % 9000)
        yield given


def _definitions() -> tuple[Any, Any]:
    from osallisuus.model.criteria import (
        AllOf,
        Answered,
        AnyOf,
        Criterion,
        Elapsed,
        Not,
        TargetGroup,
    )
    from osallisuus.model.questionnaire import Item, Option, Questionnaire
    from osallisuus.model.stated import Text

    words = Text(en="words")
    items = [Item(link_id=f"yes{q}", text=words, type="boolean") for q in range(8)]
    options = (Option("woman", words), Option("man", words))
    items.append(Item(link_id="gender", text=words, type="choice", options=options))
    items.append(Item(link_id="born_on", text=words, type="date"))
    form = Questionnaire(name="intake", version="1", title=words, items=tuple(items))
    yes = [Answered(question=f"yes{q}", answer=True) for q in range(8)]
    conditions: list[Any] = [*yes]
    conditions += [Answered(question="gender", answer="woman")]
    conditions += [Elapsed(question="born_on", unit="year", at_least=18)]
    conditions += [AllOf((yes[q], yes[q + 1])) for q in range(4)]
    conditions += [AnyOf((yes[q], yes[q + 2])) for q in range(4)]
    conditions += [Not(yes[7]), AllOf((yes[0], AnyOf((yes[3], Not(yes[5])))))]
    criteria = tuple(
        Criterion(code=f"c{n}", text=words, condition=one) for n, one in enumerate(conditions)
    )
    assert len(criteria) == 20
    return TargetGroup(text=words, criteria=criteria), form


def ours(folder: Path) -> float:
    from osallisuus.rules.answers import respond
    from osallisuus.rules.eligibility import assess_each

    target, form = _definitions()
    responses = [respond(form, given) for given in _given()]
    start = time.process_time()
    met = 0
    for found in assess_each(target, responses, on=ON):
        for one in found:
            met += one.standing == "met"
            assert one.evidence is not None
    used = time.process_time() - start
    assert met == _by_hand(list(_given()))
    return used


def with_answers(folder: Path) -> float:
    from osallisuus.rules.answers import respond
    from osallisuus.rules.eligibility import assess_each

    target, form = _definitions()
    every = list(_given())
    start = time.process_time()
    responses = (respond(form, given) for given in every)
    for found in assess_each(target, responses, on=ON):
        for one in found:
            assert one.evidence is not None
    return time.process_time() - start


def by_hand(folder: Path) -> float:
    every = list(_given())
    start = time.process_time()
    _by_hand(every)
    return time.process_time() - start


def _by_hand(every: list[dict[str, Any]]) -> int:
    met = 0
    for given in every:
        yes = [given.get(f"yes{q}") for q in range(8)]
        found = list(yes)
        gender = given.get("gender")
        found.append(None if gender is None else gender == "woman")
        born = given.get("born_on")
        found.append(None if born is None else born <= EIGHTEEN)
        found += [_both(yes[q], yes[q + 1]) for q in range(4)]
        found += [_either(yes[q], yes[q + 2]) for q in range(4)]
        found.append(_not(yes[7]))
        found.append(_both(yes[0], _either(yes[3], _not(yes[5]))))
        met += found.count(True)
    return met


def _both(one: bool | None, other: bool | None) -> bool | None:
    if one is False or other is False:
        return False
    return None if one is None or other is None else True


def _either(one: bool | None, other: bool | None) -> bool | None:
    if one is True or other is True:
        return True
    return None if one is None or other is None else False


def _not(one: bool | None) -> bool | None:
    return None if one is None else not one
