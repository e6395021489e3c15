"""Days, periods, calendar months, partial dates and the injected clock.

Everything is half-open: a period ``[starts_on, ends_on)`` holds its first day and not its last, so
that neighbouring periods share no day and no ``+ 1`` is ever needed (rule H of the metric rules).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Final

from attrs import field

from osallisuus.errors import DefinitionError, did_you_mean
from osallisuus.values import frozen

__all__ = [
    "YEARS",
    "Clock",
    "PartialDate",
    "Period",
    "add_months",
    "split_periods",
]

Clock = Callable[[], datetime]
"""Gives the present as an aware ``datetime``. Only the edges of the library call one."""

YEARS: Final = range(1000, 9000)
"""The years of days that people give, in facts and in questions.

Beyond them no calendar goes far enough to count days from one. A last day "9999-12-31" means that
there is none, and is left empty here.
"""

_SEASONS = {"winter": (1, 3), "spring": (3, 3), "summer": (6, 3), "autumn": (9, 3)}
_PARTIAL = re.compile(r"(\d{4})(?:-(?:(\d{2})(?:-(\d{2}))?|([a-z]+)))?")


def add_months(day: date, months: int) -> date:
    """*day* plus calendar *months*, clamped to the end of a shorter month.

    >>> add_months(date(2023, 10, 31), 4)
    datetime.date(2024, 2, 29)
    """
    # imported here, since few uses of the library need it
    from dateutil.relativedelta import relativedelta

    return day + relativedelta(months=months)


@frozen(order=True)
class Period:
    """The days from ``starts_on`` up to, and not including, ``ends_on``."""

    starts_on: date
    ends_on: date = field()

    @ends_on.validator
    def _not_before_start(self, _: object, value: date) -> None:
        if type(value) is not date or type(self.starts_on) is not date:
            raise DefinitionError(
                "a period is from one day to another",
                where="Period",
                remedy="give two dates; Period.parse reads a text",
            )
        if value < self.starts_on:
            raise DefinitionError(
                "a period ends before it starts", where=str(self), remedy="swap its two days"
            )

    def __contains__(self, day: date) -> bool:
        return self.starts_on <= day < self.ends_on

    def __str__(self) -> str:
        return f"{self.starts_on}..{self.ends_on}"

    @property
    def days(self) -> int:
        """How many days the period holds."""
        return (self.ends_on - self.starts_on).days

    @classmethod
    def parse(cls, text: str) -> Period:
        """Read ``FROM..TO``, two ISO days, the second not included."""
        try:
            first, last = text.split("..")
            days = date.fromisoformat(first), date.fromisoformat(last)
        except ValueError:
            days = None
        if days is None:
            raise DefinitionError(
                "not a period", where=text, remedy="write FROM..TO, such as 2018-01-01..2019-01-01"
            )
        return cls(*days)


@frozen(order=True)
class PartialDate:
    """A day known only to its year, season, month or day, as sources write it.

    >>> PartialDate.parse("2013-12").period.days
    31
    >>> str(PartialDate.parse("2017-spring"))
    '2017-spring'
    """

    year: int
    month: int | None = None
    day: int | None = None
    season: str | None = None

    @classmethod
    def parse(cls, text: str) -> PartialDate:
        """Read ``2017``, ``2017-spring``, ``2013-12`` or ``2017-01-25``."""
        found = _PARTIAL.fullmatch(text)
        season = found[4] if found else None
        if found is None or (season is not None and season not in _SEASONS):
            raise DefinitionError(
                "not a date",
                where=text,
                remedy="write a year, year-season, year-month or year-month-day"
                if season is None
                else did_you_mean(season, _SEASONS),
            )
        year = int(found[1])
        month, day = (int(part) if part else None for part in found.group(2, 3))
        try:
            date(year, month or 1, day or 1)
        except ValueError:
            impossible = True
        else:
            impossible = False
        if impossible:
            raise DefinitionError("no such day", where=text, remedy="check month and day")
        if year not in YEARS:
            raise DefinitionError(
                "too far from our time",
                where=text,
                remedy="leave out an end that is open; else give a year from"
                f" {YEARS[0]} to {YEARS[-1]}",
            )
        return cls(year, month, day, season)

    @property
    def period(self) -> Period:
        """All days that the date may mean. Winter is January to March."""
        if self.season is not None:
            month, length = _SEASONS[self.season]
        else:
            month, length = (self.month, 1) if self.month else (1, 12)
        first = date(self.year, month, self.day or 1)
        return Period(first, first + timedelta(1) if self.day else add_months(first, length))

    def __str__(self) -> str:
        if self.season is not None:
            return f"{self.year:04}-{self.season}"
        parts = [f"{self.year:04}"] + [f"{part:02}" for part in (self.month, self.day) if part]
        return "-".join(parts)


_STEPS = {"yearly": 12, "quarterly": 3, "monthly": 1}


def split_periods(how: str, whole: Period) -> tuple[Period, ...]:
    """Calendar periods that together cover *whole*: ``yearly``, ``quarterly`` or ``monthly``."""
    if how not in _STEPS:
        raise DefinitionError("unknown periods", where=how, remedy=did_you_mean(how, _STEPS))
    months = _STEPS[how]
    first = date(whole.starts_on.year, (whole.starts_on.month - 1) // months * months + 1, 1)
    periods = []
    while first < whole.ends_on:
        after = add_months(first, months)
        periods.append(Period(first, after))
        first = after
    return tuple(periods)
