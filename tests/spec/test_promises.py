"""What each shipped programme promises, run from the tables that the manual prints."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.spec.promises import MODELS, outcome_of, page_of
from tests.spec.questions import QUESTIONS
from tests.spec.tables import blocks, table

DOCS = Path(__file__).parents[2] / "docs"
REQUIREMENTS = tomllib.loads((DOCS / "requirements.toml").read_text("utf-8"))
LETTERS = dict(zip(MODELS, "WKYXV", strict=True))
EXAMPLES = [
    pytest.param(name, example, id=f"{name}-{number}")
    for name in MODELS
    for number, example in enumerate(page_of(name)["example"], 1)
]


@pytest.mark.parametrize(("name", "example"), EXAMPLES)
def test_a_promise_is_kept(name, example):
    """These facts, therefore this outcome: the very tables of the page."""
    assert outcome_of(name, example) == table(example["outcome"])


@pytest.mark.parametrize("name", MODELS)
def test_a_page_shows_only_what_its_model_asks_for(name):
    """Each example names requirements of its own model, and each model has its examples."""
    examples = page_of(name)["example"]
    shown = [one for example in examples for one in example["shows"]]

    assert [one for one in shown if one[0] != LETTERS[name] or one not in REQUIREMENTS] == []
    assert len(examples) >= 10
    promises = [example["promise"] for example in examples]
    assert len(promises) == len({*promises})


def test_every_kind_of_question_is_asked():
    """A question that no page asks would be code that nothing runs."""
    asked = {example["ask"] for name in MODELS for example in page_of(name)["example"]}

    assert asked == {*QUESTIONS, "measure"}


def test_the_pages_of_the_manual_are_made_of_these_tables():
    """``docs/spec_*.md`` is what ``docs/make_spec.py`` writes now."""
    made = [sys.executable, DOCS / "make_spec.py", "--check"]

    assert subprocess.run(made, check=False).returncode == 0, "run: python docs/make_spec.py"


@pytest.mark.parametrize("name", MODELS)
def test_a_page_can_be_read_without_knowing_the_code(name):
    """No code word with an underscore is left in a section, other than the name of a metric."""
    text = (DOCS / f"spec_{name}.md").read_text("utf-8")
    sections = text.partition("## Everything that is asked")[0]

    assert re.findall(r"\b[a-z]+_[a-z_]+\b", re.sub(r"\[.*?\]\(.*?\)", "", sections)) == []


def test_a_line_of_a_table_has_as_many_cells_as_its_head():
    """A cell that was left out is refused and does not shift the others."""
    with pytest.raises(ValueError, match="zip"):
        list(blocks("people\nid registered_on\nanna"))
