"""Scoring a form: from answers to the value of a scale, or the reason why there is none.

A missing answer is never a 0. How many answers may be missing is the instrument's rule, or the
caller's where the instrument's sources do not say; the mean of the given answers then stands in
for the others, and the result says that it is partial. An instrument that is meant for groups
gives nobody a number: whole groups are scored by :func:`score_group`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import ClassVar, Literal, TypeAlias

from osallisuus.errors import DefinitionError, ImportProblem, Problem, did_you_mean
from osallisuus.model import facts
from osallisuus.model.instruments import REGISTRY, Instrument
from osallisuus.model.scales import Scale
from osallisuus.values import frozen

__all__ = [
    "FEWEST_FORMS",
    "Completeness",
    "GroupScore",
    "Missing",
    "NotComputable",
    "Outcome",
    "Partial",
    "Reason",
    "Score",
    "answers_on",
    "needed_answers",
    "score",
    "score_group",
]

Missing: TypeAlias = Literal["complete"] | int
"""The rule for missing answers: all items, or at least so many of them."""

Completeness: TypeAlias = Literal["complete", "partial", "not_computable"]
"""How much of a scale was answered: a column of the fact table ``scores``."""

Reason: TypeAlias = Literal[
    "no_weight",
    "group_level_only",
    "licence_needed",
    "no_scoring",
    "no_answers",
    "too_few_answers",
    "too_few_forms",
]
"""Why there is no value."""

FEWEST_FORMS = 5
"""A group of fewer forms is no group: its mean would be close to the answers of each."""


@frozen(kw_only=True)
class Outcome:
    """What all outcomes say: of which scale, how many of its items were answered, by what right."""

    completeness: ClassVar[Completeness]

    instrument: str
    scale: str
    answered: int
    items: int
    license_note: str = ""
    source: str = ""

    def fact(self, fact_id: str, assessment: str) -> facts.Score:
        """The record of this outcome for the fact table ``scores``; without a value, no 0."""
        return facts.Score(
            id=fact_id,
            assessment=assessment,
            scale=self.scale,
            value=getattr(self, "value", None),
            completeness=self.completeness,
        )


@frozen(kw_only=True)
class Score(Outcome):
    """The value of a scale all of whose items were answered, or skipped as the form says."""

    completeness: ClassVar[Completeness] = "complete"

    value: float
    band: str | None = None
    """The code of the band that the value is in, where the scale has bands."""


@frozen(kw_only=True)
class Partial(Outcome):
    """A value in which the mean of the given answers stands in for those that are missing."""

    completeness: ClassVar[Completeness] = "partial"

    value: float
    band: str | None = None


@frozen(kw_only=True)
class NotComputable(Outcome):
    """No value, and why; it is recorded as such and never as a 0."""

    completeness: ClassVar[Completeness] = "not_computable"

    reason: Reason


@frozen(kw_only=True)
class GroupScore:
    """The mean of a scale over the forms of a whole group; no single form can be told from it."""

    instrument: str
    scale: str
    mean: float
    forms: int
    left_out: int
    """Forms with fewer answers than the rule asks for."""
    license_note: str = ""
    source: str = ""


def score(
    instrument: str | Instrument,
    answers: Mapping[str, int | None],
    *,
    scale: str = "total",
    missing: Missing | None = None,
    licence: str = "",
) -> Score | Partial | NotComputable:
    """The value of a *scale* from one person's *answers*: item code -> points, or ``None``.

    *missing* is how many answers are needed; by default the instrument's own rule. *licence* is
    the text of a licence that allows a scale which our sources do not (a total of a Star).

    Raises :class:`DefinitionError` for an unknown instrument or scale, and where neither the
    instrument nor the caller states a rule for missing answers; :class:`ImportProblem` for
    answers that the form does not offer, all at once.
    """
    known = _known(instrument)
    if not known.scales:
        return _refused(known, scale, "no_scoring")
    if known.allowed_level == "group":
        return _refused(known, scale, "group_level_only")
    wanted = known.scale(scale)
    if wanted.licensed and not licence.strip():
        return _refused(known, scale, "licence_needed", wanted)
    needed = needed_answers(known, wanted, missing)
    points = _points(known, wanted, answers)
    if len(points) < needed or not points:
        reason: Reason = "too_few_answers" if points else "no_answers"
        return _refused(known, scale, reason, wanted, len(points))
    value = wanted.value(sum(points), len(points))
    band = wanted.band(value)
    kind = Score if len(points) == len(wanted.items) else Partial
    return kind(
        instrument=known.code,
        scale=scale,
        answered=len(points),
        items=len(wanted.items),
        license_note=known.license_note,
        source=known.source or "",
        value=float(value),
        band=None if band is None else band.code,
    )


def score_group(
    instrument: str | Instrument,
    forms: Iterable[Mapping[str, int | None]],
    *,
    missing: Missing,
    scale: str = "total",
    fewest: int = FEWEST_FORMS,
) -> GroupScore | NotComputable:
    """The mean of a *scale* over the *forms* of a group, with no number for any one of them.

    *missing* has no default here: a mean depends on which forms are left out. Fewer than *fewest*
    forms with enough answers give :class:`NotComputable`. Errors as in :func:`score`.
    """
    known = _known(instrument)
    if not known.scales:
        return _refused(known, scale, "no_scoring")
    wanted = known.scale(scale)
    if wanted.licensed:
        return _refused(known, scale, "licence_needed", wanted)
    needed = needed_answers(known, wanted, missing)
    each = [_points(known, wanted, answers) for answers in forms]
    values = [wanted.value(sum(p), len(p)) for p in each if p and len(p) >= needed]
    if len(values) < max(fewest, FEWEST_FORMS):
        return _refused(known, scale, "too_few_forms", wanted)
    return GroupScore(
        instrument=known.code,
        scale=scale,
        mean=float(sum(values, Fraction(0)) / len(values)),
        forms=len(values),
        left_out=len(each) - len(values),
        license_note=known.license_note,
        source=known.source or "",
    )


def answers_on(form: str, answers: Iterable[facts.Answer]) -> dict[str, int | None]:
    """Item -> points of the *answers* on one *form*, as :func:`score` takes them.

    An answer without a number, such as a refusal to answer, is missing. Raises
    :class:`ImportProblem` where an item is answered twice or not in whole points.
    """
    found: dict[str, int | None] = {}
    for answer in answers:
        if answer.form != form:
            continue
        whole = answer.number is None or answer.number == int(answer.number)
        if answer.item in found or not whole:
            raise ImportProblem(
                "an item of a form is answered twice, or not in whole points",
                where=f"answers.{answer.item}",
                remedy="keep one answer to each item, a whole number or none",
            )
        found[answer.item] = None if answer.number is None else int(answer.number)
    return found


def needed_answers(instrument: Instrument, scale: Scale, missing: Missing | None) -> int:
    """How many answers a scale needs by the rule *missing*, or by the instrument's own.

    Raises :class:`DefinitionError` where neither is stated, and for a number that cannot be.
    """
    rule = instrument.missing_rule if missing is None else missing
    if rule is None:
        raise DefinitionError(
            f"the sources of {instrument.code} do not say how many answers may be missing",
            where="missing",
            remedy='say how many answers are needed, or "complete" for all of them',
        )
    if rule == "complete":
        return len(scale.items)
    if type(rule) is not int or not 1 <= rule <= len(scale.items):
        raise DefinitionError(
            "not a rule for missing answers",
            where="missing",
            remedy=f'"complete", or a number of items from 1 to {len(scale.items)}',
        )
    return rule


def _known(instrument: str | Instrument) -> Instrument:
    if isinstance(instrument, Instrument):
        return instrument
    if instrument not in REGISTRY:
        raise DefinitionError(
            "no such instrument", where="instrument", remedy=did_you_mean(instrument, REGISTRY)
        )
    return REGISTRY[instrument]


def _points(
    instrument: Instrument, scale: Scale, answers: Mapping[str, int | None]
) -> tuple[int, ...]:
    """The points of those items of the scale that have an answer, or that the form skips."""
    offered = {item.code: item.points for item in instrument.items}
    wrong = [
        Problem(
            "no such item" if code not in offered else "an answer that the item does not offer",
            f"{instrument.code}.{code if code in offered else '(item)'}",
            did_you_mean(code, offered)
            if code not in offered
            else f"points {', '.join(map(str, offered[code]))}, or None where it is missing",
        )
        for code, points in answers.items()
        if code not in offered or (points is not None and points not in offered[code])
    ]
    if wrong:
        raise ImportProblem(wrong)
    given = {code: points for code, points in answers.items() if points is not None}
    for skip in instrument.skips:
        if all(given.get(code) == 0 for code in skip.when):
            given = dict.fromkeys(skip.items, 0) | given
    return tuple(given[code] for code in scale.items if code in given)


def _refused(
    instrument: Instrument,
    scale: str,
    reason: Reason,
    wanted: Scale | None = None,
    answered: int = 0,
) -> NotComputable:
    return NotComputable(
        instrument=instrument.code,
        scale=scale,
        answered=answered,
        items=0 if wanted is None else len(wanted.items),
        license_note=instrument.license_note,
        source=instrument.source or "",
        reason=reason,
    )
