"""The engine keeps the promises of the port, and what is rewritten means the same."""

import sqlite3
from itertools import compress

import pytest
from osallisuus.conformance import EngineConformance
from osallisuus.errors import EngineError
from osallisuus.metrics.engine import Query
from osallisuus.stores.memory import MemoryStore

from osallisuus_datafusion import DataFusionEngine
from osallisuus_datafusion.rewriting import in_its_words


class TestDataFusion(EngineConformance):
    seeds = (1,)

    def open(self, store, known_at=None):
        return DataFusionEngine.open(store, known_at=known_at)


TEXTS = {
    "a test for a value": "SELECT a.id, CASE WHEN EXISTS ("
    "SELECT 1 FROM b WHERE b.of = a.id AND b.day <= a.day) THEN 'yes' ELSE 'no' END AS told FROM a",
    "two tests, beside a condition": "SELECT id, CASE WHEN NOT EXISTS ("
    "SELECT 1 FROM b WHERE b.of = a.id) THEN 1 WHEN EXISTS ("
    "SELECT 1 FROM b WHERE b.day > a.day) THEN 2 END FROM a WHERE a.day > $day",
    "a test in a sum over a join": "SELECT a.day, SUM(CASE WHEN EXISTS ("
    "SELECT 1 FROM b AS c WHERE c.of = a.id AND c.day = b.day) THEN b.day END) AS days"
    " FROM a LEFT JOIN b ON b.of = a.id GROUP BY a.day HAVING COUNT(a.id) > 0",
    "a test as a condition": "SELECT id FROM a WHERE EXISTS (SELECT 1 FROM b WHERE b.of = a.id)",
    "two results of one name": "SELECT a.id AS x, a.day AS y, 0 AS z FROM a"
    " UNION ALL SELECT a.day, a.day, a.day FROM a",
    "a column called cluster": "SELECT of AS cluster, COUNT(*) AS n FROM b GROUP BY of",
    "a sum of nothing": "SELECT SUM(x), COUNT(x) FROM (SELECT NULL AS x FROM a) AS y",
}


@pytest.mark.parametrize("sql", TEXTS.values(), ids=TEXTS)
def test_other_words_mean_the_same(sql):
    """SQLite, which takes both, gives equal rows and names for either."""
    with sqlite3.connect(":memory:") as database:
        database.executescript(
            "CREATE TABLE a (id, day); CREATE TABLE b (of, day);"
            "INSERT INTO a VALUES (1, 10), (2, 20), (3, 30), (4, NULL), (5, 30);"
            "INSERT INTO b VALUES (1, 10), (1, 11), (2, 30), (3, 5), (3, 40), (NULL, 7);"
        )
        asked = [database.execute(text, {"day": 5}) for text in (sql, in_its_words(sql))]
        rows, others = (sorted(map(repr, answer)) for answer in asked)
    assert rows == others
    assert len(rows) > 0
    names, others = ([one[0] for one in answer.description] for answer in asked)
    stated = [name.isidentifier() for name in names]
    assert [*compress(names, stated)] == [*compress(others, stated)]


def test_what_cannot_be_planned_is_named():
    """In an error of ours with DataFusion's own reason, before any row is read."""
    engine = DataFusionEngine.open(MemoryStore(None))
    source = engine.table("people")
    sql = f"SELECT CASE WHEN EXISTS (SELECT 1 FROM {source}) THEN 1 END FROM {source}"
    with pytest.raises(EngineError, match=r"cannot plan the query: .*Exists"):
        engine.rows(Query(sql))
