"""A report on one programme."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from osallisuus import plugins
from osallisuus.cli.frame import dressed, look_of, refuse_frame
from osallisuus.cli.printed import print_document
from osallisuus.cli.progress import Progress
from osallisuus.cli.releases import say_what_matters
from osallisuus.cli.report_places import refuse_places, refuse_unrendered, rendered
from osallisuus.cli.review import print_review
from osallisuus.cli.store import existing, refuse_own
from osallisuus.release import Release
from osallisuus.whole import write_whole

__all__ = ["hidden_note", "reissue", "report"]

_ADVICE = (
    "more is hidden than shown: fewer strata or longer periods at once show more;"
    " with --review you see that before anything is released"
)


def report(arguments: argparse.Namespace) -> int:
    """``report STORE --program NAME``."""
    # what cannot be written is told before the work: a release is remembered for good
    if arguments.format is not None:
        plugins.load("exporters", arguments.format)
    refuse_frame(arguments)
    refuse_own(arguments.store, arguments.out, arguments.freeze)
    refuse_places(arguments)
    look = look_of(arguments)
    refuse_unrendered(arguments)
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
            say_what_matters(release.released)
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
    refuse_places(arguments)
    if arguments.store is None:
        release = Release.thaw(arguments.file).ready()
    else:
        with existing(arguments.store, "report") as register:
            release = register.reissue(arguments.file)
    release = dressed(release, look_of(arguments))
    return _give(release, arguments)


def _give(release: Release, arguments: argparse.Namespace) -> int:
    """Print it, or write it to its file."""
    if arguments.out is None:
        if arguments.template is None and arguments.format in (None, "text"):
            print_document(release.document)
        else:
            sys.stdout.buffer.write(rendered(release, arguments))
        return 0
    with Progress("writing"):
        made = rendered(release, arguments)
        path = write_whole(Path(arguments.out), made, overwrite=arguments.overwrite)
    print(path)
    if release.hidden:
        print(hidden_note(release.hidden), file=sys.stderr)
    if _is_mostly_hidden(release):
        print(_ADVICE, file=sys.stderr)
    return 0


def hidden_note(count: int) -> str:
    """How many figures are hidden, and why."""
    return f"{count} {'figure' if count == 1 else 'figures'} hidden to protect people"


def _is_mostly_hidden(release: Release) -> bool:
    """Whether of what was asked more is hidden than shown; never of what was kept."""
    if release.released is None:
        return False
    shown = sum(one.status == "shown" for result in release.released.results for one in result)
    return release.released.hidden > shown
