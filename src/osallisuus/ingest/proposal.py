"""The text of a proposed mapping, from what the columns of each sheet most likely hold."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from typing import Final

from attrs import field

from osallisuus.ingest.mapping_toml import FILL_IN
from osallisuus.ingest.meaning import are_ids, kind_of, meaning_of
from osallisuus.ingest.workbook import Cell
from osallisuus.model.program import Program
from osallisuus.values import frozen

__all__ = ["Columns", "Found", "Seen", "proposed", "quoted"]


@frozen
class Found:
    """A column whose meaning was guessed: its heading, its letters, and whether it holds ids."""

    heading: str
    letters: str
    ids: bool

    def source(self, codes: str = "") -> str:
        """It as a source of a mapping; with a list of *codes* its words are looked up there."""
        text = quoted(self.heading)
        return f"{{ heading = {text}, codes = {quoted(codes)} }}" if codes else text


@frozen
class Columns:
    """The columns of a sheet, sorted by what they most likely mean."""

    found: dict[str, Found] = field(factory=dict)
    """By the name of a column of the facts, or ``number``."""
    names: list[str] = field(factory=list)
    contacts: list[str] = field(factory=list)
    workers: list[str] = field(factory=list)
    """Headings of the names of those who work."""
    days: list[str] = field(factory=list)
    unknown: list[tuple[str, str]] = field(factory=list)
    """Headings and letters."""
    of_days: list[str] = field(factory=list)
    """Headings below which days stand, whatever they mean."""

    def add(self, heading: str, letters: str, cells: Sequence[Cell]) -> None:
        """Sort in a column that is neither of names nor of contacts, and whose heading is no day."""
        column = meaning_of(heading, cells)
        if kind_of(cells) == "day":
            self.of_days.append(heading)
        if column and column not in self.found:
            self.found[column] = Found(heading, letters, are_ids(cells))
        else:
            self.unknown.append((heading, letters))

    def is_of_people(self) -> bool:
        """Whether somebody can be told from somebody else by it."""
        return bool(self.names) or "number" in self.found

    def is_of_groups(self) -> bool:
        """Whether its rows are groups, and not people."""
        return "group" in self.found and not self.is_of_people() and not self.days


@frozen
class Seen:
    """A sheet as it was seen: its name, the number of its header, and its columns."""

    name: str
    header: int
    columns: Columns


def quoted(text: str) -> str:
    """*text* as a text of TOML."""
    return json.dumps(text, ensure_ascii=False)


_FILL_IN: Final = f"{{ value = {quoted(FILL_IN)} }}"
_EARLIEST: Final = ("reached_on", "informed_on", "interviewed_on", "offered_on", "started_on")
_OF_PEOPLE: Final = ("registered_on", *_EARLIEST, "ended_on")
_LISTS: Final = {"ending": "endings", "channel": "channels", "group": "groups"}


def proposed(sheets: Sequence[Seen], program: Program | None) -> Iterator[str]:
    """The lines of a mapping for all *sheets*; *program* is that of the whole list, if it is known."""
    writing = _Writing(program, [one.columns for one in sheets])
    for one in sheets:
        yield ""
        yield from writing.sheet(one)


class _Writing:
    """One proposal: its programme, and which sheets make the groups of the others."""

    def __init__(self, program: Program | None, sheets: Sequence[Columns]) -> None:
        self.program = program
        self.have_a_sheet = any(one.is_of_groups() for one in sheets)
        in_attendance = any(one.days and "group" in one.found for one in sheets)
        self.groups_are_there = self.have_a_sheet or in_attendance

    def sheet(self, seen: Seen) -> Iterator[str]:
        columns = seen.columns
        facts, used = self._facts(columns)
        yield "[[sheet]]"
        yield f"name = {quoted(seen.name)}"
        yield f"header_row = {seen.header}  # it has the most headings that are known"
        ignored = {"contacts": columns.contacts, "names of those who work": columns.workers}
        if any(ignored.values()):
            listed = ", ".join(map(quoted, [*columns.contacts, *columns.workers]))
            yield f"ignore = [{listed}]  # {', '.join(why for why in ignored if ignored[why])}"
        for heading, letters in columns.unknown:
            yield f"# column {letters}, {quoted(heading)}, is not known: map it or add it to ignore"
        for name, one in columns.found.items():
            if name not in used:
                yield f"# column {one.letters}, {quoted(one.heading)}, is not needed here: map it or add it to ignore"
        yield '# stop_at = "Yhteensä"  # if a row of totals ends the list'
        yield from facts

    def _facts(self, columns: Columns) -> tuple[list[str], Collection[str]]:
        """The lines of the facts of a sheet, and which of the columns found are used in them."""
        found = columns.found
        if columns.is_of_groups():
            used = {"group", "place", "started_on", "ended_on", "cents"}
            lines = list(self._groups(columns, found.get("started_on")))
            return lines + list(self._costs(columns)), used
        person = _person(columns)
        lines = []
        used = set() if columns.names else {"number"}
        if not columns.days or not found.keys().isdisjoint(_OF_PEOPLE):
            used |= found.keys() - {"number", "place", "cents"}
            lines += self._enrollments(person, found)
        if columns.days:
            used |= {"group"} if "group" in found else set()
            lines += self._attendance(person, columns)
        return lines, used

    def _offered(self) -> Iterator[str]:
        if self.program is None:
            yield f"program = {_FILL_IN}  # `osallisuus programs` lists them; or give --program"
            yield 'program_version = { value = "1" }  # or give --program, and leave both out'
        else:
            yield f"program = {{ value = {quoted(self.program.name)} }}"
            yield f"program_version = {{ value = {quoted(self.program.version)} }}"

    def _groups(self, columns: Columns, start: Found | None) -> Iterator[str]:
        found, kind = columns.found, _FILL_IN
        if self.program is not None:
            kind = f"{{ value = {quoted(self.program.kinds[0])} }}"
        yield from ("", "[[sheet.fact]]", 'table = "groups"')
        if "group" in found:
            yield f"id = {_group(found['group'])}"
        else:
            yield 'id = { value = "g1" }'
        yield from self._offered()
        yield f"kind = {kind}"
        if columns.is_of_groups() and "place" in found:
            yield f"place = {found['place'].source()}"
        if start is not None:
            yield f"starts_on = {start.source()}  # column {start.letters}, by its heading"
        elif columns.is_of_groups() and columns.of_days:
            yield f"starts_on = {_first_day_of(columns)}"
        else:
            yield f"starts_on = {_FILL_IN}  # of all groups here; if they differ, give them a sheet"
        if columns.is_of_groups() and "ended_on" in found:
            text = quoted(found["ended_on"].heading)
            yield "# a group ends on the day after its last one: take last_day away if that stands there"
            yield f"ends_on = {{ heading = {text}, last_day = true }}"

    def _costs(self, columns: Columns) -> Iterator[str]:
        found = columns.found
        if "cents" not in found:
            return
        heading, start = quoted(found["cents"].heading), found.get("started_on")
        yield from ("", "[[sheet.fact]]", 'table = "costs"')
        yield f"where_filled = {heading}"
        yield 'id = { join = ["c", "@group"] }'
        yield next(self._offered())
        yield f"group = {_group(found['group'])}"
        day = _first_day_of(columns) if start is None else start.source()
        yield f"happened_on = {day}" if columns.of_days or start else f"happened_on = {_FILL_IN}"
        yield 'head = { value = "other" }  # of what kind: staff, space, travel, other and so on'
        yield f"cents = {{ heading = {heading}, times = 100 }}  # euros become cents"

    def _enrollments(self, person: str, found: dict[str, Found]) -> Iterator[str]:
        first = next((found[one] for one in _OF_PEOPLE if one in found), None)
        registered = _FILL_IN if first is None else first.source()
        yield from ("", "[[sheet.fact]]", 'table = "people"', f"id = {person}")
        yield f"registered_on = {registered}  # the earliest day that is known of a person"
        yield from ("", "[[sheet.fact]]", 'table = "enrollments"')
        yield 'id = { join = ["e", "@person"] }  # one episode for each person; else add a part'
        yield f"person = {person}"
        yield from self._offered()
        for column, one in found.items():
            if column == "group":
                fact = f"group = {_group(one)}"
                yield (
                    fact if self.groups_are_there else f"# {fact}  # groups need facts of their own"
                )
            elif column in _LISTS:
                yield f"{column} = {one.source(_LISTS[column])}  # column {one.letters}"
            elif column not in ("number", "place", "registered_on", "cents"):
                yield f"{column} = {one.source()}  # column {one.letters}, by its heading"

    def _attendance(self, person: str, columns: Columns) -> Iterator[str]:
        days, group = columns.days, columns.found.get("group")
        part, codes = ("g1", "") if group is None else (f"@{group.heading}", _codes(group))
        joined = f'join = ["s", {quoted(part)}, "@heading"]'
        session = f"{{ {joined}, codes = {quoted(codes)} }}" if codes else f"{{ {joined} }}"
        of_group = 'group = { value = "g1" }' if group is None else f"group = {_group(group)}"
        yield ""
        yield f"# the headings of columns {days[0]} to {days[-1]} are days: sessions, and marks below them"
        if group is None or not self.have_a_sheet:
            yield from self._groups(columns, None)
        yield from ("", "[[sheet.fact]]", 'table = "sessions"', 'over = ["@dates"]')
        yield from (f"id = {session}", of_group, 'kind = { value = "group_session" }')
        yield f'starts_at = {{ heading = "@heading", at = {quoted(FILL_IN)} }}  # such as "17:00"'
        yield f"minutes = {_FILL_IN}  # such as 120"
        yield 'status = { value = "held" }'
        yield from ("", "[[sheet.fact]]", 'table = "attendance"', 'over = ["@dates"]')
        yield from (f"person = {person}", f"session = {session}  # made of the same parts")
        yield 'id = { join = ["@session", "@person"] }'
        yield 'status = { heading = "@cell", codes = "marks" }  # an empty cell is no fact'


def _first_day_of(columns: Columns) -> str:
    """What is to be filled in where one of the columns of days has to be chosen."""
    listed = ", ".join(map(quoted, columns.of_days))
    return f"{{ heading = {quoted(FILL_IN)} }}  # which column has the first day: {listed}"


def _codes(group: Found) -> str:
    """The list of codes for the names of groups, where they are no ids themselves."""
    return "" if group.ids else _LISTS["group"]


def _group(group: Found) -> str:
    return group.source(_codes(group))


def _person(columns: Columns) -> str:
    if columns.names:
        listed = ", ".join(map(quoted, columns.names))
        return f"{{ pseudonym = [{listed}] }}  # names are never stored; needs --key"
    if "number" in columns.found:
        return f"{columns.found['number'].source()}  # the list's own number of a person"
    return f"{_FILL_IN}  # no column of names or numbers was found"
