"""Answers to a versioned questionnaire: what is shown, what is missing, what counts."""

from datetime import date

import pytest

from osallisuus.errors import DefinitionError, ImportProblem
from osallisuus.model.columns import FreeText
from osallisuus.model.facts import Answer
from osallisuus.model.questionnaire import EnableWhen, Item, Option, Questionnaire
from osallisuus.model.stated import Text
from osallisuus.rules.answers import read_response, respond

WORDS = Text(en="words")


def item(link_id, kind, *codes, **more):
    options = tuple(Option(code, WORDS) for code in codes)
    return Item(link_id=link_id, text=WORDS, type=kind, options=options, **more)


def form(*items):
    return Questionnaire(name="intake", version="1", title=WORDS, items=items)


EVERY_KIND = form(
    item("willing", "boolean", required=True),
    item("children", "integer"),
    item("hours", "decimal"),
    item("since", "date"),
    item("nickname", "string"),
    item("hopes", "text"),
    item("gender", "choice", "woman", "man", open=True),
    item("channel", "choice", "partner", "peer"),
    item("themes", "choice", "music", "food", repeats=True),
    item("hello", "display"),
    Item(link_id="more", text=WORDS, type="group", items=(item("age", "integer"),)),
)
GIVEN = {
    "willing": True,
    "children": 0,
    "hours": 1.5,
    "since": date(2018, 1, 31),
    "nickname": "Kukka",
    "hopes": "to be heard\nand seen",
    "gender": "in my own words",
    "channel": "peer",
    "themes": ["food", "music"],
    "age": 40,
}


def refused(build):
    with pytest.raises(ImportProblem) as caught:
        build()
    return [(problem.where, problem.remedy) for problem in caught.value.problems]


def test_every_kind_of_answer_goes_into_facts_and_comes_back():
    """One fact for each answer, and the response that they make is the one that made them."""
    response = respond(EVERY_KIND, GIVEN)
    facts = {fact.id: fact for fact in response.facts("i1")}

    assert read_response(EVERY_KIND, "i1", facts.values()) == response
    columns = {name: (f.item, f.code or f.number or f.note) for name, f in facts.items()}
    assert columns == {
        "i1.1": ("willing", "yes"),
        "i1.2": ("children", None),
        "i1.3": ("hours", 1.5),
        "i1.4": ("since", "20180131"),
        "i1.5": ("nickname", "Kukka"),
        "i1.6": ("hopes", "to be heard\nand seen"),
        "i1.7": ("gender", "in my own words"),
        "i1.8": ("channel", "peer"),
        "i1.9.1": ("themes", "food"),
        "i1.9.2": ("themes", "music"),
        "i1.12": ("age", 40.0),
    }
    assert facts["i1.2"].number == 0


def test_own_words_are_free_text_and_options_are_codes():
    """What somebody said in their own words stays out of exports; a chosen option does not."""
    values = respond(EVERY_KIND, GIVEN | {"nickname": "woman"}).values

    assert [type(values[name][0]) for name in ("nickname", "hopes", "gender")] == [FreeText] * 3
    assert type(values["channel"][0]) is str
    assert type(respond(EVERY_KIND, {"gender": "woman"}).values["gender"][0]) is str


def test_facts_of_another_form_are_passed_over():
    mine = respond(EVERY_KIND, {"willing": False}).facts("i1")
    other = respond(EVERY_KIND, GIVEN).facts("i2")

    assert read_response(EVERY_KIND, "i1", [*other, *mine]).values == {"willing": (False,)}


def test_asked_and_not_answered_is_missing():
    """A fact without an answer says that the question was asked; nothing is filled in."""
    silent = Answer(id="a1", form="i1", item="willing")
    response = read_response(EVERY_KIND, "i1", [silent])

    assert response.values == {}
    assert response.missing == ("willing",)
    assert not response.complete
    assert respond(EVERY_KIND, {"willing": False}).complete


@pytest.mark.parametrize(
    ("link_id", "answer"),
    [
        ("willing", "yes"),
        ("willing", 1),
        ("children", True),
        ("children", 1.0),
        ("children", 2**53 + 1),
        ("hours", "1.5"),
        ("hours", float("nan")),
        ("hours", True),
        ("since", "2018-01-31"),
        ("since", date(1, 1, 1)),
        ("since", date(9999, 12, 31)),
        ("nickname", 7),
        ("nickname", ""),
        ("hopes", "a\x00b"),
        ("channel", "doctor"),
        ("channel", FreeText("peer")),
        ("channel", ["partner", "peer"]),
        ("hello", "hello"),
        ("more", True),
    ],
)
def test_an_answer_that_the_item_does_not_offer_is_refused(link_id, answer):
    """No answer is converted, and none is repeated in the error."""
    with pytest.raises(ImportProblem) as caught:
        respond(EVERY_KIND, {link_id: answer})

    (problem,) = caught.value.problems
    assert problem.where == link_id
    assert problem.remedy
    assert "doctor" not in str(problem)


@pytest.mark.parametrize(
    ("link_id", "columns"),
    [
        ("willing", {"code": "true"}),
        ("willing", {"number": 1}),
        ("children", {"number": 1.5}),
        ("children", {"code": "one"}),
        ("since", {"code": "2018"}),
        ("since", {"code": "20180231"}),
        ("since", {"code": "2018w011"}),
        ("nickname", {"code": "kukka"}),
        ("gender", {"code": "other"}),
        ("gender", {"code": "woman", "note": "and more"}),
        ("channel", {"note": "a friend"}),
    ],
)
def test_a_fact_that_is_no_answer_to_its_item_is_refused(link_id, columns):
    """A code that is no option is not taken for somebody's own words, nor a number for a yes."""
    fact = Answer(id="a1", form="i1", item=link_id, **columns)

    assert [where for where, _ in refused(lambda: read_response(EVERY_KIND, "i1", [fact]))] == [
        link_id
    ]


def test_all_problems_are_told_at_once():
    """Each by its item and with what would be right; a key that is no item is not repeated."""
    wrong = {"willing": "yes", "channel": "doctor", "gender": 1, "virtanen": True, "age": [1, 2]}

    assert refused(lambda: respond(EVERY_KIND, wrong)) == [
        ("willing", "True or False; yes or no as a code"),
        ("channel", "one of partner, peer"),
        ("gender", "one of woman, man, or other words"),
        ("intake.(item)", f"known: {', '.join(sorted(EVERY_KIND.by_link))}"),
        ("age", "keep one of them"),
    ]


ABOUT_CARE = form(
    item("in_care", "boolean"),
    Item(
        link_id="care",
        text=WORDS,
        type="group",
        enable_when=(EnableWhen("in_care", "=", answer=True),),
        items=(
            item("weeks", "integer", required=True),
            Item(
                link_id="inner",
                text=WORDS,
                type="group",
                enable_when=(EnableWhen("in_care", "exists", answer=False),),
                items=(item("never", "boolean"),),
            ),
        ),
    ),
    item("long", "boolean", enable_when=(EnableWhen("weeks", ">=", 12),)),
)


@pytest.mark.parametrize(
    ("given", "shown", "missing"),
    [
        ({}, ["in_care"], []),
        ({"in_care": False}, ["in_care"], []),
        ({"in_care": True}, ["in_care", "care", "weeks"], ["weeks"]),
        ({"in_care": True, "weeks": 3}, ["in_care", "care", "weeks"], []),
        ({"in_care": True, "weeks": 12}, ["in_care", "care", "weeks", "long"], []),
    ],
)
def test_items_are_shown_when_earlier_answers_ask_for_them(given, shown, missing):
    """What is required is missing only where it is asked; the last item looks at an earlier one."""
    response = respond(ABOUT_CARE, given)

    assert (list(response.shown), list(response.missing)) == (shown, missing)


def test_a_hidden_group_hides_what_would_show_itself():
    """An inner group whose own rule holds is hidden with the group around it."""
    assert "inner" not in respond(ABOUT_CARE, {}).shown


def test_answers_to_what_is_not_asked_are_found_and_do_not_count():
    """Nor do they show anything else: a later rule sees no answer there."""
    response = respond(ABOUT_CARE, {"in_care": False, "weeks": 20, "long": True})

    assert response.values == {"in_care": (False,)}
    assert response.not_asked == ("weeks", "long")
    assert [fact.item for fact in response.facts("i1")] == ["in_care"]


@pytest.mark.parametrize(
    ("operator", "answer", "given", "expected"),
    [
        ("=", "b", ["a", "b"], True),
        ("=", "c", ["a", "b"], False),
        ("!=", "b", ["a", "b"], False),
        ("!=", "c", ["a", "b"], True),
        ("!=", "c", [], False),
        ("exists", True, ["a"], True),
        ("exists", True, [], False),
        ("exists", False, [], True),
        ("exists", False, ["a"], False),
    ],
)
def test_one_of_several_answers_is_enough_and_unlike_means_unlike_all(
    operator, answer, given, expected
):
    """Without an answer only "does not exist" holds."""
    rule = EnableWhen("many", operator, answer)
    asked = form(
        item("many", "choice", "a", "b", "c", repeats=True),
        item("then", "boolean", enable_when=(rule,)),
    )

    assert ("then" in respond(asked, {"many": given}).shown) is expected


@pytest.mark.parametrize(
    ("kind", "operator", "answer", "given", "expected"),
    [
        ("date", ">=", "2018-02-01", date(2018, 2, 1), True),
        ("date", ">", "2018-02-01", date(2018, 2, 1), False),
        ("date", "<", "2018-02-01", date(2017, 12, 31), True),
        ("decimal", ">", 1, 1.5, True),
        ("decimal", "=", 1, 1.0, True),
        ("integer", "<=", 9, 10, False),
    ],
)
def test_days_and_numbers_are_compared_as_such(kind, operator, answer, given, expected):
    rule = EnableWhen("first", operator, answer)
    asked = form(item("first", kind), item("then", "boolean", enable_when=(rule,)))

    assert ("then" in respond(asked, {"first": given}).shown) is expected


@pytest.mark.parametrize("link_id", ["later", "itself", "around"])
def test_a_circle_of_rules_cannot_be_defined(link_id):
    """A rule looks at an earlier question only, so no chain of rules comes back to where it began."""
    rule = EnableWhen(link_id, "exists", answer=True)
    inner = item("itself", "boolean", enable_when=(rule,))

    with pytest.raises(DefinitionError, match=r"does not stand before it|never answered so"):
        form(
            Item(link_id="around", text=WORDS, type="group", items=(inner,)),
            item("later", "boolean", enable_when=(EnableWhen("itself", "exists", answer=True),)),
        )


def test_a_group_does_not_repeat():
    """Answers are facts without a number of their group, so a definition cannot ask for that."""
    with pytest.raises(DefinitionError, match="nothing to answer here @ repeats"):
        Item(link_id="g", text=WORDS, type="group", items=(item("a", "date"),), repeats=True)


def test_a_response_shows_nothing_of_what_was_answered():
    """Neither its text form nor that of its facts repeats an answer."""
    response = respond(EVERY_KIND, GIVEN)

    assert repr(response) == "Response()"
    assert "Kukka" not in repr(response.facts("i1"))
