"""A folder of CSV files that is open, and that somebody else writes into meanwhile."""

import os
from contextlib import suppress
from datetime import date
from threading import Thread
from time import sleep

import pytest

from osallisuus.errors import ImportProblem, StoreBusy, StoreError
from osallisuus.model.facts import Person
from osallisuus.model.store import Act
from tests.stores.places import add, open_store

fcntl = pytest.importorskip("fcntl", reason="this system locks no folder")


def person(name):
    return Person(id=name, registered_on=date(2020, 1, 1))


def people(store):
    return [fact.id for part in store.scan(Person) for fact in part]


@pytest.fixture
def store(tmp_path):
    """A folder that holds ``a`` and ``b``."""
    with open_store("folder", tmp_path) as opened:
        add(opened, person("a"), person("b"))
        yield opened


@pytest.fixture
def table(tmp_path):
    """The file in which its people are."""
    return tmp_path / "facts" / "people.csv"


def test_what_was_written_by_hand_is_in_the_next_answer(store, table):
    """What was taken out of the file is gone, with its history; the head tells of the change."""
    before = store.head()
    table.write_text("id,registered_on\nb,2020-01-01\nc,2020-01-01\n")
    assert people(store) == ["b", "c"]
    assert store.known_ids("people", ["a", "c"]) == {"c"}
    assert list(store.revisions("people", ["a"])) == []
    assert store.head() > before


def test_a_write_takes_back_nothing_of_what_another_has_written(store, tmp_path):
    with open_store("folder", tmp_path) as other:
        add(other, person("c"))
        add(store, person("d"))
    with open_store("folder", tmp_path) as again:
        assert people(again) == ["a", "b", "c", "d"]


def test_whom_another_writes_in_again_after_an_erasure_is_there_again(store, tmp_path):
    """The open store refuses it; the folder keeps no list of the erased, and is what holds."""
    store.erase("a", {"people": ["a"]}, Act("tests", "tests", "asked to"))
    with pytest.raises(StoreError, match="were erased"):
        add(store, person("a"))
    with open_store("folder", tmp_path) as other:
        add(other, person("a"))
    assert people(store) == ["a", "b"]
    assert add(store, person("c")).added == 1


def test_of_several_who_write_at_once_nobody_takes_back_what_another_wrote(store, tmp_path):
    """Who comes while another writes is told to try again; what was acknowledged is there."""
    acknowledged = []

    def write(name):
        with open_store("folder", tmp_path) as own:
            for number in range(10):
                for _ in range(5_000):
                    with suppress(StoreBusy):
                        add(own, person(f"{name}{number}"))
                        acknowledged.append(f"{name}{number}")
                        break
                    sleep(0.002)

    writers = [Thread(target=write, args=(name,)) for name in "wxyz"]
    for one in writers:
        one.start()
    for one in writers:
        one.join()
    assert people(store) == ["a", "b", *sorted(acknowledged)]
    assert len(acknowledged) == 40


def test_who_comes_while_another_writes_is_told_so(store, tmp_path):
    facts = tmp_path / "facts"
    descriptor = os.open(facts, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        with pytest.raises(StoreBusy, match="another program is writing"):
            add(store, person("c"))
        assert people(store) == ["a", "b"]  # reading waits for nobody
    finally:
        os.close(descriptor)
    assert add(store, person("c")).added == 1


def test_a_change_that_is_no_table_is_told_and_nothing_is_written_over_it(store, table):
    """Whoever is in the middle of it can finish; then the store goes on."""
    table.write_text("id,registered_on\na,2020-01-01\na,2020-01-01\n")
    for ask in (lambda: people(store), lambda: add(store, person("c"))):
        with pytest.raises(ImportProblem, match=r"people\.csv"):
            ask()
    assert table.read_text() == "id,registered_on\na,2020-01-01\na,2020-01-01\n"
    table.write_text("id,registered_on\na,2020-01-01\n")
    add(store, person("c"))
    assert people(store) == ["a", "c"]


def test_what_nobody_has_changed_is_read_once(store, tmp_path):
    """Asking is quick: the files are looked at, and not read."""
    told = []

    def tell(what, rows):
        told.append(what)

    with open_store("folder", tmp_path, progress=tell) as again:
        assert people(again) == ["a", "b"]
        once = list(told)
        assert (people(again), again.head()) == (["a", "b"], 1)
        assert told == once != []
