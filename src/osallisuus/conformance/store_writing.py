"""What a store promises of writing and reading: all or nothing, once, and the same again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve
from hypothesis import given

from osallisuus.conformance import facts
from osallisuus.conformance.opened import OpenedStore
from osallisuus.conformance.steps import (
    ACT,
    Ticking,
    add,
    drawing,
    everyone,
    held,
    in_a_process_that_ends,
    needs,
    person,
    rows_of,
    told_by,
)
from osallisuus.errors import OsallisuusError, StoreError
from osallisuus.model.batch import Batch
from osallisuus.model.facts import TABLES, Attendance, Session
from osallisuus.model.store import Act, Commit, Store

__all__ = ["WritingPromises"]

_CANARY: Final = "kanarialintu"
_numbers = count()


class WritingPromises(OpenedStore):
    """What every store promises, whatever it declares."""

    def test_facts_come_back_as_they_went_in(self, store: Store) -> None:
        """Whatever a column may hold is read back the same, in every table."""

        @drawing(self.examples)
        @given(facts.some_of_each(2))
        def come_back(drawn: dict[str, list[Any]]) -> None:
            for table, of_table in drawn.items():
                new = [evolve(fact, id=f"{fact.id}.{next(_numbers)}") for fact in of_table]
                add(store, *new)
                ids = {fact.id for fact in new}
                found = [f for f in everyone(store, TABLES[table].record) if f.id in ids]
                assert set(rows_of(table, found)) == set(rows_of(table, new))

        come_back()

    def test_a_fact_is_added_revised_or_left(self, store: Store) -> None:
        """A new id is added, other content of a known id revises it, equal content does nothing."""
        assert add(store, person("a"), person("b")) == Commit(1, 2, 0, 0)
        assert add(store, person("a"), person("b", 9), person("c")) == Commit(2, 1, 1, 1)
        assert everyone(store) == [person("a"), person("b", 9), person("c")]

    def test_nothing_new_is_no_commit(self, store: Store) -> None:
        """Storing the same again, or nothing, leaves the head where it was."""
        assert add(store) == Commit(0, 0, 0, 0)
        add(store, person("a"))
        assert add(store, person("a")) == Commit(1, 0, 0, 1)
        assert store.head() == 1

    def test_the_same_key_is_the_same_append(self, store: Store) -> None:
        """A repeated key is answered with its first commit and stores nothing, whatever comes."""
        add(store, person("a"), key="monday")
        add(store, person("b"))
        assert add(store, person("c"), person("a", 9), key="monday") == Commit(1, 0, 0, 2)
        assert everyone(store) == [person("a"), person("b")]

    def test_another_instant_of_the_same_wall_clock_is_a_revision(self, store: Store) -> None:
        """Two times that Python holds equal are told apart: the clocks went back between them."""
        first = datetime(2020, 10, 25, 3, 30, tzinfo=ZoneInfo("Europe/Helsinki"))
        second = first.replace(fold=1)
        add(store, facts.one("sessions", starts_at=first))
        assert add(store, facts.one("sessions", starts_at=second)).revised == 1
        (kept,) = everyone(store, Session)
        assert kept.starts_at.fold == 1

    def test_a_scan_is_in_the_order_of_ids(self, store: Store) -> None:
        """By code point, in whatever order the facts came: every store then reads alike."""
        ids = ["b", "a", "B", "10", "9", "a.1", "a:1", "a-1", "Z"]
        add(store, *map(person, ids[:5]))
        add(store, *map(person, ids[5:]))
        assert [one.id for one in everyone(store)] == sorted(ids)

    def test_a_scan_comes_in_lists_of_the_asked_size(self, store: Store) -> None:
        """All but the last are as long as was asked; a table without facts gives none."""
        add(store, *map(person, "abcdefg"))
        assert [len(part) for part in store.scan(type(person("a")), batch=3)] == [3, 3, 1]
        assert list(store.scan(Attendance)) == []

    def test_a_scan_may_be_left_in_the_middle(self, store: Store) -> None:
        """An abandoned iterator holds no lock: the next append goes through."""
        add(store, *map(person, "abcdefghi"))
        next(store.scan(type(person("a")), batch=2))
        assert add(store, person("z")).added == 1

    def test_known_ids_are_those_of_the_table(self, store: Store) -> None:
        """An id is known only in the table that holds it now."""
        add(store, person("a"), facts.one("groups", id="g"))
        assert store.known_ids("people", {"a", "b", "g"}) == {"a"}
        assert store.known_ids("groups", ["g"]) == {"g"}
        assert store.known_ids("people", ()) == set()

    def test_an_id_twice_stores_nothing(self, store: Store) -> None:
        """Nobody can say which of the two holds: neither does, nor anything beside them."""
        rows = {"people": [person("a"), person("b"), person("a", 9)]}
        with pytest.raises(StoreError):
            store.append(Batch(rows), ACT)
        assert (store.head(), everyone(store)) == (0, [])

    def test_a_batch_that_breaks_off_stores_nothing(self, store: Store) -> None:
        """Where a table cannot be read to its end, nothing of those before it is there."""
        add(store, person("a"))
        before = held(store)
        rows = {"people": [person("b")], "groups": _Torn([facts.one("groups")])}
        with suppress(_TornError):
            store.append(Batch(rows), ACT)
        assert (store.head(), held(store)) == (1, before)
        assert add(store, person("c")).added == 1

    @needs("journal")
    def test_a_clock_that_fails_stores_nothing(self, store: Store, clock: Ticking) -> None:
        """The last thing that an append may ask for is the time; without it nothing is stored."""
        add(store, person("a"))
        clock.broken = True
        with suppress(RuntimeError):
            add(store, person("a", 5), person("b"))
        clock.broken = False
        assert everyone(store) == [person("a")]

    def test_words_that_no_store_can_hold_are_refused(self, store: Store) -> None:
        """Half a character or a NUL in what somebody typed stores nothing, alike everywhere."""
        for wrong in ("a\x00b", "\ud800"):
            with pytest.raises(StoreError):
                store.append(Batch.of([person("a")]), Act(wrong, "p", "r"))
            with pytest.raises(StoreError):
                store.append(Batch.of([person("a")]), ACT, key=wrong)

    def test_errors_are_ours_and_hold_no_value(self, store: Store) -> None:
        """What is refused is refused in our words, which tell nothing of anybody."""
        rows = {"people": [person(_CANARY), person(_CANARY, 9)]}
        for error in _errors(_refused(store, rows)):
            assert isinstance(error, OsallisuusError)
            assert _CANARY not in told_by(error)

    def test_closing_twice_does_nothing(self, store: Store) -> None:
        """A store may be closed by its register and by whoever opened it."""
        store.close()
        store.close()

    # Lasting -----------------------------------------------------------------------------------

    @needs("durable")
    def test_a_store_opened_again_holds_the_same(
        self, store: Store, tmp_path: Path, clock: Ticking
    ) -> None:
        """Whatever was written in whichever way: facts, history, journal, releases and keys."""
        can = store.capabilities
        add(store, *(facts.one(table) for table in TABLES), person("y"), person("z"), key="monday")
        add(store, person("z", 9))
        if "void" in can:
            store.void({"people": ["z"]}, ACT)
        if "forget" in can:
            store.forget("people", ["y"], ACT)
        if "note" in can:
            store.note("exported", ACT)
        if "ledger" in can:
            store.publish("what left", tx=store.head(), actor="a", purpose="b", after=0)
        before = _all_of(store)
        store.close()
        with closing(self.open(tmp_path / "store", clock)) as again:
            assert _all_of(again) == before
            assert add(again, key="monday").tx == 1
            assert add(again, person("zz")).added == 1

    @needs("durable")
    def test_what_was_acknowledged_is_there_after_the_process_ends(
        self, store: Store, tmp_path: Path, clock: Ticking
    ) -> None:
        """It ends without a word to the store: what is written only in ``close`` is lost."""
        known = [facts.one(table) for table in TABLES]
        store.close()

        def append() -> Store:
            opened = self.open(tmp_path / "store", clock)
            add(opened, *known)
            return opened

        in_a_process_that_ends(append)
        with closing(self.open(tmp_path / "store", clock)) as again:
            assert held(again) == {one.table.name: rows_of(one.table.name, [one]) for one in known}

    @needs("durable")
    def test_what_another_has_committed_is_seen(
        self, store: Store, tmp_path: Path, clock: Ticking
    ) -> None:
        """By everybody who has the place open; where only one may, the second is refused."""
        add(store, person("a"))
        try:
            other = self.open(tmp_path / "store", clock)
        except StoreError:
            pytest.skip("only one may have the place open")
        with closing(other):
            add(store, person("a", 9), person("b"))
            assert everyone(other) == [person("a", 9), person("b")]
            assert other.known_ids("people", ["a", "b"]) == {"a", "b"}
            add(other, person("c"))
            assert everyone(store) == everyone(other) == [person("a", 9), person("b"), person("c")]
            assert add(store, person("c")).unchanged == 1

    @needs("durable")
    def test_where_nothing_is_nothing_is_made_unasked(
        self, store: Store, tmp_path: Path, clock: Ticking
    ) -> None:
        """A typing mistake in an address must not look like a register without people."""
        kind: Any = type(store)
        with pytest.raises(StoreError):
            kind.open(str(tmp_path / "nothing"), clock=clock, create=False).close()
        assert not (tmp_path / "nothing").exists()

    @needs("durable", "verify")
    def test_damage_is_found(self, store: Store, tmp_path: Path, clock: Ticking) -> None:
        """A sign of a fact that is another in the files: opening refuses them, or ``verify`` tells."""
        add(store, facts.one("answers", note=_CANARY))
        store.close()
        before, after = _CANARY.encode(), _CANARY.replace("u", "o").encode()
        damaged = [
            path
            for path in (tmp_path / "store").rglob("*")
            if path.is_file() and before in path.read_bytes()
        ]
        if not damaged:
            pytest.skip("its facts cannot be read in the files of its place")
        for path in damaged:
            path.write_bytes(path.read_bytes().replace(before, after))
        with suppress(StoreError), closing(self.open(tmp_path / "store", clock)) as again:
            assert again.verify() != ()


def _all_of(store: Store) -> dict[str, Any]:
    """All that can be read of a store in the ways that it declares."""
    can, head = store.capabilities, store.head()
    return {
        "head": head if "history" in can or "journal" in can else None,
        "held": held(store),
        "earlier": [held(store, tx) for tx in range(1, head)] if "history" in can else [],
        "journal": list(store.journal()),
        "releases": list(store.publications()) if "ledger" in can else [],
    }


class _TornError(Exception):
    """The source of the facts breaks off."""


class _Torn(list[Any]):
    """Facts of which the last ones cannot be read."""

    def __iter__(self) -> Iterator[Any]:
        yield from super().__iter__()
        raise _TornError


def _refused(store: Store, rows: dict[str, list[Any]]) -> Iterator[Callable[[], object]]:
    """Things that a store refuses, as far as it declares to look."""
    yield lambda: store.append(Batch(rows), ACT)
    yield lambda: store.append(Batch.of([person("a")]), Act(f"{_CANARY}\x00", "p", "r"))
    if "expect" in store.capabilities:
        expect = {("people", _CANARY): 7}
        yield lambda: store.append(Batch.of([person(_CANARY)]), ACT, expect=expect)
    if "erase" in store.capabilities:
        store.erase(_CANARY, {}, ACT)
        yield lambda: store.append(Batch.of([person(_CANARY)]), ACT)


def _errors(refused: Iterator[Callable[[], object]]) -> Iterator[Exception]:
    for ask in refused:
        try:
            ask()
        except Exception as error:  # noqa: BLE001 - whatever it is, it is looked at
            yield error
