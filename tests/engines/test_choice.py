"""Which engine answers, who may choose, and how long an engine is kept."""

from __future__ import annotations

import gc
import sqlite3
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, ClassVar

import pytest

import osallisuus as osa
from osallisuus.engines.duckdb import DuckDBEngine
from osallisuus.engines.sqlite import SQLiteEngine
from osallisuus.errors import DefinitionError, EngineError, PluginError
from osallisuus.metrics.engine import With
from osallisuus.model.facts import TABLES
from osallisuus.register import engines
from osallisuus.stores.memory import MemoryStore
from tests.cli.running import EXAMPLES

PERSON = osa.Person(id="later", registered_on=date(2026, 1, 1))


@pytest.fixture
def file(tmp_path: Path) -> str:
    """The example of Wertzu in a file."""
    place = str(tmp_path / "wertzu.db")
    with osa.open(place) as register, osa.open(str(EXAMPLES / "wertzu")) as folder:
        facts = [fact for table in TABLES.values() for fact in folder.facts(table.record)]
        register.add(facts)
    return place


def _engine(register: Any) -> str:
    return str(register.measure("completion").provenance.engine)


class _Counting:
    """A kind of engine that tells how often it was opened and closed."""

    opened: ClassVar[int] = 0
    closed: ClassVar[int] = 0

    def __init__(self) -> None:
        self.opened = self.closed = 0  # type: ignore[misc]

    def open(self, store: Any, *, known_at: int | None = None) -> Any:
        self.opened += 1  # type: ignore[misc]
        engine = SQLiteEngine.open(store, known_at=known_at)
        before = engine.close

        def close() -> None:
            self.closed += 1  # type: ignore[misc]
            before()

        engine.close = close  # type: ignore[method-assign]
        return engine


@pytest.mark.parametrize("place", ["memory:", str(EXAMPLES / "wertzu")])
def test_facts_in_memory_and_in_folders_are_counted_by_sqlite(place: str):
    """It is there everywhere, and they are few."""
    with osa.open(place) as register:
        assert _engine(register) == "sqlite"


def test_a_small_file_is_counted_in_place_and_a_large_one_by_duckdb(file: str, monkeypatch):
    """The figures are the same, and say which engine they are from."""
    with osa.open(file) as register:
        small = register.measure("completion")
    monkeypatch.setattr(engines, "_LARGE", 1)
    with osa.open(file) as register:
        large = register.measure("completion")
    assert (small.provenance.engine, large.provenance.engine) == ("sqlite", "duckdb")
    assert [figure.value for figure in small] == [figure.value for figure in large]


def test_a_large_file_is_counted_in_place_where_duckdb_is_not_installed(file: str, monkeypatch):
    """An extra that is not there is no error where nobody asked for it."""
    monkeypatch.setattr(engines, "_LARGE", 1)
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with osa.open(file) as register:
        assert _engine(register) == "sqlite"


def test_a_large_file_as_known_earlier_is_counted_in_place(file: str, monkeypatch):
    """A release asks again what each earlier one knew: a copy of each would fill the machine."""
    monkeypatch.setattr(engines, "_LARGE", 1)
    with osa.open(file) as register:
        register.add([PERSON])
        with register.engines.at(1) as earlier, register.engines.at(None) as now:
            assert (earlier.dialect.name, now.dialect.name) == ("sqlite", "duckdb")


@pytest.mark.parametrize("chosen", ["duckdb", DuckDBEngine, DuckDBEngine.limited(memory="200MB")])
def test_another_engine_may_be_passed(file: str, chosen: Any):
    """By its name, as a class, or with what it is to be opened with."""
    with osa.open(file, engine=chosen) as register:
        assert _engine(register) == "duckdb"


@pytest.mark.parametrize(
    ("chosen", "error", "words"),
    [("duckbd", PluginError, "did you mean 'duckdb'"), (7, DefinitionError, "no engine")],
)
def test_what_is_no_engine_is_refused_at_once(chosen: Any, error: type[Exception], words: str):
    """Before anything is measured by it, and with what would work."""
    with pytest.raises(error, match=words):
        osa.open("memory:", engine=chosen)


def test_a_missing_extra_names_the_command_that_installs_it(file: str, monkeypatch):
    """Where the engine was asked for by its name."""
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with (
        osa.open(file, engine="duckdb") as register,
        pytest.raises(PluginError, match=r"osallisuus\[duckdb\]"),
    ):
        register.measure("completion")


def test_a_copy_is_kept_until_the_facts_are_others(file: str):
    """A report asks twenty metrics and must not copy twenty times; a new fact is seen at once."""
    kind = _Counting()
    with osa.open(file, engine=kind) as register:
        for _ in range(3):
            register.measure("completion")
        assert (kind.opened, kind.closed) == (1, 0)
        before = register.measure("people_and_episodes")
        register.add([PERSON])
        register.measure("people_and_episodes")
        assert (kind.opened, kind.closed) == (2, 1)
        assert before.provenance.engine == "sqlite"
    assert (kind.opened, kind.closed) == (2, 2)


def test_an_engine_in_use_is_closed_only_after_its_use(file: str):
    """Facts may be added while a report is being made."""
    kind = _Counting()
    with osa.open(file, engine=kind) as register:
        with register.engine() as engine:
            register.add([PERSON])
            register.measure("completion")
            assert kind.closed == 0
            engine.rows(_count(engine))
        assert kind.closed == 1


def _count(engine: Any) -> Any:
    from osallisuus.metrics.engine import Query

    return Query(f"SELECT COUNT(*) FROM {engine.table('people')}")


def test_a_copy_does_not_outlive_the_erasure_of_a_person(file: str):
    """Whoever is erased is in no copy either, also where nothing is asked afterwards."""
    kind = _Counting()
    with osa.open(file, engine=kind) as register:
        register.measure("completion")
        register.erase(next(register.facts(osa.Person)).id)
        assert (kind.opened, kind.closed) == (1, 1)


def test_a_register_as_known_earlier_has_the_engine_of_the_register_of_now(file: str):
    """What was chosen once holds for both."""
    with osa.open(file, engine="duckdb") as register:
        moment = next(register.journal()).recorded_at
        register.add([PERSON])
        earlier = register.known_at(moment)
        assert _engine(earlier) == _engine(register) == "duckdb"
        with earlier.engine() as engine:
            then = engine.rows(_count(engine))
        with register.engine() as engine:
            assert engine.rows(_count(engine)) == [(then[0][0] + 1,)]


def test_a_published_copy_has_no_earlier_facts():
    """It is refused with what would work, and not answered with the facts of now."""

    class Published(MemoryStore):
        capabilities = frozenset({"files"})

    store = Published(lambda: datetime(2026, 1, 1, tzinfo=UTC))
    for kind in (DuckDBEngine, With(DuckDBEngine, {})):
        with pytest.raises(EngineError, match="facts of now"):
            kind.open(store, known_at=0)


def test_a_private_copy_is_closed_with_its_engine():
    """Also by whoever never closes a register: Python 3.13 warns of what was left open."""
    with osa.open("memory:", actor="test") as register:
        engine = SQLiteEngine.open(register.store)
        connection = engine._connection
        connection.execute("SELECT 1")
        del engine
        gc.collect()
        with pytest.raises(sqlite3.ProgrammingError):
            connection.execute("SELECT 1")
