"""The programme with an interview that the guide prints: it is read, and answers decide as it says."""

from datetime import date
from pathlib import Path

import pytest

from osallisuus.model.definition import read_program
from osallisuus.rules.answers import respond
from osallisuus.rules.eligibility import assess
from tests.cli.running import run
from tests.examples.pages import BLOCK

GUIDE = (Path(__file__).parents[2] / "docs" / "interviews.md").read_text("utf-8")
BORN, LATER, ON = date(1990, 5, 2), date(2015, 5, 2), date(2026, 3, 10)


@pytest.fixture(scope="module")
def definition():
    (text,) = [one for kind, one in BLOCK.findall(GUIDE) if kind == "toml" and "name =" in one[:8]]
    return text


def standing(definition, **given):
    program = read_program(definition.encode(), "evening_circle.toml")
    response = respond(program.interview.questionnaire, given)
    found = assess(program.target, response, on=ON)
    return {one.code: "judged" if one.judged_by_human else one.standing for one in found}


@pytest.mark.parametrize(
    ("given", "can_come"),
    [
        ({"evenings": True, "children": False}, "met"),
        ({"evenings": True, "children": True, "care": "the_circle"}, "met"),
        ({"evenings": True, "children": True, "care": "nobody"}, "not_met"),
        ({"evenings": False, "children": False}, "not_met"),
        ({"evenings": True, "children": True}, "unknown"),
    ],
)
def test_all_and_any_decide_as_the_guide_says(definition, given, can_come):
    """And nobody is asked for abstinence; whether somebody wants to come is judged by a person."""
    found = standing(definition, born_on=BORN, **given)

    assert (found["adult"], found["can_come"], found["wants_to"]) == ("met", can_come, "judged")
    assert found["abstinence"] == "not_required"
    assert standing(definition, born_on=LATER, **given)["adult"] == "not_met"


def test_a_question_that_is_not_shown_is_not_asked(definition):
    program = read_program(definition.encode(), "evening_circle.toml")
    shown = respond(program.interview.questionnaire, {"children": False}).shown

    assert shown == ("born_on", "evenings", "children")


def test_the_command_prints_conditions_with_all_that_they_are_made_of(definition, tmp_path):
    """An answer that is to be no is printed, and so is what of all and what of any."""
    (tmp_path / "evening_circle.toml").write_text(definition, "utf-8")
    printed = " ".join(run("programs", "evening_circle.toml", cwd=tmp_path).out.split())

    assert "all of (evenings = yes; any of (children = no; care != nobody))" in printed
    assert "since born_on: unit year, at least 18" in printed
    assert "operator: =; answer: yes" in printed
    assert "asks for 5 people behind a figure, the public profile for 10" in printed
    assert "a public release asks for 10" in printed
