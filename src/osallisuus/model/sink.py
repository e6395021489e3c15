"""The Sink port: a published copy of a store's facts, as columns, for engines and other readers.

A copy holds the facts of *now*; what was known earlier stays with the store. It stands at one
commit of its store, and each sync brings it from there to a later one: all of it or nothing, over
all tables, and a sync that is repeated changes nothing. What may not leave a store at all (the
judgements on who must not share a group, and every free text) is in no copy: a sink knows no
column for it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Any, ClassVar, Final, Protocol, Self, TypeAlias

from attrs import field

from osallisuus.extra import library
from osallisuus.model.arrow import arrow_schema
from osallisuus.model.columns import Column
from osallisuus.model.facts import TABLES, Table
from osallisuus.values import frozen

__all__ = [
    "ANEW",
    "PUBLISHED",
    "SINK_API",
    "Known",
    "Part",
    "Position",
    "Published",
    "Sink",
    "published_columns",
    "published_schema",
]

ANEW: Final = "nothing is lost: take the folder of the copy away, and publish anew"
"""What to do with a copy that is not whole."""

SINK_API: Final = 1
"""The version of this port; a sink plug-in states it as ``api_version``."""

Known: TypeAlias = Callable[[str, Collection[str]], set[str]]
"""A table and some ids -> those of them that the store holds now."""


def published_columns(table: Table) -> tuple[Column, ...]:
    """The columns of a table that may stand in a copy; none of a table that may not."""
    return tuple(
        column for column in table.columns if column.field_class not in ("restricted", "free_text")
    )


PUBLISHED: Final = tuple(table for table in TABLES.values() if published_columns(table))
"""The tables of a copy: all but those that never leave a store."""


def published_schema(table: Table) -> Any:
    """The ``pyarrow.Schema`` of a table in a copy; :class:`PluginError` without pyarrow."""
    schema = arrow_schema(table)
    names = [column.sql_name for column in published_columns(table)]
    return library("pyarrow", "arrow").schema([schema.field(name) for name in names])


@frozen
class Position:
    """The commit at which a copy stands, and the digest of its entry in the store's journal.

    The digest tells whether a copy is of this store: journals that agree in it agree in all before.
    """

    tx: int = 0
    digest: str = ""


@frozen
class Part:
    """What is otherwise in one table; the parts of one table follow each other.

    ``rows`` is a ``pyarrow.RecordBatch`` with at least the columns of :func:`published_schema`, of
    facts that are new or revised, or ``None``; ``removed`` are the ids of facts taken back.
    """

    table: str
    rows: Any | None = field(default=None, repr=False)
    removed: Collection[str] = field(factory=frozenset, repr=False)


@frozen
class Published:
    """How many rows a sync has written, and how many it has taken out for good."""

    rows: int = 0
    removed: int = 0


class Sink(Protocol):
    """Keeps a published copy. Every method raises only our own errors.

    Those are :class:`~osallisuus.errors.StoreError` and its kinds, and
    :class:`~osallisuus.errors.PluginError` without the extra that the sink needs.
    """

    api_version: ClassVar[int]

    @classmethod
    def open(cls, place: str, *, create: bool = False) -> Self:
        """The copy at *place*; *create* takes a place where nothing is for an empty one."""
        ...

    def position(self) -> Position:
        """Where the copy stands; ``Position()`` for an empty one."""
        ...

    def publish(
        self,
        after: Position,
        upto: Position,
        parts: Iterable[Part],
        *,
        known: Known | None = None,
        added: bool = False,
        exact: Callable[[], bool] = lambda: True,
    ) -> Published:
        """Bring the copy from *after* to *upto*: all parts or nothing, and all of it on the disk.

        *known* is given when something was erased since: what the store does not hold any more is
        taken out of every table. Bytes of what was taken out are cleared before it answers.
        *added*: every fact is new since *after*, so none is looked for in the copy. *exact* is
        asked when all parts are read: whether they tell nothing of a commit after *upto*; if they
        do, the facts of the next range are looked for in any case.
        A copy that stands at *upto* stays as it is. Raises
        :class:`~osallisuus.errors.VersionConflict` where it does not stand at *after*, and
        :class:`~osallisuus.errors.StoreBusy` while another writer is at it.
        """
        ...

    def unfinished(self) -> bool:
        """Whether bytes of what was taken out are still to be cleared."""
        ...

    def finish(self) -> None:
        """Clear the bytes of what is not in the copy any more. May be called at any time."""
        ...

    def compact(self) -> None:
        """Put the rows of each table into fewer files, and :meth:`finish`."""
        ...

    def files(self, table: Table) -> list[str]:
        """The Parquet files that are the table in this copy; none if it has no row."""
        ...

    def close(self) -> None:
        """Let go of the copy. Closing twice does nothing."""
        ...
