"""Ours join the kit as anybody's plug-in does."""

import os
from itertools import count

import pytest
from markdown_it import MarkdownIt

from osallisuus import plugins
from osallisuus.conformance import (
    EngineConformance,
    FactExporterConformance,
    MetricConformance,
    ProgramConformance,
    ReportExporterConformance,
    SinkConformance,
    StoreConformance,
)
from osallisuus.conformance.steps import ACT
from osallisuus.engines.duckdb import DuckDBEngine
from osallisuus.engines.postgresql import PostgreSQLEngine
from osallisuus.engines.sqlite import SQLiteEngine
from osallisuus.metrics.catalogue import CATALOGUE
from osallisuus.register import Register
from osallisuus.sinks.delta import DeltaSink
from osallisuus.sinks.parquet import ParquetSink
from osallisuus.sinks.published import ParquetStore
from osallisuus.stores.folder import FolderStore
from osallisuus.stores.memory import MemoryStore
from osallisuus.stores.postgresql import PostgreSQLStore
from osallisuus.stores.sqlite import SQLiteStore
from tests import postgres
from tests.exporters import paper


class TestMemoryStore(StoreConformance):
    def open(self, place, clock):
        return MemoryStore(clock)


class TestSQLiteStore(StoreConformance):
    def open(self, place, clock):
        return SQLiteStore.open(str(place / "store.db"), clock=clock)


class TestFolderStore(StoreConformance):
    def open(self, place, clock):
        return FolderStore.open(str(place / "facts"), clock=clock)


class TestPostgreSQLStore(StoreConformance):
    def open(self, place, clock):
        return PostgreSQLStore.open(_database(place), clock=clock)


def _database(place):
    """The database of that place: the same one when it is opened again."""
    told = place / "database.txt"
    if not told.exists():
        told.write_text(postgres.new_database())
    return told.read_text()


class TestSQLiteEngine(EngineConformance):
    def open(self, store, known_at=None):
        return SQLiteEngine.open(store, known_at=known_at)


class TestSQLiteEngineInPlace(TestSQLiteEngine):
    def store(self, place, clock):
        return SQLiteStore.open(str(place / "store.db"), clock=clock)


class TestDuckDBEngine(EngineConformance):
    def open(self, store, known_at=None):
        return DuckDBEngine.open(store, known_at=known_at)


class TestDuckDBEngineOverFiles(EngineConformance):
    """Over a copy of what the store holds, published when the engine is opened."""

    seeds = (1,)

    @pytest.fixture(autouse=True)
    def _copies(self, tmp_path, monkeypatch):
        self.places = (tmp_path / f"copy {number}" for number in count())
        monkeypatch.setattr(os, "fsync", lambda descriptor: None)

    def open(self, store, known_at=None):
        place, copied = next(self.places), store.copy()
        copied.note("publish", ACT)  # what has no commit is not published
        Register(copied, actor="tester", purpose="test").sync(f"parquet:{place}")
        return DuckDBEngine.open(ParquetStore.open(str(place), clock=None), known_at=known_at)


class TestPostgreSQLEngine(EngineConformance):
    def open(self, store, known_at=None):
        return PostgreSQLEngine.open(store, known_at=known_at)

    def store(self, place, clock):
        return PostgreSQLStore.open(_database(place), clock=clock)


class TestParquetSink(SinkConformance):
    def open(self, place, *, create=False):
        return ParquetSink.open(str(place / "copy"), create=create)

    @pytest.fixture(autouse=True)
    def _quick(self, monkeypatch):
        """That all of it is flushed is watched in tests/sinks; flushing itself is slow."""
        monkeypatch.setattr(os, "fsync", lambda descriptor: None)


class TestDeltaSink(TestParquetSink):
    def open(self, place, *, create=False):
        return DeltaSink.open(str(place / "copy"), create=create)


FOR_MACHINES = {"csv", "csv-excel", "json", "fhir-r4b", "fhir-r5", "sdmx", "package"}


class _OurReportExporter(ReportExporterConformance):
    name = ""

    def exporter(self):
        return plugins.load("exporters", self.name)()

    def read(self, content):
        if self.name == "pdf":
            return "\n".join(paper.pages(content))
        return super().read(content)

    def skeleton(self, content):
        if self.name == "markdown":
            reader = MarkdownIt("commonmark").enable(["table", "strikethrough"])
            tokens = reader.parse(content.decode())
            return [part.type for token in tokens for part in (token, *(token.children or ()))]
        return super().skeleton(content)


class _OurFactExporter(FactExporterConformance):
    name = ""

    def exporter(self):
        return plugins.load("fact_exporters", self.name)()


class _OurProgramme(ProgramConformance):
    name = ""

    def program(self):
        return plugins.load("programs", self.name)


def _join(kit, name, /, **said):
    """A class of tests for one of ours, as its author would write it."""
    kind = f"Test{name.title().replace('-', '').replace('_', '')}{kit.__name__.lstrip('_')}"
    globals()[kind] = type(kind, (kit,), said)


for _name in plugins.find("exporters"):
    _join(_OurReportExporter, _name, name=_name, for_machines=_name in FOR_MACHINES)
for _name in plugins.find("fact_exporters"):
    _join(_OurFactExporter, _name, name=_name)
for _name in plugins.find("programs"):
    _join(_OurProgramme, _name, name=_name)
for _name, _metric in CATALOGUE.items():
    _join(MetricConformance, _name, metric=_metric)
