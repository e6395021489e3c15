"""References: every id that a fact names is defined by some fact."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Final

from osallisuus.errors import Problem
from osallisuus.model.batch import Batch
from osallisuus.model.codec import column_of
from osallisuus.model.columns import Column
from osallisuus.model.facts import TABLES

__all__ = ["undefined_references"]

_Known = Callable[[str, Collection[str]], set[str]]
"""Which of the ids a store's table holds already."""

_MOST: Final = 100
"""Rows named per column; a forgotten file would otherwise be reported once for every row."""


def undefined_references(batch: Batch, known: _Known) -> list[Problem]:
    """The references of *batch* to ids that neither it nor the store defines."""
    defined = _Defined(batch, known)
    return [
        problem
        for table, facts in batch.rows.items()
        for column in TABLES[table].columns
        if (facts or table in batch.half_read)
        and column.refers_to
        and batch.unread.isdisjoint(column.refers_to)
        for problem in _undefined(batch, table, column, defined)
    ]


class _Defined:
    """The ids that each table defines, asked of the batch first and of the store only if needed."""

    def __init__(self, batch: Batch, known: _Known) -> None:
        self._batch, self._known = batch, known
        self._ids: dict[str, set[str]] = {}

    def missing(self, ids: set[str], table: str) -> set[str]:
        """Those of *ids* that the table does not define."""
        if table not in self._ids:
            facts = self._batch.rows.get(table, ())
            self._ids[table] = set(column_of(facts, "id"))
            self._ids[table] |= self._batch.defined.get(table, frozenset())
        rest = ids - self._ids[table]
        return rest - self._known(table, rest) if rest else rest


def _undefined(batch: Batch, table: str, column: Column, defined: _Defined) -> Iterator[Problem]:
    values = column_of(batch.rows[table], column.name)
    if half_read := batch.half_read.get(table, ()):
        values = [*values, *(row.references.get(column.name) for row in half_read)]
    missing: set[str] = set(values) - {None}
    for target in column.refers_to:
        missing = defined.missing(missing, target)
    if not missing:
        return
    rows = [index for index, value in enumerate(values) if value in missing]
    tables = " or ".join(column.refers_to)
    what = f"no row of {tables} defines this id"
    whole = len(values) - len(half_read)
    for index in rows[:_MOST]:
        place = batch.place(table, index) if index < whole else half_read[index - whole].place
        where = f"{place}.{column.name}"
        yield Problem(what, where, f"add it to {tables}, or correct it")
    if len(rows) > _MOST:
        more = f"{len(rows) - _MOST} further rows name ids that no row defines"
        yield Problem(more, f"{table}.{column.name}", f"is a part of {tables} missing?")
