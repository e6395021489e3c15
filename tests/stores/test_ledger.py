"""The ledger of a store: releases are appended in order, and stay as they were."""

import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest

from osallisuus.errors import StoreError
from osallisuus.model.facts import Person
from osallisuus.model.store import Publication
from osallisuus.stores.memory import MemoryStore
from tests.stores.places import FULL, START, add, open_store, ticking

keeping = pytest.mark.parametrize("name", FULL)


def publish(store, content="{}", *, after, tx=0):
    return store.publish(content, tx=tx, actor="tester", purpose="a test", after=after)


@keeping
def test_releases_are_numbered_in_order_with_the_store_s_moment(name, tmp_path):
    """What was given comes back, whatever stands in it, with a number and a moment."""
    with open_store(name, tmp_path) as store:
        assert "ledger" in store.capabilities
        assert list(store.publications()) == []
        first = publish(store, '{"a": "ä;\'"}', after=0, tx=3)
        second = publish(store, after=1)
        assert first == Publication(1, START, 3, "tester", "a test", '{"a": "ä;\'"}')
        assert second.recorded_at == START + timedelta(minutes=1)
        assert list(store.publications()) == [first, second]


@keeping
def test_a_release_that_does_not_know_the_last_one_is_not_kept(name, tmp_path):
    """Neither one too few nor one too many; the ledger is as it was."""
    with open_store(name, tmp_path) as store:
        kept = [publish(store, after=0), publish(store, after=1)]
        for after in (0, 1, 3):
            assert publish(store, after=after) is None
        assert list(store.publications()) == kept


@keeping
def test_facts_and_releases_are_counted_each_by_themselves(name, tmp_path):
    """A release is no commit, and a commit no release."""
    with open_store(name, tmp_path) as store:
        publish(store, after=0)
        assert (store.head(), list(store.journal())) == (0, [])
        add(store, Person(id="p1", registered_on=START.date()))
        assert publish(store, after=1, tx=store.head()).tx == 1


def test_a_folder_keeps_no_ledger(tmp_path):
    """It says so in its capabilities, shows none and refuses to add to one."""
    with open_store("folder", tmp_path) as store:
        assert "ledger" not in store.capabilities
        assert list(store.publications()) == []
        with pytest.raises(StoreError, match="no ledger"):
            publish(store, after=0)


def test_a_copy_in_memory_goes_its_own_way():
    """A release of the copy is none of the first store."""
    store = MemoryStore(ticking())
    publish(store, after=0)
    copy = store.copy()
    publish(copy, after=1)
    assert len(list(store.publications())) == 1
    assert len(list(copy.publications())) == 2


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE releases SET content = ''",
        "UPDATE releases SET number = 9",
        "DELETE FROM releases",
        "INSERT OR REPLACE INTO releases VALUES (1, '', 0, '', '', '')",
        "INSERT INTO releases VALUES (5, '', 0, '', '', '')",
        "UPDATE OR REPLACE releases SET number = 1 WHERE number = 2",
    ],
)
def test_the_file_itself_refuses_every_change(tmp_path, change):
    """Also to those who come with another program: what was released cannot be unsaid."""
    with open_store("sqlite", tmp_path) as store:
        kept = [publish(store, after=0), publish(store, after=1)]
        file = sqlite3.connect(tmp_path / "store.db", isolation_level=None)
        with closing(file) as other, pytest.raises(sqlite3.IntegrityError):
            other.execute(change)
        assert list(store.publications()) == kept


def test_two_who_release_at_once_do_not_overlook_each_other(tmp_path):
    """The second is told that another one came first, and sees it."""
    with open_store("sqlite", tmp_path) as one, open_store("sqlite", tmp_path) as other:
        assert publish(one, after=0).number == 1
        assert publish(other, after=0) is None
        assert publish(other, after=len(list(other.publications()))).number == 2


def test_a_ledger_outlives_its_process_and_is_read_by_the_next(tmp_path):
    """Opened again, the releases are there."""
    with open_store("sqlite", tmp_path) as store:
        kept = publish(store, after=0)
    with open_store("sqlite", tmp_path) as store:
        assert list(store.publications()) == [kept]
