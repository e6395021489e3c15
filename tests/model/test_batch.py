"""Facts on their way into a store."""

import pytest

from osallisuus.errors import ImportProblem
from osallisuus.model.batch import Batch
from osallisuus.model.facts import TABLES
from tests.model import made


def test_facts_in_any_order_are_sorted_into_their_tables():
    """The tables stand in the order in which rows may refer to one another."""
    facts = [made.one(table) for table in TABLES]
    batch = Batch.of(reversed(facts))
    assert list(batch.rows) == list(TABLES)
    assert len(batch) == len(TABLES)
    assert batch.problems == ()


def test_an_id_that_stands_twice_is_a_problem_with_both_places():
    """Two facts of one id are not one after the other but a mistake, named by position."""
    batch = Batch.of([made.one("people"), made.one("groups"), made.one("people")])
    (problem,) = batch.problems
    assert problem.where == "people[1].id"
    assert "people[0]" in problem.remedy


def test_the_same_id_in_two_tables_is_none():
    """Ids are told apart by their table."""
    assert Batch.of([made.one("people"), made.one("groups")]).problems == ()


def test_what_is_no_fact_is_refused_without_being_shown():
    """The error names the type of the stranger and not what is in it."""
    with pytest.raises(ImportProblem) as caught:
        Batch.of([made.one("people"), {"id": "canary"}])
    assert "dict" in str(caught.value)
    assert "canary" not in str(caught.value)


def test_places_are_named_by_table_and_position():
    """Without a file a fact's place is its number in its table."""
    assert Batch.of([made.one("people")]).place("people", 0) == "people[0]"
