"""Each requirement's test fails when its rule is taken out of the code or of the definition.

One rule at a time is removed from a copy of the package, and the tests run there that
``docs/requirements.toml`` and the spec pages name for the requirement.
"""

import ast
import os
import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path
from textwrap import indent

import pytest

from tests.spec.promises import examples_of

ROOT = Path(__file__).parents[2]
REQUIREMENTS = tomllib.loads((ROOT / "docs" / "requirements.toml").read_text("utf-8"))


@dataclass(frozen=True)
class Removed:
    """A rule that is taken out: the body of a function, or a piece of text that stands once."""

    requirement: str
    rule: str
    file: str
    what: str
    instead: str = ""

    def planted(self, source: str) -> str:
        """The source of the file without the rule."""
        if self.what.isidentifier():
            return _with_body(source, self.what, self.instead or "return iter(())")
        assert source.count(self.what) == 1, f"not once in {self.file}: {self.what}"
        return source.replace(self.what, self.instead)


REMOVED = [
    Removed("W5", "only who has completed can be a peer facilitator", "programs/wertzu.toml",
            'prerequisites = ["completed:wertzu"]', 'prerequisites = ["started:wertzu"]'),
    Removed("W12", "being in substitution treatment is asked", "programs/wertzu.toml",
            'condition = { kind = "answered", question = "ost_client", answer = true }'),
    Removed("W13", "what is not required cannot be asked", "model/criteria.py",
            "if code in free", "if False"),
    Removed("W15", "a second use needs a consent of its own", "rules/stewardship.py", "_consents"),
    Removed("W20", "fewer sessions than promised are found", "rules/promises.py", "_meetings"),
    Removed("W23", "a cost without an amount is not 0", "metrics/catalogue/resources.py",
            "group_id, happened_on, cents, NULL", "group_id, happened_on, COALESCE(cents, 0), NULL"),
    Removed("W25", "a former criterion is history", "model/program.py",
            "for one in criteria if holds_on(day, one.modality, one.during)", "for one in criteria"),
    Removed("W30", "taking part is not paid", "programs/wertzu.toml", 'compensation = "none"'),
    Removed("K2", "coping is attested, too", "programs/kokemusohjaus.toml",
            ', "coping_experience_attested"]', "]"),
    Removed("K6", "what lies beyond a boundary is found", "rules/keeping.py", "_boundaries"),
    Removed("K8", "whoever ends it owes no talk", "rules/guidance.py",
            '"closed", "ended_by_user", "reassigned"', '"closed", "reassigned"'),
    Removed("K15", "an end that has passed is found", "rules/promises.py", "_ends"),
    Removed("K23", "a talk that is due is found", "rules/promises.py", "_talks"),
    Removed("K25", "a case waits while its guide pauses", "rules/guidance.py",
            "_guide_pauses", "return False"),
    Removed("Y13", "an area comes of a decision", "rules/keeping.py", "_areas"),
    Removed("Y16", "the client decides on their own care", "rules/keeping.py", "_owners"),
    Removed("Y19", "at most 50 clients", "rules/keeping.py", "_size"),
    Removed("Y25", "three reports a year", "rules/reporting.py", "report_periods", "return ()"),
    Removed("Y32", "communities have no order", "rules/community.py",
            "__lt__", "return self.shift < other.shift"),
    Removed("X6", "an expert has completed treatment", "programs/yhteiskehittaminen.toml",
            'prerequisites = ["treatment_completed"]'),
    Removed("X7", "no role where roles are laid aside", "rules/keeping.py", "_role_free"),
    Removed("X14", "each side rates by itself", "rules/development.py",
            "return len(seen) == 1 if len(self.levels) > 1 else None", "return True"),
    Removed("V3", "a form tells nothing of who was met", "rules/legality.py", "_people_met"),
    Removed("V6", "who starts has been told", "rules/admission.py", "_informed"),
    Removed("V10", "peer work may begin before completing", "programs/verna.toml",
            'prerequisites = ["started:verna"]', 'prerequisites = ["completed:verna"]'),
    Removed("V14", "an unanswered question is not a yes", "programs/verna.toml",
            'condition = { kind = "answered", question = "gender", answer = "woman" }'),
    Removed("V24", "taking part is voluntary on record", "rules/admission.py", "_voluntary"),
]  # fmt: skip


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    """A copy of the package that tests import instead of ours."""
    place = tmp_path_factory.mktemp("copy") / "osallisuus"
    shutil.copytree(ROOT / "src" / "osallisuus", place)
    return place


@pytest.mark.parametrize("removed", REMOVED, ids=lambda one: one.requirement)
def test_without_its_rule_a_requirement_is_not_shown(removed, package):
    """A test that is named for the requirement fails, and does not merely break."""
    file = package / removed.file
    whole = file.read_text("utf-8")
    file.write_text(removed.planted(whole), "utf-8")
    try:
        done = run(named_for(removed.requirement), package)
    finally:
        file.write_text(whole, "utf-8")

    assert done.returncode == 1, f"without the rule that {removed.rule}:\n{done.stdout}"


def test_with_all_rules_the_same_tests_pass(package):
    """What failed above failed by the rule that was missing."""
    tests = sorted({test for one in REMOVED for test in named_for(one.requirement)})
    done = run(tests, package)

    assert done.returncode == 0, done.stdout


def test_rules_of_every_model_are_removed():
    """No model's tests are taken on trust."""
    models = {one.requirement[0] for one in REMOVED}

    assert models == {"W", "K", "Y", "X", "V"}
    assert len({one.requirement for one in REMOVED}) == len(REMOVED) >= 10


def named_for(requirement):
    """The tests of a requirement: those of its row, and the tables of its spec page."""
    shown = REQUIREMENTS[requirement].get("shown", ())
    pages = [
        f"spec/test_promises.py::test_a_promise_is_kept[{one}]" for one in examples_of(requirement)
    ]
    return [f"tests/{test}" for test in (*shown, *pages)]


def run(tests, package):
    """pytest in a process of its own, which finds the copy before the package itself."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "--tb=line", "-p", "no:cacheprovider"]
    environment = os.environ | {
        "PYTHONPATH": str(package.parent),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    }
    return subprocess.run(
        [*command, *tests], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


def _with_body(source, name, body):
    """The source, in which the function of that name does nothing but *body*."""
    (function,) = [
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef) and node.name == name
    ]
    lines = source.splitlines(keepends=True)
    first, last = function.body[0], function.body[-1]
    lines[first.lineno - 1 : last.end_lineno] = [indent(body, " " * first.col_offset) + "\n"]
    return "".join(lines)
