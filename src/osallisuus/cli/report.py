"""A report on one programme."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from osallisuus import plugins
from osallisuus.cli.frame import dressed, in_frame, look_of, refuse_frame
from osallisuus.cli.printed import print_document
from osallisuus.cli.progress import Progress
from osallisuus.cli.releases import say_what_matters
from osallisuus.cli.review import print_review
from osallisuus.cli.store import existing, refuse_own
from osallisuus.errors import StoreError
from osallisuus.release import Release, exporter_of
from osallisuus.whole import refuse_nameless, refuse_precious, write_whole

__all__ = ["hidden_note", "reissue", "report"]


def report(arguments: argparse.Namespace) -> int:
    """``report STORE --program NAME``."""
    # what cannot be written is told before the work: a release is remembered for good
    if arguments.format is not None:
        plugins.load("exporters", arguments.format)
    refuse_frame(arguments)
    refuse_own(arguments.store, arguments.out, arguments.freeze)
    if arguments.out is not None:
        _refuse_out(arguments)
    if arguments.freeze is not None:
        _refuse_unwritable(Path(arguments.freeze), overwrite=arguments.overwrite)
    look = look_of(arguments)
    with existing(arguments.store, "report", engine=arguments.engine) as register:
        asked = register.report(
            arguments.report,
            program=arguments.program,
            by=arguments.by,
            periods=arguments.periods,
            as_of=arguments.as_of,
            confidence=arguments.confidence,
            locale=arguments.locale,
        )
        if arguments.review:
            with Progress("reviewing"):
                certificate = asked.review(arguments.profile)
            print_review(certificate)
            return 0
        since = None if arguments.since is None else Release.thaw(arguments.since)
        with Progress("measuring"):
            release = dressed(asked.release(arguments.profile, since=since), look)
        if release.released is not None:
            say_what_matters(release.released, look="--profile internal")
        for problem in release.left_out:
            print(problem, file=sys.stderr)
        if arguments.freeze is not None:
            path = release.freeze(arguments.freeze, overwrite=arguments.overwrite)
            print(f"kept as {path}", file=sys.stderr)
    return _give(release, arguments)


def reissue(arguments: argparse.Namespace) -> int:
    """``reissue FILE``: a report that was kept; of the facts only whether quotes still stand."""
    refuse_frame(arguments)
    refuse_own(arguments.store, arguments.out)
    if arguments.store is None:
        release = Release.thaw(arguments.file).ready()
    else:
        with existing(arguments.store, "report") as register:
            release = register.reissue(arguments.file)
    release = dressed(release, look_of(arguments))
    if arguments.out is not None:
        _refuse_out(arguments)
    return _give(release, arguments)


def _give(release: Release, arguments: argparse.Namespace) -> int:
    """Print it, or write it to its file."""
    framed = in_frame(release, arguments)
    if arguments.out is None:
        if framed is not None:
            sys.stdout.buffer.write(framed)
        elif arguments.format in (None, "text"):
            print_document(release.document)
        else:
            sys.stdout.buffer.write(release.render(arguments.format))
        return 0
    with Progress("writing"):
        if framed is None:
            framed = release.render(arguments.format or exporter_of(Path(arguments.out)))
        path = write_whole(Path(arguments.out), framed, overwrite=arguments.overwrite)
    print(path)
    if release.hidden:
        print(hidden_note(release.hidden), file=sys.stderr)
    return 0


def _refuse_out(arguments: argparse.Namespace) -> None:
    path = Path(arguments.out)
    if arguments.format is None:
        exporter_of(path)
    _refuse_unwritable(path, overwrite=arguments.overwrite)


def _refuse_unwritable(path: Path, *, overwrite: bool) -> None:
    refuse_nameless(path)
    refuse_precious(path)
    if not overwrite and path.exists():
        raise StoreError("the file is there already", where=str(path), remedy="--overwrite")
    if not path.parent.is_dir():
        raise StoreError(
            "the file cannot be written: no such file or directory",
            where=str(path),
            remedy="make its folder, or choose another place",
        )


def hidden_note(count: int) -> str:
    """How many figures are hidden, and why."""
    return f"{count} {'figure' if count == 1 else 'figures'} hidden to protect people"
