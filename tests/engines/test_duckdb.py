"""The DuckDB engine: what it copies, where it spills to, and what its errors say."""

from __future__ import annotations

import traceback
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from osallisuus.engines.duckdb import DuckDBEngine
from osallisuus.errors import EngineError, StoreBusy
from osallisuus.metrics.engine import Query
from osallisuus.model import facts as f
from osallisuus.model.batch import Batch
from osallisuus.model.columns import FreeText
from osallisuus.model.store import Act
from osallisuus.stores.memory import MemoryStore

CANARY = "kanarialintu"
ACT = Act("test", "test", "test")


def _clock() -> datetime:
    return datetime(2026, 1, 1, tzinfo=UTC)


def _store() -> MemoryStore:
    store = MemoryStore(_clock)
    people = [f.Person(id=f"{CANARY}{n}", registered_on=date(2026, 1, 1)) for n in range(3)]
    form = f.Interview(
        id="i1", person=people[0].id, program="verna", happened_on=date(2026, 1, 2),
        outcome="place", decided_by="board",
    )  # fmt: skip
    answer = f.Answer(id="a1", form="i1", item="why", note=FreeText(CANARY))
    apart = f.KeepApart(
        id="k1", one=people[0].id, other=people[1].id, until=date(2027, 1, 1)
    )  # fmt: skip
    store.append(Batch.of([*people, form, answer, apart]), ACT)
    return store


@pytest.fixture
def engine():
    opened = DuckDBEngine.open(_store())
    yield opened
    opened.close()


def _told(error: BaseException) -> str:
    shown = "".join(traceback.format_exception(error))
    return f"{error!r} {error} {error.args} {error.__context__!r} {shown}"


def test_a_table_is_read_when_it_is_asked_for_and_not_before(engine):
    """A copy of what no metric asks would only be one more place where facts lie."""
    tables = Query("SELECT table_name FROM information_schema.tables")
    assert engine.rows(tables) == []
    engine.table("people")
    assert engine.rows(tables) == [("people",)]


def test_words_of_people_are_not_copied(engine):
    """Free text stays in the store: a column that SQL cannot read has no place in a copy."""
    source = engine.table("answers")
    assert ("form",) in engine.rows(Query(f"SELECT column_name FROM (DESCRIBE {source})"))
    with pytest.raises(EngineError):
        engine.rows(Query(f"SELECT note FROM {source}"))


def test_who_must_not_share_a_group_is_not_copied(engine):
    """Such a judgement is never counted."""
    with pytest.raises(EngineError):
        engine.table("keep_apart")


def test_tables_that_are_read_later_are_of_the_same_commit():
    """Figures of one engine are of one state of the facts, whatever is stored meanwhile."""
    store = _store()
    engine = DuckDBEngine.open(store)
    store.append(Batch.of([f.Person(id="later", registered_on=date(2026, 1, 1))]), ACT)
    count = Query(f"SELECT COUNT(*) FROM {engine.table('people')}")
    assert engine.rows(count) == [(3,)]
    engine.close()


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT CAST(id AS BIGINT) FROM {people}",  # fails on a row, and DuckDB quotes it
        "SELECT error(id) FROM {people}",
        "SELECT nosuch FROM {people}",
    ],
)
def test_no_error_holds_a_value(engine, sql: str):
    """Neither its words nor its context nor its traceback."""
    with pytest.raises(EngineError) as raised:
        engine.rows(Query(sql.format(people=engine.table("people"))))
    assert CANARY not in _told(raised.value)
    assert raised.value.problems[0].remedy


def test_the_text_of_a_wrong_query_says_which_column_is_not_there(engine):
    """An author of a metric needs the name; it stands in the text, not in the facts."""
    with pytest.raises(EngineError, match="nosuch"):
        engine.rows(Query(f"SELECT nosuch FROM {engine.table('people')}"))


def test_what_does_not_fit_goes_to_a_private_folder_that_is_gone_afterwards(tmp_path: Path):
    """Nothing of the facts is left on the disk when the engine is closed."""
    engine = DuckDBEngine.limited(memory="40MB", threads=1, spill=tmp_path).open(_store())
    (folder,) = tmp_path.iterdir()
    assert folder.stat().st_mode & 0o077 == 0
    big = "SELECT i, repeat('x', 50) || i AS s FROM range(1500000) AS t(i)"
    ((rows,),) = engine.rows(
        Query(f"SELECT COUNT(*) FROM (SELECT s, ROW_NUMBER() OVER (ORDER BY s) AS r FROM ({big}))")
    )
    assert rows == 1_500_000
    engine.close()
    assert list(tmp_path.iterdir()) == []


def test_too_little_memory_is_told_with_what_would_help(tmp_path: Path):
    """Not DuckDB's own text, and no crash."""
    engine: Any = DuckDBEngine.limited(memory="20MB", threads=1, spill=tmp_path).open(_store())
    engine._connection.execute("SET max_temp_directory_size = '1MB'")
    sql = "SELECT list(repeat('x', 80) || i) FROM range(1000000) AS t(i)"
    with pytest.raises(EngineError, match="memory") as raised:
        engine.rows(Query(sql))
    assert "memory=" in raised.value.problems[0].remedy
    engine.close()


@pytest.mark.parametrize("limits", [{"memory": "a lot"}, {"threads": 0}, {"spill": "/nosuch/x"}])
def test_limits_that_cannot_be_kept_are_refused(limits: dict[str, Any]):
    """When the engine is opened, and with what would work."""
    with pytest.raises(EngineError) as raised:
        DuckDBEngine.limited(**limits).open(_store())
    assert raised.value.problems[0].remedy


def test_a_store_that_fails_while_it_is_read_says_so_itself():
    """What stopped the copy is the store's own error, with its remedy."""

    class Busy(MemoryStore):
        def scan(self, kind: Any, **settings: Any) -> Any:
            yield from ()
            raise StoreBusy("somebody is writing", remedy="try again")

    engine = DuckDBEngine.open(Busy(_clock))
    with pytest.raises(StoreBusy, match="try again"):
        engine.table("people")
    engine.close()


def test_a_file_of_a_copy_that_cannot_be_read_is_an_error_of_ours(tmp_path: Path):
    """Damaged or gone: a reason and a remedy, and nothing of what stands in it."""

    class Files(MemoryStore):
        capabilities = frozenset({"files"})

        def files(self, table: Any) -> list[Path]:
            return [tmp_path / f"{table.name}.parquet"]

    (tmp_path / "groups.parquet").write_text(CANARY)
    engine = DuckDBEngine.open(Files(_clock))
    for name in ("people", "groups"):
        with pytest.raises(EngineError) as raised:
            engine.table(name)
        assert CANARY not in _told(raised.value)
        assert raised.value.problems[0].remedy
    engine.close()
