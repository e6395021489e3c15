"""What every store of ours does alike: one set of tests over them all."""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from osallisuus.errors import StoreError
from osallisuus.model.batch import Batch
from osallisuus.model.facts import TABLES, Attendance, Person
from osallisuus.model.store import Act, Commit
from tests.model import made
from tests.stores.places import START, STORES, add, held, open_store

pytestmark = pytest.mark.parametrize("name", STORES)


@pytest.fixture
def store(name, tmp_path):
    with open_store(name, tmp_path) as opened:
        yield opened


def person(number, day=1):
    return Person(id=f"p{number:03}", registered_on=date(2020, 1, day))


def everyone(store, **options):
    return [fact for part in store.scan(Person, **options) for fact in part]


def test_facts_are_added_revised_or_left(store):
    """A new id is added, other content of a known id revises it, equal content changes nothing."""
    assert add(store, person(1), person(2)) == Commit(1, 2, 0, 0)
    assert add(store, person(1), person(2, day=9), person(3)) == Commit(2, 1, 1, 1)
    assert everyone(store) == [person(1), person(2, day=9), person(3)]
    assert store.head() == 2


def test_nothing_new_is_no_commit(store):
    """Storing the same again leaves head and journal as they were; an empty batch does too."""
    assert add(store) == Commit(0, 0, 0, 0)
    add(store, person(1))
    assert add(store, person(1)) == Commit(1, 0, 0, 1)
    assert store.head() == 1


def test_the_same_key_is_the_same_append(store):
    """A repeated key is answered with its first commit and stores nothing, whatever comes."""
    add(store, person(1), key="monday")
    add(store, person(2))
    assert add(store, person(3), person(1, day=9), key="monday") == Commit(1, 0, 0, 2)
    assert everyone(store) == [person(1), person(2)]
    assert add(store, person(3), key="tuesday").added == 1


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


def test_a_scan_is_in_the_order_of_ids_and_in_batches(store):
    """However facts arrive, they come out sorted, in lists of at most the asked size."""
    add(store, *(person(i) for i in (5, 3, 9, 1)))
    add(store, *(person(i) for i in (4, 2)))
    parts = list(store.scan(Person, batch=4))
    assert [[fact.id[-1] for fact in part] for part in parts] == [["1", "2", "3", "4"], ["5", "9"]]
    assert list(store.scan(Attendance)) == []


def test_a_scan_can_be_left_in_the_middle(store):
    """An abandoned iterator keeps no lock: the next append goes through."""
    add(store, *(person(i) for i in range(9)))
    next(store.scan(Person, batch=2))
    assert add(store, person(10)).added == 1


def test_known_ids_are_those_of_the_table(store):
    """Only ids that the table itself holds are known."""
    add(store, person(1), made.one("groups", id="g1"))
    assert store.known_ids("people", {"p001", "p002", "g1"}) == {"p001"}
    assert store.known_ids("groups", {"g1"}) == {"g1"}
    assert store.known_ids("people", set()) == set()


def test_an_id_twice_in_one_append_stores_nothing(store):
    """Nobody can say which of the two holds, so neither does, nor anything beside them."""
    rows = {"people": [person(1), person(2), person(1, day=9)]}
    with pytest.raises(StoreError, match="twice"):
        store.append(Batch(rows), Act("a", "test", "r"))
    assert everyone(store) == []
    assert store.head() == 0


def test_a_failure_in_the_middle_stores_nothing(store):
    """When a table cannot be read to its end, nothing of the tables before it is there."""

    class Torn(list):
        def __iter__(self):
            yield from list.__iter__(self)
            raise RuntimeError

    add(store, person(1))
    before = held(store)
    rows = {"people": [person(2)], "groups": Torn([made.one("groups")])}
    with suppress(RuntimeError):
        store.append(Batch(rows), Act("a", "test", "r"))
    assert held(store) == before
    assert store.head() == 1
    assert add(store, person(3)).added == 1


def test_a_clock_that_fails_stores_nothing(name, tmp_path):
    """The last thing an append asks for is the time; when that fails, nothing was stored."""
    broken = [False]

    def clock():
        if broken[0]:
            raise RuntimeError
        return START

    with open_store(name, tmp_path, clock) as store:
        add(store, person(1))
        broken[0] = True
        with pytest.raises(RuntimeError):
            add(store, person(1, day=5), person(2))
        broken[0] = False
        assert everyone(store) == [person(1)]
        assert add(store, person(2)).added == 1


def test_a_local_time_that_changes_its_zone_is_a_revision(store):
    """Two times that Python holds equal are told apart, as their instant or zone differs."""
    helsinki = datetime(2020, 10, 25, 3, 30, tzinfo=ZoneInfo("Europe/Helsinki"))
    add(store, made.one("sessions", starts_at=helsinki))
    assert add(store, made.one("sessions", starts_at=helsinki.replace(fold=1))).revised == 1


def test_closing_twice_does_nothing(store):
    """A store may be closed by its register and by whoever opened it."""
    store.close()
    store.close()


def test_the_journal_says_what_was_done_and_by_whom(store):
    """Each commit is one entry of numbers and words, chained to the one before."""
    if "journal" not in store.capabilities:
        assert list(store.journal()) == []
        return
    add(store, person(1), person(2), key="k")
    add(store, person(2, day=3), person(3))
    first, second = store.journal()
    assert (first.tx, first.added, first.revised, first.key) == (1, 2, 0, "k")
    assert (second.tx, second.added, second.revised, second.key) == (2, 1, 1, None)
    assert (first.actor, first.operation, first.reason) == ("tester", "append", "a test")
    assert (first.previous, second.previous) == ("", first.digest)
    assert first.digest != second.digest
    assert first.recorded_at < second.recorded_at
    assert all("p00" not in str(value) for value in (second.reason, second.digest, second.key))


def test_a_moment_leads_to_its_commit(store):
    """``tx_at`` is the last commit recorded at or before the moment, in any zone."""
    if "history" not in store.capabilities:
        return
    add(store, person(1))
    add(store, person(2))
    first, second = (entry.recorded_at for entry in store.journal())
    assert store.tx_at(first - timedelta(microseconds=1)) == 0
    assert store.tx_at(first) == store.tx_at(second - timedelta(microseconds=1)) == 1
    assert store.tx_at(second.astimezone(ZoneInfo("Asia/Kathmandu"))) == 2
    assert store.tx_at(datetime(2999, 1, 1, tzinfo=UTC)) == 2


def test_what_was_known_stays_readable(store):
    """A correction leaves the earlier revision where it was known."""
    if "history" not in store.capabilities:
        return
    add(store, person(1))
    add(store, person(1, day=9), person(2))
    add(store, person(1))
    assert everyone(store, known_at=0) == []
    assert everyone(store, known_at=1) == [person(1)]
    assert everyone(store, known_at=2) == [person(1, day=9), person(2)]
    assert everyone(store, known_at=3) == everyone(store) == [person(1), person(2)]


def test_a_clock_set_back_does_not_reorder_commits(name, tmp_path):
    """The number of a commit orders what was known; the clock only labels it."""
    times = iter([START, START - timedelta(days=1), START + timedelta(days=1)])
    with open_store(name, tmp_path, lambda: next(times)) as store:
        add(store, person(1))
        add(store, person(1, day=2))
        add(store, person(1, day=3))
        assert store.head() == 3
        assert everyone(store) == [person(1, day=3)]
