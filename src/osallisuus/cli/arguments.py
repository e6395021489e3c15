"""What options of several commands have in common: programmes, days, periods and languages."""

from __future__ import annotations

import argparse
from datetime import date

from osallisuus.errors import DefinitionError
from osallisuus.given import given_day, given_period
from osallisuus.time import Period

__all__ = ["PROGRAM", "as_json", "day", "locale", "period"]

PROGRAM = "a programme that is installed, or a TOML file"
"""What every option that takes a programme says of it."""


def locale(parser: argparse.ArgumentParser) -> None:
    """Add the option ``--locale`` to *parser*."""
    parser.add_argument(
        "--locale", "--lang", default="en", choices=("fi", "sv", "en"), help="default: en"
    )


def as_json(parser: argparse.ArgumentParser) -> None:
    """Add the option ``--json`` to *parser*."""
    parser.add_argument("--json", action="store_true", help="the same as JSON")


def day(text: str) -> date:
    """The day that *text* names; argparse says what is wrong with another one."""
    try:
        return given_day(date.fromisoformat(text))
    except ValueError:
        problem = "write a day as 2018-12-31"
    except DefinitionError as error:
        problem = _told(error)
    raise argparse.ArgumentTypeError(problem)


def period(text: str) -> Period:
    """The period that *text* names; argparse says what is wrong with another one."""
    try:
        found = Period.parse(text)
    except DefinitionError:
        problem = "write a period as 2018-01-01..2018-05-01, without its end"
    else:
        try:
            return given_period(found)
        except DefinitionError as error:
            problem = _told(error)
    raise argparse.ArgumentTypeError(problem)


def _told(error: DefinitionError) -> str:
    (problem,) = error.problems
    return f"{problem.what} ({problem.remedy})"
