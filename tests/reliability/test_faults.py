"""When the n-th write, synchronisation or other call fails, for every n, nothing is lost or halved.

Each change of a store is tried again and again; each time another of its calls to the disk fails, as
on a full or dying disk. It ends with one of the library's own errors, or it succeeds; the store opens
afterwards as it was before or as it is after, verifies, and takes the next facts.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import osallisuus as osa
from tests.reliability import changing, writing
from tests.reliability.disk import record
from tests.reliability.scale import LONG

PROGRAM = Path(changing.__file__)
FAULTS = [
    ("pwrite64", "ENOSPC"),
    ("fdatasync,fsync", "EIO"),
    ("ftruncate,unlink,rename", "EIO"),
    *([("pwrite64", "EIO"), ("fdatasync,fsync", "ENOSPC"), ("pread64", "EIO")] if LONG else []),
]
_MOST = 2_000
"""No change makes more calls of one kind: the store written anew is some hundred pages."""


def numbers() -> Iterator[int]:
    """Which call is to fail, in one trial after another."""
    number = 1
    while number < _MOST:
        yield number
        number += 1 if LONG or number < 10 else number // 3


def whole(place: Path) -> set[int]:
    """The batches of a store that must be sound, and takes another."""
    with osa.open(str(place), clock=writing.clock()) as register:
        assert register.store.verify() == ()
        found = writing.whole_batches(register)
        register.add(writing.batch(1_000))
    return found


def before_or_after(name: str, place: Path, told: str) -> None:
    """A store after a change that may have failed is as before it, or as after it."""
    before, found = set(range(changing.BEFORE)), whole(place)
    after = {"add": before | {3}, "void": before - {2}, "erase": before - {2}}.get(name, before)
    assert found == after if told == "done" else found in (before, after)


@pytest.mark.parametrize(("calls", "error"), FAULTS)
def test_whatever_call_fails_the_store_is_as_before_or_as_after(tmp_path, calls, error):
    """Every change, with the n-th call of one kind failing, until nothing fails any more.

    Every n is tried before a release; otherwise the first ten and then fewer and fewer.
    """
    changing.prepared(tmp_path)
    failed = 0
    for number in numbers():
        folder = tmp_path / f"{number}"
        folder.mkdir()
        _, ended = record(PROGRAM, [], folder, inject=f"{calls}:error={error}:when={number}")
        if "error while loading shared libraries" in ended.stderr:
            continue  # Python itself could not begin
        said = [line.split(" ", 1) for line in ended.stdout.splitlines()]
        outcomes = {name: json.loads(told) for name, told in said}
        assert set(outcomes) == set(changing.CHANGES), ended.stderr[-2000:]
        for name, (code, text) in outcomes.items():
            assert code in ("done", "store", "import"), f"{name}: {text}"
            before_or_after(name, folder / f"{name}.db", code)
            whole_or_none(folder, name)
        refused = sum(code != "done" for code, _ in outcomes.values())
        failed += refused
        shutil.rmtree(folder)
        if not refused and number > 3:
            break
    else:
        pytest.fail("the last call was never reached")
    assert failed > 3, "no call failed: the fault does not reach what it is meant for"


def whole_or_none(folder: Path, name: str) -> None:
    """What is written to a place of its own is there whole, or not at all."""
    copy = folder / "copied.db"
    if copy.exists():
        assert whole(copy) >= set(range(changing.BEFORE))
    restored = folder / "restored.db"
    if name == "restore" and restored.exists():
        with osa.open(str(restored)) as register:
            assert register.store.head() in (0, changing.BEFORE + 1)
            assert len(writing.whole_batches(register)) in (0, changing.BEFORE)
            assert register.verify() == ()
    exported = folder / f"{name}.folder"
    if exported.exists():
        with osa.open(str(exported)) as register:
            assert writing.whole_batches(register) == set(range(changing.BEFORE))
