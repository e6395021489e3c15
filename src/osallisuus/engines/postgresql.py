"""The PostgreSQL engine: in place on a store of ours in PostgreSQL, by the store's connection."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar, Final

from osallisuus.errors import EngineError
from osallisuus.metrics.engine import ENGINE_API, Dialect, Query, Value
from osallisuus.model.store import Store

__all__ = ["POSTGRESQL", "PostgreSQLEngine"]

POSTGRESQL: Final = Dialect(
    name="postgresql",
    days="(CAST({b} AS DATE) - CAST({a} AS DATE))",
    day="CAST(substr({a}, 1, 10) AS DATE)",
    mark="%({})s",
    inline="NOT MATERIALIZED",
)
_PLAIN: Final = re.compile(r"%(?!\([a-z][a-z0-9_]*\)s)")
"""A sign of the text itself, not of a parameter."""


class PostgreSQLEngine:
    """Answers queries where the facts are. Needs a PostgreSQL store."""

    api_version: ClassVar[int] = ENGINE_API
    dialect = POSTGRESQL

    def __init__(self, store: Any, known_at: int | None) -> None:
        self._store = store
        self._visible = store.visible(known_at)

    @classmethod
    def open(cls, store: Store, *, known_at: int | None = None) -> PostgreSQLEngine:
        """An engine over the facts of *store* as known at a commit, by default as of now."""
        if not hasattr(store, "schema") or "sql" not in store.capabilities:
            raise EngineError(
                "this engine works in a PostgreSQL store only",
                where="postgresql",
                remedy="take another engine, such as duckdb or sqlite",
            )
        return cls(store, known_at)

    def table(self, name: str) -> str:
        """See :class:`osallisuus.metrics.engine.Engine`."""
        return f'"{self._store.schema}".{name} WHERE {self._visible}'

    def rows(self, query: Query) -> list[tuple[Any, ...]]:
        """See :class:`osallisuus.metrics.engine.Engine`."""
        store = self._store
        store.refuse_fork()
        try:
            rows = _read(store.connection, _PLAIN.sub("%%", query.sql), query.params)
        except store.foreign as error:
            reason = store.explained(error).problems[0]
        else:
            # sums of whole numbers come as decimals
            return [tuple(int(v) if type(v) is Decimal else v for v in row) for row in rows]
        raise EngineError(
            reason.what, where="postgresql", remedy=reason.remedy or "check the metric's SQL"
        )

    def close(self) -> None:
        """See :class:`osallisuus.metrics.engine.Engine`: the connection is the store's."""


def _read(connection: Any, sql: str, params: Mapping[str, Value]) -> list[tuple[Any, ...]]:
    """The rows of one statement that cannot write: the connection is that of the store."""
    cursor = _cursor(connection)
    cursor.execute("SET default_transaction_read_only = on")
    try:
        rows: list[tuple[Any, ...]] = cursor.execute(sql, params).fetchall()
    finally:
        cursor.execute("SET default_transaction_read_only = off")
    return rows


def _cursor(connection: Any) -> Any:
    """A cursor that puts values into the text itself: PostgreSQL then knows their types."""
    from psycopg import ClientCursor

    return ClientCursor(connection)
