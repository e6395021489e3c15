"""An event log in XES (IEEE 1849-2016): one trace for each person, in the order of time.

The name of an event is its stable code; its words in the language of the export stand beside it
and can be chosen by the classifier "label". The extensions used are concept, lifecycle, time and
organizational. What happens to no single person, such as an idea, has no place in a trace; the
format ``ocel`` has one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import ClassVar, Final, TextIO
from xml.sax.saxutils import quoteattr

from osallisuus.exporters.eventlog import Event, events
from osallisuus.model.leaving import API_VERSION, FactSource
from osallisuus.reports.document import clean_text

__all__ = ["XesExporter"]

_HEAD: Final = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849-2016" xes.features="" xmlns="http://www.xes-standard.org/">
<extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
<extension name="Lifecycle" prefix="lifecycle" uri="http://www.xes-standard.org/lifecycle.xesext"/>
<extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
<extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
<global scope="trace">
<string key="concept:name" value="__INVALID__"/>
</global>
<global scope="event">
<string key="concept:name" value="__INVALID__"/>
<string key="concept:instance" value="__INVALID__"/>
<string key="lifecycle:transition" value="complete"/>
<date key="time:timestamp" value="1970-01-01T00:00:00.000+00:00"/>
<string key="label" value="__INVALID__"/>
<string key="day" value="1970-01-01"/>
</global>
<classifier name="code" keys="concept:name"/>
<classifier name="label" keys="label"/>
<string key="lifecycle:model" value="standard"/>
"""
_PLAIN: Final = re.compile(r"[\w .:+-]*").fullmatch
"""A text of nothing that XML would have to spell otherwise, as nearly all of them are."""


class XesExporter:
    """Writes what happened to people as an XES log, sorted on disk: memory does not grow."""

    api_version: ClassVar[int] = API_VERSION
    name: ClassVar[str] = "xes"
    suffix: ClassVar[str] = ".xes"

    def write(self, facts: FactSource, place: Path) -> None:
        """See :class:`osallisuus.model.leaving.FactExporter`."""
        with (
            events(facts, place, by_person=True) as found,
            place.open("w", encoding="utf-8", newline="\n") as target,
        ):
            target.write(_HEAD)
            for person, way in groupby(found, key=lambda event: event.trace):
                target.write(f"<trace>\n{_string('concept:name', person)}")
                for event in way:
                    _write(event, target)
                target.write("</trace>\n")
            target.write("</log>\n")


def _write(event: Event, target: TextIO) -> None:
    target.write("<event>\n")
    target.writelines(_attributes(event))
    target.write("</event>\n")


def _attributes(event: Event) -> Iterator[str]:
    yield _string("concept:name", event.code)
    yield _string("concept:instance", event.instance)
    yield _string("lifecycle:transition", event.transition)
    yield f'<date key="time:timestamp" value="{event.moment}.000+00:00"/>\n'
    yield _string("label", event.label)
    yield _string("day", event.day)
    for qualifier, kind, identity in event.about:
        if kind == "group":
            yield _string("org:group", identity)
        elif qualifier == "guide":
            yield _string("org:resource", identity)
        elif qualifier == "enrollment":
            yield _string("enrollment", identity)
    for name, value in event.details.items():
        if name == "acting_as":
            yield _string("org:role", str(value))
        elif isinstance(value, int):
            yield f'<int key="{name}" value="{value}"/>\n'
        else:
            yield _string(name, value)


def _string(key: str, value: str) -> str:
    # what XML cannot say becomes U+FFFD; a line break would be read back as a space
    said = f'"{value}"' if _PLAIN(value) else quoteattr(clean_text(value))
    return f'<string key="{key}" value={said}/>\n'
