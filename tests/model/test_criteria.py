"""Criteria hold together with the questionnaire that is to answer them."""

import pytest

from osallisuus.errors import DefinitionError
from osallisuus.model.criteria import Answered, Criterion, Elapsed, Not, TargetGroup, questions_of
from osallisuus.model.definition import read_program
from osallisuus.model.offering import Interview
from osallisuus.model.program import Program
from osallisuus.model.questionnaire import Item, Questionnaire
from osallisuus.model.stated import NONE, Span, Text
from osallisuus.time import PartialDate

WORDS = Text(en="words")
FORM = Questionnaire(
    name="intake",
    version="1",
    title=WORDS,
    items=(
        Item(link_id="willing", text=WORDS, type="boolean"),
        Item(link_id="born_on", text=WORDS, type="date"),
        Item(link_id="hello", text=WORDS, type="display"),
    ),
)


def program(criterion, interview):
    target = TargetGroup(text=WORDS, criteria=(criterion,))
    kinds = ("group_training",)
    return Program(
        name="circle", version="1", title=WORDS, kinds=kinds, target=target, interview=interview
    )


def criterion(condition, **more):
    return Criterion(code="wish", text=WORDS, condition=condition, **more)


ASKED = Interview(purpose=WORDS, questionnaire=FORM)
MISSPELT = criterion(Not(Answered(question="wiling", answer=True)))


@pytest.mark.parametrize(
    ("condition", "what"),
    [
        (Answered(question="wiling", answer=True), "does not ask this question"),
        (Answered(question="willing", answer="yes"), "never answered so"),
        (Answered(question="hello", operator="exists", answer=True), "never answered so"),
        (Answered(question="born_on", answer="2008-02-31"), "not a day"),
        (Elapsed(question="willing", unit="day", at_least=1), "since a day only"),
    ],
)
def test_a_criterion_that_the_own_interview_cannot_answer_is_refused(condition, what):
    """It would stay unknown for everybody; the path leads to the criterion."""
    with pytest.raises(DefinitionError, match=what) as caught:
        program(criterion(condition), ASKED)

    assert caught.value.problems[0].where.startswith("target.criteria.wish")


@pytest.mark.parametrize("interview", [None, NONE, Interview(purpose=WORDS)])
def test_without_a_questionnaire_an_organisation_asks_in_its_own_words(interview):
    """Where the source does not say what is asked, no criterion can be held against it."""
    assert program(MISSPELT, interview).target.criteria == (MISSPELT,)


def test_a_former_criterion_is_held_against_the_interview_while_it_can_be_in_force():
    """History without an end day is in force on no day, so nobody has to answer it (W25)."""
    bygone = criterion(MISSPELT.condition, modality="was")
    dated = criterion(
        MISSPELT.condition, modality="was", during=Span(last=PartialDate.parse("2014"))
    )

    assert program(bygone, ASKED)
    with pytest.raises(DefinitionError, match="does not ask"):
        program(dated, ASKED)


@pytest.mark.parametrize(
    ("given", "what"),
    [
        ({}, "no length of time"),
        ({"at_least": -1}, "no such length"),
        ({"less_than": 1001}, "no such length"),
        ({"at_least": 30, "less_than": 30}, "no day could meet this"),
    ],
)
def test_a_length_of_time_that_nothing_could_last_is_refused(given, what):
    with pytest.raises(DefinitionError, match=what):
        Elapsed(question="born_on", unit="year", **given)


def test_elapsed_time_is_written_in_a_definition_by_its_kind():
    """The question that it looks at is found like every other, so non-criteria hold for it too."""
    text = """
        name = "circle"
        version = "1"
        title.en = "A circle"
        kinds = ["group_training"]
        [target]
        text.en = "For those of age."
        non_criteria = [{ code = "time_in_care", text.en = "No length of treatment is asked." }]
        [[target.criteria]]
        code = "adult"
        text.en = "Is of age."
        condition = { kind = "elapsed", question = "born_on", unit = "year", at_least = 18 }
    """
    (adult,) = read_program(text, "circle.toml").target.criteria

    assert adult.condition == Elapsed(question="born_on", unit="year", at_least=18)
    assert questions_of(adult.condition) == ("born_on",)
    with pytest.raises(DefinitionError, match="'time_in_care' is expressly not asked"):
        read_program(text.replace('"born_on"', '"time_in_care"'), "circle.toml")
