"""A store's handle is of one process and one thread; and a stream ends when it is closed.

Others who use it are told so by our own error, and what its owner does with it goes on as it was.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

import osallisuus as osa
from osallisuus.errors import OsallisuusError, StoreBusy
from osallisuus.model.batch import Batch
from osallisuus.model.store import Store
from osallisuus.stores.memory import MemoryStore
from tests.reliability import writing
from tests.reliability.trial import ACT, facts_of, held_by, new_trial, usable

KINDS = ["memory", "sqlite", "postgresql"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_stream_that_is_closed_half_way_leaves_no_lock(kind, tmp_path):
    """The other handle writes, empties the log and writes the files anew, and so does this one."""
    with new_trial(kind, tmp_path / "a") as trial:
        trial.add(*facts_of(next(trial.numbers)))
        parts = trial.store.scan(osa.Contact, batch=2)
        next(parts)
        parts.close()
        ids, _ = trial.without_one(held_by(trial.other))
        trial.other.erase(ids["people"][0], ids, ACT)
        assert trial.other.finish_erasure() == ()
        assert trial.store.finish_erasure() == ()
        usable(trial)


def calls_of(store: Store, folder: Path) -> dict[str, Callable[[], object]]:
    """Every call of the port, so that it does something."""
    moment = writing.clock()()
    ids = {"contacts": ["p00000-0"]}
    return {
        "append": lambda: store.append(Batch.of(facts_of(77)), ACT),
        "void": lambda: store.void(ids, ACT),
        "scan": lambda: list(store.scan(osa.Person)),
        "revisions": lambda: list(store.revisions("people", ["p00000"])),
        "ids_where": lambda: store.ids_where("contacts", "person", ["p00000"]),
        "ids_with": lambda: store.ids_with("contacts", "p0"),
        "versions": lambda: store.versions("people", ["p00000"]),
        "known_ids": lambda: store.known_ids("people", ["p00000"]),
        "changes": lambda: list(store.changes(0)),
        "head": store.head,
        "tx_at": lambda: store.tx_at(moment),
        "journal": lambda: list(store.journal()),
        "publications": lambda: list(store.publications()),
        "publish": lambda: store.publish("{}", tx=1, actor="a", purpose="p", after=0),
        "forget": lambda: store.forget("contacts", ["p00000-0"], ACT),
        "erase": lambda: store.erase("p00000", {"people": ["p00000"]}, ACT),
        "unfinished_erasures": store.unfinished_erasures,
        "finish_erasure": store.finish_erasure,
        "note": lambda: store.note("looked", ACT),
        "verify": store.verify,
        "snapshot": lambda: store.snapshot(folder / "copy.db"),
        "restore": lambda: store.restore(folder / "none.db", ACT),
    }


def outcomes(calls: dict[str, Callable[[], object]]) -> dict[str, str]:
    """How each call ended: the code of our own error, the name of a foreign one, or nothing."""
    ended = {}
    for name, call in calls.items():
        ended[name] = ""
        try:
            call()
        except OsallisuusError as error:
            ended[name] = error.code
        except BaseException as error:  # noqa: BLE001 - what must not come is told as it is
            ended[name] = repr(error)
    return ended


def test_the_calls_are_those_of_the_port():
    """A new method of the port is tried too."""
    named = {name for name in vars(Store) if not name.startswith("_")}
    wanted = named - {"api_version", "capabilities", "close"}
    assert set(calls_of(MemoryStore(writing.clock()), Path())) == wanted


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_child_that_uses_its_parent_s_store_is_refused(kind, tmp_path):
    """Every call, and going on with a stream; and the parent's lock and handle stay as they are."""
    with new_trial(kind, tmp_path / "a") as trial:
        parts = trial.store.scan(osa.Contact, batch=1)
        next(parts)
        calls = calls_of(trial.store, tmp_path) | {"next": lambda: next(parts)}
        reading, end = os.pipe()
        with trial.store.writing():
            child = os.fork()
            if child == 0:
                ended = outcomes(calls)
                trial.store.close()
                parts.close()
                os.write(end, json.dumps(ended).encode())
                os._exit(0)
            os.close(end)
            with os.fdopen(reading) as pipe:
                ended = json.loads(pipe.read())
            os.waitpid(child, 0)
            assert ended == dict.fromkeys(calls, "store")
            with pytest.raises(StoreBusy):
                trial.add(*facts_of(next(trial.numbers)))
        assert len(list(parts)) == 2
        usable(trial)


@pytest.mark.parametrize("kind", KINDS)
def test_another_thread_is_refused(kind, tmp_path):
    """Every call of the port: with our own error, and nothing is changed."""
    with new_trial(kind, tmp_path / "a") as trial:
        held, head = held_by(trial.store), trial.store.head()
        calls = calls_of(trial.store, tmp_path)
        ended: dict[str, str] = {}
        thread = threading.Thread(target=lambda: ended.update(outcomes(calls)))
        thread.start()
        thread.join()
        assert ended == dict.fromkeys(calls, "store")
        assert (held_by(trial.store), trial.store.head()) == (held, head)
        closing_it = threading.Thread(
            target=lambda: ended.update(outcomes({"close": trial.store.close}))
        )
        closing_it.start()
        closing_it.join()
        assert ended["close"] in ("", "store")


@pytest.mark.parametrize("kind", KINDS)
def test_two_threads_at_once_lose_and_halve_nothing(kind, tmp_path):
    """Of two threads with one store, whoever is told that it is stored has it stored, whole."""
    with new_trial(kind, tmp_path / "a") as trial:
        stored: list[int] = []

        def work(numbers: range) -> None:
            for number in numbers:
                told = outcomes(
                    {"append": lambda: trial.store.append(Batch.of(facts_of(number)), ACT)}  # noqa: B023
                )
                if not told["append"]:
                    stored.append(number)
                elif told["append"] != "store":
                    foreign.append(told["append"])

        foreign: list[str] = []
        other = threading.Thread(target=work, args=(range(1_000, 1_100),))
        before = sys.getswitchinterval()
        sys.setswitchinterval(1e-6)
        try:
            other.start()
            work(range(2_000, 2_100))
            other.join()
        finally:
            sys.setswitchinterval(before)
        assert foreign == []
        assert set(range(2_000, 2_100)) <= set(stored)
        held = held_by(trial.store)
        assert held.keys() >= {fact.id for number in stored for fact in facts_of(number)}
        assert len(held) == 4 * (1 + len(stored))
