"""Writes docs/errors.md: every class of error and every kind of finding; ``--check``: is it current?

What a finding says and what would settle it are taken from where the rules make it. Words that
depend on the facts are written as ``…``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from make_parts import main_of, paragraph, table

from osallisuus import errors
from osallisuus.errors import OsallisuusError
from osallisuus.rules.severity import KINDS, SEVERITIES

SOURCE = Path(errors.__file__).parent
TARGET = Path(__file__).with_name("errors.md")

TO_DO: Final = {
    "OsallisuusError": "Catch this one to catch them all.",
    "DefinitionError": "Correct the named key or setting. Every key stands in [](definitions.md).",
    "ImportProblem": "Correct the list or folder at the named places and import it again; nothing "
    "has to be taken back.",
    "StoreError": "`osallisuus doctor STORE` looks at the place, its rights and its disk; "
    "`osallisuus verify STORE` at what it holds.",
    "StoreBusy": "Try again; if it stays so, another program has the store open.",
    "VersionConflict": "Read the fact again, decide with what somebody else has written, and write "
    "it again.",
    "EngineError": "The message says what the engine lacks. Every metric can be asked of the "
    "store's own engine: leave `--engine` out.",
    "UndefinedFigure": "Ask `figure.status` first, or show `str(figure)`: a hidden or undefined "
    "figure has words and no number.",
    "DisclosureError": "Ask for less detail: fewer groups, longer periods. `--review` says "
    "beforehand what would stay hidden ([](disclosure.md)).",
    "PluginError": "`osallisuus plugins NAME` says which package it comes from and what is wrong "
    "with it; a missing extra is named with the command that installs it.",
    "LimitError": "Divide the input, or find out why it is so large: the limits are far above "
    "what programmes have.",
    "ErasureError": "Nothing counts as erased yet. Mend what is named and run the same erasure "
    "again: it goes on where it stopped ([](erasure.md)).",
}
"""Error -> what somebody who meets it can do."""

HEAD = """\
# Errors and findings

An **error** stops what you were doing: nothing half done is left behind. A **finding** stops
nothing: it is something in the facts that deserves a look ([](findings.md)). Both say what, where
and what would help, and neither ever repeats a value out of a person's data.

This page is written by `docs/make_errors.py` from the code itself.

## Errors

All of them are classes of `osallisuus`, and under one root. On the command line an error is one
line on stderr, `code: what @ where (what would help)`, and the exit code is 1. In Python
`error.problems` holds a {py:class}`osallisuus.Problem` for each thing that is wrong.

```python
>>> import osallisuus as osa
>>> try:
...     osa.program("vernaa")
... except osa.OsallisuusError as error:
...     for problem in error.problems:
...         print(error.code, "|", problem.where, "|", problem.remedy)
plugin | programs | did you mean 'verna'?

```

"""

TAIL = """\
## Findings

`osallisuus check STORE` and `register.check()` give them, most urgent first. The code is the same in
every language and version. `…` stands for words that depend on the facts.

"""

SAID = {
    "protection": "Somebody's privacy, freedom or right is at stake: act first.",
    "contradiction": "Facts that cannot all be so: figures made of them are wrong until one is "
    "corrected.",
    "promise": "The facts may well be right, and something is not as the programme says of itself.",
    "information": "Good to know; nothing has to be done, and it is no error.",
}


def every_error() -> list[type[OsallisuusError]]:
    """The classes of errors that are public, parents before their children."""
    found: list[type[OsallisuusError]] = []

    def add(one: type[OsallisuusError]) -> None:
        found.append(one)
        for child in one.__subclasses__():
            if child.__name__ in errors.__all__:
                add(child)

    add(OsallisuusError)
    return found


def _errors() -> Iterator[str]:
    for one in every_error():
        parent = one.__mro__[1]
        facts = f"Code `{one.code}`; a kind of `{parent.__name__}`."
        yield f"### {one.__name__}\n\n{paragraph(one.__doc__)}\n\n{facts}\n\n{TO_DO[one.__name__]}\n"


def sayings() -> dict[str, list[tuple[str, str]]]:
    """Code of a finding -> what it says and what would settle it, for each place that makes it."""
    found: dict[str, list[tuple[str, str]]] = {code: [] for code in KINDS}
    for path in sorted(SOURCE.rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        known = dict(_constants(tree))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "Finding":
                code, what, _, remedy = node.args
                if isinstance(code, ast.Constant):
                    said = _words(what, known), _words(remedy, known)
                    if said not in found[str(code.value)]:
                        found[str(code.value)].append(said)
    return found


def _constants(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in tree.body:
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        value = getattr(node, "value", None)
        if isinstance(target, ast.Name) and isinstance(value, ast.Constant):
            yield target.id, str(value.value)


def _words(node: ast.expr, known: dict[str, str]) -> str:
    """The text that an expression comes to, as far as it can be read without running it."""
    match node:
        case ast.Constant():
            return str(node.value).replace("<", "\\<")
        case ast.JoinedStr():
            return "".join(_words(part, known) for part in node.values)
        case ast.FormattedValue():
            return _words(node.value, known)
        case ast.Name() if node.id in known:
            return known[node.id]
        case ast.IfExp():
            return f"{_words(node.body, known)}; or {_words(node.orelse, known)}"
        case _:
            return "…"


def _findings() -> Iterator[str]:
    said = sayings()
    for severity in SEVERITIES:
        yield f"### {severity}\n\n{SAID[severity]}\n"
        rows = []
        for code, kind in KINDS.items():
            if kind.severity == severity:
                whats = "; or: ".join(dict.fromkeys(what for what, _ in said[code]))
                helps = "; or: ".join(dict.fromkeys(remedy for _, remedy in said[code]))
                rows.append((f"`{code}`", whats, helps, kind.requirement))
        yield table(("code", "what it says", "what would settle it", "requirement"), rows)


def page() -> str:
    """The whole page."""
    return HEAD + "\n".join(_errors()) + "\n" + TAIL + "\n".join(_findings())


if __name__ == "__main__":
    raise SystemExit(main_of({TARGET: page()}))
