"""A writer that is killed at any moment loses nothing that it acknowledged, and leaves no half.

The writer is a fork of the test, so that one kill costs no start of Python. It says the number of
each batch when it is stored; it is killed with ``SIGKILL`` while it writes.
"""

from __future__ import annotations

import os
import signal
import time
from contextlib import suppress
from random import Random

import osallisuus as osa
from tests.reliability import writing
from tests.reliability.scale import tried

KILLS = tried(500, 5_000)
_TOGETHER = 25
"""Kills of one store, which grows from one to the next."""


def killed(place: str, first: int, random: Random) -> list[int]:
    """The batches that a writer acknowledged before it was killed: a moment after some of them."""
    batches = random.randint(0, 5)
    reading, writing_end = os.pipe()
    child = os.fork()
    if child == 0:
        with suppress(BaseException):
            os.close(reading)
            with osa.open(place, clock=writing.clock()) as register:
                os.write(writing_end, b"open\n")
                for number in writing.acknowledged(register, first, 1_000_000):
                    os.write(writing_end, b"%d\n" % number)
        os._exit(1)
    os.close(writing_end)
    said = b""
    while said.count(b"\n") <= batches:
        part = os.read(reading, 65_536)
        assert part, "the writer ended by itself"
        said += part
    time.sleep(random.choice((0, random.uniform(0, 0.005))))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    while part := os.read(reading, 65_536):
        said += part
    os.close(reading)
    return [int(line) for line in said.split(b"\n")[1:-1]]


def test_a_killed_writer_loses_nothing_and_leaves_no_half(tmp_path):
    """After each kill the store opens without repair and holds every acknowledged batch whole."""
    random = Random(5)
    acknowledged = 0
    for store in range(KILLS // _TOGETHER):
        place = str(tmp_path / f"{store}.db")
        stored: set[int] = set()
        for _ in range(_TOGETHER):
            first = max(stored, default=-1) + 1
            said = killed(place, first, random)
            with osa.open(place, clock=writing.clock()) as register:
                found = writing.whole_batches(register)
            assert stored <= found, "what was there before is gone"
            assert set(said) <= found, "an acknowledged batch is lost"
            acknowledged += len(said)
            stored = found
        with osa.open(place, clock=writing.clock()) as register:
            assert register.store.verify() == ()
    assert acknowledged > KILLS


def test_a_batch_that_was_not_acknowledged_can_be_stored_again(tmp_path):
    """Whoever does not know whether it was stored gives the same key again: it is stored once."""
    place = str(tmp_path / "store.db")
    random = Random(6)
    first = 0
    for _ in range(10):
        killed(place, first, random)
        with osa.open(place, clock=writing.clock()) as register:
            list(writing.acknowledged(register, 0, first + 3))
            found = writing.whole_batches(register)
        assert set(range(first + 3)) <= found
        first = max(found) + 1
