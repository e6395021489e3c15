"""What of the facts is known before a day: open ends stay open, and nothing lies in the future.

It is the same cut that metrics make at ``as_of`` (rule V): a row is known from its first day on,
and an end from its own day on, together with the columns that come true with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from functools import cache
from typing import Any

from attrs import evolve

from osallisuus.model.facts import TABLES, Fact

__all__ = ["known_before"]


def known_before(facts: Iterable[Fact], day: date) -> Iterator[Fact]:
    """*facts* as far as they are known before *day*; those referred to stand before those that do.

    A reference to a row that is not known yet becomes "not stated"; a row that cannot do without
    it is left out.
    """
    unknown: set[str] = set()
    for fact in facts:
        known = _known(fact, day, unknown)
        if known is None:
            unknown.add(fact.id)
        else:
            yield known


def _known(fact: Fact, day: date, unknown: set[str]) -> Fact | None:
    first, ends, references = _rules(type(fact).table.name)
    days = [_day(value) for name in first if (value := getattr(fact, name)) is not None]
    if days and min(days) >= day:
        return None
    changed: dict[str, Any] = {}
    for name, with_it in ends:
        value = getattr(fact, name)
        if value is not None and value >= day:
            changed.update(dict.fromkeys((name, *with_it)))
    if unknown:
        for name, required in references:
            if getattr(fact, name) in unknown:
                if required:
                    return None
                changed[name] = None
    return evolve(fact, **changed) if changed else fact  # type: ignore[misc]


@cache
def _rules(name: str) -> tuple[tuple[str, ...], Any, tuple[tuple[str, bool], ...]]:
    """The columns that date a row, those that end it, and its references; of one table."""
    table = TABLES[name]
    first = table.first or (("registered_on",) if table.name == "people" else ())
    references = tuple((one.name, one.required) for one in table.columns if one.refers_to)
    return first, table.ends, references


def _day(value: date | datetime) -> date:
    return value.date() if isinstance(value, datetime) else value
