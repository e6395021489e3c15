"""A folder of CSV files that is open, and that somebody else writes into meanwhile."""

from datetime import date

import pytest

from osallisuus.errors import ImportProblem
from osallisuus.model.facts import Person
from tests.stores.places import add, open_store


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
