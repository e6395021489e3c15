"""Core metrics on enrolments with twenty attendances each, from Parquet files.

The DuckDB engine against SQL written by hand, against pandas and lifelines, and SQLite in place
against DuckDB. There are two rivals by hand. One is right for any facts: somebody who is marked
twice at a session counts once, what lies in a pause is no offer, and not everybody has a group. The
other knows that these files have none of that, and the metrics cannot know it. Before anything is
measured, both answer about a few enrolments where all of it happens: the first must say what we
say, and the second must not. With ``CHECK`` in the environment the large answers are compared too. ``OSALLISUUS_BENCH_ENROLLMENTS`` is the size, by default 1,000,000 (with
SQLite 100,000); ``growth.py`` tells how the time grows with it.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from harness import Comparison

SIZE = int(os.environ.get("OSALLISUUS_BENCH_ENROLLMENTS", "1000000"))
SMALL = min(SIZE, 100_000)
SESSIONS = 20
AS_OF = date(2025, 1, 1)
METRICS = (
    "people_and_episodes", "recruitment_funnel", "first_session", "attendance", "retention",
    "completion", "leaving", "dose",
)  # fmt: skip
COMPARISONS = [
    Comparison(
        name="engines",
        task=f"six metrics of {SIZE:,} enrolments by DuckDB / SQL by hand for any facts",
        ours="ours",
        other="by_hand",
        goal=1.2,
        rounds=3,
    ),
    Comparison(
        name="engines",
        task=f"six metrics of {SIZE:,} enrolments by DuckDB / SQL by hand for these facts only",
        ours="ours",
        other="by_hand_for_these",
        goal=None,
        rounds=3,
    ),
    Comparison(
        name="engines",
        task=f"attendance, retention and completion of {SIZE:,} enrolments / pandas and lifelines",
        ours="ours_of_three",
        other="by_frames",
        goal=1 / 3,
        rounds=2,
    ),
    Comparison(
        name="engines",
        task=f"eight metrics of {SMALL:,} enrolments by SQLite in place / by DuckDB",
        ours="in_place",
        other="ours_small",
        goal=8.0,
        rounds=3,
    ),
]


def prepare(folder: Path) -> str | None:
    """Parquet files of both sizes, and a store in SQLite of the smaller one."""
    try:
        import lifelines  # noqa: F401
    except ImportError:
        return "lifelines is missing"
    for name, size in (("large", SIZE), ("small", SMALL), ("awkward", 1_000)):
        (folder / name).mkdir()
        write(folder / name, size)
    make_awkward(folder / "awkward")
    prove(folder / "awkward")
    _into_sqlite(folder / "small", folder / "store.db")
    return None


def write(folder: Path, size: int) -> None:
    """One Parquet file for each table: groups of ten, four fifths as many people as enrolments."""
    import numpy as np

    lots = np.random.default_rng(1)
    people, groups = max(size * 4 // 5, 1), max(size // 10, 1)
    first = np.datetime64("2015-01-01")
    group = (np.arange(size) + np.arange(size) // people) % groups  # nobody is twice in one
    begins = lots.integers(0, 3400, groups)
    starts = begins[group] + lots.integers(0, 3, size)
    ends = starts + lots.exponential(250, size).astype(int) + 1
    open_ = (ends >= 3653) | (lots.random(size) < 0.15)
    person = np.arange(size) % people
    endings = np.array(["completed", "completed", "left", "moved_on"])[lots.integers(0, 4, size)]
    day = first + np.arange(groups * SESSIONS) // groups * 7 + begins[_of_groups(groups)] + 3
    held = lots.random(groups * SESSIONS) < 0.95
    local = np.char.add(np.datetime_as_string(day), "T17:00:00+00:00[UTC]")
    _put(folder, "people", {"id": _ids("p", np.arange(people)), "registered_on": date(2015, 1, 1)})
    _put(
        folder,
        "groups",
        {
            "id": _ids("g", np.arange(groups)),
            "program": "wertzu", "program_version": "1", "kind": "closed",
            "starts_on": first + begins,
        },
    )  # fmt: skip
    _put(
        folder,
        "enrollments",
        {
            "id": _ids("e", np.arange(size)),
            "person": _ids("p", person),
            "program": "wertzu", "program_version": "1",
            "group_id": _ids("g", group),
            "reached_on": first + starts - 40,
            "offered_on": first + starts - 9,
            "started_on": first + starts,
            "ended_on": _where(first + ends, open_),
            "ending": _where(endings, open_),
        },
    )  # fmt: skip
    _put(
        folder,
        "sessions",
        {
            "id": _ids("s", np.arange(groups * SESSIONS)),
            "group_id": _ids("g", _of_groups(groups)),
            "kind": "meeting",
            "starts_at": local,
            "minutes": 90,
            "status": np.where(held, "held", "cancelled"),
        },
    )
    for name in ("pauses", "guidance"):  # nobody paused, and nobody has a guide
        _put(folder, name, {"id": []})
    _put_parts(folder, "attendance", _marks(lots, groups, group, person))


def make_awkward(folder: Path) -> None:
    """Every seventh mark made twice, differently; every third paused; every fifth without a group.

    Half of those without a group have a guide.
    """
    import duckdb

    changes = {
        "attendance": """SELECT * FROM old UNION ALL
            SELECT * REPLACE (id || 'b' AS id, CASE status WHEN 'present' THEN 'absent'
              WHEN 'absent' THEN 'excused' ELSE 'present' END AS status)
            FROM old WHERE hash(id) % 7 = 0""",
        "guidance": """SELECT 't' || id AS id, person, 'p0' AS guide, program, offered_on,
            started_on, started_on + 90 AS planned_end_on, NULL::DATE AS ended_on,
            NULL::VARCHAR AS ending FROM spells WHERE hash(id) % 10 = 0""",
        "pauses": """SELECT 'u' || id AS id, id AS of_id, started_on + 20 AS starts_on,
            CASE WHEN hash(id) % 2 = 0 THEN started_on + 60 END AS ends_on
            FROM spells WHERE hash(id) % 3 = 0""",
        "enrollments": """SELECT * REPLACE (
            CASE WHEN hash(id) % 5 > 0 THEN group_id END AS group_id,
            CASE WHEN hash(id) % 11 > 0 THEN ending END AS ending,
            CASE WHEN hash(id) % 4 > 0 OR hash(id) % 5 > 0 THEN started_on END AS started_on)
            FROM old""",
    }
    with duckdb.connect() as connection:
        for name, sql in changes.items():
            old, new = folder / f"{name}.parquet", folder / "new"
            for view, file in (("old", old), ("spells", folder / "enrollments.parquet")):
                connection.execute(
                    f"CREATE OR REPLACE VIEW {view} AS SELECT * FROM read_parquet('{file}')"
                )
            connection.execute(f"COPY ({sql}) TO '{new}' (FORMAT parquet)")
            new.replace(old)


def prove(folder: Path) -> None:
    """Both by hand answer where it is awkward: the one for any facts is right, the other is not."""
    right = _sorted(_by_duckdb(folder, tuple(BY_HAND))[1])
    assert _sorted(_by_hand(folder, BY_HAND)[1]) == right
    simple = _sorted(_by_hand(folder, FOR_THESE)[1])
    assert [name for name in right if simple[name] != right[name]] == DIFFERENT


def _sorted(found: dict[str, Any]) -> dict[str, Any]:
    return {name: sorted(map(str, rows)) for name, rows in found.items()}


_AT_ONCE = 500_000
"""Enrolments whose attendance is made at a time: a hundred million rows do not fit into memory."""


def _marks(lots: Any, groups: int, group: Any, person: Any) -> Iterator[dict[str, Any]]:
    """Twenty marks of nearly everybody, in parts."""
    import numpy as np

    size = len(person)
    status = np.array(["present", "present", "absent", "excused"])
    begun = 0
    for first in range(0, size, _AT_ONCE):
        part = np.arange(first, min(first + _AT_ONCE, size))
        marked = np.repeat(part, SESSIONS)
        session = np.tile(np.arange(SESSIONS), len(part)) * groups + group[marked]
        kept = lots.random(len(marked)) < 0.99
        marked, session = marked[kept], session[kept]
        yield {
            "id": _ids("a", begun + np.arange(len(marked))),
            "session": _ids("s", session),
            "person": _ids("p", person[marked]),
            "status": status[lots.integers(0, 4, len(marked))],
        }
        begun += len(marked)


def _of_groups(groups: int) -> Any:
    import numpy as np

    return np.tile(np.arange(groups), SESSIONS)


def _ids(letter: str, numbers: Any) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc

    return pc.binary_join_element_wise(letter, pc.cast(pa.array(numbers), pa.string()), "")


def _where(values: Any, missing: Any) -> Any:
    import pyarrow as pa

    return pa.array(values, mask=missing)


def _put(folder: Path, name: str, given: dict[str, Any]) -> None:
    _put_parts(folder, name, [given])


def _put_parts(folder: Path, name: str, parts: Iterable[dict[str, Any]]) -> None:
    from pyarrow import parquet

    from osallisuus.model.arrow import arrow_schema
    from osallisuus.model.facts import TABLES

    schema = arrow_schema(TABLES[name])
    with parquet.ParquetWriter(folder / f"{name}.parquet", schema) as writer:
        for given in parts:
            writer.write_table(_rows(schema, given))


def _rows(schema: Any, given: dict[str, Any]) -> Any:
    """An Arrow table of what is given; a single value stands in every row."""
    import pyarrow as pa

    rows = len(given["id"])
    columns = []
    for field in schema:
        value = given.get(field.name)
        if value is None:
            column = pa.nulls(rows, field.type)
        elif hasattr(value, "__len__") and not isinstance(value, str):
            column = pa.array(value) if not isinstance(value, pa.Array | pa.ChunkedArray) else value
        else:
            column = pa.repeat(pa.scalar(value), rows)
        columns.append(column.cast(field.type))
    return pa.table(columns, schema=schema)


def _into_sqlite(folder: Path, place: Path) -> None:
    from osallisuus.model.store import Act
    from osallisuus.stores.sqlite import SQLiteStore

    with _files(folder) as source:
        batch = source.batch()
    store = SQLiteStore.open(str(place), clock=lambda: datetime.now(UTC))
    store.append(batch, Act("benchmark", "benchmark", "made up"))
    store.close()


def _files(folder: Path) -> Any:
    """The files as a store that an engine reads in place."""
    from contextlib import contextmanager

    from pyarrow import parquet

    from osallisuus.model.batch import Batch
    from osallisuus.model.codec import codec
    from osallisuus.model.facts import TABLES
    from osallisuus.stores.memory import MemoryStore

    class Files(MemoryStore):
        capabilities = frozenset({"files"})

        def files(self, table: Any) -> list[str]:
            file = folder / f"{table.name}.parquet"
            return [str(file)] if file.exists() else []

        def batch(self) -> Batch:
            facts = {}
            for name, table in TABLES.items():
                for file in self.files(table):
                    held = parquet.read_table(file)
                    columns = [held[column.sql_name].to_pylist() for column in table.columns]
                    facts[name] = codec(name, native=True).load(zip(*columns, strict=True))
            return Batch(facts)

    @contextmanager
    def opened() -> Any:
        yield Files(lambda: datetime.now(UTC))

    return opened()


def _tables(engine: Any, metrics: tuple[str, ...]) -> tuple[float, dict[str, Any]]:
    """CPU seconds of the tabulations, and what they give."""
    from osallisuus.metrics.catalogue import CATALOGUE
    from osallisuus.metrics.compile import Settings, table_query

    asked = Settings(as_of=AS_OF)
    queries = {name: table_query(_bound(CATALOGUE[name]), asked, engine) for name in metrics}
    start = time.process_time()
    found = {name: engine.rows(query) for name, query in queries.items()}
    return time.process_time() - start, found


def _bound(metric: Any) -> Any:
    from attrs import evolve

    return evolve(metric, params={**metric.params, "last_day": date(2024, 12, 31)})


def _by_duckdb(folder: Path, metrics: tuple[str, ...]) -> tuple[float, dict[str, Any]]:
    from osallisuus.engines.duckdb import DuckDBEngine

    with _files(folder) as store:
        engine = DuckDBEngine.open(store)
        engine.table("people")
        found = _tables(engine, metrics)
        engine.close()
    return found


def ours(folder: Path) -> float:
    return _by_duckdb(folder / "large", tuple(BY_HAND))[0]


def ours_small(folder: Path) -> float:
    return _by_duckdb(folder / "small", METRICS)[0]


def ours_of_three(folder: Path) -> float:
    return _by_duckdb(folder / "large", ("attendance", "retention", "completion"))[0]


def in_place(folder: Path) -> float:
    from osallisuus.engines.sqlite import SQLiteEngine
    from osallisuus.stores.sqlite import SQLiteStore

    store = SQLiteStore.open(str(folder / "store.db"), clock=lambda: datetime.now(UTC))
    used, found = _tables(SQLiteEngine.open(store), METRICS)
    store.close()
    if "CHECK" in os.environ:
        assert _sorted(found) == _sorted(_by_duckdb(folder / "small", METRICS)[1])
    return used


# ---- what others write -------------------------------------------------------------------------

_E = f"""(SELECT * REPLACE (CASE WHEN ended_on < DATE '{AS_OF}' THEN ended_on END AS ended_on,
  CASE WHEN ended_on < DATE '{AS_OF}' THEN ending END AS ending) FROM enrollments)"""
_STARTED = f"started_on < DATE '{AS_OF}'"
_S = f"""(SELECT id, group_id, day FROM (SELECT id, group_id, CAST(substr(starts_at, 1, 10) AS DATE)
  AS day FROM sessions WHERE status = 'held') WHERE day < DATE '{AS_OF}')"""
_WHILE = "(e.ended_on IS NULL OR s.day <= e.ended_on)"
_SPELLS = f"""SELECT 0, COALESCE(ended_on, DATE '2024-12-31') - started_on AS days, {{}} AS event,
  COUNT(*) FROM {_E} WHERE {_STARTED} GROUP BY days, event"""
_WAY = "CASE WHEN ended_on IS NOT NULL THEN COALESCE(ending, 'not_stated') END"
FOR_THESE = {
    "people_and_episodes": f"""
SELECT COUNT(*), COUNT(DISTINCT person) FROM enrollments WHERE {_STARTED}""",
    "first_session": f"""
SELECT CASE WHEN present = 1 THEN 1 WHEN held > 0 AND recorded = held THEN 0
    WHEN ending IN ('left', 'declined', 'ended_by_organizer', 'moved_on', 'died') THEN 0
    WHEN held = 0 AND ended_on IS NOT NULL AND ending IS NULL THEN 0 END AS hit,
  COUNT(*), COUNT(DISTINCT person)
FROM (SELECT e.id, e.person, e.ended_on, e.ending, COUNT(s.id) AS held,
    COUNT(a.session) AS recorded, MAX(CASE WHEN a.status = 'present' THEN 1 ELSE 0 END) AS present
  FROM {_E} AS e
  LEFT JOIN {_S} AS s ON s.group_id = e.group_id AND s.day >= e.offered_on AND {_WHILE}
  LEFT JOIN attendance AS a ON a.session = s.id AND a.person = e.person
  WHERE e.offered_on < DATE '{AS_OF}' GROUP BY e.id, e.person, e.ended_on, e.ending)
GROUP BY hit""",
    "attendance": f"""
SELECT x, y, u, COUNT(*) FROM (
  SELECT COUNT(a.session) AS x, SUM(CASE WHEN a.status = 'present' THEN 1 ELSE 0 END) AS y,
    COUNT(*) - COUNT(a.session) AS u
  FROM {_E} AS e JOIN {_S} AS s ON s.group_id = e.group_id AND s.day >= e.started_on AND {_WHILE}
  LEFT JOIN attendance AS a ON a.session = s.id AND a.person = e.person
  WHERE {_STARTED} GROUP BY e.person) GROUP BY x, y, u""",
    "retention": _SPELLS.format("CASE WHEN ended_on IS NOT NULL THEN 'other_endings' END"),
    "completion": _SPELLS.format(_WAY),
    "leaving": _SPELLS.format(_WAY),
}
_ANY = f"""
SELECT x, y, u, COUNT(*) FROM (
  SELECT COUNT(present) AS x, CAST(COALESCE(SUM(present), 0) AS BIGINT) AS y,
    COUNT(*) - COUNT(present) AS u
  FROM (
    SELECT ANY_VALUE(e.person) AS person,
      MAX(CASE WHEN a.status = 'present' THEN 1 WHEN a.session IS NOT NULL THEN 0 END) AS present
    FROM (SELECT *, ROW_NUMBER() OVER () AS number FROM {_E} WHERE {_STARTED}) AS e
    JOIN (SELECT *, ROW_NUMBER() OVER () AS number FROM {_S}) AS s
      ON s.group_id = e.group_id AND s.day >= e.started_on AND {_WHILE}
    LEFT JOIN attendance AS a ON a.session = s.id AND a.person = e.person
    WHERE NOT EXISTS (SELECT 1 FROM pauses AS p WHERE p.of_id = e.id
      AND s.day >= p.starts_on AND (p.ends_on IS NULL OR s.day < p.ends_on))
    GROUP BY e.number, s.number)
  GROUP BY person) GROUP BY x, y, u"""
_OF_SPELL = "e.person, e.program, e.group_id, e.offered_on, e.started_on, e.ended_on, e.ending"
_GUIDED = f"""WHEN group_id IS NULL AND (started_on < DATE '{AS_OF}' OR EXISTS (
      SELECT 1 FROM guidance AS t WHERE t.person = seen.person AND t.program = seen.program
      AND t.started_on < DATE '{AS_OF}' AND t.started_on >= seen.offered_on
      AND (seen.ended_on IS NULL OR t.started_on <= seen.ended_on))) THEN 1
    WHEN held > 0 AND recorded = held THEN 0"""
BY_HAND = FOR_THESE | {
    "attendance": _ANY,
    "first_session": FOR_THESE["first_session"]
    .replace("WHEN held > 0 AND recorded = held THEN 0", _GUIDED)
    .replace("e.person, e.ended_on, e.ending", _OF_SPELL)
    .replace(f"GROUP BY e.id, {_OF_SPELL})", f"GROUP BY e.id, {_OF_SPELL}) AS seen"),
}
DIFFERENT = ["first_session", "attendance"]
"""The metrics that the second rival gets wrong where it is awkward."""


def by_hand(folder: Path) -> float:
    return _measured_by_hand(folder / "large", BY_HAND)


def by_hand_for_these(folder: Path) -> float:
    return _measured_by_hand(folder / "large", FOR_THESE)


def _measured_by_hand(folder: Path, queries: dict[str, str]) -> float:
    used, found = _by_hand(folder, queries)
    if "CHECK" in os.environ:
        assert _sorted(found) == _sorted(_by_duckdb(folder, tuple(queries))[1])
    return used


def _by_hand(folder: Path, queries: dict[str, str]) -> tuple[float, dict[str, Any]]:
    import duckdb

    with duckdb.connect() as connection:
        for file in folder.glob("*.parquet"):
            connection.execute(f"CREATE VIEW {file.stem} AS SELECT * FROM read_parquet('{file}')")
        start = time.process_time()
        found = {name: connection.execute(sql).fetchall() for name, sql in queries.items()}
        return time.process_time() - start, found


def by_frames(folder: Path) -> float:
    import pandas as pd
    from lifelines import AalenJohansenFitter, KaplanMeierFitter

    place = folder / "large"
    start = time.process_time()
    columns = ["id", "person", "group_id", "started_on", "ended_on", "ending"]
    spells = pd.read_parquet(place / "enrollments.parquet", columns=columns)
    for day in ("started_on", "ended_on"):
        spells[day] = pd.to_datetime(spells[day])
    cut, last = pd.Timestamp(AS_OF), pd.Timestamp("2024-12-31")
    spells = spells[spells["started_on"] < cut]
    known = spells["ended_on"] < cut
    until = spells["ended_on"].where(known, last)
    days = (until - spells["started_on"]).dt.days
    KaplanMeierFitter().fit(days, known)
    ways = spells["ending"].where(known).map({"completed": 1, "left": 2, "moved_on": 3})
    AalenJohansenFitter(seed=1).fit(days, ways.fillna(0).astype(int), event_of_interest=1)
    columns = ["id", "group_id", "starts_at", "status"]
    sessions = pd.read_parquet(place / "sessions.parquet", columns=columns)
    sessions = sessions[sessions["status"] == "held"]
    sessions["day"] = pd.to_datetime(sessions["starts_at"].str[:10])
    sessions = sessions[sessions["day"] < cut].rename(columns={"id": "session"})
    columns = ["session", "person", "status"]
    marks = pd.read_parquet(place / "attendance.parquet", columns=columns)
    spells = spells.assign(until=spells["ended_on"].where(known))
    offered = spells.merge(sessions[["session", "group_id", "day"]], on="group_id")
    offered = offered[
        (offered["day"] >= offered["started_on"])
        & (offered["until"].isna() | (offered["day"] <= offered["until"]))
    ]
    joined = offered[["person", "session"]].merge(marks, how="left", on=["person", "session"])
    grouped = joined.assign(
        x=joined["status"].notna(), y=joined["status"] == "present", u=joined["status"].isna()
    )
    per_person = grouped.groupby("person")[["x", "y", "u"]].sum()
    assert len(per_person.value_counts()) > 1
    return time.process_time() - start
