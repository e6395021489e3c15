"""Metrics counted by Apache DataFusion, over a private copy of the facts in Arrow's columns.

A table is copied when a metric first asks for it, without the columns that no metric may read. A
session of DataFusion may write files and make tables if it is told to; this one may only SELECT.
"""

import re
from collections.abc import Callable
from typing import Any, ClassVar, Final, Self, TypeVar

import pyarrow
from datafusion import DataFrame, SessionConfig, SessionContext, SQLOptions
from osallisuus.errors import EngineError
from osallisuus.metrics.engine import Dialect, Query
from osallisuus.metrics.relations import logical_columns
from osallisuus.model.arrow import read_arrow
from osallisuus.model.facts import TABLES
from osallisuus.model.store import Store

from osallisuus_datafusion.rewriting import in_its_words

__all__ = ["DataFusionEngine"]

T = TypeVar("T")

_DATAFUSION: Final = Dialect(
    name="datafusion",
    days="CAST(CAST({b} AS DATE) - CAST({a} AS DATE) AS BIGINT)",
    day="CAST(substr({a}, 1, 10) AS DATE)",
    mark="${}",
    finish=in_its_words,
)
_PARAMETER: Final = re.compile(r"\$([a-z][a-z0-9_]*)")
_SETTINGS: Final = {
    # its plan of the text knows of some columns that they are never NULL, which its plan of the work
    # does not know; the check takes the difference for a fault
    "datafusion.execution.skip_physical_aggregate_schema_check": "true",
}
_ONLY_READS: Final = (
    SQLOptions().with_allow_ddl(False).with_allow_dml(False).with_allow_statements(False)
)


class DataFusionEngine:
    """Answers queries by DataFusion."""

    api_version: ClassVar[int] = 1
    dialect = _DATAFUSION

    def __init__(self, store: Store, known_at: int | None = None) -> None:
        if known_at is not None and "history" not in store.capabilities:
            raise EngineError(
                "this store holds the facts of now only", where="known_at", remedy="leave it out"
            )
        if known_at is None and "history" in store.capabilities:
            known_at = store.head()  # tables that are read later are of the same commit
        self._store, self._known_at = store, known_at
        self._read: set[str] = set()
        self._context = SessionContext(SessionConfig(_SETTINGS))

    @classmethod
    def open(cls, store: Store, *, known_at: int | None = None) -> Self:
        """See :class:`osallisuus.metrics.engine.EngineKind`."""
        return cls(store, known_at)

    def table(self, name: str) -> str:
        """See :class:`osallisuus.metrics.engine.Engine`; a table is read when it is asked for."""
        if name not in self._read:
            names = [column.sql_name for column in logical_columns(TABLES[name])]
            if not names:
                raise EngineError(
                    "who is in this table is never counted", where=name, remedy="ask something else"
                )
            reader = read_arrow(self._store, TABLES[name], known_at=self._known_at)
            facts = _tried(lambda: reader.read_all().select(names), "the facts cannot be read")
            batches = facts.to_batches() or [
                pyarrow.RecordBatch.from_pylist([], schema=facts.schema)
            ]
            self._context.register_record_batches(f"facts_{name}", [batches])
            self._read.add(name)
        return f"facts_{name}"

    def rows(self, query: Query) -> list[tuple[Any, ...]]:
        """See :class:`osallisuus.metrics.engine.Engine`."""
        frame = _tried(lambda: self._planned(query), "it cannot plan the query", quoted=True)
        found = _tried(frame.to_arrow_table, "it cannot answer the query")
        return list(zip(*(column.to_pylist() for column in found.columns), strict=True))

    def _planned(self, query: Query) -> DataFrame:
        wanted = set(_PARAMETER.findall(query.sql))
        named = {name: value for name, value in query.params.items() if name in wanted}
        frame = self._context.sql_with_options(query.sql, _ONLY_READS, param_values=named)
        frame.execution_plan()  # what is not implemented is told here, before any row is read
        return frame

    def close(self) -> None:
        """See :class:`osallisuus.metrics.engine.Engine`."""
        for name in self._read:
            self._context.deregister_table(f"facts_{name}")
        self._read.clear()


def _tried(work: Callable[[], T], what: str, *, quoted: bool = False) -> T:
    """What *work* gives; an error of DataFusion as one of ours.

    Only what it says of a plan is *quoted*: that names tables, columns and what is not there yet.
    What it says of rows may hold a value of somebody's.
    """
    try:
        return work()
    except EngineError:
        raise
    except Exception as error:  # noqa: BLE001 - DataFusion raises plain ones, Arrow its own
        said = str(error).split("\n", 1)[0] if quoted else type(error).__name__
    raise EngineError(f"DataFusion: {what}: {said}", where="datafusion", remedy="check the SQL")
