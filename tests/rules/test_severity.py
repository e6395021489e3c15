"""Every finding has a severity with a meaning, and the requirement that it serves."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

from osallisuus.rules import severity
from osallisuus.rules.finding import Finding
from osallisuus.rules.severity import KINDS, SEVERITIES, kind_of

ROOT = Path(__file__).parents[2]
REQUIREMENTS = tomllib.loads((ROOT / "docs/requirements.toml").read_text("utf-8"))


def codes_in_the_library():
    """The first argument of every ``Finding(...)`` that the library makes."""
    for file in sorted((ROOT / "src/osallisuus").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Finding":
                yield node.args[0].value


def test_every_code_is_entered_and_every_entry_is_used():
    """A new rule is one line among the severities; without it this test fails."""
    assert {*codes_in_the_library()} == {*KINDS}


def test_codes_stand_by_severity_and_name():
    order = [(SEVERITIES.index(kind.severity), code) for code, kind in KINDS.items()]

    assert order == sorted(order)


@pytest.mark.parametrize("name", SEVERITIES)
def test_every_severity_is_explained_and_used(name):
    assert re.search(rf"^{name} +\S", severity.__doc__, re.MULTILINE)
    assert name in {kind.severity for kind in KINDS.values()}


def test_requirements_of_findings_exist():
    """Those of the sources are rows of the table; questions of the analysis are Q1 to Q30."""
    named = {one for kind in KINDS.values() for one in re.findall(r"\w+", kind.requirement)}

    assert {one for one in named if not one.startswith("Q")} <= {*REQUIREMENTS}
    assert all(1 <= int(one[1:]) <= 30 for one in named if one.startswith("Q"))


def test_a_finding_knows_its_severity_and_requirement():
    finding = Finding("talk_due", "what", "where", "remedy")

    assert (finding.severity, finding.requirement) == ("promise", "K23")


def test_information_is_no_error_and_asks_for_nothing():
    """What is only good to know says in its remedy that there is nothing to do."""
    remedies = {}
    for file in sorted((ROOT / "src/osallisuus/rules").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Finding":
                remedies[node.args[0].value] = ast.unparse(node.args[3])
    told = {code: remedies[code] for code, one in KINDS.items() if one.severity == "information"}

    assert {code for code, remedy in told.items() if "nothing to do" not in remedy} == set()


def test_an_unknown_code_is_not_taken_lightly():
    assert kind_of("of_a_stranger").severity == "contradiction"
