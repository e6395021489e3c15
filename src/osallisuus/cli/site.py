"""Reports on several programmes as pages that are linked to each other."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Final

from osallisuus import plugins
from osallisuus.cli.frame import dressed, look_of
from osallisuus.cli.releases import say_what_matters
from osallisuus.cli.report import hidden_note
from osallisuus.cli.report_places import refuse_closed
from osallisuus.cli.store import existing, refuse_own
from osallisuus.errors import StoreError
from osallisuus.register import code_of
from osallisuus.release import parts_by_place, release_together
from osallisuus.reports.document import Document
from osallisuus.whole import refuse_nameless, refuse_precious, whole

__all__ = ["site"]

_BEGINNING: Final = 1_000
"""Bytes of a page, among which its policy stands."""


def site(arguments: argparse.Namespace) -> int:
    """``site STORE --program NAME … --out FOLDER``: one release, whatever the number of pages."""
    place = Path(arguments.out)
    refuse_own(arguments.store, arguments.out)
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
        say_what_matters(releases[0].released)
    pages = plugins.load("exporters", "html")().site(documents)
    _write(place, pages, overwrite=arguments.overwrite)
    print(place / "index.html")
    hidden = sum(release.hidden for release in releases)
    if hidden:
        print(hidden_note(hidden), file=sys.stderr)
    return 0


def _refuse_taken(place: Path, *, overwrite: bool) -> None:
    refuse_nameless(place, "folder")
    if place.is_symlink() or (place.exists() and not (overwrite and place.is_dir())):
        raise StoreError("there is something already", where=str(place), remedy="name a new folder")
    refuse_precious(place, _is_site)
    refuse_closed(place.parent, place, "folder")


def _write(place: Path, pages: dict[str, bytes], *, overwrite: bool) -> None:
    """The folder as a whole or not at all, for its owner's eyes only; an old one goes with it."""
    with whole(place, what="folder", overwrite=overwrite, ours=_is_site) as made:
        made.mkdir()
        for name, content in pages.items():
            made.joinpath(name).write_bytes(content)


def _is_site(place: Path) -> bool:
    """Whether nothing but pages of ours is in the folder: each says its policy near its beginning."""
    return all(map(_is_page, place.iterdir()))


def _is_page(file: Path) -> bool:
    if file.suffix != ".html" or file.is_symlink() or not file.is_file():
        return False
    policy: str = plugins.load("exporters", "html").policy
    with file.open("rb") as page:
        return policy.encode() in page.read(_BEGINNING)
