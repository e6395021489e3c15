"""Between records and storage tuples."""

import sqlite3
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from osallisuus.model.codec import FactColumns, codec, column_of
from osallisuus.model.facts import TABLES
from tests.model import made


@pytest.mark.parametrize("table", TABLES)
@settings(max_examples=12)
@given(data=st.data())
def test_facts_come_back_from_their_tuples(table, data):
    """``load`` undoes ``dump``, and a tuple holds nothing that SQLite does not store as it is."""
    facts = data.draw(st.lists(made.facts(table), max_size=5))
    tuples = codec(table).dump(facts)
    assert codec(table).load(tuples) == facts
    assert {type(value) for row in tuples for value in row} <= {str, int, float, type(None)}
    assert codec(table).dump(codec(table).load(tuples)) == tuples


def test_equal_local_times_of_two_zones_keep_their_zones():
    """Python holds 10:00 in Helsinki and 09:00 in Stockholm equal; their text differs."""
    helsinki = datetime(2020, 1, 8, 10, tzinfo=ZoneInfo("Europe/Helsinki"))
    stockholm = datetime(2020, 1, 8, 9, tzinfo=ZoneInfo("Europe/Stockholm"))
    assert helsinki == stockholm
    facts = [made.one("sessions", starts_at=at) for at in (helsinki, stockholm)]
    loaded = codec("sessions").load(codec("sessions").dump(facts))
    assert [fact.starts_at.tzinfo.key for fact in loaded] == ["Europe/Helsinki", "Europe/Stockholm"]


def test_both_runs_of_a_repeated_hour_are_kept():
    """03:30 before and after the clocks go back are two instants, though Python holds them equal."""
    first = datetime(2018, 10, 28, 3, 30, tzinfo=ZoneInfo("Europe/Helsinki"))
    facts = [made.one("sessions", starts_at=first.replace(fold=fold)) for fold in (0, 1)]
    loaded = codec("sessions").load(codec("sessions").dump(facts))
    assert [fact.starts_at.astimezone(UTC).hour for fact in loaded] == [0, 1]


def test_columns_are_facts_that_are_not_made_yet():
    """Facts held as columns count, dump and give columns like a list of the same records."""
    facts = [made.one("attendance", id=f"a{i}", minutes=i) for i in range(3)]
    columns = FactColumns("attendance", [column_of(facts, n) for n in facts[0].describe()])
    assert len(columns) == 3
    assert codec("attendance").dump(columns) == codec("attendance").dump(facts)
    assert column_of(columns, "minutes") == column_of(facts, "minutes") == [0, 1, 2]
    assert columns._facts is None
    assert list(columns) == facts
    assert columns[1] == facts[1]
    assert columns[1:] == facts[1:]
    assert columns == facts


def test_no_rows_are_no_facts():
    """Nothing gives nothing, in both directions."""
    for table in TABLES:
        assert codec(table).dump([]) == codec(table).load([]) == []
        assert codec(table).dump(FactColumns(table, [[] for _ in TABLES[table].columns])) == []


@given(st.lists(made.facts("answers"), max_size=5, unique_by=lambda fact: fact.id))
def test_sqlite_gives_back_what_it_was_given(facts):
    """Text, free text and numbers pass through a strict SQLite table bit by bit."""
    with sqlite3.connect(":memory:") as database:
        database.execute(
            "CREATE TABLE a (id TEXT, form TEXT, item TEXT, code TEXT, number REAL, note TEXT) STRICT"
        )
        database.executemany("INSERT INTO a VALUES (?,?,?,?,?,?)", codec("answers").dump(facts))
        assert codec("answers").load(database.execute("SELECT * FROM a ORDER BY rowid")) == facts
    database.close()
