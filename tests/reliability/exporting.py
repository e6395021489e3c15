"""A program that writes every kind of file that leaves, first anew and then over what is there.

``python exporting.py FOLDER [weak]``: after each writing it says, as a line of JSON, the name of the
place and what stands there. ``weak`` takes away what makes a file survive a power cut.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

import osallisuus as osa
from osallisuus.ingest.folder import write_folder
from osallisuus.ingest.replacing import finish_replacing
from osallisuus.ingest.stream import stream_folder
from osallisuus.release import Release
from osallisuus.reports.document import Document, Text
from tests.reliability import writing

_WORDS = "Some words, and some more. "
TIMES = 2
"""How often each place is written to."""


def facts(number: int) -> list[osa.Fact]:
    """What is written in one round: another people and more of them in the next."""
    return [fact for one in range(5 + number * 3) for fact in writing.batch(one * 10 + number)]


def _exported(name: str) -> Callable[[Path, int], object]:
    def write(place: Path, number: int) -> None:
        with osa.open("memory:", actor="a", clock=writing.clock()) as register:
            register.add(facts(number))
            register.export(name, place, overwrite=True)

    return write


def _saved(place: Path, number: int) -> None:
    words = Text((_WORDS * (number + 1) * 200,))
    Release(Document(title="One page", locale="en", blocks=(words,))).save(place, overwrite=True)


def _kept(place: Path, number: int) -> None:
    words = Text((_WORDS * (number + 1) * 200,))
    Release(Document(title="One page", locale="en", blocks=(words,))).freeze(place, overwrite=True)


def _streamed(place: Path, number: int) -> None:
    if not number:  # it is never written over
        stream_folder(place, facts(number))


def _folder(place: Path, number: int) -> None:
    people = [fact for fact in facts(number) if isinstance(fact, osa.Person)]
    write_folder(place, {"people": people})


WRITERS: dict[str, Callable[[Path, int], object]] = {
    "facts": _exported("folder"),
    "columns": _exported("parquet"),
    "streams": _exported("arrow"),
    "log.xes": _exported("xes"),
    "page.html": _saved,
    "page.json": _saved,
    "page.xlsx": _saved,
    "kept.report": _kept,
    "streamed": _streamed,
    "people": _folder,
}
"""The name of a place -> what writes there."""


def digest_of(place: Path) -> str:
    """What stands at a place for who reads it, in few characters; empty if nothing does."""
    if not os.path.lexists(place):
        return ""
    finish_replacing(place)
    files = sorted(place.rglob("[!.]*")) if place.is_dir() else [place]
    held = [(str(one.relative_to(place)), one.read_bytes()) for one in files if one.is_file()]
    # an empty folder is an empty store, as is none
    return hashlib.sha256(repr(held).encode()).hexdigest() if held else ""


def main(folder: Path, weak: str = "") -> None:
    """Write to every place, and say each."""
    if weak:
        os.fsync = lambda descriptor: None
    for number in range(TIMES):
        for name, write in WRITERS.items():
            write(folder / name, number)
            os.write(1, f"{json.dumps([name, digest_of(folder / name)])}\n".encode())
    os._exit(0)


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
