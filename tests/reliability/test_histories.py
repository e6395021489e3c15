"""Clients that are killed, held and misled by their clocks see one store, in one order.

Four processes add, change and read what they share, and write down what they asked and were told.
Meanwhile one of them is killed and begins anew, or stands still for a moment, or all clocks jump by
an hour. What they have seen must be what one order of commits explains (:mod:`.histories`).
"""

from __future__ import annotations

import json
import mmap
import os
import signal
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import count
from math import inf
from pathlib import Path
from random import Random
from typing import Any

import pytest
from attrs import evolve

import osallisuus as osa
from osallisuus.errors import StoreBusy, VersionConflict
from osallisuus.model.batch import Batch
from osallisuus.model.store import Act, Store
from tests import postgres
from tests.reliability.histories import Operation, anomalies, recorded
from tests.reliability.scale import LONG, tried

ROUNDS, SECONDS = tried(1, 90), 20
CLIENTS = 4
HELD = 5.0 if LONG else 0.5
"""The most seconds for which a client stands still."""
ACT = Act("a", "a test", "tried")
_DAY = date(2024, 1, 1)
_SHARED = "shared"
Weaken = Callable[[Store], Any]


def contact(name: str, mark: str) -> osa.Contact:
    return osa.Contact(id=name, person="p", happened_on=_DAY, mode=mark)


class Told:
    """What the test tells its clients while they run: what their clocks show, and to end."""

    def __init__(self) -> None:
        self._page = mmap.mmap(-1, 2)  # shared over a fork

    def clock(self) -> datetime:
        return datetime.now(UTC) + timedelta(hours=self._page[0] - 1)

    def step(self, random: Random) -> None:
        """All clocks jump: an hour back, to now, or an hour ahead."""
        self._page[0] = random.randint(0, 2)

    def end(self) -> None:
        self._page[1] = 1

    @property
    def ended(self) -> bool:
        return bool(self._page[1])


class Client:
    """One client's work, written down before it begins and when it has ended."""

    def __init__(self, name: str, store: Any, record: Path) -> None:
        self._name, self._store = name, store
        self._before = recorded(record)
        self._file = os.open(record, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        self._random = Random(f"{name} {len(self._before)}")

    def run(self, told: Told) -> None:
        """Ask one thing after the other; first again what nobody has answered before a kill."""
        known = self._before
        if known and known[-1].ended == inf:
            self._ask(len(known) - 1, known[-1])
        for number in count(len(known)):
            if told.ended:
                return
            kind = self._random.choice(("add", "change", "read", "read", "past"))
            tx = self._random.randint(2, self._store.head()) if kind == "past" else 0
            after = self._store.versions("contacts", [_SHARED])[_SHARED] if kind == "change" else 0
            mark = f"{self._name}n{number}"
            one = Operation(kind, 0, mark, tx=tx, after=after)
            self._ask(number, one)
            if one.writes and self._random.random() < 0.2:
                self._ask(number, one)  # as who has not heard the answer: it must be the same

    def _ask(self, number: int, one: Operation) -> None:
        told = {"kind": one.kind, "mark": one.mark, "tx": one.tx, "after": one.after}
        self._write(number, "begun", **told)
        try:
            if one.kind == "add":
                both = [contact(f"{half}-{one.mark}", one.mark) for half in ("a", "b")]
                tx = self._store.append(Batch.of(both), ACT, key=one.mark).tx
                self._write(number, "answered", tx=tx)
            elif one.kind == "change":
                expect = {("contacts", _SHARED): one.after}
                new = Batch.of([contact(_SHARED, one.mark)])
                tx = self._store.append(new, ACT, key=one.mark, expect=expect).tx
                self._write(number, "answered", tx=tx)
            else:
                known_at = one.tx if one.kind == "past" else None
                self._write(number, "answered", tx=one.tx, seen=self._seen(known_at))
        except (StoreBusy, VersionConflict):
            self._write(number, "refused")

    def _seen(self, known_at: int | None) -> list[str]:
        """Marks: of what is there whole, and of each half that is there alone its name."""
        parts = self._store.scan(osa.Contact, known_at=known_at)
        held = {one.id: one.mode for part in parts for one in part}
        changed = [held.pop(_SHARED)]
        whole = {mark for mark in held.values() if {f"a-{mark}", f"b-{mark}"} <= held.keys()}
        halves = [name for name, mark in held.items() if mark not in whole]
        return sorted(whole) + halves + changed

    def _write(self, number: int, what: str, **told: Any) -> None:
        line = json.dumps([number, time.monotonic(), what, told])
        os.write(self._file, f"{line}\n".encode())


def started(name: str, place: str, record: Path, told: Told, weaken: Weaken) -> int:
    """A client in a process of its own."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            with osa.open(place, clock=told.clock) as register:
                Client(name, weaken(register.store), record).run(told)
            code = 0
        except BaseException as error:  # noqa: BLE001 - the test tells it
            record.with_suffix(".error").write_text(repr(error))
        finally:
            os._exit(code)
    return child


def disturb(
    children: dict[str, int], start: Callable[[str], int], told: Told, random: Random
) -> None:
    """Do one thing to the clients that happens to programs."""
    name = random.choice(sorted(children))
    what = random.choice(("kill", "kill", "hold", "step"))
    if what == "kill":
        os.kill(children[name], signal.SIGKILL)
        os.waitpid(children[name], 0)
        children[name] = start(name)
    elif what == "hold":
        os.kill(children[name], signal.SIGSTOP)
        time.sleep(random.uniform(0, HELD))
        os.kill(children[name], signal.SIGCONT)
    else:
        told.step(random)


def history(
    place: str, folder: Path, seconds: float, random: Random, weaken: Weaken = lambda store: store
) -> tuple[list[Operation], list[str]]:
    """What the clients of one store have seen, and the order in which the store has the commits."""
    folder.mkdir()
    told = Told()
    told.step(random)
    with osa.open(place, clock=told.clock) as register:
        register.add([osa.Person(id="p", registered_on=_DAY)], key="people")
        register.store.append(Batch.of([contact(_SHARED, "first")]), ACT, key="first")
    first = [
        Operation("change", 0, *known)
        for known in (("people", 0, False, 1), ("first", 0, False, 2))
    ]

    def start(name: str) -> int:
        return started(name, place, folder / name, told, weaken)

    children = {f"c{number}": start(f"c{number}") for number in range(CLIENTS)}
    until = time.monotonic() + seconds
    try:
        while time.monotonic() < until:
            time.sleep(random.uniform(0, 0.3))
            disturb(children, start, told, random)
    finally:
        told.end()
        ended = {name: os.waitpid(child, 0)[1] for name, child in children.items()}
    failed = [file.read_text() for file in folder.glob("*.error")]
    assert (failed, set(ended.values())) == ([], {0})
    operations = [*first, *(one for name in children for one in recorded(folder / name))]
    with osa.open(place) as register:
        assert register.verify() == ()
        entries = list(register.journal())
    assert [entry.tx for entry in entries] == list(range(1, len(entries) + 1))
    return operations, [entry.key or "" for entry in entries]


def new_place(kind: str, folder: Path) -> str:
    return str(folder / "store.db") if kind == "sqlite" else postgres.new_database()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_one_order_of_commits_explains_what_all_clients_saw(kind, tmp_path):
    """Nothing is lost, doubled, torn or stale, and nothing is there that nobody wrote."""
    for turn in range(ROUNDS):
        folder = tmp_path / f"{turn}"
        folder.mkdir()
        place = new_place(kind, folder)
        operations, order = history(place, folder / "records", SECONDS, Random(turn))
        assert anomalies(operations, order) == []
        kinds = {one.kind for one in operations if one.answered}
        assert kinds == {"add", "change", "read", "past"}
        assert len(order) > SECONDS, "too little was tried"
        assert any(one.refused for one in operations), "nobody was in another's way"


class Remembers:
    """A store that answers most readings with what it has read before."""

    def __init__(self, store: Store) -> None:
        self._store, self._turn = store, 0
        self._read: list[list[osa.Contact]] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def scan(self, kind: type[osa.Contact], *, known_at: int | None = None) -> Any:
        if known_at is not None:
            return self._store.scan(kind, known_at=known_at)
        self._turn += 1
        if self._turn % 3 == 1:
            self._read = list(self._store.scan(kind))
        return self._read


class Hurries:
    """A store that acknowledges what is new before it is stored, and stores it with the next."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: list[tuple[Any, ...]] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def append(self, batch: Batch, act: Act, **options: Any) -> Any:
        for waiting, key in self._waiting:
            self._store.append(waiting, act, key=key)
        self._waiting = []
        done = self._store.append(Batch({}), act) if "expect" not in options else None
        if done is None:
            return self._store.append(batch, act, **options)
        self._waiting.append((batch, options["key"]))
        return evolve(done, tx=done.tx + 1)


@pytest.mark.parametrize(
    ("weaken", "found"),
    [(Remembers, {"stale"}), (Hurries, {"lost", "misnumbered", "stale"})],
)
def test_a_weak_store_is_found(weaken, found, tmp_path):
    """A cache of readings, and an acknowledgement that comes too early."""
    operations, order = history(
        new_place("sqlite", tmp_path), tmp_path / "records", 2, Random(1), weaken
    )
    assert {one.split(":")[0] for one in anomalies(operations, order)} & found
