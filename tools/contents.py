"""What stands in a built wheel or source archive, and whether that is right."""

from __future__ import annotations

import tarfile
import zipfile
from collections.abc import Collection, Iterable
from email import message_from_bytes
from pathlib import Path, PurePosixPath

from packaging.metadata import Metadata
from packaging.requirements import Requirement

__all__ = ["EXAMPLES", "sdist_problems", "source_files", "wheel_problems"]

EXAMPLES = ("verna", "wertzu")
"""The examples that ``osallisuus demo`` shows, and that a wheel therefore holds."""
_CORE = {"attrs", "cattrs", "python-dateutil", "tabulate"}
_SUFFIXES = {".css", ".csv", ".html", ".json", ".md", ".py", ".toml", ".typed"}
_CACHES = {"__pycache__"}


def source_files(root: Path) -> set[str]:
    """What a wheel of the checkout *root* has to hold beside its metadata, by its path there."""
    package = root / "src" / "osallisuus"
    found = {f"osallisuus/{path}" for path in _below(package)}
    for name in EXAMPLES:
        found |= {f"osallisuus/examples/{name}/{path}" for path in _below(root / "examples" / name)}
    return found


def _below(folder: Path) -> Iterable[str]:
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if path.is_file() and not _CACHES & set(inside.parts):
            yield inside.as_posix()


def wheel_problems(wheel: Path, expected: Collection[str]) -> list[str]:
    """What is wrong with the file *wheel*; *expected* are the paths beside its metadata."""
    with zipfile.ZipFile(wheel) as archive:
        damaged = archive.testzip()
        names = [name for name in archive.namelist() if not name.endswith("/")]
        described = [name for name in names if ".dist-info/" in name]
        metadata = b"".join(archive.read(one) for one in described if one.endswith("/METADATA"))
    held = set(names) - set(described)
    endings = {name.partition(".dist-info/")[2] for name in described}
    wanted = {"METADATA", "WHEEL", "RECORD", "entry_points.txt", "licenses/LICENSE"}
    return [
        *([f"damaged: {damaged}"] if damaged else []),
        *(f"twice: {name}" for name in sorted({one for one in names if names.count(one) > 1})),
        *(f"missing: {name}" for name in sorted({*expected, "osallisuus/py.typed"} - held)),
        *(f"stray: {name}" for name in sorted(held - set(expected))),
        *(f"no file of ours: {name}" for name in sorted(held) if not _is_ours(name)),
        *(f"missing in the metadata: {name}" for name in sorted(wanted - endings)),
        *(f"stray in the metadata: {name}" for name in sorted(endings - wanted)),
        *_metadata_problems(metadata),
    ]


def _is_ours(name: str) -> bool:
    path = PurePosixPath(name)
    hidden = any(part.startswith(".") for part in path.parts)
    return not hidden and (path.suffix in _SUFFIXES or path.name == "py.typed")


def _metadata_problems(raw: bytes) -> list[str]:
    """What is wrong with the core metadata: their form, what is needed, where it may come from."""
    try:
        metadata = Metadata.from_email(raw, validate=True)
    except ExceptionGroup as group:
        return [f"metadata: {error}" for error in group.exceptions]
    needed = [one for one in metadata.requires_dist or [] if "extra" not in str(one.marker or "")]
    stated = message_from_bytes(raw)
    facts = {
        "name": metadata.name == "osallisuus",
        "summary": bool(metadata.summary),
        "description": (metadata.description or "").startswith("# osallisuus"),
        "description's content type": stated["Description-Content-Type"] == "text/markdown",
        "licence": metadata.license_expression == "MIT" and metadata.license_files == ["LICENSE"],
        "Python": bool(metadata.requires_python),
        "typed": "Typing :: Typed" in (metadata.classifiers or []),
        "needs": {one.name for one in needed} == _CORE,
        "needs from an address": not any(_has_address(one) for one in metadata.requires_dist or []),
    }
    return [f"metadata: {name}" for name, right in facts.items() if not right]


def _has_address(requirement: Requirement) -> bool:
    return requirement.url is not None


def sdist_problems(sdist: Path, tracked: Collection[str]) -> list[str]:
    """What is wrong with the source archive *sdist*, made from a commit that tracks *tracked*."""
    with tarfile.open(sdist) as archive:
        members = archive.getmembers()
    top = {PurePosixPath(one.name).parts[0] for one in members}
    held = {PurePosixPath(*PurePosixPath(one.name).parts[1:]).as_posix() for one in members}
    wanted = {"PKG-INFO", "LICENSE", "README.md", "CHANGELOG.md", "pyproject.toml"}
    wanted |= {name for name in tracked if name.startswith(("src/", "tests/", "docs/"))}
    return [
        *([] if len(top) == 1 else [f"several folders: {', '.join(sorted(top))}"]),
        *(f"no plain file: {one.name}" for one in members if not one.isfile()),
        *(f"missing: {name}" for name in sorted(wanted - held)),
        *(f"stray: {name}" for name in sorted(held - set(tracked) - {"PKG-INFO"})),
    ]
