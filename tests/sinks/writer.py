"""Programs that write to a store and publish it, over and over, until they are killed.

Run with ``python -m``, it reads lines of JSON: a list of writers, each with its STORE, SINK, SEED,
SYNCS and SECONDS. They start side by side; each is killed so many seconds after so many syncs, and a
line says for each the last commit that a sync of it has acknowledged. Starting so is quick: all
libraries are there already.
"""

import json
import os
import random
import signal
import sys
import time
from datetime import UTC, date, datetime
from itertools import count

os.fsync = lambda descriptor: None  # a killed program loses nothing that it has written

import deltalake  # noqa: E402, F401
import pyarrow.parquet  # noqa: E402, F401

from osallisuus.register import Register  # noqa: E402
from osallisuus.stores.sqlite import SQLiteStore  # noqa: E402
from tests.model import made  # noqa: E402
from tests.sinks.copies import ACT  # noqa: E402
from tests.stores.places import add  # noqa: E402


def step(store, chance, number):
    """Some new people with contacts, some corrected, some taken back, and sometimes one erased."""
    new = [f"p{number}-{index}" for index in range(chance.randint(1, 40))]
    day = date(2020, 1, 1)
    add(store, *(made.one("people", id=one, registered_on=day) for one in new))
    add(store, *(made.one("contacts", id=f"c{one}", person=one) for one in new))
    late = [one for one in new if chance.random() < 0.3]
    add(store, *(made.one("people", id=one, registered_on=date(2021, 1, 1)) for one in late))
    store.void({"contacts": [f"c{one}" for one in late[::2]]}, ACT)
    if chance.random() < 0.4:
        store.erase(new[0], {"people": [new[0]], "contacts": [f"c{new[0]}"]}, ACT)


def write(place, sink, seed, told):
    """Until the end of time; each commit that is acknowledged is told."""
    chance = random.Random(seed)
    store = SQLiteStore(place, lambda: datetime.now(UTC))
    register = Register(store, actor="tester", purpose="test")
    os.write(told, b"0\n")
    for number in count():
        step(store, chance, f"{seed}-{number}")
        done = register.sync(sink, compact=chance.random() < 0.2)
        os.write(told, f"{done.upto}\n".encode())


def started(place, sink, seed):
    """A writer in a process of its own, and where it says what it has published."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        try:
            write(place, sink, seed, writing)
        finally:
            os._exit(1)  # whatever went wrong: it did not end by being killed
    os.close(writing)
    return child, reading


def until(reading, lines):
    """What a writer says until there are so many lines of it."""
    said = b""
    while said.count(b"\n") < lines:
        part = os.read(reading, 65_536)
        assert part, "it stopped by itself"
        said += part
    return said


def killed(writers):
    """The last commit that each of the writers acknowledged before it was killed."""
    running = [started(place, sink, seed) for place, sink, seed, _, _ in writers]
    last = []
    for (child, reading), (_, _, _, syncs, seconds) in zip(running, writers, strict=True):
        said = until(reading, syncs + 1)
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        assert os.WIFSIGNALED(status), "it stopped by itself"
        with os.fdopen(reading, "rb") as rest:
            last.append(int((said + rest.read()).split()[-1]))
    return last


if __name__ == "__main__":
    for line in sys.stdin:
        sys.stdout.write(f"{json.dumps(killed(json.loads(line)))}\n")
        sys.stdout.flush()
