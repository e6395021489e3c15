"""Single-token changes of the SQL that the catalogue's metrics come to in the end.

The rule of the sample: a metric's SQL is made of pieces. Its own are its cases and its table; the
relations in front of the cases, the two pieces that whole families begin with, and the places
between the cases and the table are common to many, and are taken once. Of every piece a fixed
number of changes is taken, those whose key has the lowest hash: so a metric that is added or edited
moves no change but its own. A change that is no SQL is no mutant.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from hashlib import sha256

from attrs import frozen

from osallisuus.errors import EngineError
from osallisuus.metrics.catalogue import CATALOGUE
from osallisuus.metrics.catalogue.active import ACTIVE
from osallisuus.metrics.catalogue.episodes import EPISODES
from osallisuus.metrics.compile import table_query
from osallisuus.metrics.engine import Engine, Query
from osallisuus.metrics.metric import replace_days
from osallisuus.metrics.relations import relations
from osallisuus.model.facts import TABLES
from tests.generative.strategies import FactSet, settings_of

__all__ = ["SHAPES", "Mutant", "sample"]

SHAPES = (0, 1)
"""In which shapes of ``settings_of`` metrics are asked: both with one stratum and periods."""
OF_CASES, OF_TABLE, OF_RELATION, OF_FAMILY, OF_PLACES = 3, 2, 2, 8, 4
"""How many changes are taken of each piece of these sorts."""

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
    "NOT IN": "IN",
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
    r"COUNT\(DISTINCT|SELECT DISTINCT|LEFT JOIN|UNION ALL|NOT EXISTS|NOT IN|IS NOT NULL|IS NULL"
    r"|PRECEDING AND 1|'[a-z_]*'|<=|>=|<>|[<>=]|(?<![\w:.])[A-Z]+\b|(?<![\w:.])[0-9]\b"
)
_COALESCE = re.compile(r"(?<=COALESCE\()([\w.:]+), ([\w.:']+)")
_UNDIRECTED = re.compile(r"(?<=ORDER BY )([\w.]+)(?! DESC|\w)")


@frozen
class Mutant:
    """One change: its key in the list of survivors, the piece with and without it, and of whom.

    ``metrics`` are those whose SQL has the piece in it, in one shape at least.
    """

    key: str
    metrics: tuple[str, ...]
    piece: str
    changed: str

    def of(self, sql: str) -> str | None:
        """*sql* with the change; ``None`` where the piece is not in it."""
        return sql.replace(self.piece, self.changed) if self.piece in sql else None


@frozen
class _Piece:
    name: str
    text: str
    most: int
    without: str = ""
    """What of the text belongs to another piece."""


def sample(engine: Engine) -> list[Mutant]:
    """The mutants, in the order of the catalogue.

    Their texts are the same for every world, whose values are bound.
    """
    asked = {(name, shape): _asked(name, shape, engine) for name in CATALOGUE for shape in SHAPES}
    return [mutant for piece in _pieces(engine, asked) for mutant in _taken(piece, engine, asked)]


_Asked = dict[tuple[str, int], Query]


def _asked(name: str, shape: int, engine: Engine) -> Query:
    first, second, third, last = (date(year, 1, 1) for year in (2019, 2020, 2021, 2022))
    world = FactSet(0, (), (), last, (first, second, third, last))
    query = table_query(CATALOGUE[name], settings_of(world, name, shape), engine)
    return Query(query.sql, {**query.params, "last_day": last}, query.columns, False, query.counted)


def _pieces(engine: Engine, asked: _Asked) -> Iterator[_Piece]:
    """What the SQL of all metrics is made of."""
    families = {"episodes": _finished(EPISODES, engine), "active": _finished(ACTIVE, engine)}
    for name, metric in CATALOGUE.items():
        cases = _finished(metric.cases, engine)
        family = next((text for text in families.values() if text in cases), "")
        yield _Piece(f"{name} cases", cases, OF_CASES, without=family)
        table = _finished(metric.table(["by_0", "period_"], engine.dialect), engine)
        yield _Piece(f"{name} table", table, OF_TABLE)
    for name, text in families.items():
        yield _Piece(f"family {name}", text, OF_FAMILY)
    known = relations(TABLES, table=engine.table, dialect=engine.dialect, program=True)
    for relation in known.split(",\n"):
        yield _Piece(f"relation {relation.partition(' AS ')[0]}", relation, OF_RELATION)
    for name in ("people_and_episodes", "completion"):  # of spans, and of events
        for shape in SHAPES:
            places = asked[name, shape].sql.partition("\nplaced AS (")[2].partition("\n")[2]
            yield _Piece(f"places {name} {shape}", places.partition("\n")[0], OF_PLACES)


def _finished(sql: str, engine: Engine) -> str:
    return replace_days(sql, lambda a, b: engine.dialect.days.format(a=a, b=b))


def _taken(piece: _Piece, engine: Engine, asked: _Asked) -> list[Mutant]:
    """The changes of *piece* with the lowest hashes, of those that are SQL."""
    metrics = tuple(
        name for name in CATALOGUE if any(piece.text in asked[name, s].sql for s in SHAPES)
    )
    if piece.name.partition(" ")[0] in CATALOGUE:
        metrics = (piece.name.partition(" ")[0],)
    query = next(
        (q for (name, _), q in asked.items() if name in metrics and piece.text in q.sql), 0
    )
    taken: list[Mutant] = []
    for mutant in sorted(_mutants(piece, metrics), key=_hashed):
        if query and len(taken) < piece.most and _is_sql(mutant, query, engine):
            taken.append(mutant)
    return taken


def _hashed(mutant: Mutant) -> str:
    return sha256(mutant.key.encode()).hexdigest()


def _is_sql(mutant: Mutant, query: Query, engine: Engine) -> bool:
    sql = mutant.of(query.sql) or ""
    try:
        engine.rows(Query(sql, query.params, query.columns, False, query.counted))
    except EngineError:
        return False
    return True


def _mutants(piece: _Piece, metrics: tuple[str, ...]) -> Iterator[Mutant]:
    sql = piece.text
    begins = sql.find(piece.without)
    elsewhere = range(begins, begins + len(piece.without))
    seen: Counter[str] = Counter()
    for start, end, changed in sorted(_changes(sql)):
        if start in elsewhere:
            continue
        before = " ".join(sql[max(start - 28, 0) : start].split())
        after = " ".join(sql[end : end + 20].split())
        key = f"{piece.name}: {before} [{sql[start:end]} -> {changed}] {after}"
        seen[key] += 1
        number = f" #{seen[key]}" if seen[key] > 1 else ""
        yield Mutant(key + number, metrics, sql, sql[:start] + changed + sql[end:])


def _changes(sql: str) -> Iterator[tuple[int, int, str]]:
    for found in _TOKEN.finditer(sql):
        if found[0] in _SWAPS:
            yield found.start(), found.end(), _SWAPS[found[0]]
    for found in _COALESCE.finditer(sql):
        yield found.start(), found.end(), f"{found[2]}, {found[1]}"
    for found in _UNDIRECTED.finditer(sql):
        yield found.start(), found.end(), f"{found[1]} DESC"
