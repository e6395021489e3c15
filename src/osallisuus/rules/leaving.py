"""Where people stand on leaving, as the European Social Fund asks it, and why each counts or not.

A person leaves with their last exit from a programme and is not asked before (R15). What they say of
themselves is a trait such as ``work_on_leaving``, ``yes``, ``no`` or ``no_answer``, dated from the
day of leaving to four weeks after it (R22): what was said earlier, or later, is not about leaving.
Whoever was not asked, or does not want to answer, is *unknown*; a silence is never a no.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final, Literal, TypeAlias

from osallisuus.model.facts import Fact, Trait
from osallisuus.rules.finding import Rows
from osallisuus.rules.funders import EMPLOYMENT, NO_ANSWER, FundRules, Indicator, Standing, entries
from osallisuus.rules.tables import tables
from osallisuus.time import Period
from osallisuus.values import frozen

__all__ = ["FOUR_WEEKS", "Leaving", "Outcome", "leavings"]

FOUR_WEEKS: Final = timedelta(28)
"""Until so long after the day of leaving an answer is about leaving."""

Outcome: TypeAlias = Literal[
    "yes", "no", "same_on_entry", "no_answer", "entry_not_known", "not_asked", "still_time"
]
"""Of one result of one person. ``same_on_entry``: so, but no result, since they came like that;
``entry_not_known``: so, but nobody recorded how they came; ``still_time``: not asked yet, and the
four weeks are not over."""

_COUNTS: Final[dict[Outcome, bool]] = {"yes": True, "no": False, "same_on_entry": False}
"""All others are unknown."""


@frozen(kw_only=True)
class Leaving:
    """One result of one person who has left: whether it counts, why, and by which fact. INTERNAL."""

    person: str
    indicator: Indicator
    outcome: Outcome
    evidence: str
    left_on: date

    @property
    def counts(self) -> bool | None:
        """Whether it counts as a result; ``None``: it is not known."""
        return _COUNTS.get(self.outcome)


def leavings(
    program: str, facts: Iterable[Fact], *, rules: FundRules, period: Period, on: date
) -> tuple[Leaving, ...]:
    """Every result of *rules* for every participant of *program* who left within *period*.

    They are by the person's id, then in the order of the rules. Facts of the day *on* and later are
    not looked at. The metric :func:`osallisuus.metrics.funders.fund_results` counts the same.
    """
    rows = tables(facts)
    found = []
    for person, of_person in sorted(entries(program, rows).items()):
        counted = [one for one in of_person if one.counts and _before(one.entered_on, on)]
        last = _exit(counted, on)
        if last is None or last.left_on is None or last.left_on not in period:
            continue
        said = _said(rows, person, on)
        entered_on = min(one.entered_on or date.max for one in counted)
        for indicator in rules.results:
            outcome, evidence = _outcome(indicator, said, entered_on, last.left_on, on)
            found.append(
                Leaving(
                    person=person,
                    indicator=indicator,
                    outcome=outcome,
                    evidence=evidence or last.evidence,
                    left_on=last.left_on,
                )
            )
    return tuple(found)


def _exit(counted: list[Standing], on: date) -> Standing | None:
    """The last exit; ``None`` while any entry has not ended."""
    if not counted or not all(_before(one.left_on, on) for one in counted):
        return None
    return max(counted, key=lambda one: (one.left_on or date.min, one.evidence))


def _before(day: date | None, on: date) -> bool:
    return day is not None and day < on


def _said(rows: Rows, person: str, on: date) -> list[Trait]:
    """What a person has said of themselves, in order of time."""
    own = [one for one in rows.get("traits", ()) if one.person == person and one.since < on]
    return sorted(own, key=lambda one: (one.since, one.id))


def _outcome(
    indicator: Indicator, said: list[Trait], entered_on: date, left_on: date, on: date
) -> tuple[Outcome, str | None]:
    """How it is, and the place of the trait that says so."""
    in_time = {
        one.value: f"traits[{one.id}]"
        for one in said
        if one.name == indicator.trait and left_on <= one.since <= left_on + FOUR_WEEKS
    }
    # within the four weeks a result may come about, so that a yes stands beside an earlier no
    for value in indicator.values:
        if value in in_time:
            return _compared(indicator, said, entered_on), in_time[value]
    if "no" in in_time:
        return "no", in_time["no"]
    if NO_ANSWER in in_time:
        return "no_answer", in_time[NO_ANSWER]
    return ("still_time" if on <= left_on + FOUR_WEEKS else "not_asked"), None


def _compared(indicator: Indicator, said: list[Trait], entered_on: date) -> Outcome:
    """What holds on leaving is a result where it is new; the last word by the entry says so."""
    if not indicator.entered:
        return "yes"
    known = [one.value for one in said if one.name == EMPLOYMENT and one.since <= entered_on]
    if not known or known[-1] == NO_ANSWER:
        return "entry_not_known"
    return "yes" if known[-1] in indicator.entered else "same_on_entry"
