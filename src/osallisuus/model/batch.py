"""Facts on their way into a store, with the place each came from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from attrs import field

from osallisuus.errors import ImportProblem, Problem
from osallisuus.model.facts import TABLES, Fact
from osallisuus.values import frozen

__all__ = ["Batch", "HalfRead"]


def _in_order(table: str, index: int) -> str:
    return f"{table}[{index}]"


@frozen(repr=False)
class HalfRead:
    """A row that is no fact, for one of its values cannot be read: its place, and what it refers to.

    ``references`` are ids by the name of their column.
    """

    place: str
    references: Mapping[str, str]


@frozen
class Batch:
    """Facts by table, the problems found while reading them, and where each fact stands.

    ``place(table, index)`` names the place of a fact, such as ``attendance.csv:5``. ``defined``
    holds the ids of rows that could not be read whole, so that one mistake in a row is not
    reported a second time by every row that refers to it. ``unread`` are tables that may define
    further ids: a reference to one of them is not judged. ``half_read`` are rows, by table, whose
    references are judged although they are no facts, so that all that is wrong is told at once.
    """

    rows: Mapping[str, Sequence[Fact]]
    place: Callable[[str, int], str] = _in_order
    problems: tuple[Problem, ...] = ()
    defined: Mapping[str, frozenset[str]] = field(factory=dict)
    unread: frozenset[str] = frozenset()
    half_read: Mapping[str, Sequence[HalfRead]] = field(factory=dict)

    @classmethod
    def of(cls, facts: Iterable[Fact]) -> Batch:
        """Records in any order, sorted into their tables; the same id twice is a problem."""
        rows: dict[str, list[Fact]] = {}
        for fact in facts:
            if not isinstance(fact, Fact):
                raise ImportProblem(
                    f"not a fact: {type(fact).__name__}",
                    remedy="give records such as osallisuus.Person or osallisuus.Enrollment",
                )
            rows.setdefault(type(fact).table.name, []).append(fact)
        ordered = {name: rows[name] for name in TABLES if name in rows}
        return cls(ordered, problems=tuple(_repeated(ordered)))

    def __len__(self) -> int:
        return sum(map(len, self.rows.values()))


def _repeated(rows: Mapping[str, Sequence[Fact]]) -> Iterable[Problem]:
    for table, facts in rows.items():
        seen: dict[str, int] = {}
        for index, fact in enumerate(facts):
            first = seen.setdefault(fact.id, index)
            if first != index:
                yield Problem(
                    "the id of this fact stands twice",
                    f"{_in_order(table, index)}.id",
                    f"keep one of it and {_in_order(table, first)}",
                )
