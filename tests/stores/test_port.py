"""What every store that keeps the whole port does with versions, taking back, and erasure."""

from datetime import date

import pytest

from osallisuus.errors import StoreError, VersionConflict
from osallisuus.model.batch import Batch
from osallisuus.model.facts import Encounter, Enrollment, Person
from osallisuus.model.store import SOMEONE, Act
from tests.model import made
from tests.stores.places import FULL, add, held, open_store

pytestmark = pytest.mark.parametrize("name", FULL)
ACT = Act("tester", "a purpose", "a reason")


@pytest.fixture
def store(name, tmp_path):
    with open_store(name, tmp_path) as opened:
        yield opened


def person(name, day=1):
    return Person(id=name, registered_on=date(2020, 1, day))


def everyone(store, kind=Person, **options):
    return [fact for part in store.scan(kind, **options) for fact in part]


def test_a_writer_who_has_seen_the_last_version_may_write(store):
    """The version of a fact is the commit that wrote what holds now; 0: it is not there."""
    add(store, person("a"), person("b"))
    add(store, person("b", 2))
    assert store.versions("people", ["a", "b", "c"]) == {"a": 1, "b": 2}
    expect = {("people", "a"): 1, ("people", "b"): 2, ("people", "c"): 0}
    assert store.append(Batch.of([person("c")]), ACT, expect=expect).added == 1


@pytest.mark.parametrize("seen", [{"b": 1}, {"b": 0}, {"b": 3}, {"a": 1, "c": 1}, {"a": 0}])
def test_a_writer_who_has_not_stores_nothing(store, seen):
    add(store, person("a"), person("b"))
    add(store, person("b", 2))
    before, head = held(store), store.head()
    expect = {("people", one): tx for one, tx in seen.items()}
    with pytest.raises(VersionConflict, match="changed a fact"):
        store.append(Batch.of([person("a", 9), person("z")]), ACT, expect=expect)
    with pytest.raises(VersionConflict):
        store.void({"people": ["a"]}, ACT, expect=expect)
    assert (held(store), store.head()) == (before, head)


def test_what_was_taken_back_is_known_as_of_before_only(store):
    add(store, person("a"), person("b"))
    assert store.void({"people": ["a", "nobody"]}, ACT) == 1
    assert everyone(store) == [person("b")]
    assert everyone(store, known_at=1) == [person("a"), person("b")]
    assert store.versions("people", ["a"]) == {}
    assert [fact for _, fact in store.revisions("people", ["a"])] == [person("a")]
    assert add(store, person("a", 3)).added == 1
    entry = list(store.journal())[1]
    assert (entry.operation, entry.removed, entry.purpose) == ("void", 1, "a purpose")


def test_changes_tell_what_is_otherwise_than_then(store):
    """Written since, or gone since; what came and went in between is not told."""
    add(store, person("a"), person("b"), person("c"))
    add(store, person("b", 2), person("d"))
    store.void({"people": ["a", "d"]}, ACT)
    told = list(store.changes(1))
    assert [fact for change in told for fact in change.facts] == [person("b", 2)]
    assert [set(change.removed) for change in told if change.removed] == [{"a"}]
    assert list(store.changes(3)) == []


def test_an_erased_person_is_in_no_revision_and_what_others_keep_names_someone(store):
    """A meeting that a peer had stays, as known before too, with nobody's name in it."""
    add(store, person("a"), person("b"), made.one("enrollments", id="e", person="a"))
    add(store, made.one("encounters", id="m", peer="a"), made.one("encounters", id="n", peer="b"))
    taken = store.erase("a", {"people": ["a"], "enrollments": ["e"]}, ACT)
    assert taken == 2
    assert everyone(store, Enrollment) == []
    assert [fact.peer for fact in everyone(store, Encounter)] == [SOMEONE, "b"]
    assert {fact.id for fact in everyone(store)} == {"b", SOMEONE}
    for tx in range(store.head()):
        assert "a" not in {fact.id for fact in everyone(store, known_at=tx)}
        assert "a" not in {fact.peer for fact in everyone(store, Encounter, known_at=tx)}
    assert store.verify() == ()


def test_an_erased_person_does_not_come_back(store):
    """Also not in a batch with others, and not after the files were cleared."""
    add(store, person("a"))
    store.erase("a", {"people": ["a"]}, ACT)
    for _ in range(2):
        with pytest.raises(StoreError, match="were erased"):
            add(store, person("a", 2), person("b"))
        assert everyone(store) == []
        assert store.finish_erasure() == ()
        assert store.unfinished_erasures() == 0


def test_erasing_twice_and_nobody_is_no_harm(store):
    add(store, person("a"))
    assert store.erase("a", {"people": ["a"]}, ACT) == 1
    assert store.erase("a", {"people": ["a"]}, ACT) == 0
    assert store.erase("nobody", {}, ACT) == 0
    assert everyone(store) == []
    assert store.verify() == ()


def test_an_actor_or_a_reason_that_cannot_be_stored_is_an_error_of_ours(store):
    """Half a character or a NUL in what somebody typed: nothing is stored, alike everywhere."""
    for wrong in ("a\x00b", "\ud800"):
        with pytest.raises(StoreError):
            store.append(Batch.of([person("a")]), Act(wrong, "p", "r"))
        with pytest.raises(StoreError):
            store.append(Batch.of([person("a")]), ACT, key=wrong)
    assert everyone(store) == []
