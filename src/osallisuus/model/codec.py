"""Between records and storage tuples, made once per table and shared by all backends.

A backend writes no codec: it stores what :func:`codec` gives as it is, one value per column
in the table's order: days as ISO text, or *native* as days where the backend has a type for them,
and local times as RFC 9557 text.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from itertools import repeat
from operator import attrgetter
from typing import Any, overload

from osallisuus.model.columns import Scalar
from osallisuus.model.facts import TABLES, Fact
from osallisuus.values import frozen

__all__ = ["Codec", "FactColumns", "codec", "column_of"]


@frozen
class Codec:
    """``dump`` records to storage tuples, ``load`` them back, ``build`` from checked values.

    ``columns`` gives what ``dump`` gives, column by column, and makes no tuples. ``build`` takes
    columns of values, each of the same length and in the table's order.
    """

    columns: Callable[[Iterable[Fact]], list[Sequence[Any]]]
    dump: Callable[[Iterable[Fact]], list[tuple[Scalar, ...]]]
    load: Callable[[Iterable[Sequence[Any]]], list[Fact]]
    build: Callable[[Sequence[Sequence[Any]]], list[Fact]]


class FactColumns(Sequence[Fact]):
    """Facts of one table, held as columns of checked values; records are made when asked for.

    What is read only to be stored is never made into records at all.
    """

    def __init__(self, table: str, columns: Sequence[Sequence[Any]]) -> None:
        self.table = table
        self.columns = columns
        self._facts: list[Fact] | None = None

    @property
    def facts(self) -> list[Fact]:
        """The records, made once."""
        if self._facts is None:
            self._facts = codec(self.table).build(self.columns)
        return self._facts

    def __len__(self) -> int:
        return len(self.columns[0])

    def __iter__(self) -> Iterator[Fact]:
        return iter(self.facts)

    @overload
    def __getitem__(self, index: int) -> Fact: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Fact]: ...
    def __getitem__(self, index: int | slice) -> Fact | Sequence[Fact]:
        return self.facts[index]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and self.facts == list(other)

    __hash__ = None  # type: ignore[assignment]


def column_of(facts: Sequence[Fact], name: str) -> Sequence[Any]:
    """The values of one column of *facts*, which are all of one table."""
    if isinstance(facts, FactColumns):
        return facts.columns[TABLES[facts.table].column_names.index(name)]
    return list(map(attrgetter(name), facts))


class _Once(dict[Any, Any]):
    """The values of one column and what becomes of them, each worked out once."""

    def __init__(self, work: Callable[[Any], Any]) -> None:
        super().__init__({None: None})
        self._work = work

    def __missing__(self, value: Any) -> Any:
        worked = self[value] = self._work(value)
        return worked


@cache
def codec(table: str, *, native: bool = False) -> Codec:
    """The codec of *table*. All its loops run over columns, inside the interpreter."""
    definition = TABLES[table]
    record: Any = definition.record
    getters = [attrgetter(name) for name in definition.column_names]
    written = [
        (i, column.type)
        for i, column in enumerate(definition.columns)
        if not (native and column.type.name == "date")
    ]
    # local times of two zones, or of one repeated hour, may be equal and are written differently
    to_sql = [(i, kind.to_sql, kind.name != "local_time") for i, kind in written if kind.to_sql]
    from_sql = [(i, kind.from_sql) for i, kind in written if kind.from_sql]
    # Values that were checked on the way in go straight into the slots: the validators of the
    # record would cost ten times as much and could only repeat the check.
    setters = [getattr(record, name).__set__ for name in definition.column_names]

    def columns_of(facts: Iterable[Fact]) -> list[Sequence[Any]]:
        if isinstance(facts, FactColumns):
            columns = list(facts.columns)
        else:
            held = list(facts)
            columns = [list(map(get, held)) for get in getters]
        for index, write, equal in to_sql:
            columns[index] = (
                list(map(_Once(write).__getitem__, columns[index]))
                if equal
                else [value if value is None else write(value) for value in columns[index]]
            )
        return columns

    def dump(facts: Iterable[Fact]) -> list[tuple[Scalar, ...]]:
        return list(zip(*columns_of(facts), strict=True))

    def build(columns: Sequence[Sequence[Any]]) -> list[Fact]:
        facts = list(map(record.__new__, repeat(record, len(columns[0]))))
        for put, column in zip(setters, columns, strict=True):
            deque(map(put, facts, column), maxlen=0)
        return facts

    def load(rows: Iterable[Sequence[Any]]) -> list[Fact]:
        columns: list[Sequence[Any]] = list(zip(*rows, strict=True))
        if not columns:
            return []
        for index, read in from_sql:
            columns[index] = list(map(_Once(read).__getitem__, columns[index]))
        return build(columns)

    return Codec(columns_of, dump, load, build)
