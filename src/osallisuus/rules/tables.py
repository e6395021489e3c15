"""Facts in the shape that rules read: by table and id, so that the order of facts never matters."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any

from osallisuus.model.batch import Batch
from osallisuus.model.codec import column_of
from osallisuus.model.facts import TABLES, Fact, Guidance, Pause, Session
from osallisuus.model.happened import happened_days
from osallisuus.rules.finding import Rows

__all__ = [
    "day_of",
    "grouped",
    "last_day",
    "next_case",
    "pauses_of",
    "program_finder",
    "tables",
]


def tables(facts: Iterable[Fact]) -> Rows:
    """*facts* by their table, each table in the order of its ids."""
    rows = Batch.of(facts).rows
    return {name: sorted(table, key=lambda fact: fact.id) for name, table in rows.items()}


def pauses_of(rows: Rows, span: str) -> tuple[Pause, ...]:
    """The pauses of one enrolment, role or guidance, by their first day."""
    found = [pause for pause in rows.get("pauses", ()) if pause.of == span]
    return tuple(sorted(found, key=lambda pause: (pause.starts_on, pause.id)))


def grouped(rows: Rows, table: str, column: str) -> defaultdict[str, list[Any]]:
    """The facts of one table by the value of a column; nothing where nobody has that value."""
    found: defaultdict[str, list[Any]] = defaultdict(list)
    for fact in rows.get(table, ()):
        found[getattr(fact, column)].append(fact)
    return found


def day_of(session: Session) -> date:
    """The local day on which a session is."""
    return session.starts_at.date()


def last_day(rows: Rows) -> date | None:
    """The last day on which the facts say that something happened; ``None`` without facts.

    Plans do not count, as in the metrics (:func:`osallisuus.metrics.measure.last_known_day`).
    """
    days: set[date | datetime | None] = set()
    for name, facts in rows.items():
        for one in happened_days(TABLES[name]):
            found = column_of(facts, one.column)
            if one.settled_by is not None:
                found = [
                    day
                    for day, value in zip(found, column_of(facts, one.settled_by), strict=True)
                    if value is not None and one.settled_as in (None, value)
                ]
            days.update(found)
    known = (day.date() if isinstance(day, datetime) else day for day in days)
    return max((day for day in known if day is not None), default=None)


def program_finder(rows: Rows) -> Callable[[Any], str | None]:
    """A function that tells to which programme a fact belongs: by itself, or by what it refers to.

    ``None`` where no fact that is given says so.
    """
    homes = {
        fact.id: fact
        for name in (
            "groups",
            "enrollments",
            "guidance",
            "roles",
            "interviews",
            "reviews",
            "sessions",
        )
        for fact in rows.get(name, ())
    }

    def program_of(fact: Any) -> str | None:
        own: str | None = getattr(fact, "program", None)
        if own is not None:
            return own
        for name in ("group", "enrollment", "guidance", "session", "form", "of"):
            home = homes.get(getattr(fact, name, None) or "")
            if home is not None and home is not fact:
                return program_of(home)
        return None

    return program_of


def next_case(case: Guidance, others: Iterable[Guidance]) -> tuple[date, Guidance] | None:
    """The earliest of *others* that follows *case* with another guide, and its first day."""
    if case.ended_on is None:
        return None
    found = [
        (first, other.id, other)
        for other in others
        if (other.person, other.program) == (case.person, case.program)
        and other.guide != case.guide
        and (first := other.offered_on or other.started_on) is not None
        and first >= case.ended_on
    ]
    if not found:
        return None
    first, _, following = min(found, key=lambda one: one[:2])
    return first, following
