"""A file or folder that leaves is there as it was or as it is to be, whenever the power is cut.

And what was written is there: whoever has been told that a report is written may go home.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from osallisuus.errors import OsallisuusError
from tests.reliability import exporting
from tests.reliability.disk import Call, Disk, record, until_a_moment
from tests.reliability.scale import tried

PROGRAM = Path(exporting.__file__)
CUTS = tried(100, 1_000)


@pytest.fixture(scope="module")
def recorded(tmp_path_factory) -> Callable[[str], tuple[Path, list[Call]]]:
    made: dict[str, tuple[Path, list[Call]]] = {}

    def calls(weak: str) -> tuple[Path, list[Call]]:
        if weak not in made:
            root = tmp_path_factory.mktemp(weak or "strong")
            found, ended = record(PROGRAM, [weak] if weak else [], root)
            assert ended.returncode == 0, ended.stderr[-2000:]
            made[weak] = root, found
        return made[weak]

    return calls


def states_of(acknowledged: list[str]) -> dict[str, list[str]]:
    """Place -> what stood there, from nothing to what was said last."""
    states: dict[str, list[str]] = {place: [""] for place in exporting.WRITERS}
    for place, digest in map(json.loads, acknowledged):
        states[place].append(digest)
    return states


def seen(place: Path) -> str:
    """What stands there for who reads it; a folder that cannot be completed is none of its states."""
    try:
        return exporting.digest_of(place)
    except OsallisuusError as error:
        return f"refused: {error}"


def damage(
    folder: Path, every: dict[str, list[str]], acknowledged: dict[str, list[str]]
) -> list[str]:
    """What a power cut has damaged below *folder*."""
    found = []
    for place, states in every.items():
        by_then = len(acknowledged[place])
        digest = seen(folder / place)
        if digest in states[by_then - 1 : by_then + 1]:
            continue
        aside = folder / f".{place}.new" / f"{place}.old"
        if not digest and exporting.digest_of(aside) == states[by_then - 1]:
            continue  # a folder cannot take another's place in one step: it stands beside it
        what = "lost" if digest in states else "half"
        found.append(f"{what}: {place}")
    return found


def refusals(folder: Path) -> list[str]:
    """Where nothing can be written any more, when what was left half was taken away."""
    for left in folder.glob(".*.new"):
        shutil.rmtree(left) if left.is_dir() else left.unlink()
    found = []
    for name, write in exporting.WRITERS.items():
        try:
            write(folder / name, 1)
        except OsallisuusError as error:
            found.append(f"{name}: {error}")
    return found


def damages(recorded: tuple[Path, list[Call]], target: Path, cuts: int) -> list[str]:
    """What so many power cuts have damaged."""
    root, calls = recorded
    every = states_of(Disk(calls).acknowledged)
    random = Random(1)
    found = []
    for number in range(cuts):
        disk = Disk(until_a_moment(calls, random))
        disk.cut(root, target, random)
        found += damage(target, every, states_of(disk.acknowledged))
        if number % 10 == 0:
            found += refusals(target)
    return found


def test_what_leaves_is_old_or_new_after_a_power_cut_at_any_moment(recorded, tmp_path):
    """And what was said to be written is there; the next export goes through."""
    assert damages(recorded(""), tmp_path / "disk", CUTS) == []


def test_the_power_cuts_would_find_what_is_not_flushed(recorded, tmp_path):
    """Without ``fsync`` the same cuts lose what was acknowledged, and leave halves."""
    found = damages(recorded("weak"), tmp_path / "disk", CUTS // 5)
    assert {one.split(":")[0] for one in found} >= {"lost", "half"}


def test_every_kind_of_place_is_in_the_record(recorded, tmp_path):
    """Each is written twice, and the second time it is something else."""
    root, calls = recorded("")
    disk = Disk(calls)
    states = states_of(disk.acknowledged)
    same = {place for place, found in states.items() if len(set(found)) < exporting.TIMES + 1}
    assert same <= {"streamed"}
    disk.whole(root, tmp_path / "again")
    for place, found in states.items():
        assert exporting.digest_of(tmp_path / "again" / place) == found[-1]
