"""Asking a metric: compile, run, draw, and give every figure its place."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from attrs import evolve

from osallisuus.metrics.compile import Settings, cases_query, repeats_query, table_query
from osallisuus.metrics.engine import Engine, Query
from osallisuus.metrics.figure import Figure, Result
from osallisuus.metrics.metric import Draw, Metric, Row, Thinning
from osallisuus.metrics.plain import Provenance
from osallisuus.model.facts import TABLES
from osallisuus.model.happened import happened_days
from osallisuus.values import frozen

__all__ = ["Measurement", "Place", "last_known_day", "measure"]


class Place(NamedTuple):
    """Where figures stand: the values of the strata in their order, and the period's number."""

    strata: tuple[str | None, ...] = ()
    period: int | None = None

    @property
    def order(self) -> tuple[object, ...]:
        """Sorts places: by stratum, "not stated" last, then by period."""
        return (tuple((value is None, value or "") for value in self.strata), self.period or 0)


@frozen(kw_only=True, eq=False)
class Measurement:
    """A metric asked once: its settings and the small table of every place.

    It keeps the engine, so that disclosure control can look at single cases where it must.
    """

    metric: Metric
    settings: Settings
    provenance: Provenance
    tables: dict[Place, list[Row]]
    engine: Engine

    def draws(self, *, grid: Thinning | None = None) -> list[tuple[Place, list[Draw]]]:
        """What each place shows, in the order of the places."""
        confidence = self.settings.confidence
        return [
            (place, self.metric.draw(self.tables[place], confidence=confidence, grid=grid))
            for place in sorted(self.tables, key=lambda place: place.order)
        ]

    def figure(self, place: Place, draw: Draw) -> Figure:
        """The figure of one draw at its place."""
        period = None if place.period is None else self.settings.periods[place.period]
        return Figure(
            name=draw.name,
            measure=draw.measure,
            provenance=self.provenance,
            strata=dict(zip(self.settings.by, place.strata, strict=True)),
            period=period,
            at=draw.at,
            value=None if draw.reason else draw.value,
            low=draw.low,
            high=draw.high,
            std_err=draw.std_err,
            k=draw.k,
            n=draw.n,
            persons=draw.persons,
            at_risk=draw.at_risk,
            censored=draw.censored,
            method=draw.method,
            status="undefined" if draw.reason else "shown",
            reason=draw.reason,
            notes=draw.notes,
        )

    def result(self) -> Result:
        """Every figure, exact: for those who may see it."""
        figures = tuple(self.figure(place, draw) for place, draws in self.draws() for draw in draws)
        return self.as_result(figures, internal=True)

    def as_result(self, figures: Iterable[Figure], *, internal: bool) -> Result:
        """A result of this measurement with other figures."""
        return Result(
            provenance=self.provenance,
            figures=tuple(figures),
            by=self.settings.by,
            periods=self.settings.periods,
            internal=internal,
        )

    def cases(self) -> list[tuple[Any, Place, Row]]:
        """Single cases: the protected unit, its place, and the keys of the kind."""
        rows = self.engine.rows(cases_query(self.metric, self.settings, self.engine))
        strata = len(self.settings.by)
        dims = 1 + strata + bool(self.settings.periods)
        period = strata + 1
        # one object per place: they are looked up once per case
        places: dict[Row, Place] = {}
        found: list[tuple[Any, Place, Row]] = []
        for row in rows:
            dim = row[1:dims]
            place = places.get(dim)
            if place is None:
                value = row[period] if self.settings.periods else None
                place = places[dim] = Place(tuple(row[1 : 1 + strata]), value)
            found.append((row[0], place, row[dims:]))
        return found

    def repeats(self) -> bool:
        """Whether a person may have several cases that the small table cannot tell apart."""
        if not self.metric.counted or self.metric.unit != "person":
            return False
        ((cases, persons),) = self.engine.rows(
            repeats_query(self.metric, self.settings, self.engine)
        )
        return bool(cases > persons)


def measure(
    metric: Metric,
    settings: Settings,
    engine: Engine,
    *,
    known_at: datetime | None = None,
) -> Measurement:
    """Ask *metric* of the facts that *engine* sees; ``:last_day`` is the day before ``as_of``."""
    asked = evolve(metric, params={**metric.params, "last_day": settings.as_of - timedelta(days=1)})
    dims = len(settings.by) + bool(settings.periods)
    found: dict[Row, list[Row]] = {}
    for row in engine.rows(table_query(asked, settings, engine)):
        found.setdefault(row[:dims], []).append(row[dims:])
    tables = {_place(values, settings): rows for values, rows in found.items()}
    if settings.periods:
        strata = {place.strata for place in tables} or ({()} if not settings.by else set())
        for values in strata:
            for period in range(len(settings.periods)):
                tables.setdefault(Place(values, period), [])
    elif not settings.by:
        tables.setdefault(Place(), [])
    provenance = Provenance(
        metric=metric.name,
        kind=metric.kind,
        definition=metric.definition,
        as_of=settings.as_of,
        known_at=known_at,
        confidence=settings.confidence,
        engine=engine.dialect.name,
        policies=metric.policies,
        program=settings.program,
    )
    return Measurement(
        metric=asked, settings=settings, provenance=provenance, tables=tables, engine=engine
    )


def _place(values: Row, settings: Settings) -> Place:
    """The place of the values of the dims: of the strata, then the period's number."""
    strata = len(settings.by)
    return Place(tuple(values[:strata]), values[strata] if settings.periods else None)


def last_known_day(engine: Engine) -> date | None:
    """The last day on which the facts say that something happened; ``None`` without facts.

    Plans do not count, see :mod:`osallisuus.model.happened`.
    """
    parts = []
    for name, table in TABLES.items():
        for one in happened_days(table):
            day = one.column
            if table.column(day).type.name == "local_time":
                day = engine.dialect.day.format(a=day)
            if one.settled_by is not None:
                value = one.settled_as
                stated = "IS NOT NULL" if value is None else f"= '{value}'"
                # inside the aggregate, since an engine may bring a WHERE of its own
                day = f"CASE WHEN {one.settled_by} {stated} THEN {day} END"
            parts.append(f"SELECT MAX({day}) AS day FROM {engine.table(name)}")
    rows = engine.rows(Query(" UNION ALL ".join(parts)))
    known = [str(row[0]) for row in rows if row[0] is not None]
    return date.fromisoformat(max(known)) if known else None
