"""Writes docs/api_modules.md, a line for each module with public names; ``--check``: is it current?"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Final

from make_parts import main_of, paragraph, table

SOURCE = Path(__file__).resolve().parent.parent / "src" / "osallisuus"
TARGET = Path(__file__).with_name("api_modules.md")
HEAD = """\
# Every module

For those who work on the library or beside it. What programs should use stands in [](api.md). Each
name says in its own docstring what it is: `python -m pydoc osallisuus.time`.

This page is written by `docs/make_modules.py`.

"""
WHAT: Final = {
    "calendars": "Holidays, closures and calendar files.",
    "conformance": "Ready tests for those who write a plug-in.",
    "disclosure": "Between counting and showing: what has to be hidden, and the proof.",
    "doctor": "What is weak or broken in an installation or a store.",
    "engines": "Adapters that run the query of a metric.",
    "exporters": "Adapters that write a report or facts in one format.",
    "ingest": "Fact folders and people's own lists into facts.",
    "metrics": "Cases, kinds, estimators, figures.",
    "model": "What is offered and what happened: frozen values, and the ports of stores and sinks.",
    "programs": "The shipped programmes.",
    "register": "The one door for applications.",
    "release": "A report, and what of it may leave.",
    "reports": "Documents of blocks, before anybody decides how they look.",
    "rules": "Pure decisions over definitions and facts.",
    "simulate": "Made-up facts.",
    "sinks": "Published copies for engines.",
    "solvers": "Solvers for groups.",
    "stores": "Adapters that keep facts and their history.",
    "vault": "Names and contacts, sealed and apart.",
    "words": "Finnish, Swedish and English, and the numbers and days in them.",
}
"""Package -> what it is. The modules that stand in none come first."""
NOT_HERE = ("cli", "__main__")
"""The command line is used by its commands, not from Python."""


def modules() -> Iterator[tuple[str, str, list[str]]]:
    """Dotted name below the package, first paragraph and public names of every module with some."""
    for path in sorted(SOURCE.rglob("*.py")):
        parts = path.relative_to(SOURCE).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        tree = ast.parse(path.read_text("utf-8"))
        names = _public(tree)
        if name and names and name.split(".")[0] not in NOT_HERE:
            yield name, paragraph(ast.get_docstring(tree)), names


def _public(tree: ast.Module) -> list[str]:
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if any(isinstance(one, ast.Name) and one.id == "__all__" for one in targets):
            value = getattr(node, "value", None)
            return list(ast.literal_eval(value)) if isinstance(value, ast.List | ast.Tuple) else []
    return []


def page() -> str:
    """The whole page."""
    parts = [HEAD]
    found = sorted(modules(), key=lambda one: (_package(one[0]), one[0]))
    for package, members in groupby(found, key=lambda one: _package(one[0])):
        title = f"osallisuus.{package}" if package else "The ground"
        said = WHAT[package] if package else "What every other module stands on."
        parts.append(f"## {title}\n\n{said}\n")
        rows = [
            (f"`{name}`", told.replace("<", "\\<"), ", ".join(f"`{one}`" for one in names))
            for name, told, names in members
        ]
        parts.append(table(("module", "what it is", "public names"), rows))
    return "\n".join(parts)


def _package(name: str) -> str:
    first = name.split(".", maxsplit=1)[0]
    return first if (SOURCE / first).is_dir() else ""


if __name__ == "__main__":
    raise SystemExit(main_of({TARGET: page()}))
