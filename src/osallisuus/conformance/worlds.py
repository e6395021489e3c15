"""Small worlds of facts that refer to one another, in which everything awkward happens often.

A world has few people, groups, days and words, so that ties, days on the border of a period, and
facts that are not stated are the rule. Its codes are those that the metrics of the catalogue ask
for: what no metric asks about would leave every table empty. The same seed is the same world.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from random import Random
from typing import Any, Final
from zoneinfo import ZoneInfo

from attrs import evolve
from hypothesis import strategies as st

from osallisuus.metrics.catalogue import CATALOGUE
from osallisuus.model.columns import Column
from osallisuus.model.facts import TABLES, Fact
from osallisuus.time import Period
from osallisuus.values import frozen

__all__ = ["World", "world", "worlds"]

_HELSINKI: Final = ZoneInfo("Europe/Helsinki")
_PIVOTS: Final = (date(2020, 2, 28), date(2020, 3, 28), date(2020, 10, 25), date(2020, 12, 31))
"""Days about which something turns: a leap day, the nights of the clocks, the year."""
_COMPARED: Final = re.compile(
    r"(?:\w+\.)?(\w+)\s*(?:=|<>|\bIN\b)\s*\(?\s*((?:'[^']*'|:\w+)(?:\s*,\s*(?:'[^']*'|:\w+))*)"
)
_TEXTS: Final = ("Oulu", "Espoo", "Åbo", "1")
_NUMBERS: Final = (0.0, 1.0, 3.0, 7.0, 12.5, 40.0)
_WHOLE: Final = (0, 1, 2, 3, 5, 60, 90)


@frozen
class World:
    """Facts as they are known now, as they were known before, and days to ask about."""

    seed: int
    earlier: tuple[Fact, ...]
    facts: tuple[Fact, ...]
    as_of: date
    periods: tuple[Period, ...]


@lru_cache(maxsize=16)
def world(seed: int, size: int = 14) -> World:
    """The world of that *seed*, with up to *size* facts of each table."""
    return _Maker(Random(seed), size).make(seed)  # noqa: S311 - no secret is drawn


def worlds(size: int = 14) -> st.SearchStrategy[World]:
    """Worlds, each from a seed of its own."""
    return st.integers(0, 1_000_000).map(lambda seed: world(seed, size))


@cache
def _asked_for() -> Mapping[str, tuple[str, ...]]:
    """Column in SQL -> the words with which a metric of the catalogue compares it."""
    words: dict[str, set[str]] = {}
    for metric in CATALOGUE.values():
        for column, listed in _COMPARED.findall(metric.cases):
            for word in re.split(r"\s*,\s*", listed):
                value = metric.bound.get(word[1:]) if word.startswith(":") else word.strip("'")
                if isinstance(value, str) and value:
                    words.setdefault(column, set()).add(value)
    return {column: tuple(sorted(found)) for column, found in words.items()}


class _Maker:
    """Draws the facts of one world."""

    def __init__(self, random: Random, size: int) -> None:
        self.random, self.size = random, size
        pivot = random.choice(_PIVOTS)
        self.days = [pivot + timedelta(days) for days in (-60, -1, 0, 1, 2, 30, 90, 180)]
        self.ids: dict[str, list[str]] = {}

    def make(self, seed: int) -> World:
        made = [fact for table in TABLES if table != "keep_apart" for fact in self.of_table(table)]
        earlier = [self.before(fact) for fact in made if self.random.random() < 0.8]
        first, second, third, last = self.days[1], self.days[3], self.days[5], self.days[7]
        periods = (Period(first, second), Period(second, third), Period(third, last))
        return World(seed, tuple(earlier), tuple(made), self.days[-2], periods)

    def of_table(self, table: str) -> Iterator[Fact]:
        # half of the ids are there before the facts are: a fact may refer to one of its own table
        most = self.size if table not in ("people", "groups") else self.size // 2
        names = [f"{table[:2]}{self.random.randint(10, 99)}-{n}" for n in range(most)]
        self.ids[table] = names
        for name in names:
            filled = {column.name: self.value(column) for column in TABLES[table].columns[1:]}
            record: Any = TABLES[table].record
            yield record(id=name, **filled)

    def value(self, column: Column) -> Any:
        if not column.required and self.random.random() < 0.25:
            return None
        if column.refers_to:
            known = [one for table in column.refers_to for one in self.ids.get(table, ())]
            return self.random.choice(known) if known or column.required else None
        return self.random.choice(self.possible(column))

    def possible(self, column: Column) -> list[Any]:
        """What that column may be in this world."""
        kind = column.type.name
        if column.codes:
            return [*column.codes]
        if kind == "date":
            return self.days
        if kind == "local_time":
            return [
                datetime(day.year, day.month, day.day, hour, 30, tzinfo=_HELSINKI)
                for day in self.days
                for hour in (0, 10, 23)
            ]
        if kind == "integer" and column.smallest is not None:
            return [*range(column.smallest, min(column.largest or 9, column.smallest + 9) + 1)]
        if kind in ("integer", "number"):
            return [*(_WHOLE if kind == "integer" else _NUMBERS)]
        asked = _asked_for().get(column.sql_name, ())
        return [*asked, "a_code"] if kind in ("code", "id") else [*asked, *_TEXTS]

    def before(self, fact: Fact) -> Fact:
        """The same, as known before: at times with dates that were not stated yet."""
        open_dates = [
            column.name
            for column in fact.table.columns
            if column.type.name == "date" and not column.required
        ]
        unknown: dict[str, Any] = {name: None for name in open_dates if self.random.random() < 0.4}
        return evolve(fact, **unknown)  # type: ignore[misc]
