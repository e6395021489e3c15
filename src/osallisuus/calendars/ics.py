"""A plan as iCalendar (RFC 5545), for anybody's calendar program. Needs the extra ``calendar``.

Where a person is and when can put them in danger, so an event says "Meeting" and nothing of the
programme, and carries no name, note, theme or organiser; whoever makes it may give other words.
Every session is an event of its own, since each may be moved. A day that is left out is no event.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, Final
from zoneinfo import ZoneInfo

from osallisuus.errors import DefinitionError
from osallisuus.extra import library
from osallisuus.rules.schedule.clock import changes
from osallisuus.rules.schedule.planned import Plan, PlannedSession

__all__ = ["plan_ics"]

# control characters, separators of lines and halves of a character; and the backslash, since the
# library takes a backslash with an N for the end of a line
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\\]").search
_LONGEST: Final = 200


def plan_ics(
    plan: Plan,
    *,
    stamp: datetime,
    subject: str = "Meeting",
    subjects: Mapping[str, str] | None = None,
    revisions: Mapping[str, int] | None = None,
) -> bytes:
    """*plan* as the bytes of an ``.ics`` file.

    *stamp* is when it is made, an aware time: a calendar takes the later of two files for the
    valid one. ``UID`` is made of a session's id and so stays the same; *revisions* says by the
    session's id how often it was changed. *subjects* are other words for the sessions of those ids,
    such as what they are about: only where everybody who sees the calendar may know it. Equal
    arguments give equal bytes.

    Raises :class:`DefinitionError` for a subject that is no line of text or a *stamp* without a
    zone, and :class:`PluginError` where the extra is missing.
    """
    if stamp.tzinfo is None:
        raise DefinitionError("a time without a zone", where="stamp", remedy="give an aware time")
    named = [("subject", subject), *(("subjects", text) for text in (subjects or {}).values())]
    for name, text in (*named, *(("room", one.room) for one in plan.sessions)):
        if text is not None and (not text.strip() or len(text) > _LONGEST or _CONTROL(text)):
            raise DefinitionError(
                "not one line of text", where=name, remedy=f"1 to {_LONGEST} plain characters"
            )
    icalendar = library("icalendar", "calendar")
    calendar = icalendar.Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//osallisuus//plan//EN")
    calendar.add("uid", _uid(plan.series))
    moments = [one.starts_at for one in plan.sessions if one.starts_at is not None]
    if moments:
        calendar.add_component(_zone(icalendar, moments))
    for one in plan.sessions:
        word = (subjects or {}).get(one.id, subject)
        calendar.add_component(_event(icalendar, one, stamp, word, revisions or {}))
    content: bytes = calendar.to_ical()
    return content


def _event(
    icalendar: Any,
    one: PlannedSession,
    stamp: datetime,
    subject: str,
    revisions: Mapping[str, int],
) -> Any:
    event = icalendar.Event()
    event.add("uid", _uid(one.id))
    event.add("dtstamp", stamp.astimezone(UTC).replace(microsecond=0))
    event.add("sequence", revisions.get(one.id, 0))
    event.add("summary", subject)
    if one.starts_at is None:
        event.add("dtstart", one.day)
        event.add("dtend", one.day + timedelta(1))
        event.add("transp", "TRANSPARENT")  # nobody knows when on that day
    else:
        for name, moment in _ends(one.starts_at, one.ends_at):
            event.add(name, moment)
    if one.room is not None:
        event.add("location", one.room)
    event.add("status", "CANCELLED" if one.status == "cancelled" else "CONFIRMED")
    event.add("class", "PRIVATE")
    return event


def _ends(begin: datetime, end: datetime | None) -> list[tuple[str, datetime]]:
    ends = [("dtstart", begin)] + ([("dtend", end)] if end else [])
    # A local time in the hour that is there twice should mean its first (RFC 5545, 3.3.5), but
    # ical.js takes it for the second: such moments are written in UTC.
    if any(_is_there_twice(moment) for _, moment in ends):
        return [(name, moment.astimezone(UTC)) for name, moment in ends]
    return ends


def _is_there_twice(moment: datetime) -> bool:
    return moment.replace(fold=0).utcoffset() != moment.replace(fold=1).utcoffset()


def _uid(id_: str) -> str:
    # a hash, so that the id of a group does not leave; two calendars agree on it all the same
    return sha256(f"osallisuus {id_}".encode()).hexdigest()[:32]


def _zone(icalendar: Any, moments: list[datetime]) -> Any:
    """The time zone, with each change of its clocks around these *moments* written out.

    Lists of dates (RDATE with commas) and far-away first years are read differently by different
    programs; a component for each change, with its own onset, is read by all in the same way.
    """
    zone = moments[0].tzinfo
    assert isinstance(zone, ZoneInfo)  # noqa: S101 - a plan's moments carry one
    years = [moment.year for moment in moments]
    component = icalendar.Timezone()
    component.add("tzid", zone.key)
    start = datetime(min(years) - 1, 1, 1, tzinfo=UTC)
    onsets = [start]
    for year in range(min(years) - 1, max(years) + 2):
        onsets.extend(changes(zone, year))
    before = (start - timedelta(seconds=1)).astimezone(zone)
    for onset in onsets:
        after = onset.astimezone(zone)
        component.add_component(_observance(icalendar, before, after))
        before = after
    return component


def _observance(icalendar: Any, before: datetime, after: datetime) -> Any:
    offset = before.utcoffset() or timedelta()
    kind = icalendar.TimezoneDaylight if after.dst() else icalendar.TimezoneStandard
    part = kind()
    # the onset is written in the wall time that it ends (RFC 5545, 3.6.5)
    part.add("dtstart", (after.astimezone(UTC) + offset).replace(tzinfo=None))
    part.add("tzoffsetfrom", offset)
    part.add("tzoffsetto", after.utcoffset() or timedelta())
    part.add("tzname", after.tzname() or f"{after:%z}")
    return part
