"""What can be wrong with a fact of a mapping, apart from its spelling."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Final

from osallisuus.errors import Problem, did_you_mean
from osallisuus.ingest.mapping import FactMapping, Source, is_of_a_person, is_personal
from osallisuus.model.columns import Column
from osallisuus.model.facts import TABLES, Table

__all__ = ["fact_problems"]


def fact_problems(
    fact: FactMapping, table: Table, path: str, codes: Mapping[str, Mapping[str, str]]
) -> Iterator[Problem]:
    """What is wrong with the sources of a *fact*; *path* is that of its key in the mapping.

    *codes* are the lists of codes by their names.
    """
    ready: set[str] = {name for name, source in fact.columns.items() if source.join is None}
    for name, source in fact.columns.items():
        where = f"{path}.{name}"
        column = table.column(name)
        given = (source.heading, source.value, source.pseudonym, source.join)
        if sum(one is not None for one in given) != 1:
            remedy = "one of heading, value, pseudonym, join"
            yield Problem("a column comes from exactly one source", where, remedy)
            continue
        if (source.pseudonym or source.join) and column.type.name != "id":
            yield Problem("only an id is made", where, "use heading or value here")
        yield from _would_store_a_name(source, where)
        yield from _not_a_value(source, column, where)
        if source.codes is not None:
            yield from _not_looked_up(source, table, column, where)
            yield from _not_codes(source.codes, codes, column, where)
        if source.last_day and (source.heading is None or name != "ends_on"):
            remedy = "leave last_day out: the other columns hold the day itself"
            yield Problem("only an ends_on of cells is the day after the last", where, remedy)
        if source.times is not None and (source.times < 1 or column.type.name not in _NUMBERS):
            yield Problem("only a number is multiplied", where, "by 1 or more")
        yield from _not_there(source, fact, ready, where)
        ready.add(name)


_NUMBERS: Final = ("integer", "number")


def _would_store_a_name(source: Source, where: str) -> Iterator[Problem]:
    stored = (source.heading, *(part[1:] for part in source.join or () if part[:1] == "@"))
    if any(is_personal(heading) for heading in stored if heading is not None):
        yield Problem(
            "a name, contact or identity code would be stored",
            where,
            "make a pseudonym of it: { pseudonym = [...] }, or add the heading to ignore",
        )


def _not_a_value(source: Source, column: Column, where: str) -> Iterator[Problem]:
    for text in (source.value, source.empty):
        if text is not None:
            try:
                column.read(str(text))
            except ValueError:
                yield Problem("not a value of this column", where, column.expected)


def _not_looked_up(source: Source, table: Table, column: Column, where: str) -> Iterator[Problem]:
    """A list of codes that would say who is who, or of which nothing would come."""
    cells = [p for p in source.join or () if p == "@sheet" or p in _cells_of(source, table)]
    if is_of_a_person(table.name, column):
        remedy = "make a pseudonym: { pseudonym = [...] }"
        yield Problem("a list of codes would tell who is who", where, remedy)
    elif (source.heading is None and not cells) or source.clock or source.at or source.times:
        remedy = "codes goes with heading, or with a join that has cells in it"
        yield Problem("nothing is looked up here", where, remedy)


def _cells_of(source: Source, table: Table) -> tuple[str, ...]:
    return tuple(f"@{heading}" for heading in source.headings(table.column_names))


def _not_codes(
    name: str, lists: Mapping[str, Mapping[str, str]], column: Column, where: str
) -> Iterator[Problem]:
    if name not in lists:
        yield Problem("no list of codes has this name", where, did_you_mean(name[:64], lists))
        return
    for code in dict.fromkeys(lists[name].values()):
        try:
            column.read(code)
        except ValueError:
            what = f"codes.{name} holds what this column cannot: {code[:64]!r}"
            yield Problem(what, where, column.expected)


def _not_there(
    source: Source, fact: FactMapping, ready: Collection[str], where: str
) -> Iterator[Problem]:
    """What a source names that the fact does not have."""
    if source.heading in ("@cell", "@heading") and fact.over is None:
        remedy = "say in over which columns are meant"
        yield Problem(f"{source.heading} has no column", where, remedy)
    known = {*fact.columns} | {column.name for column in TABLES[fact.table].columns}
    for part in source.join or ():
        name = part.removeprefix("@")
        if part.startswith("@") and name in known - set(ready):
            remedy = "give that column a source, and if it is joined itself, before this one"
            yield Problem("a part names a column that is not there yet", where, remedy)
        if part == "@cell" or (part == "@heading" and fact.over is None):
            yield Problem(f"{part} is no part of an id here", where, "name a heading or a column")
    if source.at is not None and not _CLOCK.fullmatch(source.at):
        yield Problem("no time of day", where, 'at = "17:00"')


_CLOCK: Final = re.compile(r"([01]?\d|2[0-3]):[0-5]\d", re.ASCII)
