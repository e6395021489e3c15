"""A published copy survives a power cut at any moment: it opens, and is what was acknowledged.

Or it is what the sync that was under way would have acknowledged next. Whoever was erased by an
acknowledged sync is in no file of it; the next sync brings it to now, and an engine then reads from
it what it reads from the store.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest
from pyarrow import ArrowException
from pyarrow.parquet import read_table

import osallisuus as osa
from osallisuus.errors import OsallisuusError
from osallisuus.metrics.engine import Query
from osallisuus.register import Register
from tests.reliability import publishing, writing
from tests.reliability.disk import Call, Disk, record, until_a_moment
from tests.reliability.scale import tried
from tests.sinks.copies import allowed, copied, sink

PROGRAM = Path(publishing.__file__)
CUTS = tried(60, 1_000)
SYNCS = "24"
"""More than Delta's checkpoints are apart."""
_ASKED = 10
"""Every so many cuts the engines are asked as well."""


@pytest.fixture(scope="module", params=["parquet", "delta"])
def kind(request) -> str:
    return request.param


@pytest.fixture(scope="module")
def recorded(kind, tmp_path_factory) -> Callable[[str], tuple[Path, list[Call]]]:
    made: dict[str, tuple[Path, list[Call]]] = {}

    def calls(weak: str) -> tuple[Path, list[Call]]:
        if weak not in made:
            root = tmp_path_factory.mktemp(f"{kind}{weak}")
            found, ended = record(PROGRAM, [kind, SYNCS, *([weak] if weak else [])], root)
            assert ended.returncode == 0, ended.stderr[-2000:]
            made[weak] = root, found
        return made[weak]

    return calls


def damage(kind: str, said: list[list], target: Path, acknowledged: list[str], asked: bool) -> str:
    """What is wrong with the copy that a power cut has left in *target*; empty if nothing.

    *said* is what the program said of all its syncs, *acknowledged* what it had said by then.
    """
    try:
        with osa.open(
            publishing.store_in(target), actor="a", purpose="p", clock=writing.clock()
        ) as register:
            found = _left(kind, said, publishing.copy_in(target), len(acknowledged))
            return found or _again(kind, register, publishing.copy_in(target), asked)
    except OsallisuusError as error:
        return f"not readable: {error}"


def _left(kind: str, said: list[list], place: Path, acknowledged: int) -> str:
    """What is wrong with a copy as it was left."""
    with sink(kind, place, create=True) as opened:
        tx = opened.position().tx
    states = {0: -1, **{upto: number for number, (upto, _, _) in enumerate(said)}}
    if tx not in states:
        return "it stands at a commit of no sync"
    if states[tx] < acknowledged - 1:
        return "an acknowledged sync is lost"
    if tx and publishing.digest_of(copied(kind, place)) != said[states[tx]][1]:
        return "it holds something else than its commit"
    gone = set(said[acknowledged - 1][2]) if acknowledged else set()
    return "somebody erased is in a file" if gone & set(_people_in(place)) else ""


def _people_in(place: Path) -> Iterator[str]:
    """The ids of people in every file of Parquet, also in those that are not of the copy."""
    for file in (place / "people").glob("*.parquet*"):
        with suppress(ArrowException, OSError):  # torn: what was lost is no trace
            yield from map(str, read_table(file)["id"].to_pylist())


def _again(kind: str, register: Register, place: Path, asked: bool) -> str:
    """What is wrong with a copy after the next facts and the next sync."""
    register.add(writing.batch(10_000))
    register.sync(f"{kind}:{place}")
    if copied(kind, place) != allowed(register.store):
        return "the next sync does not bring it to now"
    with sink(kind, place) as opened:
        if opened.unfinished():
            return "something is still to be cleared"
    if asked:
        with osa.open(f"{kind}:{place}") as copy:
            if tables_of(copy) != tables_of(register):
                return "an engine reads something else from it"
    return ""


def tables_of(register: Register) -> list[list[tuple]]:
    """What an engine reads."""
    queries = {
        "people": "SELECT id FROM {} ORDER BY id",
        "contacts": "SELECT id, person, mode FROM {} ORDER BY id",
        "traits": "SELECT id, person, value FROM {} ORDER BY id",
    }
    with register.engine() as engine:
        return [
            engine.rows(Query(query.format(engine.table(name)))) for name, query in queries.items()
        ]


def damages(kind: str, recorded: tuple[Path, list[Call]], target: Path, cuts: int) -> list[str]:
    """What so many power cuts have damaged."""
    root, calls = recorded
    said = [json.loads(line) for line in Disk(calls).acknowledged]
    random = Random(1)
    found = []
    for number in range(cuts):
        disk = Disk(until_a_moment(calls, random))
        disk.cut(root, target, random)
        found.append(damage(kind, said, target, disk.acknowledged, number % _ASKED == 0))
    return [one for one in found if one]


def test_a_copy_survives_a_power_cut_at_any_moment(kind, recorded, tmp_path):
    """As we write it, every acknowledged sync is there, whole, and the copy goes on."""
    assert damages(kind, recorded(""), tmp_path / "disk", CUTS) == []


def test_the_power_cuts_would_find_a_copy_that_is_not_flushed(kind, recorded, tmp_path):
    """Without ``fsync`` the same cuts lose what was acknowledged, or break the copy."""
    found = damages(kind, recorded("weak"), tmp_path / "disk", CUTS // 5)
    assert "an acknowledged sync is lost" in found
    assert any(one.startswith("not readable") for one in found)


def test_the_record_is_of_all_that_was_written(kind, recorded, tmp_path):
    """Played to its end, it makes the same files, byte for byte."""
    root, calls = recorded("")
    Disk(calls).whole(root, tmp_path / "again")
    assert _files(tmp_path / "again") == _files(root)
    assert len(Disk(calls).acknowledged) == int(SYNCS)


def _files(folder: Path) -> dict[str, bytes]:
    return {
        str(one.relative_to(folder)): one.read_bytes()
        for one in folder.rglob("*")
        if one.is_file() and not one.name.endswith("-shm")  # written through memory
    }
