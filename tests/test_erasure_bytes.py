"""No byte of an erased person is left in any file: 300 people with canaries, 20 of them erased."""

from __future__ import annotations

import hashlib
import logging
import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

import osallisuus as osa
from tests import postgres
from tests.model import made
from tests.stores.places import place_of

PEOPLE, ERASED = 300, 20
_CANARY = re.compile(rb"(?:id|word|deep)[0-9a-f]{20}")


def canaries(number):
    """What stands of a person in the facts: an id, a short word and one inside a long text."""
    return [
        f"{kind}{hashlib.sha256(f'{kind}{number}'.encode()).hexdigest()[:20]}"
        for kind in ("id", "word", "deep")
    ]


def facts_of(number):
    """A person whose every fact tells on them, also in ids and in pages of their own."""
    name, word, deep = canaries(number)
    long = f"{'padding ' * 700}{deep}{' padding' * 700}"  # more than a page of any database
    return [
        made.one("people", id=name),
        made.one("interviews", id=f"i-{name}", person=name, decided_by="worker"),
        made.one("answers", id=f"s-{name}", form=f"i-{name}", note=word),
        made.one("answers", id=f"l-{name}", form=f"i-{name}", note=long),
        # work for others, which stays: its ids are joined of theirs too
        made.one("encounters", id=f"n-{number}-{name}", peer=name),
        made.one("guidance", id=f"g-{name}", person="worker", guide=name),
        made.one("pauses", id=f"{name}.break", of=f"g-{name}"),
        made.one("keep_apart", id=f"k-{name}", one=name, other="worker"),
    ]


def fill(register):
    """Everybody in parts, with corrections and facts that were taken back."""
    register.add([made.one("people", id="worker")])
    for start in range(0, PEOPLE, 50):
        register.add([f for number in range(start, start + 50) for f in facts_of(number)])
    for number in range(0, PEOPLE, 7):
        name, word, _ = canaries(number)
        register.add([made.one("answers", id=f"s-{name}", form=f"i-{name}", note=f"{word} again")])
        register.void({"answers": [f"l-{name}"]}, reason="a mistake")


def found(folder, numbers):
    """How many canaries of those people stand in some file, raw or in another writing."""
    content = b"".join(_content(path) for path in Path(folder).rglob("*") if path.is_file())
    # without its zeros UTF-16, in either order, reads as the rest does
    seen = {*_CANARY.findall(content), *_CANARY.findall(content.replace(b"\0", b""))}
    return sum(word.encode() in seen for number in numbers for word in canaries(number))


def _content(path):
    try:
        return path.read_bytes()
    except FileNotFoundError:  # a server takes files away meanwhile
        return b""


@pytest.mark.parametrize("kind", ["sqlite", "folder", "postgresql"])
def test_no_byte_of_the_erased_is_left_and_the_others_are_there(kind, tmp_path, caplog, capfd):
    """In the database, its log, its shared memory, a journal, a temporary file, or what we say."""
    caplog.set_level(logging.DEBUG)
    home = tmp_path / "home"
    home.mkdir()
    place = place_of(kind, home)
    if kind == "postgresql":
        if os.environ.get(postgres.GIVEN):
            pytest.skip("only the files of a server of our own can be searched")
        home = postgres.server().folder  # with its write-ahead log and its own log
    erased = range(0, PEOPLE, PEOPLE // ERASED)
    kept = [number for number in range(PEOPLE) if number not in erased]
    with osa.open(place, actor="coordinator", create=True) as register:
        fill(register)
        # a large text is compressed by a server, and what was taken back is not in a folder
        assert found(home, erased) >= len(erased) * (2 if kind == "postgresql" else 3) - 3
        # rewriting the files once serves many
        receipts = [
            register.erase(canaries(number)[0], finish=number == erased[-1]) for number in erased
        ]

        assert all(receipt.found for receipt in receipts)
        assert [one.cleared for one in receipts] == [
            kind == "folder" or one is receipts[-1] for one in receipts
        ]
        assert found(home, erased) == 0
        assert register.store.unfinished_erasures() == 0
        said = caplog.text + "".join(capfd.readouterr()) + repr(receipts) + repr(register)
        said += str([*register.journal()])
        assert not any(word in said for number in erased for word in canaries(number))
        if kind != "folder":
            assert register.verify() == ()
    assert found(home, erased) == 0
    assert found(home, kept) >= len(kept) * 2


def test_one_who_reads_meanwhile_is_told_and_the_bytes_go_later(tmp_path):
    """With an open reader the receipt says what is pending; finishing afterwards clears it."""
    place = tmp_path / "store.db"
    name = canaries(1)[0]
    with osa.open(str(place), actor="coordinator") as register:
        fill(register)
        register.store.run("PRAGMA busy_timeout = 100")
        reader = sqlite3.connect(place)
        reader.execute("BEGIN")
        reader.execute("SELECT COUNT(*) FROM people").fetchone()

        receipt = register.erase(name)
        assert receipt.found
        assert not receipt.cleared
        assert receipt.pending
        assert name not in repr(receipt)
        assert register.store.unfinished_erasures() == 1

        reader.close()
        again = register.erase(name)
        assert (again.found, again.pending) == (False, ())
        assert register.store.unfinished_erasures() == 0
        assert found(tmp_path, [1]) == 0
        assert register.finish_erasure() == ()


STOPPED = """
import os, sys
import osallisuus as osa
from osallisuus.stores.sqlite import SQLiteStore
when, place, person = sys.argv[1:]
taken = getattr(SQLiteStore, when)
def stop(*args, **options):
    if when != "enter":
        taken(*args, **options)
    os._exit(9)
setattr(SQLiteStore, when, stop)
osa.open(place, actor="coordinator").erase(person)
"""


@pytest.mark.parametrize("when", ["enter", "erase", "clear_bytes", "finish_erasure"])
def test_an_erasure_that_is_stopped_is_finished_by_the_same_call(when, tmp_path):
    """Before its commit, after it, after the bytes and at the end: never half, never forgotten."""
    place, name = str(tmp_path / "store.db"), canaries(1)[0]
    with osa.open(place, actor="coordinator") as register:
        register.add([made.one("people", id="worker"), *facts_of(1), *facts_of(2)])
    stopped = subprocess.run([sys.executable, "-c", STOPPED, when, place, name], check=False)
    assert stopped.returncode == 9
    with osa.open(place, actor="coordinator") as register:
        facts = {one.id for one in register.facts(osa.Person)}
        assert (name in facts) is (when == "enter")
        owed = when in ("erase", "clear_bytes")
        assert register.store.unfinished_erasures() == (1 if owed else 0)

        assert register.erase(name).found is (when == "enter")
        assert register.store.unfinished_erasures() == 0
        assert register.verify() == ()
        assert found(tmp_path, [1]) == 0
        assert found(tmp_path, [2]) == 3
