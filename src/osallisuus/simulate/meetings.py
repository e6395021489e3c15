"""Sessions as the cadence of the programme promises them, and who was at them.

Where a cadence leaves a choice ("once or twice a week"), a group settles on one number and on its
days, and keeps them. A session that is cancelled is made up for within the same week (or month, …),
so that what was promised is kept (:mod:`osallisuus.rules.schedule.promise`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from osallisuus.model.cadence import Cadence, Exactly, step
from osallisuus.model.facts import Attendance, Session
from osallisuus.model.offering import SessionPlan
from osallisuus.model.stated import each
from osallisuus.rules.schedule.promise import Promise, promise_of
from osallisuus.simulate.cohort import Cohort, Member
from osallisuus.time import Period

__all__ = ["GROUP_SESSION", "attend", "last_day", "new_sessions"]

GROUP_SESSION: Final = "group_session"
"""The kind of the sessions that a programme consists of."""

_AT: Final = time(13)  # no clock is changed at that hour
_ZONE: Final = ZoneInfo("Europe/Helsinki")
_FAR: Final = timedelta(100 * 365)
"""Beyond what is known by so much, even an exact number of sessions is not looked at."""
_SHORTEST: Final = {"day": 1, "week": 7, "month": 28, "year": 365}
"""Days of a unit, at least."""


def last_day(cohort: Cohort, sessions: SessionPlan) -> date:
    """The first day after the sessions, where their cadence does not end by itself."""
    length = sessions.nominal_duration
    if length is None:
        return cohort.starts_on + timedelta(cohort.habits.term_days)
    return step(cohort.starts_on, cohort.chance.whole(length.min, length.max), length.unit)


def new_sessions(
    cohort: Cohort, group: str, kind: str, cadence: Cadence | None, starts_on: date, ends_on: date
) -> list[Session]:
    """The sessions of *group* by *cadence*, in order; some of them are cancelled. Not added yet.

    None where the cadence promises none. An exact number takes no heed of *ends_on*.
    """
    promise = None if cadence is None else promise_of(cadence)
    if promise is None:
        return []
    minutes = cadence.duration if isinstance(cadence, Exactly) else None
    themes = _Themes(cohort, kind)
    days = _days(cohort, promise, starts_on, date.max if promise.most else ends_on)
    return [
        _session(cohort, group, kind, day, minutes, themes.planned(number), themes, is_held=is_held)
        for number, (day, is_held) in enumerate(days)
    ]


def _days(
    cohort: Cohort, promise: Promise, starts_on: date, ends_on: date
) -> Iterator[tuple[date, bool]]:
    """Each day with a session, and whether it is held; the others of its block make up for it."""
    chance = cohort.chance
    length = promise.size * _SHORTEST[promise.unit]
    count = min(length, chance.whole(promise.low, promise.high))
    # the first day of a block is among them, as the first day of the group is
    offsets = [0, *(1 + place for place in chance.some_of(range(length - 1), count - 1))]
    until = min(ends_on, cohort.horizon + _FAR)
    for block in promise.blocks(starts_on):
        if block.starts_on >= until:
            return
        for day, is_held in _block(cohort, block, offsets):
            if day < ends_on:
                yield day, is_held


def _block(cohort: Cohort, block: Period, offsets: Sequence[int]) -> list[tuple[date, bool]]:
    days = [(block.starts_on + timedelta(offset), True) for offset in offsets]
    free = [place for place in range(block.days) if place not in offsets] if block.days < 32 else []
    for number, (day, _) in enumerate(days[: len(offsets)]):
        later = [place for place in free if place > offsets[number]]
        if not cohort.chance.happens(cohort.habits.held) and later:
            days[number] = (day, False)
            days.append((block.starts_on + timedelta(later[0]), True))
            free.remove(later[0])
    return sorted(days)


class _Themes:
    """The themes of sessions: those of the outline, else any of the programme's."""

    def __init__(self, cohort: Cohort, kind: str) -> None:
        sessions = cohort.program.sessions
        outline = each(sessions.outline) if isinstance(sessions, SessionPlan) else ()
        own = kind == GROUP_SESSION
        self._chance, self._kept = cohort.chance, cohort.habits.theme_kept
        self._steps = [one.theme for one in outline] if own else []
        self._all = [theme.code for theme in each(cohort.program.themes)] if own else []

    def planned(self, number: int) -> str | None:
        """The theme that the session of that number is planned to have."""
        if self._steps:
            return self._steps[number % len(self._steps)]
        return self._chance.one_of(self._all) if self._all else None

    def held(self, planned: str | None) -> str | None:
        """The theme that it had in the end."""
        if not self._all or self._chance.happens(self._kept):
            return planned
        return self._chance.one_of(self._all)


def _session(
    cohort: Cohort,
    group: str,
    kind: str,
    day: date,
    minutes: int | None,
    planned: str | None,
    themes: _Themes,
    *,
    is_held: bool,
) -> Session:
    return Session(
        id=cohort.id("s"),
        group=group,
        kind=kind,
        starts_at=datetime.combine(day, _AT, _ZONE),
        minutes=minutes or cohort.habits.minutes,
        status="held" if is_held else "cancelled",
        planned_theme=planned,
        held_theme=themes.held(planned) if is_held else None,
    )


def attend(cohort: Cohort, sessions: Iterable[Session], members: Sequence[Member]) -> None:
    """Who was at each session that was held, each person by their own habit."""
    chance, habits = cohort.chance, cohort.habits
    for session in sessions:
        day = session.starts_at.date()
        if session.status != "held" or day >= cohort.horizon:
            continue
        for member in members:
            if not member.takes_part_on(day):
                continue
            status = "present"
            if not chance.happens(member.attends):
                status = "excused" if chance.happens(habits.excused) else "absent"
            cohort.add(
                Attendance(
                    id=cohort.id("a"), session=session.id, person=member.person, status=status
                )
            )
