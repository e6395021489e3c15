"""Programme definitions out of TOML: the whole text is judged before anything is refused.

``read_program`` gives a :class:`~osallisuus.model.program.Program`, or one
:class:`~osallisuus.errors.DefinitionError` that holds every problem: unknown and missing keys,
wrong types, unknown codes, broken references. Each names its key as ``where:roles[1].code``.
"""

from __future__ import annotations

import tomllib
from re import search
from typing import Any

from osallisuus.errors import DefinitionError, LimitError, Problem
from osallisuus.model.program import Program
from osallisuus.model.references import Unbuilt, reference_problems
from osallisuus.model.structure import structure

__all__ = ["LARGEST_DEFINITION", "read_program"]

LARGEST_DEFINITION = 1_000_000
"""Bytes. A definition is written by people; the largest shipped one has a twentieth of it."""

_DEEPEST = 60
"""Levels of nesting: far more than any questionnaire has, far less than the stack holds."""


def read_program(text: str | bytes, where: str) -> Program:
    """The programme that the TOML *text* defines; *where* names it in problems, as a file name.

    Raises :class:`DefinitionError` with all problems, :class:`LimitError` for a text that is too
    long or nested too deep to be a definition.
    """
    table = _parse(_decode(text, where), where)
    problems: list[Problem] = []
    program = structure(Program, table, "", problems)
    if isinstance(program, Unbuilt):
        # a complete programme has checked its references itself
        known = {(problem.what, problem.where) for problem in problems}
        problems += [p for p in reference_problems(program) if (p.what, p.where) not in known]
    if problems:
        raise DefinitionError(
            Problem(one.what, f"{where}:{one.where}" if one.where else where, one.remedy)
            for one in problems
        )
    done: Program = program
    return done


def _decode(text: str | bytes, where: str) -> str:
    if len(text) > LARGEST_DEFINITION:
        raise LimitError(
            f"a definition of more than {LARGEST_DEFINITION} bytes",
            where=where,
            remedy="check that this is the right file",
        )
    if isinstance(text, str):
        return text
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError as error:
        line = text[: error.start].count(b"\n") + 1
    raise DefinitionError("not UTF-8", where=f"{where}:line {line}", remedy="save it as UTF-8")


def _parse(text: str, where: str) -> dict[str, Any]:
    message = ""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message, table = str(error), {}
    except RecursionError:
        table = None
    if table is None or _deeper_than(_DEEPEST, table):
        raise LimitError(
            f"nested deeper than {_DEEPEST} levels", where=where, remedy="define it in fewer levels"
        )
    if not message:
        return table
    found = search(r"\(at line (\d+), column \d+\)", message)
    line = f"line {found[1]}" if found else "its end"
    what = message.partition(" (at ")[0]
    raise DefinitionError(f"not TOML: {what}", where=f"{where}:{line}", remedy="correct it there")


def _deeper_than(levels: int, table: dict[str, Any]) -> bool:
    """Whether tables and lists are nested deeper than that; found without recursion."""
    here: list[Any] = [table]
    for _ in range(levels):
        below = [item.values() if isinstance(item, dict) else item for item in here]
        here = [one for items in below for one in items if isinstance(one, dict | list)]
    return bool(here)
