"""How often something happens: an exact number, a rate, an interval, or as needed.

Sources promise meetings in four ways that are not the same (Q10), so each is its own type::

    Exactly(8, "week", duration=240)   eight times, weekly, 4 hours each (W20)
    Rate(1, 2, "week")                 1–2 times a week (V7)
    Every(1, 2, "week")                every 1–2 weeks (V13)
    AsNeeded()                         as needed (K7)

In TOML each is a table with its ``kind``: ``{kind = "rate", min = 1, max = 2, per = "week"}``.
How long a programme lasts (:class:`Length`) is stated apart from its sessions (Q11).
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import ClassVar, Final, Literal, TypeAlias, get_args

from attrs import Attribute, field
from attrs.validators import optional

from osallisuus.errors import DefinitionError
from osallisuus.given import given_whole, given_word
from osallisuus.time import Period, add_months
from osallisuus.values import frozen

__all__ = [
    "AsNeeded",
    "Cadence",
    "Every",
    "Exactly",
    "Length",
    "Rate",
    "Unit",
    "promised",
    "step",
    "whole_units",
]

Unit: TypeAlias = Literal["day", "week", "month", "year"]

_DAYS = {"day": 1, "week": 7}
_MONTHS = {"month": 1, "year": 12}
_CENTURY = {"day": 36_525, "week": 5_218, "month": 1_200, "year": 100}
"""A hundred years in each unit: longer than anything here lasts, and no calendar runs out of days."""


def step(day: date, count: int, unit: Unit) -> date:
    """*day* plus *count* units; months and years by calendar, clamped to shorter months."""
    if unit in _DAYS:
        return day + timedelta(count * _DAYS[unit])
    return add_months(day, count * _MONTHS[unit])


def whole_units(period: Period, unit: Unit) -> int:
    """How many whole units fit into *period*: 17 weeks into four months (vector T11)."""
    if unit in _DAYS:
        return period.days // _DAYS[unit]
    first, after = period.starts_on, period.ends_on
    months = (after.year - first.year) * 12 + after.month - first.month
    while add_months(first, months) > after:
        months -= 1
    return months // _MONTHS[unit]


_MOST: Final = 1_000_000
"""Times or minutes: more than anybody means."""


def _positive(_: object, attribute: Attribute[int], value: int) -> None:
    given_whole(value, attribute.name, 1, _MOST)


def _from_min_to_max(
    instance: Rate | Every | Length, attribute: Attribute[int], value: int
) -> None:
    _positive(instance, attribute, value)
    if value < instance.min:
        raise DefinitionError("max is below min", where="max", remedy="swap min and max")


def _within_a_century(instance: Every | Length, attribute: Attribute[int], value: int) -> None:
    _from_min_to_max(instance, attribute, value)
    most = _CENTURY.get(instance.unit, _MOST)
    if value > most:
        raise DefinitionError(
            "longer than a hundred years",
            where="max",
            remedy=f"give at most {most} {instance.unit}s",
        )


def _unit(_: object, attribute: Attribute[Unit], value: Unit) -> None:
    given_word(value, attribute.name, get_args(Unit))


@frozen
class Exactly:
    """``count`` times, one in every unit. ``duration``: minutes of each, breaks included."""

    kind: ClassVar[Literal["exactly"]] = "exactly"
    count: int = field(validator=_positive)
    every: Unit = field(validator=_unit)
    duration: int | None = field(default=None, validator=optional(_positive))

    @property
    def span_days(self) -> int | None:
        """Days from the first to the last time, where days or weeks part them (vector T10: 49)."""
        return (self.count - 1) * _DAYS[self.every] if self.every in _DAYS else None


@frozen
class Rate:
    """``min`` to ``max`` times in each unit, such as once or twice a week. Says no weekday."""

    kind: ClassVar[Literal["rate"]] = "rate"
    min: int = field(validator=_positive)
    max: int = field(validator=_from_min_to_max)
    per: Unit = field(validator=_unit)

    def promised(self, units: int) -> tuple[int, int]:
        """The fewest and most times in that many whole units: 17–34 in 17 weeks (T11)."""
        return self.min * units, self.max * units


@frozen
class Every:
    """Once in every ``min`` to ``max`` units, such as every one to two weeks: an interval."""

    kind: ClassVar[Literal["every"]] = "every"
    min: int = field(validator=_positive)
    max: int = field(validator=_within_a_century)
    unit: Unit = field(validator=_unit)

    def promised(self, units: int) -> tuple[int, int]:
        """The fewest and most times in that many whole units: 26–52 in 52 weeks (T11)."""
        return units // self.max, units // self.min


@frozen
class AsNeeded:
    """Whenever somebody needs it. It promises no number, so none can be missed."""

    kind: ClassVar[Literal["as_needed"]] = "as_needed"


Cadence: TypeAlias = Exactly | Rate | Every | AsNeeded


def promised(cadence: Cadence, period: Period) -> tuple[int, int] | None:
    """The fewest and most times that *cadence* promises in the whole units of *period*.

    ``None`` where it promises nothing (:class:`AsNeeded`). An exact number is promised as a whole,
    however long the period is.
    """
    if isinstance(cadence, AsNeeded):
        return None
    if isinstance(cadence, Exactly):
        return cadence.count, cadence.count
    unit = cadence.per if isinstance(cadence, Rate) else cadence.unit
    return cadence.promised(whole_units(period, unit))


@frozen
class Length:
    """How long something lasts by its own words: two months, or four to five years (Y15).

    A hundred years at most.
    """

    min: int = field(validator=_positive)
    max: int = field(validator=_within_a_century)
    unit: Unit = field(validator=_unit)

    def ends(self, start: date) -> tuple[date, date]:
        """The earliest and latest day after the end, of something that starts on *start*."""
        return step(start, self.min, self.unit), step(start, self.max, self.unit)

    def __str__(self) -> str:
        numbers = f"{self.min}" if self.min == self.max else f"{self.min}–{self.max}"
        return f"{numbers} {self.unit}{'s' if self.max > 1 else ''}"
