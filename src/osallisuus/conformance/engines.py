"""The promises of the Engine port (:class:`osallisuus.metrics.engine.Engine`), one test each."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import closing, suppress
from datetime import date, datetime
from pathlib import Path
from typing import Any, ClassVar, Final, get_args
from zoneinfo import ZoneInfo

import pytest

from osallisuus.conformance import facts
from osallisuus.conformance.said import Promises
from osallisuus.conformance.steps import ACT, Ticking, add, held, told_by
from osallisuus.conformance.worlds import World, world
from osallisuus.engines.sqlite import SQLiteEngine
from osallisuus.errors import EngineError
from osallisuus.metrics import tabulate
from osallisuus.metrics.catalogue import CATALOGUE
from osallisuus.metrics.compile import Settings, strata_of
from osallisuus.metrics.engine import Engine, Query, Value
from osallisuus.metrics.measure import measure
from osallisuus.metrics.metric import Metric
from osallisuus.model.batch import Batch
from osallisuus.model.facts import Fact
from osallisuus.model.store import Store
from osallisuus.stores.memory import MemoryStore
from osallisuus.time import Clock

__all__ = ["EngineConformance", "same_table", "tabulated"]

_CANARY: Final = "kanarialintu"
_EIGHT: Final = get_args(tabulate.Table)
"""The names of the eight small tables."""
_SHAPES: Final = range(4)
"""All of it; by a stratum and period; by period; by a stratum."""


class EngineConformance(Promises):
    """Every promise of an engine. Say in ``open`` how yours is opened over a store::

        class TestMyEngine(EngineConformance):
            def open(self, store, known_at=None):
                return MyEngine.open(store, known_at=known_at)

    The reference is the SQLite engine over the same facts in memory, which a model in plain Python
    has checked. Give ``store`` too where yours reads only a store of its own kind.
    """

    to_say = "open", "def open(self, store, known_at=None): return MyEngine.open(store)"
    seeds: ClassVar[Sequence[int]] = (1, 2)
    """The worlds that are tabulated (:func:`osallisuus.conformance.worlds.world`)."""
    metrics: ClassVar[Collection[Metric]] = CATALOGUE.values()
    """What is asked of them."""
    cannot: ClassVar[Collection[str]] = ()
    """Names of the metrics that yours cannot plan: they are left out where others are asked."""

    def open(self, store: Store, known_at: int | None = None) -> Engine:
        """Your engine over *store*."""
        raise NotImplementedError("say in your subclass how your engine is opened")

    def store(self, place: Path, clock: Clock) -> Store:
        """A new, empty store that the engine can read; *place* is an empty folder."""
        return MemoryStore(clock)

    @pytest.fixture
    def filled(self, tmp_path: Path) -> Iterator[Store]:
        """A store that the promise fills."""
        with closing(self.store(tmp_path, Ticking())) as store:
            yield store

    @pytest.mark.parametrize("table", _EIGHT)
    def test_it_tabulates_as_the_reference_does(self, filled: Store, table: str) -> None:
        """Each of the eight tables, for every metric of the catalogue that is made of it."""
        for seed in self.seeds:
            drawn = world(seed)
            _fill(filled, drawn.facts, drawn.earlier)
            with closing(self.open(filled)) as engine, closing(_reference(drawn.facts)) as other:
                _agree(engine, other, drawn, [m for m in self._can if m.tabulation.table == table])
            _empty(filled)

    def test_it_tabulates_what_was_known_earlier(self, filled: Store) -> None:
        """As of a commit, what came later is not there; an engine that cannot look back says so."""
        drawn = world(self.seeds[0])
        _fill(filled, drawn.facts, drawn.earlier)
        try:
            opened = self.open(filled, known_at=1)
        except EngineError:
            pytest.skip("it does not look back")
        with closing(opened) as engine, closing(_reference(drawn.earlier)) as other:
            _agree(engine, other, drawn, self._can)

    def test_it_tabulates_a_store_of_nothing(self, filled: Store) -> None:
        """No rows at all in any table are counted as nobody."""
        with closing(self.open(filled)) as engine, closing(_reference(())) as other:
            _agree(engine, other, world(self.seeds[0]), self._can)

    def test_what_it_cannot_plan_is_refused(self, filled: Store) -> None:
        """By an error of ours, and never by a table that somebody would take for an answer."""
        if not self.cannot:
            pytest.skip("it can plan every metric")
        drawn = world(self.seeds[0])
        _fill(filled, drawn.facts)
        with closing(self.open(filled)) as engine, closing(_reference(drawn.facts)) as other:
            for metric in (one for one in self.metrics if one.name in self.cannot):
                answers = {
                    shape: _unless_refused(metric, engine, drawn, shape) for shape in _SHAPES
                }
                assert None in answers.values(), f"{metric.name} can be planned"
                for shape, table in answers.items():
                    assert table in (None, tabulated(metric, other, drawn, shape)), metric.name

    def test_rows_are_whole_numbers_text_and_none(self, filled: Store) -> None:
        """No other type reaches a figure, such as a decimal number, a truth value or a date."""
        drawn = world(self.seeds[0])
        _fill(filled, drawn.facts)
        with closing(self.open(filled)) as engine:
            for metric in self._can:
                rows = [row for of in _raw(metric, engine, drawn, 1).values() for row in of]
                kinds = {type(value) for row in rows for value in row}
                assert kinds <= {int, str, type(None)}, metric.name

    def test_what_is_not_stated_is_none_and_is_not_counted(self, filled: Store) -> None:
        """Neither as an empty text nor as 0; what is added up of nothing is not stated either."""
        _fill(
            filled, [facts.one("costs", id="c1", cents=None), facts.one("costs", id="c2", cents=5)]
        )
        sql = "SELECT COUNT(*), COUNT(cents), SUM(cents), MAX(minutes) FROM ({costs}) AS costs"
        assert self._answer(filled, sql) == [(2, 1, 5, None)]

    def test_days_are_counted_by_the_calendar(self, filled: Store) -> None:
        """Over a leap day, over the night of the clocks, and backwards."""
        span = {"starts_on": date(2020, 2, 28)}
        ends = {"u1": date(2020, 3, 1), "u2": date(2020, 2, 28), "u3": date(2020, 2, 27)}
        ends["u4"] = date(2021, 3, 1)
        _fill(
            filled, [facts.one("pauses", id=one, **span, ends_on=end) for one, end in ends.items()]
        )
        days = "SELECT id, {days(starts_on, ends_on)} FROM ({pauses}) AS pauses"
        assert self._answer(filled, days) == [("u1", 2), ("u2", 0), ("u3", -1), ("u4", 367)]

    def test_a_bound_day_compares_as_a_day(self, filled: Store) -> None:
        """Before, on and after it; the day itself is not before it."""
        days = [date(2020, 2, 28), date(2020, 2, 29), date(2020, 3, 1), date(2019, 12, 31)]
        _fill(
            filled, [facts.one("people", id=f"p{n}", registered_on=d) for n, d in enumerate(days)]
        )
        sql = "SELECT id FROM ({people}) AS people WHERE registered_on < {:day}"
        assert self._answer(filled, sql, day=date(2020, 2, 29)) == [("p0",), ("p3",)]

    def test_a_local_time_is_of_the_day_of_its_place(self, filled: Store) -> None:
        """Whatever zone the engine keeps: half past midnight in Helsinki is no longer yesterday."""
        moment = datetime(2020, 3, 29, 0, 30, tzinfo=ZoneInfo("Europe/Helsinki"))
        _fill(filled, [facts.one("sessions", starts_at=moment)])
        sql = "SELECT COUNT(*) FROM ({sessions}) AS sessions WHERE {day(starts_at)} = {:day}"
        assert self._answer(filled, sql, day=date(2020, 3, 29)) == [(1,)]

    def test_text_is_ordered_by_code_point(self, filled: Store) -> None:
        """Not as in any language: the first of two must be the same one everywhere."""
        texts = ["b", "B", "ä", "a", "Z", "10", "9", "~"]
        _fill(filled, [facts.one("groups", id=f"g{n}", place=text) for n, text in enumerate(texts)])
        sql = "SELECT place, ROW_NUMBER() OVER (ORDER BY place) FROM ({groups}) AS groups_"
        assert self._answer(filled, sql) == sorted(
            (text, place) for place, text in enumerate(sorted(texts), start=1)
        )

    def test_a_bound_text_is_only_text(self, filled: Store) -> None:
        """Signs that mean something to SQL are bound, never pasted."""
        text = "x' OR '1'='1"
        _fill(filled, [facts.one("groups", id="g1", place=text), facts.one("groups", id="g2")])
        sql = "SELECT id FROM ({groups}) AS groups_ WHERE place = {:text}"
        assert self._answer(filled, sql, text=text) == [("g1",)]

    def test_it_leaves_the_store_as_it_was(self, filled: Store) -> None:
        """Neither asking nor closing changes a fact or writes a commit, and the store stays open."""
        drawn = world(self.seeds[0])
        _fill(filled, drawn.facts)
        before = held(filled), filled.head()
        with closing(self.open(filled)) as engine:
            for metric in self._can:
                tabulated(metric, engine, drawn, 2)
        assert (held(filled), filled.head()) == before
        assert add(filled, facts.one("people", id="later")).added == 1

    def test_a_query_that_writes_writes_nothing(self, filled: Store) -> None:
        """An engine reads: what would delete, change or add does not reach the facts."""
        _fill(filled, [facts.one("people"), facts.one("groups")])
        before = held(filled)
        with closing(self.open(filled)) as engine:
            source = engine.table("people").partition(" WHERE ")[0]
            for sql in (
                f"DELETE FROM {source}",
                f"UPDATE {source} SET registered_on = NULL",
                f"DROP TABLE {source}",
            ):
                with suppress(EngineError):
                    engine.rows(Query(sql))
        assert held(filled) == before

    def test_errors_are_ours_and_hold_no_value(self, filled: Store) -> None:
        """A query that cannot be answered says why in our words, which tell nothing of anybody."""
        _fill(filled, [facts.one("people", id=_CANARY)])
        with closing(self.open(filled)) as engine:
            source = engine.table("people")
            for sql in (
                f"SELECT nosuch FROM {source}",
                f"SELECT nosuch(id) FROM {source}",
                "nosuch",
            ):
                with pytest.raises(EngineError) as raised:
                    engine.rows(Query(sql))
                assert _CANARY not in told_by(raised.value)
            with suppress(EngineError):
                engine.rows(Query(f"SELECT CAST(id AS INTEGER) FROM {source}"))

    @property
    def _can(self) -> list[Metric]:
        return [metric for metric in self.metrics if metric.name not in self.cannot]

    def _answer(self, store: Store, sql: str, **bound: Value) -> list[tuple[Any, ...]]:
        """The rows of *sql*, sorted, in which ``{table}``, ``{days(a, b)}`` and the like stand."""
        with closing(self.open(store)) as engine:
            return sorted(engine.rows(Query(_written(sql, engine), bound)))


def _written(sql: str, engine: Engine) -> str:
    """*sql* in the words of the engine."""
    dialect, text = engine.dialect, []
    for place, part in enumerate(piece for both in sql.split("{") for piece in both.split("}")):
        if not place % 2:
            text.append(part)
        elif part.startswith(":"):
            text.append(dialect.mark.format(part[1:]))
        elif part.startswith("days("):
            first, second = part[5:-1].split(", ")
            text.append(dialect.days.format(a=first, b=second))
        elif part.startswith("day("):
            text.append(dialect.day.format(a=part[4:-1]))
        else:
            text.append(f"SELECT * FROM {engine.table(part)}")
    return dialect.finish("".join(text))


def tabulated(metric: Metric, engine: Engine, drawn: World, shape: int) -> Any:
    """The small tables of *metric*, sorted, in one of four shapes of settings."""
    return {
        place: same_table(metric, rows)
        for place, rows in _raw(metric, engine, drawn, shape).items()
    }


def _unless_refused(metric: Metric, engine: Engine, drawn: World, shape: int) -> Any:
    try:
        return tabulated(metric, engine, drawn, shape)
    except EngineError:
        return None


def same_table(metric: Metric, rows: Iterable[Sequence[Any]]) -> list[tuple[Any, ...]]:
    """*rows* in an order of their own, as two engines may give them in any."""
    return metric.tabulation.merge(rows)


def _raw(metric: Metric, engine: Engine, drawn: World, shape: int) -> dict[Any, list[Any]]:
    by = tuple(strata_of(metric)[:1]) if shape in (1, 3) else ()
    settings = Settings(
        as_of=drawn.as_of,
        by=by,
        periods=drawn.periods if shape in (1, 2) else (),
        program="a_code" if shape == 3 else None,
    )
    return {place: [*rows] for place, rows in measure(metric, settings, engine).tables.items()}


def _agree(engine: Engine, other: Engine, drawn: World, metrics: Iterable[Metric]) -> None:
    for number, metric in enumerate(metrics):
        shape = (number + drawn.seed) % len(_SHAPES)
        ours, theirs = (tabulated(metric, one, drawn, shape) for one in (engine, other))
        assert ours == theirs, f"{metric.name} of the world {drawn.seed}"


def _reference(known: Iterable[Fact]) -> Engine:
    store = MemoryStore(Ticking())
    _fill(store, known)
    return SQLiteEngine.open(store)


def _fill(store: Store, now: Iterable[Fact], earlier: Iterable[Fact] = ()) -> None:
    """*store* with facts as known earlier, then corrected to those of now."""
    for known in (earlier, now):
        store.append(Batch.of(known), ACT)


def _empty(store: Store) -> None:
    """Take back everything in *store*, for the next world."""
    store.void({name: [row[0] for row in rows] for name, rows in held(store).items()}, ACT)
