"""A program that changes copies of one store, each change in a process of its own.

``python changing.py FOLDER``: for every change it says in a line how it ended: ``done``, or the code
and the words of the library's own error. Run under ``strace``, whose count of calls begins anew in
each process, the n-th call of every change fails.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import osallisuus as osa
from osallisuus import plugins
from osallisuus.errors import OsallisuusError
from osallisuus.model.store import Act
from osallisuus.register import Register
from tests.reliability import writing

ACT = Act("a", "a test", "tried")
BEFORE = 3
"""The batches that are in the store before."""


def _add(register: Register) -> None:
    register.add(writing.batch(BEFORE), key="k")


def _void(register: Register) -> None:
    contacts = [fact.id for fact in register.facts(osa.Contact) if fact.person == "b2"]
    register.store.void({"contacts": contacts, "people": ["b2"]}, ACT)


def _erase(register: Register) -> None:
    contacts = [fact.id for fact in register.facts(osa.Contact) if fact.person == "b2"]
    register.store.erase("b2", {"contacts": contacts, "people": ["b2"]}, ACT)


def _finish(register: Register) -> None:
    register.store.finish_erasure()


def _publish(register: Register) -> None:
    register.store.publish("{}", tx=1, actor="a", purpose="p", after=0)


def _note(register: Register) -> None:
    register.store.note("looked", ACT)


def _snapshot(register: Register) -> None:
    register.store.snapshot(Path(register.store.where).with_name("copied.db"))


def _export(register: Register) -> None:
    register.export("folder", Path(register.store.where).with_suffix(".folder"))


def _restore(register: Register) -> None:
    place = Path(register.store.where)
    with osa.open(str(place.with_name("restored.db")), clock=writing.clock()) as new:
        new.restore(place)


CHANGES: dict[str, Callable[[Register], None]] = {
    "add": _add,
    "void": _void,
    "erase": _erase,
    "finish": _finish,
    "publish": _publish,
    "note": _note,
    "snapshot": _snapshot,
    "restore": _restore,
    "export": _export,
}


def prepared(folder: Path) -> Path:
    """A store with some batches in it, closed."""
    with osa.open(str(folder / "before.db"), clock=writing.clock()) as register:
        list(writing.acknowledged(register, 0, BEFORE))
    return folder / "before.db"


def changed(place: Path, change: Callable[[Register], None]) -> str:
    """How a change ended."""
    try:
        with osa.open(str(place), clock=writing.clock()) as register:
            change(register)
    except OsallisuusError as error:
        return json.dumps([error.code, str(error)])
    except BaseException as error:  # noqa: BLE001 - what must not come is told as it is
        return json.dumps(["foreign", repr(error)])
    return json.dumps(["done", ""])


def main(folder: Path) -> None:
    """Make every change to a copy of its own, and say how it ended."""
    for group, name in (("stores", "sqlite"), ("stores", "folder"), ("fact_exporters", "folder")):
        plugins.load(group, name)  # once, and not in every process
    for name, change in CHANGES.items():
        place = folder / f"{name}.db"
        shutil.copyfile(folder.with_name("before.db"), place)
        child = os.fork()
        if child == 0:
            told = changed(place, change)
            os.write(1, f"{name} {told}\n".encode())
            os._exit(0)
        os.waitpid(child, 0)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
