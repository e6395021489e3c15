"""Taking judgements out of a store for good, and noting in its journal what was asked."""

from datetime import date
from pathlib import Path

import pytest

from osallisuus.errors import StoreError
from osallisuus.model.facts import KeepApart, Person
from osallisuus.model.store import Act
from tests.model import made
from tests.stores.places import FULL, STORES, add, held, open_store

EVERY = pytest.mark.parametrize("name", STORES)
JOURNALS = pytest.mark.parametrize("name", FULL)
UNTIL = date(2031, 7, 13)


@pytest.fixture
def store(name, tmp_path):
    with open_store(name, tmp_path) as opened:
        assert "forget" in opened.capabilities
        add(opened, *(made.one("people", id=person) for person in ("p1", "p2")))
        add(opened, judgement("k1"), judgement("k2"))
        yield opened


def judgement(name, **given):
    return made.one(
        "keep_apart", **{"id": name, "one": "p1", "other": "p2", "until": UNTIL} | given
    )


def ids(store, kind=KeepApart, **options):
    return [fact.id for part in store.scan(kind, **options) for fact in part]


def forget(store, *names):
    return store.forget("keep_apart", names, Act("tester", "test", "past"))


@EVERY
def test_what_is_forgotten_is_gone_and_nothing_else(store):
    before = held(store)

    assert forget(store, "k1") == 1
    assert ids(store) == ["k2"]
    assert ids(store, Person) == ["p1", "p2"]
    assert {table: rows for table, rows in held(store).items() if table != "keep_apart"} == {
        table: rows for table, rows in before.items() if table != "keep_apart"
    }


@EVERY
def test_forgetting_nobody_changes_nothing(store):
    """Neither head nor journal moves for an id that is not there."""
    head = store.head()

    assert forget(store, "k9") == 0
    assert forget(store) == 0
    assert (store.head(), ids(store)) == (head, ["k1", "k2"])


@EVERY
def test_what_was_forgotten_can_be_added_again(store):
    forget(store, "k1")

    assert add(store, judgement("k1")).added == 1


@JOURNALS
def test_earlier_revisions_go_too(store):
    """Nobody can read at an earlier commit what was forgotten at a later one."""
    add(store, judgement("k1", until=date(2032, 1, 1)))

    assert forget(store, "k1") == 1
    assert all(ids(store, known_at=tx) in ([], ["k2"]) for tx in range(store.head() + 1))


@JOURNALS
def test_the_journal_says_how_many_and_of_which_table(store):
    """And neither whose nor which; the chain of digests goes on."""
    forget(store, "k1", "k2")

    entries = list(store.journal())
    assert (entries[-1].operation, entries[-1].reason) == ("forget", "keep_apart: 2; past")
    assert [one.previous for one in entries[1:]] == [one.digest for one in entries[:-1]]
    assert store.head() == entries[-1].tx == len(entries)


@JOURNALS
def test_a_note_is_a_commit_that_changes_nothing(store):
    before = held(store)
    head = store.head()

    entry = store.note("can_share", Act("coordinator", "test", "g1"))

    assert held(store) == before
    assert list(store.journal())[-1] == entry
    assert (entry.tx, entry.added, entry.revised, entry.key) == (head + 1, 0, 0, None)
    assert add(store, made.one("people", id="p3")).tx == head + 2


@pytest.mark.parametrize("name", ["folder"])
def test_a_folder_keeps_no_notes_and_says_so(store):
    assert "note" not in store.capabilities
    with pytest.raises(StoreError, match="keeps no journal"):
        store.note("can_share", Act("coordinator", "test", "g1"))


@pytest.mark.parametrize("name", ["sqlite", "folder"])
def test_no_byte_of_it_is_left_in_any_file(store, tmp_path):
    """The last day of the judgements stands in no file once they are forgotten."""
    written = b"2031-07-13"
    assert any(written in content for content in _contents(tmp_path))

    forget(store, "k1", "k2")

    assert not any(written in content for content in _contents(tmp_path))


def _contents(folder: Path):
    return [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
