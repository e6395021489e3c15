"""Events in their order, however many there are: the facts are sorted on disk, not in memory.

A day has no hour. Its events stand at the beginning of the day, UTC, and in the order of
:data:`~osallisuus.exporters.events.THINGS`; a session stands at its true moment. Periods do not
hold their last day, so what ends on a day ends before that day's sessions.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime
from errno import EIO, ENOENT, ENOSPC
from functools import cache
from itertools import islice
from operator import itemgetter
from pathlib import Path
from typing import Any, Final

from osallisuus.exporters.events import PERSON, THINGS, Step, Thing, Transition, label_of
from osallisuus.model.facts import Fact
from osallisuus.model.leaving import FactSource
from osallisuus.values import frozen

__all__ = ["Event", "Events", "events"]

_SHAPE: Final = """
PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -16000;
CREATE TABLE things (
  kind TEXT, id TEXT, person TEXT, in_group TEXT, program TEXT, moment TEXT, day TEXT,
  PRIMARY KEY (kind, id)) WITHOUT ROWID;
CREATE TABLE events (
  trace TEXT, moment TEXT, place INTEGER, id TEXT, day TEXT, code TEXT, split TEXT, program TEXT,
  about TEXT, details TEXT,
  PRIMARY KEY (trace, moment, place, id)) WITHOUT ROWID;
"""
_DISK: Final = {sqlite3.SQLITE_FULL: ENOSPC, sqlite3.SQLITE_CANTOPEN: ENOENT}
_Row = tuple[Any, ...]
_CHUNK: Final = 10_000
_KEY: Final = 4
"""So many columns, the first ones, are the key of an event."""
_STEPS: Final = tuple((thing, step) for thing in THINGS for step in thing.steps)


@frozen(kw_only=True)
class Event:
    """Something that happened."""

    id: str
    trace: str
    """The person whose way it belongs to; empty where the log is not by person."""
    moment: str
    """UTC, as ``2018-01-08T08:00:00``."""
    day: str
    """The day on the spot; where the fact is known to the day, *moment* is its beginning."""
    code: str
    label: str
    transition: Transition
    instance: str
    """The thing that it happens to, as kind and id."""
    about: tuple[tuple[str, str, str], ...]
    """The objects as (qualifier, kind, id), the thing itself first."""
    details: dict[str, str | int]


class Events:
    """The events of a register, sorted by trace and moment in a file that is gone afterwards."""

    def __init__(self, facts: FactSource, scratch: sqlite3.Connection, by_person: bool) -> None:
        self._facts, self._scratch, self._by_person = facts, scratch, by_person
        self._program = cache(facts.program)
        self._label = cache(self._said)
        scratch.executescript(_SHAPE)
        place = 0
        for thing in THINGS:
            if thing.kind == PERSON:
                continue
            if not by_person or thing.personal or thing.kind == "session":
                made = self._made(thing, place)
                # a chunk in the order of the table costs far fewer pages than row by row
                while some := list(islice(made, _CHUNK)):
                    some.sort(key=itemgetter(slice(0, _KEY)))
                    scratch.executemany("INSERT INTO events VALUES (?,?,?,?,?,?,?,?,?,?)", some)
            place += len(thing.steps)

    def __iter__(self) -> Iterator[Event]:
        order = "SELECT * FROM events ORDER BY trace, moment, place, id"
        for row in self._scratch.execute(order):
            trace, moment, place, identity, day, code, split, program, about, details = row
            thing, step = _STEPS[place]
            links = tuple((name, kind, one) for name, kind, one in json.loads(about))
            _, kind, instance = links[0] if links else ("", thing.kind, identity)
            yield Event(
                id=f"{thing.kind}:{identity}:{step.on or step.split}",
                trace=trace,
                moment=moment,
                day=day,
                code=f"{code}.{split}" if split else code,
                label=self._label(code, split, step.vocabulary, program),
                transition=step.transition,
                instance=f"{kind}:{instance}",
                about=links,
                details=json.loads(details),
            )

    def codes(self) -> Iterator[tuple[str, Step]]:
        """Every code of an event that there is, in order, with its step."""
        asked = "SELECT DISTINCT code, split, place FROM events ORDER BY code, split, place"
        for code, split, place in self._scratch.execute(asked):
            yield f"{code}.{split}" if split else code, _STEPS[place][1]

    def _said(self, code: str, split: str, vocabulary: str, program: str | None) -> str:
        known = None if program is None else self._program(program)
        return label_of(code, split, vocabulary, known, self._facts.locale)

    def _made(self, thing: Thing, place: int) -> Iterator[_Row]:
        for fact in self._facts.rows(thing.record):
            yield from self._rows(thing, fact, place)

    def _rows(self, thing: Thing, fact: Fact, place: int) -> Iterator[_Row]:
        values = {**dict.fromkeys(("person", "group", "program")), **fact.describe()}
        links = [(name, kind, values[name]) for name, kind in thing.links if values[name]]
        kind, moment, day = thing.kind, None, None
        if thing.of:
            found = self._thing(values[thing.of[0]], thing.of[1])
            if found is None:
                return
            kind, identity, person, group, program, moment, day = found
            values |= {"person": values["person"] or person, "group": group, "program": program}
            own = {one for _, one, _ in links}
            links += [("person", PERSON, person)] if person and PERSON not in own else []
            links += [("group", "group", group)] if group else []
            links.insert(0, ("of", kind, identity))
        elif thing.lasting:
            links.insert(0, ("of", kind, fact.id))
            if thing.steps and thing.steps[0].on == "starts_at":
                moment, day = _moment(values["starts_at"])
            known = (kind, fact.id, *(values[one] for one in ("person", "group", "program")))
            self._scratch.execute(
                "INSERT INTO things VALUES (?,?,?,?,?,?,?)", (*known, moment, day)
            )
        person = values["person"] or values.get("peer")
        if self._by_person and person is None:
            return
        for number, step in enumerate(thing.steps, start=place):
            when = _moment(values[step.on]) if step.on else (moment, day)
            if when[0] is None:
                continue
            base = kind if thing.kind == "pause" else thing.kind
            details = {one: values[one] for one in step.details if values[one] is not None}
            yield (
                person if self._by_person else "",
                when[0],
                number,
                fact.id,
                when[1],
                f"{base}.{step.name}" if step.name else base,
                (values[step.split] or "") if step.split else "",
                values["program"],
                json.dumps(links),
                json.dumps(details),
            )

    def _thing(self, identity: str, kinds: tuple[str, ...]) -> tuple[Any, ...] | None:
        for kind in kinds:
            asked = "SELECT * FROM things WHERE kind = ? AND id = ?"
            row: tuple[Any, ...] | None = self._scratch.execute(asked, (kind, identity)).fetchone()
            if row is not None:
                return row
        return None


@contextmanager
def events(facts: FactSource, place: Path, *, by_person: bool) -> Iterator[Events]:
    """The events of *facts*, sorted in a file beside *place* that is gone afterwards.

    *by_person*: one trace for each person, and only what happened to somebody; else one for all.
    ``OSError`` where the disk is full or cannot be written to.
    """
    problem = None
    file = place.with_name(f"{place.name}.sorting")
    try:
        with closing(sqlite3.connect(file, isolation_level=None)) as scratch:
            scratch.execute("BEGIN")
            yield Events(facts, scratch, by_person)
    except sqlite3.OperationalError as error:  # of the place: the statements are ours
        problem = OSError(_DISK.get(error.sqlite_errorcode & 0xFF, EIO), str(error))
    finally:
        file.unlink(missing_ok=True)
    if problem is not None:
        raise problem


def _moment(value: Any) -> tuple[str | None, str | None]:
    if isinstance(value, datetime):
        moment = value.astimezone(UTC).replace(tzinfo=None)
        return moment.isoformat(timespec="seconds"), value.date().isoformat()
    if isinstance(value, date):
        return f"{value.isoformat()}T00:00:00", value.isoformat()
    return None, None
