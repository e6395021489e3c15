"""A program killed at any moment: what a sync has acknowledged is there, and nothing half."""

import json
import os
import random
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from subprocess import PIPE

import pytest

from osallisuus.register import Register
from osallisuus.stores.sqlite import SQLiteStore
from tests.sinks.copies import allowed, copied, sink
from tests.stores.places import ticking

ROOT = Path(__file__).parents[2]
ROUNDS = 250 if os.environ.get("OSALLISUUS_STRESS") == "long" else 25
TOGETHER = 4
"""Writers that run side by side, each with a store and a copy of its own."""
ANEW = 8
"""Rounds after which they begin with nothing again."""


@pytest.fixture
def killed():
    """A function that runs writers, kills them, and gives what each had acknowledged last."""
    command = [sys.executable, "-W", "ignore", "-m", "tests.sinks.writer"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, stdin=PIPE, stdout=PIPE, cwd=ROOT, env=environment, text=True
    ) as writers:

        def run(told):
            print(json.dumps(told), file=writers.stdin, flush=True)
            return json.loads(writers.stdout.readline())

        yield run
        writers.stdin.close()


def erased_later(store, tx):
    return any(entry.operation == "erase" for entry in store.journal() if entry.tx > tx)


def looked_at(kind, place, folder, acknowledged, *, go_on):
    """See that a copy is what was acknowledged or later; whether it was half way to the store."""
    address = f"{kind}:{folder}"
    with closing(SQLiteStore(place, ticking())) as store:
        half_way = False
        if (folder / "osallisuus.json").exists():
            with sink(kind, folder) as opened:
                position = opened.position()
                half_way = opened.unfinished() or position.tx < store.head()
            assert position.tx >= acknowledged, "an acknowledged sync is lost"
            if not erased_later(store, position.tx):
                assert copied(kind, folder) == allowed(store, position.tx)
        else:
            assert not acknowledged
        if go_on and store.head():
            Register(store, actor="tester", purpose="test").sync(address)
            assert copied(kind, folder) == allowed(store)
            with sink(kind, folder) as opened:
                assert not opened.unfinished()
    return half_way


def when(chance):
    """After how many syncs a writer is killed, and how many seconds later."""
    return chance.choice((0, 0, 0, 1)), chance.choice((0, chance.uniform(0, 0.5)))


def test_a_killed_program_loses_nothing_and_leaves_nothing_half(kind, tmp_path, killed):
    """The copy is the store as known at its commit; the next sync brings it to now."""
    chance = random.Random(7)
    half_way = published = 0
    for turn in range(ROUNDS if kind == "delta" else ROUNDS // 5):
        lanes = [
            (tmp_path / f"{turn // ANEW}-{lane}.db", tmp_path / f"copy {turn // ANEW}-{lane}")
            for lane in range(TOGETHER)
        ]
        told = [
            (str(place), f"{kind}:{folder}", turn * TOGETHER + lane, *when(chance))
            for lane, (place, folder) in enumerate(lanes)
        ]
        for lane, acknowledged in enumerate(killed(told)):
            place, folder = lanes[lane]
            half_way += looked_at(kind, str(place), folder, acknowledged, go_on=bool(turn % 2))
            published += bool(acknowledged)
    assert half_way  # otherwise nothing was tried
    assert published
