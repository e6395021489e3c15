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
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Literal

SECTOR = 512
_CALLS = (
    "open,openat,creat,write,pwrite64,writev,pwritev,fsync,fdatasync,rename,renameat,renameat2,"
    "unlink,unlinkat,ftruncate,link,linkat,mkdir,mkdirat,rmdir,lseek,close,dup,dup2,fcntl,fallocate"
)
_LINE = re.compile(r"(\d+) +(\w+)\((.*)\) += (-?\d+)(?:<(.*?)>)?(.*)")
_RESUMED = re.compile(r"(\d+) +<\.\.\. (\w+) resumed>(.*)")
_FD = re.compile(r"(\d+)(?:<(.*)>)?$", re.DOTALL)
_HEX = re.compile(r"\\x([0-9a-f]{2})")


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
    injected = ["-e", f"inject={inject}"] if inject else []
    command = ["strace", "-f", "-y", "-xx", "-s", "100000000", "-e", f"trace={_CALLS}", *injected]
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
            names = [_text(part.strip('"')) for part in parts if part.startswith('"')]
            if any(one.startswith(self.root) for one in names):
                yield from self._named(_ON_NAMES[name], names)
        elif _FD.match(parts[0]):
            number, path = _file(parts[0])
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
            self.sizes[names[1]] = self.sizes.pop(names[0], 0)
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
    return int(found[1]), _text(found[2] or "")


@dataclass
class _File:
    """A file's bytes: those that are safe, and the writes since, in their order."""

    safe: bytearray = field(default_factory=bytearray)
    since: list[Call] = field(default_factory=list)


class Disk:
    """What is on the disk, and what is still on its way to it, after some calls."""

    def __init__(self) -> None:
        # every name is of a file; names change in order, and are safe up to one of the changes
        self.now: dict[str, _File] = {}
        self.folders: list[str] = []
        self._names: dict[str, _File] = {}
        self._waiting: list[Call] = []
        self._made: dict[int, _File] = {}
        self.acknowledged: list[str] = []

    def do(self, call: Call) -> None:
        """One call more."""
        if call.what == "ack":
            self.acknowledged.append(call.data.decode().strip())
        elif call.what in ("write", "size"):
            self.now.setdefault(call.path, _File()).since.append(call)
        elif call.what == "sync":
            self._sync(call.path)
        elif call.what == "folder":
            self.folders.append(call.path)
        else:
            self._name(call)

    def _name(self, call: Call) -> None:
        if call.what == "create":
            self.now[call.path] = _File()
            self._made[len(self._waiting)] = self.now[call.path]
        elif call.what == "rename":
            self.now[call.to] = self.now.pop(call.path, _File())
        elif call.what == "link":
            self.now[call.to] = self.now.get(call.path, _File())
        elif call.what == "remove":
            self.now.pop(call.path, None)
        self._waiting.append(call)

    def _sync(self, path: str) -> None:
        file = self.now.get(path)
        if file is None:  # a folder: the changes of names in it are safe, and so all before them
            inside = [
                number
                for number, call in enumerate(self._waiting)
                if Path(call.path).parent == Path(path) or Path(call.to).parent == Path(path)
            ]
            self._settle(inside[-1] + 1 if inside else 0)
            return
        for call in file.since:
            _apply(file.safe, call, len(call.data))
        file.since.clear()
        made = [number for number, of in self._made.items() if of is file]
        if made:  # the file has its name with its bytes
            self._settle(made[-1] + 1)

    def _settle(self, count: int) -> None:
        """The first changes of names that wait are safe."""
        for number, call in enumerate(self._waiting[:count]):
            _rename(self._names, call, self._made.get(number))
        self._waiting = self._waiting[count:]
        self._made = {n - count: file for n, file in self._made.items() if n >= count}

    def cut(self, root: Path, target: Path, random: Random) -> None:
        """Make *target* what a power cut may leave of *root* now."""
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir()
        for folder in self.folders:
            if Path(folder) != root:
                (target / Path(folder).relative_to(root)).mkdir(parents=True, exist_ok=True)
        names = dict(self._names)
        for number, call in enumerate(self._waiting[: random.randint(0, len(self._waiting))]):
            _rename(names, call, self._made.get(number))
        left: dict[int, bytes] = {}
        for path, file in names.items():
            if id(file) not in left:
                left[id(file)] = _left(file, random)
            place = target / Path(path).relative_to(root)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(left[id(file)])
            place.chmod(0o600)


def _rename(names: dict[str, _File], call: Call, made: _File | None) -> None:
    if call.what == "create" and made is not None:
        names[call.path] = made
    elif call.what == "rename" and call.path in names:
        names[call.to] = names.pop(call.path)
    elif call.what == "link" and call.path in names:
        names[call.to] = names[call.path]
    elif call.what == "remove":
        names.pop(call.path, None)


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
