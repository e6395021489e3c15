"""The exact figures of a register's facts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from attrs import evolve

from osallisuus import plugins
from osallisuus.errors import (
    DefinitionError,
)
from osallisuus.given import given_day, given_period
from osallisuus.metrics.alternatives import Alternatives
from osallisuus.metrics.compare import stated
from osallisuus.metrics.compile import Settings
from osallisuus.metrics.engine import Engine
from osallisuus.metrics.figure import Result
from osallisuus.metrics.measure import Measurement, last_known_day, measure
from osallisuus.metrics.metric import Metric
from osallisuus.metrics.origin import Asked, Snapshot
from osallisuus.model.batch import Batch
from osallisuus.model.facts import (
    TABLES,
    Encounter,
    Enrollment,
)
from osallisuus.model.store import Store
from osallisuus.register.engines import Engines
from osallisuus.register.facts import Facts
from osallisuus.register.named import at_hand, code_of, metric_named
from osallisuus.time import YEARS, Period, split_periods

if TYPE_CHECKING:
    from osallisuus.model.program import Program

__all__ = ["Measures", "day_of", "strata_of"]


class Measures(Facts):
    """Metrics asked of the facts. What they give is internal."""

    def __init__(
        self,
        store: Store,
        *,
        actor: str,
        purpose: str,
        known: tuple[int, datetime] | None = None,
        engines: Engines | None = None,
    ) -> None:
        super().__init__(store, actor=actor, purpose=purpose, known=known)
        self.engines = engines or Engines(store)

    def known_at(self, moment: datetime) -> Self:
        """A read-only register of what was recorded at *moment*, which must be aware."""
        earlier = super().known_at(moment)
        earlier.engines = self.engines
        return earlier

    def close(self) -> None:
        """Close the store, and every engine over it."""
        self.engines.close()
        super().close()

    def measure(
        self,
        metric: str | Metric,
        *,
        by: str | Sequence[str] = (),
        periods: str | Sequence[Period] = (),
        as_of: date | None = None,
        program: str | Program | None = None,
        confidence: float = 0.95,
        policies: Mapping[str, str] | None = None,
    ) -> Result:
        """The exact figures of a metric. They are internal: releasing goes through a report.

        *by* is a stratum such as ``group.place``, or several; *periods* are periods, or ``yearly``,
        ``quarterly``, ``monthly`` or ``FROM..TO``; facts dated on or after *as_of* are not known
        (default: the day after the last dated fact). *policies* choose other values for the
        metric's policies, such as ``{"excused": "out"}``. *program* is a definition, a code, or
        the path of a TOML file.
        """
        self._refuse_unknown(program)
        program = at_hand(program) or program
        with self.engine() as engine:
            measurement = self.measurement(
                metric, engine=engine, by=by, periods=periods, as_of=as_of, program=program,
                confidence=confidence, policies=policies,
            )  # fmt: skip
            result = measurement.result()
        counts_started = result.provenance.policies.get("denominator") == "started"
        if counts_started and program is not None and not isinstance(program, str):
            result = stated(result, program)
        origin = self._asked(measurement)
        return evolve(result, figures=tuple(evolve(one, origin=origin) for one in result))

    def _promised(self, name: str, program: str | Program | None) -> Metric:
        """The metric of that name; what is held is measured by what the programme promises."""
        if name not in ("cadence_held", "cadence_received") or program is None:
            return metric_named(name)
        definition = at_hand(program)
        if definition is None:
            raise DefinitionError(
                "what this programme promises is not known: its definition is not at hand",
                where=f"program={program}",
                remedy="name the TOML file of its definition, such as own.toml",
            )
        from osallisuus.metrics.catalogue import fidelity

        promised: Metric = getattr(fidelity, name)(definition)
        return promised

    def alternatives(self, metric: str | Metric, **settings: Any) -> Alternatives:
        """The metric under its own policies, and under each other value of each policy in turn.

        Settings are those of :meth:`measure`; one policy is changed at a time.
        """
        program = settings.get("program")
        asked = metric if isinstance(metric, Metric) else self._promised(metric, program)
        asked = asked.under(**(settings.pop("policies", None) or {}))
        changes: list[dict[str, str]] = [{}]
        for name, values in asked.choices.items():
            changes += [{name: value} for value in values if value != asked.policies[name]]
        return Alternatives(
            tuple((change, self.measure(asked.under(**change), **settings)) for change in changes)
        )

    def measurement(
        self,
        metric: str | Metric,
        *,
        engine: Engine,
        by: str | Sequence[str] = (),
        periods: str | Sequence[Period] = (),
        as_of: date | None = None,
        program: str | Program | None = None,
        confidence: float = 0.95,
        policies: Mapping[str, str] | None = None,
    ) -> Measurement:
        """A metric asked once, with what the disclosure gate needs."""
        cut = day_of(as_of) or self._as_of(engine)
        settings = Settings(
            as_of=cut,
            by=strata_of(by),
            periods=_periods(periods, self, cut),
            program=None if program is None else code_of(program),
            confidence=confidence,
        )
        asked = metric if isinstance(metric, Metric) else self._promised(metric, program)
        asked = asked.under(**(policies or {}))
        return measure(
            asked, settings, engine, known_at=None if self._known is None else self._known[1]
        )

    @contextmanager
    def engine(self) -> Iterator[Engine]:
        """The engine that answers for this store; see :mod:`osallisuus.register.engines`."""
        with self._engine(self._tx) as engine:
            yield engine

    def _engine(self, tx: int | None) -> AbstractContextManager[Engine]:
        return self.engines.at(tx)

    def _asked(self, measurement: Measurement) -> Asked:
        """The way back from the figures of *measurement*, also when the store has gone on."""
        tx = self._tx
        if tx is None and "history" in self.store.capabilities:
            tx = self.store.head()
        return Asked(
            metric=measurement.metric,
            settings=measurement.settings,
            engine=lambda: self._engine(tx),
            snapshot=lambda: self._snapshot(tx),
            engine_over=self._engine_over,
            tx=tx,
            began=lambda: next(self.store.journal(), None),
        )

    def _snapshot(self, tx: int | None) -> Snapshot:
        return {
            name: {
                fact.id: fact
                for part in self.store.scan(table.record, known_at=tx)
                for fact in part
            }
            for name, table in TABLES.items()
        }

    @contextmanager
    def _engine_over(self, facts: Snapshot) -> Iterator[Engine]:
        store: Store = plugins.load("stores", "memory").open("", clock=_no_clock)
        batch = Batch.of(fact for table in facts.values() for fact in table.values())
        store.append(batch, self._act("measured again"))
        engine: Engine = plugins.load("engines", "sqlite").open(store)
        try:
            yield engine
        finally:
            engine.close()

    def _as_of(self, engine: Engine) -> date:
        last = last_known_day(engine)
        return date(YEARS[0], 1, 1) if last is None else last + timedelta(days=1)


def _no_clock() -> datetime:
    """The moment at which facts are put aside to be measured again: nobody reads it."""
    return datetime.min.replace(tzinfo=UTC)


def strata_of(by: str | Sequence[str]) -> tuple[str, ...]:
    """The strata asked for; a string is one of them, never a sequence of letters."""
    return (by,) if isinstance(by, str) else tuple(by)


def day_of(as_of: date | None) -> date | None:
    """The day itself, where one is given; see :func:`osallisuus.time.given_day`."""
    return None if as_of is None else given_day(as_of, "as_of")


def _periods(periods: str | Sequence[Period], register: Facts, as_of: date) -> tuple[Period, ...]:
    if not isinstance(periods, str):
        return tuple(given_period(one, "periods") for one in periods)
    if not periods:
        return ()
    if ".." in periods:
        return (given_period(Period.parse(periods), "periods"),)
    first = _first_day(register)
    if first is None or first >= as_of:
        return split_periods(periods, Period(as_of - timedelta(days=1), as_of))
    return split_periods(periods, Period(first, as_of))


def _first_day(register: Facts) -> date | None:
    days = [
        day
        for enrollment in register.facts(Enrollment)
        for day in (enrollment.reached_on, enrollment.started_on)
        if day is not None
    ]
    days += [encounter.happened_on for encounter in register.facts(Encounter)]
    return min(days, default=None)
