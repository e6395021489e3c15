"""Taking in a snapshot, into whatever kind of store."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

from osallisuus.errors import Problem, StoreError
from osallisuus.model.codec import codec
from osallisuus.model.facts import TABLES
from osallisuus.model.store import SNAPSHOT, Act, Progress
from osallisuus.stores.journal import refuse_full, text_of
from osallisuus.stores.sql import SQLStore
from osallisuus.stores.sql_database import BOOKS, columns_of, own_errors
from osallisuus.stores.sqlite_reading import SQLiteReader
from osallisuus.time import Clock
from osallisuus.whole import refuse_missing

__all__ = ["opened_snapshot", "restored", "rows_in"]

_SECRET_BYTES: Final = 32
_EMPTY: Final = tuple(name for name in BOOKS if name != "about")
"""The books in which nothing stands in a new store."""


@own_errors
def restored(store: SQLStore, source: Path, act: Act, progress: Progress | None) -> int:
    """Take everything of a snapshot into an SQL store; see :class:`osallisuus.model.store.Store`."""
    with opened_snapshot(source, store.clock) as taken, store.writing():
        found = (store.run(f"SELECT 1 FROM {name} LIMIT 1").fetchone() for name in _EMPTY)
        refuse_full(any(found))
        secret = taken.secret().hex()
        store.run("UPDATE about SET value = ? WHERE name = 'secret'", (secret,))
        for table in (*_EMPTY, *TABLES):
            store.fill(table, rows_in(taken, table, progress))
        # what was erased there was never in the files of this store
        store.run("UPDATE erased SET finished = 1")
        return store.enter("restore", act).tx


@contextmanager
def opened_snapshot(source: Path, clock: Clock) -> Iterator[SQLiteReader]:
    """The store in a snapshot, or in the file of a SQLite store, as of one moment and to read only.

    Raises :class:`~osallisuus.errors.StoreError` where it is none, or not as it was written.
    """
    refuse_missing(source, SNAPSHOT)
    with closing(SQLiteReader.opened(str(source), clock)) as taken:
        taken.run("BEGIN")
        problems = _problems(taken)
        if problems:
            what = "the snapshot is not as it was written; nothing was restored"
            raise StoreError([Problem(what, str(source), "take an earlier one"), *problems])
        yield taken


def _problems(taken: SQLiteReader) -> list[Problem]:
    """What was changed or damaged in a snapshot, found before anything is taken in."""
    every = (*BOOKS, *TABLES)
    missing = [
        table for table in every if not set(columns_of(table).split(", ")) <= taken.has(table)
    ]
    if missing:
        return [_wrong("the table lacks a column, or is not there", table) for table in missing]
    unread = [table for table in every if not _is_read(taken, table)]
    if unread:
        return [_wrong("a value cannot be read", table) for table in unread]
    return list(taken.verify())


def _is_read(taken: SQLiteReader, table: str) -> bool:
    """Whether all of a table can be read: what was changed may be no day, no number, no key."""
    try:
        if table == "about":
            return len(taken.secret()) == _SECRET_BYTES
        if table == "journal":
            return all(text_of(entry.recorded_at) for entry in taken.journal())
        if table == "releases":
            numbers = [one.number for one in taken.publications() if text_of(one.recorded_at)]
            return numbers == list(range(1, len(numbers) + 1))
        if table in TABLES:
            load = codec(table).load
            for rows in taken.rows(table):
                load([row[:-2] for row in rows])
    except (OverflowError, StoreError, TypeError, ValueError):  # the text of which may be the value
        return False
    return True


def _wrong(what: str, table: str) -> Problem:
    return Problem(what, f"table {table}", "take an earlier snapshot")


def rows_in(
    taken: SQLiteReader, table: str, progress: Progress | None
) -> Iterator[tuple[Any, ...]]:
    """All rows of a table, while *progress* hears how many there were."""
    count = 0
    for rows in taken.rows(table):
        yield from rows
        count += len(rows)
        if progress is not None:
            progress(table, count)
