"""What a caller gives: days, periods, numbers and words, judged before anything is made of them.

Callers without types pass texts, moments, halves and numbers that are none. What would be compared
with them later fails at a place that says nothing, or gives an answer to another question. Each
check here gives the value back or raises :class:`~osallisuus.errors.DefinitionError` with *where*,
the name of the argument.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from osallisuus.errors import DefinitionError, did_you_mean
from osallisuus.time import YEARS, Period

__all__ = ["given_day", "given_number", "given_period", "given_whole", "given_word"]


def given_day(value: object, where: str = "on") -> date:
    """*value* itself, where it is a day (and no moment) in :data:`osallisuus.time.YEARS`."""
    if type(value) is not date:
        what, remedy = f"{where} is not a day", "give a date, such as date(2018, 12, 31)"
    elif value.year not in YEARS:
        what, remedy = "too far from our time", f"give a year from {YEARS[0]} to {YEARS[-1]}"
    else:
        return value
    raise DefinitionError(what, where=where, remedy=remedy)


def given_period(value: object, where: str = "period") -> Period:
    """*value* itself, where it is a period of days as :func:`given_day` takes them."""
    if not isinstance(value, Period):
        raise DefinitionError(
            f"{where} is not a period",
            where=where,
            remedy="give a Period, such as Period(date(2018, 1, 1), date(2019, 1, 1))",
        )
    given_day(value.starts_on, where)
    given_day(value.ends_on, where)
    return value


def given_whole(value: object, where: str, least: int, most: int) -> int:
    """*value* itself, where it is a whole number from *least* to *most*."""
    if type(value) is int and least <= value <= most:
        return value
    raise DefinitionError(
        f"{where} is not a whole number that is possible",
        where=where,
        remedy=f"give {least} to {most}",
    )


def given_number(value: object, where: str, least: float, most: float) -> float:
    """*value* itself, where it is a number from *least* to *most*; "not a number" is none."""
    if type(value) in (int, float) and least <= value <= most:  # type: ignore[operator]
        return value  # type: ignore[return-value]
    raise DefinitionError(
        f"{where} is not a number that is possible", where=where, remedy=f"give {least} to {most}"
    )


def given_word(value: object, where: str, known: Iterable[str]) -> str:
    """*value* itself, where it is one of the *known* words."""
    words = list(known)
    if isinstance(value, str) and value in words:
        return value
    raise DefinitionError(
        f"{where} is none of the words that are known here",
        where=where,
        remedy=did_you_mean(value if isinstance(value, str) else "", words),
    )
