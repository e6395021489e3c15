"""A mapping out of TOML: the whole text is judged before anything is refused.

::

    dates = ["d.m.yyyy"]
    decimal = ","

    [[sheet]]
    name = "Osallistujat"
    ignore = ["Puhelin"]

    [[sheet.fact]]
    table = "enrollments"
    id = { join = ["e", "@person"] }
    person = { pseudonym = ["Nimi"] }
    program = { value = "verna" }
    program_version = { value = "1" }
    started_on = "Aloitti"
    ending = { heading = "Miten päättyi", codes = "endings" }

    [codes.endings]
    suoritti = "completed"

A mapping that would store a name, a phone number or the like is refused, and so is one that leaves
a required column out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from attrs import evolve

from osallisuus.errors import DefinitionError, Problem, did_you_mean
from osallisuus.ingest.mapping import FactMapping, Source, WorkbookMapping, plain
from osallisuus.ingest.mapping_checks import fact_problems
from osallisuus.model.columns import Column
from osallisuus.model.facts import TABLES, Table
from osallisuus.model.files import content_of, read_toml
from osallisuus.model.program import Program
from osallisuus.model.structure import structure

__all__ = ["FILL_IN", "load_mapping", "read_mapping"]


def load_mapping(path: str | Path, program: Program | None = None) -> WorkbookMapping:
    """The mapping in the TOML file at *path*. Raises as :func:`read_mapping`."""
    file = Path(path)
    return read_mapping(content_of(file, "the mapping"), file.name, program)


def read_mapping(content: bytes, where: str, program: Program | None = None) -> WorkbookMapping:
    """The mapping that the TOML *content* defines; *where* names it in problems.

    With a *program* all of the list belongs to it: its name and version are those of every fact
    that has such a column and no source for it. Raises :class:`DefinitionError` with all problems:
    unknown keys, tables and columns, required columns without a source, sources that do not fit,
    that name another programme than *program*, and columns that would store a name.
    """
    table = read_toml(content, where)
    left = list(_left_to_fill_in(table, content))
    problems: list[Problem] = []
    codes = _codes(table.pop("codes", {}), problems)
    facts = _taken_out(table)
    mapping = structure(WorkbookMapping, table, "", problems)
    made: list[tuple[FactMapping, ...]] = [
        tuple(
            _fact(one, f"sheet[{s}].fact[{f}]", codes, program, problems)
            for f, one in enumerate(raw)
        )
        for s, raw in enumerate(facts)
    ]
    if not problems and not _is_zone(mapping.zone):
        problems.append(Problem("no zone has this name", "zone", "such as Europe/Helsinki"))
    if problems or left:
        open_places = {one.where for one in left}
        others = [one for one in problems if one.where not in open_places]
        raise DefinitionError(
            Problem(one.what, f"{where}:{one.where}" if one.where else where, one.remedy)
            for one in [*left, *others]
        )
    sheets = tuple(evolve(s, fact=f) for s, f in zip(mapping.sheet, made, strict=True))
    return evolve(mapping, sheet=sheets, codes=codes)  # type: ignore[no-any-return]


FILL_IN: Final = "FILL IN"
"""What a proposal writes where only a person knows."""
_LINE_OF_FILL_IN: Final = re.compile(rf'^[^#\n]*"{FILL_IN}"')


def _left_to_fill_in(table: Mapping[str, Any], content: bytes) -> Iterator[Problem]:
    """The columns where that still stands, with the lines of the text where those can be told."""
    places = list(_places_of_fill_in(table, ""))
    lines = enumerate(content.decode("utf-8", "replace").splitlines(), start=1)
    numbers = [number for number, line in lines if _LINE_OF_FILL_IN.match(line)]
    for index, place in enumerate(places):
        line = f" in line {numbers[index]}" if len(numbers) == len(places) else ""
        remedy = "write there what is meant, or take the line out"
        yield Problem(f"{FILL_IN} still stands{line}", place, remedy)


def _places_of_fill_in(value: Any, place: str) -> Iterator[str]:
    if isinstance(value, dict):
        for key, one in value.items():
            of_a_source = key in ("heading", "value", "at") and isinstance(one, str)
            within = place if of_a_source else f"{place}.{key}" if place else key
            yield from _places_of_fill_in(one, within)
    elif isinstance(value, list):
        for index, one in enumerate(value):
            yield from _places_of_fill_in(one, f"{place}[{index}]")
    elif value == FILL_IN:
        yield place


def _taken_out(table: dict[str, Any]) -> list[list[Any]]:
    """The raw facts of each sheet, which have a key for each column, taken out of *table*."""
    sheets = table.get("sheet")
    facts = []
    for sheet in sheets if isinstance(sheets, list) else ():
        raw = sheet.pop("fact", []) if isinstance(sheet, dict) else []
        facts.append(raw if isinstance(raw, list) else [raw])
    return facts


def _codes(raw: Any, problems: list[Problem]) -> dict[str, dict[str, str]]:
    lists: dict[str, dict[str, str]] = {}
    if not isinstance(raw, dict):
        problems.append(Problem("not lists of codes", "codes", "write [codes.NAME] and its lines"))
        return lists
    for name, words in raw.items():
        if not isinstance(words, dict) or not all(isinstance(code, str) for code in words.values()):
            remedy = 'lines such as suoritti = "completed"'
            problems.append(Problem("not a list of codes", f"codes.{name}", remedy))
            lists[name] = {}
            continue
        lists[name] = {plain(word): code for word, code in words.items()}
        if len(lists[name]) < len(words):
            remedy = "case and spaces do not tell words apart"
            problems.append(Problem("a word stands twice", f"codes.{name}", remedy))
    return lists


def _fact(
    raw: Any,
    path: str,
    codes: Mapping[str, Mapping[str, str]],
    program: Program | None,
    problems: list[Problem],
) -> FactMapping:
    """One fact; its own keys and the names of columns stand side by side."""
    if not isinstance(raw, dict):
        problems.append(Problem("not a table", path, "write [[sheet.fact]] before its lines"))
        return FactMapping(table="")
    own = {key: raw[key] for key in ("table", "over", "where_filled") if key in raw}
    made = structure(FactMapping, own, path, problems)
    name = raw.get("table")
    if not isinstance(name, str) or not isinstance(made, FactMapping):
        return FactMapping(table="")
    if name not in TABLES:
        remedy = did_you_mean(name[:64], TABLES)
        problems.append(Problem("no table has this name", f"{path}.table", remedy))
        return FactMapping(table="")
    table = TABLES[name]
    specs = {key: raw[key] for key in raw.keys() - own.keys()}
    if program is not None:
        problems += _other_program(specs.get("program"), program, f"{path}.program")
        of_all = {"program": program.name, "program_version": program.version}
        given = {key: {"value": of_all[key]} for key in of_all if key in table.column_names}
        specs = given | specs
    columns = _columns(specs, table, path, problems)
    fact = evolve(made, columns=columns)
    problems += fact_problems(fact, table, path, codes)
    return fact


def _other_program(spec: Any, program: Program, where: str) -> Iterator[Problem]:
    """What a mapping says itself of the programme, where that is not what the command line says."""
    if spec is not None and (not isinstance(spec, dict) or spec.get("value") != program.name):
        remedy = "leave out one of them: --program is for a list that belongs to it as a whole"
        yield Problem(f"not the programme {program.name!r} that was named for all", where, remedy)


def _columns(
    raw: Mapping[str, Any], table: Table, path: str, problems: list[Problem]
) -> dict[str, Source]:
    columns: dict[str, Source] = {}
    for name in sorted(raw.keys() - set(table.column_names)):
        remedy = did_you_mean(name[:64], table.column_names)
        problems.append(Problem(f"{table.name} has no such column", f"{path}.{name[:64]}", remedy))
    # the id comes last: it may be joined of the other columns
    for column in (*table.columns[1:], table.columns[0]):
        spec = raw.get(column.name)
        if spec is None:
            if column.required:
                what = f"{table.name} needs this column"
                problems.append(Problem(what, f"{path}.{column.name}", _needed(column)))
            continue
        where = f"{path}.{column.name}"
        spec = {"heading": spec} if isinstance(spec, str) else spec
        source = structure(Source, spec, where, problems)
        if isinstance(source, Source):
            columns[column.name] = source
    return columns


def _needed(column: Column) -> str:
    if column.name in ("program", "program_version"):
        return "say it once for the whole list: --program NAME"
    return column.expected


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, OSError, ValueError):
        return False
    return True
