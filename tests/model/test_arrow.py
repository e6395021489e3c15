"""Tables of facts as Arrow holds them, from stores that bring it and from those that do not."""

import pytest

from osallisuus.model.arrow import arrow_batch, arrow_schema, read_arrow
from osallisuus.model.facts import TABLES
from osallisuus.model.sink import published_columns, published_schema
from tests.model import made
from tests.stores.places import add, open_store

PEOPLE = TABLES["people"]


@pytest.mark.parametrize("name", ["memory", "sqlite"])
def test_a_table_has_a_column_for_each_of_ours(name, tmp_path):
    with open_store(name, tmp_path) as store:
        add(store, made.one("people", id="p1"), made.one("people", id="p2"))
        found = read_arrow(store, PEOPLE).read_all()

    assert found.schema == arrow_schema(PEOPLE)
    assert found.column("id").to_pylist() == ["p1", "p2"]


def test_an_empty_table_keeps_its_columns():
    assert arrow_batch(PEOPLE, []).schema == arrow_schema(PEOPLE)


def test_what_may_not_stand_in_a_copy_has_no_column_there():
    """Free text stays in the store."""
    answers = TABLES["answers"]
    assert "note" in arrow_schema(answers).names
    assert published_schema(answers).names == [one.sql_name for one in published_columns(answers)]
    assert "note" not in published_schema(answers).names
