"""Eligibility: what code can say of each criterion before a human decides."""

from datetime import date, datetime

import pytest

from osallisuus.errors import DefinitionError
from osallisuus.model.criteria import (
    AllOf,
    Answered,
    AnyOf,
    Criterion,
    Elapsed,
    NonCriterion,
    Not,
    TargetGroup,
)
from osallisuus.model.definition import read_program
from osallisuus.model.questionnaire import EnableWhen, Item, Questionnaire
from osallisuus.model.stated import Span, Text
from osallisuus.register import program_named
from osallisuus.rules.answers import respond
from osallisuus.rules.eligibility import assess, assess_each
from osallisuus.rules.nearest import possible_answer
from osallisuus.time import YEARS, PartialDate

WORDS = Text(en="words")
DAY = date(2026, 3, 1)
FORM = read_program(
    """
name = "intake"
version = "1"
title.en = "An interview"
kinds = ["group_training"]

[interview]
purpose.en = "To get to know each other."

[interview.questionnaire]
name = "intake"
version = "1"
title.en = "First interview"

[[interview.questionnaire.items]]
link_id = "gender"
text.en = "How do you describe your gender?"
type = "choice"
open = true
required = true
options = [
  { code = "woman", label = { en = "woman" } },
  { code = "man", label = { en = "man" } },
]

[[interview.questionnaire.items]]
link_id = "born_on"
text.en = "When were you born?"
type = "date"

[[interview.questionnaire.items]]
link_id = "in_care"
text.en = "Are you in treatment now?"
type = "boolean"

[[interview.questionnaire.items]]
link_id = "care"
text.en = "About your treatment"
type = "group"
enable_when = [{ question = "in_care", operator = "=", answer = true }]

  [[interview.questionnaire.items.items]]
  link_id = "weeks_in_care"
  text.en = "For how many weeks?"
  type = "integer"
""",
    "intake.toml",
).interview.questionnaire


def answered(**given):
    return respond(FORM, given)


def target(*conditions, **more):
    criteria = tuple(
        Criterion(code=f"c{n}", text=WORDS, condition=one) for n, one in enumerate(conditions)
    )
    return TargetGroup(text=WORDS, criteria=criteria, **more)


def standing(condition, on=DAY, **given):
    return assess(target(condition), answered(**given), on=on)["c0"].standing


ADULT = Elapsed(question="born_on", unit="year", at_least=18)
WOMAN = Answered(question="gender", answer="woman")
IN_CARE = Answered(question="in_care", answer=True)
LONG_IN_CARE = Answered(question="weeks_in_care", operator=">=", answer=12)


def verna():
    return program_named("verna").target


def test_verna_asks_one_thing_of_answers_and_two_of_humans():
    """Of Verna's criteria one is read from answers; two are words, and abstinence is not asked."""
    found = assess(verna(), answered(gender="woman"), on=DAY)

    assert [(one.code, one.standing, one.judged_by_human) for one in found] == [
        ("woman", "met", False),
        ("can_share_this_group", "unknown", True),
        ("willing_to_commit", "unknown", True),
        ("abstinence", "not_required", False),
    ]


@pytest.mark.parametrize(
    ("gender", "expected"), [("woman", "met"), ("in my own words", "not_met"), (None, "unknown")]
)
def test_an_unanswered_question_is_not_a_no(gender, expected):
    """Silence leaves a criterion unknown and says what is missing; only an answer decides (Q2)."""
    woman = assess(verna(), answered(gender=gender), on=DAY)["woman"]

    assert woman.standing == expected
    assert woman.missing == (("gender",) if expected == "unknown" else ())


def test_what_is_expressly_not_asked_cannot_be_asked_after_all():
    """An extra criterion on abstinence is refused, by its code and by its question (W13, Q3)."""
    extra = Criterion(code="abstinence", text=WORDS)

    with pytest.raises(DefinitionError, match="expressly not asked"):
        assess(verna(), answered(), on=DAY, extra=[extra])


@pytest.mark.parametrize("again", [False, True], ids=["of the programme", "twice"])
def test_an_extra_criterion_has_a_code_of_its_own(again):
    """Of two with one code nobody could say which is met."""
    code = "of_one_s_own" if again else verna().criteria[0].code
    extra = Criterion(code=code, text=WORDS)
    with pytest.raises(DefinitionError, match="has this code already"):
        assess(verna(), answered(), on=DAY, extra=[extra, extra] if again else [extra])


@pytest.mark.parametrize("day", [date(1, 1, 1), date(9999, 12, 31), datetime(2012, 1, 1)])  # noqa: DTZ001
def test_it_is_asked_on_a_day_of_our_time(day):
    """Else an age would be counted beyond what any calendar knows."""
    with pytest.raises(DefinitionError, match=r"is not a day|too far from our time"):
        assess(verna(), answered(), on=day)


def test_an_extra_criterion_is_assessed_like_the_others():
    extra = Criterion(code="adult", text=WORDS, condition=ADULT)
    found = assess(verna(), answered(born_on=date(2000, 1, 1)), on=DAY, extra=[extra])

    assert found["adult"].standing == "met"
    assert [one.code for one in found][-2:] == ["adult", "abstinence"]


def test_nothing_here_passes_for_a_decision():
    """Neither the whole nor a part of it is true or false: a human decides."""
    found = assess(verna(), answered(gender="woman"), on=DAY)

    for value in (found, found["woman"]):
        with pytest.raises(TypeError, match="a human decides"):
            bool(value)


@pytest.mark.parametrize(
    ("day", "expected"),
    [(date(2026, 2, 28), "not_met"), (date(2026, 3, 1), "met"), (date(2038, 2, 28), "met"),
     (date(2038, 3, 1), "not_met")],
)  # fmt: skip
def test_an_age_is_reached_on_the_birthday_and_left_on_another(day, expected):
    """From 18 to 29 holds from the eighteenth birthday up to the day before the thirtieth."""
    young = Elapsed(question="born_on", unit="year", at_least=18, less_than=30)

    assert standing(young, on=day, born_on=date(2008, 3, 1)) == expected


@pytest.mark.parametrize(
    ("born_on", "day", "expected"),
    [
        (date(2008, 2, 29), date(2026, 2, 27), "not_met"),
        (date(2008, 2, 29), date(2026, 2, 28), "met"),
        (date(2008, 2, 28), date(2026, 2, 28), "met"),
        (date(2008, 3, 1), date(2026, 2, 28), "not_met"),
    ],
)
def test_who_was_born_on_a_leap_day_is_of_age_on_the_last_of_february(born_on, day, expected):
    """In a year without the day, its month's last day takes its place, as everywhere here."""
    assert standing(ADULT, on=day, born_on=born_on) == expected


def test_somebody_who_will_be_of_age_is_told_from_which_day():
    """Not met today by time alone means met from a day, with these answers."""
    young = Elapsed(question="born_on", unit="year", at_least=18, less_than=30)
    found = assess(target(young), answered(born_on=date(2008, 5, 17)), on=DAY)

    assert found["c0"].standing == "not_met"
    assert found.met_days("c0") == (date(2026, 5, 17), date(2038, 5, 17))


def test_stretches_of_days_that_touch_are_told_as_one():
    """From 18 to 29 or from 25 to 39 is from 18 to 39, whichever part holds at the time."""
    younger = Elapsed(question="born_on", unit="year", at_least=18, less_than=30)
    older = Elapsed(question="born_on", unit="year", at_least=25, less_than=40)
    found = assess(target(AnyOf((younger, older))), answered(born_on=date(1998, 5, 17)), on=DAY)

    assert found.met_days("c0") == (date(2016, 5, 17), date(2038, 5, 17))


def test_time_brings_nothing_where_another_answer_stands_against_it():
    """An age that comes is no promise while another part of the condition is not met."""
    both = AllOf((ADULT, WOMAN))
    found = assess(target(both), answered(born_on=date(2020, 1, 1), gender="man"), on=DAY)

    assert found.met_days("c0") == (None, None)


def test_a_criterion_that_time_takes_away_says_until_when_it_is_met():
    child = Not(ADULT)
    found = assess(target(child), answered(born_on=date(2010, 1, 1)), on=DAY)

    assert found["c0"].standing == "met"
    assert found.met_days("c0") == (None, date(2028, 1, 1))


@pytest.mark.parametrize(
    ("day", "codes"), [(date(2013, 6, 1), ["old", "free"]), (date(2015, 6, 1), ["free"])]
)
def test_a_criterion_is_asked_while_it_is_in_force(day, codes):
    """A former criterion is asked on the days when it held, and says until when it is asked."""
    old = Criterion(
        code="old", text=WORDS, condition=WOMAN, modality="was",
        during=Span(last=PartialDate.parse("2014")),
    )  # fmt: skip
    group = TargetGroup(
        text=WORDS, criteria=(old,), non_criteria=(NonCriterion(code="free", text=WORDS),)
    )
    found = assess(group, answered(), on=day)

    assert [one.code for one in found] == codes
    assert next(iter(found)).asked_until == (date(2015, 1, 1) if codes[0] == "old" else None)


def test_a_former_criterion_that_is_a_non_criterion_now_is_shown_once():
    """Abstinence was asked until 2014 and is expressly not asked since (W25)."""
    old = Criterion(
        code="abstinence", text=WORDS, modality="was", during=Span(last=PartialDate.parse("2014"))
    )
    group = TargetGroup(
        text=WORDS, criteria=(old,), non_criteria=(NonCriterion(code="abstinence", text=WORDS),)
    )

    standings = [
        [one.standing for one in assess(group, answered(), on=date(year, 6, 1))]
        for year in (2013, 2015)
    ]
    assert standings == [["unknown"], ["not_required"]]


KLEENE = {
    "met": {"gender": "woman"},
    "not_met": {"gender": "man"},
    "unknown": {},
}
OTHER = {"met": {"in_care": True}, "not_met": {"in_care": False}, "unknown": {}}


@pytest.mark.parametrize(
    ("one", "other", "both", "either"),
    [
        ("met", "met", "met", "met"),
        ("met", "unknown", "unknown", "met"),
        ("met", "not_met", "not_met", "met"),
        ("unknown", "unknown", "unknown", "unknown"),
        ("unknown", "not_met", "not_met", "unknown"),
        ("not_met", "not_met", "not_met", "not_met"),
    ],
)
def test_three_values_join_as_kleene_has_it(one, other, both, either):
    """The tables of all and any, and not beside them (Kleene 1952, the strong connectives)."""
    given = KLEENE[one] | OTHER[other]

    assert standing(AllOf((WOMAN, IN_CARE)), **given) == both
    assert standing(AnyOf((IN_CARE, WOMAN)), **given) == either
    assert standing(Not(WOMAN), **given) == {"met": "not_met", "not_met": "met"}.get(one, one)


def test_evidence_names_questions_and_never_answers():
    """Each comparison says how it came out, or why there is no answer; no answer is repeated."""
    condition = AllOf((WOMAN, AnyOf((LONG_IN_CARE, ADULT))))
    found = assess(target(condition), answered(gender="something private"), on=DAY)["c0"]

    assert [(leaf.condition.question, leaf.state) for leaf in found.evidence.leaves()] == [
        ("gender", "not_met"),
        ("weeks_in_care", "not_asked"),
        ("born_on", "not_answered"),
    ]
    assert [part.verdict for part in found.evidence.of] == ["not_met", "unknown"]
    shown = repr((found, found.evidence, found.evidence.of))
    assert "private" not in shown
    assert "not_met" not in shown


def test_only_what_leaves_a_criterion_unknown_is_missing():
    """A question that no longer matters is not asked for: one part has decided already."""
    either = AnyOf((WOMAN, IN_CARE))
    found = assess(target(either, AllOf((WOMAN, IN_CARE))), answered(gender="woman"), on=DAY)

    assert found["c0"].missing == ()
    assert found["c1"].missing == ("in_care",)
    assert found.missing == ("in_care",)


@pytest.mark.parametrize(
    ("given", "to_ask"),
    [({}, ("in_care",)), ({"in_care": True}, ("weeks_in_care",)), ({"in_care": False}, ())],
)
def test_what_to_ask_next_is_a_question_that_is_shown(given, to_ask):
    """A hidden question is asked for by what could show it, and not at all once it is ruled out."""
    found = assess(target(LONG_IN_CARE), answered(**given), on=DAY)

    assert found["c0"].missing == ("weeks_in_care",)
    assert found.missing == to_ask


def test_the_nearest_change_is_the_smallest_set_of_answers():
    """One answer is nearer than two, and the way to a hidden question leads through its group."""
    condition = AllOf((WOMAN, AnyOf((LONG_IN_CARE, ADULT))))
    found = assess(target(condition), answered(gender="woman"), on=DAY)
    sets = [
        [(change.question, [(c.operator, c.answer) for c in change.comparisons]) for change in way]
        for way in found.nearest("c0")
    ]

    assert sets == [
        [("born_on", [("<=", "2008-03-01")])],
        [("in_care", [("=", True)]), ("weeks_in_care", [(">=", 12)])],
    ]
    assert len(found.nearest("c0", most=1)) == 1


def test_a_way_that_asks_for_more_than_another_is_left_out():
    """Two answers where one of them is enough would only ask for more."""
    either = AnyOf((AllOf((WOMAN, IN_CARE)), WOMAN))
    found = assess(target(either), answered(gender="man"), on=DAY)

    assert [[change.question for change in way] for way in found.nearest("c0")] == [["gender"]]


@pytest.mark.parametrize(
    ("condition", "sets"),
    [
        (Not(AllOf((WOMAN, IN_CARE))), [["gender"], ["in_care"]]),
        (Not(AnyOf((WOMAN, IN_CARE))), [["gender", "in_care"]]),
        (Not(Answered(question="born_on", operator="exists", answer=False)), [["born_on"]]),
        (Answered(question="gender", operator="exists", answer=False), []),
    ],
)
def test_what_would_turn_a_not_is_found_as_well(condition, sets):
    """Of "not both" one has to change, of "neither" both; an answer cannot be made undone."""
    found = assess(target(condition), answered(gender="woman", in_care=True), on=DAY)

    assert [[change.question for change in way] for way in found.nearest("c0")] == sets


def test_a_question_that_silence_shows_is_kept_in_sight():
    """Answering what would hide the question is no way: the other one has to be answered."""
    silence = EnableWhen("named", "exists", answer=False)
    items = [
        Item(link_id="named", text=WORDS, type="boolean"),
        Item(link_id="told", text=WORDS, type="boolean"),
        Item(link_id="alone", text=WORDS, type="boolean", enable_when=(silence,)),
    ]
    form = Questionnaire(name="silence", version="1", title=WORDS, items=tuple(items))
    named, told, alone = (Answered(question=item.link_id, answer=True) for item in items)
    found = assess(target(AllOf((alone, AnyOf((named, told))))), respond(form, {}), on=DAY)

    assert [[change.question for change in way] for way in found.nearest("c0")] == [
        ["told", "alone"]
    ]


def test_nothing_has_to_change_where_a_criterion_is_met_or_a_human_judges():
    found = assess(verna(), answered(gender="woman"), on=DAY)

    assert [found.nearest(one.code) for one in found] == [(), (), (), ()]


@pytest.mark.parametrize(
    ("condition", "what"),
    [
        (Answered(question="genderr", answer="woman"), "does not ask this question"),
        (Answered(question="gender", operator=">", answer="woman"), "no order"),
        (Answered(question="in_care", answer="yes"), "never answered so"),
        (Answered(question="care", operator="exists", answer=True), "never answered so"),
        (Answered(question="born_on", operator="<", answer="1.1.2008"), "not a day"),
        (Elapsed(question="weeks_in_care", unit="week", at_least=1), "since a day only"),
    ],
)
def test_a_condition_that_the_questionnaire_cannot_answer_is_refused(condition, what):
    """A misspelt question would otherwise stay unknown for ever, deep in any condition."""
    with pytest.raises(DefinitionError, match=what) as caught:
        assess(target(Not(AllOf((condition,)))), answered(), on=DAY)
    assert caught.value.problems[0].where.startswith("criteria.c0")


def test_a_criterion_that_is_not_there_is_refused_with_the_nearest():
    with pytest.raises(DefinitionError, match="did you mean 'woman'"):
        assess(verna(), answered(), on=DAY)["womann"]


def test_many_are_assessed_as_one_by_one():
    """Assessing in bulk shares what the definitions say, and nothing between people."""
    responses = [answered(gender=gender) for gender in ("woman", "man", None, "woman")]

    assert list(assess_each(verna(), responses, on=DAY)) == [
        assess(verna(), response, on=DAY) for response in responses
    ]


def test_two_versions_of_a_questionnaire_are_told_apart():
    """Answers to another questionnaire are held to that one, also in the middle of many."""
    item = Item(link_id="name_for_me", text=WORDS, type="string")
    other = Questionnaire(name="intake", version="2", title=WORDS, items=(item,))
    responses = [answered(gender="woman"), respond(other, {}), answered()]

    found = assess_each(verna(), responses, on=DAY)
    assert next(found)["woman"].standing == "met"
    with pytest.raises(DefinitionError, match="does not ask this question"):
        next(found)


def test_the_longest_time_since_the_last_day_of_all_is_within_the_calendar():
    longest = Elapsed(question="born_on", unit="year", at_least=1000)
    found = assess(target(longest), answered(born_on=date(YEARS[-1], 12, 31)), on=DAY)

    assert found["c0"].standing == "not_met"
    assert found.met_days("c0") == (date(9999, 12, 31), None)


@pytest.mark.parametrize(
    ("operators", "found"),
    [
        ([(">=", "2026-03-01"), ("!=", "2026-03-01")], date(2026, 3, 2)),
        ([(">=", "2026-03-01"), ("<", "2026-03-01")], None),
        ([("=", "9999-12-31")], None),  # no answer goes so far
    ],
)
def test_an_answer_that_would_do_is_looked_for_among_the_days_there_are(operators, found):
    born_on = FORM.item("born_on")
    wanted = [Answered(question="born_on", operator=op, answer=day) for op, day in operators]

    assert possible_answer(born_on, wanted) == found
