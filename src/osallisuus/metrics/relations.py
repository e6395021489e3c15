"""The fact tables as a metric's SQL sees them: cut at ``as_of`` and to one programme.

Every fact table that a metric mentions becomes a relation of the same name in front of it. Rows
dated on or after ``as_of`` are not there; dates that come later, and what comes true with them,
are ``NULL``; rows without a date of their own follow their parent (rule V). So no author of a
metric can leak the future. Free text and the judgements on who must not share a group are no part
of any relation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache

from osallisuus.metrics.engine import Dialect
from osallisuus.model.columns import Column
from osallisuus.model.facts import TABLES, Table

__all__ = ["LINKS", "logical_columns", "logical_tables", "relations"]

LINKS: Mapping[str, tuple[str, str]] = {
    "group": ("group_id", "groups"),
    "enrollment": ("enrollment", "enrollments"),
    "encounter": ("encounter", "encounters"),
    "session": ("session", "sessions"),
    "goal": ("goal", "goals"),
    "role": ("role_id", "roles"),
    "linkage": ("linkage", "linkages"),
    "idea": ("idea", "ideas"),
}
"""By which column of the cases a stratum such as ``group.place`` is looked up, and where."""

_NEEDS = {
    "encounters": ("roles", "enrollments"),
    "sessions": ("groups",),
    "assessments": ("groups", "enrollments"),
    "goals": ("guidance", "enrollments"),
    "linkages": ("enrollments", "guidance"),
    "ideas": ("groups",),
    "memberships": ("groups",),
}
"""Tables that are cut to one programme through others."""

_OF_GROUPS = "group_id IN (SELECT id FROM groups)"
_OF_PEOPLE = "person IN (SELECT person FROM enrollments)"
_THROUGH_OTHERS = {
    "sessions": _OF_GROUPS,
    "memberships": _OF_GROUPS,
    "ideas": f"(group_id IS NULL OR {_OF_GROUPS})",  # one of no group may be of any programme
    "linkages": "person IN (SELECT person FROM enrollments UNION SELECT person FROM guidance)",
    "assessments": f"({_OF_PEOPLE} OR {_OF_GROUPS})",
    "goals": f"(guidance IN (SELECT id FROM guidance) OR (guidance IS NULL AND {_OF_PEOPLE}))",
    "encounters": "peer IN (SELECT person FROM enrollments UNION"
    " SELECT person FROM roles WHERE program = :program)",
}
"""Which rows of these tables are of the programme."""


def logical_columns(table: Table) -> list[Column]:
    """The columns that SQL may read."""
    return [
        column for column in table.columns if column.field_class not in ("free_text", "restricted")
    ]


@cache
def logical_tables() -> Mapping[str, Mapping[str, str]]:
    """Table -> column -> SQL type, as a metric's SQL sees them."""
    tables = {
        name: {column.sql_name: column.type.sql for column in columns}
        for name, table in TABLES.items()
        if (columns := logical_columns(table))
    }
    tables["sessions"]["starts_on"] = "TEXT"
    return tables


def relations(
    names: Iterable[str], *, table: Callable[[str], str], dialect: Dialect, program: bool
) -> str:
    """The ``name AS (SELECT …)`` list for *names* and what they need, in order.

    The text uses the parameters ``as_of`` and, with *program*, ``program``.
    """
    wanted: set[str] = set()
    todo = list(names)
    while todo:
        name = todo.pop()
        if name in wanted:
            continue
        wanted.add(name)
        parent = TABLES[name].parent
        todo += [parent[1]] if parent else []
        todo += _NEEDS.get(name, ()) if program else ()
    return ",\n".join(
        _relation(name, _select(TABLES[name], table(name), dialect, program), dialect)
        for name in _ordered(wanted)
    )


def _relation(name: str, select: str, dialect: Dialect) -> str:
    # whether rows are of the programme through several others is found once; one is quickly looked
    # up, and what is copied has no index: joined to it, every row would be compared with every other
    others = select.count("SELECT") - 1 - bool(TABLES[name].parent)
    inline = f"{dialect.inline} " if dialect.inline and others < 2 else ""
    return f"{name} AS {inline}({select})"


def _ordered(wanted: set[str]) -> list[str]:
    return [name for name in TABLES if name in wanted]


def _select(table: Table, source: str, dialect: Dialect, program: bool) -> str:
    cut = {name: name for name, _ in table.ends}
    cut |= {dependent: name for name, dependents in table.ends for dependent in dependents}
    columns = []
    for column in logical_columns(table):
        name = column.sql_name
        known = cut.get(column.name)
        if known is None:
            columns.append(name)
        else:
            columns.append(f"CASE WHEN {known} < :as_of THEN {name} END AS {name}")
    if table.name == "sessions":
        columns.append(f"{dialect.day.format(a='starts_at')} AS starts_on")
    conditions = _known(table, dialect)
    if program:
        conditions += _of_program(table)
    # an engine may have cut the rows to a commit already, and says so with its own WHERE
    word = "AND" if " WHERE " in source else "WHERE"
    where = f" {word} {' AND '.join(conditions)}" if conditions else ""
    return f"SELECT {', '.join(columns)} FROM {source}{where}"


def _known(table: Table, dialect: Dialect) -> list[str]:
    if table.parent:
        column, parent = table.parent
        return [f"{column} IN (SELECT id FROM {parent})"]
    if table.name == "sessions":
        return [f"{dialect.day.format(a='starts_at')} < :as_of"]
    if not table.first:
        return []
    if len(table.first) == 1:
        return [f"{table.first[0]} < :as_of"]
    # one earlier than another against the order of the stages dates the row all the same
    known = " OR ".join(f"{day} < :as_of" for day in table.first)
    return [f"({known} OR COALESCE({', '.join(table.first)}) IS NULL)"]


def _of_program(table: Table) -> list[str]:
    if "program" in table.column_names:
        if table.column("program").required:
            return ["program = :program"]
        return ["(program IS NULL OR program = :program)"]
    return [_THROUGH_OTHERS[table.name]] if table.name in _THROUGH_OTHERS else []
