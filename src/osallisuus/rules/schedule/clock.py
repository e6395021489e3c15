"""From wall-clock time to a moment: what happens in the nights in which the clocks are changed.

In Helsinki 03:30 does not exist in the last night of summer time's beginning, and is there twice
in the night of its end. Neither is guessed: unless a policy says what is meant, both are refused.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

from osallisuus.errors import DefinitionError
from osallisuus.rules.schedule.timetable import FoldPolicy, GapPolicy

__all__ = ["ClockChange", "changes", "local_moment", "nights"]

ClockChange: TypeAlias = Literal["clock_gap", "clock_fold"]


@lru_cache(maxsize=1024)
def changes(zone: ZoneInfo, year: int) -> tuple[datetime, ...]:
    """The moments of *year*, in UTC, at which the clocks of *zone* are changed."""
    found = []
    begin = datetime(year, 1, 1, tzinfo=UTC)
    while begin.year == year:
        end = begin + timedelta(1)
        if _offset(begin, zone) != _offset(end, zone):
            found.append(_between(begin, end, zone))
        begin = end
    return tuple(found)


def _offset(moment: datetime, zone: ZoneInfo) -> timedelta | None:
    return moment.astimezone(zone).utcoffset()


def _between(low: datetime, high: datetime, zone: ZoneInfo) -> datetime:
    """The first second after *low* with another offset."""
    before = _offset(low, zone)
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=(high - low) // timedelta(seconds=2))
        low, high = (middle, high) if _offset(middle, zone) == before else (low, middle)
    return high


@lru_cache(maxsize=1024)
def nights(zone: ZoneInfo, year: int) -> frozenset[date]:
    """The days of *year* on which a clock time may be skipped or shown twice."""
    around = (
        change.astimezone(zone).date() + timedelta(days)
        for near in (year - 1, year, year + 1)
        for change in changes(zone, near)
        for days in (-1, 0, 1)
    )
    return frozenset(day for day in around if day.year == year)


def local_moment(
    day: date, at: time, zone: ZoneInfo, gap: GapPolicy, fold: FoldPolicy
) -> tuple[datetime, ClockChange | None]:
    """*at* on *day* in *zone*, and whether the clocks are changed just then.

    A skipped time goes ``forward`` by as much as is skipped: 03:30 becomes 04:30. Raises
    :class:`DefinitionError` where the policy is to refuse.
    """
    moment = datetime.combine(day, at, zone)
    later = moment.replace(fold=1)
    # before a gap the later reading has the larger offset, in a repeated hour the smaller one
    first, second = zone.utcoffset(moment), zone.utcoffset(later)
    if first is None or second is None or first == second:
        return moment, None
    if first < second:
        if gap == "forward":
            return moment.astimezone(UTC).astimezone(zone), "clock_gap"
        raise DefinitionError(
            "the clocks skip this time", where=_place(moment), remedy="gap=forward moves it on"
        )
    if fold == "refuse":
        raise DefinitionError(
            "the clocks show this time twice",
            where=_place(moment),
            remedy="fold=first or fold=second says which is meant",
        )
    return (moment if fold == "first" else later), "clock_fold"


def _place(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M}[{moment.tzinfo}]"
