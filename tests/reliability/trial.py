"""One store under trial: what is in it, another handle of it, and what is done to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import date, timedelta
from itertools import count
from pathlib import Path

from attrs import evolve

import osallisuus as osa
from osallisuus.errors import StoreError
from osallisuus.model.batch import Batch
from osallisuus.model.store import Act, Store
from tests import postgres
from tests.reliability import writing

ACT = Act("a", "a test", "tried")
DAY = date(2024, 1, 1)
Held = dict[str, object]


def facts_of(number: int) -> list[osa.Person | osa.Contact]:
    """A person and what belongs to them: whoever finds one of them must find all."""
    person = f"p{number:05}"
    return [
        osa.Person(id=person, registered_on=DAY),
        *(
            osa.Contact(id=f"{person}-{i}", person=person, happened_on=DAY, mode="phone")
            for i in range(3)
        ),
    ]


def ids_of(number: int) -> dict[str, list[str]]:
    """Their ids, by table."""
    person, *contacts = facts_of(number)
    return {"contacts": [one.id for one in contacts], "people": [person.id]}


def held_by(store: Store) -> Held:
    """What a store holds now, by id."""
    kinds = (osa.Person, osa.Contact)
    return {one.id: one for kind in kinds for part in store.scan(kind) for one in part}


class Trial:
    """A store, another handle of it, and a folder for its copies.

    Each kind of work is a method that says what it does to what is held, and then does it.
    """

    def __init__(self, kind: str, folder: Path) -> None:
        self.kind = kind
        self.place = {"memory": "memory:", "sqlite": str(folder / "store.db")}.get(kind, "")
        if kind == "postgresql":
            self.place = postgres.new_database()
        self.folder = folder
        self.numbers = count()
        self.store = self.opened()
        # a store in memory has one handle
        self.other = self.store if kind == "memory" else self.opened()
        self.add(*facts_of(next(self.numbers)))

    def opened(self) -> Store:
        """A handle that waits for nobody."""
        options = {"timeout": 0.2} if self.kind == "postgresql" else {}
        store = osa.open(self.place, clock=writing.clock(), **options).store
        if self.kind == "sqlite":
            store.connection.execute("PRAGMA busy_timeout = 200")
        return store

    def close(self) -> None:
        """Let go of both."""
        self.store.close()
        self.other.close()

    def add(self, *facts: osa.Person | osa.Contact) -> None:
        """Store facts with the other handle."""
        self.other.append(Batch.of(facts), ACT)

    def is_read(self) -> bool:
        """Whether a reader keeps SQLite's log from being emptied."""
        emptying = "PRAGMA wal_checkpoint(TRUNCATE)"
        return self.kind == "sqlite" and bool(self.other.run(emptying).fetchone()[0])

    # ---- work: what is held afterwards, and what does it ------------------------------------

    def append(self, held: Held) -> tuple[Held, Callable[[], object]]:
        new = facts_of(next(self.numbers))
        after = held | {one.id: one for one in new}
        return after, lambda: self.store.append(Batch.of(new), ACT, key=new[0].id)

    def correct(self, held: Held) -> tuple[Held, Callable[[], object]]:
        old = [held[one] for ids in ids_of(0).values() for one in ids]
        new = [
            evolve(one, registered_on=one.registered_on + timedelta(days=1))
            if isinstance(one, osa.Person)
            else evolve(one, mode="visit" if one.mode == "phone" else "phone")
            for one in old
        ]
        seen = self.other.versions("people", ids_of(0)["people"])
        expect = {("people", one): tx for one, tx in seen.items()}
        after = held | {one.id: one for one in new}
        return after, lambda: self.store.append(Batch.of(new), ACT, expect=expect)

    def void(self, held: Held) -> tuple[Held, Callable[[], object]]:
        ids, after = self.without_one(held)
        return after, lambda: self.store.void(ids, ACT)

    def erase(self, held: Held) -> tuple[Held, Callable[[], object]]:
        ids, after = self.without_one(held)
        return after, lambda: self.store.erase(ids["people"][0], ids, ACT)

    def finish(self, held: Held) -> tuple[Held, Callable[[], object]]:
        ids, after = self.without_one(held)
        self.other.erase(ids["people"][0], ids, ACT)
        held.clear()
        held |= after
        return held, self.store.finish_erasure

    def without_one(self, held: Held) -> tuple[dict[str, list[str]], Held]:
        """Somebody who was added for this, and what is held without them."""
        number = next(self.numbers)
        new = facts_of(number)
        self.add(*new)
        held |= {one.id: one for one in new}
        return ids_of(number), {id_: one for id_, one in held.items() if one not in new}

    def stream(self, held: Held) -> tuple[Held, Callable[[], object]]:
        return held, lambda: [list(self.store.scan(osa.Contact, batch=2)), self.store.verify()]

    def snapshot(self, held: Held) -> tuple[Held, Callable[[], object]]:
        target = self.folder / f"copy{next(self.numbers)}.db"

        def work() -> None:
            self.store.snapshot(target)

        return held, work


@contextmanager
def new_trial(kind: str, folder: Path) -> Iterator[Trial]:
    """A new store, which is sound when all is done with it."""
    folder.mkdir()
    with closing(Trial(kind, folder)) as trial:
        yield trial
        assert trial.other.verify() == ()
        if trial.other.unfinished_erasures():
            assert trial.other.finish_erasure() == ()
        assert trial.other.unfinished_erasures() == 0


def usable(trial: Trial) -> None:
    """The handle that was stopped writes, and is believed; or it refuses, and another is opened."""
    one = osa.Person(id=f"y{next(trial.numbers)}", registered_on=DAY)
    try:
        trial.store.append(Batch.of([one]), ACT)
    except StoreError:
        assert one.id not in held_by(trial.other)
        trial.store.close()
        trial.store = trial.opened()
        trial.store.append(Batch.of([one]), ACT)
    assert held_by(trial.other)[one.id] == one
