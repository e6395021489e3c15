"""Programs that write to a store and publish it, over and over, until they are killed.

Run with ``python -m``, it reads lines of SEED SECONDS STORE SINK. For each it starts a program of its
own kind, kills it after that time, and says the last commit that a sync of it has acknowledged.
Starting so is quick: all libraries are there already.
"""

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
    new = [f"p{number}-{index}" for index in range(chance.randint(1, 300))]
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
    for number in count():
        step(store, chance, f"{seed}-{number}")
        done = register.sync(sink, compact=chance.random() < 0.2)
        os.write(told, f"{done.upto}\n".encode())


def kill(place, sink, seed, seconds):
    """The last commit that was acknowledged by a program which was killed after *seconds*."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        try:
            write(place, sink, seed, writing)
        finally:
            os._exit(1)  # whatever went wrong: it did not end by being killed
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    os.close(writing)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), "it stopped by itself"
    with os.fdopen(reading) as said:
        lines = said.read().splitlines()
    return int(lines[-1]) if lines else 0


if __name__ == "__main__":
    for line in sys.stdin:
        seed, seconds, place, sink = line.rstrip("\n").split(" ", 3)
        sys.stdout.write(f"{kill(place, sink, int(seed), float(seconds))}\n")
        sys.stdout.flush()
