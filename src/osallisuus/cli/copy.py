"""All that is recorded of a person, for themselves."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from osallisuus import plugins
from osallisuus.cli.store import existing, refuse_own
from osallisuus.whole import write_whole

__all__ = ["copy"]


def copy(arguments: argparse.Namespace) -> int:
    """``copy STORE PERSON``: Markdown, or any format of reports, for its owner's eyes only."""
    if arguments.format is not None:
        plugins.load("exporters", arguments.format)
    refuse_own(arguments.store, arguments.out)
    with existing(arguments.store, "own copy") as register:
        if arguments.format is None:
            text = register.own_copy(arguments.person, locale=arguments.locale)
            content = text.encode()
        else:
            release = register.participant_copy(arguments.person, locale=arguments.locale)
            content = release.render(arguments.format)
    if arguments.out is None:
        sys.stdout.buffer.write(content)
        return 0
    print(write_whole(Path(arguments.out), content))
    return 0
