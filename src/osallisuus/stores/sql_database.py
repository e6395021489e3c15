"""An SQL database as our stores need one: what a backend gives, and the layout of a store.

One typed table per record class. A row carries the commits between which it was known
(``tx_from``, ``tx_to``), so a correction keeps what was known before it and one ``DELETE`` takes a
person's whole history. A backend says how it connects, how one writer at a time is in, how rows
are written in bulk and read in a stream, and what its errors mean.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from functools import wraps
from typing import Any, ClassVar, Concatenate, Final, ParamSpec, TypeVar

from attrs import fields

from osallisuus.errors import Problem, StoreError
from osallisuus.model.facts import TABLES
from osallisuus.model.store import STORE_API, Entry, Publication
from osallisuus.stores.journal import Columns, text_of
from osallisuus.time import Clock

__all__ = [
    "BOOKS",
    "ENTRY",
    "SCHEMA_VERSION",
    "SQLDatabase",
    "Stored",
    "columns_of",
    "names_of",
    "other_version",
    "own_errors",
    "store_tables",
]

S = TypeVar("S", bound="SQLDatabase")
_P = ParamSpec("_P")
T = TypeVar("T")

ENTRY: Final = ", ".join(attribute.name for attribute in fields(Entry))
"""The columns of the journal, in the order of :class:`~osallisuus.model.store.Entry`."""
BOOKS: Final = {
    "journal": ENTRY,
    "releases": ", ".join(attribute.name for attribute in fields(Publication)),
    "about": "name, value",
    "erased": "mark, finished",
    "lessened": "tx",
}
"""The tables in which a store keeps its own books, each with its columns."""
Stored = list[tuple[Any, ...]]
"""Rows as the database has them."""

SCHEMA_VERSION: Final = 3
"""1 had no ledger, 2 neither purposes in its journal nor erasure."""


def other_version(version: int, where: str) -> StoreError:
    """The error for a store whose layout is not of :data:`SCHEMA_VERSION`."""
    said = f"the store has schema version {version}, this library reads {SCHEMA_VERSION}"
    if version < SCHEMA_VERSION:
        remedy = "make a backup, then run osallisuus upgrade with the address of the store"
    else:
        remedy = "use the version of osallisuus that wrote it, or a newer one"
    return StoreError(said, where=where, remedy=remedy)


def own_errors(method: Callable[Concatenate[S, _P], T]) -> Callable[Concatenate[S, _P], T]:
    """Turn an error of the database into one of ours, raised outside the ``except`` block.

    What stops the program itself, such as Ctrl-C, leaves no transaction open: it may come where a
    ``with`` block has not begun yet or has ended, and whoever holds it holds all that it stopped.
    """

    @wraps(method)
    def call(store: S, /, *args: _P.args, **kwargs: _P.kwargs) -> T:
        store.refuse_fork()
        foreign: tuple[type[Exception], ...] = (*store.foreign, OSError)
        try:
            return method(store, *args, **kwargs)
        except foreign as error:
            raised = store.explained(error)
        except UnicodeEncodeError:
            raised = StoreError(
                "a text that was asked for holds half a character",
                where=store.where,
                remedy="write it anew",
            )
        except UnicodeDecodeError:  # SQLite quotes its damaged schema
            raised = StoreError(
                "the store is damaged", where=store.where, remedy="take the last backup"
            )
        except BaseException as stop:
            if not isinstance(stop, Exception):
                store.let_go()
            raise
        raise raised

    return call


def store_tables(types: Mapping[str, str], *, options: str = "") -> Iterator[str]:
    """The SQL that makes every table of a store: of its own book-keeping, and of the facts.

    *types* are the backend's names of the column types, of a ``moment`` and of a ``tx``.
    """
    text, number = f"{types['text']} NOT NULL", f"{types['integer']} NOT NULL"
    moment, key, named = f"{types['moment']} NOT NULL", "PRIMARY KEY", types["text"]
    own = {
        "journal": f"tx {types['tx']} {key}, recorded_at {moment}, actor {text}, purpose {text},"
        f" operation {text}, reason {text}, key {named} UNIQUE, added {number},"
        f" revised {number}, removed {number}, content {text}, previous {text}, digest {text}",
        # what was ever released
        "releases": f"number {types['tx']} {key}, recorded_at {moment}, tx {number},"
        f" actor {text}, purpose {text}, content {text}",
        # what the store knows of itself, such as its secret
        "about": f"name {named} {key}, value {text}",
        # keyed hashes of who was erased
        "erased": f"mark {named} {key}, finished {number}",
        # commits with rows that are gone
        "lessened": f"tx {types['tx']} {key}",
    }
    for name, columns in own.items():
        yield f"CREATE TABLE {name} ({columns}) {options}"
    for table in TABLES.values():
        columns_of = [
            f"{column.sql_name} {types[column.type.name]}{' NOT NULL' if column.required else ''}"
            for column in table.columns
        ]
        columns_of += [f"tx_from {types['tx']} NOT NULL", f"tx_to {types['tx']}"]
        yield f"CREATE TABLE {table.name} ({', '.join(columns_of)}) {options}"
        yield f"CREATE UNIQUE INDEX {table.name}_now ON {table.name} (id) WHERE tx_to IS NULL"
        # what was known before is little, so one more index on it costs a new fact nothing
        yield f"CREATE INDEX {table.name}_before ON {table.name} (id) WHERE tx_to IS NOT NULL"
        if table.joined_by:
            joined = ", ".join(table.column(name).sql_name for name in table.joined_by)
            yield f"CREATE INDEX {table.name}_joined ON {table.name} ({joined})"


def names_of(table: str) -> str:
    """The columns of a table of facts, as SQL lists them."""
    return ", ".join(column.sql_name for column in TABLES[table].columns)


def columns_of(table: str) -> str:
    """All columns of any table of a store, as SQL lists them."""
    return BOOKS.get(table) or f"{names_of(table)}, tx_from, tx_to"


class SQLDatabase:
    """What a kind of database gives to a store in it."""

    api_version: ClassVar[int] = STORE_API
    capabilities: frozenset[str] = frozenset(
        "durable history journal ledger expect void forget erase note changes verify"
        " snapshot restore sql".split()
    )
    foreign: tuple[type[Exception], ...] = ()
    """The errors of the database's library."""
    native: ClassVar[bool] = False
    """Whether days are stored as days; else as ISO text."""
    where: str
    clock: Clock

    @abstractmethod
    def explained(self, error: Exception) -> StoreError:
        """An error of the database or the system in our words, without a value."""

    @abstractmethod
    def refuse_fork(self) -> None:
        """Refuse to go on in a child process."""

    @abstractmethod
    def let_go(self) -> None:
        """End the transaction that was left open, if there is one, and keep nothing of it."""

    @abstractmethod
    def run(self, sql: str, values: Sequence[Any] = ()) -> Any:
        """The cursor of one statement; parameters are written ``?``.

        All of it is fetched in one call: a cursor that is left half-way locks what it reads.
        """

    @abstractmethod
    def stream(self, sql: str, values: Sequence[Any], batch: int) -> Generator[Stored, None, None]:
        """The rows of a SELECT in parts that follow each other without all being in memory.

        Whoever stops half-way closes it, so that it reads no more and locks nothing.
        """

    @abstractmethod
    def writing(self) -> AbstractContextManager[None]:
        """One transaction, all of it or nothing, with no other writer beside it."""

    @abstractmethod
    def put(self, table: str, columns: Columns, tx: int) -> None:
        """Write many rows as of a commit, given column by column; there is at least one."""

    @abstractmethod
    def fill(self, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
        """Write rows of :func:`columns_of` to any table as a SQLite store writes them."""

    @abstractmethod
    def among(self, column: str) -> str:
        """The condition that *column* is one of the list that is the next parameter."""

    def ever_among(self) -> str:
        """The condition that a row is of one of the ids in the next two parameters, now or before.

        What holds and what was known before have each an index of their own.
        """
        among = self.among("id")
        return f"(tx_to IS NULL AND {among} OR tx_to IS NOT NULL AND {among})"

    @abstractmethod
    def listed(self, values: Collection[str]) -> Any:
        """That list as a parameter."""

    @abstractmethod
    def clear_bytes(self, tables: Collection[str]) -> tuple[str, ...]:
        """Clear what was deleted from those tables from the files.

        What could not be cleared, in words.
        """

    @abstractmethod
    def damage(self) -> Iterator[Problem]:
        """What the database itself finds wrong with its files."""

    @abstractmethod
    def version(self) -> int:
        """The schema version of the store, which need not be ours."""

    @abstractmethod
    def set_version(self, version: int) -> None:
        """Say that the store is of that version now, in the transaction that is open."""

    def moment(self, moment: datetime) -> Any:
        """A moment as it is stored."""
        return text_of(moment)

    def read_moment(self, stored: Any) -> datetime:
        """The moment that is stored so."""
        return datetime.fromisoformat(stored)
