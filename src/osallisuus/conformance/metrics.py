"""The promises of a metric that a plug-in brings, one test each."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, ClassVar, Final

import pytest
from attrs import evolve

from osallisuus.conformance.engines import tabulated
from osallisuus.conformance.said import Promises
from osallisuus.conformance.steps import ACT, Ticking
from osallisuus.conformance.worlds import world
from osallisuus.engines.sqlite import SQLiteEngine
from osallisuus.errors import PluginError
from osallisuus.ingest.folder import read_folder
from osallisuus.metrics.compile import Settings, cases_query, table_query
from osallisuus.metrics.engine import Engine
from osallisuus.metrics.figure import Figure
from osallisuus.metrics.measure import measure
from osallisuus.metrics.metric import Metric
from osallisuus.model.batch import Batch
from osallisuus.model.facts import TABLES, Fact
from osallisuus.model.store import Store
from osallisuus.register import Register
from osallisuus.stores.memory import MemoryStore
from osallisuus.words.card import POPULATIONS, Card, card_named
from osallisuus.words.locale import LOCALES

__all__ = ["MetricConformance"]

_NOT_ONE_SELECT: Final = re.compile(
    r";|--|/\*|\b(?:insert|update|delete|drop|attach|pragma)\b", re.IGNORECASE
)


class MetricConformance(Promises):
    """Every promise of a metric. Name yours, and give its card where it has one of its own::

    class TestMyMetric(MetricConformance):
        metric = MY_METRIC
        card = Card(title={...}, sentence={...}, populations={...}, example=Example(...))
    """

    to_say = "metric", "metric = MY_METRIC"
    metric: ClassVar[Metric]
    card: ClassVar[Card | None] = None
    """What it says of itself; by default the card of our metric of the same name."""

    def the_card(self) -> Card:
        """The card of the metric; without one, the promise is broken."""
        card = self.card or card_named(self.metric.name)
        assert card is not None, "a metric needs a card: title, sentence, populations, example"
        return card

    def test_it_has_a_card_in_every_language(self) -> None:
        """Title, sentence and populations can be read in Finnish, Swedish and English."""
        card = self.the_card()
        for texts in (card.title, card.sentence, *card.populations.values()):
            assert set(texts) == set(LOCALES)
            assert all(text.strip() for text in texts.values())
        assert {"initial", "denominator"} <= set(card.populations) <= set(POPULATIONS)

    def test_its_example_gives_the_figures_that_it_names(self, tmp_path: Path) -> None:
        """The mini-population of the card is counted as the card says."""
        example = self.the_card().example
        assert example is not None
        assert example.figures
        with _register(example.facts, tmp_path) as register:
            figures = list(register.measure(self.metric, **_settings(example.settings)))
        for expected in example.figures:
            (found,) = [one for one in figures if _is_meant(one, expected)]
            told = found.to_dict()
            for key in expected.keys() - {"name", "at", "strata", "period"}:
                assert told[key] == pytest.approx(expected[key], abs=5e-5), key

    def test_it_only_reads(self) -> None:
        """Whatever is asked of an engine for it is one SELECT."""
        with _engine(MemoryStore(Ticking())) as engine:
            settings = Settings(as_of=world(1).as_of)
            asked = evolve(self.metric, params=_bound(self.metric, settings))
            for query in (
                table_query(asked, settings, engine),
                cases_query(asked, settings, engine),
            ):
                assert query.sql.lstrip().upper().startswith(("SELECT", "WITH"))
                assert not _NOT_ONE_SELECT.search(query.sql)

    def test_its_single_cases_can_be_looked_at(self) -> None:
        """The disclosure audit asks for them where it must."""
        drawn = world(1)
        with _engine(_stored(drawn.facts)) as engine:
            cases = measure(self.metric, Settings(as_of=drawn.as_of), engine).cases()
        assert all(len(row) >= len(self.metric.keys(engine.dialect)) for _, _, row in cases)

    def test_every_engine_tabulates_it_alike(self) -> None:
        """Also one that keeps columns and not rows (DuckDB, where it is installed)."""
        drawn = world(2)
        store = _stored(drawn.facts)
        try:
            from osallisuus.engines.duckdb import DuckDBEngine

            opened: Engine = DuckDBEngine.open(store)
        except PluginError as error:
            pytest.skip(f"{error}")
        with closing(opened) as other, _engine(store) as engine:
            for shape in range(4):
                ours, theirs = (tabulated(self.metric, e, drawn, shape) for e in (engine, other))
                assert ours == theirs

    def test_nobody_is_counted_where_nobody_is(self) -> None:
        """Of a store without facts every figure is undefined, or counts 0."""
        with _engine(MemoryStore(Ticking())) as engine:
            result = measure(self.metric, Settings(as_of=world(1).as_of), engine).result()
        assert not [one.name for one in result if one.status == "shown" and (one.value or one.n)]

    def test_another_question_has_another_definition(self) -> None:
        """The digest that stands beside every figure tells metrics apart."""
        assert re.fullmatch("[0-9a-f]{16}", self.metric.definition)
        other = evolve(self.metric, name=f"{self.metric.name[:60]}_x")
        assert other.definition != self.metric.definition


def _engine(store: Store) -> closing[SQLiteEngine]:
    return closing(SQLiteEngine.open(store))


def _stored(facts: Iterable[Fact]) -> Store:
    store = MemoryStore(Ticking())
    store.append(Batch.of(facts), ACT)
    return store


def _register(tables: Mapping[str, str], folder: Path) -> Register:
    """The facts of an example, read as any fact folder is; people are listed by themselves."""
    named: set[str] = set()
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text.lstrip(), "utf-8")
        persons = [c.name for c in TABLES[name].columns if c.name in ("person", "peer", "guide")]
        for row in csv.DictReader(io.StringIO(text.lstrip())):
            named |= {row[column] for column in persons if row.get(column)}
    if "people" not in tables:
        rows = "".join(f"{one},2020-01-01\n" for one in sorted(named))
        (folder / "people.csv").write_text(f"id,registered_on\n{rows}", "utf-8")
    register = Register(MemoryStore(Ticking()), actor=ACT.actor, purpose=ACT.purpose)
    register.add(read_folder(folder))
    return register


def _settings(asked: Mapping[str, Any]) -> dict[str, Any]:
    """How an example is asked, its lists as tuples."""
    return {name: tuple(of) if isinstance(of, list) else of for name, of in asked.items()}


def _bound(metric: Metric, settings: Settings) -> Mapping[str, Any]:
    return {**metric.params, "last_day": settings.as_of}


def _is_meant(figure: Figure, expected: Mapping[str, Any]) -> bool:
    """Whether *figure* stands where *expected* says."""
    return (
        all(getattr(figure, key) == expected[key] for key in ("name", "at") if key in expected)
        and all(
            figure.strata.get(key) == (value or None)
            for key, value in expected.get("strata", {}).items()
        )
        and ("period" not in expected or str(figure.period) == expected["period"])
    )
