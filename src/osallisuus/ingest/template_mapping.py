"""The mapping that reads a filled-in template back: made of the same shape as the template."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from osallisuus.ingest.mapping import FactMapping, SheetMapping, Source, WorkbookMapping, plain
from osallisuus.ingest.template_shape import SHEETS, choices, said
from osallisuus.model.program import Program
from osallisuus.model.stated import Locale

__all__ = ["template_mapping"]

_DAYS: Final = "reached_on informed_on interviewed_on offered_on started_on planned_end_on ended_on"


def template_mapping(program: Program, locale: Locale) -> WorkbookMapping:
    """What the sheets of *program*'s template in that language become."""
    lists = {
        entry.vocabulary: {
            plain(word): code for word, code in choices(entry.vocabulary, program, locale).items()
        }
        for entries in SHEETS.values()
        for entry in entries
        if entry.vocabulary
    }
    made = _Made(program, locale)
    unread = ("about", "printed_list", "printed_form", "codes")
    return WorkbookMapping(
        sheet=(made.groups(), made.people(), made.sessions(), made.attendance()),
        ignore_sheets=tuple(said("sheets", key, locale) for key in unread),
        dates=("d.m.yyyy", "yyyy-mm-dd"),
        codes=lists,
    )


class _Made:
    """The parts of the mapping, one for each sheet."""

    def __init__(self, program: Program, locale: Locale) -> None:
        self.program, self.locale = program, locale
        self.offered = {
            "program": Source(value=program.name),
            "program_version": Source(value=program.version),
        }

    def groups(self) -> SheetMapping:
        columns = {
            "id": self._cell("group"),
            **self.offered,
            "kind": Source(value=self.program.kinds[0]),
            **self._cells("place starts_on capacity"),
            "ends_on": Source(heading=self._said("ends_on"), last_day=True),
        }
        return self._sheet("groups", {"groups": columns})

    def people(self) -> SheetMapping:
        person = {"id": self._cell("person"), "registered_on": self._cell("registered_on")}
        enrollment = {
            # one episode for each person: a group is often not known from the start
            "id": Source(join=("e", self.program.name, "@person")),
            "person": self._cell("person"),
            **self.offered,
            **self._cells(f"group {_DAYS}"),
            "channel": self._choice("channel", "channel"),
            "ending": self._choice("ending", "enrollment_ending"),
        }
        return self._sheet("people", {"people": person, "enrollments": enrollment})

    def sessions(self) -> SheetMapping:
        columns = {
            "id": self._cell("session"),
            "group": self._cell("group"),
            "kind": Source(value="group_session"),
            "starts_at": Source(heading=self._said("day"), clock=self._said("time")),
            "minutes": self._cell("minutes"),
            "status": self._choice("session_status", "session_status"),
            "planned_theme": self._choice("planned_theme", "theme"),
            "held_theme": self._choice("held_theme", "theme"),
        }
        return self._sheet("sessions", {"sessions": columns})

    def attendance(self) -> SheetMapping:
        columns = {
            "id": Source(join=("a", "@session", "@person")),
            "session": self._cell("session"),
            "person": self._cell("person"),
            "status": self._choice("attendance_status", "attendance_status"),
        }
        return self._sheet("attendance", {"attendance": columns})

    def _sheet(self, key: str, facts: Mapping[str, Mapping[str, Source]]) -> SheetMapping:
        made = tuple(FactMapping(table=table, columns=columns) for table, columns in facts.items())
        return SheetMapping(name=said("sheets", key, self.locale), header_row=1, fact=made)

    def _said(self, key: str) -> str:
        return said("columns", key, self.locale)

    def _cell(self, key: str) -> Source:
        return Source(heading=self._said(key))

    def _cells(self, keys: str) -> dict[str, Source]:
        return {key: self._cell(key) for key in keys.split()}

    def _choice(self, key: str, codes: str) -> Source:
        return Source(heading=self._said(key), codes=codes)
