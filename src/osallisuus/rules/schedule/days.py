"""Days of a rule: every Tuesday, the second Tuesday of a month, the 15th of May of a year.

As text: ``tue``; ``2tue``, with ``-1tue`` or ``lasttue`` for the last one; ``05-15``.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Final, TypeAlias

from attrs import field

from osallisuus.errors import DefinitionError, did_you_mean
from osallisuus.values import frozen

__all__ = ["WEEKDAYS", "NthWeekday", "OnDay", "Weekday", "YearDay", "day_of", "like", "weekday_of"]

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""The short names of the weekdays; Monday is 0, as in Python and first in an ISO week."""

_NTH = re.compile(r"(-?\d|last)([a-z]{3})", re.ASCII).fullmatch
_YEAR_DAY = re.compile(r"(\d\d)-(\d\d)", re.ASCII).fullmatch
_LEAP_YEAR: Final = 2024


def _weekday(_: object, __: object, value: int) -> None:
    if value not in range(7):
        raise DefinitionError("no such weekday", where="weekday", remedy="0 is Monday, 6 is Sunday")


@frozen
class Weekday:
    """Every such weekday; ``number`` 0 is Monday."""

    number: int = field(validator=_weekday)

    def __str__(self) -> str:
        return WEEKDAYS[self.number]


@frozen
class NthWeekday:
    """The ``nth`` such weekday of a month, 1 to 5; -1 is the last. Some months have no fifth."""

    nth: int = field()
    number: int = field(validator=_weekday)

    @nth.validator
    def _in_a_month(self, _: object, value: int) -> None:
        if value not in (1, 2, 3, 4, 5, -1):
            raise DefinitionError(
                "no month has such a weekday", where="nth", remedy="1 to 5, or -1 for the last"
            )

    def __str__(self) -> str:
        return f"{self.nth}{WEEKDAYS[self.number]}"


@frozen
class YearDay:
    """The same day of every year. The 29th of February is there in leap years only."""

    month: int
    day: int

    def __attrs_post_init__(self) -> None:
        try:
            date(_LEAP_YEAR, self.month, self.day)
        except ValueError:
            impossible = True
        else:
            impossible = False
        if impossible:  # dateutil would look for a 30th of February until the end of time
            raise DefinitionError(
                "no year has such a day", where=str(self), remedy="write month and day as 05-15"
            )

    def __str__(self) -> str:
        return f"{self.month:02}-{self.day:02}"


OnDay: TypeAlias = Weekday | NthWeekday | YearDay


def weekday_of(text: str) -> Weekday:
    """The weekday that is called ``mon`` to ``sun``; :class:`DefinitionError` for another word."""
    if text not in WEEKDAYS:
        raise DefinitionError("no such weekday", where=text, remedy=did_you_mean(text, WEEKDAYS))
    return Weekday(WEEKDAYS.index(text))


def day_of(text: str) -> OnDay:
    """Read ``tue``, ``2tue``, ``-1tue``, ``lasttue`` or ``05-15``.

    >>> str(day_of("2tue")), str(day_of("02-29"))
    ('2tue', '02-29')
    """
    if found := _YEAR_DAY(text):
        return YearDay(int(found[1]), int(found[2]))
    if found := _NTH(text):
        nth = -1 if found[1] == "last" else int(found[1])
        return NthWeekday(nth, weekday_of(found[2]).number)
    return weekday_of(text)


def like(day: date, unit: str) -> OnDay:
    """The day of a week, month or year that *day* is; of a month's fifth weekday, the last."""
    if unit == "week":
        return Weekday(day.weekday())
    if unit == "month":
        nth = (day.day - 1) // 7 + 1
        return NthWeekday(nth if nth < 5 else -1, day.weekday())
    return YearDay(day.month, day.day)
