"""What every store of ours does alike beside what the public kit asks (tests/conformance)."""

from datetime import date

import pytest

from osallisuus.model.facts import TABLES
from tests.model import made
from tests.stores.places import STORES, add, open_store

pytestmark = pytest.mark.parametrize("name", STORES)


@pytest.fixture
def store(name, tmp_path):
    with open_store(name, tmp_path) as opened:
        yield opened


def test_every_table_is_kept(store):
    """One fact of each table, and then one changed fact of each, come back as they were."""
    first = [made.one(table) for table in TABLES]
    assert add(store, *first).added == len(TABLES)
    assert [f for t in TABLES.values() for part in store.scan(t.record) for f in part] == first
    changed = [made.one(table, **_another(table)) for table in TABLES]
    assert add(store, *changed).revised == len(TABLES)
    assert [f for t in TABLES.values() for part in store.scan(t.record) for f in part] == changed


def _another(table):
    column = TABLES[table].columns[-1]
    values = {"date": date(2021, 1, 1), "code": "another", "text": "2", "id": "x2"}
    values |= {"integer": 2, "number": 2.5, "free_text": "a second note"}
    return {column.name: column.codes[-1] if column.codes else values[column.type.name]}


def test_a_store_that_keeps_no_journal_shows_none(store):
    """And one that does shows an entry for each commit."""
    add(store, made.one("people"))
    assert len(list(store.journal())) == ("journal" in store.capabilities)
