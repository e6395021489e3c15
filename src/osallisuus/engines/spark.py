"""The Spark engine: the same SQL where a cluster keeps the facts, by a session that is given.

Spark is for where the data are, not for their size: one machine counts faster by DuckDB. The
session is the caller's, classic or Spark Connect, and nothing of Spark is imported for it. Without
one a local session is made, which needs the extra ``spark`` and Java 17 or newer.

Of a store that publishes files, the files are read where they lie, so the cluster must see the same
paths. Facts of any other store are handed over, which is for small ones.
"""

from __future__ import annotations

import gc
import os
import re
from itertools import count
from pathlib import Path
from typing import Any, ClassVar, Final

from osallisuus.errors import EngineError
from osallisuus.extra import library
from osallisuus.metrics.engine import ENGINE_API, Dialect, EngineKind, Query, With
from osallisuus.metrics.relations import logical_columns
from osallisuus.model.arrow import read_arrow
from osallisuus.model.facts import TABLES, Table
from osallisuus.model.store import Store

__all__ = ["SPARK", "SparkEngine", "local_session"]

SPARK: Final = Dialect(
    name="spark",
    days="DATEDIFF({b}, {a})",
    day="CAST(substr({a}, 1, 10) AS DATE)",
)
_PARAMETER: Final = re.compile(r":([a-z][a-z0-9_]*)")
_TYPES: Final = {"date": "DATE", "integer": "BIGINT", "number": "DOUBLE"}
_LOCAL: Final = {
    "spark.ui.enabled": "false",  # a page that anybody on this machine could open
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.shuffle.partitions": "8",
    # what that page would show fills the memory: plans of SQL as long as ours, a thousand of them
    "spark.sql.ui.retainedExecutions": "1",
    "spark.ui.retainedJobs": "10",
    "spark.ui.retainedStages": "10",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
}
_JAVA: Final = "install Java 17 or newer, such as openjdk-17-jre-headless, or pass a session"
_MOST_HELD: Final = 8
"""Answers that Java may hold for nobody."""
_engines = count(1)


class SparkEngine:
    """Answers queries by Spark SQL, version 4 or newer."""

    api_version: ClassVar[int] = ENGINE_API
    dialect = SPARK

    def __init__(
        self, store: Store, *, known_at: int | None = None, session: Any | None = None
    ) -> None:
        self._store, self._known_at = store, known_at
        self._in_files = "files" in store.capabilities
        if self._in_files and known_at is not None:
            raise EngineError(
                "a published copy holds the facts of now only",
                where="known_at",
                remedy="ask the store that it was made from",
            )
        if known_at is None and "history" in store.capabilities:
            self._known_at = store.head()  # tables that are read later are of the same commit
        self._session = local_session() if session is None else session
        self._prefix = f"osallisuus_{next(_engines)}_"  # two registers may share a session
        self._views: list[str] = []
        self._asked = 0

    @classmethod
    def open(cls, store: Store, *, known_at: int | None = None) -> SparkEngine:
        """See :class:`osallisuus.metrics.engine.EngineKind`: on a local session."""
        return cls(store, known_at=known_at)

    @classmethod
    def over(cls, session: Any) -> EngineKind:
        """This engine on the caller's session: ``osa.open(place, engine=SparkEngine.over(spark))``.

        The session stays the caller's: closing the engine only drops its temporary views.
        """
        return With(cls, {"session": session})

    def table(self, name: str) -> str:
        """See :class:`osallisuus.metrics.engine.Engine`; a table is read when it is asked for."""
        view = self._prefix + name
        if view not in self._views:
            self._tried(lambda: self._frame(TABLES[name]).createOrReplaceTempView(view))
            self._views.append(view)
        return view

    def _frame(self, table: Table) -> Any:
        columns = logical_columns(table)
        names = [column.sql_name for column in columns]
        if self._in_files:
            files = getattr(self._store, "files")(table)  # noqa: B009 - no part of the port
            if files:
                return self._session.read.parquet(*map(str, files)).select(*names)
        facts = read_arrow(self._store, table, known_at=self._known_at).read_all().select(names)
        if facts.num_rows:
            return self._session.createDataFrame(facts)
        typed = (
            f"CAST(NULL AS {_TYPES.get(column.type.name, 'STRING')}) AS {column.sql_name}"
            for column in columns
        )
        return self._session.sql(f"SELECT {', '.join(typed)} WHERE 1 = 0")

    def rows(self, query: Query) -> list[tuple[Any, ...]]:
        """See :class:`osallisuus.metrics.engine.Engine`."""
        wanted = set(_PARAMETER.findall(query.sql))
        named = {name: value for name, value in query.params.items() if name in wanted}
        frame = self._tried(lambda: self._session.sql(query.sql, args=named))
        found = self._tried(frame.collect)
        self._asked += hasattr(frame, "_jdf")  # of a classic session
        del frame
        if self._asked >= _MOST_HELD:
            self._let_go()
        return list(map(tuple, found))

    def _let_go(self) -> None:
        """Have Java forget the plans and rows of what was asked.

        What py4j gives stands in a circle of references, and Java keeps its part until Python's
        collector comes by, which in a program with many objects is never soon: some hundred
        metrics would fill a gigabyte.
        """
        if self._asked:
            self._asked = 0
            gc.collect()

    def _tried(self, work: Any) -> Any:
        """What *work* gives; whatever Spark raises as an error of ours, without its text.

        Spark's texts quote rows, and its errors are of many kinds.
        """
        try:
            return work()
        except Exception as error:  # noqa: BLE001 - of py4j, of gRPC, of Spark itself
            reason = _reason(error)
        raise EngineError(
            f"Spark: {reason}",
            where="spark",
            remedy="check the metric's SQL, and that the session is alive and sees the files",
        )

    def close(self) -> None:
        """See :class:`osallisuus.metrics.engine.Engine`."""
        while self._views:
            view = self._views.pop()
            self._tried(lambda view=view: self._session.catalog.dropTempView(view))
        self._let_go()


def _reason(error: Exception) -> str:
    """The condition that Spark names, such as ``TABLE_OR_VIEW_NOT_FOUND``; else the error's type."""
    name = getattr(error, "getCondition", lambda: None)
    condition = name() if callable(name) else None
    return str(condition or type(error).__name__)


def local_session() -> Any:
    """The session that is active in this process, or a new one on this machine's cores.

    It ends with the process. Raises :class:`PluginError` without the extra ``spark``, and
    :class:`EngineError` where no session starts, as without Java 17.
    """
    sql = library("pyspark.sql", "spark")
    active = sql.SparkSession.getActiveSession()
    if active is not None:
        return active
    try:
        builder = sql.SparkSession.builder.appName("osallisuus").master("local[*]")
        for name, value in _LOCAL.items():
            builder = builder.config(name, value)
        return builder.getOrCreate()
    except Exception as error:  # noqa: BLE001 - of py4j, of Java's start, of Spark itself
        reason = _reason(error)
    raise EngineError(
        f"no local Spark session starts: {reason}", where="spark", remedy=_JAVA + _astray()
    )


def _astray() -> str:
    """What is said where the environment names a Java that is not there; it goes before any other."""
    home = os.environ.get("JAVA_HOME")
    if not home or (Path(home) / "bin" / "java").exists():
        return ""
    return "; JAVA_HOME names a folder without bin/java: correct it, or unset it"
