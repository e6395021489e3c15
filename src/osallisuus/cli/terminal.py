"""What an open terminal allows: tables that fit its window, and a sign of what went wrong.

A stream is *rich* where somebody looks at it, its terminal can do more than print letters, and the
extra ``cli`` is installed. Everything else gets plain text: a file, a pipe, ``TERM=dumb``. Colours
repeat what the words say and never carry a meaning alone; ``NO_COLOR`` takes them away.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Collection, Sequence
from importlib.util import find_spec
from typing import Any, Final, TextIO

__all__ = ["is_rich", "print_json", "print_problem", "print_table", "room"]

_DUMB: Final = ("dumb", "unknown")
_NARROWEST: Final = 40
"""Columns: in a still narrower window lines are broken by the terminal, not by us."""


def is_rich(stream: TextIO) -> bool:
    """Whether *stream* is a capable terminal and there is a library to make use of it."""
    return _is_open(stream) and find_spec("rich") is not None


def room(stream: TextIO) -> int | None:
    """The columns of the window behind *stream*; ``None`` where it is no terminal."""
    if not stream.isatty():
        return None
    try:
        columns = os.get_terminal_size(stream.fileno()).columns
    except (OSError, ValueError):
        return None
    # a terminal that does not know its size says 0
    return max(columns, _NARROWEST) if columns else None


def print_table(
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    right: Collection[int] = (),
    bare: bool = False,
) -> None:
    """A table on stdout; the columns with the numbers *right* are set to the right.

    Plain, it is one line for each row, so that other programs can take it apart; a *bare* one is
    then without its heads.
    """
    if is_rich(sys.stdout):
        _print_rich(heads, rows, right)
        return
    lines = list(rows) if bare else [heads, *rows]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for row in lines:
        cells = (
            text.rjust(width) if number in right else text.ljust(width)
            for number, (text, width) in enumerate(zip(row, widths, strict=True))
        )
        print("  ".join(cells).rstrip())


def _print_rich(
    heads: Sequence[str], rows: Sequence[Sequence[str]], right: Collection[int]
) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for number, head in enumerate(heads):
        table.add_column(Text(_safe(head)), justify="right" if number in right else "left")
    for row in rows:
        # as they are: square brackets in a name are no markup
        table.add_row(*(Text(_safe(text)) for text in row))
    _console(sys.stdout).print(table)


def print_json(data: Any) -> None:
    """*data* as JSON on stdout, for another program: never coloured, never broken to fit."""
    print(json.dumps(data, indent=2, ensure_ascii=False))


def print_problem(code: str, text: str) -> None:
    """What went wrong, as one line on stderr that begins with the *code* of the problem."""
    if is_rich(sys.stderr):
        from rich.text import Text

        line = Text.assemble((code, "bold red"), f": {_safe(text)}")
        _console(sys.stderr).print(line, soft_wrap=True)
    else:
        print(f"{code}: {text}", file=sys.stderr)


def _console(stream: TextIO) -> Any:
    from rich.console import Console

    # rich looks at NO_COLOR and at what an old Windows console can show
    return Console(file=stream, width=room(stream))


def _is_open(stream: TextIO) -> bool:
    """Whether somebody looks at it, through a terminal that can move its cursor."""
    return stream.isatty() and os.environ.get("TERM", "").lower() not in _DUMB


def _safe(text: str) -> str:
    """*text* without signs that would steer a terminal."""
    return "".join(sign if sign.isprintable() or sign == "\n" else "\ufffd" for sign in text)
