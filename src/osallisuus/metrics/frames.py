"""Figures as rows for other programs: records, an Arrow stream, and frames of pandas and Polars.

One row per figure, flat, with the columns of :func:`column_types` in their order. What is hidden or
undefined is null, and its status says so; every row of an exact result says that it is internal.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final, Literal, TypeAlias

from osallisuus.extra import library
from osallisuus.metrics.plain import PlainFigure

__all__ = ["ColumnType", "arrow_stream", "column_types", "pandas_frame", "polars_frame", "records"]

ColumnType: TypeAlias = Literal["text", "whole", "number", "day", "flag"]
"""Arrow's utf8, int64, float64, date32 and bool; each may be null."""

_BEFORE: Final[Mapping[str, ColumnType]] = {"metric": "text"}
_AFTER: Final[Mapping[str, ColumnType]] = {
    "period_starts": "day",
    "period_ends": "day",
    "name": "text",
    "at": "whole",
    "measure": "text",
    "value": "number",
    "low": "number",
    "high": "number",
    "std_err": "number",
    "k": "whole",
    "n": "whole",
    "persons": "whole",
    "at_risk": "whole",
    "censored": "number",
    "status": "text",
    "reason": "text",
    "notes": "text",
    "method": "text",
    "definition": "text",
    "as_of": "day",
    "internal": "flag",
}
_EPOCH: Final = date(1970, 1, 1).toordinal()


def column_types(by: Sequence[str]) -> dict[str, ColumnType]:
    """The columns of the rows of a result with the strata *by*, and what each of them holds.

    A period is its first day and the day after its last. A stratum is null where it is not stated.
    """
    return {**_BEFORE, **dict.fromkeys(by, "text"), **_AFTER}


def records(
    figures: Sequence[PlainFigure], by: Sequence[str], *, internal: bool
) -> list[dict[str, Any]]:
    """One flat mapping per figure, with Python's own dates."""
    return [_record(figure, by, internal) for figure in figures]


def _record(figure: PlainFigure, by: Sequence[str], internal: bool) -> dict[str, Any]:
    source, period = figure.provenance, figure.period
    # of a hidden figure nothing is said but its place, whatever its maker left in it
    hidden = figure.status == "suppressed"
    counts = {name: getattr(figure, name) for name in ("k", "n", "persons", "at_risk")}
    numbers = {name: getattr(figure, name) for name in ("value", "low", "high", "std_err")}
    return {
        "metric": source.metric,
        **{name: figure.strata.get(name) for name in by},
        "period_starts": None if period is None else period.starts_on,
        "period_ends": None if period is None else period.ends_on,
        "name": figure.name,
        "at": figure.at,
        "measure": figure.measure,
        **{
            name: None if hidden or number is None else float(number)
            for name, number in numbers.items()
        },
        **{name: None if hidden else count for name, count in counts.items()},
        "censored": None if hidden else figure.censored,
        "status": figure.status,
        "reason": "" if hidden else figure.reason,
        "notes": "" if hidden else " ".join(figure.notes),
        "method": figure.method,
        "definition": source.definition,
        "as_of": source.as_of,
        "internal": internal,
    }


def _columns(
    rows: Sequence[Mapping[str, Any]], types: Mapping[str, ColumnType]
) -> dict[str, list[Any]]:
    return {name: [row[name] for row in rows] for name in types}


def pandas_frame(rows: Sequence[Mapping[str, Any]], types: Mapping[str, ColumnType]) -> Any:
    """The rows as a ``pandas.DataFrame``; counts are nullable, days are ``datetime64[s]``."""
    pandas = library("pandas", "pandas")
    kinds = {
        "text": "string",
        "whole": "Int64",
        "number": "float64",
        "day": "datetime64[s]",
        "flag": "bool",
    }
    columns = _columns(rows, types)
    return pandas.DataFrame(
        {name: pandas.Series(columns[name], dtype=kinds[types[name]]) for name in types}
    )


def polars_frame(rows: Sequence[Mapping[str, Any]], types: Mapping[str, ColumnType]) -> Any:
    """The rows as a ``polars.DataFrame``."""
    polars = library("polars", "polars")
    kinds = {
        "text": polars.String,
        "whole": polars.Int64,
        "number": polars.Float64,
        "day": polars.Date,
        "flag": polars.Boolean,
    }
    return polars.DataFrame(
        _columns(rows, types), schema={name: kinds[kind] for name, kind in types.items()}
    )


def arrow_stream(
    rows: Sequence[Mapping[str, Any]], types: Mapping[str, ColumnType], schema: object | None
) -> object:
    """The rows as an Arrow C stream in a capsule, for any program that takes one.

    *schema* is the capsule of a schema that the reader would like; it is passed on.
    """
    arrow = library("nanoarrow", "arrow")
    kinds = {
        "text": arrow.string(),
        "whole": arrow.int64(),
        "number": arrow.float64(),
        "day": arrow.date32(),
        "flag": arrow.bool_(),
    }
    columns = _columns(rows, types)
    children = [
        arrow.c_array([_for_arrow(value) for value in columns[name]], kinds[kind])
        for name, kind in types.items()
    ]
    shape = arrow.struct({name: kinds[kind] for name, kind in types.items()}, nullable=False)
    whole = arrow.c_array_from_buffers(shape, len(rows), [None], children=children)
    return arrow.c_array_stream(whole).__arrow_c_stream__(requested_schema=schema)


def _for_arrow(value: object) -> object:
    """A day as Arrow counts it: from the first day of 1970."""
    return value.toordinal() - _EPOCH if isinstance(value, date) else value
