"""What of a store is a person's, before any of it is taken out."""

from osallisuus.rules.erasing import names_worker, traces_of
from osallisuus.stores.memory import MemoryStore
from tests.model import made
from tests.stores.places import add, ticking


def test_what_is_found_says_only_how_much_it_is():
    """Traces hold ids, so their words hold none."""
    store = MemoryStore(ticking())
    add(store, made.one("people", id="canary"), made.one("traits", id="t1", person="canary"))
    assert repr(traces_of(store, "canary")) == "Traces(2 facts)"


def test_who_worked_for_others_is_named_by_a_fact_that_stays_without_them():
    assert names_worker("enrollments", "decided_by")
    assert names_worker("encounters", "peer")
    assert not names_worker("enrollments", "person")
    assert not names_worker("people", "id")
