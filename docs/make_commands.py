"""Writes docs/commands.md: every command with all that it takes; ``--check`` says if it is current."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from make_parts import main_of, table

from osallisuus.cli.commands import build_parser
from osallisuus.cli.parser import EXAMPLES

TARGET = Path(__file__).with_name("commands.md")
HEAD = """\
# Every command and option

What holds for all commands, such as exit codes, JSON and languages, stands in [](command_line.md).
This page is written by `docs/make_commands.py` from the command line itself; `osallisuus COMMAND
--help` says the same.

"""
NOTES: Final = {
    "STORE": "a `.db` file, a folder of CSV files, a URL such as `sqlite:///x.db`, or "
    "`NAME:PLACE`, the store of a plug-in ([](stores.md))",
    "METRIC": "its name ([](metrics.md))",
    "PROGRAM": "a programme that is installed, or a TOML file",
    "PERSON": "the id of the person",
    "SOURCE": "a fact folder, or a list",
    "FILE": "a file that `report --freeze` has written",
    "PLACE": "`parquet:FOLDER` or `delta:FOLDER` ([](lakehouse.md))",
    "NAME": "one of them, to see its card",
}
"""What an argument without words of its own is, by what stands for it in the help."""


def commands() -> dict[str, argparse.ArgumentParser]:
    """Command -> its parser, in the order of the help; ``show roles`` is one of its own."""
    return dict(_below(build_parser(), ""))


def _below(parser: argparse.ArgumentParser, above: str) -> Iterator[tuple[str, Any]]:
    for action in parser._actions:  # noqa: SLF001
        if action.nargs == argparse.PARSER and isinstance(action.choices, Mapping):
            for name, one in action.choices.items():
                whole = f"{above} {name}".strip()
                yield whole, one
                yield from _below(one, whole)


def taken(parser: argparse.ArgumentParser) -> Iterator[tuple[str, str]]:
    """Each argument and option of a command as it is typed, and what it is."""
    for action in parser._actions:  # noqa: SLF001
        if action.dest == "help":
            continue
        said = [action.help or NOTES.get(str(action.metavar), "")]
        if action.choices:
            said.append("one of " + ", ".join(f"`{one}`" for one in action.choices))
        if action.option_strings and action.required:
            said.append("must be given")
        told = "default" in (action.help or "")
        if (
            isinstance(action.default, str | float)
            and action.default not in ("", False)
            and not told
        ):
            said.append(f"default: `{action.default}`")
        yield _typed(action), "; ".join(one for one in said if one)


def _typed(action: argparse.Action) -> str:
    value = str(action.metavar or action.dest.upper()) if action.nargs != 0 else ""
    if not action.option_strings:
        return f"`[{value}]`" if action.nargs == "?" else f"`{value}`"
    return ", ".join(
        f"`{name} {value}`" if value else f"`{name}`" for name in action.option_strings
    )


def _section(name: str, parser: argparse.ArgumentParser) -> str:
    level = "###" if " " in name else "##"
    title = f"{level} {name}\n\n{_sentence(parser.description or '')}\n"
    examples = "\n".join(f"$ osallisuus {one}" for one in EXAMPLES.get(name, ()))
    shown = f"```{{code-block}} console\n{examples}\n```\n" if examples else ""
    return "\n".join((title, table(("it takes", ""), taken(parser)), shown))


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + "."


def page() -> str:
    """The whole page."""
    every = commands()
    rows = [
        (f"[`{name}`](#{name.replace(' ', '-')})", one.description or "")
        for name, one in every.items()
    ]
    sections = [_section(name, parser) for name, parser in every.items()]
    return HEAD + table(("command", "for"), rows) + "\n" + "\n".join(sections)


if __name__ == "__main__":
    raise SystemExit(main_of({TARGET: page()}))
