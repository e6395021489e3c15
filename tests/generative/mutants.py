"""Single-token changes of the SQL that the catalogue's metrics come to in the end.

The rule of the sample: for each metric all possible changes of its SQL in two shapes are listed in
the order of the text, and as many as its share of 246 are taken at even distances.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date

from attrs import frozen

from osallisuus.metrics.catalogue import CATALOGUE
from osallisuus.metrics.compile import table_query
from osallisuus.metrics.engine import Engine
from tests.generative.strategies import FactSet, settings_of

TOTAL = 246
SHAPES = (0, 1)

_SWAPS = {
    "<": "<=",
    "<=": "<",
    ">": ">=",
    ">=": ">",
    "=": "<>",
    "<>": "=",
    "MIN": "MAX",
    "MAX": "MIN",
    "SUM": "MAX",
    "AND": "OR",
    "OR": "AND",
    "LEAD": "LAG",
    "LAG": "LEAD",
    "DESC": "ASC",
    "LEFT JOIN": "JOIN",
    "COUNT(DISTINCT": "COUNT(",
    "SELECT DISTINCT": "SELECT",
    "UNION ALL": "UNION",
    "UNION": "UNION ALL",
    "IS NULL": "IS NOT NULL",
    "IS NOT NULL": "IS NULL",
    "NOT EXISTS": "EXISTS",
    "EXISTS": "NOT EXISTS",
    "IN": "NOT IN",
    "PRECEDING AND 1": "PRECEDING AND 0",
    "0": "1",
    "1": "0",
    "2": "1",
    "'held'": "'not_held'",
    "'not_held'": "'held'",
    "'present'": "'absent'",
    "'completed'": "'left'",
    "'moved_on'": "'left'",
    "'transferred'": "'left'",
    "'not_stated'": "'left'",
    "'active'": "'left'",
    "'on'": "'closed'",
    "'closed'": "'on'",
}
_TOKEN = re.compile(
    r"COUNT\(DISTINCT|SELECT DISTINCT|LEFT JOIN|UNION ALL|NOT EXISTS|IS NOT NULL|IS NULL"
    r"|PRECEDING AND 1|'[a-z_]*'|<=|>=|<>|[<>=]|(?<![\w:.])[A-Z]+\b|(?<![\w:.])[0-9]\b"
)
_COALESCE = re.compile(r"(?<=COALESCE\()([\w.:]+), ([\w.:']+)")
_UNDIRECTED = re.compile(r"(?<=ORDER BY )([\w.]+)(?! DESC|\w)")


@frozen
class Mutant:
    """One change: its key in the list of survivors, and the whole text with it."""

    metric: str
    shape: int
    key: str
    sql: str


def sample(engine: Engine) -> list[Mutant]:
    """The 246 mutants. Their texts are the same for every world, whose values are bound."""
    first, second, third, last = (date(year, 1, 1) for year in (2019, 2020, 2021, 2022))
    world = FactSet(0, (), (), last, (first, second, third, last))
    chosen = []
    for number, name in enumerate(CATALOGUE):
        share = TOTAL // len(CATALOGUE) + (number < TOTAL % len(CATALOGUE))
        possible = [mutant for shape in SHAPES for mutant in _mutants(name, shape, engine, world)]
        chosen += [possible[place * len(possible) // share] for place in range(share)]
    return chosen


def _mutants(name: str, shape: int, engine: Engine, world: FactSet) -> Iterator[Mutant]:
    sql = table_query(CATALOGUE[name], settings_of(world, name, shape), engine).sql
    seen: Counter[str] = Counter()
    for start, end, changed in sorted(_changes(sql)):
        before = " ".join(sql[max(start - 28, 0) : start].split())
        after = " ".join(sql[end : end + 20].split())
        key = f"{name} {shape}: {before} [{sql[start:end]} -> {changed}] {after}"
        seen[key] += 1
        number = f" #{seen[key]}" if seen[key] > 1 else ""
        yield Mutant(name, shape, key + number, sql[:start] + changed + sql[end:])


def _changes(sql: str) -> Iterator[tuple[int, int, str]]:
    for found in _TOKEN.finditer(sql):
        if found[0] in _SWAPS:
            yield found.start(), found.end(), _SWAPS[found[0]]
    for found in _COALESCE.finditer(sql):
        yield found.start(), found.end(), f"{found[2]}, {found[1]}"
    for found in _UNDIRECTED.finditer(sql):
        yield found.start(), found.end(), f"{found[1]} DESC"
