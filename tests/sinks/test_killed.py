"""A program killed at any moment: what a sync has acknowledged is there, and nothing half."""

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
KILLS = 100 if os.environ.get("OSALLISUUS_STRESS") == "long" else 12


@pytest.fixture
def killed():
    """A function that runs a writer, kills it, and gives what it had acknowledged last."""
    command = [sys.executable, "-W", "ignore", "-m", "tests.sinks.writer"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, stdin=PIPE, stdout=PIPE, cwd=ROOT, env=environment, text=True
    ) as writers:

        def run(seed, seconds, place, address):
            print(seed, seconds, place, address, file=writers.stdin, flush=True)
            return int(writers.stdout.readline())

        yield run
        writers.stdin.close()


def erased_later(store, tx):
    return any(entry.operation == "erase" for entry in store.journal() if entry.tx > tx)


def test_a_killed_program_loses_nothing_and_leaves_nothing_half(kind, tmp_path, killed):
    """The copy is the store as known at its commit; the next sync brings it to now."""
    chance = random.Random(7)
    place, folder = str(tmp_path / "store.db"), tmp_path / "copy"
    half_way = 0
    for seed in range(KILLS):
        acknowledged = killed(seed, chance.uniform(0.05, 1.5), place, f"{kind}:{folder}")
        with closing(SQLiteStore(place, ticking())) as store:
            if (folder / "osallisuus.json").exists():
                with sink(kind, folder) as opened:
                    position = opened.position()
                    half_way += opened.unfinished() or position.tx < store.head()
                assert position.tx >= acknowledged
                if not erased_later(store, position.tx):
                    assert copied(kind, folder) == allowed(store, position.tx)
            else:
                assert not acknowledged
            if seed % 2:
                Register(store, actor="tester", purpose="test").sync(f"{kind}:{folder}")
                assert copied(kind, folder) == allowed(store)
                with sink(kind, folder) as opened:
                    assert not opened.unfinished()
    assert half_way  # otherwise nothing was tried
