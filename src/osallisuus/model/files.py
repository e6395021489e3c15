"""Files that a user names: read up to a stated size, and TOML up to a stated depth.

A device that never ends, a number of a million digits and a list in a list in a list are refused
before anything is made of them, each with its place. Every TOML file of ours is read here.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from re import search
from typing import Any, Final

from osallisuus.errors import DefinitionError, LimitError, Problem

__all__ = ["LARGEST_DEFINITION", "content_of", "read_toml"]

LARGEST_DEFINITION: Final = 1_000_000
"""Bytes. A definition is written by people; the largest shipped one has a twentieth of it."""

_DEEPEST: Final = 60
"""Levels of nesting: far more than any questionnaire has, far less than the stack holds."""

_BIGGEST: Final = 10**18
"""As in the facts: no number that people write is as big."""

_MARK: Final = "\ufeff"
"""Stands at the beginning of a UTF-8 file that some editors write."""


def content_of(path: Path, what: str, *, most: int = LARGEST_DEFINITION) -> bytes:
    """The bytes of the file at *path*, which *what* names in problems, such as "the definition".

    Never reads further than *most*, whatever the file says of its size: a device says 0. Raises
    :class:`LimitError` for a longer one and :class:`DefinitionError` where it cannot be read.
    """
    try:
        with path.open("rb") as file:
            content = file.read(most + 1)
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
    except ValueError:  # a path with a character that no path has
        reason = "no such path"
    else:
        _refuse_long(content, path.name, most)
        return content
    raise DefinitionError(
        f"{what} cannot be read: {reason}", where=str(path), remedy="check the path"
    )


def read_toml(text: str | bytes, where: str) -> dict[str, Any]:
    """The table that the TOML *text* holds; *where* names it in problems, as a file name.

    Raises :class:`DefinitionError` for what is no TOML in UTF-8 and for numbers that are none,
    :class:`LimitError` for a text that is too long or nested too deep.
    """
    _refuse_long(text, where, LARGEST_DEFINITION)
    table = _parsed(_decoded(text, where).removeprefix(_MARK), where)
    problems = [
        Problem("not a number that can be used", f"{where}:{path}", "give fewer than 19 digits")
        for path, value in _leaves(table, where)
        if isinstance(value, int | float) and not _usable(value)
    ]
    if problems:
        raise DefinitionError(problems)
    return table


def _refuse_long(text: str | bytes, where: str, most: int) -> None:
    if len(text) > most:
        raise LimitError(
            f"a file of more than {most} bytes",
            where=where,
            remedy="check that this is the right file",
        )


def _decoded(text: str | bytes, where: str) -> str:
    if isinstance(text, str):
        return text
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError as error:
        line = text[: error.start].count(b"\n") + 1
    raise DefinitionError("not UTF-8", where=f"{where}:line {line}", remedy="save it as UTF-8")


def _parsed(text: str, where: str) -> dict[str, Any]:
    message = ""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message = str(error)
    except ValueError:  # int() refuses to read so many digits
        message = "a number of too many digits"
    except RecursionError:
        pass
    if not message:
        raise _too_deep(where)
    what, _, place = message.partition(" (at ")
    found = search(r"line (\d+)", place)
    line = f":{found[0]}" if found else ":its end" if place else ""
    raise DefinitionError(f"not TOML: {what}", where=f"{where}{line}", remedy="correct it there")


def _usable(value: float) -> bool:
    return abs(value) < _BIGGEST  # never so for "not a number"


def _leaves(table: dict[str, Any], where: str) -> Iterator[tuple[str, Any]]:
    """Every value that is neither a table nor a list, with its key path; without recursion."""
    here: list[tuple[str, Any]] = [("", table)]
    for _ in range(_DEEPEST + 1):
        below: list[tuple[str, Any]] = []
        for path, value in here:
            if isinstance(value, dict):
                below += [(f"{path}.{key}" if path else key, one) for key, one in value.items()]
            elif isinstance(value, list):
                below += [(f"{path}[{place}]", one) for place, one in enumerate(value)]
            else:
                yield path, value
        here = below
    if here:
        raise _too_deep(where)


def _too_deep(where: str) -> LimitError:
    return LimitError(
        f"nested deeper than {_DEEPEST} levels", where=where, remedy="define it in fewer levels"
    )
