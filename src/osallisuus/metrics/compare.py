"""The difference of two figures, where there is one: most pairs of numbers are not comparable.

28 of 41 who took part and 29 of 38 who started are two shares, and their difference is a number;
but it is not a difference between two programmes, since each counts other people (T1, T3, Q13).
:func:`compare` says why two figures cannot be compared, and gives the difference of those that can.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import hypot, sqrt
from typing import Final

from attrs import evolve

from osallisuus.errors import DefinitionError, Problem, UndefinedFigure
from osallisuus.metrics.estimate.proportion import newcombe
from osallisuus.metrics.estimate.special import normal_quantile, tail
from osallisuus.metrics.figure import Figure, Result
from osallisuus.metrics.plain import Measure
from osallisuus.model.program import Program
from osallisuus.model.stated import each

__all__ = ["compare", "stated"]

_REMEDIES: Final = {
    "other_metric": "compare figures of one metric and of one part of it",
    "other_policy": "ask both under the same policies",
    "other_definition": "count both by the same definition",
    "other_denominator": "use the same denominator, as both programmes state it",
    "other_follow_up": "read both at the same time since the start",
    "other_strata": "ask both by the same strata",
    "same_people": "figure.why_changed(previous) splits a difference over time",
}
"""Reason -> what would make the figures comparable. Each reason is also a note with words."""
_BY_TIME: Final = ("aalen_johansen", "kaplan_meier")
_DENOMINATOR: Final = "denominator"


def stated(result: Result, program: Program) -> Result:
    """*result* with the denominator in the words of the programme's own published figures.

    A programme may have published 28 of those who "took part", which is counted here as those who
    started. Where it states one denominator, the policy ``denominator`` of every figure becomes
    that word; where it states none, or several, the result stays as it is.
    """
    words = {figure.denominator for figure in each(program.figures) if figure.denominator}
    policies = result.provenance.policies
    if len(words) != 1 or policies.get(_DENOMINATOR) != "started":
        return result
    provenance = evolve(result.provenance, policies={**policies, _DENOMINATOR: words.pop()})
    figures = tuple(evolve(figure, provenance=provenance) for figure in result)
    return evolve(result, provenance=provenance, figures=figures)


def compare(
    one: Figure, other: Figure, *, force: bool = False, shared: int | None = None
) -> Figure:
    """*one* minus *other*, with its interval, as a figure of its own.

    Two Wilson shares have the interval of Newcombe (1998); others with standard errors
    ``z sqrt(se1^2 + se2^2)``; with intervals only, that of Zou & Donner (2008), which recovers
    the variances from them; a difference of two full counts has none.

    *shared* is how many people are in both. By default they are counted, where both figures lead
    back to their facts; otherwise figures of one programme count as of other people when they are
    of different values of one stratum, or of periods without a day in common.

    A difference of two programmes carries the note ``other_program``: it may as well be one of
    the people who come, or of how things are written down.

    Raises :class:`DefinitionError` with every reason why the difference would mean nothing; with
    *force* it is given all the same and carries the reasons as ``notes``. Units that differ
    cannot be forced, and neither can a hidden or undefined figure: :class:`UndefinedFigure`.
    """
    for figure in (one, other):
        if figure.value is None or figure.status != "shown":
            raise UndefinedFigure(
                f"{figure.provenance.metric}: a figure that is {figure.status} is not compared",
                remedy=figure.reason or "compare figures that show one value",
            )
    if one.measure != other.measure:
        raise DefinitionError(
            f"a {one.measure} and a {other.measure} have no difference",
            where=_where(one, other),
            remedy="compare figures in one unit",
        )
    reasons = list(_reasons(one, other, _shared(one, other) if shared is None else shared))
    if reasons and not force:
        raise DefinitionError(
            Problem(what, _where(one, other), _REMEDIES[code]) for code, what in reasons
        )
    forced = (*(code for code, _ in reasons), "compared_anyway") if reasons else ()
    one, other = _with_program(one), _with_program(other)
    apart = ("other_program",) if one.provenance.program != other.provenance.program else ()
    # what warns of one of the two warns of their difference
    notes = dict.fromkeys((*apart, *forced, *one.notes, *other.notes))
    return evolve(_difference(one, other), notes=tuple(notes))


def _where(one: Figure, other: Figure) -> str:
    names = (f"{figure.provenance.metric}.{figure.name}" for figure in (one, other))
    return f"compare {' and '.join(dict.fromkeys(names))}"


def _with_program(figure: Figure) -> Figure:
    """The figure with its programme, also where nobody had to name it: the store has no other."""
    if figure.provenance.program is not None or figure.origin is None:
        return figure
    programs = figure.origin.programs()
    if len(programs) != 1:
        return figure
    return evolve(figure, provenance=evolve(figure.provenance, program=min(programs)))


def _reasons(one: Figure, other: Figure, shared: int | None) -> Iterator[tuple[str, str]]:
    """Why the figures are not comparable: codes of :data:`_REMEDIES`, and what is different."""
    mine, theirs = one.provenance, other.provenance
    if (mine.metric, one.name) != (theirs.metric, other.name):
        yield "other_metric", f"{mine.metric} and {theirs.metric} ask different questions"
    elif differing := _differing(one, other):
        for name, values in differing.items():
            code = "other_denominator" if name == _DENOMINATOR else "other_policy"
            yield code, f"{name} is {values[0]} in one and {values[1]} in the other"
    elif mine.definition != theirs.definition:
        yield "other_definition", "the figures are counted by different definitions"
    if one.at != other.at or (_is_young(one, other) and _followed(one) != _followed(other)):
        yield "other_follow_up", "people were not followed equally long"
    if one.strata.keys() != other.strata.keys():
        yield "other_strata", "the strata do not say the same of people"
    if shared or (shared is None and not _are_apart(one, other)):
        yield "same_people", "the same people may be in both"


def _shared(one: Figure, other: Figure) -> int | None:
    """How many people are in both; ``None`` where that cannot be counted."""
    if one.origin is None or other.origin is None:
        return None
    mine, theirs = ({case.person for case in figure.facts()} for figure in (one, other))
    return None if None in mine | theirs else len(mine & theirs)


def _differing(one: Figure, other: Figure) -> dict[str, tuple[str, str]]:
    """The policies that are chosen otherwise in the other figure."""
    mine, theirs = one.provenance.policies, other.provenance.policies
    return {
        name: (mine.get(name, "not chosen"), theirs.get(name, "not chosen"))
        for name in sorted({*mine, *theirs})
        if mine.get(name) != theirs.get(name)
    }


def _is_young(one: Figure, other: Figure) -> bool:
    """Whether somebody is still on the way, so that time will change a figure."""
    return any(figure.censored or figure.method in _BY_TIME for figure in (one, other))


def _followed(figure: Figure) -> object:
    """For how long people can have been followed: since their period began, or up to a day."""
    as_of, period = figure.provenance.as_of, figure.period
    if period is None:
        return as_of
    return (as_of - period.starts_on).days, period.days


def _are_apart(one: Figure, other: Figure) -> bool:
    programs = {one.provenance.program, other.provenance.program}
    if len(programs) == 2 and None not in programs:
        return True
    if any(other.strata.get(name, value) != value for name, value in one.strata.items()):
        return True
    if one.period is None or other.period is None or one.provenance.kind == "count":
        return False
    mine, theirs = one.period, other.period
    return mine.ends_on <= theirs.starts_on or theirs.ends_on <= mine.starts_on


def _difference(one: Figure, other: Figure) -> Figure:
    units: dict[Measure, Measure] = {"proportion": "difference", "mean": "change"}
    low, high, method = _interval(one, other)
    errors = (one.std_err, other.std_err)
    same = one.provenance.definition == other.provenance.definition
    return Figure(
        name=one.name,
        measure=units.get(one.measure, one.measure),
        provenance=evolve(
            one.provenance,
            kind="comparison",
            definition=one.provenance.definition if same else "",
        ),
        strata={
            name: value
            for name, value in one.strata.items()
            if (name, value) in other.strata.items()
        },
        period=one.period if one.period == other.period else None,
        at=one.at if one.at == other.at else None,
        value=float(one) - float(other),
        low=low,
        high=high,
        std_err=None if None in errors else hypot(*(error or 0.0 for error in errors)),
        method=method,
        difference_of=(evolve(one, origin=None), evolve(other, origin=None)),
    )


def _interval(one: Figure, other: Figure) -> tuple[float | None, float | None, str]:
    value, confidence = float(one) - float(other), one.provenance.confidence
    shares = [(figure.k, figure.n) for figure in (one, other) if figure.method == "wilson"]
    if len(shares) == 2 and all(k is not None and n for k, n in shares):
        (k1, n1), (k2, n2) = ((k or 0, n or 0) for k, n in shares)
        found = newcombe(k1, n1, k2, n2, confidence)
        return (*(found or (None, None)), "newcombe")
    if one.std_err is not None and other.std_err is not None:
        reach = normal_quantile(1 - tail(confidence)) * hypot(one.std_err, other.std_err)
        return value - reach, value + reach, "difference"
    bounds = (one.low, one.high, other.low, other.high)
    if confidence != other.provenance.confidence or any(bound is None for bound in bounds):
        return None, None, "count" if one.method == other.method == "count" else "difference"
    low1, high1, low2, high2 = (bound or 0.0 for bound in bounds)
    first, second = float(one), float(other)
    low = value - sqrt((first - low1) ** 2 + (high2 - second) ** 2)
    return low, value + sqrt((high1 - first) ** 2 + (second - low2) ** 2), "difference"
