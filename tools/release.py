"""``./dev release``: the files of a release, made from the last commit into ``dist``.

They are built twice in clean folders, at other times and in another zone, and a third time out of
the source archive: all must be the same byte for byte. Then the wheel is installed, by hashes, into
an empty environment and tried there. Nothing is put into ``dist`` before all of it holds.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
import tarfile
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from subprocess import check_output
from tempfile import TemporaryDirectory

from tools.bill import bill_of
from tools.building import ROOT, Failed, build, fresh, install, run, smoke
from tools.contents import sdist_problems, source_files, wheel_problems

__all__ = ["digest", "equal", "main", "release", "requirement", "sums", "unpacked"]

_HASHES = "constraints-hashes.txt"
_CLOCKS = (
    {"TZ": "UTC", "PYTHONHASHSEED": "1"},
    {"TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "2"},
)
"""Two machines that differ in what must not matter."""


def main() -> int:
    """Make the release; the exit code is 1, and ``dist`` as it was, when something is wrong."""
    with TemporaryDirectory() as name:
        try:
            files = release(ROOT, Path(name))
        except Failed as failed:
            print("release:", failed, file=sys.stderr)
            return 1
        kept = ROOT / "dist"
        kept.mkdir(exist_ok=True)
        for file in files:
            shutil.copyfile(file, kept / file.name)
            print(f"{file.stat().st_size:>10,} bytes  {digest(file)}  dist/{file.name}")
    return 0


def release(root: Path, folder: Path) -> list[Path]:
    """The files of a release of the last commit of *root*, made and tried in *folder*."""
    if run(["git", "status", "--porcelain"], within=root).strip():
        print("release: what is not committed is not in it", file=sys.stderr)
    epoch = run(["git", "log", "-1", "--format=%ct"], within=root).strip()
    tracked = run(["git", "ls-tree", "-r", "--name-only", "HEAD"], within=root).split("\n")
    # the archive is a binary file, which run() could not give
    packed = check_output(["git", "archive", "HEAD"], cwd=root)  # noqa: S607

    pairs = []
    for number, clock in enumerate(_CLOCKS):
        source = unpacked(packed, folder / f"source-{number}", seconds=number * 86_400)
        built = folder / f"built-{number}"
        variables = {**clock, "SOURCE_DATE_EPOCH": epoch}
        pairs.append([build(kind, source, built, **variables) for kind in ("sdist", "wheel")])
    sdist, wheel = pairs[0]
    again = (
        unpacked(sdist.read_bytes(), folder / "source-2", seconds=0) / sdist.name[: -len(".tar.gz")]
    )
    third = build("wheel", again, folder / "built-2", SOURCE_DATE_EPOCH=epoch)
    equal(pairs[0], pairs[1])
    equal([wheel], [third])

    source = folder / "source-0"
    problems = [
        *(f"{wheel.name}: {problem}" for problem in wheel_problems(wheel, source_files(source))),
        *(f"{sdist.name}: {problem}" for problem in sdist_problems(sdist, tracked)),
    ]
    if problems:
        raise Failed("\n".join(problems))

    hashes = shutil.copyfile(source / _HASHES, sdist.with_name(_HASHES))
    asked = sdist.with_name("requirements.txt")
    asked.write_text(requirement(wheel, sdist), "utf-8")
    python = fresh(folder / "environment")
    install(
        python, "--require-hashes", "--find-links", wheel.parent,
        "--constraint", hashes, "--requirement", asked, "--report", folder / "report.json",
    )  # fmt: skip
    print(smoke(python, folder / "empty").strip())

    bill = wheel.with_name(f"{sdist.name[: -len('.tar.gz')]}.cdx.json")
    report = json.loads((folder / "report.json").read_text("utf-8"))
    bill.write_text(bill_of(report, subject="osallisuus", moment=int(epoch)), "utf-8")
    files = [sdist, wheel, bill, asked, hashes]
    listed = sdist.with_name("SHA256SUMS")
    listed.write_text(sums(files), "utf-8")
    return [*files, listed]


def unpacked(packed: bytes, folder: Path, *, seconds: int) -> Path:
    """The files of an archive in a new *folder*, each *seconds* later than the archive says."""
    with tarfile.open(fileobj=BytesIO(packed)) as archive:
        archive.extractall(folder, filter="data")
    for path in folder.rglob("*"):
        if seconds and path.is_file():
            moment = path.stat().st_mtime + seconds
            os.utime(path, (moment, moment))
    return folder


def equal(one: Sequence[Path], other: Sequence[Path]) -> None:
    """:class:`Failed` unless both are the same files, by name and byte for byte."""
    for first, second in zip(one, other, strict=True):
        if first.name != second.name or first.read_bytes() != second.read_bytes():
            raise Failed(f"{first.name}: two builds of one commit differ")


def digest(file: Path) -> str:
    """SHA-256 of a file, in hexadecimal digits."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def sums(files: Sequence[Path]) -> str:
    """The lines by which ``sha256sum --check SHA256SUMS`` holds those files."""
    return "".join(f"{digest(file)}  {file.name}\n" for file in sorted(files))


def requirement(wheel: Path, sdist: Path) -> str:
    """What ``pip install --require-hashes`` is asked for: this version, wheel or archive."""
    name, version = wheel.name.split("-")[:2]
    return f"{name}=={version} --hash=sha256:{digest(wheel)} --hash=sha256:{digest(sdist)}\n"


if __name__ == "__main__":
    sys.exit(main())
