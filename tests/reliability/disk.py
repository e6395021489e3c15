"""A disk that loses power: what a program asked of it, and what may be left at any moment.

A program runs under ``strace``, which writes down every call that changes files. From that record a
disk is made as a power cut may leave it: what was synchronised is there, and of everything else
some part, torn at sectors. The rules are those of a journalling file system: calls on names (create,
rename, remove) come to the disk in their order, a synchronised folder or file brings all of its own
along, and data of a file without ``fsync`` may be there, be zeros, or be missing.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from operator import itemgetter
from pathlib import Path
from random import Random
from typing import Any, Literal

SECTOR = 512
_CALLS = (
    "open,openat,creat,write,pwrite64,writev,pwritev,fsync,fdatasync,rename,renameat,renameat2,"
    "unlink,unlinkat,ftruncate,link,linkat,mkdir,mkdirat,rmdir,lseek,close,dup,dup2,fcntl,fallocate"
)
_LINE = re.compile(r"(\d+) +(\w+)\((.*)\) += (-?\d+)(?:<(.*?)>)?(.*)")
_RESUMED = re.compile(r"(\d+) +<\.\.\. (\w+) resumed>(.*)")
_FD = re.compile(r"(\d+|AT_FDCWD)(?:<(.*)>)?$", re.DOTALL)
_HEX = re.compile(r"\\x([0-9a-f]{2})")
_GONE = " (deleted)"


Kind = Literal["write", "size", "sync", "create", "rename", "remove", "link", "folder", "ack"]
_ON_NAMES: dict[str, Kind] = {
    "rename": "rename",
    "renameat": "rename",
    "renameat2": "rename",
    "link": "link",
    "linkat": "link",
    "mkdir": "folder",
    "mkdirat": "folder",
    "unlink": "remove",
    "unlinkat": "remove",
    "rmdir": "remove",
}


@dataclass(frozen=True)
class Call:
    """One call that changed, or made safe, something below the folder that is looked at."""

    what: Kind
    path: str
    at: int = 0
    data: bytes = b""
    to: str = ""


def record(
    program: Path, arguments: list[str], folder: Path, *, inject: str = ""
) -> tuple[list[Call], subprocess.CompletedProcess[str]]:
    """Run a Python *program* that changes files in *folder*; what it did, and how it ended.

    What it writes to its standard output are acknowledgements: what it believes to be safe. *inject*
    is what strace does to its calls (such as ``fsync:error=EIO:when=3``).
    """
    trace = folder.with_name(f"{folder.name}.trace")
    # what is not traced is not touched either
    traced = f"{_CALLS},{inject.partition(':')[0]}" if inject else _CALLS
    injected = ["-e", f"inject={inject}"] if inject else []
    command = ["strace", "-f", "-y", "-xx", "-s", "100000000", "-e", f"trace={traced}", *injected]
    ended = subprocess.run(
        [*command, "-o", str(trace), sys.executable, str(program), str(folder), *arguments],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        check=False,
    )
    calls = list(_read(trace, str(folder)))
    trace.unlink()
    return calls, ended


def until_a_moment(calls: list[Call], random: Random) -> list[Call]:
    """The calls up to a moment: just after a promise, between two files, or within one."""
    numbered = list(enumerate(calls, start=1))
    promised = [number for number, call in numbered if call.what == "ack"]
    between = [number for number, call in numbered if call.what != "write"]
    return calls[: random.choice(random.choice((promised, between, range(len(calls) + 1))))]


def _read(trace: Path, root: str) -> Iterator[Call]:
    """The calls of a record that concern files below *root*, and the acknowledgements."""
    reading = _Reading(root)
    started: dict[str, str] = {}
    with trace.open(encoding="ascii", errors="replace") as lines:
        for raw in lines:
            line = raw.rstrip("\n")
            if line.endswith("<unfinished ...>"):
                started[line.split(" ", 1)[0]] = line.removesuffix("<unfinished ...>")
                continue
            if resumed := _RESUMED.match(line):
                line = started.pop(resumed[1], "") + resumed[3]
            found = _LINE.match(line)
            if found and int(found[4]) >= 0:
                yield from reading.of(found[2], found[3], int(found[4]), found[5] or "")


class _Reading:
    """The lines of a record, one after the other: where each open file stands, and how long it is."""

    def __init__(self, root: str) -> None:
        self.root = root
        self.places: dict[tuple[str, int], int] = {}
        self.appending: set[tuple[str, int]] = set()
        self.sizes: dict[str, int] = {}

    def of(self, name: str, arguments: str, result: int, said: str) -> Iterator[Call]:
        """What one call did below the folder; *said* is the file that it answered with."""
        parts = [part.strip() for part in arguments.split(",")]  # texts are in hexadecimal
        if name in ("open", "openat", "creat"):
            yield from self._opened(name, arguments, result, _text(said))
        elif name in _ON_NAMES:
            names = list(_names(parts))
            if any(one.startswith(self.root) for one in names):
                yield from self._named(_ON_NAMES[name], names)
        elif _FD.match(parts[0]):
            number, path = _file(parts[0])
            if path.endswith(_GONE):
                return  # it has no name any more, so nobody will find it
            if number == 1 and name == "write":
                yield Call("ack", "", data=_bytes(parts[1]))
            elif path.startswith(self.root):
                yield from self._in_a_file(name, path, number, parts, result)

    def _opened(self, name: str, flags: str, number: int, path: str) -> Iterator[Call]:
        if not path.startswith(self.root):
            return
        self.places[path, number] = 0
        self.appending.discard((path, number))
        if "O_APPEND" in flags:
            self.appending.add((path, number))
        if path not in self.sizes and ("O_CREAT" in flags or name == "creat"):
            self.sizes[path] = 0
            yield Call("create", path)
        if "O_TRUNC" in flags and self.sizes.get(path):
            self.sizes[path] = 0
            yield Call("size", path)

    def _in_a_file(
        self, name: str, path: str, number: int, parts: list[str], result: int
    ) -> Iterator[Call]:
        assert name not in ("writev", "pwritev"), "a call that this record does not follow"
        if name in ("write", "pwrite64"):
            data, at = _bytes(parts[1])[:result], self.places.get((path, number), 0)
            if name == "pwrite64":
                at = int(parts[3])
            elif (path, number) in self.appending:
                at = self.sizes.get(path, 0)
            if name == "write":
                self.places[path, number] = at + len(data)
            self.sizes[path] = max(self.sizes.get(path, 0), at + len(data))
            yield Call("write", path, at, data)
        elif name == "lseek":
            self.places[path, number] = result
        elif name in ("fsync", "fdatasync"):
            yield Call("sync", path)
        elif name == "ftruncate":
            self.sizes[path] = int(parts[1])
            yield Call("size", path, int(parts[1]))

    def _named(self, what: Kind, names: list[str]) -> Iterator[Call]:
        if what == "rename":
            _move(self.sizes, names[0], names[1])
        elif what == "link":
            self.sizes[names[1]] = self.sizes.get(names[0], 0)
        elif what == "remove":
            self.sizes.pop(names[0], None)
        yield Call(what, names[0], to=names[1] if len(names) > 1 else "")


def _text(hexadecimal: str) -> str:
    return bytes.fromhex("".join(_HEX.findall(hexadecimal))).decode(errors="replace")


def _bytes(quoted: str) -> bytes:
    return bytes.fromhex("".join(_HEX.findall(quoted)))


def _file(argument: str) -> tuple[int, str]:
    found = _FD.match(argument)
    assert found, argument[:80]
    return -1 if found[1] == "AT_FDCWD" else int(found[1]), _text(found[2] or "")


def _names(parts: list[str]) -> Iterator[str]:
    """The names in the arguments of a call, whole: one may be told within an open folder."""
    within = ""
    for part in parts:
        if part.startswith('"'):
            yield str(Path(within) / _text(part.strip('"')))
        elif _FD.match(part):
            within = _file(part)[1]


@dataclass(eq=False)
class _File:
    """A file's bytes: those that are safe, and the writes since, in their order; or a folder."""

    safe: bytearray = field(default_factory=bytearray)
    since: list[Call] = field(default_factory=list)
    folder: bool = False


_Names = dict[str, _File]


class Disk:
    """What is on the disk, and what is still on its way to it, after some calls."""

    def __init__(self, calls: Iterable[Call] = ()) -> None:
        # every name is of a file or folder; names change in order, and are safe up to one change
        self._now: _Names = {}
        self._names: _Names = {}
        self._waiting: list[tuple[Call, _File]] = []
        self.acknowledged: list[str] = []
        for call in calls:
            self.do(call)

    def do(self, call: Call) -> None:
        """One call more."""
        if call.what == "ack":
            self.acknowledged += call.data.decode().splitlines()
        elif call.what in ("write", "size"):
            self._now.setdefault(call.path, _File()).since.append(call)
        elif call.what == "sync":
            self._sync(call.path)
        else:
            made = _File(folder=call.what == "folder")
            _rename(self._now, call, made)
            self._waiting.append((call, made))

    def _sync(self, path: str) -> None:
        file = self._now.get(path, _File(folder=True))
        for call in file.since:
            _apply(file.safe, call, len(call.data))
        file.since.clear()
        # a file has its name with its bytes; a folder, also its own name and those in it
        safe = [
            number
            for number, (call, made) in enumerate(self._waiting, start=1)
            if made is file or (file.folder and path in (_parent(call.path), _parent(call.to)))
        ]
        self._settle(max(safe, default=0))

    def _settle(self, count: int) -> None:
        """The first changes of names that wait are safe."""
        for call, made in self._waiting[:count]:
            _rename(self._names, call, made)
        del self._waiting[:count]

    def cut(self, root: Path, target: Path, random: Random) -> None:
        """Make *target* what a power cut may leave of *root* now."""
        names = dict(self._names)
        for call, made in self._waiting[: random.randint(0, len(self._waiting))]:
            _rename(names, call, made)
        left = {id(file): _left(file, random) for file in dict.fromkeys(names.values())}
        _make(names, left, root, target)

    def whole(self, root: Path, target: Path) -> None:
        """Make *target* what *root* is when the power stays on."""
        left = {}
        for file in self._now.values():
            left[id(file)] = bytearray(file.safe)
            for call in file.since:
                _apply(left[id(file)], call, len(call.data))
        _make(self._now, left, root, target)


def _parent(path: str) -> str:
    return path.rpartition("/")[0]


def _make(names: _Names, left: Mapping[int, bytes], root: Path, target: Path) -> None:
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(mode=0o700)
    for path, file in sorted(names.items(), key=itemgetter(0)):
        place = target / Path(path).relative_to(root)
        if file.folder:
            place.mkdir(mode=0o700)
        else:
            place.write_bytes(left[id(file)])
            place.chmod(0o600)


def _rename(names: _Names, call: Call, made: _File) -> None:
    """What one call makes of the names; *made* is the file or folder, if it makes one."""
    if call.what in ("create", "folder"):
        names[call.path] = made
    elif call.what == "rename":
        _move(names, call.path, call.to)
    elif call.what == "link" and call.path in names:
        names[call.to] = names[call.path]
    elif call.what == "remove":
        names.pop(call.path, None)


def _move(names: dict[str, Any], before: str, after: str) -> None:
    """Give a file or a folder another name, and so all that is in it."""
    for one in [one for one in names if one == before or one.startswith(f"{before}/")]:
        names[after + one.removeprefix(before)] = names.pop(one)


def _left(file: _File, random: Random) -> bytes:
    """The safe bytes, and of what was written since whatever came to the disk in whatever order."""
    found = bytearray(file.safe)
    how = random.choice(("all", "none", "some", "some"))
    for call in file.since:
        if how == "none" or (how == "some" and random.random() < 0.5):
            continue
        whole = len(call.data)
        torn = how == "some" and random.random() < 0.3
        _apply(found, call, random.randrange(0, whole + 1, SECTOR) if torn and whole else whole)
    return bytes(found)


def _apply(content: bytearray, call: Call, count: int) -> None:
    if call.what == "size":
        del content[call.at :]
        content.extend(bytes(call.at - len(content)))
        return
    if len(content) < call.at + count:
        content.extend(bytes(call.at + count - len(content)))
    content[call.at : call.at + count] = call.data[:count]
