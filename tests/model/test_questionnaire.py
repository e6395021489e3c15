"""Questionnaires hold together, and criteria never ask what a programme does not ask."""

import pytest

from osallisuus.errors import DefinitionError
from osallisuus.model.criteria import (
    AllOf,
    Answered,
    AnyOf,
    Criterion,
    NonCriterion,
    Not,
    TargetGroup,
    questions_of,
)
from osallisuus.model.questionnaire import EnableWhen, Item, Option, Questionnaire
from osallisuus.model.stated import Text

WORDS = Text(en="words")
ABSTINENCE = NonCriterion(code="abstinence", text=WORDS)


def _questionnaire(*items):
    return Questionnaire(name="intake", version="1", title=WORDS, items=items)


def _problems(build):
    with pytest.raises(DefinitionError) as caught:
        build()
    return [(problem.where, problem.what) for problem in caught.value.problems]


def _choice(link_id, *codes, **more):
    options = tuple(Option(code, WORDS) for code in codes)
    return Item(link_id=link_id, text=WORDS, type="choice", options=options, **more)


def test_items_are_read_in_order_groups_first():
    """Walking a questionnaire meets every item in the order in which it is asked."""
    inner = Item(link_id="inner", text=WORDS, type="boolean")
    group = Item(link_id="group", text=WORDS, type="group", items=(inner,))
    last = Item(link_id="last", text=WORDS, type="string")
    form = _questionnaire(group, last)

    assert [item.link_id for item in form.walk()] == ["group", "inner", "last"]
    assert form.item("inner") is inner
    with pytest.raises(DefinitionError, match="did you mean 'inner'"):
        form.item("innner")


def test_an_item_may_depend_only_on_what_stands_before_it():
    """A rule on a later or unknown item is refused with the nearest earlier one."""
    rule = EnableWhen("wiling", "=", answer=True)
    early = Item(link_id="early", text=WORDS, type="string", enable_when=(rule,))
    willing = Item(link_id="willing", text=WORDS, type="boolean")

    assert _problems(lambda: _questionnaire(early, willing)) == [
        ("items[0].enable_when[0].question", "no such item before this one")
    ]


def test_a_rule_compares_with_what_the_answer_can_be():
    """A yes or no is not compared with a text, nor a choice with a code it does not offer."""
    willing = Item(link_id="willing", text=WORDS, type="boolean")
    gender = _choice("gender", "woman", "man")
    rules = (
        EnableWhen("willing", "=", "yes"),
        EnableWhen("gender", "=", "womann"),
        EnableWhen("gender", "exists", "woman"),
        EnableWhen("gender", "exists", answer=True),
    )
    late = Item(link_id="late", text=WORDS, type="string", enable_when=rules)

    assert _problems(lambda: _questionnaire(willing, gender, late)) == [
        ("items[2].enable_when[0].answer", "that item is never answered so"),
        ("items[2].enable_when[1].answer", "not an option of that item"),
        ("items[2].enable_when[2].answer", "that item is never answered so"),
    ]


def test_an_open_choice_may_be_answered_in_other_words():
    """A rule may look for any text in a choice that is open."""
    late = Item(
        link_id="late", text=WORDS, type="string", enable_when=(EnableWhen("gender", "=", "own"),)
    )

    assert _questionnaire(_choice("gender", "woman", open=True), late).item("late") is late


def test_a_link_id_is_used_once():
    """Two items of one name would mix up their answers, however deep they stand."""
    one = Item(link_id="same", text=WORDS, type="string")
    group = Item(link_id="group", text=WORDS, type="group", items=(one,))

    assert _problems(lambda: _questionnaire(one, group)) == [
        ("items[1].items[0].link_id", "this link_id is used twice")
    ]


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"type": "choice"}, "options"),
        ({"type": "boolean", "options": (Option("a", WORDS),)}, "options"),
        ({"type": "group"}, "items"),
        ({"type": "display", "required": True}, "required"),
    ],
)
def test_an_item_has_what_its_type_needs_and_nothing_else(fields, where):
    """A choice has options, a group has items, and a text to read needs no answer."""
    assert where in [
        place for place, _ in _problems(lambda: Item(link_id="item", text=WORDS, **fields))
    ]


def test_a_condition_names_every_question_once():
    """All questions below all, any and not are found, in order, without repeats."""
    first, second = Answered(question="b", answer=True), Answered(question="a", answer=2)

    assert questions_of(AllOf((first, AnyOf((Not(second), first))))) == ("b", "a")


def test_exists_compares_with_yes_or_no_and_yes_has_no_order():
    """A comparison without a meaning is refused."""
    assert _problems(lambda: Answered(question="a", operator="exists", answer=1)) == [
        ("answer", "exists compares with true or false")
    ]
    assert _problems(lambda: Answered(question="a", operator=">", answer=True)) == [
        ("operator", "yes and no have no order")
    ]


@pytest.mark.parametrize(
    "criterion",
    [
        Criterion(code="abstinence", text=WORDS),
        Criterion(
            code="sober",
            text=WORDS,
            condition=Not(AnyOf((Answered(question="abstinence", answer=False),))),
        ),
    ],
)
def test_what_is_expressly_not_asked_cannot_be_asked(criterion):
    """A criterion on a non-criterion is an error, by its code or hidden in its question (W13)."""
    assert _problems(
        lambda: TargetGroup(text=WORDS, criteria=(criterion,), non_criteria=(ABSTINENCE,))
    ) == [("criteria[0]", "'abstinence' is expressly not asked by this programme")]


def test_a_former_criterion_may_stand_as_history():
    """The rule that was given up stays readable beside the non-criterion (W25)."""
    former = Criterion(code="abstinence", text=WORDS, modality="was")

    assert TargetGroup(text=WORDS, criteria=(former,), non_criteria=(ABSTINENCE,)).criteria
