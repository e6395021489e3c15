"""Where a report may be written: all that can be known of it before a release is remembered for good."""

from __future__ import annotations

import argparse
import os
import tempfile
from itertools import combinations
from pathlib import Path

from osallisuus.cli.frame import in_frame
from osallisuus.errors import StoreError
from osallisuus.release import Release, exporter_of
from osallisuus.reports.document import Document, Text
from osallisuus.whole import refuse_nameless, refuse_precious, unwritable

__all__ = ["refuse_closed", "refuse_places", "refuse_unrendered", "rendered"]


_READ = ("file", "since", "look", "template", "report", "program")
"""Arguments that name a file that is read, the last two where they end in ``.toml``."""


def refuse_places(arguments: argparse.Namespace) -> None:
    """:class:`StoreError` where ``--out`` or ``--freeze`` cannot be written, or not without a loss.

    They are two files, and none of those that the command reads, by whatever path.
    """
    written = {"--out": arguments.out, "--freeze": getattr(arguments, "freeze", None)}
    places = {name: Path(place) for name, place in written.items() if place is not None}
    for one, other in combinations(places, 2):
        if _same(places[one], places[other]):
            raise _lost(f"{one} and {other} name the same file", places[one])
    read = {name: getattr(arguments, name, None) for name in _READ}
    sources = [Path(one) for name, one in read.items()
               if one is not None and (name not in _READ[-2:] or one.endswith(".toml"))]  # fmt: skip
    for name, place in places.items():
        for source in sources:
            if _same(place, source):
                raise _lost(f"{name} names a file that is read here", place)
    for place in places.values():
        _refuse_unwritable(place, overwrite=arguments.overwrite)
    if arguments.out is not None and arguments.format is None:
        exporter_of(places["--out"])


def refuse_closed(folder: Path, place: Path, what: str) -> None:
    """:class:`StoreError` where *what*, such as a file, cannot be made at *place* in the *folder*.

    It is tried with a file without a name: rights alone do not tell of a disk that is read only.
    """
    problem = None
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except (OSError, ValueError) as error:
        problem = unwritable(error, place, what)
    if problem is not None:
        raise problem


def rendered(release: Release, arguments: argparse.Namespace) -> bytes:
    """The bytes of *release* in the form, and the frame, that were asked for."""
    framed = in_frame(release, arguments)
    if framed is not None:
        return framed
    return release.render(arguments.format or exporter_of(Path(arguments.out)))


def refuse_unrendered(arguments: argparse.Namespace) -> None:
    """Tell what the exporter or the frame lacks: it writes a page on which nothing stands yet."""
    if arguments.format in (None, "text") and arguments.out is None:
        return
    nothing = Document(
        title=arguments.report,
        locale=arguments.locale,
        blocks=(Text((arguments.report,)),),
        internal=arguments.profile == "internal",
    )
    rendered(Release(nothing), arguments)


def _same(one: Path, other: Path) -> bool:
    """Whether both lead to one file, also one that is not there yet."""
    try:
        if one.exists() and other.exists():
            return one.samefile(other)
        return one.resolve() == other.resolve()
    except (OSError, ValueError, RuntimeError):
        return False  # no path: writing it will say why


def _lost(what: str, place: Path) -> StoreError:
    return StoreError(what, where=str(place), remedy="name another file: this one would be lost")


def _refuse_unwritable(path: Path, *, overwrite: bool) -> None:
    refuse_nameless(path)
    refuse_precious(path)
    there, problem = True, None
    try:
        os.lstat(path)
    except FileNotFoundError:
        there = False
    except (OSError, ValueError) as error:  # such as a name that is too long
        problem = unwritable(error, path, "file")
    if problem is not None:
        raise problem
    if there and not overwrite:
        raise StoreError("the file is there already", where=str(path), remedy="--overwrite")
    if path.is_dir() and not path.is_symlink():
        raise StoreError("this is a folder", where=str(path), remedy="name a file")
    refuse_closed(path.parent, path, "file")
