"""The table of requirements against the definitions, the code and the tests."""

import ast
import importlib
import re
import subprocess
import sys
import tomllib
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

from osallisuus import programs
from osallisuus.metrics.catalogue import CATALOGUE
from osallisuus.model.facts import TABLES
from osallisuus.model.roles import Prerequisite
from osallisuus.model.stated import NONE, Span, Text

TESTS = Path(__file__).parents[1]
DOCS = TESTS.parent / "docs"
REQUIREMENTS = tomllib.loads((DOCS / "requirements.toml").read_text("utf-8"))
HOW_MANY = {"W": 31, "K": 27, "Y": 34, "X": 17, "V": 26, "U": 26}
SAID = [(one, says) for one, row in REQUIREMENTS.items() for says in row.get("says", ())]


def test_every_requirement_has_its_row():
    """None is missing, and none is made up."""
    expected = [f"{letter}{n}" for letter, last in HOW_MANY.items() for n in range(1, last + 1)]

    assert list(REQUIREMENTS) == expected


def test_the_page_of_the_manual_is_made_of_these_rows():
    """``docs/requirements.md`` is what ``docs/make_requirements.py`` writes now."""
    made = [sys.executable, DOCS / "make_requirements.py", "--check"]

    assert subprocess.run(made, check=False).returncode == 0, "run docs/make_requirements.py"


def test_a_row_has_something_to_show_or_is_open():
    """A row that neither a value nor a test shows says what is open."""
    silent = [name for name, row in REQUIREMENTS.items() if not {"says", "shown", "open"} & {*row}]
    unknown = [key for row in REQUIREMENTS.values() for key in row]

    assert silent == []
    assert {*unknown} <= {"asks", "says", "done", "shown", "open"}


@pytest.mark.parametrize(("requirement", "says"), SAID)
def test_a_definition_says_what_the_table_says_of_it(requirement, says):
    """Each value is looked up in the shipped programme."""
    program, path, value = re.fullmatch(r"(\w+): ([\w.]+) = (.*)", says).groups()

    assert said(getattr(programs, program.upper()), path) == value


@pytest.mark.parametrize(
    "name", ["wertzu", "kokemusohjaus", "yhteiso", "yhteiskehittaminen", "verna"]
)
def test_what_a_row_says_stands_under_a_key_that_carries_its_number(name):
    """A value may be quoted for a requirement only where the definition answers it."""
    sys.path.insert(0, str(DOCS))
    try:
        keys = importlib.import_module("make_requirements").keys_by_requirement(name)
    finally:
        sys.path.remove(str(DOCS))
    first = {one: {key.split(".")[0] for key in own} for one, own in keys.items()}
    strays = [
        (one, says)
        for one, says in SAID
        if says.startswith(f"{name}: ") and re.split(r"[:. ]+", says)[1] not in first[one]
    ]

    assert [(one, says) for one, says in strays if not says.endswith("= None")] == []


@pytest.mark.parametrize("requirement", REQUIREMENTS)
def test_what_does_it_exists(requirement):
    """Modules, names, metrics and columns of facts."""
    for name in REQUIREMENTS[requirement].get("done", ()):
        kind, _, rest = name.partition(":")
        if kind == "metric":
            assert rest in CATALOGUE, name
        elif kind == "facts":
            table, column = rest.split(".")
            assert column in TABLES[table].column_names, name
        else:
            assert found(name), name


@pytest.mark.parametrize("requirement", REQUIREMENTS)
def test_the_tests_that_show_it_exist(requirement):
    """A test is named by its file and its function, and perhaps by one of its cases."""
    for node in REQUIREMENTS[requirement].get("shown", ()):
        file, _, function = node.partition("::")
        assert function.partition("[")[0] in functions(file), node


def test_the_cases_that_show_it_exist():
    """Of a test with many cases a row may name the one that shows it; pytest has to know it."""
    shown = {node for row in REQUIREMENTS.values() for node in row.get("shown", ())}
    cases = sorted(f"tests/{node}" for node in shown if node.endswith("]"))
    collect = [sys.executable, "-m", "pytest", "-q", "--collect-only", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [*collect, *cases], cwd=TESTS.parent, capture_output=True, text=True, check=False
    )

    assert len(cases) >= 10
    assert done.returncode == 0, done.stdout + done.stderr


def found(name):
    """Whether a dotted name below the package is a module, or something in one."""
    parts = name.split(".")
    for cut in range(len(parts), 0, -1):
        try:
            value = importlib.import_module(".".join(["osallisuus", *parts[:cut]]))
        except ModuleNotFoundError:
            continue
        for part in parts[cut:]:
            value = getattr(value, part, None)
        return value is not None
    return False


@cache
def functions(file):
    tree = ast.parse((TESTS / file).read_text("utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


NAMES = ("code", "by", "point", "phase", "matter", "role", "program", "about")


def said(value, path):
    """The value at a path whose steps are fields, places in a list, and codes of its items."""
    for step in path.split("."):
        if isinstance(value, tuple):
            value = value[int(step)] if step.isdigit() else item(value, step)
        else:
            value = getattr(value, step)
    return written(value)


def item(values, code):
    (one,) = [
        one for one in values if code in [getattr(one, name, None) for name in NAMES[:1]]
    ] or [one for one in values if code in [getattr(one, name, None) for name in NAMES]]
    return one


def written(value):
    if isinstance(value, tuple):
        return ", ".join(map(named, value))
    if value is NONE:
        return "NONE"
    if isinstance(value, Span):
        return f"{value.first or ''}..{value.last or ''}"
    return str(value)


def named(one):
    if isinstance(one, str | Text | Prerequisite):
        return str(one)
    return next((str(getattr(one, name)) for name in NAMES if hasattr(one, name)), str(one))


def test_no_test_stands_for_too_much():
    """A test that is named for very many requirements would show none of them."""
    used = defaultdict(list)
    for name, row in REQUIREMENTS.items():
        for node in row.get("shown", ()):
            used[node].append(name)

    assert {node: names for node, names in used.items() if len(names) > 6} == {}
