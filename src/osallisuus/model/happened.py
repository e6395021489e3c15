"""Which days of the facts say that something happened; the others are arrangements and plans.

Until when a group or a pause lasts is agreed beforehand, and so is the term of a role: such a day
may lie ahead, and nothing has happened on it. A session has happened when it was held.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from osallisuus.model.facts import Table
from osallisuus.values import frozen

__all__ = ["HappenedDay", "happened_days"]


@frozen
class HappenedDay:
    """A date column of a table, and what must be stated beside it for its day to have come.

    ``settled_by`` is a column, and ``settled_as`` the value that it must have; with ``None`` any
    value will do. Without ``settled_by`` the day itself says enough.
    """

    column: str
    settled_by: str | None = None
    settled_as: str | None = None


_ARRANGED: Final = frozenset(
    {("groups", "starts_on"), ("groups", "ends_on"), ("pauses", "ends_on")}
)
"""Days that are set beforehand, and that nothing beside them confirms."""

_SETTLED: Final = {
    ("sessions", "starts_at"): ("status", "held"),
    ("roles", "ends_on"): ("ending", None),
    ("memberships", "ends_on"): ("ending", None),
}


def happened_days(table: Table) -> Iterator[HappenedDay]:
    """The columns of *table* whose days say that something happened, in the order of their names.

    Planned ends (``planned_end_on``), and until when people are kept apart, are none of them.
    """
    columns = {*table.first, *(column for column, _ in table.ends)}
    for column in sorted(columns):
        if (table.name, column) not in _ARRANGED:
            yield HappenedDay(column, *_SETTLED.get((table.name, column), (None, None)))
