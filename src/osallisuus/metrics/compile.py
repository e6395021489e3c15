"""From a metric and its settings to one SQL text: relations, cases, places, small table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise

from attrs import field

from osallisuus.errors import DefinitionError, Problem, did_you_mean
from osallisuus.metrics.engine import Engine, Query, Value
from osallisuus.metrics.estimate.special import HIGHEST_CONFIDENCE
from osallisuus.metrics.metric import Metric, replace_days
from osallisuus.metrics.relations import LINKS, logical_columns, relations
from osallisuus.model.facts import TABLES
from osallisuus.time import Period
from osallisuus.values import frozen

__all__ = [
    "Settings",
    "can_be_asked",
    "cases_query",
    "owned_query",
    "refuse_unknown_strata",
    "repeats_query",
    "strata_of",
    "table_query",
    "traced_query",
]

_PARAMETER = re.compile(r":([a-z][a-z0-9_]*)")


@frozen(kw_only=True)
class Settings:
    """How a metric is asked: strata, periods, day of knowledge, programme, confidence level."""

    as_of: date
    by: tuple[str, ...] = ()
    periods: tuple[Period, ...] = ()
    program: str | None = None
    confidence: float = field(default=0.95)

    @confidence.validator
    def _a_level(self, _: object, value: float) -> None:
        if not 0.5 <= value <= HIGHEST_CONFIDENCE:
            raise DefinitionError(
                "not a confidence level",
                where="confidence",
                remedy=f"between 0.5 and {HIGHEST_CONFIDENCE}, as 0.95",
            )


@frozen
class _Stratum:
    column: str
    """The column of ``placed``."""
    value: str
    join: str
    tables: tuple[str, ...]


def table_query(metric: Metric, settings: Settings, engine: Engine) -> Query:
    """The query for the metric's small table: dims, then the kind's columns."""
    placed, params, dims = _placed(metric, settings, engine)
    table = metric.table(dims, engine.dialect)
    columns = (*dims, *metric.tabulation.keys) if metric.flat else ()
    counted = metric.flat and engine.dialect.counts_rows
    if columns and not counted:
        listed = ", ".join(columns)
        table = f"SELECT {listed}, COUNT(*) AS n FROM ({table}) AS flat_ GROUP BY {listed}"
    return Query(_finish(f"{placed}\n{table}", engine), params, columns, counted=counted)


def cases_query(metric: Metric, settings: Settings, engine: Engine) -> Query:
    """The query for single cases: unit, dims, and the keys that say which counts each is in."""
    placed, params, dims = _placed(metric, settings, engine)
    unit = "person" if metric.unit == "person" else "case_id"
    wanted = ", ".join((unit, *dims, *metric.keys(engine.dialect)))
    return Query(_finish(f"{placed}\nSELECT {wanted} FROM placed", engine), params, (), True)


def repeats_query(metric: Metric, settings: Settings, engine: Engine) -> Query:
    """The query for how many cases there are, of how many persons."""
    placed, params, _ = _placed(metric, settings, engine)
    counted = f"SELECT {metric.counted}, COUNT(DISTINCT person) FROM placed"
    return Query(_finish(f"{placed}\n{counted}", engine), params)


def traced_query(metric: Metric, settings: Settings, engine: Engine) -> Query:
    """The query for single cases with where they come from: person, unit, dims, ids of the facts
    that a case names (of the tables in ``columns``), and the keys of the kind.
    """
    placed, params, dims = _placed(metric, settings, engine)
    unit = "person" if metric.unit == "person" else "case_id"
    links = {key: table for key, table in LINKS.values() if key in metric.lineage.columns}
    wanted = ", ".join(("person", unit, *dims, *links, *metric.keys(engine.dialect)))
    sql = _finish(f"{placed}\nSELECT {wanted} FROM placed", engine)
    return Query(sql, params, tuple(links.values()), True)


_OWNERS = ("person", "peer")
_EVENTS = ("session", "encounter", "goal", "linkage", "idea")
"""Links to what happens once. An enrolment is no event: several of them can make one case."""


def owned_query(metric: Metric, settings: Settings, engine: Engine) -> Query | None:
    """The query for table, id and person of the facts of people that *metric* reads, cut alike,
    and for the events that they are or belong to (of the tables in ``columns``), as far as a
    case names one; ``None`` where it reads no table with a person.
    """
    placed, params, _ = _placed(metric, settings, engine)
    owners = {
        table: next((name for name in _OWNERS if name in TABLES[table].column_names), None)
        for table in metric.lineage.tables
    }
    events = [LINKS[name] for name in _EVENTS if LINKS[name][0] in metric.lineage.columns]
    parts = [
        f"SELECT '{table}' AS source_, id, {owner} AS owner_{_event_columns(table, events)}"
        f" FROM {table}"
        for table, owner in owners.items()
        if owner is not None and table != "people"
    ]
    if not parts:
        return None
    sql = _finish(f"{placed}\n{' UNION ALL '.join(parts)}", engine)
    return Query(sql, params, tuple(of for _, of in events), True)


def _event_columns(table: str, events: Sequence[tuple[str, str]]) -> str:
    """Per event, the column of *table* that says of which one a fact is, after a comma each."""
    readable = {column.sql_name for column in logical_columns(TABLES[table])}
    return "".join(
        f", {'id' if table == of else key if key in readable else 'NULL'} AS of_{key}"
        for key, of in events
    )


def strata_of(metric: Metric) -> list[str]:
    """The strata by which *metric* can be asked, apart from ``person.<trait>``."""
    lineage = metric.lineage
    return [
        f"{link}.{column.name}"
        for link, (key, table) in LINKS.items()
        if key in lineage.columns
        for column in logical_columns(TABLES[table])
        if _is_stratum(column.type.name)
    ]


def can_be_asked(metric: Metric, stratum: str) -> bool:
    """Whether *metric* can be asked by that stratum, a trait of people included."""
    link, _, trait = stratum.partition(".")
    if link == "person":
        return bool(trait) and "person" in metric.lineage.columns and metric.traits
    return stratum in strata_of(metric)


def refuse_unknown_strata(names: Iterable[str]) -> None:
    """:class:`DefinitionError` for a name by which no metric at all could be asked."""
    known = [
        f"{link}.{column.name}"
        for link, (_, table) in LINKS.items()
        for column in logical_columns(TABLES[table])
        if _is_stratum(column.type.name)
    ]
    problems = [
        Problem(
            "no stratum has this name",
            f"by={name}",
            did_you_mean(name, known) + "; or person.<trait>",
        )
        for name in names
        if name not in known and not (name.startswith("person.") and name != "person.")
    ]
    if problems:
        raise DefinitionError(problems)


def _is_stratum(type_name: str) -> bool:
    return type_name in ("code", "text")


def _placed(
    metric: Metric, settings: Settings, engine: Engine
) -> tuple[str, dict[str, Value], list[str]]:
    lineage, dialect = metric.lineage, engine.dialect
    strata = [_stratum(metric, name, i) for i, name in enumerate(settings.by)]
    params: dict[str, Value] = {"as_of": settings.as_of, **metric.bound}
    if settings.program is not None:
        params["program"] = settings.program
    for i, name in enumerate(settings.by):
        if name.startswith("person."):
            params[f"by_{i}_trait"] = name.removeprefix("person.")
    for i, period in enumerate(settings.periods):
        params[f"p{i}_starts"], params[f"p{i}_ends"] = period.starts_on, period.ends_on
    read = (*lineage.tables, *(table for stratum in strata for table in stratum.tables))
    before = relations(
        read, table=engine.table, dialect=dialect, program=settings.program is not None
    )
    columns = ["c.*"] + [f"{stratum.value} AS {stratum.column}" for stratum in strata]
    joins = [stratum.join for stratum in strata]
    dims = [stratum.column for stratum in strata]
    if metric.dated == "span":  # a kind that counts days cuts the spans to the period
        ends = ("p.starts_", "p.ends_") if settings.periods else ("CAST(NULL AS DATE)",) * 2
        columns += [f"{ends[0]} AS period_starts", f"{ends[1]} AS period_ends"]
    condition = ""
    if settings.periods:
        column, join, condition = _by_period(metric, settings.periods)
        columns.append(f"{column} AS period_")
        joins.append(join)
        dims.append("period_")
    text = (
        f"WITH {before},\ncases AS ({metric.cases}),\nplaced AS (\nSELECT {', '.join(columns)}"
        f" FROM cases AS c {' '.join(joins)}{condition})"
    )
    return text, params, dims


def _finish(text: str, engine: Engine) -> str:
    dialect = engine.dialect
    text = replace_days(text, lambda a, b: dialect.days.format(a=a, b=b))
    if dialect.mark != ":{}":  # texts are written with :name; literals are plain words
        text = _PARAMETER.sub(lambda found: dialect.mark.format(found[1]), text)
    return dialect.finish(text)


def _stratum(metric: Metric, name: str, index: int) -> _Stratum:
    link, _, column = name.partition(".")
    alias = f"s{index}"
    if link == "person" and can_be_asked(metric, name):
        latest = (
            "(SELECT person, value FROM (SELECT person, value, ROW_NUMBER() OVER (PARTITION BY "
            f"person ORDER BY since DESC, id DESC) AS rank_ FROM traits WHERE name = "
            f":by_{index}_trait) AS ranked WHERE rank_ = 1)"
        )
        join = f"LEFT JOIN {latest} AS {alias} ON {alias}.person = c.person"
        return _Stratum(f"by_{index}", f"{alias}.value", join, ("traits",))
    possible = strata_of(metric)
    if name not in possible:
        raise DefinitionError(
            f"{metric.name} cannot be asked by this stratum",
            where=f"by={name}",
            remedy=did_you_mean(name, possible) + ("; or person.<trait>" if metric.traits else ""),
        )
    key, table = LINKS[link]
    sql_name = TABLES[table].column(column).sql_name
    join = f"LEFT JOIN {table} AS {alias} ON {alias}.id = c.{key}"
    return _Stratum(f"by_{index}", f"{alias}.{sql_name}", join, (table,))


def _by_period(metric: Metric, periods: Sequence[Period]) -> tuple[str, str, str]:
    """The period's number, the join that finds it, and the condition."""
    contiguous = all(one.ends_on == other.starts_on for one, other in pairwise(periods))
    if metric.dated == "event" and contiguous:
        last = len(periods) - 1
        where = f" WHERE c.happened_on >= :p0_starts AND c.happened_on < :p{last}_ends"
        return _tree("c.happened_on", 0, len(periods)), "", where
    rows = " UNION ALL ".join(
        f"SELECT {i} AS period_, :p{i}_starts AS starts_, :p{i}_ends AS ends_"
        for i in range(len(periods))
    )
    overlap = "c.happened_on >= p.starts_ AND c.happened_on < p.ends_"
    if metric.dated == "span":
        overlap = (
            # what is open has been so up to the day before as_of; of later days nothing is known
            "c.starts_on < p.ends_ AND (COALESCE(c.ends_on, :as_of) > p.starts_ "
            "OR (c.ends_on = c.starts_on AND c.starts_on >= p.starts_))"
        )
    return "p.period_", f"JOIN ({rows}) AS p ON {overlap}", ""


def _tree(column: str, low: int, high: int) -> str:
    """A balanced CASE over contiguous periods: no join, and a logarithmic number of tests."""
    if high - low == 1:
        return str(low)
    middle = (low + high) // 2
    return (
        f"CASE WHEN {column} < :p{middle}_starts THEN {_tree(column, low, middle)} "
        f"ELSE {_tree(column, middle, high)} END"
    )
