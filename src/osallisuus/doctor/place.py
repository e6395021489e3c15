"""A store: who can read its files, where they stand, whether they are sound, and what is owed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs, urlsplit

from osallisuus.doctor.finding import Ailment
from osallisuus.errors import OsallisuusError, Problem, StoreError
from osallisuus.register import Register, file_of, open_register

__all__ = ["examine_store"]

_OTHERS: Final = 0o077
_OWNER_WRITES: Final = 0o200
_NETWORK: Final = frozenset(
    "nfs nfs4 cifs smb3 smbfs 9p afs ceph glusterfs lustre ncpfs fuse.sshfs fuse.s3fs".split()
)
_ENOUGH: Final = 100 * 2**20
"""Bytes that a disk should have free whatever the store's size."""
_LATE: Final = timedelta(minutes=5)
"""By how much two clocks may differ."""


def examine_store(place: str) -> Iterator[Ailment]:
    """Each thing looked at in the store at *place*, the fine ones too.

    It is opened as any command opens it, and only read.
    """
    file = file_of(place)
    if file is not None and _is_there(file):
        yield from _rights(file)
        yield from _network(file)
        yield from _log_left(file)
        yield from _room(file)
    yield from _server(place)
    try:
        register = open_register(place, actor="doctor", purpose="doctor", create=False)
    except OsallisuusError as error:
        yield from _broken("opening", error.problems, place)
        return
    problems: Sequence[Problem] = ()
    with closing(register):
        try:
            yield from _opened(register, place)
        except StoreError as error:  # damaged where only a later look comes to it
            problems = error.problems
    yield from _broken("sound", problems, place)


def _broken(code: str, problems: Iterable[Problem], place: str) -> Iterator[Ailment]:
    for one in problems:
        yield Ailment(
            code=code, severity="broken", what=one.what, where=one.where or _shown(place),
            remedy=one.remedy,
        )  # fmt: skip


def _shown(place: str) -> str:
    """The path of a store, and nothing for an address: that may hold a password."""
    return place if file_of(place) is not None else ""


def _is_there(file: Path) -> bool:
    try:
        return file.exists()
    except (OSError, ValueError):
        return False


# ---- files ---------------------------------------------------------------------------------


def _parts(file: Path) -> list[Path]:
    if file.is_dir():  # a link may lead nowhere
        return [file, *sorted(one for one in file.rglob("*") if one.exists())]
    return [one for end in ("", "-wal", "-shm") if (one := Path(f"{file}{end}")).exists()]


def _rights(file: Path) -> Iterator[Ailment]:
    if os.name != "posix":
        return
    modes = {one: one.stat().st_mode for one in _parts(file)}
    looked = {
        "others on this machine may read {} of its files": [
            one for one, mode in modes.items() if mode & _OTHERS
        ],
        # SQLite gives the files beside a database the rights that it has, and they may stay
        "its owner may not write to {} of its files: nothing can be stored or released": [
            one for one, mode in modes.items() if not mode & _OWNER_WRITES
        ],
    }
    for what, wrong in looked.items():
        if wrong:
            to = f"-R u=rwX,go= {file}" if file.is_dir() else f"600 {' '.join(map(str, wrong))}"
            yield Ailment(
                code="rights", severity="weak", where=str(wrong[0]), what=what.format(len(wrong)),
                remedy=f"chmod {to}",
            )  # fmt: skip
    if not any(looked.values()):
        yield Ailment(code="rights", severity="fine", what="only its owner can read it")


def _network(file: Path) -> Iterator[Ailment]:
    kind = _file_system(file.resolve())
    if kind in _NETWORK:
        yield Ailment(
            code="network", severity="weak", where=str(file),
            what=f"it stands on a network file system ({kind}), whose locks cannot be relied on",
            remedy="move it to a disk of this machine, or use a PostgreSQL server",
        )  # fmt: skip


def _file_system(path: Path, mounts: str = "/proc/mounts") -> str:
    """The kind of the file system on which *path* stands; empty where nobody can tell."""
    try:
        lines = Path(mounts).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    best = Path("/"), ""
    for line in lines:
        fields = line.split(" ")
        if len(fields) > 2:
            point = Path(fields[1].replace("\\040", " "))
            if path.is_relative_to(point) and len(point.parts) >= len(best[0].parts):
                best = point, fields[2]
    return best[1]


def _log_left(file: Path) -> Iterator[Ailment]:
    log = Path(f"{file}-wal")
    if log.is_file() and log.stat().st_size:
        yield Ailment(
            code="log", severity="note", where=str(log),
            what="a write-ahead log is left: another program has the store open, or was stopped",
            remedy="nothing is lost; do not copy the one file without the other",
        )  # fmt: skip


def _room(file: Path) -> Iterator[Ailment]:
    size = sum(one.stat().st_size for one in _parts(file) if one.is_file())
    free = shutil.disk_usage(file.resolve().parent).free
    needed = max(2 * size, _ENOUGH)
    text = f"{free // 2**20} MiB are free on its disk"
    if free < needed:
        yield Ailment(
            code="room", severity="weak", where=str(file),
            what=f"{text}; an erasure, which writes it anew, may need {needed // 2**20} MiB",
            remedy="free some space",
        )  # fmt: skip
    else:
        yield Ailment(code="room", severity="fine", what=text)


def _server(place: str) -> Iterator[Ailment]:
    """A server on another machine without transport encryption that is asked for."""
    try:
        address = urlsplit(place)
        host, asked = address.hostname, parse_qs(address.query).get("sslmode", [""])
    except ValueError:
        return
    if address.scheme not in ("postgres", "postgresql") or not host:
        return
    if host not in ("localhost", "127.0.0.1", "::1") and not asked[0].startswith("verify-"):
        yield Ailment(
            code="transport", severity="weak", where="the address of the store",
            what="what goes to another machine may be read or changed on its way",
            remedy="end the address with ?sslmode=verify-full",
        )  # fmt: skip


# ---- what is in it -------------------------------------------------------------------------


def _opened(register: Register, place: str) -> Iterator[Ailment]:
    store = register.store
    able = store.capabilities
    copy = "files" in able  # what it lacks its source has
    for lacking in () if copy else [said for word, said in _LACKING.items() if word not in able]:
        yield Ailment(
            code="capability", severity="note", what=lacking, where=_shown(place),
            remedy="import it into a .db file or a database server",
        )  # fmt: skip
    for one in getattr(store, "weak_settings", tuple)():
        yield Ailment(
            code="settings", severity="weak", what=one.what, where=one.where, remedy=one.remedy
        )
    if "erase" in able:
        yield from _owed(register, place)
    if "journal" in able:
        yield from _clock(register)
    if "verify" in able:
        yield from _sound(register, place)


_LACKING: Final = {
    "durable": "what is stored is gone when the program ends",
    "journal": "this store keeps no journal: nobody can tell who changed what",
    "history": "this store keeps no earlier revisions",
    "ledger": "this store does not remember releases, so they are not audited together",
    "erase": "nobody can be erased from this store",
}


def _owed(register: Register, place: str) -> Iterator[Ailment]:
    owed = register.store.unfinished_erasures()
    if owed:
        yield Ailment(
            code="erasure", severity="weak", where=_shown(place),
            what=f"the files are not cleared yet of {owed} who were erased",
            remedy=f"osallisuus erase {_shown(place) or 'STORE'}",
        )  # fmt: skip
    else:
        yield Ailment(code="erasure", severity="fine", what="no erasure is unfinished")


def _clock(register: Register) -> Iterator[Ailment]:
    moments = [entry.recorded_at for entry in register.journal()]
    back = sum(later < earlier for earlier, later in pairwise(moments))
    if back:
        yield Ailment(
            code="clock", severity="weak", where="journal",
            what=f"the clock was set back {back} times between commits",
            remedy="let the machine set its clock by itself; the order of commits stands",
        )  # fmt: skip
    if moments and moments[-1] > datetime.now(UTC) + _LATE:
        yield Ailment(
            code="clock", severity="weak", where="journal",
            what="the last commit is in the future, or the clock of this machine is behind",
            remedy="set the clock",
        )  # fmt: skip


def _sound(register: Register, place: str) -> Iterator[Ailment]:
    found = register.verify()
    yield from _broken("sound", found, place)
    if not found:
        what = "files" if "files" in register.store.capabilities else "journal, rows and files"
        yield Ailment(code="sound", severity="fine", what=f"{what} are sound")
