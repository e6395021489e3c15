"""The SQLite engine: in place on a SQLite store, or on a private copy in memory of any other."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from contextlib import suppress
from datetime import date
from typing import Any, ClassVar, Final
from weakref import finalize

from osallisuus.errors import EngineError
from osallisuus.metrics.engine import ENGINE_API, Dialect, Query
from osallisuus.model.codec import codec
from osallisuus.model.facts import TABLES, Table
from osallisuus.model.store import Store

__all__ = ["SQLITE", "SQLiteEngine"]

SQLITE: Final = Dialect(
    name="sqlite",
    days="CAST(julianday({b}) - julianday({a}) AS INTEGER)",
    day="substr({a}, 1, 10)",
    inline="NOT MATERIALIZED",  # else a relation that is named twice is copied first
    counts_rows=True,  # GROUP BY would sort them all
)


class SQLiteEngine:
    """Answers queries by the standard library's SQLite."""

    api_version: ClassVar[int] = ENGINE_API
    dialect = SQLITE

    def __init__(self, connection: sqlite3.Connection, visible: str, *, own: bool) -> None:
        self._connection = connection
        self._visible = visible
        self._own = own
        if own:
            # whoever never closes a register in memory loses nothing, and need not be warned
            finalize(self, _let_go, connection)

    @classmethod
    def open(cls, store: Store, *, known_at: int | None = None) -> SQLiteEngine:
        """An engine over the facts of *store* as known at a commit, by default as of now."""
        connection = getattr(store, "connection", None)
        if "sql" in store.capabilities and isinstance(connection, sqlite3.Connection):
            visible = getattr(store, "visible")  # noqa: B009 - no part of the port
            return cls(connection, visible(known_at), own=False)
        return cls(_copied(store, known_at), "", own=True)

    def table(self, name: str) -> str:
        """See :class:`osallisuus.metrics.engine.Engine`."""
        if self._visible:
            return f"main.{name} WHERE {self._visible}"
        return f"main.{name}"

    def rows(self, query: Query) -> list[tuple[Any, ...]]:
        """See :class:`osallisuus.metrics.engine.Engine`."""
        values = {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in query.params.items()
        }
        self._connection.execute("PRAGMA query_only = ON")  # the store's connection writes, too
        try:
            if query.counted:
                return _counted(self._connection, query, values)
            return self._connection.execute(query.sql, values).fetchall()
        except sqlite3.Error as error:
            # the text of SQLite names tables and columns, never a value
            reason = str(error)
        finally:
            self._connection.execute("PRAGMA query_only = OFF")
        raise EngineError(f"SQLite: {reason}", where="sqlite", remedy="check the metric's SQL")

    def close(self) -> None:
        """See :class:`osallisuus.metrics.engine.Engine`."""
        if self._own:
            self._connection.close()


def _let_go(connection: sqlite3.Connection) -> None:
    with suppress(sqlite3.ProgrammingError):  # collected in another thread
        connection.close()


def _counted(
    connection: sqlite3.Connection, query: Query, values: dict[str, Any]
) -> list[tuple[Any, ...]]:
    """Equal rows as one, with their number.

    SQLite would sort all rows for a GROUP BY, and making a tuple of each costs as much. One text
    of all rows, a line each, is made and split in two thirds of the time.
    """
    line = f"json_array({', '.join(query.columns)})"
    sql = f"SELECT group_concat({line}, char(10)) FROM ({query.sql})"
    ((text,),) = connection.execute(sql, values).fetchall()
    lines = Counter(text.split("\n")) if text else Counter[str]()
    rows = json.loads(f"[{','.join(lines)}]")
    return [(*row, n) for row, n in zip(rows, lines.values(), strict=True)]


def _copied(store: Store, known_at: int | None) -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    for table in TABLES.values():
        connection.execute(_ddl(table))
        marks = ", ".join("?" for _ in table.columns)
        for facts in store.scan(table.record, known_at=known_at):
            connection.executemany(
                f"INSERT INTO {table.name} VALUES ({marks})", codec(table.name).dump(facts)
            )
        if table.joined_by:
            joined = ", ".join(table.column(name).sql_name for name in table.joined_by)
            connection.execute(f"CREATE INDEX {table.name}_joined ON {table.name} ({joined})")
    return connection


def _ddl(table: Table) -> str:
    columns = [f"{column.sql_name} {column.type.sql}" for column in table.columns]
    columns[0] += " PRIMARY KEY"
    return f"CREATE TABLE {table.name} ({', '.join(columns)}) STRICT, WITHOUT ROWID"
