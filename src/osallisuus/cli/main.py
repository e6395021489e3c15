"""The command line: thin. Data go to stdout, progress and problems to stderr.

Exit codes: 0 done; 1 not done, and stderr says why; 2 the command line itself is wrong; 130 stopped
by Ctrl-C, with nothing half done left behind.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper

from osallisuus import plugins
from osallisuus.cli.commands import build_parser
from osallisuus.cli.problems import tell
from osallisuus.errors import OsallisuusError

__all__ = ["main"]


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the return value is the exit code."""
    # a command lives for a moment and makes many lasting values: collect garbage seldom
    gc.set_threshold(100_000)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # the same bytes whatever the terminal is set to
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        allowed = os.environ.get("OSALLISUUS_PLUGINS")
        if allowed is not None:
            plugins.allow_only(*allowed.replace(",", " ").split())
        arguments = build_parser().parse_args(argv)
        code = int(arguments.run(arguments))
        sys.stdout.flush()
        return code
    except (OsallisuusError, OSError, KeyboardInterrupt) as error:
        return tell(error)
