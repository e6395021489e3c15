"""What a store promises of its history: versions, what was known, the journal and the ledger."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from osallisuus.conformance import facts
from osallisuus.conformance.opened import OpenedStore
from osallisuus.conformance.steps import (
    ACT,
    START,
    Ticking,
    add,
    everyone,
    held,
    needs,
    person,
)
from osallisuus.errors import StoreError, VersionConflict
from osallisuus.model.batch import Batch
from osallisuus.model.facts import TABLES, Fact
from osallisuus.model.store import Publication, Store
from osallisuus.stores.sqlite import SQLiteStore

__all__ = ["HistoryPromises"]


class HistoryPromises(OpenedStore):
    """What a store promises that remembers, each as far as it declares it."""

    # What was known --------------------------------------------------------------------------

    @needs("history")
    def test_what_was_known_stays_readable(self, store: Store) -> None:
        """A correction leaves the earlier revision where it was known."""
        add(store, person("a"))
        add(store, person("a", 9), person("b"))
        add(store, person("a"))
        assert everyone(store, known_at=0) == []
        assert everyone(store, known_at=1) == [person("a")]
        assert everyone(store, known_at=2) == [person("a", 9), person("b")]
        assert everyone(store, known_at=3) == everyone(store) == [person("a"), person("b")]

    @needs("history")
    def test_revisions_come_by_id_and_the_oldest_first(self, store: Store) -> None:
        """Each after the number of the commit that wrote it."""
        add(store, person("b"), person("a"))
        add(store, person("a", 9))
        told = list(store.revisions("people", ["b", "a", "nobody"]))
        assert told == [(1, person("a")), (2, person("a", 9)), (1, person("b"))]

    @needs("history", "journal")
    def test_a_moment_leads_to_its_commit(self, store: Store) -> None:
        """The last one recorded at or before the moment, in whatever zone it is told."""
        add(store, person("a"))
        add(store, person("b"))
        first, second = (entry.recorded_at for entry in store.journal())
        assert store.tx_at(first - timedelta(microseconds=1)) == 0
        assert store.tx_at(first) == store.tx_at(second - timedelta(microseconds=1)) == 1
        assert store.tx_at(second.astimezone(ZoneInfo("Asia/Kathmandu"))) == 2
        assert store.tx_at(datetime(2999, 1, 1, tzinfo=UTC)) == 2

    @needs("history")
    def test_a_number_orders_commits_and_not_the_clock(self, store: Store, clock: Ticking) -> None:
        """A clock that is set back changes nothing in what was known when."""
        add(store, person("a"))
        clock.moment = START - timedelta(days=1)
        add(store, person("a", 2))
        assert store.head() == 2
        assert everyone(store) == everyone(store, known_at=2) == [person("a", 2)]
        assert everyone(store, known_at=1) == [person("a")]

    # Versions ----------------------------------------------------------------------------------

    @needs("expect")
    def test_a_version_is_the_commit_that_wrote_what_holds(self, store: Store) -> None:
        """Of those ids only that the table holds now."""
        add(store, person("a"), person("b"))
        add(store, person("b", 2))
        assert store.versions("people", ["a", "b", "c"]) == {"a": 1, "b": 2}

    @needs("expect")
    def test_a_writer_who_saw_the_last_version_may_write(self, store: Store) -> None:
        """Expecting 0 says that the fact is not there."""
        add(store, person("a"))
        expect = {("people", "a"): 1, ("people", "c"): 0}
        assert store.append(Batch.of([person("c")]), ACT, expect=expect).added == 1

    @needs("expect")
    def test_a_stale_write_is_refused_and_stores_nothing(self, store: Store) -> None:
        """Who has not seen the last version of one fact writes none of them."""
        add(store, person("a"), person("b"))
        add(store, person("b", 2))
        before = held(store), store.head()
        for seen in ({"b": 1}, {"b": 0}, {"b": 3}, {"a": 1, "c": 1}, {"a": 0}):
            expect = {("people", one): tx for one, tx in seen.items()}
            with pytest.raises(VersionConflict):
                store.append(Batch.of([person("a", 9), person("z")]), ACT, expect=expect)
            assert (held(store), store.head()) == before

    @needs("expect", "void")
    def test_a_stale_taking_back_is_refused(self, store: Store) -> None:
        """As a stale write is: what somebody else has changed stays."""
        add(store, person("a"))
        add(store, person("a", 2))
        with pytest.raises(VersionConflict):
            store.void({"people": ["a"]}, ACT, expect={("people", "a"): 1})
        assert everyone(store) == [person("a", 2)]

    # Taking back and telling what changed --------------------------------------------------------

    @needs("void")
    def test_what_was_taken_back_holds_no_more(self, store: Store) -> None:
        """It is counted, and what is not there counts for nothing."""
        add(store, person("a"), person("b"))
        assert store.void({"people": ["a", "nobody"]}, ACT) == 1
        assert everyone(store) == [person("b")]
        assert store.known_ids("people", ["a", "b"]) == {"b"}

    @needs("void", "history")
    def test_what_was_taken_back_is_known_as_of_before(self, store: Store) -> None:
        """Its revisions stay readable too."""
        add(store, person("a"))
        store.void({"people": ["a"]}, ACT)
        assert everyone(store, known_at=1) == [person("a")]
        assert list(store.revisions("people", ["a"])) == [(1, person("a"))]

    @needs("void")
    def test_what_was_taken_back_may_be_added_again(self, store: Store) -> None:
        """Under the same id, with the same content or another."""
        add(store, person("a"))
        store.void({"people": ["a"]}, ACT)
        assert add(store, person("a")).added == 1
        assert everyone(store) == [person("a")]

    @needs("changes", "void")
    def test_changes_tell_exactly_what_is_otherwise_than_then(self, store: Store) -> None:
        """Written since, or gone since; what came and went in between is not told."""
        add(store, person("a"), person("b"), person("c"))
        add(store, person("b", 2), person("d"), facts.one("groups"))
        store.void({"people": ["a", "d"]}, ACT)
        assert _told(store, 1) == {
            "people": ([person("b", 2)], {"a"}),
            "groups": ([facts.one("groups")], set()),
        }
        assert _told(store, 2) == {"people": ([], {"a", "d"})}
        assert _told(store, 3) == {}

    # The journal -------------------------------------------------------------------------------

    @needs("journal")
    def test_each_commit_says_who_did_what_and_when(self, store: Store) -> None:
        """In one entry of numbers and words, at the moment that the clock told."""
        add(store, person("a"), person("b"), key="k")
        add(store, person("b", 3), person("c"))
        first, second = store.journal()
        assert (first.tx, first.added, first.revised, first.key) == (1, 2, 0, "k")
        assert (second.tx, second.added, second.revised, second.key) == (2, 1, 1, None)
        assert (first.actor, first.purpose, first.reason) == (ACT.actor, ACT.purpose, ACT.reason)
        assert (first.operation, first.recorded_at) == ("append", START)
        assert first.recorded_at < second.recorded_at

    @needs("journal")
    def test_the_journal_is_a_chain(self, store: Store) -> None:
        """Each entry names the digest of the one before, and no two digests are alike."""
        for day in (1, 2, 3):
            add(store, person("a", day))
        entries = list(store.journal())
        assert [one.previous for one in entries] == ["", *(one.digest for one in entries[:-1])]
        assert len({one.digest for one in entries}) == len(entries) == 3

    @needs("journal")
    def test_the_journal_holds_no_person(self, store: Store) -> None:
        """Numbers and digests tell of facts, never their ids or what stands in them."""
        add(store, person("kanarialintu"), facts.one("answers", note="kanarialintu"))
        assert "kanarialintu" not in repr(list(store.journal()))

    @needs("note", "journal")
    def test_a_note_is_a_commit_that_changes_nothing(self, store: Store) -> None:
        """That something was asked stands in the journal; the facts are as they were."""
        add(store, person("a"))
        before = held(store)
        entry = store.note("looked", ACT)
        assert (entry.tx, entry.operation, entry.added, entry.removed) == (2, "looked", 0, 0)
        assert list(store.journal())[-1] == entry
        assert (held(store), store.head()) == (before, 2)

    @needs("verify")
    def test_a_sound_store_is_found_sound(self, store: Store) -> None:
        """Whatever was done to it by the port is no damage."""
        add(store, *(facts.one(table) for table in TABLES))
        add(store, person("x2"), facts.one("answers", note="other words"))
        if "void" in store.capabilities:
            store.void({"people": ["x2"]}, ACT)
        assert store.verify() == ()

    # The ledger --------------------------------------------------------------------------------

    @needs("ledger")
    def test_releases_are_numbered_and_come_back_as_they_were(self, store: Store) -> None:
        """With the moment of the store, whatever stands in them."""
        assert list(store.publications()) == []
        first = _publish(store, '{"a": "ä;\'\\n"}', after=0, tx=3)
        second = _publish(store, after=1)
        assert first == Publication(1, START, 3, "a", "p", '{"a": "ä;\'\\n"}')
        assert list(store.publications()) == [first, second]

    @needs("ledger")
    def test_a_release_that_missed_another_is_not_kept(self, store: Store) -> None:
        """Neither one too few nor one too many: it must know the last one."""
        kept = [_publish(store, after=0), _publish(store, after=1)]
        assert [_publish(store, after=after) for after in (0, 1, 3)] == [None, None, None]
        assert len(list(store.publications())) == len(kept)

    @needs("ledger")
    def test_a_release_is_no_commit(self, store: Store) -> None:
        """Facts and releases are counted each by themselves."""
        _publish(store, after=0)
        assert (store.head(), list(store.journal())) == (0, [])

    # Copies ------------------------------------------------------------------------------------

    @needs("snapshot", "history", "ledger")
    def test_a_snapshot_holds_all_that_is_known(self, store: Store, tmp_path: Path) -> None:
        """Facts of every commit, journal and ledger, in a SQLite file that goes on by itself."""
        add(store, *(facts.one(table) for table in TABLES), key="first")
        add(store, facts.one("answers", note="other words"), person("x2"))
        _publish(store, after=0, tx=2)
        target = tmp_path / "copy.db"
        assert store.snapshot(target) == 2
        with closing(SQLiteStore.open(str(target), clock=Ticking(), create=False)) as copy:
            assert list(copy.journal()) == list(store.journal())
            assert list(copy.publications()) == list(store.publications())
            assert [held(copy, tx) for tx in (0, 1, 2)] == [held(store, tx) for tx in (0, 1, 2)]
            assert copy.verify() == ()

    @needs("snapshot")
    def test_a_snapshot_does_not_see_what_is_written_later(
        self, store: Store, tmp_path: Path
    ) -> None:
        """It stays as it was, and so does the store when the copy goes on."""
        add(store, person("a"))
        store.snapshot(tmp_path / "copy.db")
        add(store, person("b"))
        path = str(tmp_path / "copy.db")
        with closing(SQLiteStore.open(path, clock=Ticking(), create=False)) as copy:
            assert everyone(copy) == [person("a")]
            add(copy, person("c"))
        assert everyone(store) == [person("a"), person("b")]

    @needs("restore", "history", "ledger")
    def test_what_was_restored_is_all_that_the_other_store_knew(
        self, store: Store, tmp_path: Path
    ) -> None:
        """Facts of every commit, journal and ledger of a SQLite store, and one commit more."""
        with closing(_taken(tmp_path)) as other:
            _publish(other, after=0, tx=2)
            other.snapshot(tmp_path / "copy.db")
            assert store.restore(tmp_path / "copy.db", ACT) == other.head() + 1 == store.head()
            assert list(store.journal())[:-1] == list(other.journal())
            assert list(store.publications()) == list(other.publications())
            for tx in range(other.head() + 1):
                assert held(store, tx) == held(other, tx)
        assert held(store) == held(store, store.head() - 1)
        entry = list(store.journal())[-1]
        assert (entry.operation, entry.actor, entry.reason) == ("restore", ACT.actor, ACT.reason)
        if "verify" in store.capabilities:
            assert store.verify() == ()

    @needs("restore", "erase")
    def test_who_was_erased_before_does_not_come_back_after(
        self, store: Store, tmp_path: Path
    ) -> None:
        """The store knows them again by what the snapshot says of them, and owes nothing."""
        with closing(_taken(tmp_path)) as other:
            other.snapshot(tmp_path / "copy.db")
        store.restore(tmp_path / "copy.db", ACT)
        assert store.unfinished_erasures() == 0
        with pytest.raises(StoreError):
            add(store, person("gone"))
        assert add(store, person("new")).added == 1

    @needs("restore")
    def test_a_store_that_holds_anything_takes_in_nothing(
        self, store: Store, tmp_path: Path
    ) -> None:
        """Two histories do not become one: all stays as it was."""
        with closing(_taken(tmp_path)) as other:
            other.snapshot(tmp_path / "copy.db")
        add(store, person("mine"))
        with pytest.raises(StoreError):
            store.restore(tmp_path / "copy.db", ACT)
        assert (everyone(store), store.head()) == ([person("mine")], 1)

    @needs("restore")
    def test_what_is_no_snapshot_is_not_taken_in(self, store: Store, tmp_path: Path) -> None:
        """Nor one in which somebody has changed a row; the store stays new, and takes a good one."""
        with closing(_taken(tmp_path)) as other:
            other.snapshot(tmp_path / "good.db")
            other.snapshot(tmp_path / "changed.db")
        with closing(sqlite3.connect(tmp_path / "changed.db")) as database, database:
            database.execute("UPDATE people SET registered_on = '2020-02-02' WHERE id = 'b'")
        (tmp_path / "text.db").write_text("not a database")
        for name in ("missing", "text", "changed"):
            with pytest.raises(StoreError):
                store.restore(tmp_path / f"{name}.db", ACT)
            assert (everyone(store), store.head()) == ([], 0)
        store.restore(tmp_path / "good.db", ACT)
        assert person("b", 2) in everyone(store)

    @needs("snapshot")
    def test_a_snapshot_takes_nobodys_place(self, store: Store, tmp_path: Path) -> None:
        """A file that is there stays as it is."""
        add(store, person("a"))
        taken = tmp_path / "taken.db"
        taken.write_text("mine")
        with pytest.raises(StoreError):
            store.snapshot(taken)
        assert taken.read_text() == "mine"


def _taken(folder: Path) -> SQLiteStore:
    """A store in a file in which something was corrected, taken back and erased."""
    store = SQLiteStore.open(str(folder / "other.db"), clock=Ticking())
    add(store, *(facts.one(table) for table in TABLES), key="first")
    add(store, facts.one("answers", note="other words"), *map(person, ("b", "c", "gone")))
    store.void({"people": ["c"]}, ACT)
    store.erase("gone", {"people": ["gone"]}, ACT)
    add(store, person("b", 2))
    return store


def _publish(store: Store, content: str = "{}", *, after: int, tx: int = 0) -> Publication | None:
    return store.publish(content, tx=tx, actor="a", purpose="p", after=after)


def _told(store: Store, after: int) -> Mapping[str, tuple[list[Fact], set[str]]]:
    """Table -> what has changed in it, whatever the parts in which it is told."""
    told: dict[str, tuple[list[Fact], set[str]]] = {}
    for change in store.changes(after, batch=2):
        written, removed = told.setdefault(change.table, ([], set()))
        written += change.facts
        removed |= set(change.removed)
    return told
