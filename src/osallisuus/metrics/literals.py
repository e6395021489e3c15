"""Whether the words that a metric's SELECT compares with can ever be there.

A code that is misspelt (``ending = 'complete'``) would give no error on any engine, only a share
of 0. So where a literal stands beside a column of a closed vocabulary, or beside a policy with
choices, it must be one of them. A name that could mean something else is passed over: what the
SELECT makes itself, and columns of tables that it does not name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

from osallisuus.errors import did_you_mean
from osallisuus.metrics.relations import logical_columns
from osallisuus.model.facts import TABLES

__all__ = ["words_that_are_never_there"]

_NAME = r"(?<![\w.:])(?P<name>:?[a-z_]\w*(?:\.\w+)?)"
_WORDS = r"(?P<words>'[^']*'(?:\s*,\s*'[^']*')*)"
_COMPARED = (
    re.compile(rf"{_NAME}\s*(?:=|==|<>|!=|\bis\s+not\b|\bis\b)\s*{_WORDS}", re.IGNORECASE),
    re.compile(rf"{_WORDS}\s*(?:=|==|<>|!=)\s*{_NAME}", re.IGNORECASE),
    re.compile(rf"{_NAME}\s+(?:not\s+)?in\s*\(\s*{_WORDS}\s*\)", re.IGNORECASE),
)
_MADE = re.compile(r"(\S+)\s+as\s+(\w+)", re.IGNORECASE)
_READ = re.compile(r"\b(?:from|join)\s+(\w+)(?:\s+as)?(?:\s+(\w+))?", re.IGNORECASE)


def words_that_are_never_there(
    cases: str, choices: Mapping[str, tuple[str, ...]]
) -> Iterator[tuple[str, str]]:
    """What is wrong with the literals of *cases*, each with its remedy.

    *choices* are the values that the metric's policies can have.
    """
    columns = _columns(cases)
    for pattern in _COMPARED:
        for found in pattern.finditer(cases):
            name = found["name"].lower()
            possible = choices.get(name[1:]) if name.startswith(":") else columns.get(name)
            for word in re.findall(r"'([^']*)'", found["words"]):
                if possible and word not in possible:
                    yield f"{name} is never {word!r}", did_you_mean(word, possible)


def _columns(cases: str) -> dict[str, frozenset[str]]:
    """Name of a column of closed codes, with or without its table -> the codes it can have."""
    aliases: dict[str, set[str]] = {}
    for table, alias in _READ.findall(cases):
        aliases.setdefault(table.lower(), set()).add(table.lower())
        aliases.setdefault(alias.lower(), set()).add(table.lower())
    named = {table for tables in aliases.values() for table in tables}
    made = {
        new.lower()
        for old, new in _MADE.findall(cases)
        if not old.lower().endswith(f".{new.lower()}")
    }
    found = {}
    for column in {column for table in named for column in _closed(table)} - made:
        found[column] = _shared([table for table in named if _has(table, column)], column)
    for alias, tables in aliases.items():
        for column in {column for table in tables for column in _closed(table)}:
            found[f"{alias}.{column}"] = _shared(sorted(tables), column)
    return found


def _shared(tables: list[str], column: str) -> frozenset[str]:
    """The codes of the column in all of *tables*; none where one of them takes any word."""
    codes = [_closed(table).get(column, ()) for table in tables]
    return frozenset().union(*codes) if all(codes) else frozenset()


def _has(table: str, column: str) -> bool:
    return table in TABLES and column in {one.sql_name for one in logical_columns(TABLES[table])}


@cache
def _closed(table: str) -> Mapping[str, tuple[str, ...]]:
    """The columns of closed codes of a fact table; none of what the SELECT makes itself."""
    if table not in TABLES:
        return {}
    return {one.sql_name: one.codes for one in logical_columns(TABLES[table]) if one.codes}
