"""Eligibility: each criterion met, not met, unknown or not required, and why. Nobody is accepted.

Logic has three values (strong Kleene): "all of" is not met when one part is not met, met when all
are, else unknown; "any of" the other way round; "not" swaps met and not met. A question without an
answer makes its comparison unknown, since an unanswered question is not a "no" (Q2). More answers
turn unknown into something else, and never met into not met. (One exception is left to those who
write questionnaires: an item that is shown only while another one has *no* answer stops counting
when that one is answered.)

What a programme expressly does not ask is shown as not required (W13, X11). A criterion that is
stated only in words is judged by a human. The decision on a place is a fact of its own
(:class:`~osallisuus.model.facts.Interview`), with whoever made it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Literal, TypeAlias

from attrs import evolve, field

from osallisuus.errors import DefinitionError, did_you_mean
from osallisuus.given import given_day
from osallisuus.model.criteria import (
    Answered,
    Condition,
    Criterion,
    Elapsed,
    NonCriterion,
    TargetGroup,
    criterion_problems,
    questions_of,
)
from osallisuus.model.stated import Locale, holds_on
from osallisuus.rules.answers import Response
from osallisuus.rules.judging import Evidence, Judge, State, stretch
from osallisuus.rules.nearest import Change, nearest_changes
from osallisuus.values import frozen

__all__ = ["Assessed", "Eligibility", "Standing", "assess", "assess_each"]

Standing: TypeAlias = Literal["met", "not_met", "unknown", "not_required"]
"""How a criterion stands. Four values of which none is a decision."""


_NO_DECISION = (
    "eligibility is neither true nor false: a criterion may be unknown, and a human decides;"
    " read the standing of each criterion"
)


@frozen(kw_only=True)
class Assessed:
    """How one criterion stands on a day, with its evidence. Its ``repr`` shows the code only."""

    asked: Criterion | NonCriterion = field(repr=False)
    standing: Standing = field(repr=False)
    evidence: Evidence | None = field(default=None, repr=False)
    """What each part of the condition came to; ``None`` where a human judges or nothing is asked."""
    judged_by_human: bool = field(default=False, repr=False)
    """The criterion is stated in words only."""
    missing: tuple[str, ...] = field(default=(), repr=False)
    """Questions without an answer that leave it unknown, also those that are not asked now."""
    asked_until: date | None = field(default=None, repr=False)
    """The first day on which the programme does not ask it any more."""

    @property
    def code(self) -> str:
        """The code of the criterion."""
        return self.asked.code

    def __repr__(self) -> str:
        return f"Assessed({self.code!r})"

    def __bool__(self) -> bool:
        raise TypeError(_NO_DECISION)


@frozen(kw_only=True)
class Eligibility:
    """How every criterion stands for one person on a day: what code can say before a human decides.

    It has no value of its own: ``bool`` of it is a :class:`TypeError`. Iterating gives the criteria
    in their order, then what is not required.
    """

    on: date
    assessed: tuple[Assessed, ...] = field(repr=False)
    response: Response | None = field(repr=False)
    """``None`` where no questions are stated, so that no answers can be read."""

    def __bool__(self) -> bool:
        raise TypeError(_NO_DECISION)

    def __iter__(self) -> Iterator[Assessed]:
        return iter(self.assessed)

    def __getitem__(self, code: str) -> Assessed:
        """The criterion of that code; a :class:`DefinitionError` names the nearest if none."""
        for one in self.assessed:
            if one.code == code:
                return one
        known = [one.code for one in self.assessed]
        raise DefinitionError("no such criterion", where="code", remedy=did_you_mean(code, known))

    @property
    def missing(self) -> tuple[str, ...]:
        """The questions to ask next: without an answer, and a criterion is unknown for want of it.

        In the order of reading. Of a question that is not asked now they are those that could show
        it.
        """
        return self.to_ask(link for one in self.assessed for link in one.missing)

    def to_ask(self, wanted: Iterable[str]) -> tuple[str, ...]:
        """The questions without an answer among *wanted*, as :meth:`Response.to_ask` gives them.

        Where no questions are stated, *wanted* themselves, each once.
        """
        if self.response is None:
            return tuple(dict.fromkeys(wanted))
        return self.response.to_ask(wanted)

    def question(self, link_id: str, locale: Locale) -> str:
        """The words of a question; its code made readable where no questions are stated."""
        if self.response is None:
            return link_id.replace("_", " ")
        return self.response.questionnaire.item(link_id).text.label(locale)

    def met_days(self, code: str) -> tuple[date | None, date | None]:
        """From which day on and until which the criterion is met by these answers, as time goes by.

        It is the stretch of days that holds ``on``, or the next one: an age that is still to be
        reached gives a later day. ``None`` on a side where time sets no end, and twice where time
        alone brings nothing.
        """
        condition = self._condition(code)
        if condition is None or self.response is None:
            return None, None
        return stretch(condition, self.response, self.on)

    def nearest(self, code: str, *, most: int = 3) -> tuple[tuple[Change, ...], ...]:
        """The smallest sets of other answers with which that criterion would be met."""
        condition = self._condition(code)
        if condition is None or self.response is None:
            return ()
        return nearest_changes(condition, self.response, on=self.on, most=most)

    def _condition(self, code: str) -> Condition | None:
        asked = self[code].asked
        return None if isinstance(asked, NonCriterion) else asked.condition


def assess(
    target: TargetGroup, response: Response | None, *, on: date, extra: Iterable[Criterion] = ()
) -> Eligibility:
    """How each criterion of *target* that is in force on the day *on* stands by these answers.

    Where no questions are stated there is no *response*, and every criterion is unknown.

    *extra* criteria are assessed too. One that *target* lists as not required is refused with a
    :class:`DefinitionError`, and so is one whose code *target* has already, and a condition that
    the questionnaire cannot answer.
    """
    (found,) = assess_each(target, [response], on=on, extra=extra)
    return found


def assess_each(
    target: TargetGroup,
    responses: Iterable[Response | None],
    *,
    on: date,
    extra: Iterable[Criterion] = (),
) -> Iterator[Eligibility]:
    """:func:`assess` of many responses; what depends on the definitions alone is done once."""
    given_day(on)
    whole = evolve(target, criteria=(*target.criteria, *_further(target, extra)))
    criteria = [one for one in whole.criteria if holds_on(on, one.modality, one.during)]
    compiled: tuple[object, list[_Asked]] = (None, [])
    free = _not_required(whole, on)
    for response in responses:
        if response is None:
            unknown = map(_unanswerable, criteria)
            yield Eligibility(on=on, assessed=(*unknown, *free), response=None)
            continue
        if compiled[0] is not response.questionnaire:
            problems = list(criterion_problems(criteria, response.questionnaire))
            if problems:
                raise DefinitionError(problems)
            compiled = response.questionnaire, [_Asked(one, response, on) for one in criteria]
        stood = [asked(response) for asked in compiled[1]]
        yield Eligibility(on=on, assessed=(*stood, *free), response=response)


def _further(target: TargetGroup, extra: Iterable[Criterion]) -> Iterator[Criterion]:
    """The *extra* criteria; of two with one code nobody could say which is meant."""
    seen = {one.code for one in target.criteria}
    for one in extra:
        if one.code in seen:
            raise DefinitionError(
                "a criterion has this code already",
                where=f"extra: {one.code}",
                remedy="give it another code",
            )
        seen.add(one.code)
        yield one


def _not_required(target: TargetGroup, on: date) -> tuple[Assessed, ...]:
    """What is not asked on that day; a former criterion may have been in force then."""
    asked = {one.code for one in target.criteria if holds_on(on, one.modality, one.during)}
    return tuple(
        Assessed(asked=one, standing="not_required")
        for one in target.non_criteria
        if one.code not in asked
    )


def _unanswerable(criterion: Criterion) -> Assessed:
    """A criterion where no questions are stated: unknown, whoever judges it."""
    condition = criterion.condition
    return Assessed(
        asked=criterion,
        standing="unknown",
        judged_by_human=condition is None,
        missing=() if condition is None else questions_of(condition),
        asked_until=_asked_until(criterion),
    )


def _asked_until(criterion: Criterion) -> date | None:
    during = criterion.during
    return during.last.period.ends_on if during and during.last else None


class _Asked:
    """One criterion on one day: gives what it comes to for each response.

    Equal evidence makes equal results, so these are made once and shared.
    """

    def __init__(self, criterion: Criterion, response: Response, on: date) -> None:
        self._criterion = criterion
        self._until = _asked_until(criterion)
        self._made: dict[tuple[State, ...], Assessed] = {}
        self._judge: Judge | None = None
        if criterion.condition is not None:
            self._judge = Judge(criterion.condition, response.questionnaire, on)
        self._by_human = Assessed(
            asked=criterion, standing="unknown", judged_by_human=True, asked_until=self._until
        )

    def __call__(self, response: Response) -> Assessed:
        judge = self._judge
        if judge is None:
            return self._by_human
        states = judge.states(response)
        made = self._made.get(states)
        if made is None:
            evidence = judge.evidence(states)
            made = self._made[states] = Assessed(
                asked=self._criterion,
                standing=evidence.verdict,
                evidence=evidence,
                missing=_missing(evidence),
                asked_until=self._until,
            )
        return made


def _missing(evidence: Evidence) -> tuple[str, ...]:
    """The questions without an answer in the parts that leave the whole unknown."""
    if evidence.verdict != "unknown":
        return ()
    condition = evidence.condition
    if isinstance(condition, Answered | Elapsed):
        return (condition.question,)
    return tuple(dict.fromkeys(name for part in evidence.of for name in _missing(part)))
