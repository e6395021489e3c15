"""What was acknowledged is there after the power was cut at any moment, whole, and nothing by halves.

A program's calls to the disk are written down, and the disk is made as a power cut may leave it: of
what was not synchronised anything may be there, torn or missing (:mod:`tests.reliability.disk`).
"""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

import osallisuus as osa
from osallisuus.errors import OsallisuusError
from tests.reliability import writing
from tests.reliability.disk import Disk, record
from tests.reliability.scale import CUTS

PROGRAM = Path(writing.__file__)


def damage(root: Path, target: Path, calls: list, random: Random) -> str:
    """What a power cut in the middle of *calls* has damaged; empty if nothing."""
    disk = Disk()
    for call in calls[: random.randint(0, len(calls))]:
        disk.do(call)
    disk.cut(root, target, random)
    safe = {int(one) for line in disk.acknowledged for one in line.split()}
    try:
        with osa.open(writing.store_in(target), clock=writing.clock()) as register:
            problems = register.store.verify()
            whole = writing.whole_batches(register)
            register.add(writing.batch(10_000))
    except OsallisuusError as error:
        return f"not readable: {error}"
    except AssertionError as error:
        return str(error)
    if problems:
        return f"damaged: {problems[0]}"
    return "" if safe <= whole else "an acknowledged batch is lost"


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    made = {}

    def calls(weak: str) -> tuple[Path, list]:
        if weak not in made:
            root = tmp_path_factory.mktemp(weak or "full")
            found, ended = record(PROGRAM, ["40", *([weak] if weak else [])], root)
            assert ended.returncode == 0, ended.stderr[-2000:]
            made[weak] = root, found
        return made[weak]

    return calls


def test_a_store_survives_a_power_cut_at_any_moment(recorded, tmp_path):
    """As we set SQLite, every acknowledged batch is there, whole, and the store goes on."""
    root, calls = recorded("")
    random = Random(1)
    found = [damage(root, tmp_path / "disk", calls, random) for _ in range(CUTS)]
    assert [one for one in found if one] == []


def test_the_power_cuts_would_find_a_weaker_setting(recorded, tmp_path):
    """With ``synchronous = NORMAL`` the same cuts lose what was acknowledged, so they can fail."""
    root, calls = recorded("NORMAL")
    random = Random(1)
    found = [damage(root, tmp_path / "disk", calls, random) for _ in range(CUTS // 3)]
    assert "an acknowledged batch is lost" in found


def test_every_acknowledgement_is_in_the_record(recorded):
    """The record has all forty batches, and each is synchronised before it is acknowledged."""
    _, calls = recorded("")
    said = [call for call in calls if call.what == "ack"]
    assert [int(call.data) for call in said] == list(range(40))
    last = -1
    for place in (number for number, call in enumerate(calls) if call.what == "ack"):
        assert any(call.what == "sync" for call in calls[last + 1 : place])
        last = place
