"""What a shell completes after ``osallisuus``: commands, options, files and installed names."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from typing import Any, Final

from osallisuus.extra import library

__all__ = ["SHELLS", "completion"]

SHELLS: Final = ("bash", "zsh", "fish")
"""The shells for which a script can be made."""

_FILES: Final = ("STORE", "SOURCE", "FILE", "PLACE")
_INSTALLED: Final = {"metric": "metrics", "program": "programs"}
"""What an argument is called, and the command that lists the names it may have."""


def completion(arguments: argparse.Namespace) -> int:
    """``completion SHELL``: the script that the shell reads, on stdout."""
    from osallisuus.cli.commands import build_parser

    shtab = library("shtab", "cli")
    parser = build_parser()
    for action, command in _arguments(parser):
        if (chosen := _completed(action, command, shtab)) is not None:
            action.complete = chosen
    preamble = {"bash": _BASH, "zsh": _ZSH}
    print(shtab.complete(parser, shell=arguments.shell, preamble=preamble))
    return 0


def _arguments(parser: argparse.ArgumentParser, command: str = "") -> Iterator[tuple[Any, str]]:
    """Every argument of every command, with the command's name."""
    for action in parser._actions:  # noqa: SLF001 - argparse has no other way to look at them
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            for name, inner in action.choices.items():
                yield from _arguments(inner, command or name)
        else:
            yield action, command


def _completed(action: argparse.Action, command: str, shtab: Any) -> Mapping[str, str] | None:
    listing = _INSTALLED.get(action.dest)
    if action.dest == "name" and command in _INSTALLED.values():
        listing = command
    if action.metavar == "FOLDER":
        return dict(shtab.DIRECTORY)
    if listing is None or action.metavar == "FILE":
        return dict(shtab.FILE) if action.metavar in _FILES else None
    return {
        "bash": f"_osallisuus_{listing}",
        "zsh": f"{{_osallisuus_names {listing}}}",
        "fish": f"(osallisuus {listing} 2>/dev/null | string split -f 1 ' ')",
    }


_BASH: Final = "\n".join(
    f"_osallisuus_{listing}() {{ "
    f'compgen -W "$(osallisuus {listing} 2>/dev/null | cut -d" " -f1)" -- "$1"; }}'
    for listing in _INSTALLED.values()
)
_ZSH: Final = """_osallisuus_names() {
  local -a names
  names=(${(f)"$(osallisuus $1 2>/dev/null | cut -d' ' -f1)"})
  compadd -a names
}"""
