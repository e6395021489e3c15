"""How a page looks: an organisation's own name and colour, and its own frame around the page."""

from __future__ import annotations

import argparse
from pathlib import Path

from attrs import evolve

from osallisuus import plugins
from osallisuus.errors import DefinitionError, StoreError
from osallisuus.model.files import content_of
from osallisuus.release import Release, exporter_of
from osallisuus.reports.exporter import Exporter
from osallisuus.reports.look import Look, read_look

__all__ = ["dressed", "in_frame", "look_of", "refuse_frame"]


def look_of(arguments: argparse.Namespace) -> Look | None:
    """The look that the file of ``--look`` describes; ``None`` without one."""
    if arguments.look is None:
        return None
    path = Path(arguments.look)
    return read_look(content_of(path, "the look"), path.name)


def dressed(release: Release, look: Look | None) -> Release:
    """The same release in that look; as it is without one."""
    if look is None:
        return release
    return evolve(release, document=evolve(release.document, look=look))


def refuse_frame(arguments: argparse.Namespace) -> None:
    """Tell the faults of a ``--template`` before the work; only a web page has one."""
    if arguments.template is None:
        return
    kind = arguments.format or (
        "html" if arguments.out is None else exporter_of(Path(arguments.out))
    )
    if kind != "html":
        raise StoreError("only a web page has a template", where="--template", remedy="--as html")
    _exporter(arguments)


def in_frame(release: Release, arguments: argparse.Namespace) -> bytes | None:
    """The page in the frame of ``--template``; ``None`` without one."""
    if arguments.template is None:
        return None
    return _exporter(arguments).render(release.document)


def _exporter(arguments: argparse.Namespace) -> Exporter:
    path = Path(arguments.template)
    try:
        text = content_of(path, "the template").decode("utf-8")
    except (DefinitionError, UnicodeDecodeError):
        text = None
    if text is None:
        raise StoreError("the template cannot be read", where=str(path), remedy="name a UTF-8 file")
    framed: Exporter = plugins.load("exporters", "html").in_frame(text, path.name)
    return framed
