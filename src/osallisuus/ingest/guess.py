"""A proposal for a mapping, from the headings of somebody's list.

It is only text for a person to look through: every line says why it stands there, what has to be
filled in is written so that it is refused until it is, and nothing is ever done with it unasked.
Apart from headings and names of sheets nothing of the list is repeated.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Final

from attrs import field

from osallisuus.ingest.cells import Unread, as_day, is_empty
from osallisuus.ingest.header import SEARCHED
from osallisuus.ingest.limits import Limits
from osallisuus.ingest.mapping import WorkbookMapping, is_personal, plain
from osallisuus.ingest.workbook import Cell, Row, column_letters, read_sheets
from osallisuus.values import frozen

__all__ = ["guess_mapping"]

_LOOKED_AT: Final = 200
"""Rows of a sheet that are looked at."""

# The first pattern that is found in a heading decides; Finnish, Swedish and English words.
_KNOWN: Final = tuple(
    (column, re.compile(words))
    for column, words in (
        ("ending", r"miten|päättymis(tapa|syy)|lopputulos|suorit|outcome|ending|hur det"),
        ("channel", r"mistä|kanav|ohjautu|lähettä|channel|referr|kanal"),
        ("interviewed_on", r"haastatt|interview|intervju"),
        ("offered_on", r"tarjot|paikka myön|offered|erbj"),
        ("informed_on", r"tiedot|informed|informera"),
        ("reached_on", r"yhteydenotto|tavoit|ilmoittaut|reached|contacted|kontakt|anmäl"),
        ("ended_on", r"päätty|loppu|lopett|ended|\bend\b|slut"),
        ("started_on", r"alo(it|ti)|alku|alkoi|start|began|började|börja"),
        ("group", r"ryhmä|group|grupp"),
        ("number", r"^(nro|numero|n:o|no|nr|id|tunnus|tunniste|koodi|nummer|kod|code)\.?$"),
    )
)
_DAYS: Final = frozenset(
    "interviewed_on offered_on informed_on reached_on ended_on started_on".split()
)
_NAME: Final = re.compile(r"nimi|name|namn")

_WORDS: Final = """
[codes.endings]  # the words of your list on the left; add what is missing, take away what is not so
suoritti = "completed"
valmistui = "completed"
keskeytti = "left"
"jäi pois" = "left"
siirtyi = "moved_on"
kuoli = "died"

[codes.channels]
itse = "self"
vertainen = "peer"
kumppani = "partner"

[codes.marks]
x = "present"
"läsnä" = "present"
paikalla = "present"
poissa = "absent"
ilmoitti = "excused"
"""
_FILL_IN: Final = "FILL IN"


@frozen
class _Seen:
    """The top of a sheet: its name, its most likely header and some rows below it."""

    name: str
    header: Row
    number: int
    rows: Sequence[Row]


def guess_mapping(path: str | Path, limits: Limits | None = None) -> str:
    """The proposed mapping for the file at *path*, as TOML with a reason on each line.

    Raises as :func:`~osallisuus.ingest.workbook.read_sheets`.
    """
    seen, empty = [], []
    with closing(read_sheets(path, limits)) as sheets:
        for sheet in sheets:
            top = list(islice(sheet.rows, SEARCHED + _LOOKED_AT))
            index = _header_of(top)
            if index is None:
                empty.append(sheet.name)
            else:
                seen.append(_Seen(sheet.name, top[index], sheet.first + index, top[index + 1 :]))
    lines = [
        "# A proposal, made from headings alone. Look it through, fill in what says FILL IN, and",
        "# give it with --mapping. Try it first: --plan stores nothing.",
        f"dates = [{_quoted('d.m.yyyy')}]  # how days are written as text, where they are",
        f"decimal = {_quoted(',')}  # of numbers that are written as text",
    ]
    if empty:
        listed = ", ".join(map(_quoted, empty))
        lines.append(f"ignore_sheets = [{listed}]  # nothing like a list was found there")
    for one in seen:
        lines += ["", *_sheet(one)]
    return "\n".join(lines) + "\n" + _WORDS


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _header_of(rows: Sequence[Row]) -> int | None:
    """The row that most likely has the headings: many known ones, before all many texts."""

    def worth(index: int) -> tuple[int, int, int]:
        row = rows[index]
        texts = [cell for cell in row if isinstance(cell, str) and cell.strip()]
        known = sum(1 for text in texts if is_personal(text) or _column_for(text))
        return known, len(texts), -index

    candidates = [
        index
        for index, row in enumerate(rows[:SEARCHED])
        if sum(not is_empty(cell) for cell in row) > 1
    ]
    return max(candidates, key=worth, default=None)


def _column_for(heading: str) -> str:
    text = plain(heading)
    return next((column for column, words in _KNOWN if words.search(text)), "")


@frozen
class _Columns:
    """The columns of a sheet, sorted by what their headings most likely mean."""

    found: dict[str, tuple[str, str]] = field(factory=dict)
    """Column of an enrolment -> its heading and letters."""
    names: list[str] = field(factory=list)
    contacts: list[str] = field(factory=list)
    days: list[str] = field(factory=list)
    unknown: list[tuple[str, str]] = field(factory=list)

    def add(self, cell: Cell, letters: str) -> None:
        heading = " ".join(cell.split()) if isinstance(cell, str) else ""
        column = _column_for(heading)
        if _is_day(cell):
            self.days.append(letters)
        elif is_personal(heading):
            (self.names if _NAME.search(plain(heading)) else self.contacts).append(heading)
        elif column and column not in self.found:
            self.found[column] = (heading, letters)
        elif heading:
            self.unknown.append((heading, letters))


def _sheet(seen: _Seen) -> Iterator[str]:
    columns = _Columns()
    for index, cell in enumerate(seen.header):
        columns.add(cell, column_letters(index + 1))
    yield "[[sheet]]"
    yield f"name = {_quoted(seen.name)}"
    yield f"header_row = {seen.number}  # it has the most headings that are known"
    if columns.contacts:
        yield f"ignore = [{', '.join(map(_quoted, columns.contacts))}]  # contacts"
    for heading, letters in columns.unknown:
        yield f"# column {letters}, {_quoted(heading)}, is not known: map it or add it to ignore"
    yield '# stop_at = "Yhteensä"  # if a row of totals ends the list'
    person = _person(columns.names, columns.found)
    if not columns.days or columns.found.keys() & _DAYS:
        yield from _enrollments(person, columns.found)
    if columns.days:
        yield from _attendance(person, columns.days)


def _is_day(cell: Cell) -> bool:
    if isinstance(cell, str):
        try:
            as_day(cell, _ANY_DAY)
        except Unread:
            return False
        return True
    return isinstance(cell, date | datetime)


_ANY_DAY: Final = WorkbookMapping(sheet=(), dates=("d.m.yyyy", "yyyy-mm-dd"))


def _person(names: Sequence[str], found: dict[str, tuple[str, str]]) -> str:
    if names:
        listed = ", ".join(map(_quoted, names))
        return f"{{ pseudonym = [{listed}] }}  # names are never stored; needs --key"
    if "number" in found:
        return f"{_quoted(found['number'][0])}  # the list's own number of a person"
    return f"{{ value = {_quoted(_FILL_IN)} }}  # no column of names or numbers was found"


def _enrollments(person: str, found: dict[str, tuple[str, str]]) -> Iterator[str]:
    first = next((one for one in (*_EARLIEST, "ended_on") if one in found), "")
    registered = _quoted(found[first][0]) if first else f"{{ value = {_quoted(_FILL_IN)} }}"
    yield from ("", "[[sheet.fact]]", 'table = "people"', f"id = {person}")
    yield f"registered_on = {registered}  # the earliest day that is known of a person"
    yield from ("", "[[sheet.fact]]", 'table = "enrollments"')
    yield 'id = { join = ["e", "@person"] }  # one episode for each person; else add a part'
    yield f"person = {person}"
    yield f"program = {{ value = {_quoted(_FILL_IN)} }}  # `osallisuus programs` lists them"
    yield 'program_version = { value = "1" }'
    for column, (heading, letters) in found.items():
        source = _quoted(heading)
        if column in ("ending", "channel"):
            source = f"{{ heading = {source}, codes = {_quoted(f'{column}s')} }}"
        if column == "group":
            yield f"# group = {source}  # its cells must be ids of groups, which need facts of their own"
        elif column != "number":
            yield f"{column} = {source}  # column {letters}, by its heading"


_EARLIEST: Final = ("reached_on", "informed_on", "interviewed_on", "offered_on", "started_on")


def _attendance(person: str, days: Sequence[str]) -> Iterator[str]:
    fill = f"{{ value = {_quoted(_FILL_IN)} }}"
    yield ""
    yield f"# the headings of columns {days[0]} to {days[-1]} are days: sessions, and marks below them"
    yield from ("[[sheet.fact]]", 'table = "groups"', 'id = { value = "g1" }', f"program = {fill}")
    yield from ('program_version = { value = "1" }', f"kind = {fill}", f"starts_on = {fill}")
    yield from ("", "[[sheet.fact]]", 'table = "sessions"', 'over = ["@dates"]')
    yield from ('id = { join = ["s", "g1", "@heading"] }', 'group = { value = "g1" }')
    yield 'kind = { value = "group_meeting" }'
    yield f'starts_at = {{ heading = "@heading", at = {_quoted(_FILL_IN)} }}  # such as "17:00"'
    yield f"minutes = {fill}  # such as 120"
    yield 'status = { value = "held" }'
    yield from ("", "[[sheet.fact]]", 'table = "attendance"', 'over = ["@dates"]')
    yield from (f"person = {person}", 'session = { join = ["s", "g1", "@heading"] }')
    yield 'id = { join = ["@session", "@person"] }'
    yield 'status = { heading = "@cell", codes = "marks" }  # an empty cell is no fact'
