"""When reports to funders are due: the calendar that a programme's duty to report makes.

Three times a year is every four months, counted from January (Y25); a year is a calendar year. A
yearly report to STEA is due by the end of March of the next year (requirement U23; the day is usual
and to be checked each year). For other funders no source says by which day, so the report is due
when its period is over.

That a report was sent is an observation whose measure is ``report_sent.<code of the duty>``; that a
community has seen its own figures is one of the measure ``shown_to_community``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Final

from osallisuus.model.arrangements import ReportDuty
from osallisuus.model.cadence import Exactly, Rate
from osallisuus.model.facts import Observation
from osallisuus.model.program import Program
from osallisuus.model.stated import each
from osallisuus.time import Period, add_months
from osallisuus.values import frozen

__all__ = ["SENT", "SHOWN", "DueReport", "due_reports", "report_periods", "was_shown"]

SENT: Final = "report_sent."
"""What the measure of an observation begins with that says on which day a report was sent."""

SHOWN: Final = "shown_to_community"
"""The measure of an observation of the day on which a community saw its own figures."""

_FRESH: Final = timedelta(days=31)
"""What was shown so long before the day of a report is not about the same figures any more."""
_MONTHS: Final = {"month": 1, "year": 12}
_STEA_DUE: Final = (3, 31)


@frozen(kw_only=True)
class DueReport:
    """One report: its duty, the period that it is about, the last day for it, and when it was sent.

    ``sent_on`` is ``None`` where nobody has recorded it. A report sent after the next period has
    ended is taken for that one's.
    """

    duty: ReportDuty
    period: Period
    due_on: date
    sent_on: date | None = None


def report_periods(duty: ReportDuty, within: Period) -> tuple[Period, ...]:
    """The whole periods of *duty* that end within *within*, by the calendar year, oldest first.

    Nothing where the duty's cadence is not stated or is a range or an interval, since then nobody
    can say which months a report is about; and where a year does not divide into that many whole
    months.
    """
    months = _months_of(duty)
    if months is None:
        return ()
    found = []
    first = date(within.starts_on.year, 1, 1)
    while (end := add_months(first, months)) <= within.ends_on:
        if end > within.starts_on:
            found.append(Period(first, end))
        first = end
    return tuple(found)


def due_reports(
    program: Program, observations: Iterable[Observation], *, since: date, on: date
) -> tuple[DueReport, ...]:
    """Every report of *program* whose period is over on the day *on*, oldest first.

    *since* is the first day of which there is something to report.
    """
    own = [one for one in observations if one.program == program.name]
    return tuple(
        report
        for duty in each(program.reports)
        for report in _of_duty(duty, own, since=since, on=on)
    )


def was_shown(program: str, observations: Iterable[Observation], *, as_of: date) -> bool:
    """Whether the community of *program* has seen its figures as of a day, or of the month before.

    Requirements Y26 and U15: «tiedotettiin tunnusluvuista ja kokemuksista mm. yhteisökokoukset».
    """
    return any(
        one.measure == SHOWN and one.program == program and one.observed_on >= as_of - _FRESH
        for one in observations
    )


def _months_of(duty: ReportDuty) -> int | None:
    cadence = duty.cadence
    if isinstance(cadence, Rate) and cadence.min == cadence.max:
        unit, count = cadence.per, cadence.max
    elif isinstance(cadence, Exactly):
        unit, count = cadence.every, 1
    else:
        return None
    months = _MONTHS.get(unit, 0)
    return months // count if months and months % count == 0 else None


def _of_duty(
    duty: ReportDuty, own: list[Observation], *, since: date, on: date
) -> Iterator[DueReport]:
    sent = sorted(one.observed_on for one in own if one.measure == f"{SENT}{duty.code}")
    periods = report_periods(duty, Period(since, on)) if since < on else ()
    for place, period in enumerate(periods):
        later = periods[place + 1].ends_on if place + 1 < len(periods) else date.max
        days = [day for day in sent if period.ends_on <= day < later and day <= on]
        yield DueReport(
            duty=duty,
            period=period,
            due_on=_due_on(duty, period),
            sent_on=days[0] if days else None,
        )


def _due_on(duty: ReportDuty, period: Period) -> date:
    last = period.ends_on - timedelta(1)
    if duty.to == "stea" and _months_of(duty) == _MONTHS["year"]:
        return date(last.year + 1, *_STEA_DUE)
    return last
