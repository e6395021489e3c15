"""An object-centric event log in OCEL 2.0 (JSON): everything that happened, and to what.

One event may be about several objects: a person, their role, the group. So nothing has to be
forced into traces, and group sessions, ideas and decisions have their place. Type names are stable
codes; words in the language of the export stand beside them as the attribute ``label``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar, Final, TextIO

from osallisuus.exporters.clean import clean_values
from osallisuus.exporters.eventlog import Event, Events, events
from osallisuus.exporters.events import THINGS, Step, Thing
from osallisuus.model.facts import Fact
from osallisuus.model.leaving import API_VERSION, FactSource

__all__ = ["OcelExporter"]

_ALWAYS: Final = "1970-01-01T00:00:00Z"
"""The time of an attribute that holds from the beginning, as the standard asks."""
_NUMBERS: Final = frozenset({"minutes", "level"})


class OcelExporter:
    """Writes a register as one OCEL 2.0 JSON file, sorted on disk: memory does not grow."""

    api_version: ClassVar[int] = API_VERSION
    name: ClassVar[str] = "ocel"
    suffix: ClassVar[str] = ".jsonocel"

    def write(self, facts: FactSource, place: Path) -> None:
        """See :class:`osallisuus.model.leaving.FactExporter`."""
        lasting = [thing for thing in THINGS if thing.lasting]
        with (
            events(facts, place, by_person=False) as found,
            place.open("w", encoding="utf-8", newline="\n") as target,
        ):
            target.write("{")
            _write("objectTypes", map(_object_type, lasting), target)
            target.write(",")
            _write("eventTypes", _event_types(found), target)
            target.write(",")
            objects = (
                _object(thing, fact) for thing in lasting for fact in facts.rows(thing.record)
            )
            _write("objects", objects, target)
            target.write(",")
            _write("events", map(_event, found), target)
            target.write("\n}\n")


def _write(name: str, items: Iterator[dict[str, Any]], target: TextIO) -> None:
    target.write(f'\n"{name}": [')
    between = "\n"
    for item in items:
        target.write(between + json.dumps(clean_values(item), ensure_ascii=False))
        between = ",\n"
    target.write("\n]")


def _typed(names: tuple[str, ...]) -> list[dict[str, str]]:
    return [{"name": name, "type": "integer" if name in _NUMBERS else "string"} for name in names]


def _object_type(thing: Thing) -> dict[str, Any]:
    return {"name": thing.kind, "attributes": _typed(thing.attributes)}


def _event_types(found: Events) -> Iterator[dict[str, Any]]:
    steps: dict[str, Step] = dict(found.codes())
    for code, step in steps.items():
        names = ("label", "day", "lifecycle", *step.details)
        yield {"name": code, "attributes": _typed(names)}


def _object(thing: Thing, fact: Fact) -> dict[str, Any]:
    values = fact.describe()
    return {
        "id": f"{thing.kind}:{fact.id}",
        "type": thing.kind,
        "attributes": [
            {"name": name, "time": _ALWAYS, "value": values[name]}
            for name in thing.attributes
            if values[name] is not None
        ],
        "relationships": [
            {"objectId": f"{kind}:{values[name]}", "qualifier": name}
            for name, kind in thing.links
            if values[name] is not None
        ],
    }


def _event(event: Event) -> dict[str, Any]:
    said = {"label": event.label, "day": event.day, "lifecycle": event.transition, **event.details}
    return {
        "id": event.id,
        "type": event.code,
        "time": f"{event.moment}Z",
        "attributes": [{"name": name, "value": value} for name, value in said.items()],
        "relationships": [
            {"objectId": f"{kind}:{identity}", "qualifier": qualifier}
            for qualifier, kind, identity in event.about
        ],
    }
