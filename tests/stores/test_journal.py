"""The chain of digests."""

import hashlib
import marshal
from datetime import date, timedelta
from operator import attrgetter

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from osallisuus.model.batch import Batch
from osallisuus.model.codec import codec
from osallisuus.model.store import Act
from osallisuus.stores.journal import (
    chained,
    content_of,
    digest_of_columns,
    digests_of_rows,
    storage_columns,
)
from tests.model import made
from tests.stores.places import FULL, START, add, open_store, ticking


def test_memory_and_sqlite_chain_alike(tmp_path):
    """The same appends at the same times leave the same journal, digests included."""
    journals = []
    for name in ("memory", "sqlite"):
        with open_store(name, tmp_path, ticking()) as store:
            add(store, made.one("people"), made.one("answers"), made.one("sessions"), key="k")
            add(store, made.one("people", id="x2"), made.one("answers", note="other words"))
            add(store, made.one("people", id="x2"))
            journals.append(list(store.journal()))
    assert journals[0] == journals[1]
    assert len(journals[0]) == 2


def test_the_order_of_the_tables_in_a_batch_says_nothing(tmp_path):
    """A batch that names its tables in another order leaves the same chain in both stores."""
    rows = {"groups": [made.one("groups")], "people": [made.one("people")]}
    digests = set()
    for name in ("memory", "sqlite"):
        with open_store(name, tmp_path) as store:
            store.append(Batch(rows), Act("a", "test", "r"))
            digests |= {entry.digest for entry in store.journal()}
    assert len(digests) == 1


def content(facts):
    return content_of(
        {table: digest_of_columns(columns) for table, columns in storage_columns(facts).items()}
    )


@settings(max_examples=8)
@given(made.some_of_each(1), made.some_of_each(1))
def test_a_digest_tells_contents_apart(one, other):
    """Equal facts give equal digests, other facts others."""
    stored = [
        {name: codec(name).dump(rows) for name, rows in all_.items()} for all_ in (one, other)
    ]
    assert (content(one) == content(other)) == (stored[0] == stored[1])


@settings(max_examples=25)
@given(st.lists(made.facts("answers"), max_size=3, unique_by=lambda fact: fact.id), st.randoms())
def test_the_order_of_the_rows_says_nothing(facts, random):
    """Rows are digested by their ids, so a store may read them back in its own order."""
    shuffled = random.sample(facts, len(facts))
    columns = codec("answers").columns
    assert digest_of_columns(columns(shuffled)) == digest_of_columns(columns(facts))

    by_id = codec("answers").dump(sorted(facts, key=attrgetter("id")))
    written = [(random.randrange(3), *row) for row in by_id]
    commits = {tx: [row for of, *row in written if of == tx] for tx in range(4)}
    found = digests_of_rows(written, {tx: len(rows) for tx, rows in commits.items() if rows})
    assert {tx: found.get(tx, "") for tx in commits} == {
        tx: digest_of_columns(list(zip(*rows, strict=True))) for tx, rows in commits.items()
    }


@pytest.mark.parametrize("number", [1, 499, 500, 501, 1723])
def test_a_digest_is_of_all_rows_at_once(number, tmp_path):
    """However many they are, and whatever form a store has them in; so it was from the beginning."""
    facts = [made.one("people", id=f"p{n:05}", registered_on=date(2020, 1, 1 + n % 9))
             for n in range(number)]  # fmt: skip
    rows = codec("people").dump(facts)
    whole = hashlib.sha256(marshal.dumps(rows, 2)).hexdigest()
    assert digest_of_columns(codec("people").columns(facts[::-1])) == whole
    assert digests_of_rows([(7, *row) for row in rows], {7: number}) == {7: whole}
    for name in FULL:
        with open_store(name, tmp_path) as store:
            add(store, *facts)
            (entry,) = store.journal()
            assert entry.content == content_of({"people": whole})
            assert store.verify() == ()


def test_strings_that_are_one_object_weigh_no_less():
    """The digest sees values, not whether Python keeps two equal strings once."""
    apart = digest_of_columns([[str(b"ab", "ascii")], [str(b"ab", "ascii")]])
    same = "ab"
    assert digest_of_columns([[same], [same]]) == apart


CHANGES = {
    "actor": "somebody_else",
    "purpose": "another",
    "reason": "another",
    "operation": "note",
    "recorded_at": START + timedelta(days=9),
    "key": None,
    "added": 7,
    "revised": 7,
    "removed": 7,
    "content": "0",
    "previous": "0",
    "tx": 9,
}


@pytest.mark.parametrize("field", CHANGES)
def test_no_field_of_an_entry_can_be_changed_unseen(tmp_path, field):
    """Whatever is changed in one entry, the chain is broken at it."""
    with open_store("memory", tmp_path) as store:
        add(store, made.one("people"))
        add(store, made.one("people", id="x2"), key="k")
        add(store, made.one("people", id="x3"))
        entries = list(store.journal())
    assert chained(entries) == []
    entries[1] = evolve(entries[1], **{field: CHANGES[field]})
    assert any("commit" in problem.where for problem in chained(entries))


def test_an_entry_that_was_taken_out_or_moved_is_seen(tmp_path):
    """Entries in another order, and an entry less, break the chain; one off the end does not."""
    with open_store("memory", tmp_path) as store:
        for number in range(4):
            add(store, made.one("people", id=f"x{number}"))
        entries = list(store.journal())
    assert chained([entries[0], entries[2], entries[1], entries[3]])
    assert chained([entries[0], *entries[2:]])
    assert chained(entries[1:])


@pytest.mark.parametrize("name", ["sqlite", "postgresql"])
@pytest.mark.parametrize(
    "change",
    [
        "INSERT INTO people (id, registered_on, tx_from) VALUES ('ghost', '2020-01-01', 0)",
        "INSERT INTO people (id, registered_on, tx_from) VALUES ('ghost', '2020-01-01', 9)",
        "UPDATE people SET tx_to = 9 WHERE id = 'b'",
        "UPDATE people SET tx_to = tx_from WHERE id = 'b'",
    ],
)
def test_rows_of_a_commit_that_never_was_are_found(name, change, tmp_path):
    """No entry of the journal stands for them, so no digest would miss them."""
    with open_store(name, tmp_path) as store:
        add(store, made.one("people", id="a"), made.one("people", id="b"))
        add(store, made.one("people", id="a", registered_on=date(2019, 1, 1)))
        store.void({"people": ["a"]}, Act("a", "test", "r"))
        store.erase("a", {"people": ["a"]}, Act("a", "test", "r"))
        assert store.verify() == ()
        store.run(change)
        (found,) = store.verify()
        assert (found.where, bool(found.remedy)) == ("table people", True)


def test_a_proof_sorts_nothing(tmp_path):
    """The rows of a commit come by an index: SQLite would sort them in memory, however many."""
    with open_store("sqlite", tmp_path) as store:
        add(store, made.one("people"), made.one("answers"))
        asked = []
        store.connection.set_trace_callback(asked.append)
        assert store.verify() == ()
        store.connection.set_trace_callback(None)
        reading = [sql for sql in asked if " FROM answers" in sql and "journal" not in sql]
        plans = [store.run(f"EXPLAIN QUERY PLAN {sql}").fetchall() for sql in reading]
    assert len(plans) == 2
    assert "MERGE" in str(plans)
    assert "TEMP B-TREE" not in str(plans)
