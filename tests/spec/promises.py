"""What each shipped programme promises: facts in, outcome out, as TOML beside this module.

The same tables are run by a test and printed in the manual by ``docs/make_spec.py``. An outcome's
first line names its columns; no lines below it means that nothing is found.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import osallisuus as osa
from osallisuus.register import program_named
from tests.spec.questions import QUESTIONS, Example
from tests.spec.tables import figures, register_of

MODELS = ("wertzu", "kokemusohjaus", "yhteiso", "yhteiskehittaminen", "verna")
PLACE = Path(__file__).parent


def page_of(name: str) -> dict[str, Any]:
    """The introduction and the examples of one model."""
    return tomllib.loads((PLACE / f"{name}.toml").read_text("utf-8"))


def examples_of(requirement: str) -> list[str]:
    """The examples that show a requirement, as the ids of their tests: ``verna-3`` is the third."""
    return [
        f"{name}-{number}"
        for name in MODELS
        for number, example in enumerate(page_of(name)["example"], 1)
        if requirement in example["shows"]
    ]


def columns_of(example: Example) -> list[str]:
    """The names of the columns of the outcome."""
    return example["outcome"].strip().splitlines()[0].split()


def outcome_of(name: str, example: Example) -> str:
    """What the library says of the facts of an example, with its columns, as a plain table."""
    columns = columns_of(example)
    if example["ask"] == "measure":
        lines = figures(_measured(name, example), " ".join(columns))
    else:
        rows = QUESTIONS[example["ask"]](program_named(name), example)
        lines = "\n".join(" ".join(_cell(row[column]) for column in columns) for row in rows)
    return f"{' '.join(columns)}\n{lines}".strip()


def _measured(name: str, example: Example) -> Iterable[osa.Figure]:
    """The figures of the metric that the example is ``of``; only those parts that it names."""
    register = register_of(example["facts"], name)
    policies = example.get("policies")
    by = tuple(example.get("by", ()))
    result = register.measure(example["of"], by=by, as_of=example["on"], policies=policies)
    wanted = example.get("only", "").split()
    return [one for one in result if not wanted or one.name in wanted]


def _cell(value: object) -> str:
    if isinstance(value, tuple):
        return ",".join(map(str, value)) or "-"
    return "-" if value in (None, "") else str(value)
