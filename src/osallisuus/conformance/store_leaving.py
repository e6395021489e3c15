"""What a store promises of taking out: what is forgotten or erased is in nothing that it tells."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from osallisuus.conformance import facts
from osallisuus.conformance.opened import OpenedStore
from osallisuus.conformance.steps import ACT, add, everyone, held, needs, person
from osallisuus.errors import StoreError, VersionConflict
from osallisuus.model.facts import TABLES, Encounter, Enrollment, Group, KeepApart
from osallisuus.model.store import SOMEONE, Store

__all__ = ["LeavingPromises"]

_ERASED: Final = "kanarialintu"
"""The id of the person who is erased."""


class LeavingPromises(OpenedStore):
    """What a store promises that can forget facts or erase a person."""

    @needs("forget")
    def test_what_is_forgotten_is_gone_and_nothing_else(self, store: Store) -> None:
        """It is counted, and what is not there counts for nothing."""
        add(store, person("a"), _apart("k1"), _apart("k2"))
        assert store.forget("keep_apart", ["k1", "k9"], ACT) == 1
        assert [one.id for one in everyone(store, KeepApart)] == ["k2"]
        assert everyone(store) == [person("a")]

    @needs("forget")
    def test_forgetting_nothing_is_no_commit(self, store: Store) -> None:
        """Neither head nor facts move for an id that is not there."""
        add(store, _apart("k1"))
        assert store.forget("keep_apart", ["k9"], ACT) == store.forget("keep_apart", [], ACT) == 0
        assert (store.head(), len(everyone(store, KeepApart))) == (1, 1)

    @needs("forget", "history")
    def test_earlier_revisions_are_forgotten_too(self, store: Store) -> None:
        """Nobody can read at an earlier commit what was forgotten at a later one."""
        add(store, _apart("k1"))
        add(store, _apart("k1", other="c"))
        store.forget("keep_apart", ["k1"], ACT)
        assert [everyone(store, KeepApart, known_at=tx) for tx in (0, 1, 2, 3)] == [[]] * 4
        assert list(store.revisions("keep_apart", ["k1"])) == []

    @needs("forget", "journal")
    def test_the_journal_says_how_many_were_forgotten_and_not_which(self, store: Store) -> None:
        """Of which table and how many, and nothing more."""
        add(store, _apart("kanarialintu"))
        store.forget("keep_apart", ["kanarialintu"], ACT)
        entry = list(store.journal())[-1]
        assert (entry.operation, entry.removed) == ("forget", 1)
        assert entry.reason.startswith("keep_apart: 1")
        assert "kanarialintu" not in repr(entry)

    @needs("erase", "history")
    def test_an_erased_person_is_in_no_read(self, store: Store) -> None:
        """Neither now nor as known before, nor in any revision or search."""
        _erase(store)
        assert _ERASED not in repr(list(_everything(store)))

    @needs("erase")
    def test_what_others_keep_names_someone(self, store: Store) -> None:
        """A meeting that the person had stays, with nobody's name in it, and someone is there."""
        _erase(store)
        assert [one.peer for one in everyone(store, Encounter)] == [SOMEONE, "b"]
        assert {one.id for one in everyone(store)} == {"b", SOMEONE}
        assert everyone(store, Enrollment) == []

    @needs("erase")
    def test_an_erased_person_does_not_come_back(self, store: Store) -> None:
        """Also not in a batch with others, and not after the bytes were cleared."""
        _erase(store)
        for _ in range(2):
            before = held(store)
            with pytest.raises(StoreError):
                add(store, person(_ERASED, 2), person("z"))
            assert held(store) == before
            store.finish_erasure()

    @needs("erase")
    def test_erasing_twice_and_nobody_is_no_harm(self, store: Store) -> None:
        """There is nothing to take out, and nothing else goes."""
        assert _erase(store) == 2
        before = held(store)
        assert store.erase(_ERASED, {"people": [_ERASED]}, ACT) == 0
        assert store.erase("nobody", {}, ACT) == 0
        assert held(store) == before

    @needs("erase")
    def test_an_erasure_that_missed_a_commit_takes_nothing_out(self, store: Store) -> None:
        """What came meanwhile could name the person: who erases must have seen it."""
        add(store, person("a"))
        add(store, person("b"))
        with pytest.raises(VersionConflict):
            store.erase("a", {"people": ["a"]}, ACT, after=1)
        assert everyone(store) == [person("a"), person("b")]
        assert store.erase("a", {"people": ["a"]}, ACT, after=2) == 1

    @needs("erase", "void")
    def test_facts_that_name_a_person_are_found_after_they_were_taken_back(
        self, store: Store
    ) -> None:
        """Also where only an earlier revision does: erasing must find what no scan reads."""
        add(store, _met("m", "a"), _met("n", "a"), _met("o", "b"))
        add(store, _met("n", "b"))
        store.void({"encounters": ["m"]}, ACT)
        assert store.ids_where("encounters", "peer", ["a"]) == {"m", "n"}
        assert store.ids_where("encounters", "peer", ["nobody"]) == set()

    @needs("erase", "void")
    def test_ids_are_found_by_what_stands_in_them(self, store: Store) -> None:
        """Also of facts that were taken back; signs that mean more elsewhere are only signs."""
        add(store, _met("on-a.1", "b"), _met("on-a_1", "b"), _met("on-b.1", "b"))
        store.void({"encounters": ["on-a.1"]}, ACT)
        assert store.ids_with("encounters", "a.") == {"on-a.1"}
        assert store.ids_with("encounters", "a_") == {"on-a_1"}

    @needs("erase", "history")
    def test_only_earlier_revisions_of_a_fact_go_where_that_was_asked(self, store: Store) -> None:
        """What holds now is somebody else's, and stays."""
        add(store, person("b"), _met("m", "a"))
        add(store, _met("m", "b"))
        assert store.erase("a", {}, ACT, earlier={"encounters": ["m"]}) == 0
        assert everyone(store, Encounter) == [_met("m", "b")]
        assert [fact for _, fact in store.revisions("encounters", ["m"])] == [_met("m", "b")]

    @needs("erase")
    def test_an_id_that_tells_of_a_person_becomes_another_wherever_it_stands(
        self, store: Store
    ) -> None:
        """The fact and what refers to it stay, under one new name."""
        add(store, facts.one("groups", id="of-a"), facts.one("sessions", group="of-a"))
        store.erase("a", {}, ACT, renamed=["of-a"])
        (group,) = everyone(store, Group)
        (session,) = everyone(store, TABLES["sessions"].record)
        assert session.describe()["group"] == group.id != "of-a"

    @needs("erase", "journal")
    def test_an_erasure_is_one_commit_that_names_nobody(self, store: Store) -> None:
        """The journal says that somebody was erased, and how many facts went."""
        _erase(store)
        entry = list(store.journal())[-1]
        assert (entry.tx, entry.operation, entry.removed) == (2, "erase", 2)
        assert _ERASED not in repr(entry)

    @needs("erase")
    def test_an_erasure_can_be_finished(self, store: Store) -> None:
        """Then none is unfinished; finishing again is no harm."""
        _erase(store)
        assert store.finish_erasure() == store.finish_erasure() == ()
        assert store.unfinished_erasures() == 0

    @needs("erase", "verify")
    def test_a_store_is_sound_after_an_erasure(self, store: Store) -> None:
        """What was taken out rightly is no damage."""
        _erase(store)
        assert store.verify() == ()

    @needs("erase", "durable")
    def test_no_byte_of_an_erased_person_is_left(self, store: Store, tmp_path: Path) -> None:
        """Once the erasure is finished the id stands in no file of the store."""
        _erase(store)
        assert store.finish_erasure() == ()
        assert not [name for name, content in _files(tmp_path) if _ERASED.encode() in content]


def _apart(name: str, **given: Any) -> Any:
    return facts.one("keep_apart", **{"id": name, "one": "a", "other": "b"} | given)


def _met(name: str, peer: str) -> Any:
    return facts.one("encounters", id=name, peer=peer)


def _erase(store: Store) -> int:
    """Two people and what one of them did; then she is erased. How many facts were taken out."""
    add(
        store,
        *(person(_ERASED), person("b"), _met("m", _ERASED), _met("n", "b")),
        facts.one("enrollments", id="e", person=_ERASED, decided_by=None),
    )
    return store.erase(_ERASED, {"people": [_ERASED], "enrollments": ["e"]}, ACT)


def _everything(store: Store) -> Iterator[object]:
    """All that the reading methods tell of facts, in plain values."""
    for tx in range(store.head() + 1):
        yield held(store, tx)
    if "changes" in store.capabilities:
        for change in store.changes(0):
            yield change.removed, [fact.describe() for fact in change.facts]
    for table in ("people", "encounters", "enrollments"):
        ids = [_ERASED, "b", "e", "m", "n"]
        yield [(tx, fact.describe()) for tx, fact in store.revisions(table, ids)]
        yield store.known_ids(table, ids)
        yield store.ids_with(table, _ERASED)
    yield store.ids_where("encounters", "peer", [_ERASED])
    yield store.ids_where("enrollments", "person", [_ERASED])


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path.name, path.read_bytes()
