"""Values of the library as JSON, and back, for the ledger.

Days, periods, moments and sets carry a mark; a list is a tuple and a table a mapping. A key of a
table that could be taken for a mark has its ``$`` twice. What is at its default is left out, so
that a field which the library gains later changes no earlier line.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from attrs import NOTHING, fields, has

from osallisuus.model.canonical import plain
from osallisuus.time import Period

__all__ = ["DEFINITION", "from_plain", "to_plain"]

DEFINITION = "$definition"
"""Marks a value of :mod:`osallisuus.model`, which is read back by its type."""


def to_plain(value: Any, kind: type | None = None, *, without: Collection[str] = ()) -> Any:
    """*value* as JSON has it; with *kind*, an attrs class, its fields but those *without*."""
    if kind is not None:
        return {
            one.name: to_plain(getattr(value, one.name))
            for one in fields(kind)
            if one.name not in without and not _is_default(getattr(value, one.name), one.default)
        }
    for known, write in _WRITTEN:
        if isinstance(value, known):
            return write(value)
    if has(type(value)):  # part of a programme's definition, such as a cadence
        return {DEFINITION: plain(value)}
    return value


_WRITTEN: Sequence[tuple[type, Callable[[Any], Any]]] = (
    (datetime, lambda moment: {"$moment": moment.isoformat()}),
    (date, lambda day: {"$day": day.isoformat()}),
    (Period, lambda period: {"$period": str(period)}),
    (frozenset, lambda parts: {"$set": sorted(map(to_plain, parts), key=repr)}),
    (tuple, lambda parts: [to_plain(part) for part in parts]),
    (Mapping, lambda table: {_unmarked(key): to_plain(part) for key, part in table.items()}),
)


def _unmarked(key: str) -> str:
    return f"${key}" if key.startswith("$") else key


def _is_default(value: Any, default: Any) -> bool:
    if default is NOTHING:
        return False
    made = default.factory() if hasattr(default, "factory") else default
    return type(value) is type(made) and bool(value == made)


def from_plain(data: Any) -> Any:
    """The value that :func:`to_plain` was given, of a class its fields by name."""
    if isinstance(data, list):
        return tuple(from_plain(part) for part in data)
    if not isinstance(data, dict):
        return data
    read: dict[str, Callable[[Any], Any]] = {
        "$moment": datetime.fromisoformat,
        "$day": date.fromisoformat,
        "$period": Period.parse,
        "$set": lambda parts: frozenset(from_plain(part) for part in parts),
    }
    for mark, made in read.items():
        if data.keys() == {mark}:
            return made(data[mark])
    return {key.removeprefix("$"): from_plain(part) for key, part in data.items()}
