"""Spark tabulates what the naive model counts: sixty worlds in one load, with ids apart.

A query costs Spark seconds however few the rows are. So Sail, a Spark Connect server without Java,
is asked all that it can plan, and a real Spark what Sail cannot, and some of the rest.
"""

from __future__ import annotations

import gc
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import osallisuus as osa
from osallisuus.engines.spark import SparkEngine, local_session
from osallisuus.errors import EngineError
from osallisuus.metrics.catalogue import CATALOGUE
from osallisuus.metrics.engine import Query
from osallisuus.model import facts as f
from osallisuus.model.arrow import read_arrow
from osallisuus.model.facts import Table
from osallisuus.stores.memory import MemoryStore
from tests.generative.tabulated import LONG, agree, clock, fill, in_memory, together

WORLDS = 60
NOT_ON_SAIL = {
    "case_load",
    "community_size",
    "contact_rate",
    "cost_per_completer",
    "encounter_rate",
    "entry_rate",
}
"""Sail 0.7 refuses to plan these: NOT EXISTS beside a join, and sums of a column of nothing."""
ON_SPARK = set(CATALOGUE) if LONG else NOT_ON_SAIL | set(list(CATALOGUE)[::9])
TURNS = range(4 if LONG else 1)
QUICK = {
    # what makes large queries fast makes small ones slow
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.ui.retainedExecutions": "1",
    "spark.ui.retainedJobs": "10",
    "spark.ui.retainedStages": "10",
    "spark.sql.shuffle.partitions": "1",
    "spark.default.parallelism": "1",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
}
WORLD = together(range(WORLDS))


@pytest.fixture(scope="module")
def sails() -> Iterator[str]:
    """The address of a server of Spark Connect in this process."""
    from pysail.spark import SparkConnectServer

    server = SparkConnectServer(port=0)
    server.start(background=True)
    _, port = server.listening_address
    yield f"sc://127.0.0.1:{port}"
    server.stop()


@pytest.fixture
def sail(sails: str) -> Iterator[Any]:
    """A session of Spark Connect; one that nobody uses for some minutes would be ended."""
    from pyspark.sql.connect.session import SparkSession

    session = SparkSession.builder.remote(sails).create()
    yield session
    session.stop()


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    """A classic session of a real Spark on this machine."""
    _refuse_without_java()
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master("local[2]").appName("tests")
    for name, value in QUICK.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    yield session
    session.stop()


def _refuse_without_java() -> None:
    java = shutil.which("java")
    told = ""
    if java is not None:
        asked = [java, "-version"]
        told = subprocess.run(asked, capture_output=True, text=True, check=False).stderr
    found = re.search(r'version "(\d+)', told)
    if found is None or int(found[1]) < 17:
        reason = "a real Spark needs Java 17 or newer: apt-get install default-jre-headless"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)


@pytest.mark.parametrize("turn", TURNS)
def test_sixty_worlds_on_sail(sail: Any, turn: int):
    """By Spark Connect: nothing of the session is ours."""
    engine = SparkEngine.over(sail).open(in_memory(WORLD))
    agree(engine, WORLD.facts, WORLD, turn, without=NOT_ON_SAIL)
    engine.close()


@pytest.mark.parametrize("turn", TURNS)
def test_sixty_worlds_on_spark(spark: Any, turn: int):
    """By a classic session, over tables that are handed to it."""
    engine = SparkEngine.over(spark).open(in_memory(WORLD))
    agree(engine, WORLD.facts, WORLD, turn, without=set(CATALOGUE) - ON_SPARK)
    engine.close()


class _Published(MemoryStore):
    """A store that gives its tables as files too, as a published copy does."""

    capabilities = frozenset({"files"})
    folder: Path

    def files(self, table: Table) -> list[str]:
        from pyarrow import parquet

        file = self.folder / f"{table.name}.parquet"
        facts = read_arrow(MemoryStore.copy(self), table).read_all()
        if facts.num_rows:
            parquet.write_table(facts, file)
        return [str(file)] if facts.num_rows else []


def test_files_are_read_where_they_lie(sail: Any, tmp_path: Path):
    """Nothing is handed over, and tables without a file are tables without rows."""
    store = _Published(clock)
    store.folder = tmp_path
    fill(store, WORLD)
    engine = SparkEngine.over(sail).open(store)
    agree(engine, WORLD.facts, WORLD, 2, without=set(CATALOGUE) - {"completion", "attendance"})
    engine.close()
    with pytest.raises(EngineError, match="facts of now"):
        SparkEngine.over(sail).open(store, known_at=1)


def test_a_session_of_the_caller_is_left_as_it_was(sail: Any):
    """Views that the engine made are gone, and the session is open."""
    engine = SparkEngine.over(sail).open(in_memory(WORLD))
    source = engine.table("people")
    assert [table.name for table in sail.catalog.listTables()] == [source]
    engine.close()
    assert sail.catalog.listTables() == []
    assert sail.sql("SELECT 1 AS one").collect()[0].one == 1


def test_two_registers_may_share_a_session(sail: Any):
    """The tables of one are not those of the other."""
    few, many = MemoryStore(clock), in_memory(WORLD)
    engines = [SparkEngine.over(sail).open(store) for store in (few, many)]
    counts = [one.rows(Query(f"SELECT COUNT(*) FROM {one.table('people')}")) for one in engines]
    people = sum(isinstance(fact, f.Person) for fact in WORLD.facts)
    assert counts == [[(0,)], [(people,)]]
    for engine in engines:
        engine.close()


def test_no_error_of_spark_holds_a_value(sail: Any):
    """Spark quotes what it cannot read; what we raise quotes nothing."""
    from osallisuus.model.batch import Batch
    from osallisuus.model.store import Act

    store = MemoryStore(clock)
    person = f.Person(id="kanarialintu", registered_on=date(2026, 1, 1))
    store.append(Batch.of([person]), Act("test", "test", "test"))
    engine = SparkEngine.over(sail).open(store)
    for sql in ("SELECT CAST(id AS BIGINT) FROM {0}", "SELECT raise_error(id) FROM {0}"):
        with pytest.raises(EngineError) as raised:
            engine.rows(Query(sql.format(engine.table("people"))))
        error = raised.value
        assert "kanarialintu" not in f"{error!r} {error.args} {error.__context__!r}"
        assert error.problems[0].remedy
    engine.close()


def test_java_keeps_no_answers_for_nobody(spark: Any):
    """Also where Python's collector does not come by itself, as in a program with many objects."""
    from py4j.java_gateway import JavaObject

    def held() -> int:
        return sum(isinstance(one, JavaObject) for one in gc.get_objects())

    engine = SparkEngine.over(spark).open(MemoryStore(clock))
    gc.collect()
    gc.disable()
    try:
        before, most = held(), 0
        for _ in range(30):
            assert engine.rows(Query("SELECT 1")) == [(1,)]
            most = max(most, held() - before)
        engine.close()
        assert held() <= before
    finally:
        gc.enable()
    assert 0 < most < 60  # some for each of eight answers


def test_a_store_of_nothing_has_no_cases(spark: Any):
    """Nothing says a day, so the library takes one: Spark must be able to read it."""
    with osa.open("memory:", actor="test", engine=SparkEngine.over(spark)) as register:
        (figure,) = register.measure("attendance")
    assert figure.reason == "no_cases"


def test_a_session_that_is_active_is_taken(spark: Any):
    """A program that has one does not get a second."""
    assert local_session() is spark


def test_without_java_the_error_says_what_to_install():
    """In a process of its own, whose Java is nowhere."""
    script = (
        "from osallisuus.engines.spark import local_session\n"
        "from osallisuus.errors import EngineError\n"
        "try:\n local_session()\n"
        "except EngineError as error:\n print(error.problems[0].remedy)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "JAVA_HOME": "/nosuch"},
    )
    assert "install Java 17 or newer" in done.stdout, done.stderr
