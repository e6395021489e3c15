"""What a person adds to a cadence: days, clock time, length, room, facilitators."""

from __future__ import annotations

from datetime import date, time
from typing import Final, Literal, TypeAlias, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from attrs import Attribute, field
from attrs.validators import optional

from osallisuus.errors import DefinitionError
from osallisuus.given import given_whole, given_word
from osallisuus.rules.schedule.days import OnDay, Weekday
from osallisuus.values import frozen

__all__ = ["FoldPolicy", "GapPolicy", "Timetable", "zone_of"]

GapPolicy: TypeAlias = Literal["refuse", "forward"]
"""What becomes of a clock time that a night in spring skips."""

FoldPolicy: TypeAlias = Literal["refuse", "first", "second"]
"""Which of two is meant by a clock time that a night in autumn has twice."""

_WORKDAYS: Final = tuple(Weekday(number) for number in range(5))
_LONGEST: Final = 10_080
"""Minutes of a week, as in the facts."""


def zone_of(name: str) -> ZoneInfo:
    """The time zone of that name; :class:`DefinitionError` when there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        pass
    raise DefinitionError(
        "no such time zone", where="zone", remedy="write a name such as Europe/Helsinki"
    )


def _minutes(_: object, attribute: Attribute[int], value: int) -> None:
    given_whole(value, attribute.name, 0 if attribute.name == "break_minutes" else 1, _LONGEST)


def _policy(_: object, attribute: Attribute[str], value: str) -> None:
    given_word(
        value, attribute.name, get_args({"gap": GapPolicy, "fold": FoldPolicy}[attribute.name])
    )


def _whole_minute(_: object, attribute: Attribute[time], value: time) -> None:
    if value.second or value.microsecond or value.tzinfo is not None:
        raise DefinitionError(
            "not a plain clock time", where=attribute.name, remedy="hours and minutes, no zone"
        )


@frozen(kw_only=True)
class Timetable:
    """When and where sessions are held, as far as the cadence leaves it open.

    ``None`` is not stated: sessions without ``at`` are whole days, those without ``minutes`` have
    no end, and one whose ``break_minutes`` nobody knows has no net length (W20).
    """

    on: tuple[OnDay, ...] = ()
    """Days of the unit; as many of them as are chosen of a range. Empty: the day of the start."""
    every: int | None = field(default=None)
    """The chosen step of a cadence such as every one to two weeks."""
    at: time | None = field(default=None, validator=optional(_whole_minute))
    zone: str = field(default="Europe/Helsinki")
    minutes: int | None = field(default=None, validator=optional(_minutes))
    """From beginning to end, breaks included; not stated: as the cadence says."""
    break_minutes: int | None = field(default=None, validator=optional(_minutes))
    """All breaks together; 0 where there is none."""
    room: str | None = None
    facilitators: tuple[str, ...] = ()
    """Ids, never names."""
    gap: GapPolicy = field(default="refuse", validator=_policy)
    fold: FoldPolicy = field(default="refuse", validator=_policy)
    move_to: tuple[Weekday, ...] = _WORKDAYS
    """Weekdays on which a moved session may be held."""
    taken: tuple[date, ...] = ()
    """Days of another series: no session is moved to them, though the rule may fall on them."""

    def __attrs_post_init__(self) -> None:
        zone_of(self.zone)
        if len(set(self.on)) != len(self.on):
            raise DefinitionError("a day is named twice", where="on", remedy="name it once")
        if self.minutes is not None and (self.break_minutes or 0) >= self.minutes:
            raise DefinitionError(
                "the breaks are as long as the session",
                where="break_minutes",
                remedy="minutes are the whole length, breaks included",
            )
