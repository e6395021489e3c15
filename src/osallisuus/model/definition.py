"""Definitions out of TOML: the whole text is judged before anything is refused.

``read_program`` gives a :class:`~osallisuus.model.program.Program`, ``read_definition`` any other
class of definitions, or one :class:`~osallisuus.errors.DefinitionError` that holds every problem:
unknown and missing keys, wrong types, unknown codes, broken references. Each names its key as
``where:roles[1].code``.
"""

from __future__ import annotations

from typing import Any

from osallisuus.errors import DefinitionError, Problem
from osallisuus.model.files import read_toml
from osallisuus.model.program import Program
from osallisuus.model.references import Unbuilt, reference_problems
from osallisuus.model.structure import structure

__all__ = ["read_definition", "read_program"]


def read_program(text: str | bytes, where: str) -> Program:
    """The programme that the TOML *text* defines; *where* names it in problems, as a file name.

    Raises :class:`DefinitionError` with all problems, :class:`LimitError` for a text that is too
    long or nested too deep to be a definition.
    """
    program: Program = read_definition(Program, text, where)
    return program


def read_definition(kind: type, text: str | bytes, where: str) -> Any:
    """The definition of the attrs class *kind* in the TOML *text*; errors as of a programme."""
    table = read_toml(text, where)
    problems: list[Problem] = []
    read = structure(kind, table, "", problems)
    if isinstance(read, Unbuilt) and kind is Program:
        # a complete programme has checked its references itself
        known = {(problem.what, problem.where) for problem in problems}
        problems += [p for p in reference_problems(read) if (p.what, p.where) not in known]
    if problems:
        raise DefinitionError(
            Problem(one.what, f"{where}:{one.where}" if one.where else where, one.remedy)
            for one in problems
        )
    return read
