"""A program that changes a store and publishes it to a copy, again and again.

``python publishing.py FOLDER KIND SYNCS [weak]``: after each sync it says, as a line of JSON, at
which commit the copy stands, what it holds, and who was erased by then. ``weak`` takes away what
makes a published copy survive a power cut; the store keeps it.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import osallisuus as osa
from osallisuus.register import Register
from tests.reliability import writing
from tests.sinks.copies import ACT, allowed

_START = date(2024, 1, 1)


def store_in(folder: Path) -> str:
    """The store that this program writes."""
    return str(folder / "store.db")


def copy_in(folder: Path) -> Path:
    """The folder of its copy."""
    return folder / "copy"


def digest_of(tables: dict[str, list[Any]]) -> str:
    """What a copy holds, or may hold of a store, in few characters."""
    return hashlib.sha256(repr(tables).encode()).hexdigest()


def changed(register: Register, number: int) -> list[str]:
    """Facts are added, revised and taken back, and somebody is erased; who was."""
    register.add(_facts(number, _START), key=f"batch {number}")
    if number % 2:
        late = [one for one in _facts(number - 1, _START + timedelta(days=900)) if _is_late(one)]
        register.add(late)
    if number % 3 == 1:
        register.store.void({"contacts": [f"c{number}-0", f"c{number - 1}-1"]}, ACT)
    if number % 4 == 3:
        gone = f"erased{number - 1}"
        register.store.erase(gone, {"people": [gone], "traits": [f"t{number - 1}"]}, ACT)
        return [gone]
    return []


def _facts(number: int, day: date) -> list[Any]:
    own, other = f"p{number}", f"erased{number}"
    contacts = (
        osa.Contact(id=f"c{number}-{i}", person=own, happened_on=day + timedelta(days=i), mode="x")
        for i in range(2 + number * 37 % 80)
    )
    return [
        *(osa.Person(id=one, registered_on=day) for one in (own, other)),
        osa.Trait(id=f"t{number}", person=other, name="place", value="a_town", since=day),
        *contacts,
    ]


def _is_late(fact: Any) -> bool:
    return fact.id[-1] in "02468" and not fact.id.startswith(("erased", "t"))


def main(folder: Path, kind: str, syncs: int, weak: str = "") -> None:
    """Change the store and publish it that often, and say each."""
    if weak:
        os.fsync = lambda descriptor: None
    erased: list[str] = []
    place = f"{kind}:{copy_in(folder)}"
    with osa.open(store_in(folder), actor="a", purpose="a test", clock=writing.clock()) as register:
        for number in range(syncs):
            erased += changed(register, number)
            upto = register.sync(place, compact=number % 5 == 4).upto
            held = digest_of(allowed(register.store))
            os.write(1, f"{json.dumps([upto, held, erased])}\n".encode())
    os._exit(0)  # pyarrow's threads end a program now and then as it ends itself


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), *sys.argv[4:])
