"""What a metric's SQL may say, checked by the standard library's SQLite on an empty schema.

The portable subset (one SELECT, no arithmetic, few functions, values bound by name) is what makes
one text give equal tables on every engine. The check is a guard for authors, not a sandbox: a
plug-in is Python and can do anything anyway.
"""

from __future__ import annotations

import re
import sqlite3
from functools import lru_cache

from osallisuus.errors import DefinitionError, Problem, did_you_mean
from osallisuus.metrics.conditions import conditions_as_values
from osallisuus.metrics.literals import words_that_are_never_there
from osallisuus.metrics.relations import LINKS, logical_tables
from osallisuus.model.facts import TABLES
from osallisuus.values import frozen

__all__ = ["Lineage", "lint"]

_FUNCTIONS = frozenset(
    "count sum min max coalesce nullif abs row_number rank lead lag first_value "
    "days_between".split()
)
_RECURSIVE = 33  # sqlite3 has no name for it
_STEPS = 1_000_000
"""Far more than any SELECT needs on empty tables: one that takes longer never ends."""
_COMMENT = ("no comments inside the SQL", "write them beside the metric")
_QUOTED = ("no quoted names", "write names in lower case without quotes")
_FORBIDDEN = (
    (";", ("one SELECT, without a semicolon", "leave the semicolon out")),
    ("--", _COMMENT),
    ("/*", _COMMENT),
    ('"', _QUOTED),
    ("`", _QUOTED),
    ("[", _QUOTED),
)
_ARITHMETIC = re.compile(r"[+/%|~&-]|(?<!\()\s*\*(?!\s*\))")
_STAR = re.compile(r"(\bselect(?:\s+(?:all|distinct))?|,)\s*(?:\w+\s*\.\s*)?\*", re.IGNORECASE)
_RENAMED = {
    column.name: column.sql_name
    for table in TABLES.values()
    for column in table.columns
    if column.name != column.sql_name
}
"""Columns whose name SQL reserves -> what they are called there."""
_RESERVED = re.compile(rf"\b({'|'.join(sorted(_RENAMED))})\b(?!\s+by\b)", re.IGNORECASE)
_WORDS = re.compile(
    r"\b(limit|offset|like|glob|regexp|match|qualify|interval|extract|pragma|attach|values|using|"
    r"natural|distinct on|collate|filter)\b",
    re.IGNORECASE,
)
_TO_DATE = re.compile(r"\bcast\s*\(.*\bas\s+(date|time|timestamp)\b", re.IGNORECASE | re.DOTALL)
_LITERAL = re.compile(r"'([^']*)'")


@frozen
class Lineage:
    """What a metric reads: tables and ``table.column`` names, and the columns its cases return."""

    tables: tuple[str, ...]
    fields: tuple[str, ...]
    columns: tuple[str, ...]


@lru_cache(maxsize=256)
def lint(
    name: str,
    kind: str,
    cases: str,
    params: tuple[str, ...],
    needed: tuple[str, ...],
    optional: tuple[str, ...] = (),
    choices: tuple[tuple[str, tuple[str, ...]], ...] = (),
) -> Lineage:
    """Check the SELECT of the metric *name*; raise one :class:`DefinitionError` with all problems.

    *params* are the names that it may bind, *needed* and *optional* the columns that its kind
    must and may be given, *choices* the values of its policies.
    """
    where = f"{name}.cases"
    if textual := _textual(cases):
        raise DefinitionError(Problem(what, where, remedy) for what, remedy in textual)
    read, functions, returned = _tried(cases, params, where)
    allowed = ", ".join(sorted(_FUNCTIONS))
    problems = [
        Problem(f"the function {function} is not portable", where, allowed)
        for function in sorted(functions - _FUNCTIONS)
    ]
    problems += _column_problems(kind, needed, optional, returned, where)
    never = words_that_are_never_there(cases, dict(choices))
    problems += [Problem(what, where, remedy) for what, remedy in dict.fromkeys(never)]
    if problems:
        raise DefinitionError(problems)
    real = {(table, column) for table, column in read if table in logical_tables()}
    return Lineage(
        tuple(sorted({table for table, _ in real})),
        tuple(sorted(f"{table}.{column}" for table, column in real if column)),
        returned,
    )


def _tried(
    cases: str, params: tuple[str, ...], where: str
) -> tuple[set[tuple[str, str]], set[str], tuple[str, ...]]:
    """What SQLite reads and calls for *cases* on the empty schema, and the columns it returns."""
    read: set[tuple[str, str]] = set()
    functions: set[str] = set()

    def authorize(action: int, first: str | None, second: str | None, *_: str | None) -> int:
        if action == sqlite3.SQLITE_READ:
            if (first or "").startswith("sqlite_"):
                return sqlite3.SQLITE_DENY
            read.add((first or "", second or ""))
        elif action == sqlite3.SQLITE_FUNCTION:
            functions.add((second or "").lower())
        elif action not in (sqlite3.SQLITE_SELECT, _RECURSIVE):
            return sqlite3.SQLITE_DENY
        return sqlite3.SQLITE_OK

    database = _empty_schema()
    database.set_authorizer(authorize)
    database.set_progress_handler(lambda: 1, _STEPS)
    values = dict.fromkeys(("as_of", "last_day", *params), "2000-01-01")
    try:
        cursor = database.execute(f"SELECT * FROM ({cases})", values)
        returned = tuple(column[0] for column in cursor.description)
        message = ""
    except sqlite3.Error as error:
        returned, message = (), str(error)
    finally:
        database.set_authorizer(None)
        database.set_progress_handler(None, 0)
    if message:
        what, remedy = _explained(message, cases)
        raise DefinitionError(what, where=where, remedy=remedy)
    return read, functions, returned


def _column_problems(
    kind: str,
    needed: tuple[str, ...],
    optional: tuple[str, ...],
    returned: tuple[str, ...],
    where: str,
) -> list[Problem]:
    problems = []
    missing = [column for column in needed if column not in returned]
    if missing:
        what = f"a metric of the kind {kind} needs the columns {', '.join(needed)}"
        remedy = f"the select returns {', '.join(returned)}"
        problems.append(Problem(f"{what}; missing: {', '.join(missing)}", where, remedy))
    besides = {column for column, _ in LINKS.values()} | set(optional)
    extra = [column for column in returned if column not in needed and column not in besides]
    for column in extra:
        remedy = f"besides the kind's own only {', '.join(sorted(besides))}"
        problems.append(Problem(f"the column {column} is not needed", where, remedy))
    return problems


def _textual(cases: str) -> list[tuple[str, str]]:
    """What is wrong with the text itself, each with its remedy."""
    found = [reason for sign, reason in _FORBIDDEN if sign in cases]
    for literal in _LITERAL.findall(cases):
        if not re.fullmatch(r"[a-z0-9_]*", literal):
            what = "only plain words may stand in quotes"
            found.append((what, "bind other values as :parameter, in params"))
    bare = _LITERAL.sub("''", cases)
    if not re.match(r"\s*(select|with)\b", bare, re.IGNORECASE):
        found.append(("the cases are one SELECT", "begin with SELECT or WITH"))
    found += _named_otherwise(bare)
    if _ARITHMETIC.search(_STAR.sub(" ", bare)):
        found.append(("no arithmetic", "days by days_between(a, b); the rest is for the kind"))
    if _TO_DATE.search(bare):
        found.append(("no CAST to a day", "dates are dates already; bind others as :parameter"))
    for word in sorted({word.lower() for word in _WORDS.findall(bare)}):
        remedy = "docs/writing_metrics.md says what is; bind other values in params"
        found.append((f"{word} is not portable", remedy))
    if any(not re.search(r"order\s+by", window, re.IGNORECASE) for window in _windows(bare)):
        found.append(("a window needs its ORDER BY", "write OVER (ORDER BY ...)"))
    if conditions_as_values(bare):
        remedy = "write CASE WHEN ... THEN 1 ELSE 0 END: a condition is no number on every engine"
        found.append(("a condition stands where a value should", remedy))
    return sorted(set(found))


def _named_otherwise(bare: str) -> list[tuple[str, str]]:
    """Columns that are not named, or not as SQL names them."""
    found = []
    if _STAR.search(bare):
        found.append(("no * for all columns", "name the columns that the kind needs"))
    for name in sorted({name.lower() for name in _RESERVED.findall(bare)}):
        what = f"{name} is a word of SQL itself"
        found.append((what, f"in SQL the column {name} is called {_RENAMED[name]}"))
    return found


def _windows(bare: str) -> list[str]:
    """What stands in the brackets after each OVER."""
    found = []
    for start in re.finditer(r"\bover\s*\(", bare, re.IGNORECASE):
        depth, place = 1, start.end()
        while depth and place < len(bare):
            depth += (bare[place] == "(") - (bare[place] == ")")
            place += 1
        found.append(bare[start.end() : place])
    return found


@lru_cache(maxsize=1)
def _empty_schema() -> sqlite3.Connection:
    database = sqlite3.connect(":memory:", check_same_thread=False)
    for table, columns in logical_tables().items():
        listed = ", ".join(f"{name} {kind}" for name, kind in columns.items())
        database.execute(f"CREATE TABLE {table} ({listed})")
    database.create_function("days_between", 2, lambda first, second: 0, deterministic=True)
    return database


def _explained(message: str, cases: str) -> tuple[str, str]:
    """What SQLite's *message* means, and what would help."""
    if "binding" in message.lower():
        return (
            "a parameter has no value in params",
            "give it one there; :as_of and :last_day are given",
        )
    if "interrupted" in message:
        return "the select does not end", "give its recursion an end"
    if "not authorized" in message or "prohibited" in message:
        return "only reading is allowed", f"the tables are {', '.join(logical_tables())}"
    found = re.search(r"no such (table|column): (\S+)", message)
    if not found:
        return (
            message,
            "look near that word; docs/writing_metrics.md, Rules for metric authors, says what works",
        )
    name = found[2].split(".")[-1]
    return _no_table(message, name) if found[1] == "table" else _no_column(message, name, cases)


def _no_table(message: str, name: str) -> tuple[str, str]:
    known = logical_tables()
    if name in TABLES:
        what = f"who is in {name} is never counted"
        return what, "such judgements die with their group; ask something else"
    return message, f"{did_you_mean(name, known)}; the tables are {', '.join(known)}"


def _no_column(message: str, name: str, cases: str) -> tuple[str, str]:
    named = re.findall(r"\b(?:from|join)\s+(\w+)", cases, re.IGNORECASE)
    tables = {table: columns for table, columns in logical_tables().items() if table in named}
    for table, readable in tables.items():
        if name in TABLES[table].column_names and name not in readable:
            what = f"{table}.{name} is in people's own words, which no metric reads"
            return what, "count a code or a number instead"
    columns = [column for of_table in tables.values() for column in of_table]
    listed = "; ".join(f"{table} has: {', '.join(of)}" for table, of in tables.items())
    return message, f"{did_you_mean(name, columns)}; {listed}" if columns else listed
