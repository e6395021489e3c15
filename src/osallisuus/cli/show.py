"""Views of a person, a case, a community, ideas and the needs of the field: internal."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from typing import Any, Final

from osallisuus.cli import show_data
from osallisuus.cli.store import existing
from osallisuus.cli.terminal import print_json
from osallisuus.errors import DefinitionError
from osallisuus.model.program import Program
from osallisuus.register import Register, program_named
from osallisuus.rules.interviewed_told import tell_eligibility
from osallisuus.rules.telling import (
    tell_case,
    tell_cases,
    tell_community,
    tell_ideas,
    tell_needs,
    tell_roles,
)

__all__ = ["show"]


def show(arguments: argparse.Namespace) -> int:
    """``show WHAT STORE [ID] --program NAME --on DATE [--json]``: exact, and it says INTERNAL."""
    program = program_named(arguments.program) if arguments.program else None
    with existing(arguments.store, arguments.what) as register:
        text, data = _SHOWN[arguments.what](register, program, arguments)
    if arguments.json:
        stamped = {"view": arguments.what, "internal": True, **data}
        print_json(stamped)
    else:
        print(text)
    return 0


_Shown = tuple[str, Mapping[str, Any]]
"""The view as text, and as plain data."""


def _eligibility(register: Register, program: Program, arguments: argparse.Namespace) -> _Shown:
    found = register.eligibility(arguments.id, program, on=arguments.on)
    return tell_eligibility(found, locale=arguments.locale), show_data.of_eligibility(found)


def _roles(register: Register, program: Program, arguments: argparse.Namespace) -> _Shown:
    found = register.roles(arguments.id, program, on=arguments.on)
    return tell_roles(program, found, locale=arguments.locale), show_data.of_roles(found)


def _guidance(register: Register, program: Program | None, arguments: argparse.Namespace) -> _Shown:
    on, locale = arguments.on, arguments.locale
    if arguments.id is not None:
        case = register.guidance(arguments.id, program, on=on)
        return tell_case(case, on=on, locale=locale), show_data.of_case(case)
    if program is None:
        raise DefinitionError(
            "neither a case nor a programme is named",
            where="show guidance",
            remedy="name a case, or --program for all in which it is time for a talk",
        )
    cases = register.reviews_due(program, on=on)
    data = {"cases": [show_data.of_case(one) for one in cases]}
    return tell_cases(cases, on=on, locale=locale), data


def _community(
    register: Register, program: Program | None, arguments: argparse.Namespace
) -> _Shown:
    found = register.community(arguments.id, program, on=arguments.on)
    return tell_community(found, locale=arguments.locale), show_data.of_community(found)


def _ideas(register: Register, program: Program, arguments: argparse.Namespace) -> _Shown:
    found = register.ideas(program, on=arguments.on, origin=arguments.origin)
    text = tell_ideas(found, on=arguments.on, locale=arguments.locale)
    return text, show_data.of_ideas(found)


def _needs(register: Register, program: Program, arguments: argparse.Namespace) -> _Shown:
    found = register.encounter_needs(program, period=arguments.period)
    text = tell_needs(found, program=program, locale=arguments.locale)
    return text, show_data.of_needs(found)


_SHOWN: Final[Mapping[str, Callable[[Register, Any, argparse.Namespace], _Shown]]] = {
    "eligibility": _eligibility,
    "roles": _roles,
    "guidance": _guidance,
    "community": _community,
    "ideas": _ideas,
    "needs": _needs,
}
