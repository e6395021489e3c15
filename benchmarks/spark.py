"""Eight metrics by the Spark engine, against the same SQL given to the session by hand.

What is compared is what our engine adds: making the SQL, views of the files and reading the answers.
The time is that of Java and of Python together, on a local session; each contender asks twice, and
the second time counts. ``OSALLISUUS_BENCH_SPARK`` is the number of enrolments, by default 10,000.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from engines import AS_OF, METRICS, _bound, _files, write
from growth import _cpu
from harness import Comparison

SIZE = int(os.environ.get("OSALLISUUS_BENCH_SPARK", "10000"))
COMPARISONS = [
    Comparison(
        "spark",
        f"eight metrics of {SIZE:,} enrolments by the Spark engine / the same as native Spark SQL",
        "ours",
        "native",
        1.2,
        rounds=3,
    )
]


def prepare(folder: Path) -> str | None:
    """Parquet files."""
    if find_spec("pyspark") is None or shutil.which("java") is None:
        return "pyspark or Java is missing"
    write(folder, SIZE)
    return None


def _asked(engine: Any) -> dict[str, Any]:
    from osallisuus.metrics.catalogue import CATALOGUE
    from osallisuus.metrics.compile import Settings, table_query

    settings = Settings(as_of=AS_OF)
    return {name: table_query(_bound(CATALOGUE[name]), settings, engine) for name in METRICS}


def _second(session: Any, work: Callable[[], None]) -> float:
    java = Path("/proc") / str(session.sparkContext._gateway.proc.pid)  # noqa: SLF001
    work()
    before, start = _cpu(java), time.process_time()
    work()
    return _cpu(java) - before + time.process_time() - start


def ours(folder: Path) -> float:
    from osallisuus.engines.spark import SparkEngine, local_session

    session = local_session()

    def ask() -> None:
        with _files(folder) as store:
            engine = SparkEngine.over(session).open(store)
            for query in _asked(engine).values():
                engine.rows(query)
            engine.close()

    return _second(session, ask)


def native(folder: Path) -> float:
    from osallisuus.engines.spark import SparkEngine, local_session

    session = local_session()
    with _files(folder) as store:
        engine = SparkEngine.over(session).open(store)
        prefix = engine.table("people").removesuffix("people")
        queries = _asked(engine)
    texts = [query.sql.replace(prefix, "native_") for query in queries.values()]
    params = [query.params for query in queries.values()]

    def ask() -> None:
        for file in folder.glob("*.parquet"):
            session.read.parquet(str(file)).createOrReplaceTempView(f"native_{file.stem}")
        for text, values in zip(texts, params, strict=True):
            session.sql(text, args=dict(values)).collect()

    return _second(session, ask)
