"""A program that stores batch after batch, and says the number of each when it is stored.

``python writing.py FOLDER STORE BATCHES [weak]``: every batch holds a person and facts of theirs,
more of them each time; ``weak`` takes away what makes an acknowledged write survive a power cut.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import osallisuus as osa
from osallisuus.register import Register

_START = date(2024, 1, 1)


def clock() -> Callable[[], datetime]:
    """A clock that is a second later each time it is asked."""
    seconds = count()
    return lambda: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(seconds=next(seconds))


def batch(number: int) -> list[Any]:
    """The facts of one batch: whoever finds one of them must find all."""
    person = f"b{number}"
    size = 1 + number * 37 % 120
    return [
        osa.Person(id=person, registered_on=_START),
        *(
            osa.Contact(
                id=f"{person}-{i}",
                person=person,
                happened_on=_START + timedelta(days=i),
                mode="phone",
            )
            for i in range(size)
        ),
    ]


def whole_batches(register: Register) -> set[int]:
    """The batches in a store; ``AssertionError`` where a part of one is missing."""
    held: dict[str, list[Any]] = {}
    for contact in register.facts(osa.Contact):
        held.setdefault(contact.person, []).append(contact)
    people = {person.id: person for person in register.facts(osa.Person)}
    assert set(held) == set(people), "half a batch"
    for person, contacts in held.items():
        number = int(person[1:])
        wanted = batch(number)
        assert wanted[0] == people[person], "another person"
        assert sorted(wanted[1:], key=lambda one: one.id) == contacts, "half a batch"
    return {int(person[1:]) for person in people}


def store_in(folder: Path) -> str:
    """The SQLite store that this program writes."""
    return str(folder / "store.db")


def acknowledged(register: Register, first: int, batches: int) -> Iterator[int]:
    """The numbers of the batches, each when it is stored."""
    for number in range(first, first + batches):
        register.add(batch(number), key=f"batch {number}")
        yield number


def main(place: str, batches: int, weak: str = "") -> None:
    """Store the batches and say each."""
    with osa.open(place, actor="a", purpose="a test", clock=clock()) as register:
        if weak:
            register.store.run(f"PRAGMA synchronous = {weak}")
        for number in acknowledged(register, 0, batches):
            os.write(1, b"%d\n" % number)


if __name__ == "__main__":
    main(store_in(Path(sys.argv[1])), int(sys.argv[2]), *sys.argv[3:])
