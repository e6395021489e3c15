"""Reports on several programmes as pages that are linked to each other."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from osallisuus import plugins
from osallisuus.cli.frame import dressed, look_of
from osallisuus.cli.releases import say_what_matters
from osallisuus.cli.report import hidden_note
from osallisuus.cli.store import existing
from osallisuus.errors import StoreError
from osallisuus.register import code_of
from osallisuus.release import parts_by_place, release_together
from osallisuus.reports.document import Document
from osallisuus.whole import whole

__all__ = ["site"]


def site(arguments: argparse.Namespace) -> int:
    """``site STORE --program NAME … --out FOLDER``: one release, whatever the number of pages."""
    place = Path(arguments.out)
    _refuse_taken(place, overwrite=arguments.overwrite)
    look = look_of(arguments)
    # a page is named by the code, also where a file defines the programme
    programs = {code_of(program): program for program in reversed(arguments.program)}
    names = list(dict.fromkeys(map(code_of, arguments.program)))
    with existing(arguments.store, "report") as register:
        asked = [
            register.report(
                arguments.report,
                program=programs[name],
                by=arguments.by,
                periods=arguments.periods,
                as_of=arguments.as_of,
                confidence=arguments.confidence,
                locale=arguments.locale,
            )
            for name in names
        ]
        releases = release_together(asked, arguments.profile)
    documents: dict[str, Document] = {}
    for name, report, release in zip(names, asked, releases, strict=True):
        documents[name] = dressed(release, look).document
        for number, part in enumerate(parts_by_place(report, release), start=1):
            documents[f"{name}-{number}"] = dressed(part, look).document
    if releases[0].released is not None:
        say_what_matters(releases[0].released, look="--profile internal")
    pages = plugins.load("exporters", "html")().site(documents)
    _write(place, pages, overwrite=arguments.overwrite)
    print(place / "index.html")
    hidden = sum(release.hidden for release in releases)
    if hidden:
        print(hidden_note(hidden), file=sys.stderr)
    return 0


def _refuse_taken(place: Path, *, overwrite: bool) -> None:
    taken = place.exists() and not (overwrite and (place / "index.html").is_file())
    if taken or place.is_symlink():
        raise StoreError("there is something already", where=str(place), remedy="name a new folder")
    if not place.parent.is_dir():
        raise StoreError(
            "the folder cannot be written: no such file or directory",
            where=str(place),
            remedy="make the folder it is to stand in",
        )


def _write(place: Path, pages: dict[str, bytes], *, overwrite: bool) -> None:
    """The folder as a whole or not at all, for its owner's eyes only; an old one goes with it."""
    with whole(place, what="folder", overwrite=overwrite) as made:
        made.mkdir()
        for name, content in pages.items():
            made.joinpath(name).write_bytes(content)
