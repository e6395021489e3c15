"""The facts that the rows of several sheets make, each once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from attrs import field

from osallisuus.errors import Problem
from osallisuus.model.batch import Batch, HalfRead
from osallisuus.model.codec import FactColumns
from osallisuus.model.facts import TABLES
from osallisuus.values import frozen

__all__ = ["Gathered", "Outcome"]


@frozen
class Outcome:
    """What became of the facts of some rows, by the numbers of the rows.

    ``fresh`` made a fact that was not there, ``repeated`` one that another row of the same sheet
    had made, and ``differing`` one whose id another row has given to another fact.
    """

    fresh: set[int] = field(factory=set)
    repeated: dict[int, int] = field(factory=dict)
    differing: dict[int, int] = field(factory=dict)


class _Facts:
    """The facts of one table: columns, and where each fact stands."""

    def __init__(self, table: str) -> None:
        self.referring = {
            column.name: index
            for index, column in enumerate(TABLES[table].columns)
            if column.refers_to
        }
        self.columns: list[list[Any]] = [[] for _ in TABLES[table].columns]
        self.rows: list[int] = []
        self.sheets: list[str] = []
        self.index: dict[str, int] = {}
        self.defined: set[str] = set()
        self.half_read: list[HalfRead] = []

    def values(self, index: int) -> tuple[Any, ...]:
        return tuple(column[index] for column in self.columns)

    def not_whole(self, fact: tuple[Any, ...], place: str) -> None:
        """Keep of a fact with a bad value its id, and what it refers to."""
        if fact[0] is not None:
            self.defined.add(fact[0])
        named = {name: fact[index] for name, index in self.referring.items()}
        references = {name: value for name, value in named.items() if value is not None}
        if references:
            self.half_read.append(HalfRead(place, references))


class Gathered:
    """Facts by table, as columns of checked values."""

    def __init__(self) -> None:
        self._tables: dict[str, _Facts] = {}

    def counts(self) -> dict[str, int]:
        """How many facts of each table there are, in the order of the tables."""
        return {name: len(self._tables[name].rows) for name in TABLES if name in self._tables}

    def add(
        self,
        table: str,
        columns: Sequence[Sequence[Any]],
        bad: Collection[int],
        rows: Sequence[int],
        sheet: str,
    ) -> Outcome:
        """Add facts as *columns* of the table, the id first; those in *bad* are only defined.

        *rows* are the numbers of the rows of *sheet* that made them.
        """
        facts = self._tables.setdefault(table, _Facts(table))
        ids = columns[0]
        if not bad and facts.index.keys().isdisjoint(ids) and len(set(ids)) == len(ids):
            start = len(facts.rows)
            facts.index.update(zip(ids, range(start, start + len(ids)), strict=True))
            for whole, part in zip(facts.columns, columns, strict=True):
                whole.extend(part)
            facts.rows += rows
            facts.sheets += [sheet] * len(ids)
            return Outcome(fresh=set(rows))
        return self._one_by_one(facts, list(zip(*columns, strict=True)), bad, rows, sheet)

    def _one_by_one(
        self,
        facts: _Facts,
        values: Sequence[tuple[Any, ...]],
        bad: Collection[int],
        rows: Sequence[int],
        sheet: str,
    ) -> Outcome:
        outcome = Outcome()
        for i, (fact, row) in enumerate(zip(values, rows, strict=True)):
            if i in bad:
                facts.not_whole(fact, f"{sheet}!{row}")
                continue
            other = facts.index.get(fact[0])
            if other is None:
                facts.index[fact[0]] = len(facts.rows)
                for column, value in zip(facts.columns, fact, strict=True):
                    column.append(value)
                facts.rows.append(row)
                facts.sheets.append(sheet)
                outcome.fresh.add(row)
            elif facts.values(other) != fact:
                outcome.differing[row] = facts.rows[other]
            elif facts.sheets[other] != sheet:
                outcome.fresh.add(row)
            elif facts.rows[other] != row:
                outcome.repeated.setdefault(row, facts.rows[other])
        return outcome

    def batch(self, problems: tuple[Problem, ...], unread: frozenset[str] = frozenset()) -> Batch:
        """All facts as a batch, with *problems* and the tables that may have further facts."""
        tables = {name: self._tables[name] for name in TABLES if name in self._tables}

        def place(table: str, index: int) -> str:
            facts = tables[table]
            return f"{facts.sheets[index]}!{facts.rows[index]}"

        return Batch(
            {name: FactColumns(name, facts.columns) for name, facts in tables.items()},
            place,
            problems,
            {name: frozenset({*facts.index, *facts.defined}) for name, facts in tables.items()},
            unread,
            {name: facts.half_read for name, facts in tables.items() if facts.half_read},
        )
